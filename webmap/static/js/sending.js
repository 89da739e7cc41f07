// A file takes a while: it is sent once, and after a second the page says what goes on.
const SLOW_MS = 1000;

for (const form of document.querySelectorAll("form[data-waiting]")) {
  const button = form.querySelector("button:last-of-type");
  const told = form.querySelector("[role=status]");
  let timer;
  form.addEventListener("submit", () => {
    setTimeout(() => { button.disabled = true; });  // after the form's own values are taken
    timer = setTimeout(() => { told.textContent = form.dataset.waiting; }, SLOW_MS);
  });
  // Back from the next page, the form is as it was.
  addEventListener("pageshow", () => {
    clearTimeout(timer);
    button.disabled = false;
    told.textContent = "";
  });
}
