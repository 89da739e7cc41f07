// The entry: folium's shell has made the map; which page it stands on decides what is drawn on it.
import { Overview } from "./overview.js";
import { showSite } from "./site.js";

if (typeof map_atlas !== "undefined") {
  if (map_atlas.getContainer().dataset.twin) showSite(map_atlas);
  else new Overview(map_atlas).start();
}
