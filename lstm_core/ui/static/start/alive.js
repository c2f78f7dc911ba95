// The network on Start: how likely it holds the letter and how far its gates are open, time step by time step. A finished
// network is played along time; one that trains is shown as the stream tells it, and the page is asked anew when it ends.

import { clamp, el, fill, write } from "../cell/parts.js";
import { follow } from "../live/stream.js";
import { styles } from "../styles.js";
import { curve, kept, onward, progress, sentence, share, valueOf } from "./told.js";

const [WIDTH, HEIGHT] = [200, 56]; // of the loss curve, in its own units
const ICONS = { play: "M7 4v16l13-8z", pause: "M6 4h4v16H6zM14 4h4v16h-4z", back: "M16 5v14l-10-7zM4 5h2v14H4z", on: "M8 5v14l10-7zM18 5h2v14h-2z" };

const still = matchMedia("(prefers-reduced-motion: reduce)");
const shown = new WeakMap(); // Streamlit's element -> our Alive

export default function draw({ data, parentElement, setTriggerValue }) {
  let alive = shown.get(parentElement);
  if (!alive) shown.set(parentElement, (alive = new Alive(parentElement)));
  alive.trigger = setTriggerValue;
  alive.take(data);
  return () => setTimeout(() => {
    if (parentElement.isConnected) return;
    shown.get(parentElement)?.close();
    shown.delete(parentElement);
  });
}

class Alive {
  constructor(parent) {
    styles("alive.css", import.meta.url).catch((error) => console.error("alive:", error));
    this.told = { picture: (run) => this.show(run), look: () => this.trigger("changed", `${performance.now()}`) };
    this.paused = still.matches;
    this.title = el("h2", "alive-title");
    this.task = el("p", "alive-task");
    this.rows = el("div", "alive-rows", { role: "slider", tabindex: 0, "aria-valuemin": 1 });
    this.says = el("p", "alive-says", { "aria-live": "off" });
    this.buttons = Object.fromEntries(["back", "play", "on"].map((name) => [name, button()]));
    this.controls = el("div", "alive-controls", {}, ...Object.values(this.buttons), this.says);
    this.numbers = el("dl", "alive-numbers");
    this.line = el("svg:polyline", "");
    this.loss = el("svg:svg", "alive-loss", { role: "img", viewBox: `0 -3 ${WIDTH} ${HEIGHT + 6}`, preserveAspectRatio: "none" }, this.line);
    this.root = el("section", "alive", {}, el("div", "alive-head", {}, this.title, this.task),
      el("div", "alive-picture", {}, this.rows, this.controls), el("div", "alive-measured", {}, this.numbers, this.loss));
    this.listen();
    parent.append(this.root);
  }

  listen() {
    const { play, back, on } = this.buttons;
    play.addEventListener("click", () => this.toggle());
    back.addEventListener("click", () => this.go(this.column - 1));
    on.addEventListener("click", () => this.go(this.column + 1));
    this.rows.addEventListener("click", ({ target }) => {
      const column = target.closest("[data-column]")?.dataset.column;
      if (column) this.go(Number(column));
      else this.toggle();
    });
    this.rows.addEventListener("keydown", (event) => {
      const to = { ArrowLeft: this.column - 1, ArrowDown: this.column - 1, ArrowRight: this.column + 1, ArrowUp: this.column + 1,
        Home: 0, End: Infinity }[event.key];
      if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      if (event.key === " " || event.key === "Enter") this.toggle();
      else if (to !== undefined) this.go(to);
      else return;
      event.preventDefault();
    });
    this.calm = () => { if (still.matches) this.pause(); };
    still.addEventListener("change", this.calm);
  }

  // -- what the page and the stream tell ------------------------------------------------------------------

  /** Take in what the page says; a run that trains is followed from now on. */
  take(facts) {
    const other = facts.live.run !== this.facts?.live.run;
    const ended = this.facts?.moving && !facts.moving;
    this.facts = facts;
    this.told.looks = [facts.unit];
    this.asked = null;
    this.build();
    if (other) this.seen = null;
    if (facts.now && !(this.seen?.update > facts.now.update)) this.see(facts.now);
    else if (other) this.clear();
    this.measure(facts.numbers, facts.curve);
    this.leave?.();
    this.leave = facts.moving ? follow(facts.live, this.told) : null;
    const begins = other || ended ? 0 : this.column;
    this.go(facts.moving || (still.matches && begins === 0) ? Infinity : begins, { pauses: false });
  }

