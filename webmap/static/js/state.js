// The state of a view is its address: read from it, changed, and written back.
export const GROUPS = ["active", "planned", "closed", "reactivated"];
const PAGE_ONLY = "tab";
const NAMES = ["as_of", "known_at", "release", "boundaries", "status", PAGE_ONLY];

export function readState(search = location.search) {
  const given = new URLSearchParams(search);
  const state = {};
  for (const name of NAMES) {
    const value = given.getAll(name).filter(Boolean).join(",");
    if (value) state[name] = value;
  }
  return state;
}

// What equals the default stays out of the address, so that one view has one address.
function query(state, names) {
  const kept = new URLSearchParams();
  for (const name of names) {
    const value = state[name];
    if (!value || (name === "boundaries" && value === "then") || (name === PAGE_ONLY && value === "map")) continue;
    if (name === "status" && GROUPS.every((group) => value.split(",").includes(group))) continue;
    kept.set(name, value);
  }
  const text = kept.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

export function pageAddress(state, path = location.pathname) {
  return path + query(state, NAMES);
}

// Data addresses refuse parameters that they do not know, so only known ones are passed on.
export function twinAddress(state, path = location.pathname) {
  const trimmed = path.replace(/\/$/, "");
  const base = trimmed === "" || trimmed === "/en" ? `${trimmed}/index` : trimmed;
  return `${base}.json${query(state, NAMES.filter((name) => name !== PAGE_ONLY))}`;
}

export function sitesAddress(base, state, box) {
  const rest = query(state, ["as_of", "known_at", "release", "boundaries", "status"]).slice(1);
  return `${base}?bbox=${box.join(",")}${rest ? `&${rest}` : ""}`;
}

export function statusOf(state) {
  const chosen = state.status ? state.status.split(",") : GROUPS;
  return GROUPS.filter((group) => chosen.includes(group));
}
