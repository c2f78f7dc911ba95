// The drawing of the cell with the values of one unit, or of all units as small coloured cells. Built once for a width;
// from frame to frame only texts, widths and colours change.

import { explain, walk } from "./bubble.js";
import { bound, clamp, el, exact, fill, percent, set, short, write } from "./parts.js";
import { LIKE, QUANTITIES, SHAPES } from "./shapes.js";
import { Strips } from "./strips.js";

const RING = 2 * Math.PI * 13; // length of the ring around a node
const REACH = 16; // pixels around a line at which it is pointed at

export class Diagram {
  constructor(facts, scales) {
    this.facts = facts;
    this.scales = scales;
    this.drawing = el("svg:svg", "cv-drawing", { role: "group", "aria-label": fill(facts.words.diagram_alt,
      { cell: facts.cell_name }), keydown: (event) => walk(event, this.stops) });
    this.strips = new Strips();
    this.story = el("p", "cv-story");
    this.root = el("div", "cv-diagram", {}, this.drawing, this.strips.canvas);
  }

  /** Draw the cell for a width in pixels. */
  build(width) {
    if (width === this.width) return;
    this.width = width;
    const shape = SHAPES[this.facts.cell](width);
    this.flows = [];
    this.values = []; // [node, quantity] of every number
    this.rings = [];
    this.fills = [];
    this.blocks = []; // where small coloured cells go in place of a number
    const [x, y, w, h] = shape.frame;
    this.drawing.replaceChildren(this.thing("frame", "", el("svg:rect", "cv-frame", { x, y, width: w, height: h, rx: 14 })));
    Object.entries({ viewBox: `0 0 ${width} ${shape.height}`, width, height: shape.height })
      .forEach(([name, value]) => this.drawing.setAttribute(name, value));
    for (const flow of shape.flows) this.flow(flow);
    for (const node of shape.nodes) this.node(node);
    for (const { x: left, y: top, sign } of shape.pills) {
      this.drawing.append(this.thing(sign, "cv-part", el("svg:rect", "cv-pill", { x: left - 22, y: top - 13, width: 44, height: 26, rx: 13 }),
        el("svg:text", "cv-sign", { x: left, y: top + 4, text: sign })));
    }
    for (const box of shape.boxes) this.box(box);
    for (const label of shape.labels) this.label(label);
    this.stops = this.stopsFor();
    this.strips.fit(width, shape.height);
  }

  /** Something drawn that says what it is: the sentence `key` of the facts, with the number of the quantity of that name. */
  thing(key, kind, ...inside) {
    const made = el("svg:g", kind, { "data-part": key, role: "img", "aria-label": this.facts.elements[key][0] }, ...inside);
    return explain(made, () => this.says(key));
  }

  /** What the keyboard goes through: everything once, though a quantity may run along several lines; from left to right. */
  stopsFor() {
    const stops = new Map();
    for (const node of this.drawing.children) stops.set(node.dataset.part, node); // the last one drawn is the largest
    const at = new Map([...stops.values()].map((node) => [node, node.getBBox()]));
    const order = [...at.keys()].sort((one, other) => at.get(one).x - at.get(other).x || at.get(one).y - at.get(other).y);
    for (const node of this.drawing.children) {
      if (at.has(node)) node.tabIndex = node === order[0] ? 0 : -1;
      else node.setAttribute("aria-hidden", "true");
    }
    return order;
  }

  /** What a thing says of itself here: its name with its number, and its sentence. */
  says(key) {
    if (!this.now) return null;
    const [, unit] = this.now;
    const [name, sentence] = this.facts.elements[key];
    const known = key === "x" ? this.width0 === 1 : key in QUANTITIES;
    return { name: known ? `${name} = ${exact(this.value(key, key === "x" ? 0 : unit))}` : name, text: this.told(sentence, unit) };
  }

  flow({ q, d, arrow, part }) {
    const line = el("svg:path", q === "bus" ? "cv-flow cv-bus" : "cv-flow", { d });
    const head = arrow ? el("svg:path", "cv-head", { d: "M1 0L-8 -5V5z", transform: arrowAt(d) }) : null;
    this.drawing.append(this.thing(part ?? q, "cv-part", el("svg:path", "cv-reach", { d, "stroke-width": REACH }), line,
      ...(head ? [head] : [])));
    if (q !== "bus") this.flows.push([line, head, q, arrow && arrowAt(d)]);
  }

