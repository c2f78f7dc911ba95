// A box in which a person draws the curve they expect: with mouse, pen or finger, or typed as five numbers. The server is told
// when a stroke or a number ends. When it is locked, what came is drawn over it.

import { clamp, el, fill, set, widest, write } from "../cell/parts.js";
import { lookOf, WORDS } from "../look.js";
import { styles } from "../styles.js";
import {
  anchors, between, filled, Heights, nameHeights, runs, smooth, stroke, ticks, type, typed, TYPED, written,
} from "./curve_points.js";

const HIGH = 220; // pixels of the box
const EDGE = 10; // pixels around it that take the pen, too
const PAUSE = 200; // milliseconds without a stroke until the server is told
const KEY_STEP = 0.05; // of the height of the box, for an arrow key

const boxes = new WeakMap(); // Streamlit's element -> our CurveBox

export default function draw({ data, parentElement, setStateValue }) {
  let box = boxes.get(parentElement);
  if (!box) boxes.set(parentElement, (box = new CurveBox(parentElement)));
  box.tell = (curve) => setStateValue("curve", curve);
  box.take(data);
  // As for live figures: Streamlit also calls this when a newer drawing is already under way.
  return () => setTimeout(() => {
    if (parentElement.isConnected) return;
    boxes.get(parentElement)?.close();
    boxes.delete(parentElement);
  });
}

/** The box in an element. `take(facts)` draws it, `tell({ values, turn })`, to be set, hears of what is drawn, `close()` ends it. */
export class CurveBox {
  constructor(parent) {
    styles("curve_box.css", import.meta.url).catch((error) => console.error("curve box:", error));
    this.turn = -1; // of the last message; the server says which one it knows
    this.dirty = false; // drawn, but not told yet
    this.title = el("span", "curve-box-y");
    this.clear = el("button", "curve-box-clear", { type: "button" });
    this.grid = el("svg:g", "curve-box-grid");
    this.lines = Object.fromEntries(["known", "area", "real", "gaps", "yours"].map(
      (name) => [name, el("svg:path", `curve-box-${name}`)]));
    this.dots = el("svg:g", "curve-box-dots");
    const label = (name) => el("svg:text", `curve-box-label ${name}`, { "text-anchor": "end" });
    this.labels = { real: label(""), yours: label("curve-box-label-yours") };
    this.hint = el("svg:text", "curve-box-hint", { "text-anchor": "middle" });
    this.came = el("svg:g", "curve-box-came", {}, this.lines.area, this.lines.real, this.labels.real);
    this.svg = el("svg:svg", "curve-box-svg", { role: "img" }, this.grid, this.lines.known, this.lines.gaps, this.came,
      this.lines.yours, this.dots, this.labels.yours, this.hint);
    this.pad = el("div", "curve-box-pad");
    this.fields = Array.from({ length: TYPED }, () => el("input", "curve-box-field", { type: "number", step: "any" }));
    this.names = this.fields.map(() => el("span", "curve-box-name", { "aria-hidden": "true" }));
    this.legend = el("legend", "");
    this.numbers = el("fieldset", "curve-box-numbers", {}, this.legend,
      ...this.fields.map((field, number) => el("label", "", {}, this.names[number], field)));
    this.picture = el("div", "curve-box-picture", {}, this.svg, this.pad);
    this.root = el("section", "curve-box", {}, el("div", "curve-box-head", {}, this.title, this.clear), this.picture, this.numbers);
    this.listen();
    parent.append(this.root);
    this.sized = new ResizeObserver(() => this.frame());
    this.sized.observe(this.picture);
  }

