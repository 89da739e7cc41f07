// Tables whose columns can be sorted; the order holds when the rows are replaced.
import { element } from "./marks.js";
import { dayInWords } from "./months.js";

const orders = new Map();

function valueOf(row, column) {
  const cell = row.cells[column];
  const text = cell.dataset.v ?? cell.textContent.trim();
  const share = cell.querySelector("meter");
  if (share) return share.value;
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return text;
  const digits = cell.dataset.v ?? text.replaceAll(/[.,](?=\d{3}\b)/g, "").replace(/^[+−]/, "");
  const number = Number(digits);
  if (text === "–" || text === "") return Number.NEGATIVE_INFINITY;
  return Number.isNaN(number) ? text : number;
}

function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), document.documentElement.lang, { numeric: true });
}

function sort(table, { column, down }) {
  const [body] = table.tBodies;
  const rows = [...body.rows].map((row) => ({ row, value: valueOf(row, column) }));
  rows.sort((a, b) => (down ? compare(b.value, a.value) : compare(a.value, b.value)));
  body.append(...rows.map(({ row }) => row));
  [...table.tHead.rows[0].cells].forEach((cell, index) => {
    if (index === column) cell.setAttribute("aria-sort", down ? "descending" : "ascending");
    else cell.removeAttribute("aria-sort");
  });
}

export function makeSortable(root = document) {
  for (const table of root.querySelectorAll("table[data-sortable]")) {
    const key = table.closest("[id]").id;
    [...table.tHead.rows[0].cells].forEach((cell, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = `${table.dataset.sortable}: ${cell.textContent.trim()}`;
      button.append(...cell.childNodes);
      button.addEventListener("click", () => {
        const before = orders.get(key);
        // Names start with A, numbers with the largest.
        orders.set(key, { column, down: before?.column === column ? !before.down : column > 0 });
        sort(table, orders.get(key));
      });
      cell.append(button);
    });
    if (orders.has(key)) sort(table, orders.get(key));
  }
}

// Of a closed site the day of its closing counts, of the others the stage that its date belongs to.
export function statusWords(site, words) {
  const stage = words.stages[site.status];
  return stage ? `${words[site.status_group]} · ${stage}` : words[site.status_group];
}

// A row as the template _sites.html has it.
export function siteRow(site, words, language, address) {
  const cell = (text, attributes = {}) => element("td", attributes, text);
  const tag = (text) => element("i", {}, text);
  const name = element("th", { scope: "row" }, element("a", { href: address }, site.name));
  if (site.synthetic) name.append(" ", tag(words.synthetic));
  if (site.shared_with.length) name.append(" ", tag(words.also));
  const since = site.closed_on ?? site.status_since;
  const people = site.people === null ? "–" : new Intl.NumberFormat(language).format(site.people);
  return element(
    "tr", {}, name,
    cell(statusWords(site, words), { class: site.status_group }),
    cell(dayInWords(since, language, "short"), { "data-v": since }),
    cell(site.site_type),
    ...(words.withRegency ? [cell((site.regency_name ?? "–").replace("Kabupaten ", "Kab. "))] : []),
    ...(site.people === undefined ? [] : [cell(people, { class: "n" })]),
    cell(words[site.location_accuracy]),
  );
}