  node({ x, y, sign, gate }) {
    const ring = gate ? el("svg:circle", "cv-ring", { cx: x, cy: y, r: 13, transform: `rotate(-90 ${x} ${y})`,
      stroke: this.facts.colours.gates[LIKE[gate] ?? gate] }) : null;
    if (ring) this.rings.push([ring, gate]);
    this.drawing.append(this.thing(sign + (gate ?? ""), "cv-part", el("svg:circle", "cv-halo", { cx: x, cy: y, r: 21 }),
      el("svg:circle", "cv-node", { cx: x, cy: y, r: 13 }),
      ...(ring ? [ring] : []), el("svg:text", "cv-sign cv-operation", { x, y: y + 6, text: sign })));
  }

  box({ gate, x, y, w, h, sign }) {
    const { colours, headings } = this.facts;
    const colour = colours.gates[gate];
    const filled = el("svg:rect", "cv-fill", { x, y, width: w, height: h, rx: 8, fill: colour });
    const value = el("svg:text", "cv-number", { x: x + w / 2, y: y + 41, "data-value": gate });
    const name = w > 88 ? headings[gate] : gate;
    const made = this.thing(gate, "cv-part cv-box",
      el("svg:rect", "cv-box-back", { x, y, width: w, height: h, rx: 8 }), filled,
      el("svg:rect", "cv-box-edge", { x, y, width: w, height: h, rx: 8 }),
      el("svg:text", "cv-gate", { x: x + w / 2, y: y + 18, text: name }), value,
      el("svg:text", "cv-function", { x: x + w / 2, y: y + 55, text: sign }));
    made.style.setProperty("--gate", colour);
    this.drawing.append(made);
    this.fills.push([filled, gate, y, h]);
    this.values.push([value, gate]);
    this.blocks.push({ q: gate, x: x + 5, y: y + 24, w: w - 10, h: 20 });
  }

  label({ q, name, x, y, anchor = "start", beside, tight }) {
    const heading = el("svg:text", "cv-name", { x, y: beside ? y : y - 15, "text-anchor": anchor, text: name });
    const at = beside ? x + 30 : x;
    const value = el("svg:text", "cv-number cv-loose", { x: at, y, "text-anchor": anchor, "data-value": q });
    this.drawing.append(this.thing(q, "cv-part cv-label", heading, value));
    this.values.push([value, q]);
    const wide = tight || this.width < 480 ? 46 : 68;
    const left = anchor === "end" ? x - wide : anchor === "middle" ? x - wide / 2 : at;
    this.blocks.push({ q, x: left, y: y - 11, w: beside ? Math.min(this.width - at - 40, 220) : wide, h: 13 });
  }

  /** Show a unit, or all of them, at a step. */
  update(trace, layer, unit, step, all) {
    this.now = [trace.layers[layer], unit, step];
    const [inside] = this.now;
    this.root.classList.toggle("cv-all", all);
    if (inside !== this.bounded) {
      this.bounded = inside;
      this.bounds = { x: bound(inside.x), c: inside.c ? bound(inside.c) : 1 };
    }
    this.units = this.facts.layers[layer];
    this.width0 = inside.x.length / this.facts.steps;
    const values = {};
    const value = (q) => (values[q] ??= all ? this.mean(q) : this.value(q, unit));
    for (const [line, head, q, there] of this.flows) {
      const scale = this.scale(q);
      const strength = this.wide(q, value(q));
      const colour = all && scale.low < 0 ? "currentColor" : scale.colour(value(q));
      const wide = 1.25 + 7.5 * strength;
      set(line, "stroke-width", wide.toFixed(2));
      set(line, "stroke", colour);
      set(line, "stroke-opacity", (0.3 + 0.7 * Math.sqrt(strength)).toFixed(3));
      if (head) {
        set(head, "fill", colour);
        set(head, "transform", `${there} scale(${(0.8 + 0.8 * strength).toFixed(2)})`);
        set(head, "fill-opacity", (0.4 + 0.6 * Math.sqrt(strength)).toFixed(3));
      }
    }
    for (const [ring, q] of this.rings) {
      const open = this.scale(q).strength(value(q));
      set(ring, "stroke-dasharray", `${(open * RING).toFixed(1)} ${RING.toFixed(1)}`);
      ring.classList.toggle("cv-shut", open < 0.1);
    }
    for (const [filled, gate, y, h] of this.fills) this.fillBox(filled, gate, y, h, value(gate));
    for (const [node, q] of this.values) write(node, all && this.count(q) > 1 ? "" : this.text(q, unit));
    write(this.story, this.told(this.facts.words.story, unit));
    this.paint(unit, all);
  }

