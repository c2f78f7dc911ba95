// The drawing of the cell with the values of one unit, or of all units as small coloured cells. Built once for a width;
// from frame to frame only texts, widths and colours change.

import { bound, clamp, el, exact, fill, short, write } from "./parts.js";
import { LIKE, QUANTITIES, SHAPES } from "./shapes.js";

const RING = 2 * Math.PI * 13; // length of the ring around a node

export class Diagram {
  constructor(facts, scales) {
    this.facts = facts;
    this.scales = scales;
    this.drawing = el("svg:svg", "cv-drawing", { role: "img", "aria-label": fill(facts.words.diagram_alt,
      { cell: facts.cell_name }) });
    this.strips = el("canvas", "cv-strips", { "aria-hidden": "true" });
    this.tip = el("div", "cv-tip", { "aria-hidden": "true" });
    this.story = el("p", "cv-story");
    this.root = el("div", "cv-diagram", {}, this.drawing, this.strips, this.tip);
    this.drawing.addEventListener("pointermove", (event) => this.point(event));
    this.drawing.addEventListener("pointerleave", () => { this.tip.style.display = "none"; });
  }

  /** Draw the cell for a width in pixels. */
  build(width) {
    if (width === this.width) return;
    this.width = width;
    const shape = SHAPES[this.facts.cell](width);
    this.height = shape.height;
    this.flows = [];
    this.values = []; // [node, quantity] of every number
    this.rings = [];
    this.fills = [];
    this.blocks = []; // where small coloured cells go in place of a number
    const [x, y, w, h] = shape.frame;
    this.drawing.replaceChildren(el("svg:rect", "cv-frame", { x, y, width: w, height: h, rx: 14 }));
    Object.entries({ viewBox: `0 0 ${width} ${shape.height}`, width, height: shape.height })
      .forEach(([name, value]) => this.drawing.setAttribute(name, value));
    for (const flow of shape.flows) this.flow(flow);
    for (const node of shape.nodes) this.node(node);
    for (const pill of shape.pills) {
      this.drawing.append(el("svg:rect", "cv-pill", { x: pill.x - 22, y: pill.y - 13, width: 44, height: 26, rx: 13 }),
        el("svg:text", "cv-sign", { x: pill.x, y: pill.y + 4, text: pill.sign }));
    }
    for (const box of shape.boxes) this.box(box);
    for (const label of shape.labels) this.label(label);
    const ratio = window.devicePixelRatio || 1;
    this.strips.width = width * ratio;
    this.strips.height = shape.height * ratio;
    Object.assign(this.strips.style, { width: `${width}px`, height: `${shape.height}px` });
    this.pen = this.strips.getContext("2d");
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.pen.imageSmoothingEnabled = false;
  }

  flow({ q, d, arrow, part }) {
    const line = el("svg:path", q === "bus" ? "cv-flow cv-bus" : "cv-flow", { d, "data-part": part ?? q, "data-q": q });
    this.drawing.append(line);
    const head = arrow ? el("svg:path", "cv-head", { d: "M1 0L-8 -5V5z", transform: arrowAt(d) }) : null;
    if (head) this.drawing.append(head);
    if (q !== "bus") this.flows.push([line, head, q, arrow && arrowAt(d)]);
  }

  node({ x, y, sign, gate }) {
    this.drawing.append(el("svg:circle", "cv-node", { cx: x, cy: y, r: 13 }));
    if (gate) {
      const ring = el("svg:circle", "cv-ring", { cx: x, cy: y, r: 13, transform: `rotate(-90 ${x} ${y})`,
        stroke: this.facts.colours.gates[LIKE[gate] ?? gate] });
      this.drawing.append(ring);
      this.rings.push([ring, gate]);
    }
    this.drawing.append(el("svg:text", "cv-sign cv-operation", { x, y: y + 6, text: sign, "data-q": gate ?? "" }));
  }

  box({ gate, x, y, w, h, sign }) {
    const { colours, headings } = this.facts;
    const colour = colours.gates[gate];
    const filled = el("svg:rect", "cv-fill", { x, y, width: w, height: h, rx: 8, fill: colour });
    const value = el("svg:text", "cv-number", { x: x + w / 2, y: y + 41, "data-value": gate });
    const name = w > 88 ? headings[gate] : gate;
    this.drawing.append(el("svg:g", "cv-box", { "data-part": gate, "data-q": gate, style: `--gate:${colour}` },
      el("svg:rect", "cv-box-back", { x, y, width: w, height: h, rx: 8 }), filled,
      el("svg:rect", "cv-box-edge", { x, y, width: w, height: h, rx: 8 }),
      el("svg:text", "cv-gate", { x: x + w / 2, y: y + 18, text: name }), value,
      el("svg:text", "cv-function", { x: x + w / 2, y: y + 55, text: sign })));
    this.fills.push([filled, gate, y, h]);
    this.values.push([value, gate]);
    this.blocks.push({ q: gate, x: x + 5, y: y + 24, w: w - 10, h: 20 });
  }

