// A point or an area that a person draws on the map: by pointer, or by keys alone.
const STEP_PX = 10;
const FINE_PX = 1;
const DECIMALS = 6; // a tenth of a metre
const MOST_HANDLES = 250;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const plain = (degrees) => String(Number(degrees.toFixed(DECIMALS)));
const open = (ring) => ring.slice(0, -1).map(([lon, lat]) => L.latLng(lat, lon));

function ringText(ring) {
  const corners = ring.map(({ lng, lat }) => `${plain(lng)} ${plain(lat)}`);
  return `(${[...corners, corners[0]].join(", ")})`;
}

export class Drawing {
  constructor(map, words, onChange) {
    Object.assign(this, { map, words, onChange, kind: "point", mark: null, polygons: [], chosen: null, adding: false });
    map.createPane("drawn").style.zIndex = 420;
    this.shapes = L.layerGroup().addTo(map);
    this.handles = L.layerGroup().addTo(map);
    map.on("click", ({ latlng }) => this.clicked(latlng));
  }

  // What the server has understood: a GeoJSON geometry, or none.
  show(kind, geometry) {
    this.kind = kind;
    if (geometry?.type === "Point") this.mark = L.latLng(geometry.coordinates[1], geometry.coordinates[0]);
    if (geometry?.type === "Polygon") this.polygons = [geometry.coordinates.map(open)];
    if (geometry?.type === "MultiPolygon") this.polygons = geometry.coordinates.map((polygon) => polygon.map(open));
    this.isShown = kind === "keep" && geometry ? geometry : null;
    this.chosen = null;
    this.setAdding(kind === "area" && !this.isComplete());
    this.draw();
  }

  choose(kind) {
    this.kind = kind;
    this.setAdding(kind === "area" && !this.isComplete());
    this.draw();
  }

  setAdding(on) {
    this.adding = on;
    if (on) this.map.doubleClickZoom.disable();
    else this.map.doubleClickZoom.enable();
    this.onAdding?.(on);
  }

  isComplete() {
    return this.polygons.length > 0 && this.polygons.every((polygon) => polygon.every((ring) => ring.length > 2));
  }

  bounds() {
    if (this.kind === "keep" && this.isShown) return L.geoJSON(this.isShown).getBounds();
    if (this.kind === "point" && this.mark) return L.latLngBounds([this.mark, this.mark]);
    return this.kind === "area" ? L.latLngBounds(this.polygons.flat(2)) : L.latLngBounds([]);
  }

  clicked(latlng) {
    if (this.kind === "point") this.put(latlng);
    else if (this.kind === "area" && this.adding) this.put(latlng);
  }

  // A mark is put there; an area gets one more corner, after the chosen one or at its end.
  put(latlng) {
    if (this.kind === "point") this.mark = latlng;
    else {
      if (!this.polygons.length) this.polygons = [[[]]];
      const ring = this.chosen?.ring ?? this.polygons.at(-1)[0];
      const at = (this.chosen?.index ?? ring.length - 1) + 1;
      ring.splice(at, 0, latlng);
      this.chosen = { ring, index: at };
    }
    this.draw();
    this.changed();
  }

  drop() {
    const { ring, index } = this.chosen ?? {};
    if (!ring) return;
    ring.splice(index, 1);
    this.polygons = this.polygons.map((polygon) => polygon.filter((each, n) => each.length || n === 0)).filter(([shell]) => shell.length);
    this.chosen = ring.length ? { ring, index: Math.max(0, index - 1) } : null;
    this.draw(true);
    this.changed();
  }

  anew() {
    this.polygons = [];
    this.chosen = null;
    this.setAdding(true);
    this.draw();
    this.changed();
  }

  changed() {
    this.onChange(this.kind === "point"
      ? { lat: plain(this.mark.lat), lon: plain(this.mark.lng) }
      : { wkt: this.isComplete() ? this.text() : "" });
  }

  text() {
    const parts = this.polygons.map((polygon) => `(${polygon.map(ringText).join(", ")})`);
    return parts.length === 1 ? `POLYGON ${parts[0]}` : `MULTIPOLYGON (${parts.join(", ")})`;
  }

