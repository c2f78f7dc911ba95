// Heat maps of all gates and states, one under the other along one time axis; the chosen step and unit are marked.

import { explain, walk } from "./bubble.js";
import { answerName } from "./outcome.js";
import { bound, clamp, el, exact, fill, shortened, widest, write } from "./parts.js";

const TALLEST = 96; // pixels of a panel
const ROW = 13; // pixels of a row where there is room
const NAMED = 16; // rows that all have their names written beside them
const GUTTER = 26; // pixels left of a picture, for units or short names
const TURN = (50 * Math.PI) / 180; // of words under the time axis
const TURNED = 15; // pixels that a turned word takes

export class Maps {
  /** `chosen(step, unit)` is called when a person points at a place; unit is null where rows are not units. */
  constructor(facts, scales, chosen) {
    this.facts = facts;
    this.scales = scales;
    this.chosen = chosen;
    this.lights = [el("div", "cv-light"), el("div", "cv-light")];
    this.chosenStep = this.chosenUnit = 0;
    const { words } = facts;
    this.axisName = facts.symbols.length ? words.symbol : facts.dates ? words.date : words.time_step;
    this.axis = explain(el("div", "cv-axis", { role: "img", "aria-label": this.axisName, tabindex: -1 }), () => ({
      name: this.axisName, text: fill(words.say_axis, { steps: facts.steps, label: facts.marks[this.chosenStep] }) }));
    this.stack = el("div", "cv-stack");
    this.root = el("div", "cv-maps", { tabindex: 0, role: "group", "aria-label": fill(words.then, { first: words.maps, next: words.keys }),
      keydown: (event) => walk(event, [...this.root.querySelectorAll(".cv-stages span, .cv-panel-head, .cv-units, .cv-axis")]) },
      this.stack, this.axis);
  }

  /** Make the panels of a layer. */
  build(layer) {
    const { facts } = this;
    const { words, steps, layers, entering, labels } = facts;
    this.layer = layer;
    this.units = layers[layer];
    this.panels = [];
    const input = layer ? fill(words.input_layer, { layer }) : words.input;
    // A row for each of many one-hot symbols could not be seen; which one was read stands below the maps.
    const oneHot = !layer && facts.symbols.length > 0 && facts.names.length > 0;
    if (!oneHot || entering <= TALLEST) {
      this.add("x", input, layer ? layers[layer - 1] : entering, null, layer ? [] : facts.names);
    }
    for (const name of [...facts.gates, ...[...facts.states].reverse()]) {
      this.add(name, facts.headings[name], this.units, facts.colours.gates[name], null);
    }
    if (labels.length) this.add("y", answerName(facts), facts.outputs, facts.colours.predicted, labels);
    const stage = (name, text) => explain(el("span", "", { text: name, tabindex: -1 }), () => ({ name, text }));
    const stages = facts.switch ? [el("div", "cv-stages", { style: `--switch:${facts.switch}` },
      stage(words.encoder, words.say_encoder), stage(words.decoder, words.say_decoder))] : [];
    this.panels[0].head.tabIndex = 0; // one stop for Tab; from there the arrow keys go from legend to legend
    this.stack.classList.toggle("cv-switched", facts.switch > 0);
    this.stack.replaceChildren(...stages, ...this.panels.map((panel) => panel.root), ...this.lights);
    this.stack.style.setProperty("--steps", steps);
    this.stack.style.setProperty("--switch", facts.switch);
  }

  add(name, heading, rows, colour, names) {
    const { steps, words } = this.facts;
    const canvas = el("canvas", "", { width: steps, height: rows, role: "img", "aria-label": heading, tabindex: 0 });
    const ofUnits = names === null;
    const named = Boolean(names?.length) && rows > 1 && rows <= NAMED;
    const panel = {
      name, heading, rows, names, ofUnits, named, canvas, height: clamp(rows * ROW, 20, named ? NAMED * ROW : TALLEST),
      value: el("output", "cv-value"), low: el("span"), bar: el("i"), high: el("span"),
      row: el("div", "cv-row"), column: el("div", "cv-column"), note: el("div", "cv-note", { text: words.diverged, hidden: "" }),
      pen: canvas.getContext("2d"), image: new ImageData(steps, rows),
    };
    panel.pixels = new Uint32Array(panel.image.data.buffer);
    const labels = explain(el("div", "cv-units", { tabindex: -1, role: "group", "aria-label": heading }), () => ({
      name: heading, text: words.say_names }));
    if (ofUnits) {
      labels.append(el("span", "", { text: "1" }));
      if (rows > 1) labels.append(el("span", "", { text: rows }));
    } else if (named) labels.append(...names.map((one) => el("span", "", { text: one, title: one })));
    panel.body = el("div", "cv-panel-body", { style: `height:${panel.height / 16}rem` }, labels,
      el("div", "cv-picture", { style: `--rows:${rows}` }, canvas, panel.row, panel.column, panel.note));
    if (panel.height / rows >= 6 && steps <= 60) panel.body.classList.add("cv-gaps");
    if (panel.height < rows) canvas.style.imageRendering = "auto"; // more rows than pixels: mixed, not dropped
    panel.head = explain(el("div", "cv-panel-head", { tabindex: -1, role: "group", "aria-label": fill(words.say_scale, { name: heading }) },
      el("b", "", { text: heading, style: colour ? `--gate:${colour}` : "" }), panel.value,
      el("span", "cv-legend", { "aria-hidden": "true" }, panel.low, panel.bar, panel.high)), () => this.saysScale(panel));
    panel.root = el("div", "cv-panel", {}, panel.head, panel.body);
    this.listen(panel);
    this.panels.push(panel);
  }

