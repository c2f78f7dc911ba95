// By hand: the equations of one unit at one time step, one thing at a time or all at once. Point at a number, and its
// source lights up.

import { walk } from "./bubble.js";
import { Equations } from "./equations.js";
import { el, fill, refusal, write } from "./parts.js";

const REST = 150; // milliseconds without movement before the equations are asked for
const REMEMBERED = "gatescope.cell.equations"; // under which the browser keeps "all"

export class Hand {
  /**
   * `told` is what it tells the view: `light()`, what is lit is another (see `lit`); `placed()`, that it belongs
   * elsewhere; `onward(way)`, to go to the next or last time step; `replaced(update, by)`, that a moment of training is
   * no longer kept; `unknown()`, that the server has forgotten the token: true when it is registered again, after which
   * `retry` is called or another address wanted; `sentence(text)` puts numbers into a text. `questions` asks the server.
   * `at` is which of `facts.told` it begins with.
   */
  constructor(facts, told, questions, at) {
    this.facts = facts;
    this.told = told;
    this.questions = questions;
    const { words } = facts;
    this.equations = new Equations(facts, told.sentence);
    this.all = remembered() === "all";
    this.at = at;
    this.heading = el("h4", "", { text: words.by_hand });
    this.modes = el("div", "cv-switch", { role: "group", "aria-label": words.by_hand }, ...[[false, words.one_step],
      [true, words.all_steps]].map(([all, text]) => el("button", "", { type: "button", text, click: () => this.choose(all) })));
    const move = (way, text) => el("button", "cv-text-button", { type: "button", text, click: () => this.move(way) });
    this.back = move(-1, words.step_back);
    this.next = move(1, words.step_next);
    this.nav = el("div", "cv-steps", {}, this.back, this.next);
    this.cards = el("div", "cv-cards");
    this.root = el("section", "cv-hand", { "aria-label": words.by_hand },
      el("header", "", {}, this.heading, this.modes, this.nav), el("p", "cv-about", { text: words.hint }), this.cards);
    for (const [event, pointed] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
      this.cards.addEventListener(event, ({ target }) => {
        const node = target.closest?.(".cv-n");
        if (!node) return;
        this.source = pointed ? JSON.parse(node.dataset.source) : null;
        told.light();
      });
    }
    this.cards.addEventListener("keydown", (event) => walk(event, [...event.target.closest(".cv-card")?.querySelectorAll(".cv-n") ?? []]));
    this.show();
  }

  /** Which parts of the drawing and which places ([panel, step, row]) of the maps are lit. */
  lit(step) {
    if (this.source) return placesOf(this.source, step);
    return { parts: this.all ? [] : this.facts.told[this.at].lit, places: [] };
  }

  choose(all) {
    this.all = all;
    remember(all ? "all" : "one");
    this.told.placed();
    this.show();
    this.paint();
  }

  /** Go to the next thing that happens; from the last one on to the next time step. */
  move(way) {
    const { told } = this.facts;
    const to = this.at + way;
    if (to < 0 || to >= told.length) {
      this.at = to < 0 ? told.length - 1 : 0;
      this.told.onward(way);
    } else this.at = to;
    this.show();
    this.paint();
  }

  show() {
    [...this.modes.children].forEach((button, at) => button.setAttribute("aria-pressed", String(Boolean(at) === this.all)));
    this.root.classList.toggle("cv-all-at-once", this.all);
    this.nav.hidden = this.all;
    this.reach();
  }

  /** Where there is nothing before or behind, a button is off. */
  reach() {
    const { told, steps } = this.facts;
    const step = this.place ? this.place.step - 1 : 0;
    this.back.disabled = this.at === 0 && step === 0;
    this.next.disabled = this.at === told.length - 1 && step === steps - 1;
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
    this.reach();
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
      else this.told.replaced(this.place.moment, by);
    } catch (error) {
      if (error.name === "AbortError" || address !== this.address) return;
      if (error.gone === "token" && this.told.unknown()) return;
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
    this.worked = equations;
    this.paint();
    write(this.heading, fill(this.facts.words.by_hand_of, this.place));
    this.root.classList.remove("cv-stale");
    this.root.dataset.address = this.address;
  }

  /** Put up the cards of the equations that came last. */
  paint() {
    const { told } = this.facts;
    const step = told[this.at];
    const numbers = () => [...this.cards.querySelectorAll(".cv-n")];
    const focused = numbers().indexOf(document.activeElement);
    this.source = null;
    if (this.worked) {
      this.cards.replaceChildren(...(this.all ? this.worked.map((equation) => this.equations.card(equation))
        : [this.equations.step(step, this.worked.find(({ name }) => name === step.name), this.at + 1, told.length)]));
    }
    this.told.light();
    if (focused >= 0) numbers()[Math.min(focused, numbers().length - 1)]?.focus();
  }
}

function remembered() {
  try { return localStorage.getItem(REMEMBERED); } catch { return null; } // a browser may forbid it
}

function remember(value) {
  try { localStorage.setItem(REMEMBERED, value); } catch { /* then it holds for this page only */ }
}

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
