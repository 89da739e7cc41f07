// A site's small map: its place as well as it is known, or its region where only that is known.
import { get } from "./requests.js";
import { accuracyShape, siteMarker } from "./sites.js";

// Close enough to see the accuracy that is stated, far enough to see the coast.
const CLOSEST_ZOOM = { exact: 9, approximate: 11, cell: 11, regency: 10 };
// Over the regions, which have a pane of their own, and under the marks.
const AREAS = "areas";
// Two boundaries of one site are tens of metres apart.
const ZOOM_OF_BOUNDARIES = 18;

function placed(view) {
  const { status_group: group, location_accuracy: accuracy } = view.site;
  return L.geoJSON(view.geometry, {
    pane: AREAS,
    // Not for what pointToLayer made: a class given here would take the place of its own.
    style: view.geometry.type === "Point" ? {} : { className: `area ${group ?? "active"}` },
    pointToLayer: (_, latlng) => {
      const shape = accuracyShape(latlng, accuracy, group, AREAS);
      const marker = siteMarker(latlng, group ?? "active", accuracy);
      return shape ? L.featureGroup([shape, marker]) : marker;
    },
  });
}

// Its regions lie under it: where only they are known they are marked, else they are the ground it stands on.
async function region(view) {
  const layer = await get(view.region_layer.url);
  const known = view.geometry ? [] : view.regions.map(({ code }) => code);
  return L.geoJSON(layer, {
    pane: "regions",
    interactive: false,
    style: ({ properties }) => ({ className: known.includes(properties.code) ? "accuracy region-known" : "region beside" }),
  });
}

// The boundary by decree lies over the mapped one; both are lines that can be told apart without colour.
function decreed({ boundary }) {
  const decree = boundary?.decree;
  return decree ? L.geoJSON(decree.geometry, { pane: AREAS, interactive: false, style: { className: "decree-area" } }) : null;
}

function boundsOf(layer, codes) {
  const bounds = L.latLngBounds([]);
  layer.eachLayer((part) => { if (codes.includes(part.feature.properties.code)) bounds.extend(part.getBounds()); });
  return bounds;
}

export async function showSite(map) {
  map.createPane(AREAS).style.zIndex = 420;
  const view = await get(map.getContainer().dataset.twin);
  const ground = (await region(view)).addTo(map);
  const site = view.geometry ? placed(view).addTo(map) : null;
  map.getContainer().querySelector(".waiting")?.remove();
  const decree = decreed(view)?.addTo(map);
  if (decree) {
    map.setMaxZoom(ZOOM_OF_BOUNDARIES);
    const both = site ? decree.getBounds().extend(site.getBounds()) : decree.getBounds();
    map.fitBounds(both.pad(0.2), { animate: false });
    return;
  }
  const bounds = site ? site.getBounds().pad(2) : boundsOf(ground, view.regions.map(({ code }) => code)).pad(0.2);
  if (bounds.isValid()) map.fitBounds(bounds, { animate: false, maxZoom: CLOSEST_ZOOM[view.site.location_accuracy] });
}
