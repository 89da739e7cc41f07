// Makes webmap/static/vendor from the packages of package-lock.json: Leaflet as it is, our modules as one
// file, and the offline basemap (Natural Earth by world-atlas, public domain). Run by `npm run build`.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { feature } from "topojson-client";
import { presimplify, simplify } from "topojson-simplify";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "..", "node_modules");
const vendor = join(here, "static", "vendor");

// West, south, east, north in degrees: as far as a wide screen sees at the smallest zoom.
const FRAME = [76, -26, 160, 24];
// A vertex whose triangle with its neighbours is smaller (square degrees) goes: less than two pixels at zoom 6.
const SMALLEST_TRIANGLE = 0.002;
const DECIMALS = 2;
// Foreign islets smaller than this (square degrees) are left out; ours are all drawn.
const SMALLEST_ISLE = 0.02;

const AXES = [
  { axis: 0, inside: (p) => p[0] >= FRAME[0], edge: FRAME[0] },
  { axis: 0, inside: (p) => p[0] <= FRAME[2], edge: FRAME[2] },
  { axis: 1, inside: (p) => p[1] >= FRAME[1], edge: FRAME[1] },
  { axis: 1, inside: (p) => p[1] <= FRAME[3], edge: FRAME[3] },
];

const HALF_THE_WORLD = 180;

// Sutherland and Hodgman's clipping; edges along the frame lie outside of what a map shows. A ring that seems
// wider than half the world crosses the antimeridian (Fiji), far from here.
function clipRing(ring) {
  const lons = ring.map(([lon]) => lon);
  if (Math.max(...lons) - Math.min(...lons) > HALF_THE_WORLD) return null;
  let points = ring;
  for (const { axis, inside, edge } of AXES) {
    const kept = [];
    points.forEach((point, index) => {
      const before = points[(index + points.length - 1) % points.length];
      if (inside(point) !== inside(before)) {
        const share = (edge - before[axis]) / (point[axis] - before[axis]);
        kept.push(before.map((value, i) => value + share * (point[i] - value)));
      }
      if (inside(point)) kept.push(point);
    });
    points = kept;
    if (points.length === 0) return null;
  }
  return rounded(points);
}

function rounded(points) {
  const kept = [];
  for (const point of points) {
    const next = point.map((value) => Number(value.toFixed(DECIMALS)));
    const last = kept.at(-1);
    if (!last || last[0] !== next[0] || last[1] !== next[1]) kept.push(next);
  }
  if (kept.length < 4) return null;
  const [first, last] = [kept[0], kept.at(-1)];
  if (first[0] !== last[0] || first[1] !== last[1]) kept.push(first);
  return kept;
}

function areaOf(ring) {
  return Math.abs(ring.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length];
    return sum + x * nextY - nextX * y;
  }, 0)) / 2;
}

function clipPolygons(geometry, smallest) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons
    .map(([shell, ...holes]) => [clipRing(shell), ...holes.map(clipRing).filter(Boolean)])
    .filter(([shell]) => shell && areaOf(shell) >= smallest);
}

async function basemap() {
  const world = JSON.parse(await readFile(join(packages, "world-atlas", "countries-10m.json"), "utf8"));
  const simple = simplify(presimplify(world), SMALLEST_TRIANGLE);
  const land = feature(simple, simple.objects.countries).features
    .filter(({ geometry }) => geometry)
    .map(({ properties: { name }, geometry }) => {
      const home = name === "Indonesia";
      return {
        type: "Feature",
        properties: { kind: home ? "home" : "neighbour", name },
        geometry: { type: "MultiPolygon", coordinates: clipPolygons(geometry, home ? 0 : SMALLEST_ISLE) },
      };
    })
    .filter(({ geometry }) => geometry.coordinates.length > 0);
  const labels = JSON.parse(await readFile(join(here, "maps", "labels.json"), "utf8"))
    .map(({ at, kind, ...names }) => ({
      type: "Feature",
      properties: { kind: `label-${kind}`, ...names },
      geometry: { type: "Point", coordinates: at },
    }));
  const collection = { type: "FeatureCollection", features: [...land, ...labels] };
  await writeFile(join(vendor, "basemap.geojson"), JSON.stringify(collection));
}

await mkdir(vendor, { recursive: true });
await Promise.all([
  copyFile(join(packages, "leaflet", "dist", "leaflet.js"), join(vendor, "leaflet.js")),
  copyFile(join(packages, "leaflet", "dist", "leaflet.css"), join(vendor, "leaflet.css")),
  copyFile(join(packages, "leaflet", "LICENSE"), join(vendor, "leaflet.LICENSE.txt")),
  basemap(),
  build({
    entryPoints: [join(here, "static", "js", "atlas.js")],
    outfile: join(vendor, "atlas.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    logLevel: "warning",
  }),
]);
