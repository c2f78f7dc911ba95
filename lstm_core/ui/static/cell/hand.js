// By hand: the equations of one unit at one time step, every number put in. Point at a number, and its source lights up.

import { el, fill, powers, refusal, write } from "./parts.js";

const REST = 150; // milliseconds without movement before the equations are asked for
const LEFT_OVER = /[1-9]/; // rounding left something over; not where it is no number
const SIGNS = { sigmoid: "σ", tanh: "tanh" };

export class Hand {
  /**
   * `light(source)` lights a source up, or with null puts the lights out; `replaced(update, by)` is told of a moment of
   * training that is no longer kept; `unknown()`, that the server has forgotten the token: true when it is registered
   * again, after which `retry` is called or another address wanted. `questions` asks the server.
   */
  constructor(facts, light, { replaced, unknown }, questions) {
    this.facts = facts;
    this.questions = questions;
    this.light = light;
    this.replaced = replaced;
    this.unknown = unknown;
    const { words } = facts;
    this.heading = el("h4", "", { text: words.by_hand });
    this.about = el("p", "cv-about", { text: words.hint });
    this.cards = el("div", "cv-cards");
    this.root = el("section", "cv-hand", { "aria-label": words.by_hand }, el("header", "", {}, this.heading, this.about),
      this.cards);
    this.open = new Set(); // equations whose lines of code are shown
    for (const [event, number] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
      this.cards.addEventListener(event, ({ target }) => {
        const node = target.closest?.(".cv-n");
        if (node) this.show(number ? JSON.parse(node.dataset.source) : null, node.dataset.exact);
      });
    }
    this.cards.addEventListener("keydown", (event) => this.walk(event));
  }

  /**
   * The chosen place has changed: ask for its equations once it rests. `address` null: its numbers are not here (yet),
   * or `lost`.
   */
  want(address, place, lost) {
    if (lost && this.cards.hasChildNodes()) this.cards.replaceChildren();
    if (address === this.address) return;
    this.address = address;
    this.place = place;
    clearTimeout(this.timer);
    this.request?.abort();
    this.root.classList.add("cv-stale");
    if (address) this.timer = setTimeout(() => this.fetch(address), REST);
  }

  async fetch(address) {
    this.request = new AbortController();
    const { words } = this.facts;
    try {
      const answer = await this.questions.fetch(address, this.request.signal);
      if (!answer.ok) throw await refusal(answer);
      const equations = await answer.json();
      if (address !== this.address) return;
      const by = Number(answer.headers.get("X-Update"));
      if (by === this.place.moment) this.draw(equations);
      else this.replaced(this.place.moment, by);
    } catch (error) {
      if (error.name === "AbortError" || address !== this.address) return;
      if (error.gone === "token" && this.unknown()) return;
      this.cards.replaceChildren(el("p", "cv-failed", { text: fill(words.failed, this.place) },
        el("button", "cv-text-button", { type: "button", text: words.again, click: () => this.fetch(address) })));
    }
  }

  /** Ask once more for equations that have not come. */
  retry() {
    if (this.address && this.root.classList.contains("cv-stale")) this.fetch(this.address);
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
  }

  draw(equations) {
    const numbers = () => [...this.cards.querySelectorAll(".cv-n")];
    const focused = numbers().indexOf(document.activeElement);
    this.light(null);
    this.cards.replaceChildren(...equations.map((equation) => this.card(equation)));
    write(this.heading, fill(this.facts.words.by_hand_of, this.place));
    this.root.classList.remove("cv-stale");
    this.root.dataset.address = this.address;
    if (focused >= 0) numbers()[Math.min(focused, numbers().length - 1)]?.focus();
  }

