// A small layer unrolled over a few time steps, its weights as lines. They are the same lines at every time step: point at
// one, and it lights up everywhere.

import { explain, walk } from "./bubble.js";
import { bound, clamp, el, exact, fill, set, shortened, write } from "./parts.js";

const APART = 112; // pixels between two time steps
const ROW = 44; // pixels between two units
const TOP = 30; // pixels above the first unit
const EDGE = 58; // pixels beside the first and the last column
const RADIUS = 9;
const MOST = 8; // numbers that enter, each drawn; of one-hot symbols only the one that is read
const REACH = 9; // pixels around a line at which it is pointed at

export class Unrolled {
  /** `chosen(change)` is called when a person points at a place. */
  constructor(facts, scales, chosen) {
    this.facts = facts;
    this.scales = scales;
    this.chosen = chosen;
    const { words, headings, summed } = facts;
    [this.gate] = summed;
    this.lit = null; // the weight that is pointed at, at all time steps
    this.gates = el("select", "", { "aria-label": words.lined_gate, change: () => { this.gate = this.gates.value; this.draw(); } },
      ...summed.map((gate) => el("option", "", { value: gate, text: headings[gate] })));
    this.drawing = el("svg:svg", "cv-unrolled-drawing", { role: "group", "aria-label": words.lined,
      keydown: (event) => walk(event, this.stops) });
    for (const [event, pointed] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
      this.drawing.addEventListener(event, ({ target }) => this.light((pointed && target.closest(".cv-weight")?.dataset.weight) || null));
    }
    this.root = el("section", "cv-unrolled", { "aria-label": words.lined }, el("header", "", {}, el("h4", "", { text: words.lined }),
      ...(summed.length > 1 ? [el("label", "", {}, words.lined_gate, this.gates)] : [])),
      el("p", "cv-about", { text: words.lined_hint }), this.drawing);
  }

  /** Draw a layer for a width in pixels; a layer that is too large is not drawn. */
  build(layer, width) {
    if (this.built === `${layer} ${width}`) return;
    this.built = `${layer} ${width}`;
    const { layers, entering, lined, symbols, names, steps } = this.facts;
    this.layer = layer;
    this.oneHot = !layer && symbols.length > 0 && names.length > 0;
    this.reads = layer ? layers[layer - 1] : entering;
    this.units = layers[layer];
    this.root.hidden = !lined[layer] || (this.reads > MOST && !this.oneHot);
    if (this.root.hidden) return;
    const { units } = this;
    const inputs = this.oneHot ? 1 : this.reads;
    this.columns = clamp(Math.floor((width - 2 * EDGE) / APART), 1, steps);
    const below = TOP + units * ROW + 16;
    const height = below + 44;
    const x = (column) => EDGE + column * APART; // column 0 is the state before the first one shown
    const spread = Math.min(24, (APART - 20) / inputs);
    const unitAt = (column, unit) => [x(column) + (unit - (units - 1) / 2) * 14, TOP + unit * ROW];
    const inputAt = (column, input) => [x(column) + (input - (inputs - 1) / 2) * spread, below];
    const wide = x(this.columns) + EDGE;
    Object.entries({ viewBox: `0 0 ${wide} ${height}`, width: wide, height })
      .forEach(([name, value]) => this.drawing.setAttribute(name, value));
    this.here = el("svg:rect", "cv-here", { x: 0, y: 4, width: APART - 8, height: height - 8, rx: 8 });
    this.hereAt = (column) => x(column) - (APART - 8) / 2;
    this.lines = [];
    this.nodes = [];
    this.marks = [];
    for (let column = 0; column <= this.columns; column++) {
      for (let to = 0; column && to < units; to++) {
        for (let from = 0; from < units; from++) this.line("U", column, to, from, unitAt(column - 1, from), unitAt(column, to));
        for (let from = 0; from < inputs; from++) this.line("W", column, to, from, inputAt(column, from), unitAt(column, to));
      }
      for (let unit = 0; unit < units; unit++) this.node("h", column, unit, unitAt(column, unit));
      for (let input = 0; column && input < inputs; input++) this.node("x", column, input, inputAt(column, input));
      this.marks.push(el("svg:text", "cv-name", { x: x(column), y: height - 10, "text-anchor": "middle" }));
    }
    this.drawing.replaceChildren(this.here, ...[...this.lines, ...this.nodes].map(({ group }) => group), ...this.marks);
    this.stops = [...this.lines, ...this.nodes].filter(({ column }) => column === this.columns).map(({ group }) => group);
    this.stops[0].tabIndex = 0; // the last time step shown stands for all: the weights are the same
    this.start = null;
  }

  line(kind, column, to, from, [x1, y1], [x2, y2]) {
    const d = `M${x1} ${y1}L${x2} ${y2}`;
    const path = el("svg:path", "", { d });
    const group = el("svg:g", "cv-weight", { role: "img", tabindex: -1, "aria-label": this.facts.words.weight },
      el("svg:path", "cv-reach", { d, "stroke-width": REACH }), path);
    const line = { kind, column, to, from, path, group };
    explain(group, () => this.saysLine(line));
    this.lines.push(line);
  }

