// Marks that would cover each other: a few are spread around their place, many stand as one mark with their number
// as long as a nearer view tells them apart.

const MOST_SPREAD = 8;
const MOST_PARTED = 200;
const ROUNDS = 60;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

// Items near enough to touch, by a grid of that size, so that thousands take no time.
function cluster(items, gap) {
  const cells = new Map();
  const keyOf = (x, y) => `${Math.floor(x / gap)} ${Math.floor(y / gap)}`;
  const clusters = [];
  for (const item of items) {
    const around = [-gap, 0, gap].flatMap((dx) => [-gap, 0, gap].map((dy) => keyOf(item.at.x + dx, item.at.y + dy)));
    const near = around.flatMap((key) => cells.get(key) ?? []).find(({ at }) => at.distanceTo(item.at) < gap);
    if (near) {
      near.items.push(item);
      continue;
    }
    const made = { at: item.at, items: [item] };
    const own = keyOf(item.at.x, item.at.y);
    cells.set(own, [...(cells.get(own) ?? []), made]);
    clusters.push(made);
  }
  return clusters;
}

// As seeds of a sunflower: evenly apart, whatever their number.
function seat(index, gap) {
  const radius = 0.64 * gap * Math.sqrt(index + 0.6);
  return L.point(Math.cos(index * GOLDEN_ANGLE) * radius, Math.sin(index * GOLDEN_ANGLE) * radius);
}

// Pushes boxes off one another, each along the shorter way; those that are fixed stay.
function part(boxes, [width, height]) {
  for (let round = 0; round < ROUNDS; round += 1) {
    let touched = false;
    for (const [index, one] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) {
        const [dx, dy] = [other.put.x - one.put.x, other.put.y - one.put.y];
        const [overX, overY] = [width - Math.abs(dx), height - Math.abs(dy)];
        if (overX <= 0 || overY <= 0 || (one.fixed && other.fixed)) continue;
        touched = true;
        const push = overX < overY ? L.point(Math.sign(dx || 1) * overX, 0) : L.point(0, Math.sign(dy || 1) * overY);
        const share = one.fixed ? 0 : other.fixed ? 1 : 0.5;
        one.put = one.put.subtract(push.multiplyBy(share));
        other.put = other.put.add(push.multiplyBy(1 - share));
      }
    }
    if (!touched) return;
  }
}

// What is drawn at this zoom: `single` marks, each at its place or moved aside from it, and `stacks` of several.
// Marks also keep off what is drawn already at some other places.
export function arrange(map, places, size, taken = [], most = MOST_SPREAD) {
  const zoom = map.getZoom();
  const nearest = map.getZoomScale(map.getMaxZoom(), zoom);
  const gap = Math.min(...size);
  const single = [];
  const stacks = [];
  const items = places.map((place) => ({ ...place, at: map.project(place.latlng, zoom) }));
  for (const { at, items: held } of cluster(items, gap)) {
    const widest = Math.max(...held.map((item) => item.at.distanceTo(at)));
    const middle = held.reduce((sum, item) => sum.add(item.at), L.point(0, 0)).divideBy(held.length);
    if (held.length > most && widest * nearest > gap) {
      stacks.push({ items: held, bounds: L.latLngBounds(held.map(({ latlng }) => latlng)), put: middle, fixed: true });
    } else if (held.length > 1) held.forEach((item, index) => single.push({ ...item, put: middle.add(seat(index, gap)) }));
    else single.push({ ...held[0], put: at });
  }
  const drawn = taken.map((latlng) => ({ put: map.project(latlng, zoom), fixed: true }));
  if (single.length <= MOST_PARTED) part([...drawn, ...stacks, ...single], size);
  for (const mark of single) mark.shown = mark.put === mark.at ? mark.latlng : map.unproject(mark.put, zoom);
  for (const stack of stacks) stack.shown = map.unproject(stack.put, zoom);
  return { single, stacks };
}

// A line from where a mark stands to the place that it means.
export function leg({ latlng, shown }) {
  return shown === latlng ? null : L.polyline([latlng, shown], { className: "leg", interactive: false });
}

export function nearer(map, { bounds }) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  map.fitBounds(bounds.pad(0.2), { animate: !still });
}

// Where the mark of a shape stands; none for one that is large enough to be seen by itself.
export function markPlace(map, geometry, smallest) {
  if (geometry.type === "Point") return L.latLng(geometry.coordinates[1], geometry.coordinates[0]);
  const bounds = L.geoJSON(geometry).getBounds();
  const zoom = map.getZoom();
  const size = map.project(bounds.getSouthEast(), zoom).subtract(map.project(bounds.getNorthWest(), zoom));
  return Math.max(Math.abs(size.x), Math.abs(size.y)) < smallest ? bounds.getCenter() : null;
}
