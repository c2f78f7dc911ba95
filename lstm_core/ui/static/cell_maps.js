// Heat maps of all gates and states, one under the other along one time axis; the chosen step and unit are marked.

import { bound, clamp, el, exact, fill, write } from "./cell_parts.js";

const TALLEST = 96; // pixels of a panel
const ROW = 13; // pixels of a row where there is room

export class Maps {
  /** `chosen(step, unit)` is called when a person points at a place; unit is null where rows are not units. */
  constructor(facts, scales, chosen) {
    this.facts = facts;
    this.scales = scales;
    this.chosen = chosen;
    this.lights = [el("div", "cv-light"), el("div", "cv-light")];
    this.tip = el("div", "cv-tip", { "aria-hidden": "true" });
    this.axis = el("div", "cv-axis", { "aria-hidden": "true" });
    this.stack = el("div", "cv-stack");
    const { words } = facts;
    this.root = el("div", "cv-maps", { tabindex: 0, role: "group", "aria-label": `${words.maps}. ${words.keys}` },
      this.stack, this.axis);
  }

  /** Make the panels of a layer. */
  build(layer) {
    const { facts } = this;
    const { words, steps, layers, entering } = facts;
    this.layer = layer;
    this.units = layers[layer];
    this.panels = [];
    const input = layer ? fill(words.input_layer, { layer }) : words.input;
    this.add("x", input, layer ? layers[layer - 1] : entering, null, layer ? [] : facts.names);
    for (const name of [...facts.gates, ...[...facts.states].reverse()]) {
      this.add(name, facts.headings[name], this.units, facts.colours.gates[name], null);
    }
    if (facts.alphabet.length) {
      this.add("y", words.next_letter, facts.outputs, facts.colours.predicted, facts.alphabet);
    }
    this.stack.replaceChildren(...this.panels.map((panel) => panel.root), ...this.lights, this.tip);
    this.stack.style.setProperty("--steps", steps);
  }

  add(name, heading, rows, colour, names) {
    const { steps, words } = this.facts;
    const canvas = el("canvas", "", { width: steps, height: rows, role: "img", "aria-label": heading });
    const ofUnits = names === null;
    const panel = {
      name, heading, rows, names, ofUnits, canvas, height: clamp(rows * ROW, 20, TALLEST),
      value: el("output", "cv-value"), low: el("span"), bar: el("i"), high: el("span"),
      row: el("div", "cv-row"), column: el("div", "cv-column"), note: el("div", "cv-note", { text: words.diverged, hidden: "" }),
      pen: canvas.getContext("2d"), image: new ImageData(steps, rows),
    };
    panel.pixels = new Uint32Array(panel.image.data.buffer);
    const labels = el("div", "cv-units", { "aria-hidden": "true" });
    if (ofUnits) {
      labels.append(el("span", "", { text: "1" }));
      if (rows > 1) labels.append(el("span", "", { text: rows }));
    } else if (panel.height / rows >= 11 && names.every((letter) => letter.length < 3)) {
      labels.append(...names.map((letter) => el("span", "", { text: letter, title: letter })));
    }
    panel.body = el("div", "cv-panel-body", { style: `height:${panel.height}px` }, labels,
      el("div", "cv-picture", { style: `--rows:${rows}` }, canvas, panel.row, panel.column, panel.note));
    if (panel.height / rows >= 6 && steps <= 60) panel.body.classList.add("cv-gaps");
    if (panel.height < rows) canvas.style.imageRendering = "auto"; // more rows than pixels: mixed, not dropped
    panel.root = el("div", "cv-panel", {},
      el("div", "cv-panel-head", {}, el("b", "", { text: heading, style: colour ? `--gate:${colour}` : "" }),
        panel.value, el("span", "cv-legend", { "aria-hidden": "true" }, panel.low, panel.bar, panel.high)), panel.body);
    this.listen(panel);
    this.panels.push(panel);
  }

