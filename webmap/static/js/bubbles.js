// Regency bubbles: which are drawn at a zoom, what is left of them when single sites are drawn, and their marks.
import { bubble, radiusOf } from "./marks.js";
import { GROUPS } from "./state.js";

const totalOf = (counts) => GROUPS.reduce((sum, group) => sum + counts[group], 0);

function chosen(row, shown, placed) {
  const counts = {};
  for (const group of GROUPS) {
    const drawn = placed.get(`${row.code} ${group}`) ?? 0;
    counts[group] = shown.includes(group) ? Math.max(0, (row[group] ?? 0) - drawn) : 0;
  }
  return counts;
}

// How many lokalisasi of a regency and status are drawn as single sites.
export function countPlaced(features) {
  const placed = new Map();
  for (const { geometry, properties } of features) {
    if (!geometry || properties.site_type !== "lokalisasi") continue;
    // Bubbles are by regency, and by province where only that is public.
    for (const code of [properties.regency_code, properties.province_code]) {
      const key = `${code} ${properties.status_group}`;
      placed.set(key, (placed.get(key) ?? 0) + 1);
    }
  }
  return placed;
}

// Bubbles of one province that would cover each other become one, the largest first; nothing is lost of the sums.
export function gather(rows, shown, placed, project, zoom) {
  const gathered = [];
  const single = rows
    .map((row) => ({ rows: [row], counts: chosen(row, shown, placed), at: project(row), lonlat: [row.lon, row.lat] }))
    .map((item) => ({ ...item, total: totalOf(item.counts) }))
    .filter((item) => item.total > 0)
    .sort((a, b) => b.total - a.total);
  for (const item of single) {
    const near = gathered.find((other) => other.rows[0].parent_code === item.rows[0].parent_code
      && other.at.distanceTo(item.at) < (radiusOf(other.total, zoom) + radiusOf(item.total, zoom)) * 0.9);
    if (!near) {
      gathered.push(item);
      continue;
    }
    near.rows.push(...item.rows);
    near.total += item.total;
    for (const group of GROUPS) near.counts[group] += item.counts[group];
  }
  return gathered;
}

export function bubbleMarker(item, zoom) {
  const { node, size } = bubble(item.counts, item.total, zoom);
  const icon = L.divIcon({ html: node, className: "bubble", iconSize: [size, size] });
  const [lon, lat] = item.lonlat;
  return L.marker([lat, lon], { icon, keyboard: false });
}
