// A release in the browser: what the server would answer for another day, from one document (/release.json).
import { GROUPS, statusOf } from "./state.js";

const TARGET = "2019-12-31";
const DAYS_A_YEAR = 365.25;
const LAST_YEAR = 2199;
const LISTED = { sites: 500, events: 8 };
const PUBLIC = GROUPS.slice(0, 3);
const NOBODY = { closed: 0, lokasi_closed: 0, last_event_on: null, closed_12_months: 0 };

const holds = ({ valid_from: from, valid_to: to }, on) => (!from || from <= on) && (!to || on < to);
const daysBetween = (from, to) => (Date.parse(to) - Date.parse(from)) / 864e5;
const later = (day, days) => new Date(Date.parse(day) + days * 864e5).toISOString().slice(0, 10);
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
// As Python rounds: the half to the even neighbour.
export const even = (number) => (Math.abs(number % 1) === 0.5 ? 2 * Math.round(number / 2) : Math.round(number));
export const tenth = (number) => even(number * 10) / 10;
const last = (rows, day) => rows.findLast(([on]) => on <= day);

function yearBefore(day) {
  const before = `${day.slice(0, 4) - 1}${day.slice(4)}`;
  return before.endsWith("02-29") ? before.replace("29", "28") : before;
}

function grouped(rows, keyOf) {
  const found = new Map();
  for (const row of rows) found.set(keyOf(row), [...(found.get(keyOf(row)) ?? []), row]);
  return found;
}

// As gis.domain.regional_summary.pace.
export function pace(remaining, perYear, asOf) {
  const yearsLeft = daysBetween(asOf, TARGET) / DAYS_A_YEAR;
  const missed = asOf > TARGET && remaining > 0;
  const years = remaining / perYear;
  const ends = remaining && perYear && Number(asOf.slice(0, 4)) + years <= LAST_YEAR;
  return {
    per_year: perYear, target_on: TARGET, remaining,
    needed_per_year: yearsLeft > 0 && remaining ? tenth(remaining / yearsLeft) : null,
    missed_by_sites: missed ? remaining : null,
    missed_by_years: missed ? tenth(-yearsLeft) : null,
    projected_end_on: ends ? later(asOf, even(years * DAYS_A_YEAR)) : null,
  };
}

export class Release {
  constructor(data) {
    Object.assign(this, data);
    this.today = data.release.published_on;
    this.figures = grouped(data.figures, ([, province, type]) => `${type} ${province}`);
    this.people = grouped(data.people, ([, province, type]) => `${type} ${province}`);
    this.events = data.events.map((event) => ({ ...event, site_name: data.sites.find(({ id }) => id === event.site_id).name }));
  }

  // The day that is told of: the last one with figures, and the one whose regions are meant.
  moment({ as_of: asked = this.today, boundaries }) {
    const until = asked < this.today ? asked : this.today;
    const asOf = this.days.findLast((day) => day <= until) ?? until;
    return { asOf, on: boundaries === "today" ? this.today : asOf };
  }

  // Where each part of today's regions lay on a day.
  placesOn(on) {
    const places = new Map();
    for (const { level, code, parent_code: parent, valid_to: gone } of this.regions) {
      if (!gone) places.set(code, level === "province" ? { province: code } : { province: parent, regency: code });
    }
    for (const place of this.places) if (holds(place, on)) places.set(place.part, place);
    return places;
  }

  sitesAt({ asOf, on }) {
    const places = this.placesOn(on);
    const names = new Map(this.regions.filter((region) => holds(region, on)).map(({ code, name }) => [code, name]));
    return this.sites.filter((site) => site.closed_on <= asOf).map(({ province, regency, region_codes: codes, ...site }) => {
      const province_code = places.get(province)?.province ?? null;
      const regency_code = places.get(regency)?.regency ?? null;
      const parts = codes.map((code) => places.get(code)).filter(Boolean).map((place) => place.regency ?? place.province);
      return {
        ...site, province_code, regency_code, province_name: names.get(province_code) ?? null, regency_name: names.get(regency_code) ?? null,
        shared_with: [...new Set(parts)].filter((code) => code !== regency_code && code !== province_code).sort(),
        status: "closed", status_group: "closed", status_since: site.closed_on,
      };
    });
  }

  // Closings by region; "" is the nation.
  closings(sites, { asOf }) {
    const found = new Map();
    for (const { site_type: type, closed_on: on, province_code: province, regency_code: regency } of sites) {
      for (const code of new Set(["", province, regency].filter((each) => each !== null))) {
        const held = { ...(found.get(code) ?? NOBODY) };
        held[type === "lokalisasi" ? "closed" : "lokasi_closed"] += 1;
        if (type === "lokalisasi" && on > yearBefore(asOf)) held.closed_12_months += 1;
        if (!held.last_event_on || on > held.last_event_on) held.last_event_on = on;
        found.set(code, held);
      }
    }
    return found;
  }

  // The provinces of today that lay in a province on a day; of the nation all, and what lies in none.
  partsOf(code, on) {
    const all = [...new Set([...this.figures.keys(), ...this.people.keys()].map((key) => key.split(" ")[1]))].filter((part) => part !== "null");
    const places = this.placesOn(on);
    return code === null ? all : all.filter((part) => places.get(part)?.province === code);
  }

