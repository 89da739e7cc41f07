// The entry: folium's shell has made the map; which page it stands on decides what is drawn on it.
import { showBatch } from "./batch.js";
import { showCentres } from "./centres.js";
import { SiteForm } from "./entry.js";
import { Overview } from "./overview.js";
import { showSite } from "./site.js";

if (typeof map_atlas !== "undefined") {
  const { twin, edits, centres, batch } = map_atlas.getContainer().dataset;
  if (centres) showCentres(map_atlas);
  else if (batch) showBatch(map_atlas);
  else if (edits) new SiteForm(map_atlas).start();
  else if (twin) showSite(map_atlas);
  else new Overview(map_atlas).start();
}
