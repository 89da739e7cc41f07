// The form of a site: its place is drawn or typed, and the region is found and shown at once.
import { Drawing } from "./drawing.js";
import { element } from "./marks.js";
import { get } from "./requests.js";

const WAIT_MS = 250;
const CLOSE_ZOOM = 16;
const PLACE_FIELDS = ["place", "lat", "lon", "wkt", "region"];

export class SiteForm {
  constructor(map) {
    this.map = map;
    this.given = map.getContainer().dataset;
    this.words = JSON.parse(this.given.words);
    this.form = document.getElementById(this.given.edits);
    this.told = document.getElementById("located");
    this.drawing = new Drawing(map, this.words, (fields) => this.drawn(fields));
    this.layers = new Map();
    map.setMaxZoom(18);
  }

  start() {
    this.form.addEventListener("input", ({ target }) => { if (PLACE_FIELDS.includes(target.name)) this.typed(target.name); });
    document.getElementById("locate").addEventListener("click", (event) => { event.preventDefault(); this.ask({ frame: true }); });
    const button = (id, act) => document.getElementById(id).addEventListener("click", act);
    const clicking = document.getElementById("by-click");
    this.drawing.onAdding = (on) => clicking.setAttribute("aria-pressed", String(on));
    button("at-middle", () => this.drawing.put(this.map.getCenter()));
    button("by-click", () => this.drawing.setAdding(!this.drawing.adding));
    button("drop-corner", () => this.drawing.drop());
    button("anew", () => this.drawing.anew());
    this.parts();
    this.ground(this.given.layer, []).then((layer) => {
      this.map.getContainer().querySelector(".waiting")?.remove();
      if (this.isGiven()) this.ask({ frame: true });
      else if (layer && !this.given.beside) this.begin(layer);
    });
    this.suggest();
    this.beside();
  }

  // What is on record already, under what is drawn now.
  async beside() {
    if (!this.given.beside) return;
    try {
      const { geometry } = await get(this.given.beside);
      if (geometry) L.geoJSON(geometry, { pane: "drawn", interactive: false, style: { className: "decree-area" }, pointToLayer: (_, latlng) => L.circleMarker(latlng, { pane: "drawn", radius: 5, className: "decree-area", interactive: false }) }).addTo(this.map);
      if (geometry && !this.isGiven()) this.map.fitBounds(L.geoJSON(geometry).getBounds().pad(0.5), { animate: false, maxZoom: CLOSE_ZOOM });
    } catch {
      delete this.given.beside;
    }
  }

  value(name) {
    return new FormData(this.form).get(name) ?? "";
  }

  isGiven() {
    const needed = { point: ["lat", "lon"], area: ["wkt"], region: ["region"], keep: [] }[this.value("place")] ?? ["place"];
    return needed.every((name) => this.value(name).trim());
  }

  // Only the fields that the chosen way needs.
  parts() {
    const kind = this.value("place");
    for (const part of this.form.querySelectorAll("[data-part]")) {
      part.hidden = part.dataset.part === "accuracy" ? kind === "region" : part.dataset.part !== kind;
    }
    const drawable = kind === "point" || kind === "area";
    document.getElementById("at-middle").parentElement.hidden = !drawable;
    for (const tool of this.form.querySelectorAll(".for-area")) tool.hidden = kind !== "area";
    this.map.getContainer().parentElement.classList.toggle("drawing", drawable);
    this.drawing.choose(kind);
  }

  typed(name) {
    if (name === "place") this.parts();
    clearTimeout(this.timer);
    if (this.isGiven()) this.timer = setTimeout(() => this.ask({ frame: name !== "region", redraw: true }), WAIT_MS);
    else this.tell({ words: "", problems: {}, regions: [] });
  }

  drawn(fields) {
    for (const [name, text] of Object.entries(fields)) this.form.elements[name].value = text;
    clearTimeout(this.timer);
    if (this.isGiven()) this.timer = setTimeout(() => this.ask({}), WAIT_MS);
    else this.tell({ words: "", problems: {}, regions: [] });
  }

  async ask({ frame = false, redraw = frame }) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.told.setAttribute("aria-busy", "true");
    let found;
    try {
      const answer = await fetch(this.given.locate, { method: "POST", body: new FormData(this.form), credentials: "same-origin", headers: { Accept: "application/json, application/problem+json" } });
      if (answer.ok) found = await answer.json();
      else found = { words: answer.status === 401 || answer.status === 403 ? this.words.ended : this.words.failed, problems: {}, regions: [] };
    } catch {
      found = { words: this.words.failed, problems: {}, regions: [] };
    }
    if (turn !== this.turn) return;
    this.told.removeAttribute("aria-busy");
    this.tell(found);
    if (redraw && found.geometry) this.drawing.show(this.value("place"), found.geometry);
    const codes = found.regions.map(({ code }) => code);
    if (found.layer) await this.ground(found.layer, codes);
    if (frame) this.frame(codes);
  }

  tell({ words, problems, within_scope: within = true }) {
    this.told.textContent = words || this.told.dataset.empty;
    this.told.classList.toggle("outside", within === false);
    for (const name of PLACE_FIELDS) {
      const told = document.getElementById(`p-${name}`);
      const field = document.getElementById(`f-${name}`);
      if (!told || !field) continue;
      told.textContent = problems[name] ?? "";
      told.hidden = !problems[name];
      field.toggleAttribute("aria-invalid", Boolean(problems[name]));
      if (problems[name]) field.setAttribute("aria-invalid", "true");
    }
  }

  // One's own region, or all that is there.
  begin(layer) {
    const bounds = L.latLngBounds([]);
    layer.eachLayer((part) => { if (part.feature.properties.code === this.given.start) bounds.extend(part.getBounds()); });
    this.map.fitBounds(bounds.isValid() ? bounds : layer.getBounds(), { animate: false });
  }

  frame(codes) {
    const drawn = this.drawing.bounds();
    if (drawn.isValid()) {
      this.map.fitBounds(drawn.pad(0.3), { animate: false, maxZoom: CLOSE_ZOOM });
      return;
    }
    const bounds = L.latLngBounds([]);
    this.shown?.eachLayer((part) => { if (codes.includes(part.feature.properties.code)) bounds.extend(part.getBounds()); });
    if (bounds.isValid()) this.map.fitBounds(bounds.pad(0.2), { animate: false });
  }

  // The regions around, those that the place lies in marked.
  async ground(url, codes) {
    try {
      const data = await get(url);
      if (!this.layers.has(url)) this.layers.set(url, L.geoJSON(data, { pane: "regions", interactive: false, style: { className: "region beside" } }));
    } catch {
      return null;
    }
    const layer = this.layers.get(url);
    if (this.shown !== layer) {
      this.shown?.remove();
      this.shown = layer.addTo(this.map);
    }
    layer.eachLayer((part) => part.getElement()?.classList.toggle("found", codes.includes(part.feature.properties.code)));
    return layer;
  }

  // Names for the field of the region; without them it takes what is typed all the same.
  async suggest() {
    const list = document.getElementById("regencies");
    if (!list || list.options.length) return;
    try {
      list.append(...(await get(list.dataset.list)).map((name) => element("option", { value: name })));
    } catch {
      list.replaceChildren();
    }
  }
}
