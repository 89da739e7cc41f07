// The overview map: regions by closed share, bubbles by regency, single sites from zoom 8.
import { bubbleMarker, countPlaced, gather } from "./bubbles.js";
import { element, svg } from "./marks.js";
import { get } from "./requests.js";
import { placeShape, siteMarker } from "./sites.js";
import { arrange, leg, markPlace, nearer } from "./stacks.js";
import { GROUPS, statusOf } from "./state.js";
import { keepInside, regionTip, siteTip, stackTip } from "./tips.js";

const SITES_FROM_ZOOM = 8;
// Wider than a regency: of every bubble in view all placed sites are then known.
const PADDING_DEGREES = 2;
const NONE_PLACED = new Map();
const MARK_PX = 18;
const MARK_BOX = [20, 20];

const lonlatOf = ({ lng, lat }) => [lng, lat];

// Of regencies a release tells no share: they are neither empty nor at a step.
const shareClass = (share) => (share === undefined ? "share-untold" : share === null ? "share-none" : `share-${Math.min(5, Math.floor(share * 5) + 1)}`);

// A code that no region bore on the day has no layer to draw.
export function layerOf(view) {
  return view.exists ? get(view.layer.url) : Promise.resolve({ type: "FeatureCollection", features: [] });
}

export class OverviewMap {
  constructor(map, { sites, address, onFailure }) {
    this.map = map;
    this.given = map.getContainer().dataset;
    this.words = JSON.parse(this.given.words);
    this.askSites = sites;
    this.address = address;
    this.onFailure = onFailure;
    this.regions = null;
    this.paths = new Map();
    this.bubbles = L.layerGroup().addTo(map);
    this.sites = L.layerGroup().addTo(map);
    map.on("moveend", () => this.drawMarks());
    map.on("tooltipopen", ({ tooltip }) => { this.tip = tooltip; });
    map.on("tooltipopen mousemove", () => {
      const tip = this.tip?.isOpen() && this.tip.getElement();
      if (tip) keepInside(tip, map.getContainer());
    });
    if (map.basemap) map.basemap.then((land) => land && this.drawInset(land));
  }

  async draw(view, state) {
    const layer = await layerOf(view);
    this.view = view;
    this.state = state;
    this.rows = new Map(view.children.map((row) => [row.code, row]));
    if (view.region.code && !this.rows.size) this.rows.set(view.region.code, view.region);
    if (this.drawn !== view.layer.url) this.drawRegions(layer, view.layer.url);
    for (const [code, path] of this.paths) this.paint(code, path);
    this.map.getContainer().querySelector(".waiting")?.remove();
    await this.drawMarks();
  }

  drawRegions(layer, url) {
    this.regions?.remove();
    this.paths.clear();
    this.drawn = url;
    this.regions = L.geoJSON(layer, {
      pane: "regions",
      style: { className: "region", fillColor: "url(#no-sites)" },
      onEachFeature: (feature, path) => this.prepare(feature.properties, path),
    }).addTo(this.map);
    for (const path of this.paths.values()) path.getElement()?.setAttribute("tabindex", "-1");
  }

  prepare({ code, name }, path) {
    this.paths.set(code, path);
    const nothing = { code, name, sites_total: 0 };
    const inside = () => this.rows.has(code);
    path.bindTooltip(() => (inside() ? regionTip(this.rows.get(code), this.words, this.given.language)
      : element("div", { class: "tip" }, element("strong", {}, nothing.name))), { sticky: true });
    path.on("click", () => { location.href = this.address("region", code); });
  }

  paint(code, path) {
    const row = this.rows.get(code);
    const shape = path.getElement();
    if (!shape) return;
    shape.setAttribute("class", `leaflet-interactive region ${row ? shareClass(row.closed_share) : "beside"}`);
    shape.setAttribute("fill", row && row.closed_share === null ? "url(#no-sites)" : "none");
  }

  // Called by the table: a row and its region are lit together.
  light(code, on) {
    const path = this.paths.get(code);
    const shape = path?.getElement();
    if (!shape) return;
    shape.classList.toggle("lit", on);
    if (on) path.openTooltip(path.getBounds().getCenter());
    else path.closeTooltip();
  }

  async drawMarks() {
    if (!this.view) return;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const near = this.map.getZoom() >= SITES_FROM_ZOOM;
    this.map.getContainer().classList.toggle("near", near);
    let features = [];
    if (near) {
      try {
        features = await this.askSites(this.box(), this.state);
      } catch {
        this.onFailure(() => this.drawMarks());
        return;
      }
    }
    if (turn !== this.turn) return;
    this.sites.clearLayers();
    const bubbles = this.drawBubbles(near ? countPlaced(features) : NONE_PLACED);
    this.drawSites(features.filter(({ geometry }) => geometry), bubbles);
  }

