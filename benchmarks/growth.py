"""What each request costs as the register grows: time and memory, drawn.

    python -m benchmarks.growth [--sites 10000,100000,1000000] [--seconds 2] [--drawing docs/growth.svg]

The requests are those of benchmarks/over_http.py, of this program alone. A page of a thousand features must
take as long out of a million sites as out of ten thousand; an export grows with what is exported.
"""

import argparse
import math
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.many_sites import FIRST_ID, private_register
from benchmarks.over_http import ask, memory_mb, prepare, requests, serving, writer
from benchmarks.peers import PORTS, atlas

WIDTH, HEIGHT, LEFT, TOP, BELOW = 900, 520, 70, 40, 60
COLOURS = ("#1f5c99", "#b35900", "#2d7d46", "#8a2be2", "#a3123a", "#4d4d4d", "#008080", "#806600", "#d1478c")
Costs = dict[str, dict[int, float]]


def measured(sites: int, seconds: float) -> tuple[dict[str, float], float]:
    """Milliseconds of each request, and the most memory that a process has had in all of them, in MB."""
    found = {}
    with private_register(sites) as (cluster, database):
        cookie = prepare(database)
        with serving(*atlas(cluster), PORTS["atlas"]) as server:
            for request in requests(FIRST_ID + 7):
                before = writer(database) if request.is_cold else None
                path = request.paths["atlas"]
                answers = ask(PORTS["atlas"], path, cookie, seconds, request.clients, before)
                if answers is not None:
                    found[request.name] = answers.whole_ms
            return found, memory_mb(server)[1]


def drawn(costs: Costs, sizes: list[int]) -> str:
    """The costs as an SVG, both axes logarithmic."""
    low, high = math.log10(min(sizes)), math.log10(max(sizes))
    everything = [ms for by_size in costs.values() for ms in by_size.values()]
    floor, ceiling = math.floor(math.log10(min(everything))), math.ceil(math.log10(max(everything)))

    def x(sites: int) -> float:
        return LEFT + (WIDTH - LEFT - 260) * (math.log10(sites) - low) / max(high - low, 1)

    def y(ms: float) -> float:
        return HEIGHT - BELOW - (HEIGHT - TOP - BELOW) * (math.log10(ms) - floor) / (ceiling - floor)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        ' font-size="13"><rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" font-size="15">Milliseconds of a request, by the sites in the register'
        "</text>",
    ]
    for power in range(floor, ceiling + 1):
        at = y(10**power)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - 260}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10**power:,}</text>')
    for sites in sizes:
        parts.append(f'<text x="{x(sites):.1f}" y="{HEIGHT - 30}" text-anchor="middle">{sites:,}</text>')
    last = -math.inf
    ends = sorted(costs.items(), key=lambda each: -each[1][max(sizes)])
    for colour, (name, by_size) in zip(COLOURS, ends, strict=False):
        points = " ".join(f"{x(sites):.1f},{y(ms):.1f}" for sites, ms in sorted(by_size.items()))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        last = max(last + 17, y(by_size[max(sizes)]) + 4)
        label = f"{name}: {by_size[max(sizes)]:,.1f} ms"
        parts.append(f'<text x="{WIDTH - 250}" y="{last:.1f}" fill="{colour}">{escape(label)}</text>')
    return "".join([*parts, "</svg>\n"])


def main() -> None:
    """Measure each size, print the table, draw it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", default="10000,100000,1000000")
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--drawing", type=Path)
    asked = parser.parse_args()
    sizes = [int(text) for text in asked.sites.split(",")]
    costs: Costs = {}
    memory = {}
    for sites in sizes:
        found, memory[sites] = measured(sites, asked.seconds)
        for name, ms in found.items():
            costs.setdefault(name, {})[sites] = ms
    print("| request, ms | " + " | ".join(f"{sites:,} sites" for sites in sizes) + " |")
    print("|---" * (len(sizes) + 1) + "|")
    for name, by_size in costs.items():
        print(f"| {name} | " + " | ".join(f"{by_size[sites]:,.1f}" for sites in sizes) + " |")
    print("| the most memory of a process, MB | " + " | ".join(f"{memory[n]:.0f}" for n in sizes) + " |")
    if asked.drawing:
        asked.drawing.write_text(drawn(costs, sizes), encoding="utf-8")


if __name__ == "__main__":
    main()