  card(equation) {
    const { facts } = this;
    const { words, colours } = facts;
    const { name } = equation;
    const rows = equation.parts.map((part) => this.part(part, equation.name));
    const rounding = LEFT_OVER.test(equation.rounding) ? [this.row(words.rounding, [], equation.rounding)] : [];
    const single = equation.parts.length === 1;
    const sum = single ? [] : [...rounding, this.row(words.part_sum, [], this.number(equation.sum), "cv-sum")];
    const held = equation.clamped ? [el("span", "", { text: equation.value }), el("em", "cv-held", { text: words.clamped })]
      : [];
    const result = el("p", "cv-result", {},
      ...(equation.function ? [`${name} = ${SIGNS[equation.function]}(`, this.number(equation.sum), ") = "] : [`${name} = `]),
      ...held, this.number(equation.result));
    const card = el("article", "cv-card", { style: `--gate:${colours.gates[name] ?? "currentColor"}`, "data-name": name },
      el("h5", "", {}, el("span", "", { text: facts.headings[name] ?? words.before_reset }),
        el("code", "", { text: facts.equations[name] })), el("div", "cv-rows", {}, ...rows, ...sum), result, ...this.code(name));
    const first = card.querySelector(".cv-n");
    if (first) first.tabIndex = 0; // one stop for Tab; from there the arrow keys go from number to number
    return card;
  }

  part(part) {
    const { words } = this.facts;
    const nodes = part.terms.flatMap((term, at) => {
      const negative = at > 0 && term.factors.length === 1 && term.value.startsWith("-");
      return [...(at ? [el("i", "", { text: negative ? "" : "+" })] : []),
        " ", el("span", "cv-term", {}, ...term.factors.flatMap((factor, number) => [...(number ? ["·"] : []),
          this.number(factor, number > 0)]))];
    });
    if (part.folded) {
      nodes.push(el("i", "", { text: "+" }), " ", el("span", "cv-more", { text: fill(words.aside,
        { text: part.rest, remark: fill(words.more, { count: part.folded }) }) }));
    } else if (LEFT_OVER.test(part.rest)) {
      nodes.push(el("i", "", { text: "+" }), " ", el("span", "cv-more", { text: fill(words.aside,
        { text: part.rest, remark: words.rounding }) }));
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
    return el("span", "cv-n", {
      tabindex: -1, "data-source": JSON.stringify(number.source), "data-exact": spelled(number.exact),
      text: later && text.startsWith("-") ? `(${text})` : text,
    });
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

  show(source, exactly) {
    this.light(source);
    const { words } = this.facts;
    write(this.about, source ? fill(words.pair, { name: this.says(source), value: exactly }) : words.hint);
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

  /** Left and right go from number to number within an equation; Tab goes on to the next equation. */
  walk(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const node = event.target.closest(".cv-n");
    if (!way || !node || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const numbers = [...node.closest(".cv-card").querySelectorAll(".cv-n")];
    const next = numbers[numbers.indexOf(node) + way];
    if (!next) return;
    node.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}

/** What Python calls nan and inf, and powers of ten. */
const spelled = (text) => powers(text).replace(/nan/i, "NaN").replace(/inf(inity)?/i, "∞");

/** Which parts of the drawing and which places ([panel, step, row]) of the maps a source is. */
export function placesOf(source, step) {
  const [kind, ...at] = source;
  if (kind === "x") return { parts: ["x"], places: [["x", step, at[0]]] };
  if (kind === "h" || kind === "c") {
    const before = at[1] < step;
    return { parts: [before ? `${kind}0` : kind], places: [[kind, at[1], at[0]]] };
  }
  if (kind === "gate") return { parts: [at[0]], places: [[at[0], step, at[1]]] };
  if (kind === "pre") return { parts: [at[0], `in-${at[0]}`], places: [[at[0], step, at[1]]] };
  if (kind === "W") return { parts: ["x", `in-${at[0]}`], places: [["x", step, at[2]], [at[0], step, at[1]]] };
  if (kind === "U") return { parts: ["h0", at[0] === "n" ? "u" : `in-${at[0]}`], places: [["h", step - 1, at[2]], [at[0], step, at[1]]] };
  if (kind === "u" || kind === "b_h") return { parts: ["u"], places: [] };
  return { parts: [`in-${at[0]}`, at[0]], places: [[at[0], step, at[1]]] };
}