  draw(focus = false) {
    this.shapes.clearLayers();
    this.handles.clearLayers();
    if (this.kind === "keep" && this.isShown) L.geoJSON(this.isShown, { pane: "drawn", interactive: false, style: { className: "drawn" } }).addTo(this.shapes);
    if (this.kind === "point" && this.mark) this.handle(this.mark, this.words.mark, "mark-handle", (latlng) => { this.mark = latlng; });
    if (this.kind !== "area") return;
    this.outline = L.polygon(this.polygons, { pane: "drawn", interactive: false, className: "drawn" }).addTo(this.shapes);
    if (this.polygons.flat(2).length > MOST_HANDLES) return;
    for (const ring of this.polygons.flat()) ring.forEach((latlng, index) => this.corner(ring, index));
    if (focus) this.focus();
  }

  corner(ring, index) {
    const isChosen = this.chosen?.ring === ring && this.chosen.index === index;
    const move = (latlng) => { ring[index] = latlng; this.outline.setLatLngs(this.polygons); };
    const marker = this.handle(ring[index], `${this.words.corner} ${index + 1}`, "corner", move, () => { this.chosen = { ring, index }; });
    const element = marker.getElement();
    // One corner is a Tab stop; Page Up and Page Down go on from there.
    element.tabIndex = isChosen || (!this.chosen && index === 0) ? 0 : -1;
    element.classList.toggle("chosen", isChosen);
    if (ring.length > 2) this.between(ring, index);
  }

  between(ring, index) {
    const next = ring[(index + 1) % ring.length];
    const middle = L.latLng((ring[index].lat + next.lat) / 2, (ring[index].lng + next.lng) / 2);
    const icon = L.divIcon({ className: "between", iconSize: [12, 12] });
    const marker = L.marker(middle, { icon, draggable: true, keyboard: false }).addTo(this.handles);
    marker.getElement().title = this.words.between;
    const insert = (latlng) => { this.chosen = { ring, index }; this.put(latlng); };
    marker.on("dragend", () => insert(marker.getLatLng()));
    marker.on("click", (event) => { L.DomEvent.stop(event); insert(middle); });
  }

  handle(latlng, label, className, move, choose = () => {}) {
    const size = className === "corner" ? 14 : 24;
    const marker = L.marker(latlng, { icon: L.divIcon({ className, iconSize: [size, size] }), draggable: true, keyboard: true }).addTo(this.handles);
    const element = marker.getElement();
    element.setAttribute("aria-label", label);
    marker.on("drag", () => move(marker.getLatLng()));
    marker.on("dragend", () => { choose(); this.draw(true); this.changed(); });
    marker.on("click", (event) => { L.DomEvent.stop(event); choose(); this.draw(true); });
    element.addEventListener("focus", choose);
    element.addEventListener("keydown", (event) => this.key(event, marker, move));
    return marker;
  }

  key(event, marker, move) {
    const step = STEPS[event.key];
    if (step) {
      const far = event.shiftKey ? FINE_PX : STEP_PX;
      const place = this.map.latLngToContainerPoint(marker.getLatLng()).add([step[0] * far, step[1] * far]);
      marker.setLatLng(this.map.containerPointToLatLng(place));
      move(marker.getLatLng());
      if (this.kind === "area") this.draw(true);
      this.changed();
    } else if (event.key === "Delete" && this.kind === "area") this.drop();
    else if (event.key === "PageDown" || event.key === "PageUp") this.step(event.key === "PageDown" ? 1 : -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  step(by) {
    const all = this.polygons.flat().flatMap((ring) => ring.map((_, index) => ({ ring, index })));
    const now = all.findIndex(({ ring, index }) => ring === this.chosen?.ring && index === this.chosen.index);
    if (!all.length) return;
    this.chosen = all[(now + by + all.length) % all.length];
    this.draw(true);
  }

  focus() {
    const wanted = this.handles.getLayers().map((marker) => marker.getElement()).find((element) => element.classList.contains("chosen"));
    wanted?.focus({ preventScroll: true });
  }
}
