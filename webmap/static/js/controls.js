// The bar under the header and the legend: every control changes the state and says so by a call.
import { dayInWords, dayOf, stepOf } from "./months.js";
import { statusOf } from "./state.js";

const STEP_MS = 450;
const SETTLE_MS = 120;

export class Controls {
  // change(part, how): part of the state that differs; how is "slide" for moves that follow one another.
  constructor(language, change) {
    this.language = language;
    this.change = change;
    this.form = document.getElementById("state");
    this.slider = document.getElementById("slider");
    this.listenToForm();
    if (this.slider) this.listenToSlider();
    for (const button of this.legend()) button.addEventListener("click", () => this.toggle(button.dataset.status));
    document.getElementById("print").addEventListener("click", () => window.print());
  }

  legend() {
    return document.querySelectorAll(".filters button[data-status]");
  }

  boxes() {
    return [...this.form.querySelectorAll('[name="status"]')];  // one, of a regency's public page
  }

  listenToForm() {
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", ({ target }) => {
      if (target.name === "status") this.sendStatus();
      if (target.name === "boundaries") this.change({ boundaries: target.value });
      if (target.name === "as_of" && target.validity.valid && target.value) this.change({ as_of: target.value });
    });
  }

  toggle(group) {
    const box = this.boxes().find(({ value }) => value === group);
    box.checked = !box.checked;
    this.sendStatus();
  }

  // Nothing chosen is no view; the last one stays.
  sendStatus() {
    const chosen = this.boxes().filter((box) => box.checked).map((box) => box.value);
    this.change({ status: chosen.length ? chosen.join(",") : undefined });
  }

  listenToSlider() {
    const { first, last } = this.slider.dataset;
    this.slider.addEventListener("input", () => {
      this.pause();
      const day = dayOf(this.slider.value, first, last);
      this.say(day);
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.change({ as_of: day }, "slide"), SETTLE_MS);
    });
    this.playing = false;
    this.button = document.getElementById("play");
    this.button.addEventListener("click", () => (this.playing ? this.pause() : this.play()));
  }

  say(day) {
    const words = dayInWords(day, this.language);
    this.slider.setAttribute("aria-valuetext", words);
    const moment = document.getElementById("moment");
    if (moment.textContent !== words) moment.textContent = words;
  }

  async play() {
    const { first, last } = this.slider.dataset;
    const end = Number(this.slider.max);
    let step = Number(this.slider.value);
    if (step >= end) step = -1;
    // Who asked for less motion gets one step a press.
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      await this.change({ as_of: dayOf(step + 1, first, last) }, "slide");
      return;
    }
    this.setPlaying(true);
    while (this.playing && step < end) {
      step += 1;
      const pause = new Promise((done) => { setTimeout(done, STEP_MS); });
      const [shown] = await Promise.all([this.change({ as_of: dayOf(step, first, last) }, "slide"), pause]);
      if (!shown) break;
    }
    this.setPlaying(false);
  }

  pause() {
    if (this.playing) this.setPlaying(false);
  }

  setPlaying(playing) {
    this.playing = playing;
    this.button.classList.toggle("playing", playing);
    this.button.setAttribute("aria-label", playing ? this.button.dataset.pause : this.button.dataset.play);
  }

  // Brings every control to the state that is shown.
  sync(state, view) {
    const shown = statusOf(state);
    for (const box of this.boxes()) box.checked = shown.includes(box.value);
    for (const button of this.legend()) button.setAttribute("aria-pressed", String(shown.includes(button.dataset.status)));
    for (const radio of this.form.elements.boundaries) radio.checked = radio.value === view.boundaries;
    this.form.elements.as_of.value = view.as_of;
    if (!this.slider) return;
    const { first, last } = this.slider.dataset;
    this.slider.value = String(stepOf(view.as_of, first, last));
    this.say(view.as_of);
  }
}
