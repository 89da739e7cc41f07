// Shapes of the statuses, single and as rings, and the small texts beside them. Nothing here parses markup:
// what comes from data becomes text nodes and attributes.
import { GROUPS } from "./state.js";

const SVG = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function mark(group) {
  return svg("svg", { class: `mark ${group}`, "aria-hidden": "true" }, svg("use", { href: `#${group}` }));
}

// Smaller where the whole country takes a small screen.
export function radiusOf(total, zoom) {
  const scale = Math.min(1, Math.max(0.7, zoom / 4.25));
  return Math.round((8 + 2.2 * Math.sqrt(total)) * scale);
}

function arc(radius, width, from, to) {
  const at = (share, r) => {
    const angle = share * 2 * Math.PI;
    return `${(r * Math.sin(angle)).toFixed(2)} ${(-r * Math.cos(angle)).toFixed(2)}`;
  };
  const far = to - from > 0.5 ? 1 : 0;
  const inner = radius - width;
  return `M${at(from, radius)}A${radius} ${radius} 0 ${far} 1 ${at(to, radius)}L${at(to, inner)}A${inner} ${inner} 0 ${far} 0 ${at(from, inner)}Z`;
}

// One status: its own shape with the number in it. Several: a ring of their shares around the number.
export function bubble(counts, total, zoom) {
  const present = GROUPS.filter((group) => counts[group] > 0);
  const radius = radiusOf(total, zoom);
  const size = 2 * radius + 4;
  const box = { class: "bubble-mark", viewBox: `${-size / 2} ${-size / 2} ${size} ${size}`, width: size, height: size, "aria-hidden": "true" };
  const text = svg("text", { y: "4", "text-anchor": "middle" }, String(total));
  if (present.length === 1) {
    const [group] = present;
    const use = svg("use", { href: `#${group}`, x: -radius, y: -radius, width: 2 * radius, height: 2 * radius, class: group });
    text.setAttribute("class", "on-mark");
    if (group === "reactivated") text.setAttribute("y", "7");
    return { node: svg("svg", box, use, text), size };
  }
  const ring = [svg("circle", { class: "ground", r: radius + 1 })];
  let from = 0;
  for (const group of present) {
    const to = from + counts[group] / total;
    ring.push(svg("path", { class: group, d: arc(radius, Math.max(4, radius * 0.36), from, to) }));
    from = to;
  }
  return { node: svg("svg", box, ...ring, text), size };
}

export function percent(share, language, decimals = 1) {
  const digits = new Intl.NumberFormat(language, { maximumFractionDigits: decimals, roundingMode: "halfEven" }).format(share * 100);
  return language === "id" ? `${digits}\u00a0%` : `${digits}%`;
}
