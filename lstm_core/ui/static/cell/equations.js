// Equations as they are written by hand: every number put in, each of them saying where it comes from.

import { explain } from "./bubble.js";
import { el, fill, powers } from "./parts.js";

const LEFT_OVER = /[1-9]/; // rounding left something over; not where it is no number
const SIGNS = { sigmoid: "σ", tanh: "tanh" };

export class Equations {
  /** `told(sentence)` puts the numbers of the chosen place into a sentence. */
  constructor(facts, told) {
    this.facts = facts;
    this.told = told;
    this.open = new Set(); // equations whose lines of code are shown
  }

  /** An equation with all that happens in it. */
  card(equation) {
    const { name } = equation;
    return this.framed(name, this.title(name), this.rows(equation), this.result(equation), ...this.code(name));
  }

  /** One thing that happens in an equation, `number` of `count`, with a sentence. */
  step({ kind, name, term, text }, equation, number, count) {
    const { words } = this.facts;
    const title = fill(words.step_title, { number, count, kind: words[`step_${kind}`], name: this.title(name) });
    const body = kind === "sum" ? this.rows(equation, true) : kind === "squash" ? this.result(equation)
      : this.product(equation, term, kind);
    return this.framed(name, title, el("p", "cv-step-text", { text: this.told(text) }), body);
  }

  title(name) {
    return this.facts.headings[name] ?? this.facts.words.before_reset;
  }

  framed(name, title, ...inside) {
    const { colours, equations } = this.facts;
    const made = el("article", "cv-card", { style: `--gate:${colours.gates[name] ?? "currentColor"}`, "data-name": name },
      el("h5", "", {}, el("span", "", { text: title }), el("code", "", { text: equations[name] })), ...inside);
    const first = made.querySelector(".cv-n");
    if (first) first.tabIndex = 0; // one stop for Tab; from there the arrow keys go from number to number
    return made;
  }

  /** What is added up; a sum of a single part is the part itself, and is written under it only when `always`. */
  rows(equation, always = false) {
    const { words } = this.facts;
    const rows = equation.parts.map((part) => this.part(part));
    const rounding = LEFT_OVER.test(equation.rounding) ? [this.row(words.rounding, [], equation.rounding)] : [];
    const sum = !always && equation.parts.length === 1 ? []
      : [...rounding, this.row(words.part_sum, [], this.number(equation.sum), "cv-sum")];
    return el("div", "cv-rows", {}, ...rows, ...sum);
  }

  result(equation) {
    const { words } = this.facts;
    const { name } = equation;
    const held = equation.clamped ? [el("span", "", { text: equation.value }), el("em", "cv-held", { text: words.clamped })] : [];
    return el("p", "cv-result", {},
      ...(equation.function ? [`${name} = ${SIGNS[equation.function]}(`, this.number(equation.sum), ") = "] : [`${name} = `]),
      ...held, this.number(equation.result));
  }

  /** A product of a state; when it is written or shown, also the state that comes of it. */
  product(equation, term, kind) {
    const { words } = this.facts;
    const { terms } = equation.parts[0];
    const row = this.row(words[`step_${kind}`], this.term(terms[term]), terms[term].value);
    const other = terms.filter((_, at) => at !== term).map((one) => this.row(words.step_keep, [], one.value));
    return el("div", "cv-rows", {}, ...(kind === "write" ? [...other, row, this.result(equation)] : kind === "show"
      ? [row, this.result(equation)] : [row]));
  }

  term({ factors }) {
    return [el("span", "cv-term", {}, ...factors.flatMap((factor, number) => [...(number ? ["·"] : []), this.number(factor, number > 0)]))];
  }

  part(part) {
    const { words } = this.facts;
    const nodes = part.terms.flatMap((term, at) => {
      const negative = at > 0 && term.factors.length === 1 && term.value.startsWith("-");
      return [...(at ? [el("i", "", { text: negative ? "" : "+" })] : []), " ", ...this.term(term)];
    });
    if (part.folded || LEFT_OVER.test(part.rest)) {
      nodes.push(el("i", "", { text: "+" }), " ", el("span", "cv-more", { text: fill(words.aside, {
        text: part.rest, remark: part.folded ? fill(words.more, { count: part.folded }) : words.rounding }) }));
    }
    return this.row(words[`part_${part.part}`], nodes, part.value);
  }

  row(label, nodes, value, kind = "") {
    return el("div", `cv-sum-row ${kind}`, {}, el("span", "cv-part", { text: label }), el("span", "cv-terms", {}, ...nodes),
      el("span", "cv-total", {}, typeof value === "string" ? spelled(value) : value));
  }

  number(number, later = false) {
    const through = number.through === "tanh" ? `tanh(${number.inner})` : number.through ? `(1 − ${number.inner})` : null;
    const text = spelled(through ?? number.text);
    const made = el("span", "cv-n", { tabindex: -1, "data-source": JSON.stringify(number.source),
      text: later && text.startsWith("-") ? `(${text})` : text });
    return explain(made, () => ({ name: `${this.says(number.source)} = ${spelled(number.exact)}`,
      text: this.told(this.means(number.source)) }));
  }

  code(name) {
    const { facts } = this;
    const lines = facts.code[name];
    if (!lines) return [];
    const text = el("pre", "", { text: lines });
    const toggle = el("button", "cv-text-button cv-code-button", { type: "button", text: facts.words.lines });
    const show = () => {
      text.hidden = !this.open.has(name);
      toggle.setAttribute("aria-expanded", this.open.has(name));
    };
    toggle.addEventListener("click", () => {
      if (!this.open.delete(name)) this.open.add(name);
      show();
    });
    show();
    return [toggle, text];
  }

  /** What a source is called. */
  says(source) {
    const { words, headings, names } = this.facts;
    const [kind, ...at] = source;
    const input = (number) => names[number] ?? fill(words.input_n, { n: number + 1 });
    const state = (name, unit, step) => fill(words.phrases, { first: fill(words.of_unit, { name: headings[name], unit: unit + 1 }),
      next: step < 0 ? words.before_first : fill(words.at_step, { step: step + 1 }) });
    const gate = headings[at[0]];
    if (kind === "x") return input(at[0]);
    if (kind === "h" || kind === "c") return state(kind, ...at);
    if (kind === "W") return fill(words.of_weight, { gate, from: input(at[2]) });
    if (kind === "U") return fill(words.of_weight, { gate, from: fill(words.of_unit, { name: headings.h, unit: at[2] + 1 }) });
    if (kind === "b") return fill(words.of_bias, { gate });
    if (kind === "b_h") return fill(words.of_bias_h, { gate });
    if (kind === "pre") return fill(words.of_sum, { gate });
    return kind === "u" ? words.before_reset : fill(words.of_unit, { name: gate, unit: at[1] + 1 });
  }

  /** What such a number is for. */
  means([kind, name]) {
    const { words, elements } = this.facts;
    if (kind === "W" || kind === "U") return words.say_weight;
    if (kind === "b" || kind === "b_h") return words.say_bias;
    if (kind === "pre") return words.say_sum;
    return elements[kind === "gate" ? name : kind][1];
  }
}

/** What Python calls nan and inf, and powers of ten. */
const spelled = (text) => powers(text).replace(/nan/i, "NaN").replace(/inf(inity)?/i, "∞");
