// The map of a batch: a mark with its row's number at each site, and the regions that rows declared wrongly.
import { element } from "./marks.js";
import { get } from "./requests.js";
import { arrange, leg, nearer } from "./stacks.js";
import { keepInside, stackTip } from "./tips.js";

const ABOVE = 1000;
const MARK_PX = [36, 22];

function marker(latlng, text, classes) {
  const icon = L.divIcon({ html: element("span", {}, text), className: `row-mark ${classes}`, iconSize: [34, 20] });
  return L.marker(latlng, { icon, keyboard: false, zIndexOffset: classes === "stack" ? ABOVE : 0 });
}

function tip({ row, name, found, declared, differs }, words) {
  const lines = [element("strong", {}, `${row} · ${name}`), element("div", {}, `${words.found}: ${found.join(", ") || "–"}`)];
  if (differs) lines.push(element("div", {}, `${words.declared}: ${declared.join(", ")}`));
  return element("div", { class: "tip" }, ...lines);
}

function placeOf(site) {
  const latlng = site.geometry.type === "Point" ? L.latLng(site.geometry.coordinates[1], site.geometry.coordinates[0]) : L.geoJSON(site).getBounds().getCenter();
  return { site: site.properties, latlng };
}

function drawMarks(map, layer, places, words) {
  layer.clearLayers();
  const { single, stacks } = arrange(map, places, MARK_PX);
  for (const item of single) {
    const { row, outcome, differs } = item.site;
    leg(item)?.addTo(layer);
    marker(item.shown, String(row), `${outcome}${differs ? " differs" : ""}`)
      .bindTooltip(() => tip(item.site, words), { direction: "top", offset: [0, -8] })
      .on("click", () => { location.hash = `r${row}`; })
      .addTo(layer);
  }
  for (const stack of stacks) {
    const sites = stack.items.map(({ site }) => ({ name: `${site.row} · ${site.name}` }));
    marker(stack.shown, `×${sites.length}`, "stack")
      .bindTooltip(() => stackTip(sites), { direction: "top", offset: [0, -8] })
      .on("click", () => nearer(map, stack))
      .addTo(layer);
  }
}

export async function showBatch(map) {
  const given = map.getContainer().dataset;
  const words = JSON.parse(given.words);
  const [ground, sites] = await Promise.all([get(given.layer), get(given.batch)]);
  const wrong = new Set(sites.features.flatMap(({ properties }) => (properties.differs ? properties.declared_codes : [])));
  L.geoJSON(ground, {
    pane: "regions",
    interactive: false,
    style: ({ properties: { code } }) => ({ className: `region beside${wrong.has(code) ? " declared" : ""}` }),
  }).addTo(map);
  const areas = sites.features.filter(({ geometry }) => geometry.type !== "Point");
  L.geoJSON(areas, { interactive: false, style: { className: "area batch-area" } }).addTo(map);
  map.getContainer().querySelector(".waiting")?.remove();
  map.fitBounds(L.geoJSON(sites).getBounds().pad(0.4), { animate: false, maxZoom: 11 });
  const marks = L.layerGroup().addTo(map);
  const draw = () => drawMarks(map, marks, sites.features.map(placeOf), words);
  map.on("zoomend", draw);
  map.on("tooltipopen", ({ tooltip }) => keepInside(tooltip.getElement(), map.getContainer()));
  draw();
}
