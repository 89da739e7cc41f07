// Puts the words of a freshly fetched page in the place of the old ones: the server's templates stay the only
// place where sentences, figures and tables are made. The parts are parsed apart from this document, so that
// nothing in them runs; what they hold was escaped by the templates, as in the page itself.
const PLACES = "a[href], button, summary";

// What a visitor opened, scrolled and stands on in a part of the page.
export function remember(part) {
  return {
    open: [...part.querySelectorAll("details")].map((details) => details.open),
    scrolled: [...part.querySelectorAll(".scroll")].map((box) => box.scrollLeft),
    focus: part.contains(document.activeElement)
      ? [...part.querySelectorAll(PLACES)].indexOf(document.activeElement) : -1,
  };
}

export function restore(part, { open, scrolled, focus }) {
  part.querySelectorAll("details").forEach((details, index) => { details.open = open[index] ?? false; });
  part.querySelectorAll(".scroll").forEach((box, index) => { box.scrollLeft = scrolled[index] ?? 0; });
  if (focus >= 0) part.querySelectorAll(PLACES)[focus]?.focus({ preventScroll: true });
}

export function swap(html, prepare) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  document.title = fresh.title;
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    if (!next) continue;
    const kept = remember(part);
    const adopted = document.importNode(next, true);
    part.replaceWith(adopted);
    prepare(adopted);
    restore(adopted, kept);
  }
  for (const link of document.querySelectorAll("[data-sync]")) {
    const next = fresh.querySelector(`[data-sync="${link.dataset.sync}"]`);
    if (next) link.setAttribute("href", next.getAttribute("href"));
  }
}