  /** Make the cells of all rows, once for each sequence and language. */
  build() {
    const { facts } = this;
    const { words, marks, gates, letter, steps, length } = facts;
    const shape = JSON.stringify([words, marks, gates, letter]);
    if (shape === this.shape) return;
    this.shape = shape;
    const filled = (text) => fill(text, { letter, length, count: steps.length });
    write(this.title, words.title);
    write(this.task, words.task);
    this.loss.setAttribute("aria-label", words.curve);
    this.rows.setAttribute("aria-label", filled(words.alt));
    this.rows.setAttribute("aria-valuemax", steps.length);
    this.rows.style.setProperty("--count", steps.length);
    const rows = [["input", words.input, ""], ["held", filled(words.held), facts.colour],
      ...gates.map(({ name, colour }) => [name, words[name], colour])];
    this.cells = {};
    this.rows.replaceChildren(...rows.map(([name, label, colour]) => {
      this.cells[name] = marks.map((mark, column) => el("span", "alive-cell", { "data-column": column },
        ...(name === "input" ? [mark] : [el("i", "")])));
      const line = el("div", "alive-line", { "aria-hidden": "true" }, ...this.cells[name]);
      line.style.setProperty("--colour", colour);
      return el("div", `alive-row alive-${name}`, {}, el("span", "alive-label", { text: label }), line);
    }));
    const { back, on } = this.buttons;
    back.set(words.back, ICONS.back);
    on.set(words.on, ICONS.on);
    this.values = Object.fromEntries(["updates", "share", "kept", "loss"].map((name) => [name, el("dd", "", { text: "–" })]));
    this.numbers.replaceChildren(...Object.entries(this.values).map(([name, value]) =>
      el("div", "", {}, el("dt", "", { text: words[name] }), value)));
  }

  /** Show what has come of the run that is followed; when it ends, the page tells what follows. */
  show(run) {
    const seen = run.inside[this.facts.unit];
    if (seen && seen !== this.arrived) {
      this.arrived = seen;
      this.see({ ...this.arrived, values: this.arrived.values.flatMap((row) => Array.from(row)) });
    }
    this.measure(run.numbers, run.losses.mean);
    if (run.structure !== this.facts.structure && this.asked !== run.structure) {
      this.asked = run.structure;
      this.trigger("changed", run.structure);
    }
  }

  measure([updates, loss, , right], losses) {
    write(this.values.updates, updates);
    write(this.values.share, right);
    write(this.values.loss, loss);
    this.line.setAttribute("points", curve(losses, WIDTH, HEIGHT));
  }

  // -- drawing --------------------------------------------------------------------------------------------

  see(seen) {
    this.seen = seen;
    write(this.values.kept, this.facts.unit < 0 ? "–" : share(kept(this.facts, seen, this.facts.steps.length - 1)));
    const high = (cells, value) => cells.forEach((cell, column) => {
      cell.firstChild.style.setProperty("--value", clamp(value(column) || 0, 0, 1).toFixed(4));
    });
    high(this.cells.held, (column) => seen.output[column]);
    for (const { name } of this.facts.gates) high(this.cells[name], (column) => valueOf(this.facts, seen, name, column));
    this.tell();
  }

  clear() {
    for (const row of Object.values(this.cells)) for (const { firstChild } of row) firstChild.style?.setProperty("--value", 0);
    this.tell();
  }

  /** Say what is to be seen now. */
  tell() {
    const { facts, seen, column } = this;
    if (column === undefined) return;
    const text = !seen ? facts.words.waits : facts.moving ? progress(facts, seen) : sentence(facts, seen, column);
    write(this.says, text);
    this.rows.setAttribute("aria-valuenow", column + 1);
    this.rows.setAttribute("aria-valuetext", seen && facts.moving ? `${text} ${sentence(facts, seen, column)}` : text);
  }

  // -- time -----------------------------------------------------------------------------------------------

  get plays() {
    return !this.paused && !this.facts.moving;
  }

  /** Go to a time step; where a person does that, the picture stays there. */
  go(column, { pauses = true } = {}) {
    const last = this.facts.steps.length - 1;
    if (pauses) this.paused = true;
    this.says.setAttribute("aria-live", pauses ? "polite" : "off");
    this.column = clamp(column, 0, last);
    for (const row of Object.values(this.cells)) {
      row.forEach((cell, at) => {
        cell.classList.toggle("alive-ahead", at > this.column);
        cell.classList.toggle("alive-now", at === this.column && !this.facts.moving);
      });
    }
    this.tell();
    this.wait();
  }

  /** Wait for the next time step, when it plays. */
  wait() {
    const { play, back, on } = this.buttons;
    const { words, moving } = this.facts;
    clearTimeout(this.timer);
    play.set(this.plays ? words.pause : words.play, this.plays ? ICONS.pause : ICONS.play);
    for (const one of [play, back, on]) one.disabled = moving;
    if (!this.plays) return;
    const count = this.facts.steps.length;
    const { wait } = onward((this.column + count - 1) % count, count);
    this.timer = setTimeout(() => this.go(onward(this.column, count).column, { pauses: false }), wait);
  }

  toggle() {
    if (this.facts.moving) return;
    this.paused = !this.paused;
    this.wait();
  }

  pause() {
    this.paused = true;
    this.wait();
  }

  close() {
    clearTimeout(this.timer);
    still.removeEventListener("change", this.calm);
    this.leave?.();
    this.root.remove();
  }
}

/** A button with a picture on it, which is named anew by `set`. */
function button() {
  const path = el("svg:path", "");
  const made = el("button", "alive-button", { type: "button" }, el("svg:svg", "", { viewBox: "0 0 24 24", "aria-hidden": "true" }, path));
  made.set = (name, drawn) => {
    if (made.title === name) return;
    made.title = name;
    made.setAttribute("aria-label", name);
    path.setAttribute("d", drawn);
  };
  return made;
}