  label({ q, name, x, y, anchor = "start", beside, tight }) {
    const heading = el("svg:text", "cv-name", { x, y: beside ? y : y - 15, "text-anchor": anchor, text: name });
    const at = beside ? x + 30 : x;
    const value = el("svg:text", "cv-number cv-loose", { x: at, y, "text-anchor": anchor, "data-value": q });
    this.drawing.append(el("svg:g", "cv-label", { "data-part": q, "data-q": q }, heading, value));
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
    write(this.story, this.told(unit));
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

  /** What happens here, as a sentence: gates as shares, states as numbers. */
  told(unit) {
    const { words, kinds } = this.facts;
    const values = { unit: unit + 1 };
    for (const [, q] of words.story.matchAll(/{(\w+)}/g)) {
      if (q === "unit") continue;
      const value = this.value(q, unit);
      const share = kinds[LIKE[q] ?? q] === "gate";
      values[q] = !share ? short(value) : Number.isFinite(value) ? `${(100 * value).toFixed(1)}%` : "NaN";
    }
    return fill(words.story, values);
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
    this.pen.clearRect(0, 0, this.width, this.height);
    for (const block of this.blocks) {
      const count = this.count(block.q);
      if (count > 1 && (all || block.q === "x")) this.block(block, count, unit);
    }
  }

  block(block, count, unit) {
    const [inside, , step] = this.now;
    const { q, x, y, w, h } = block;
    if (block.count !== count) {
      const columns = Math.min(count, Math.max(1, Math.ceil(Math.sqrt((count * w) / h))));
      const rows = Math.ceil(count / columns);
      const canvas = el("canvas", "", { width: columns, height: rows });
      const image = new ImageData(columns, rows);
      Object.assign(block, { count, columns, rows, canvas, image, pixels: new Uint32Array(image.data.buffer),
        values: new Float32Array(count) });
    }
    const { columns, rows, values } = block;
    for (let at = 0; at < count; at++) {
      values[at] = q === "x" ? inside.x[step * count + at] : QUANTITIES[q](inside, step * count + at);
    }
    this.scale(q).paint(block.pixels, 1, count, values, 0, 0, 1);
    block.canvas.getContext("2d").putImageData(block.image, 0, 0);
    this.pen.strokeStyle = this.ink;
    this.pen.fillStyle = this.page;
    this.pen.fillRect(x, y, w, h);
    this.pen.globalAlpha = 0.25;
    this.pen.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
    this.pen.globalAlpha = 1;
    this.pen.drawImage(block.canvas, x, y, w, h);
    if (q === "x") return;
    this.pen.lineWidth = 1.5;
    this.pen.strokeRect(x + ((unit % columns) * w) / columns, y + (Math.floor(unit / columns) * h) / rows,
      Math.max(w / columns, 3), Math.max(h / rows, 3));
    this.pen.lineWidth = 1;
  }

  /** Show the exact value of what lies under the pointer. */
  point(event) {
    const q = event.target.closest("[data-q]")?.dataset.q;
    const known = q && q !== "bus" && this.now && (q !== "x" || this.width0 === 1);
    this.tip.style.display = known ? "block" : "none";
    if (!known) return;
    const box = this.root.getBoundingClientRect();
    write(this.tip, `${this.facts.headings[q] ?? this.nameOf(q)} = ${exact(this.value(q, q === "x" ? 0 : this.now[1]))}`);
    const left = Math.min(event.clientX - box.left + 12, this.width - this.tip.offsetWidth);
    this.tip.style.transform = `translate(${left}px, ${event.clientY - box.top + 16}px)`;
  }

  nameOf(q) {
    return this.drawing.querySelector(`.cv-label[data-q="${q}"] .cv-name`)?.textContent ?? (q === "1z" ? "1 − z" : q);
  }

  /** Light up parts of the drawing by name; none: all lights out. */
  light(parts) {
    for (const node of this.drawing.querySelectorAll("[data-part]")) {
      node.classList.toggle("cv-lit", parts.includes(node.dataset.part));
    }
  }
}

function set(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
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