  node(kind, column, number, [cx, cy]) {
    const { words, headings } = this.facts;
    const fillOf = el("svg:circle", "", { cx, cy, r: RADIUS });
    const label = kind === "h" ? fill(words.of_unit, { name: headings.h, unit: number + 1 }) : words.input;
    const group = el("svg:g", "cv-unit", { role: "img", tabindex: -1, "aria-label": label,
      click: () => { if (column) this.chosen({ step: this.start + column - 1, ...(kind === "h" ? { unit: number } : {}) }); } },
      el("svg:circle", "cv-node", { cx, cy, r: RADIUS }), fillOf);
    const node = { kind, column, number, fill: fillOf, group };
    explain(group, () => this.saysNode(node));
    this.nodes.push(node);
  }

  /** Show a moment of training at a time step: the few steps around it that find room. */
  update(trace, unit, step) {
    if (this.root.hidden) return;
    const inside = trace.layers[this.layer];
    const before = this.start;
    const { steps } = this.facts;
    if (before === null || step < before || step >= before + this.columns) {
      this.start = clamp(step - Math.floor(this.columns / 2), 0, steps - this.columns);
    }
    const other = inside !== this.inside || before !== this.start;
    this.inside = inside;
    this.unit = unit;
    this.here.setAttribute("x", this.hereAt(step - this.start + 1));
    if (other) this.draw();
  }

  draw() {
    const { inside, start, facts } = this;
    const all = inside.weights.flatMap((stage) => [...stage[this.gate].W, ...stage[this.gate].U]);
    const largest = bound(all);
    const scale = this.scales.diverging(largest);
    for (const line of this.lines) {
      const weight = this.weight(line);
      set(line.group, "data-weight", `${this.stage(line)}/${line.kind}/${line.to}/${this.source(line)}`);
      set(line.path, "stroke", scale.colour(weight));
      set(line.path, "stroke-width", (0.75 + 6 * scale.strength(weight)).toFixed(1));
    }
    const scales = { h: this.scales.of("h"), x: this.scales.of("x", bound(inside.x)) };
    for (const node of this.nodes) {
      const value = this.value(node);
      set(node.fill, "fill", scales[node.kind].colour(value));
      set(node.fill, "fill-opacity", scales[node.kind].strength(value).toFixed(2));
    }
    this.marks.forEach((mark, column) => write(mark, column ? shortened(facts.marks[start + column - 1], APART - 12)
      : start ? shortened(facts.marks[start - 1], APART - 12) : "h(−1)"));
    this.mark(); // a line of one-hot symbols may be another weight now
  }

  /** 0: the layers, or 1: the decoder's. */
  stage({ column }) {
    const { facts, start } = this;
    return facts.switch && start + column - 1 >= facts.switch ? 1 : 0;
  }

  /** Which number the line comes from: of one-hot symbols the one that is read there. */
  source({ kind, column, from }) {
    if (kind === "U" || !this.oneHot) return from;
    const { inside, reads, start } = this;
    const at = (start + column - 1) * reads;
    return inside.x.subarray(at, at + reads).indexOf(1);
  }

  weight(line) {
    return this.inside.weights[this.stage(line)][this.gate][line.kind][line.to * (line.kind === "U" ? this.units : this.reads) + this.source(line)];
  }

  value({ kind, column, number }) {
    const { inside, start, units, reads } = this;
    if (kind === "h") return inside.h0[(start + column) * units + number]; // h0 begins with the state before the first step
    return this.oneHot ? 1 : inside.x[(start + column - 1) * reads + number];
  }

  saysLine(line) {
    if (!this.inside) return null;
    const { words, headings, steps, names } = this.facts;
    const from = this.source(line);
    const source = line.kind === "U" ? fill(words.of_unit, { name: headings.h, unit: from + 1 })
      : names[from] && !this.layer ? names[from] : fill(words.input_n, { n: from + 1 });
    return { name: `${words.weight} = ${exact(this.weight(line))}`,
      text: fill(words.say_line, { source, unit: line.to + 1, gate: headings[this.gate], steps: this.shared(line) ?? steps }) };
  }

  /** How many time steps share a line: where a decoder takes over it has weights of its own. */
  shared(line) {
    const { facts } = this;
    if (!facts.switch) return null;
    return this.stage(line) ? facts.steps - facts.switch : facts.switch;
  }

  saysNode(node) {
    if (!this.inside) return null;
    const { words, headings, marks, names } = this.facts;
    const step = this.start + node.column - 1;
    const { number } = node;
    const name = node.kind === "h" ? fill(words.of_unit, { name: headings.h, unit: number + 1 })
      : this.oneHot ? marks[step] : (!this.layer && names[number]) || fill(words.input_n, { n: number + 1 });
    return { name: `${name} = ${exact(this.value(node))}`, text: step < 0 ? words.say_start
      : fill(words.say_node, { step: step + 1, label: marks[step] }) };
  }

  light(weight) {
    if (weight === this.lit) return;
    this.lit = weight;
    this.mark();
  }

  mark() {
    for (const { group } of this.lines) group.classList.toggle("cv-lit", group.dataset.weight === this.lit);
  }
}
