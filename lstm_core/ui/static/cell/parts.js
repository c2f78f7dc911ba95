// What all parts of the cell view share: nodes, numbers as text, colours of values.

/** Make an element with a class, attributes and children; `text` is its text, a function an event listener. */
export function el(kind, name, settings = {}, ...children) {
  const made = kind.startsWith("svg:")
    ? document.createElementNS("http://www.w3.org/2000/svg", kind.slice(4)) : document.createElement(kind);
  if (name) made.setAttribute("class", name);
  for (const [key, value] of Object.entries(settings)) {
    if (key === "text") made.textContent = value;
    else if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Put text into a node only when it is another one: the browser then has nothing to lay out. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Set an attribute only when it is another one. */
export function set(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

export const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

const measure = document.createElement("canvas").getContext("2d");

/** How many pixels the widest of some short texts takes. */
export function widest(texts) {
  measure.font = "12px sans-serif";
  return Math.max(0, ...texts.map((text) => measure.measureText(text).width));
}

/** A text cut off where it would be wider than so many pixels. */
export function shortened(text, width) {
  if (widest([text]) <= width) return text;
  const letters = Array.from(text);
  while (letters.length > 1 && widest([`${letters.join("")}…`]) > width) letters.pop();
  return `${letters.join("")}…`;
}

/** Fill the names in braces of a translated sentence. */
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function beyond(value) {
  return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
}

/** A text with its power of ten as people write it: 1.4e-7 becomes 1.4 × 10⁻⁷. */
export const powers = (text) => text.replace(/^(-?[\d.]+)e([+-])0*(\d+)$/, (_, number, sign, power) =>
  `${number} × 10${sign === "-" ? "⁻" : ""}${Array.from(power, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`);

/** A number with six significant digits. */
export const exact = (value) => (Number.isFinite(value) ? powers(String(Number(value.toPrecision(6)))) : beyond(value));

/** A number with three digits after the point; a large one with four digits in all. */
export function short(value) {
  if (!Number.isFinite(value)) return beyond(value);
  const text = Math.abs(value) < 100 ? value.toFixed(3) : powers(String(Number(value.toPrecision(4))));
  return text === "-0.000" ? "0.000" : text;
}

/** A share of 1 in percent. */
export const percent = (share) => (Number.isFinite(share) ? `${(100 * share).toFixed(1)}%` : "NaN");

export const grouped = (count) => count.toLocaleString("en-US");

/** The error for an answer of the server that is none; `gone` tells what it does not have (any more). */
export async function refusal(answer) {
  const said = await answer.json().catch(() => ({}));
  return Object.assign(new Error(`${answer.status}`), { gone: said.gone });
}

/** The smallest of a few round numbers times a power of ten that is not below the largest finite magnitude. */
export function bound(values) {
  let largest = 0;
  for (let at = 0; at < values.length; at++) {
    const size = Math.abs(values[at]);
    if (size > largest && size < Infinity) largest = size;
  }
  if (!largest) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  return [1, 1.5, 2, 3, 4, 5, 7.5, 10].map((step) => step * power).find((step) => step >= largest * 0.9999999) ?? largest;
}

const parts = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
const pixel = ([red, green, blue], alpha) => ((Math.round(alpha * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
const LEVELS = 512;
const HATCH = [pixel([128, 128, 128], 0.75), pixel([128, 128, 128], 0.25)]; // what is no number

/** Colours of values from `low` to `high`: the same ones as in lstm_core.charts, as pixels of an ImageData. */
export class Scale {
  constructor(low, high, negative, positive) {
    this.low = low;
    this.high = high;
    this.negative = negative;
    this.positive = positive;
    this.pixels = new Uint32Array(LEVELS + 1);
    for (let level = 0; level <= LEVELS; level++) {
      const value = low + ((high - low) * level) / LEVELS;
      const strength = value < 0 ? value / low : high ? value / high : 0;
      this.pixels[level] = pixel(parts(value < 0 ? negative : positive), strength);
    }
  }

  /** Colour the values `at(row, column)` of a picture, row by row. */
  paint(into, rows, columns, values, offset, rowStride, columnStride) {
    const { low, pixels } = this;
    const factor = LEVELS / (this.high - low);
    let place = 0;
    for (let row = 0; row < rows; row++) {
      let from = offset + row * rowStride;
      for (let column = 0; column < columns; column++, from += columnStride) {
        const value = values[from];
        const level = (value - low) * factor;
        into[place++] = value !== value ? HATCH[(row + column) & 1]
          : pixels[level <= 0 ? 0 : level >= LEVELS ? LEVELS : (level + 0.5) | 0];
      }
    }
  }

  /** How strong a value is, from 0 to 1, and its colour. */
  strength(value) {
    if (Number.isNaN(value)) return 0;
    return clamp(value < 0 ? value / this.low : this.high ? value / this.high : 0, 0, 1);
  }

  colour(value) {
    return Number.isNaN(value) ? "currentColor" : value < 0 ? this.negative : this.positive;
  }

  /** The scale as a picture for a legend. */
  get gradient() {
    return this.low < 0 ? `linear-gradient(90deg, ${this.negative}, transparent 50%, ${this.positive})`
      : `linear-gradient(90deg, transparent, ${this.positive})`;
  }
}

/** Makes the scales of a view, each once. */
export class Scales {
  constructor(facts) {
    this.facts = facts;
    this.made = new Map();
  }

  /** The scale of a gate or state by name; what has no bound of its own is given one. */
  of(name, largest = 1) {
    const { colours, kinds } = this.facts;
    const kind = name === "y" ? "gate" : kinds[name] ?? "state";
    return kind === "gate" ? this.sequential(name === "y" ? colours.predicted : colours.gates[name])
      : this.diverging(kind === "signed" ? 1 : largest);
  }

  sequential(colour) {
    return this.kept(colour, () => new Scale(0, 1, colour, colour));
  }

  diverging(largest) {
    const { negative, positive } = this.facts.colours;
    return this.kept(largest, () => new Scale(-largest, largest, negative, positive));
  }

  kept(key, make) {
    if (!this.made.has(key)) {
      if (this.made.size > 60) this.made.clear();
      this.made.set(key, make());
    }
    return this.made.get(key);
  }
}
