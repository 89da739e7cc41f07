// The pace chart of a view that was found in a release: as webmap/charts.py and _chart.html have it.
import { element, svg } from "./marks.js";
import { even, tenth } from "./released.js";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [480, 250, 34, 10, 16, 24];
const ANNOUNCED = "2016-02-22";
const FLOOR = HEIGHT - BOTTOM;
const EDGE = WIDTH - RIGHT;

const at = (series, day) => series.findLast(({ on }) => on <= day) ?? series[0];
const stepOf = (most) => [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1e9].find((step) => most / step <= 5);

function frameOf(series, target) {
  const to = series.at(-1).on > target ? series.at(-1).on : target;
  const [first, end] = [Date.parse(series[0].on), Date.parse(to)];
  const start = (end - first) / 864e5 < 366 ? Date.parse(`${to.slice(0, 4) - 1}${to.slice(4)}`) : first;
  const step = stepOf(Math.max(...series.map(({ total }) => total)));
  const top = Math.ceil(Math.max(...series.map(({ total }) => total)) / step) * step;
  return {
    step, top, start, from: new Date(start).getUTCFullYear(), until: Number(to.slice(0, 4)),
    x: (day) => even(LEFT + Math.min(Math.max((Date.parse(day) - start) / (end - start), 0), 1) * (EDGE - LEFT)),
    y: (count) => tenth(FLOOR - (count / top) * (FLOOR - TOP)),
  };
}

function steps(frame, series, name) {
  const turns = series.slice(1).filter((row, index) => row[name] !== series[index][name]);
  const path = turns.map((row) => `H${frame.x(row.on)}V${frame.y(row[name])}`).join("");
  return `M${frame.x(series[0].on)} ${frame.y(series[0][name])}${path}H${frame.x(series.at(-1).on)}`;
}

function years(series) {
  const lasts = series.filter((row, index) => row.on.slice(0, 4) !== series[index + 1]?.on.slice(0, 4));
  return lasts.map((row, index) => ({ ...row, change: row.closed - (lasts[index - 1]?.closed ?? 0) }));
}

// Ties go to the earlier year.
function bestYear(series, asOf, closed) {
  const until = [...series.filter(({ on }) => on < asOf), { on: asOf, total: 0, closed }];
  return years(until).reduce((best, row) => (row.change > (best?.change ?? 0) ? row : best), null);
}

function grid(frame, number) {
  const counts = Array.from({ length: frame.top / frame.step + 1 }, (_, index) => index * frame.step);
  const all = Array.from({ length: frame.until - frame.from }, (_, index) => frame.from + 1 + index);
  const every = Math.max(1, Math.ceil(all.length / 6));
  return svg(
    "g", { class: "grid" },
    ...counts.flatMap((count) => [svg("path", { d: `M${LEFT} ${frame.y(count)}H${EDGE}` }), svg("text", { x: LEFT - 6, y: frame.y(count) + 4, "text-anchor": "end" }, number(count))]),
    ...all.filter((year) => year % every === 0).map((year) => [year, frame.x(`${year}-01-01`)])
      .flatMap(([year, x]) => [svg("path", { d: `M${x} ${FLOOR}v4` }), svg("text", { x, y: HEIGHT - 6, "text-anchor": "middle" }, String(year))]),
  );
}

function lines(frame, series, { as_of: asOf, region }) {
  const target = region.pace.target_on;
  const drawn = [["total", steps(frame, series, "total")]];
  const hasTarget = at(series, target).total > 0 && frame.start <= Date.parse(ANNOUNCED);
  if (hasTarget) {
    drawn.push(["target", `M${frame.x(ANNOUNCED)} ${frame.y(at(series, ANNOUNCED).closed)}L${frame.x(target)} ${frame.y(at(series, target).total)}`]);
    drawn.push(["target-end", `M${frame.x(target)} ${TOP}V${FLOOR}`]);
  }
  drawn.push(["line", steps(frame, series, "closed")], ["hairline", `M${frame.x(asOf)} ${TOP - 6}V${FLOOR}`]);
  const now = svg("circle", { class: "now", cx: frame.x(asOf), cy: frame.y(region.closed), r: 4 });
  return { hasTarget, shapes: [...drawn.map(([name, d]) => svg("path", { class: name, d })), now] };
}

function numbers(series, telling) {
  const { words } = telling;
  const rows = years(series).map((row, index, all) => element(
    "tr", {}, element("th", { scope: "row" }, index === all.length - 1 ? telling.day(row.on, "short") : row.on.slice(0, 4)),
    ...[telling.number(row.total), telling.number(row.closed), `${row.change > 0 ? "+" : ""}${telling.number(row.change)}`].map((text) => element("td", {}, text)),
  ));
  const head = [words.end_of, words.on_record, words.closed, words.change].map((word) => element("th", { scope: "col" }, word));
  const table = element("table", { class: "numbers" }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows));
  const scroll = element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": words.behind }, table);
  return element("details", {}, element("summary", {}, words.behind), scroll);
}

export function drawPace(part, view, telling) {
  const { series, as_of: asOf, region } = view;
  part.querySelectorAll("figure, details, .empty").forEach((old) => old.remove());
  if (!series.some(({ total }) => total)) {
    part.append(element("p", { class: "empty" }, telling.words.no_chart));
    return;
  }
  const frame = frameOf(series, region.pace.target_on);
  const { hasTarget, shapes } = lines(frame, series, view);
  const title = svg("title", { id: "chart-title" }, telling.fill("chart", { name: region.name }));
  const keys = [["line", telling.words.closed], ["total", telling.words.on_record], ...(hasTarget ? [["target", telling.fill("target", { year: region.pace.target_on.slice(0, 4) })]] : []), ["hairline", telling.day(asOf)]];
  const best = bestYear(series, asOf, region.closed);
  const [on, closed, total] = [telling.day(asOf), telling.number(region.closed), telling.number(region.sites_total)];
  const caption = [best && telling.fill("best", { year: best.on.slice(0, 4), count: telling.number(best.change) }), telling.fill("by", { on, closed, total })];
  part.append(
    element(
      "figure", {},
      svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-labelledby": "chart-title chart-caption" }, title, grid(frame, (count) => telling.number(count)), ...shapes),
      element("ul", { class: "keys", "aria-hidden": "true" }, ...keys.map(([name, word]) => element("li", { class: name }, word))),
      element("figcaption", { id: "chart-caption" }, caption.filter(Boolean).join(" ")),
    ),
    numbers(series, telling),
  );
}
