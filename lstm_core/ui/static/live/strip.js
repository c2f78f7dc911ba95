// The network while it learns: unrolled over one sequence, with its gates as the stream tells them. Streamlit calls the
// default function at the first drawing and at each update; what moves in between stays in here, in the same nodes.

import { bound, clamp, el, fill, grouped, Scales, write } from "../cell/parts.js";
import { lookOf, WORDS } from "../look.js";
import { styles } from "../styles.js";
import { follow, lookAnew } from "./stream.js";
import { Painter } from "./strip_draw.js";
import { between, placesOf, spotAt } from "./strip_places.js";
import { joined, toldOf, whereIs } from "./strip_words.js";

const MEAN = -1; // in place of a unit
const KEPT = "gatescope.strip.unit"; // where the browser keeps which unit is shown
const FRAME = 30; // milliseconds between two frames, at least
const [SHORTEST, LONGEST] = [120, 1000]; // milliseconds of a glide

const still = matchMedia("(prefers-reduced-motion: reduce)");
const strips = new WeakMap(); // Streamlit's element -> our Strip

export default function draw({ data, parentElement, setStateValue, setTriggerValue }) {
  let strip = strips.get(parentElement);
  if (!strip) strips.set(parentElement, (strip = new Strip(parentElement)));
  Object.assign(strip, { setStateValue, setTriggerValue });
  strip.take(data);
  return () => setTimeout(() => {
    if (parentElement.isConnected) return;
    strips.get(parentElement)?.close();
    strips.delete(parentElement);
  });
}

