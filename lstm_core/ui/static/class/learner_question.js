// A question in the panel of a learner: its words, the input, what was sent of it; later the own answer and what came.

import { el, fill, set, write } from "../cell/parts.js";
import { answer, blank, draftOf, listed, same, told } from "./answers.js";
import { drawing, input } from "./asks.js";
import { inline, prose } from "./prose.js";
import { sentence } from "./sentence.js";
import { asked } from "./standing.js";

const ICONS = { right: "✓", close: "≈", off: "✗" }; // of verdicts

let made = 0; // questions, for names of their own in the page

export class Question {
  /**
   * @param send tells the server something
   * @param kept { draft(of), keep(of, draft) }: what a tab remembers of the inputs of a question
   */
  constructor(send, kept) {
    this.send = send;
    this.kept = kept;
    this.id = `class-question-${made++}`;
    this.heading = el("h2", "class-heading", { tabindex: -1 });
    this.text = el("div", "class-text", { id: this.id });
    this.earlier = el("p", "class-small");
    this.body = el("div", "class-body");
    this.button = el("button", "class-main", { type: "button", click: () => this.commit() });
    this.note = el("p", "class-note", { role: "status" });
    this.foot = el("div", "class-foot", {}, this.button, this.note);
    this.root = el("article", "class-item", {}, this.heading, this.text, this.earlier, this.body, this.foot);
    this.pending = null; // what was sent and has not come back
    this.missed = false;
    this.renewed = 0; // how often what stands in the input came from elsewhere
  }

  get mine() {
    return listed(this.item.mine);
  }

  /**
   * Take in the question as it is now; what stands in its input stays. While the connection is lost (`missed`) nothing is
   * told; what is not confirmed yet is told again when it is back.
   */
  take(item, words, missed) {
    const back = this.missed && !missed;
    this.missed = missed;
    const of = asked(item);
    const [another, before] = [of !== this.of, this.item];
    Object.assign(this, { item, words, of });
    if (another) this.begin();
    else this.hear(listed(before.mine));
    const shape = JSON.stringify([of, words, item.phase, ...(item.phase === "open" ? [this.renewed] : [item.mine, item.truth])]);
    if (shape !== this.shape) this.build(shape);
    if (back && this.pending !== null && item.phase === "open") this.tell();
    this.say();
  }

  begin() {
    const { mine, item: { ask } } = this;
    this.draft = this.kept.draft(this.of) ?? (mine === null ? blank(ask) : draftOf(ask, mine));
    this.pending = null;
    this.refusal = this.lacking = "";
  }

  /** Hear what came back of what was sent, and what was answered in another tab. */
  hear(before) {
    const { mine, item: { ask } } = this;
    const drafted = answer(ask, this.draft);
    if (this.pending !== null) {
      if (same(mine, this.pending)) this.pending = null;
    } else if (mine !== null && !same(mine, before) && same(drafted, before)) {
      this.keep(draftOf(ask, mine));
      this.renewed += 1;
    }
  }

  build(shape) {
    this.shape = shape;
    const { item, words } = this;
    const open = item.phase === "open";
    const focused = this.root.contains(document.activeElement);
    this.close();
    write(this.heading, words[item.vote > 1 ? "again" : "question"]);
    this.text.replaceChildren(...prose(item.text));
    this.earlier.hidden = item.earlier === null;
    if (item.earlier !== null) this.earlier.replaceChildren(...this.spoken(words.earlier, item.earlier));
    this.foot.hidden = !open;
    this.input = open ? input(item.ask, this.draft, { name: this.id, labelled: this.id, words, changed: (draft) => this.change(draft) })
      : this.outcome();
    this.body.replaceChildren(this.input.root);
    if (focused && !this.root.contains(document.activeElement)) this.heading.focus({ preventScroll: true });
  }

  /** A sentence with an answer in it. */
  spoken(words, value) {
    const { ask } = this.item;
    const said = told(ask, value);
    return sentence(words, { answer: ["choice", "order"].includes(ask.kind) ? inline(said) : [said] });
  }

  row(words, value) {
    return el("p", "class-row", {}, ...this.spoken(words, value));
  }

  /** What stands there when nothing more can be sent. */
  outcome() {
    const { item: { ask, truth, verdict, phase }, mine, words } = this;
    const closed = phase === "closed";
    const box = ask.kind === "curve" ? drawing(ask.frame, mine ?? blank(ask), listed(truth)) : null;
    const parts = [this.own(closed)];
    if (verdict && mine !== null) {
      parts.unshift(el("p", "class-verdict", { "data-verdict": verdict },
        el("span", "class-icon", { "aria-hidden": "true", text: ICONS[verdict] }), words[verdict]));
    }
    if (box) parts.push(box.root);
    else if (truth !== null) parts.push(this.row(words.came, truth));
    if (truth === null && !closed) parts.push(el("p", "class-row", { text: words.on_wall }));
    const typed = answer(ask, this.draft);
    if (typed !== null && !same(typed, mine)) {
      parts.push(el("p", "class-row class-late", {}, ...this.spoken(words.late, typed)));
    }
    return { root: el("div", "class-outcome", {}, ...parts), close: () => box?.close() };
  }

  /** What was answered, in words; a curve is seen below. */
  own(closed) {
    const { item: { ask }, mine, words } = this;
    if (mine === null) return el("p", "class-row", { text: words[closed ? "closed_without" : "without"] });
    if (ask.kind !== "curve") return this.row(words[closed ? "closed_mine" : "mine"], mine);
    return el("p", "class-row", { text: closed ? words.closed_curve : "" });
  }

  change(draft) {
    this.keep(draft);
    this.refusal = this.lacking = "";
    this.say();
  }

  keep(draft) {
    this.draft = draft;
    this.kept.keep(this.of, draft);
  }

  commit() {
    const { ask } = this.item;
    const value = answer(ask, this.draft);
    this.refusal = "";
    this.lacking = value === null ? this.missing(ask) : "";
    if (value !== null && !same(value, this.pending ?? this.mine)) {
      this.pending = value;
      if (!this.missed) this.tell();
    }
    this.say();
  }

  tell() {
    this.send({ answer: this.pending, item: this.item.number });
  }

  missing(ask) {
    const name = ask.kind === "number" && ask.whole ? "need_whole" : `need_${ask.kind}`;
    return fill(this.words[name], { low: ask.ends?.[0], high: ask.ends?.[1] });
  }

  refused(why) {
    if (this.pending === null) return;
    this.pending = null;
    this.refusal = why;
    this.say();
  }

  /** Write what has become of the answer, and what the button does. */
  say() {
    const { item, mine, words } = this;
    const draft = answer(item.ask, this.draft);
    const [name, text] = this.news(draft);
    set(this.note, "data-note", name);
    write(this.note, text);
    write(this.button, words[mine === null ? "send" : "change"]);
    this.button.classList.toggle("class-incomplete", draft === null); // pressed it says what is missing
    set(this.button, "aria-disabled", String(draft !== null && same(draft, this.pending ?? mine)));
  }

  news(draft) {
    const { mine, pending, words } = this;
    const refusal = this.refusal || this.lacking;
    if (refusal) return ["refused", refusal];
    if (this.missed) return ["lost", words[pending === null ? "lost_draft" : "lost_sent"]];
    if (pending !== null) return ["sending", words.sending];
    if (mine === null) return ["", ""];
    return same(draft, mine) ? ["arrived", words.arrived] : ["changed", words.changed];
  }

  close() {
    this.input?.close();
    this.input = null;
  }
}