  listen(panel) {
    const { canvas } = panel;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      const { steps } = this.facts;
      return [clamp(Math.floor(((event.clientX - box.left) / box.width) * steps), 0, steps - 1),
        clamp(Math.floor(((event.clientY - box.top) / box.height) * panel.rows), 0, panel.rows - 1)];
    };
    const choose = (event) => {
      const [step, row] = at(event);
      this.chosen(step, panel.ofUnits ? row : null);
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      canvas.setPointerCapture(event.pointerId);
      choose(event);
    });
    canvas.addEventListener("pointermove", (event) => { if (canvas.hasPointerCapture(event.pointerId)) choose(event); });
    explain(canvas, (event) => this.says(panel, ...(event ? at(event) : [this.chosenStep, Math.max(this.chosenRow(panel), 0)])));
  }

  /** What a place says of itself: its exact value, where it is, and what such a number is for. */
  says(panel, step, row) {
    if (!panel.values) return null;
    const { words, marks, elements, labels } = this.facts;
    const name = panel.ofUnits ? fill(words.unit_n, { unit: row + 1 }) : this.rowName(panel, row);
    const where = fill(words.phrases, { first: name,
      next: fill(words.aside, { text: fill(words.at_step, { step: step + 1 }), remark: marks[step] }) });
    const meaning = panel.name !== "y" ? elements[panel.name][1] : labels.length ? words.say_odds : words.say_output;
    const box = panel.canvas.getBoundingClientRect();
    return { name: `${panel.heading} = ${this.told(panel, step, row)}`, text: fill(words.then, { first: where, next: meaning }),
      at: [box.left + ((step + 0.5) / this.facts.steps) * box.width, box.top + ((row + 0.5) / panel.rows) * box.height] };
  }

  /** What the heading and the colours of a panel say of themselves. */
  saysScale({ heading, name, rows, ofUnits, scale, difference }) {
    if (!scale) return null;
    const { words, steps, elements } = this.facts;
    const meaning = difference ? words.say_difference : name === "y" ? words.say_output : elements[name][1];
    const colours = scale.low < 0 ? fill(words.say_signed, { high: exact(scale.high) }) : words.say_gate;
    return { name: heading, text: [meaning, fill(ofUnits ? words.say_units : words.say_rows, { rows, steps }), colours]
      .join(words.gap) };
  }

  /** The exact value of a place; a dash where the network has no output. */
  told(panel, step, row) {
    return panel.name === "y" && step < this.facts.answers ? "–" : exact(panel.values[step * panel.rows + row]);
  }

  rowName(panel, row) {
    return panel.names?.[row] ?? fill(this.facts.words.input_n, { n: row + 1 });
  }

  /** Colour all panels. `shown` is "changed", "original" or "difference". */
  paint(entry, shown) {
    for (const panel of this.panels) {
      panel.difference = shown === "difference";
      panel.values = shown === "difference" ? difference(panel.name, entry, this.layer)
        : valuesOf(panel.name, entry[shown], this.layer);
      const kind = this.facts.kinds[panel.name];
      const largest = shown === "difference" || kind === "state" || !kind ? bound(panel.values) : 1;
      panel.scale = shown === "difference" ? this.scales.diverging(largest) : this.scales.of(panel.name, largest);
      panel.scale.paint(panel.pixels, panel.rows, this.facts.steps, panel.values, 0, 1, panel.rows);
      if (panel.name === "y") this.leaveOut(panel);
      panel.pen.putImageData(panel.image, 0, 0);
      write(panel.low, exact(panel.scale.low));
      write(panel.high, exact(panel.scale.high));
      if (panel.painted !== panel.scale) panel.bar.style.background = panel.scale.gradient;
      panel.painted = panel.scale;
      panel.note.hidden = !panel.values.every(Number.isNaN);
    }
  }

  /** Leave the steps blank at which the network has no output. */
  leaveOut({ pixels, rows }) {
    const { steps, answers } = this.facts;
    for (let row = 0; row < rows; row++) pixels.fill(0, row * steps, row * steps + answers);
  }

  /** Mark the chosen step and unit, and write the exact values there. */
  mark(step, unit) {
    const { steps, words } = this.facts;
    const width = this.width / steps;
    this.chosenStep = step;
    this.chosenUnit = unit;
    for (const panel of this.panels) {
      panel.column.style.transform = `translateX(${step * width}px)`;
      const row = this.chosenRow(panel);
      panel.row.style.transform = `translateY(${(Math.max(row, 0) * panel.height) / panel.rows / 16}rem)`;
      panel.row.style.display = panel.ofUnits && panel.rows > 1 ? "block" : "none";
      const name = panel.ofUnits ? fill(words.unit_n, { unit: unit + 1 }) : row < 0 ? "" : this.rowName(panel, row);
      const silent = panel.name === "y" && step < this.facts.answers;
      write(panel.value, row < 0 || !panel.values ? "" : silent ? "–" : fill(words.pair, { name, value: this.told(panel, step, row) }));
    }
  }

  /** The row of a panel that the chosen place is in: of an output the largest one; -1: none. */
  chosenRow(panel) {
    return panel.ofUnits ? this.chosenUnit : panel.rows === 1 ? 0 : panel.name === "y" ? largestOf(panel, this.chosenStep) : -1;
  }

  /** Light up places ([panel, step, row], at most two); none: all lights out. */
  light(places) {
    const frame = this.stack.getBoundingClientRect();
    this.lights.forEach((light, number) => {
      const place = places[number];
      const panel = place && this.panels.find(({ name }) => name === place[0]);
      light.style.display = panel && place[1] >= 0 ? "block" : "none";
      if (!panel || place[1] < 0) return;
      const box = panel.canvas.getBoundingClientRect();
      const width = box.width / this.facts.steps;
      const height = box.height / panel.rows;
      Object.assign(light.style, {
        width: `${Math.max(width, 6)}px`, height: `${Math.max(height, 6)}px`,
        transform: `translate(${box.left - frame.left + place[1] * width}px, ${box.top - frame.top + place[2] * height}px)`,
      });
    });
  }

  /** Measure anew, and write as many labels under the time axis as there is room for; words are turned to fit. */
  fit() {
    const frame = this.stack.getBoundingClientRect();
    const { steps, marks, symbols } = this.facts;
    const longest = Math.max(...this.panels.map(({ named, names }) => (named ? widest(names) : 0)));
    this.gutter = Math.round(clamp(longest + 8, GUTTER, Math.max(GUTTER, frame.width * 0.16)));
    this.stack.style.setProperty("--gutter", `${this.gutter}px`);
    this.width = this.panels[0].canvas.getBoundingClientRect().width;
    const each = this.width / steps;
    this.stack.style.setProperty("--wide", `${Math.max(each, 4)}px`);
    const turned = symbols.length > 0 && widest(marks) + 4 > each;
    const at = (step) => this.gutter + (step + 0.5) * each;
    // A turned word ends at its step, and must not begin before the frame does.
    const texts = marks.map((mark, step) => (turned ? shortened(mark, Math.min(84, at(step) / Math.cos(TURN))) : mark));
    const apart = Math.ceil((turned ? TURNED : widest(texts) + (symbols.length ? 4 : 16)) / each);
    const shown = texts.map((text, step) => [text, step]).filter(([, step]) => step % apart === 0);
    const half = (text) => (turned ? 0 : widest([text]) / 2); // what is written upright is not cut off at the end
    const ticks = shown.map(([text, step]) => el("span", "", { text, title: marks[step],
      style: `left:${Math.min(at(step), frame.width - half(text))}px` }));
    const tall = turned ? widest(shown.map(([text]) => text)) * Math.sin(TURN) + 12 : 18;
    this.axis.classList.toggle("cv-turned", turned);
    this.axis.style.height = `${tall + 22}px`;
    this.axis.replaceChildren(...ticks, el("em", "", { style: `left:${this.gutter}px`,
      text: this.axisName }));
  }
}

/** The values of a panel, step by step: (T, rows). */
function valuesOf(name, trace, layer) {
  return name === "y" ? trace.y : trace.layers[layer][name];
}

const differences = new WeakMap(); // entry -> name and layer -> values

function difference(name, entry, layer) {
  if (!differences.has(entry)) differences.set(entry, new Map());
  const kept = differences.get(entry);
  const key = `${name}${layer}`;
  if (!kept.has(key)) {
    const other = valuesOf(name, entry.original, layer);
    kept.set(key, valuesOf(name, entry.changed, layer).map((value, at) => value - other[at]));
  }
  return kept.get(key);
}

function largestOf(panel, step) {
  let best = 0;
  for (let row = 1; row < panel.rows; row++) {
    if (panel.values?.[step * panel.rows + row] > panel.values[step * panel.rows + best]) best = row;
  }
  return best;
}