class Strip {
  constructor(parent) {
    styles("strip.css", import.meta.url).catch((error) => console.error("strip:", error));
    this.parent = parent;
    this.unit = Number(sessionStorage.getItem(KEPT) ?? MEAN);
    this.told = { looks: [], picture: (run) => this.show(run), look: () => this.look() };
    this.pace = 250; // milliseconds between two pictures, as measured
    this.spot = null; // what is pointed at: { row, column }
    this.title = el("b");
    this.select = el("select", "", { change: () => this.choose(Number(this.select.value)) });
    this.label = el("span");
    this.choice = el("label", "", {}, this.label, this.select);
    this.keys = [el("span", "strip-key"), el("span", "strip-key")];
    this.moment = el("span", "strip-moment");
    this.canvases = [el("canvas", "", { "aria-hidden": "true" }), el("canvas", "strip-moving", { "aria-hidden": "true" })];
    this.tip = el("div", "strip-tip", { "aria-hidden": "true", hidden: "" });
    this.spoken = el("div", "run-spoken", { "aria-live": "polite" });
    this.field = el("div", "strip-field", { role: "group", tabindex: 0 }, ...this.canvases);
    this.about = el("p", "strip-about");
    this.root = el("section", "strip", {}, el("div", "strip-head", {}, this.title, this.choice,
      ...this.keys, this.moment), this.field, this.tip, this.about, this.spoken);
    this.listen();
    parent.append(this.root);
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.root);
  }

  listen() {
    const { field } = this;
    const at = ({ clientX, clientY }) => {
      const box = this.canvases[0].getBoundingClientRect();
      return spotAt(this.places, this.facts.steps.length, (clientX - box.left) / this.scale, (clientY - box.top) / this.scale);
    };
    field.addEventListener("pointermove", (event) => { if (event.pointerType === "mouse") this.point(at(event)); });
    field.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") this.point(null); });
    field.addEventListener("pointerdown", () => { this.pressed = true; });
    field.addEventListener("click", (event) => {
      const spot = at(event);
      const known = event.pointerType === "mouse" || same(spot, this.spot); // a finger points first, then opens
      this.pressed = false;
      if (spot && known) this.open(spot);
      else this.point(spot);
    });
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("focus", () => {
      if (!this.pressed) this.point(this.spot ?? { row: 1, column: this.facts.steps.length - 1 }, true);
    });
    field.addEventListener("blur", () => { this.pressed = false; this.point(null); });
  }

  // -- what the page and the stream tell ------------------------------------------------------------------

  /** Take in what the page says; draw anew only what has changed. */
  take(facts) {
    const { now, unit, ...shape } = facts;
    const told = JSON.stringify(shape);
    this.facts = facts;
    if (told !== this.shape) {
      this.shape = told;
      this.build();
      const live = JSON.stringify(facts.live);
      if (live !== this.live) {
        this.live = live;
        this.clear();
        this.leave?.();
        this.leave = follow(facts.live, this.told);
      }
    }
    if (now && unit === this.unit && !(this.seen?.update > now.update)) {
      const numbers = (values) => Float32Array.from(values, (value) => value ?? NaN);
      this.see({ ...now, values: numbers(now.values), output: numbers(now.output) });
    }
    const look = JSON.stringify(lookOf(this.parent));
    if (look !== this.theme) {
      this.theme = look;
      this.fit();
      this.drawStill();
    }
  }

  build() {
    const { facts } = this;
    const { words, layers, labels, colours } = facts;
    this.scales = new Scales({ ...facts, colours });
    write(this.title, words.title);
    write(this.label, words.shown);
    this.choice.hidden = !facts.choice;
    const most = Math.max(...layers);
    if (this.unit >= most || !Number.isInteger(this.unit)) this.unit = MEAN;
    this.told.looks = [this.unit];
    this.offer([words.mean, ...Array.from({ length: most }, (_, at) => fill(words.unit_n, { unit: at + 1 }))]);
    [[words.prediction, colours.predicted], [words.real, colours.real]].forEach(([name, colour], at) => {
      write(this.keys[at], name);
      this.keys[at].style.setProperty("--key", colour);
    });
    const count = facts.steps.length;
    write(this.about, joined(count < facts.length ? fill(words.some, { count, length: facts.length }) : "", words.about));
    this.field.setAttribute("aria-label", fill(words.alt, { count, length: facts.length }));
    const size = layers.length * facts.parts.length * count;
    if (this.values?.length !== size || this.named !== JSON.stringify([facts.parts, labels])) {
      this.named = JSON.stringify([facts.parts, labels]);
      this.clear();
    }
    this.places = null;
    this.fit();
  }

  /** Let the person choose among the units; options that are there stay. */
  offer(names) {
    const { options } = this.select;
    while (options.length > names.length) options[options.length - 1].remove();
    names.forEach((name, at) => {
      if (!options[at]) this.select.append(el("option", "", { value: at - 1 }));
      write(options[at], name);
    });
    this.select.value = this.unit;
  }

  /** Nothing is known (any more). */
  clear() {
    const { layers, parts, steps } = this.facts;
    const fresh = (size) => new Float32Array(size).fill(NaN);
    this.seen = null;
    this.values = fresh(layers.length * parts.length * steps.length);
    this.output = fresh(steps.length);
    this.bounds = fresh(layers.length);
    this.from = [this.values, this.output, this.bounds];
    this.to = this.from;
    write(this.moment, "");
    this.draw();
  }

  show(run) {
    const seen = run.inside[this.unit];
    if (seen && seen.values !== this.arrived) {
      this.arrived = seen.values;
      this.see({ ...seen, values: Float32Array.from(seen.values.flatMap((row) => Array.from(row))) });
    } else if (!seen && run.update < this.seen?.update) this.clear(); // taken back to its beginning
  }

  /** Let all values glide to these. */
  see(seen) {
    const { facts } = this;
    const { steps, parts, layers, memory } = facts;
    if (seen.values.length !== this.values.length) return;
    const now = performance.now();
    if (this.since) this.pace += 0.3 * (clamp(now - this.since, SHORTEST, LONGEST) - this.pace);
    this.since = now;
    const units = JSON.stringify(this.seen?.units);
    this.seen = seen;
    const largest = layers.map((_, layer) => {
      const start = (layer * parts.length + parts.indexOf(memory)) * steps.length;
      return Math.max(0.1, bound(seen.values.slice(start, start + steps.length)));
    });
    this.from = [Float32Array.from(this.values), Float32Array.from(this.output), Float32Array.from(this.bounds)];
    this.to = [seen.values, seen.output, largest];
    write(this.moment, fill(facts.words.after, { update: grouped(seen.update) }));
    if (units !== JSON.stringify(seen.units)) this.drawStill();
    if (this.spot) this.tell();
    this.step();
  }

  /** There is no stream: the page looks by itself, and must know at what. */
  look() {
    if (this.facts.unit !== this.unit) this.setStateValue("unit", this.unit);
  }

  choose(unit) {
    this.unit = unit;
    sessionStorage.setItem(KEPT, unit);
    this.told.looks = [unit];
    lookAnew();
  }

  // -- drawing --------------------------------------------------------------------------------------------

  fit() {
    const room = this.root.clientWidth;
    const scale = lookOf(this.parent).size / WORDS;
    if (!room || !this.facts || (this.places && room === this.room && scale === this.scale)) return;
    Object.assign(this, { room, scale });
    this.places = placesOf(this.facts, room / scale);
    this.painter = new Painter(this.facts, this.scales, this.places, scale, ...this.canvases);
    this.field.style.height = `${this.places.height * scale + (this.places.width * scale > room ? 14 : 0)}px`;
    this.drawStill();
  }

  drawStill() {
    if (!this.painter) return;
    const { text, font } = lookOf(this.parent);
    this.painter.still(text, font, this.seen?.units);
    this.draw();
  }

  /** Draw one frame, and ask for the next one while anything moves. */
  step(now = performance.now()) {
    cancelAnimationFrame(this.frame);
    const share = still.matches ? 1 : clamp((performance.now() - this.since) / this.pace, 0, 1);
    if (share === 1 || now - (this.drawn ?? 0) >= FRAME) {
      this.drawn = now;
      [this.values, this.output, this.bounds].forEach((into, at) => between(this.from[at], this.to[at], share, into));
      this.draw();
    }
    if (share < 1) this.frame = requestAnimationFrame((then) => this.step(then));
  }

  draw() {
    this.painter?.moving(this.values, this.bounds, this.output, this.seen?.likeliest, this.spot);
  }

  // -- pointing -------------------------------------------------------------------------------------------

  point(spot, speaks = false) {
    if (same(spot, this.spot) && !speaks) return;
    this.spot = spot;
    this.tip.hidden = !spot;
    if (spot) this.tell(speaks);
    this.draw();
  }

  /** Say what lies at the chosen spot, with the true numbers of the last picture. */
  tell(speaks = false) {
    const { spot, facts, places, scale, tip } = this;
    const row = places.rows[spot.row];
    const { name, sentence } = toldOf(facts, this.seen, row, spot.column);
    const where = whereIs(facts, this.seen, row, spot.column);
    tip.replaceChildren(el("b", "", { text: name }), el("span", "", { text: where }), el("p", "", { text: sentence }),
      el("i", "", { text: facts.words.click }));
    if (speaks) write(this.spoken, [name, where, sentence].reduce((first, next) => fill(facts.words.then, { first, next })));
    const box = this.canvases[0].getBoundingClientRect();
    const frame = this.root.getBoundingClientRect();
    const x = box.left - frame.left + (places.gutter + (spot.column + 0.5) * places.wide) * scale;
    const y = box.top - frame.top + (row.y + row.h) * scale + 6;
    tip.style.left = `${clamp(x - tip.offsetWidth / 2, 0, Math.max(0, frame.width - tip.offsetWidth))}px`;
    tip.style.top = `${y}px`;
  }

  key(event) {
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -Infinity],
      End: [0, Infinity] }[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Escape") this.point(null);
    else if ((event.key === "Enter" || event.key === " ") && this.spot) this.open(this.spot);
    else if (move) {
      const { row, column } = this.spot ?? { row: 1, column: this.facts.steps.length - 1 };
      this.point({ row: clamp(row + move[0], 0, this.places.rows.length - 1),
        column: clamp(column + move[1], 0, this.facts.steps.length - 1) }, true);
      this.reveal();
    } else return;
    event.preventDefault();
  }

  /** Scroll the strip sideways so far that the chosen column is seen. */
  reveal() {
    const { field, spot } = this;
    const [gutter, wide] = [this.places.gutter, this.places.wide].map((pixels) => pixels * this.scale);
    const x = gutter + spot.column * wide;
    if (x < field.scrollLeft + gutter) field.scrollLeft = x - gutter;
    else if (x + wide > field.scrollLeft + field.clientWidth) field.scrollLeft = x + wide - field.clientWidth;
  }

  open({ row, column }) {
    const { layer } = this.places.rows[row];
    this.setTriggerValue("open", { layer, unit: this.seen?.units[layer] ?? this.unit, step: this.facts.steps[column] });
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.leave?.();
    this.observer.disconnect();
    this.root.remove();
  }
}

const same = (one, other) => one?.row === other?.row && one?.column === other?.column;
