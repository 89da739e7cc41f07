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

export function siteLayer(feature) {
  const { status_group: group, location_accuracy: accuracy } = feature.properties;
  return L.geoJSON(feature, {
    // Not for what pointToLayer made: a class given here would take the place of its own.
    style: ({ geometry }) => (geometry.type === "Point" ? {} : { className: `area ${group}` }),
    pointToLayer: (_, latlng) => {
      const marker = siteMarker(latlng, group, accuracy);
      const shape = accuracyShape(latlng, accuracy, group);
      return shape ? L.featureGroup([shape, marker]) : marker;
    },
  });
}
