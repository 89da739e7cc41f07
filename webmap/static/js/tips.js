// What a tooltip says, as nodes.
import { element, mark, percent } from "./marks.js";
import { GROUPS } from "./state.js";
import { dayInWords } from "./months.js";
import { statusWords } from "./table.js";

const line = (...children) => element("div", {}, ...children);

export function regionTip(row, words, language) {
  const tip = element("div", { class: "tip" }, element("strong", {}, row.name), " ", element("small", {}, row.code ?? ""));
  if (row.sites_total === undefined) {
    tip.append(line(mark("closed"), ` ${row.closed} ${words.closed}`));  // of a regency no more is public
  } else if (!row.sites_total) {
    tip.append(line(words.none));
  } else {
    for (const group of GROUPS) {
      if (row[group]) tip.append(line(mark(group), ` ${row[group]} ${words[group]}`));
    }
    const share = row.closed / row.sites_total;
    tip.append(line(`${words.share}: ${percent(share, language)}`));
  }
  if (row.lokasi_total) tip.append(line(`+ ${row.lokasi_total} lokasi`));
  if (row.last_event_on) tip.append(line(`${words.last}: ${dayInWords(row.last_event_on, language)}`));
  return tip;
}

export function siteTip(site, words, language) {
  const group = site.status_group;
  const tip = element("div", { class: "tip" }, element("strong", {}, site.name));
  const since = site.closed_on ?? site.status_since;
  tip.append(line(mark(group), ` ${statusWords(site, words)} ${words.since} ${dayInWords(since, language)}`));
  tip.append(line(`${site.site_type} · ${words[site.location_accuracy]}`));
  if (site.regency_name) tip.append(line(site.regency_name));
  if (site.synthetic) tip.append(line(words.synthetic));
  return tip;
}

const NAMED = 8;

// Of several sites at one place the first names, and how many more there are.
export function stackTip(sites) {
  const lines = sites.slice(0, NAMED).map(({ name }) => line(name));
  if (sites.length > NAMED) lines.push(line(`+ ${sites.length - NAMED}`));
  return element("div", { class: "tip" }, ...lines);
}

const EDGE_PX = 4;

// How far to move a stretch so that it lies within another.
const inward = (from, to, low, high) => Math.max(0, low + EDGE_PX - from) || Math.min(0, high - EDGE_PX - to);

// A tip near the edge would be cut off by the map's frame.
export function keepInside(tip, frame) {
  Object.assign(tip.style, { marginLeft: "", marginTop: "" });
  const { marginLeft, marginTop } = getComputedStyle(tip);
  const [here, room] = [tip.getBoundingClientRect(), frame.getBoundingClientRect()];
  tip.style.marginLeft = `${parseFloat(marginLeft) + inward(here.left, here.right, room.left, room.right)}px`;
  tip.style.marginTop = `${parseFloat(marginTop) + inward(here.top, here.bottom, room.top, room.bottom)}px`;
}