  fillBox(filled, gate, y, h, value) {
    const scale = this.scale(gate);
    const strength = scale.strength(value);
    const tall = scale.low < 0 ? (h / 2) * strength : h * strength;
    set(filled, "y", (scale.low < 0 ? (value < 0 ? y + h / 2 : y + h / 2 - tall) : y + h - tall).toFixed(1));
    set(filled, "height", tall.toFixed(1));
    set(filled, "fill", scale.low < 0 ? scale.colour(value) : scale.positive);
  }

  /** A sentence with the numbers that stand here put in: gates as shares, states as numbers. */
  told(sentence, unit) {
    const { kinds } = this.facts;
    const values = { unit: unit + 1 };
    for (const [, q] of sentence.matchAll(/{(\w+)}/g)) {
      if (q === "unit") continue;
      const value = this.value(q, unit);
      const share = kinds[LIKE[q] ?? q] === "gate";
      values[q] = share ? percent(value) : short(value);
    }
    return fill(sentence, values);
  }

  scale(q) {
    const name = LIKE[q] ?? q;
    return this.scales.of(name, this.bounds[name]);
  }

  /** How wide a quantity runs, from 0 to 1: a cell state of 1.5 or more fills its line, as tanh is then nearly full. */
  wide(q, value) {
    return (LIKE[q] ?? q) === "c" ? clamp(Math.abs(value) / 1.5 || 0, 0, 1) : this.scale(q).strength(value);
  }

  count(q) {
    return q === "x" ? this.width0 : this.units;
  }

  value(q, unit) {
    const [inside, , step] = this.now;
    return q === "x" ? inside.x[step * this.width0 + unit] : QUANTITIES[q](inside, step * this.units + unit);
  }

  mean(q) {
    let sum = 0;
    for (let unit = 0; unit < this.units; unit++) sum += Math.abs(this.value(q, unit));
    return sum / this.units;
  }

  text(q, unit) {
    return q !== "x" ? short(this.value(q, unit)) : this.width0 === 1 ? short(this.value("x", 0)) : "";
  }

  /** Paint the small coloured cells: those of all units, and always what enters as many numbers. */
  paint(unit, all) {
    const { ink, page } = this;
    this.strips.clear(ink, page);
    for (const block of this.blocks) {
      const { q } = block;
      const count = this.count(q);
      if (count > 1 && (all || q === "x")) {
        this.strips.block(block, count, this.scale(q), (at) => this.value(q, at), q === "x" ? -1 : unit);
      }
    }
  }

  /** Light up parts of the drawing by name; none: all lights out. */
  light(parts) {
    for (const node of this.drawing.children) {
      node.classList.toggle("cv-lit", parts.includes(node.dataset.part));
    }
  }
}

/** Where the head of an arrow lies: at the end of a path made of M, H and V. */
function arrowAt(d) {
  let [x, y, last] = [0, 0, "H"];
  let from = 0;
  for (const [, command, one, two] of d.matchAll(/([MHV])([-\d.]+)(?: ([-\d.]+))?/g)) {
    if (command === "M") [x, y] = [Number(one), Number(two)];
    else {
      [last, from] = [command, command === "H" ? x : y];
      if (command === "H") x = Number(one);
      else y = Number(one);
    }
  }
  const way = (last === "H" ? x : y) > from ? 1 : -1;
  return `translate(${x} ${y}) rotate(${(last === "H" ? 90 : 180) - 90 * way})`;
}
