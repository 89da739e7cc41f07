// Tells a view that was found in a release (released.js) on its page: the parts that the server would send anew,
// as the templates have them. Sentences and names come from the page; all of it becomes text nodes.
import { drawPace } from "./pace.js";
import { element, mark, percent } from "./marks.js";
import { dateInWords, dayInWords } from "./months.js";
import { GROUPS, pageAddress } from "./state.js";
import { remember, restore } from "./swap.js";
import { siteRow } from "./table.js";

const LISTED_EVENTS = { nation: 4, province: 6, regency: 6 };

export class Telling {
  constructor({ words, language, address, prepare }) {
    Object.assign(this, { words, language, address, prepare });
  }

  fill(name, values = {}) {
    return this.words[name].replaceAll(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  }

  // Of the two forms of a sentence the one for a count.
  count(name, count, values) {
    return this.fill(`${name}${this.language === "en" && count === 1 ? "_one" : ""}`, { count: this.number(count), ...values });
  }

  number(value, digits = 0) {
    return value === null ? "–" : new Intl.NumberFormat(this.language, { maximumFractionDigits: digits }).format(value);
  }

  share(share) {
    return share === null ? "–" : percent(share, this.language, 0);
  }

  day(day, width) {
    return day ? dayInWords(day, this.language, width) : "–";
  }

  link(kind, code, text) {
    return element("a", { href: this.address(kind, code) }, text);
  }

  beside(text) {
    return element("p", { class: "beside" }, text);
  }

  tell(view, state) {
    this.state = state;
    document.title = `${view.region.name} · ${this.day(view.as_of)} · ${this.words.title}`;
    for (const part of document.querySelectorAll("[data-live]")) {
      const telling = this[part.dataset.live];
      if (!telling) continue;
      const kept = remember(part);
      if (["figures", "chart", "table", "sites", "events"].includes(part.dataset.live)) part.hidden = !view.exists;
      telling.call(this, part, view);
      this.prepare(part);
      restore(part, kept);
    }
    for (const link of document.querySelectorAll("a[data-sync]")) {
      const tab = link.dataset.tab ?? (link.dataset.sync === "language" ? state.tab : undefined);
      link.setAttribute("href", pageAddress({ ...state, tab }, link.pathname));
    }
  }

  sentence(part, { region, exists, former, as_of: asOf }) {
    const values = { name: region.name, on: this.day(asOf) };
    const sentence = (name, more) => element("p", { class: "sentence", id: "sentence" }, this.fill(name, { ...values, ...more }));
    if (!exists) {
      const today = element("a", { href: pageAddress({ boundaries: "today", as_of: asOf }) }, this.words.today);
      const before = former.find(({ until }) => until >= asOf);
      const then = before ? [...this.linked("part_then", before, this.link("region", before.code, "")), " "] : [];
      part.replaceChildren(sentence(before ? "not_yet" : "absent"), element("p", { class: "pace" }, ...then, today));
    } else if (region.sites_total === undefined) {
      part.replaceChildren(sentence("of_regency", { closed: this.number(region.closed) }));
    } else if (!region.sites_total) {
      part.replaceChildren(sentence(region.code ? "none" : "none_nation"));
    } else {
      const [closed, total, left] = [region.closed, region.sites_total, region.sites_total - region.closed].map((n) => this.number(n));
      part.replaceChildren(sentence(region.code ? "region" : "nation", { closed, total, left }), element("p", { class: "pace" }, this.pace(region.pace)));
    }
  }

  pace(pace) {
    const values = { target: this.day(pace.target_on), now: this.number(pace.per_year, 1), left: this.number(pace.remaining), needed: this.number(pace.needed_per_year, 1) };
    const parts = [];
    if (pace.remaining === 0) parts.push(this.fill("none_left", values));
    else if (pace.missed_by_sites !== null) {
      parts.push(this.count("missed", pace.missed_by_sites, { ...values, years: this.number(pace.missed_by_years, 1) }));
      if (pace.per_year) parts.push(this.fill("last_year", values));
    } else parts.push(this.fill(pace.needed_per_year === null ? "target_day" : "needed", values));
    if (pace.projected_end_on) parts.push(this.fill("ends", { end: dateInWords(pace.projected_end_on, "month", this.language) }));
    return parts.join(" ");
  }

  figures(part, { region, parent, status, reactivated_by_year: again }) {
    for (const group of GROUPS) {
      const figure = part.querySelector(`#figure-${group}`);
      if (!figure) continue;
      figure.textContent = this.number(region[group]);
      figure.parentElement.classList.toggle("off", !status.includes(group));
    }
    if (region.level === "regency") {
      if (parent) part.querySelector(".beside a").replaceWith(this.link("region", parent.code, this.fill("of_parent", parent)));
      return;
    }
    for (const old of part.querySelectorAll(".beside")) old.remove();
    if (region.lokasi_total) part.append(this.beside(this.count("lokasi", region.lokasi_total, { closed: this.number(region.lokasi_closed) })));
    if (again.length) {
      const years = again.map(({ year, sites }) => `${year}: ${sites}`).join(", ");
      part.append(this.beside(`${this.fill("again", { sites: this.number(again.reduce((all, { sites }) => all + sites, 0)) })} ${years}.`));
    }
    if (region.people_withheld) part.append(this.withheld());
    else if (region.people !== null) part.append(this.beside(this.fill("counted", { people: this.number(region.people) })));
  }

  // A sentence with a link in it: its words become nodes, its markup is not used.
  linked(name, values, link) {
    const [before, word, after] = this.fill(name, values).split(/<[^>]*>/);
    link.textContent = word;
    return [before, link, after];
  }

  withheld() {
    const about = document.querySelector("a[data-sync=about]").pathname;
    return element("p", { class: "beside" }, ...this.linked("counted_withheld", {}, element("a", { href: `${about}#withheld` })));
  }

  chart(part, view) {
    if (view.region.pace) drawPace(part, view, this);
    else part.hidden = true;
  }

  cells(row, { whole, groups, hasLokasi }) {
    const cell = (...children) => element("td", {}, ...children);
    const people = row.people_withheld ? element("i", {}, this.words.withheld) : this.number(row.people);
    const share = row.closed_share === null || row.code === this.total ? [] : [element("meter", { "aria-hidden": "true", value: row.closed_share })];
    const year = `${row.closed_12_months > 0 ? "+" : ""}${this.number(row.closed_12_months)}`;
    return [
      ...(whole ? [cell(this.number(row.sites_total))] : []),
      ...groups.map((group) => cell(this.number(row[group]))),
      ...(whole ? [cell(...share, this.share(row.closed_share)), ...(hasLokasi ? [cell(this.number(row.lokasi_total))] : []), cell(people)] : []),
      element("td", row.last_event_on ? { "data-v": row.last_event_on } : {}, this.day(row.last_event_on, "short")), cell(year),
    ];
  }

  // Of regencies less is public: a column that no row has is not there.
  table(part, { region, children, unplaced }) {
    const first = children[0] ?? region;
    const whole = first.sites_total !== undefined;
    const columns = { whole, groups: GROUPS.filter((group) => first[group] !== undefined), hasLokasi: region.lokasi_total > 0 };
    this.total = region.code;
    const { words } = this;
    const head = [
      [words.name], ...(whole ? [[words.total]] : []), ...columns.groups.map((group) => [mark(group), ` ${words[group]}`]),
      ...(whole ? [[words.share], ...(columns.hasLokasi ? [["lokasi"]] : []), [words.people]] : []), [words.last_event], [words.year],
    ].map((texts) => element("th", { scope: "col" }, ...texts));
    const rows = children.map((row) => element(
      "tr", {}, element("th", { scope: "row" }, this.link("region", row.code, row.name), " ", element("small", {}, row.code)), ...this.cells(row, columns),
    ));
    const table = part.querySelector("table");
    table.tHead.rows[0].replaceChildren(...head);
    table.tBodies[0].replaceChildren(...rows);
    table.tFoot.rows[0].replaceChildren(element("th", { scope: "row" }, region.name), ...this.cells(region, columns));
    part.querySelector(".beside")?.remove();
    if (unplaced) part.append(this.beside(this.count("unplaced", unplaced)));
  }

  sites(part, { sites, children_level: level }) {
    part.querySelectorAll(".scroll, .empty, .beside").forEach((old) => old.remove());
    const { words } = this;
    if (!sites.length) {
      part.append(element("p", { class: "empty" }, words.no_sites));
      return;
    }
    const columns = [words.name, words.status, words.day, words.kind, ...(level ? [words.regency_or_city] : []), words.place];
    const rows = sites.map((site) => siteRow(site, { ...words, withRegency: level !== null }, this.language, this.address("site", site.id)));
    const table = element(
      "table", { class: "listed", "data-sortable": words.sort },
      element("thead", {}, element("tr", {}, ...columns.map((word) => element("th", { scope: "col" }, word)))), element("tbody", {}, ...rows),
    );
    part.append(element("div", { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": "sites-heading" }, table));
  }

  events(part, { events, region }) {
    part.querySelector("ol, .empty")?.remove();
    const rows = events.slice(0, LISTED_EVENTS[region.level]).map((event) => {
      const said = element("span", {}, this.link("site", event.site_id, event.site_name), `: ${this.words.kinds[event.kind]}`);
      if (event.synthetic) said.append(" ", element("i", {}, this.words.synthetic));
      if (event.source_url) said.append(" · ", this.source(event));
      return element("li", {}, element("time", {}, dateInWords(event.occurred_on, event.date_precision, this.language)), " ", said);
    });
    part.append(rows.length ? element("ol", { class: "line" }, ...rows) : element("p", { class: "empty" }, this.words.no_events));
  }

  source({ source, source_url: url }) {
    return /^https?:\/\//.test(url) ? element("a", { href: url, rel: "noreferrer noopener" }, source || this.words.source) : source ?? "";
  }

  crumbs(part, { parent }) {
    const keep = (link) => link.setAttribute("href", pageAddress(this.state, link.pathname));
    const nation = part.querySelector("a");
    keep(nation);
    part.replaceChildren(nation);
    if (!parent) return;
    const link = this.link("region", parent.code, parent.name);
    keep(link);
    part.append(" › ", link, " ", element("small", {}, parent.code));
  }

  footer(part, { as_of: asOf }) {
    part.firstChild.data = `${this.words.as_of} ${this.day(asOf)} · `;
  }

  // Claims and aid are told of the day of the release alone.
  claims(part, { as_of: asOf, today }) {
    part.hidden = asOf !== today || !part.childElementCount;
  }

  aid(part, view) {
    this.claims(part, view);
  }
}