  listen() {
    const { pad } = this;
    pad.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button) return;
      pad.setPointerCapture(event.pointerId);
      this.pen = this.place(event);
      this.draw(this.pen);
    });
    pad.addEventListener("pointermove", (event) => {
      if (!this.pen || !event.isPrimary) return;
      const points = event.getCoalescedEvents?.() ?? [];
      for (const point of points.length ? points : [event]) this.draw(this.place(point));
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      pad.addEventListener(end, () => {
        if (!this.pen) return;
        this.pen = null;
        this.soon();
      });
    }
    this.clear.addEventListener("click", () => {
      this.values.fill(null);
      this.changed();
      this.soon();
    });
    this.fields.forEach((field, number) => {
      field.addEventListener("input", () => {
        if (!field.validity.badInput) this.type(number, field.value === "" ? null : Number(field.value));
      });
      field.addEventListener("change", () => this.soon());
      field.addEventListener("blur", () => this.paint());
      field.addEventListener("keydown", (event) => this.key(event, number));
    });
    // What is pressed next, a button perhaps, is to find the server told.
    this.outside = ({ target }) => { if (this.waiting && !this.root.contains(target)) this.send(); };
    for (const name of ["pointerdown", "click", "keydown"]) addEventListener(name, this.outside, true);
  }

  /** Take in what the page says; what it does not know of yet stays as it is drawn here. */
  take(facts) {
    const arrives = !this.facts?.truth;
    this.facts = facts;
    this.heights = new Heights(facts);
    if (facts.locked || !this.values || (!this.dirty && facts.turn >= this.turn)) {
      this.values = [...facts.drawn];
      this.turn = Math.max(this.turn, facts.turn);
      if (facts.locked) this.rest();
    }
    this.root.style.setProperty("--mine", facts.colour);
    this.root.classList.toggle("curve-box-locked", facts.locked);
    if (!facts.truth) this.came.classList.remove("curve-box-arrives");
    else if (arrives) this.came.classList.add("curve-box-arrives");
    this.say();
    this.frame();
  }

  /** Put the words where they belong. */
  say() {
    const { words, places, low, high } = this.facts;
    write(this.title, words.y);
    write(this.clear, words.clear);
    write(this.legend, words.typed);
    write(this.hint, words.hint);
    write(this.labels.yours, words.yours);
    write(this.labels.real, words.real);
    this.fields.forEach((field, number) => {
      write(this.names[number], places[number]);
      set(field, "aria-label", fill(words.number, { x: words.x, y: words.y, place: places[number] }));
      set(field, "min", String(low));
      set(field, "max", String(high));
    });
  }

  // -- drawing by hand ------------------------------------------------------------------------------------

  /** Where a pointer is: at which point, with fractions, and at which height. */
  place({ clientX, clientY }) {
    const { left, top } = this.svg.getBoundingClientRect();
    const { x, step, top: above } = this.box;
    const { points, given } = this.facts;
    return [clamp((clientX - left - x) / step - given.length, 0, points - 1), clamp(1 - (clientY - top - above) / HIGH, 0, 1)];
  }

  draw(to) {
    if (this.facts.locked) return;
    stroke(this.values, this.heights, this.pen, to);
    this.pen = to;
    this.changed();
  }

  type(number, value) {
    type(this.values, this.heights, number, value);
    this.changed();
  }

  key(event, number) {
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!up) return;
    event.preventDefault();
    const field = this.fields[number];
    const from = field.value === "" ? 0.5 : this.heights.of(Number(field.value)) + up * KEY_STEP;
    const value = this.heights.at(from);
    field.value = typed(value, this.facts.form);
    this.type(number, value);
    this.soon();
  }

  changed() {
    this.dirty = true;
    this.painting ??= requestAnimationFrame(() => { this.painting = null; this.paint(); });
  }

  /** Tell the server in a moment, when nothing more is drawn. */
  soon() {
    if (!this.dirty) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => { if (!this.pen) this.send(); }, PAUSE);
  }

  send() {
    this.rest();
    this.turn += 1;
    this.tell({ values: [...this.values], turn: this.turn });
  }

  /** Nothing waits to be told. */
  rest() {
    clearTimeout(this.waiting);
    this.waiting = this.pen = null;
    this.dirty = false;
  }

  // -- the picture ----------------------------------------------------------------------------------------

  /** Draw what stands around the curve, for the width there is. */
  frame() {
    const { facts } = this;
    const width = this.picture.clientWidth;
    if (!facts || !width) return;
    const { size } = lookOf(this.root);
    const scale = size / WORDS;
    const { words, given, points, form, places } = facts;
    const marks = ticks(facts);
    const texts = marks.map((mark) => written(mark, form));
    const left = Math.ceil(widest(texts) * scale) + 10;
    const names = Math.max(...[places[0], places.at(-1)].map((name) => widest([name]) * scale));
    const right = Math.max(12, Math.min(24, names / 2));
    const top = Math.ceil(size * 0.6);
    const step = (width - left - right) / (given.length + points - 1);
    this.box = { x: left, top, step, right: width - right, bottom: top + HIGH, size };
    const high = top + HIGH + size * 3.1;
    set(this.svg, "width", String(width));
    set(this.svg, "height", String(high));
    set(this.svg, "viewBox", `0 0 ${width} ${high}`);
    const begin = this.x(0);
    Object.assign(this.pad.style, { left: `${begin - EDGE}px`, top: `${Math.max(0, top - EDGE)}px`,
      width: `${width - right - begin + 2 * EDGE}px`, height: `${HIGH + top - Math.max(0, top - EDGE) + EDGE}px` });
    const crisp = (value) => Math.round(value) + 0.5;
    const across = marks.flatMap((mark, at) => {
      const y = this.y(mark);
      return [el("svg:line", "", { x1: left, x2: width - right, y1: crisp(y), y2: crisp(y) }),
        el("svg:text", "", { x: left - 6, y: y + size * 0.35, "text-anchor": "end", text: texts[at] })];
    });
    const all = anchors(points).map((point) => this.x(point));
    const fits = places.every((name, at) => at === 0 || (widest([name, places[at - 1]]) + 8) * scale < all[at] - all[at - 1]);
    const along = places.flatMap((name, at) => {
      const last = at === TYPED - 1;
      const said = at === 0 || last || fits;
      const room = at === 0 ? all[0] : last ? right : Infinity;
      const anchor = fits && widest([name]) * scale <= 2 * room ? "middle" : last ? "end" : "start";
      return [el("svg:line", "", { x1: crisp(all[at]), x2: crisp(all[at]), y1: top, y2: top + HIGH }),
        ...(said ? [el("svg:text", "", { x: all[at], y: top + HIGH + size * 1.35, "text-anchor": anchor, text: name })] : [])];
    });
    const away = given.length && this.heights.of(given[0]) < 0.5 ? top + size * 1.3 : top + HIGH - size * 0.6;
    const known = given.length ? [
      el("svg:rect", "curve-box-before", { x: left, y: top, width: begin - left, height: HIGH }),
      el("svg:text", "", { x: left + 6, y: away, text: words.given })] : [];
    this.grid.replaceChildren(...known, ...across, ...along, el("svg:rect", "curve-box-edge", {
      x: crisp(left), y: crisp(top), width: Math.round(width - right) - Math.round(left), height: HIGH }),
    el("svg:text", "curve-box-x", { x: (left + width - right) / 2, y: top + HIGH + size * 2.75, "text-anchor": "middle", text: words.x }));
    this.paint();
  }

  x(point) {
    return this.box.x + (this.facts.given.length + point) * this.box.step;
  }

  y(value) {
    return this.box.top + (1 - this.heights.of(value)) * HIGH;
  }

  /** Draw the curves as they are now. */
  paint() {
    if (!this.box) return;
    const { facts, values, lines } = this;
    const { truth, locked, given } = facts;
    const place = (point, value) => [this.x(point), this.y(value)];
    const path = (curve, from = 0) => runs(curve, (point, value) => place(point + from, value)).map(smooth).join("");
    const drawn = values.some((value) => value !== null);
    const whole = values.includes(null) ? filled(values) : null;
    set(lines.known, "d", path(given, -given.length));
    set(lines.yours, "d", path(values));
    set(lines.gaps, "d", whole ? path(whole) : "");
    set(lines.real, "d", truth ? path([...given.slice(-1), ...truth], -Math.min(1, given.length)) : "");
    set(lines.area, "d", truth ? between(whole ?? values, truth, place) : "");
    const at = anchors(values.length);
    this.dots.replaceChildren(...(locked ? [] : at.filter((point) => values[point] !== null).map((point) => {
      const [cx, cy] = place(point, values[point]);
      return el("svg:circle", "", { cx, cy, r: 3.5 });
    })));
    this.name();
    set(this.hint, "x", String((this.x(0) + this.box.right) / 2));
    set(this.hint, "y", String(this.box.top + HIGH / 2));
    this.hint.style.display = drawn || locked ? "none" : "";
    this.clear.disabled = !drawn;
    this.fields.forEach((field, number) => {
      const value = values[at[number]];
      if (field !== document.activeElement) field.value = value === null ? "" : typed(value, facts.form);
      set(field, "aria-invalid", String(value !== null && (value < facts.low || value > facts.high)));
    });
    set(this.svg, "aria-label", this.spoken(at));
  }

  /** Write the names of both curves at their ends: the upper one above its curve, the lower one below. */
  name() {
    const { truth, locked } = this.facts;
    const { size, right } = this.box;
    const curves = { yours: locked ? this.values : [], real: truth ?? [] };
    const shown = Object.entries(curves).flatMap(([name, curve]) => {
      const end = curve.findLastIndex((value) => value !== null);
      this.labels[name].style.display = end < 0 ? "none" : "";
      return end < 0 ? [] : [{ name, curve, end: this.y(curve[end]) }];
    }).sort((one, other) => one.end - other.end);
    if (!shown.length) return;
    const wide = Math.max(...shown.map(({ name }) => widest([this.labels[name].textContent]))) * (size / WORDS);
    const ends = shown.map(({ curve, end }) => [end, ...curve.flatMap(
      (value, point) => (value !== null && this.x(point) >= right - 12 - wide ? [this.y(value)] : []))]);
    nameHeights(ends, this.box).forEach((y, at) => {
      const label = this.labels[shown[at].name];
      set(label, "x", String(right - 6));
      set(label, "y", String(y));
    });
  }

  /** What the picture shows, in words. */
  spoken(at) {
    const { words, places, truth, locked, low, high, form } = this.facts;
    if (!locked) {
      return fill(words.box, { ...words, low: written(low, form), high: written(high, form), first: places[0], last: places.at(-1) });
    }
    const said = (value) => (value === null ? "–" : written(value, form));
    const points = at.map((point, number) => fill(truth ? words.both : words.one, {
      x: words.x, place: places[number], yours: said(this.values[point]), real: truth ? said(truth[point]) : "" }));
    return fill(truth ? words.compared : words.told, { y: words.y, points: points.join("; ") });
  }

  close() {
    clearTimeout(this.waiting);
    cancelAnimationFrame(this.painting);
    this.sized.disconnect();
    for (const name of ["pointerdown", "click", "keydown"]) removeEventListener(name, this.outside, true);
    this.root.remove();
  }
}