  listen(panel) {
    const { canvas } = panel;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      const { steps } = this.facts;
      return [clamp(Math.floor(((event.clientX - box.left) / box.width) * steps), 0, steps - 1),
        clamp(Math.floor(((event.clientY - box.top) / box.height) * panel.rows), 0, panel.rows - 1), box];
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
    canvas.addEventListener("pointermove", (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) choose(event);
      if (event.pointerType === "mouse") this.point(panel, ...at(event));
    });
    canvas.addEventListener("pointerleave", () => { this.tip.style.display = "none"; });
  }

  /** Show the exact value of a place beside the pointer. */
  point(panel, step, row, box) {
    if (!panel.values) return;
    const { words, labels } = this.facts;
    const name = panel.ofUnits ? fill(words.unit_n, { unit: row + 1 }) : this.rowName(panel, row);
    write(this.tip, `${exact(panel.values[step * panel.rows + row])} · ${name} · ${fill(words.at_step,
      { step: step + 1 })} (${labels[step]})`);
    const frame = this.stack.getBoundingClientRect();
    const left = box.left - frame.left + ((step + 0.5) / this.facts.steps) * box.width;
    this.tip.style.display = "block";
    const room = frame.width - this.tip.offsetWidth;
    this.tip.style.transform =
      `translate(${clamp(left + 12, 0, room)}px, ${box.top - frame.top + ((row + 1) / panel.rows) * box.height + 6}px)`;
  }

  rowName(panel, row) {
    return panel.names?.[row] ?? fill(this.facts.words.input_n, { n: row + 1 });
  }

  /** Colour all panels. `shown` is "changed", "original" or "difference". */
  paint(entry, shown) {
    for (const panel of this.panels) {
      panel.values = shown === "difference" ? difference(panel.name, entry, this.layer)
        : valuesOf(panel.name, entry[shown], this.layer);
      const kind = this.facts.kinds[panel.name];
      const largest = shown === "difference" || kind === "state" || !kind ? bound(panel.values) : 1;
      panel.scale = shown === "difference" ? this.scales.diverging(largest) : this.scales.of(panel.name, largest);
      panel.scale.paint(panel.pixels, panel.rows, this.facts.steps, panel.values, 0, 1, panel.rows);
      panel.pen.putImageData(panel.image, 0, 0);
      write(panel.low, exact(panel.scale.low));
      write(panel.high, exact(panel.scale.high));
      if (panel.painted !== panel.scale) panel.bar.style.background = panel.scale.gradient;
      panel.painted = panel.scale;
      panel.note.hidden = !panel.values.every(Number.isNaN);
    }
  }

  /** Mark the chosen step and unit, and write the exact values there. */
  mark(step, unit) {
    const { steps, words } = this.facts;
    const width = this.width / steps;
    for (const panel of this.panels) {
      panel.column.style.transform = `translateX(${step * width}px)`;
      const row = panel.ofUnits ? unit : panel.rows === 1 ? 0 : panel.name === "y" ? largestOf(panel, step) : -1;
      panel.row.style.transform = `translateY(${(Math.max(row, 0) * panel.height) / panel.rows}px)`;
      panel.row.style.display = panel.ofUnits && panel.rows > 1 ? "block" : "none";
      const name = panel.ofUnits ? fill(words.unit_n, { unit: unit + 1 }) : row < 0 ? "" : this.rowName(panel, row);
      write(panel.value, row < 0 || !panel.values ? "" : `${name}: ${exact(panel.values[step * panel.rows + row])}`);
    }
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

  /** Measure anew, and write as many labels under the time axis as there is room for. */
  fit() {
    const frame = this.stack.getBoundingClientRect();
    const box = this.panels[0].canvas.getBoundingClientRect();
    this.width = box.width;
    this.gutter = box.left - frame.left;
    const { steps, labels, dates, alphabet, words } = this.facts;
    this.stack.style.setProperty("--wide", `${Math.max(this.width / steps, 4)}px`);
    const longest = Math.max(...labels.map((label) => label.length));
    const room = Math.max(1, Math.floor(this.width / (longest * 7 + (alphabet.length ? 4 : 18))));
    const apart = Math.ceil(steps / room);
    const ticks = labels.flatMap((label, step) => (step % apart ? [] : [el("span", "", { text: label,
      style: `left:${this.gutter + ((step + 0.5) / steps) * this.width}px` })]));
    this.axis.replaceChildren(...ticks, el("em", "", { text: alphabet.length ? words.letter : dates ? words.date
      : words.time_step }));
  }
}

/** The values of a panel, step by step: (T, rows). */
export function valuesOf(name, trace, layer) {
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
