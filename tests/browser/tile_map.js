// A map of vector tiles as somebody else would make it: Leaflet.VectorGrid over the addresses of a TileJSON document.
// What is drawn is read back from the elements of the page, and what is clicked from its events.
const asked = new URLSearchParams(location.search);
const token = asked.get("token");
const fetchOptions = token ? { headers: { Authorization: `Bearer ${token}` } } : {};
const GROUPS = ["active", "planned", "closed", "reactivated"];
const colours = getComputedStyle(document.documentElement);
const colourOf = (group) => colours.getPropertyValue(`--${group}`).trim();
const read = async (path) => {
  const answer = await fetch(path, fetchOptions);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
};

// Of circles up to 10 wide Leaflet 1.9 asks where they are when they are clicked, which VectorGrid's do not tell.
const RADIUS = 10.5;
const mark = ({ status_group: group }) => ({ radius: RADIUS, fill: true, fillOpacity: 0.9, fillColor: colourOf(group), color: "#fff", weight: 1 });
const area = ({ status_group: group }) => ({ fill: true, fillOpacity: 0.2, fillColor: colourOf(group), color: colourOf(group), weight: 1 });
const bubble = ({ n, closed }) => ({
  radius: RADIUS + Math.sqrt(n),
  fill: true,
  fillOpacity: 0.8,
  fillColor: closed === n ? colourOf("closed") : "#545c66",
  color: "#fff",
  weight: 1,
});
const region = { fill: true, fillOpacity: 0.3, fillColor: "#77aed6", color: "#545c66", weight: 1 };

const map = L.map("map", { zoomAnimation: false, fadeAnimation: false, zoomControl: false });
const grid = (url) =>
  L.vectorGrid.protobuf(url, {
    fetchOptions,
    interactive: true,
    // Not in a tile's properties, since it is the feature's own id (MVT 2.1, 4.2).
    getFeatureId(feature) {
      feature.properties.id = feature.id;
      return `${feature.type} ${feature.id}`;
    },
    vectorTileLayerStyles: { sites: mark, areas: area, clusters: bubble, provinces: region, regencies: region },
  });

// Resolves when all tiles of a view are drawn.
window.show = (layer, lat, lon, zoom) =>
  new Promise((done) => {
    layer.once("load", () => done(true));
    map.setView([lat, lon], zoom, { animate: false });
    if (!map.hasLayer(layer)) layer.addTo(map);
  });
window.begin = async (collection) => {
  const { tiles } = await read(`/ogc/collections/${collection}/tiles/WebMercatorQuad?f=tilejson`);
  window.layer = grid(new URL(tiles[0]).pathname.replaceAll("%7B", "{").replaceAll("%7D", "}"));
  layer.on("click", ({ layer: { properties } }) => {
    window.clicked = properties;
  });
};
window.drawn = () =>
  Object.values(layer._vectorTiles).flatMap(({ _features }) =>
    Object.values(_features).map(({ layerName, feature }) => {
      const { x, y, width, height } = feature._path.getBoundingClientRect();
      return {
        layer: layerName,
        properties: feature.properties,
        fill: feature._path.getAttribute("fill"),
        is_shown: feature._path.isConnected,
        at: [x + width / 2, y + height / 2],
      };
    })
  );
window.pointOf = (lat, lon) => {
  const { x, y } = map.latLngToContainerPoint([lat, lon]);
  return [x, y];
};
window.bounds = () => map.getBounds().toBBoxString();
window.read = read;