  counted(parts, type, day) {
    const rows = parts.map((part) => last(this.figures.get(`${type} ${part}`) ?? [], day)).filter(Boolean);
    return { active: sum(rows.map((row) => row[3])), planned: sum(rows.map((row) => row[4])), closed: sum(rows.map((row) => row[5])) };
  }

  residents(parts, day) {
    const rows = parts.map((part) => last(this.people.get(`lokalisasi ${part}`) ?? [], day)).filter((row) => row?.[3]);
    const withheld = rows.some((row) => row[4] === null);
    return { people: withheld || !rows.length ? null : sum(rows.map((row) => row[4])), people_withheld: withheld };
  }

  // What a summary holds; of a regency no more than its closings is public.
  summary({ level, code, name, parent_code }, closings, { asOf, on }) {
    const closed = closings.get(code ?? "") ?? NOBODY;
    const told = { level, code, name, parent_code, ...closed };
    if (level === "regency") return told;
    const parts = this.partsOf(code, on);
    const [sites, beside] = ["lokalisasi", "lokasi"].map((type) => this.counted(parts, type, asOf));
    const { active, planned } = sites;
    const sites_total = active + planned + closed.closed;
    return {
      ...told, active, planned, sites_total, ...this.residents(code === null ? [null] : parts, asOf),
      lokasi_total: beside.active + beside.planned + closed.lokasi_closed,
      closed_share: sites_total ? Math.round((closed.closed / sites_total) * 1e4) / 1e4 : null,
      pace: pace(active + planned, closed.closed_12_months, asOf),
    };
  }

  series(code, { on }) {
    const parts = this.partsOf(code, on);
    const days = this.days.filter((day) => day === this.today || later(day, 1).endsWith("-01"));
    return days.map((day) => {
      const { active, planned, closed } = this.counted(parts, "lokalisasi", day);
      return { on: day, total: active + planned + closed, closed };
    });
  }

  layer(level, within, on) {
    const known = this.layers.filter((layer) => layer.level === level && layer.parent_code === within);
    return known.findLast(({ vintage }) => vintage <= on) ?? known[0];
  }

  // What a province belonged to before it was one, the latest first.
  formerOf(code) {
    const before = this.places.filter(({ part, regency, province }) => part === code && !regency && province !== code);
    return before.reverse().map(({ province, valid_to: to }) => {
      const until = later(to, -1);
      return { code: province, until, name: this.regions.find((region) => region.code === province && holds(region, until)).name };
    });
  }

  // The data twin of a page: of the nation where the code is null.
  view(code, state) {
    const moment = this.moment(state);
    const { asOf, on } = moment;
    const borne = this.regions.filter((region) => region.code === code);
    const region = code === null ? { level: "nation", code, name: "Indonesia", parent_code: null } : borne.find((each) => holds(each, on)) ?? borne.at(-1);
    const exists = holds(region, on);
    const isRegency = region.level === "regency";
    const sites = this.sitesAt(moment);
    const closings = this.closings(sites, moment);
    const below = this.regions.filter((each) => holds(each, on) && each.level === (code ? "regency" : "province") && (!code || each.parent_code === code));
    const children = below.map((each) => this.summary(each, closings, moment));
    const told = this.summary(region, exists ? closings : new Map(), moment);
    const here = ({ province_code, regency_code, shared_with }) => !code || [province_code, regency_code, ...shared_with].includes(code);
    const listed = new Map(sites.filter(here).map((site) => [site.id, site]));
    const status = statusOf(state).filter((group) => PUBLIC.includes(group));
    const drawn = (isRegency ? [told] : children).filter((row) => row.closed || row.lokasi_closed || row.active || row.planned);
    const places = new Map((isRegency ? [region] : below).map((each) => [each.code, each]));
    return {
      as_of: asOf, boundaries: state.boundaries === "today" ? "today" : "then", today: this.today, status, region: told, exists, children,
      children_level: { nation: "province", province: "regency" }[region.level] ?? null,
      bubbles: exists ? drawn.map((row) => ({ ...row, lon: places.get(row.code).lon, lat: places.get(row.code).lat })) : [],
      unplaced: code ? 0 : told.sites_total - sum(children.map((row) => row.sites_total)),
      parent: exists && isRegency ? this.regions.find((each) => each.code === region.parent_code && holds(each, on)) : null,
      former: this.formerOf(code),
      sites: status.includes("closed") ? [...listed.values()].slice(0, LISTED.sites) : [],
      sites_truncated: listed.size > LISTED.sites,
      events: this.events.filter((event) => listed.has(event.site_id) && event.occurred_on <= asOf).slice(0, LISTED.events),
      reactivated_by_year: code ? [] : this.reactivated_by_year.filter(({ year }) => String(year) <= asOf.slice(0, 4)),
      series: isRegency ? [] : this.series(code, moment),
      layer: this.layer(code ? "regency" : "province", isRegency ? region.parent_code : code, on),
    };
  }

  // What the map asks for from the zoom at which single sites are drawn.
  features(state, [west, south, east, north]) {
    if (!statusOf(state).includes("closed")) return [];
    const near = ({ geometry }) => geometry && west <= geometry.coordinates[0] && geometry.coordinates[0] <= east && south <= geometry.coordinates[1] && geometry.coordinates[1] <= north;
    return this.sitesAt(this.moment(state)).filter(near).map(({ geometry, ...properties }) => ({ geometry, properties }));
  }
}
