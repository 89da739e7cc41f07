// Where an overview's views come from: the server, or the release that a page without a server names.
import { Release } from "./released.js";
import { get } from "./requests.js";
import { pageAddress, sitesAddress, twinAddress } from "./state.js";
import { swap } from "./swap.js";
import { Telling } from "./told.js";

class Server {
  constructor(overview) {
    this.overview = overview;
  }

  view(state) {
    return get(twinAddress(state));
  }

  // What puts the parts of the page that a state changes in their place.
  async parts(state) {
    const html = await get(pageAddress(state), "text");
    return () => swap(html, (part) => this.overview.prepare(part));
  }

  async sites(box, state) {
    return (await get(sitesAddress(this.overview.given.sites, state, box))).features;
  }

  // Whether the page came with this state.
  hasTold() {
    return true;
  }
}

class Published {
  constructor(overview, address) {
    this.address = address;
    this.code = /\/(\d\d(?:\.\d\d)?)\/?$/.exec(location.pathname)?.[1] ?? null;
    this.telling = new Telling({
      words: { ...overview.words, ...JSON.parse(document.getElementById("content").dataset.told) },
      language: overview.given.language,
      address: (kind, code) => overview.addressOf(kind, code),
      prepare: (part) => overview.prepare(part),
    });
  }

  async release() {
    this.read ??= new Release(await get(this.address));
    return this.read;
  }

  async view(state) {
    return (await this.release()).view(this.code, state);
  }

  async parts(state) {
    const view = await this.view(state);
    return () => this.telling.tell(view, state);
  }

  async sites(box, state) {
    return (await this.release()).features(state, box);
  }

  hasTold({ as_of: asOf, boundaries, status, tab }) {
    return !(asOf || boundaries || status || tab);
  }
}

export function sourceOf(overview) {
  const { release } = document.documentElement.dataset;
  return release ? new Published(overview, release) : new Server(overview);
}
