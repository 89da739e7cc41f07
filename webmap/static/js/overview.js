// Nation and region pages: one state, one pair of requests, and everything on the page redrawn together.
import { Controls } from "./controls.js";
import { OverviewMap, layerOf } from "./map.js";
import { withBar } from "./requests.js";
import { sourceOf } from "./sources.js";
import { GROUPS, pageAddress, readState } from "./state.js";
import { makeSortable, siteRow } from "./table.js";

const ONE_GESTURE_MS = 1500;

export class Overview {
  constructor(map) {
    this.given = map.getContainer().dataset;
    this.words = JSON.parse(this.given.words);
    this.state = readState();
    this.search = location.search;
    this.latest = 0;
    this.slidAt = -Infinity;
    this.source = sourceOf(this);
    this.map = new OverviewMap(map, {
      sites: (box, state) => this.source.sites(box, state),
      address: (kind, code) => this.addressOf(kind, code),
      onFailure: (again) => withBar(() => Promise.reject(new Error("layer")), () => withBar(again)),
    });
    this.controls = new Controls(this.given.language, (part, how) => this.change(part, how));
    this.listen();
    this.prepare(document);
  }

  listen() {
    addEventListener("popstate", () => {
      // A link within the page, such as the one over the map: what it leads to is not made anew under the reader.
      if (location.search === this.search) return;
      this.search = location.search;
      this.controls.pause();
      this.show(readState(), "none");
    });
    document.getElementById("share").addEventListener("click", ({ currentTarget }) => this.share(currentTarget));
    for (const tab of document.querySelectorAll(".tabs a")) {
      tab.addEventListener("click", (event) => { event.preventDefault(); this.choose(tab.dataset.tab, "push"); });
    }
    for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, ({ target }) => this.light(target, true));
    for (const kind of ["pointerout", "focusout"]) document.addEventListener(kind, ({ target }) => this.light(target, false));
  }

  light(target, on) {
    const row = target instanceof Element ? target.closest("#table tbody tr") : null;
    if (row) this.map.light(row.querySelector("small").textContent, on);
  }

  // What every fresh part of the page needs.
  prepare(part) {
    if (this.view) this.listRest(part);
    makeSortable(part);
  }

  // The page lists the first sites only, so that it stays small; the twin has all of them.
  listRest(part) {
    const body = part.querySelector("#sites tbody, .listed tbody");
    const rest = part.querySelector("#rest");
    if (!body || !rest || this.view.sites_truncated) return;
    const words = { ...this.words, withRegency: this.view.children_level !== null };
    for (const site of this.view.sites.slice(body.rows.length)) {
      body.append(siteRow(site, words, this.given.language, this.addressOf("site", site.id)));
    }
    rest.remove();
  }

  start() {
    return withBar(async () => {
      this.view = await this.source.view(this.state);
      this.listRest(document);
      if (!this.source.hasTold(this.state)) {
        (await this.source.parts(this.state))();
        this.arrange(this.state.tab ?? "map");
      }
      await this.map.draw(this.view, this.state);
      this.controls.sync(this.state, this.view);
    }, () => this.start());
  }

  change(part, how = "push") {
    return this.show({ ...this.state, ...part }, how);
  }

  // Resolves to true when the view is on the page, false when a later one took its place or it failed.
  async show(state, how) {
    const mine = (this.latest += 1);
    const shown = await withBar(async () => {
      const [view, parts] = await Promise.all([this.source.view(state), this.source.parts(state)]);
      await layerOf(view);
      if (mine !== this.latest) return false;
      this.put(state, view, parts, how);
      return true;
    }, () => this.show(state, how));
    return shown === true;
  }

  put(state, view, parts, how) {
    const before = this.view;
    Object.assign(this, { state, view });
    this.remember(state, how);
    parts();
    this.map.draw(view, state);
    this.controls.sync(state, view);
    this.arrange(state.tab ?? "map");
    this.say(before, view);
  }

  // Moves of the slider that follow one another are one step back in the history.
  remember(state, how) {
    if (how === "none") return;
    const follows = how === "slide" && performance.now() - this.slidAt < ONE_GESTURE_MS;
    if (how === "slide") this.slidAt = performance.now();
    history[follows ? "replaceState" : "pushState"](null, "", pageAddress(state));
    this.search = location.search;
  }

  say(before, view) {
    const parts = [];
    for (const group of GROUPS) {
      const change = view.region[group] - (before ? before.region[group] : view.region[group]);
      if (change) parts.push(`${this.words[group]} ${change > 0 ? "+" : "−"}${Math.abs(change)}`);
    }
    if (String(before?.status) !== String(view.status)) {
      parts.push(`${this.words.shown}: ${view.status.map((group) => this.words[group]).join(", ")}`);
    }
    const changes = document.getElementById("changes") ?? document.getElementById("told");
    changes.textContent = parts.join(", ");
  }

  choose(tab) {
    this.state = { ...this.state, tab: tab === "map" ? undefined : tab };
    this.remember(this.state, "push");
    this.arrange(tab);
  }

  arrange(tab) {
    document.getElementById("content").dataset.tab = tab;
    for (const link of document.querySelectorAll(".tabs a")) {
      if (link.dataset.tab === tab) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    map_atlas.invalidateSize();
  }

  addressOf(kind, code) {
    const path = kind === "site" ? this.given.sitePage.replace(/0(?=\/?$)/, code) : this.given.regionPage.replace("00.00", code);
    return pageAddress({ ...this.state, tab: undefined }, path);
  }

  // An address without a date means today; the copy says which day it was.
  async share(button) {
    const state = { ...this.state, as_of: this.view?.as_of ?? this.state.as_of };
    const told = document.getElementById("told");
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(new URL(pageAddress(state), location.href).href);
      told.textContent = button.dataset.done;
      button.textContent = "✓";
      setTimeout(() => { button.textContent = before; }, 1500);
    } catch {
      told.textContent = button.dataset.failed;
      told.classList.remove("unseen");
    }
  }
}
