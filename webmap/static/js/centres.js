// The map of centres: their region as ground, and a mark at the centre of each city that has one. Where in the
// city a centre stands is not drawn, for nobody.
import { element } from "./marks.js";
import { get } from "./requests.js";
import { arrange, leg } from "./stacks.js";

const MARK_PX = [18, 18];

function cities(rows) {
  const found = new Map();
  for (const row of rows) {
    if (!found.has(row.regency_code)) found.set(row.regency_code, []);
    found.get(row.regency_code).push(row);
  }
  return [...found.values()];
}

function tip(rows) {
  const lines = rows.map((row) => element("div", {}, row.name));
  return element("div", { class: "tip" }, element("strong", {}, rows[0].regency_name), ...lines);
}

function marker({ rows, shown }) {
  const open = rows.some((row) => row.has_free_places);
  const sign = element("span", {}, rows.length > 1 ? String(rows.length) : "");
  const icon = L.divIcon({ html: sign, className: `centre-mark${open ? " open" : ""}`, iconSize: [18, 18] });
  const made = L.marker(shown, { icon, keyboard: false });
  made.bindTooltip(() => tip(rows), { direction: "top", offset: [0, -6] });
  made.on("click", () => { location.hash = `c${rows[0].id}`; });
  return made;
}

export async function showCentres(map) {
  const view = await get(map.getContainer().dataset.centres);
  const ground = await get(view.layer.url);
  const own = view.region?.code;
  L.geoJSON(ground, {
    pane: "regions",
    interactive: false,
    style: ({ properties: { code, parent_code: parent } }) => ({
      className: own && own !== code && own !== parent ? "region beside" : "region",
    }),
  }).addTo(map);
  const marks = L.layerGroup().addTo(map);
  const places = cities(view.centres).map((rows) => ({ rows, latlng: L.latLng(rows[0].city_lat, rows[0].city_lon) }));
  const draw = () => {
    marks.clearLayers();
    for (const item of arrange(map, places, MARK_PX, [], Infinity).single) {
      leg(item)?.addTo(marks);
      marker(item).addTo(marks);
    }
  };
  map.on("zoomend", draw);
  draw();
  map.getContainer().querySelector(".waiting")?.remove();
}
