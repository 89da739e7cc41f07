// Single sites: a mark of the status's shape, and around it what is known of the place's accuracy.
import { mark } from "./marks.js";

const CELL_DEGREES = 0.01;
const APPROXIMATE_M = 1000;

export function siteMarker(latlng, group, accuracy) {
  const icon = L.divIcon({ html: mark(group), className: `site-mark ${accuracy}`, iconSize: [18, 18] });
  return L.marker(latlng, { icon, keyboard: false });
}

// The stated accuracy as it is: a circle, the cell of the grid, or nothing where the place is exact.
export function accuracyShape(latlng, accuracy, group, pane = "overlayPane") {
  const style = { className: `accuracy ${group}`, interactive: false, pane };
  if (accuracy === "approximate") return L.circle(latlng, { ...style, radius: APPROXIMATE_M });
  if (accuracy !== "cell") return null;
  const corner = (value) => Math.floor(value / CELL_DEGREES) * CELL_DEGREES;
  const [south, west] = [corner(latlng.lat), corner(latlng.lng)];
  return L.rectangle([[south, west], [south + CELL_DEGREES, west + CELL_DEGREES]], style);
}

// What is known of a site's place, without its mark: the area, or the accuracy of the point.
export function placeShape({ geometry, properties: { status_group: group, location_accuracy: accuracy } }) {
  if (geometry.type !== "Point") return L.geoJSON(geometry, { style: { className: `area ${group}` } });
  return accuracyShape(L.latLng(geometry.coordinates[1], geometry.coordinates[0]), accuracy, group);
}
