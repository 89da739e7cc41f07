// The map of a batch: a mark with its row's number at each site, and the regions that rows declared wrongly.
import { element } from "./marks.js";
import { get } from "./requests.js";

function mark({ properties: { row, outcome, differs } }, latlng) {
  const icon = L.divIcon({ html: element("span", {}, String(row)), className: `row-mark ${outcome}${differs ? " differs" : ""}`, iconSize: [34, 20] });
  return L.marker(latlng, { icon, keyboard: false });
}

function tip({ row, name, found, declared, differs }, words) {
  const lines = [element("strong", {}, `${row} · ${name}`), element("div", {}, `${words.found}: ${found.join(", ") || "–"}`)];
  if (differs) lines.push(element("div", {}, `${words.declared}: ${declared.join(", ")}`));
  return element("div", { class: "tip" }, ...lines);
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
  const drawn = L.featureGroup();
  for (const site of sites.features) {
    const shape = L.geoJSON(site, { pointToLayer: mark, style: site.geometry.type === "Point" ? {} : { className: "area batch-area" } }).addTo(drawn);
    if (site.geometry.type !== "Point") mark(site, shape.getBounds().getCenter()).addTo(shape);
    shape.bindTooltip(() => tip(site.properties, words), { direction: "top", offset: [0, -8] });
    shape.on("click", () => { location.hash = `r${site.properties.row}`; });
  }
  drawn.addTo(map);
  map.getContainer().querySelector(".waiting")?.remove();
  map.fitBounds(drawn.getBounds().pad(0.4), { animate: false, maxZoom: 11 });
}