  box() {
    const bounds = this.map.getBounds();
    return [
      Math.max(-180, Math.floor(bounds.getWest()) - PADDING_DEGREES), Math.max(-90, Math.floor(bounds.getSouth()) - PADDING_DEGREES),
      Math.min(180, Math.ceil(bounds.getEast()) + PADDING_DEGREES), Math.min(90, Math.ceil(bounds.getNorth()) + PADDING_DEGREES),
    ];
  }

  drawSites(features, bubbles) {
    for (const feature of features) {
      const shape = placeShape(feature);
      if (shape) this.addSite(shape, feature);
    }
    const places = features.map((feature) => ({ feature, latlng: markPlace(this.map, feature.geometry, MARK_PX) }));
    const { single, stacks } = arrange(this.map, places.filter(({ latlng }) => latlng), MARK_BOX, bubbles);
    for (const item of single) {
      const { status_group: group, location_accuracy: accuracy } = item.feature.properties;
      leg(item)?.addTo(this.sites);
      this.addSite(siteMarker(item.shown, group, accuracy), item.feature);
    }
    for (const stack of stacks) this.addStack(stack);
  }

  addSite(layer, { properties }) {
    layer.bindTooltip(() => siteTip(properties, this.words, this.given.language), { direction: "top" });
    layer.on("click", () => { location.href = this.address("site", properties.id); });
    this.sites.addLayer(layer);
  }

  addStack(stack) {
    const counts = Object.fromEntries(GROUPS.map((group) => [group, 0]));
    for (const { feature } of stack.items) counts[feature.properties.status_group] += 1;
    const marker = bubbleMarker({ counts, total: stack.items.length, lonlat: lonlatOf(stack.shown) }, this.map.getZoom());
    marker.bindTooltip(() => stackTip(stack.items.map(({ feature }) => feature.properties)), { direction: "top" });
    marker.on("click", () => nearer(this.map, stack));
    this.sites.addLayer(marker);
  }

  drawBubbles(placed) {
    this.bubbles.clearLayers();
    const zoom = this.map.getZoom();
    this.map.getContainer().classList.toggle("far", zoom < 3.75);
    const project = (row) => this.map.latLngToLayerPoint([row.lat, row.lon]);
    const gathered = gather(this.view.bubbles, statusOf(this.state), placed, project, zoom);
    for (const item of gathered) {
      const marker = bubbleMarker(item, zoom);
      marker.bindTooltip(() => this.bubbleTip(item), { direction: "top", offset: [0, -6] });
      marker.on("click", () => this.open(item));
      this.bubbles.addLayer(marker);
    }
    return gathered.map(({ lonlat: [lon, lat] }) => L.latLng(lat, lon));
  }

  bubbleTip(item) {
    const [first] = item.rows;
    const names = item.rows.length > 3 ? `${item.rows.slice(0, 2).map((row) => row.name).join(", ")} (+${item.rows.length - 2})` : item.rows.map((row) => row.name).join(", ");
    const lokasi = item.rows.reduce((sum, row) => sum + (row.lokasi_total ?? 0), 0);
    const row = { ...item.counts, name: names, sites_total: item.total, lokasi_total: lokasi, code: item.rows.length === 1 ? first.code : "" };
    return regionTip(row, this.words, this.given.language);
  }

  open(item) {
    if (item.rows.length === 1) {
      location.href = this.address("region", item.rows[0].code);
      return;
    }
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.fitBounds(L.latLngBounds(item.rows.map((row) => [row.lat, row.lon])).pad(0.3), { animate: !still, maxZoom: SITES_FROM_ZOOM });
  }

  drawInset(land) {
    const inset = document.getElementById("inset");
    if (!inset) return;
    const ring = (points) => `M${points.map(([lon, lat]) => `${lon} ${-lat}`).join("L")}Z`;
    const home = land.features.find((feature) => feature.properties.kind === "home");
    const [west, south, east, north] = this.given.bbox.split(",").map(Number);
    inset.append(
      svg("path", { class: "land", d: home.geometry.coordinates.map(([shell]) => ring(shell)).join("") }),
      svg("rect", { class: "here", x: west, y: -north, width: Math.max(east - west, 0.8), height: Math.max(north - south, 0.8) }),
    );
  }
}
