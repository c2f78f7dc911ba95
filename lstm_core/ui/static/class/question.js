// A question on the wall: its words and how many have answered; once it is closed what they have answered, then what is right.

import { el, fill, write } from "../cell/parts.js";
import { Curves, legend } from "./curves.js";
import { Histogram } from "./histogram.js";
import { inline, paragraphs, prose } from "./prose.js";
import { barList, letter } from "./votes.js";

const LONG = 240; // letters of a question that is written smaller; a Chinese one is as wide as two
const CHINESE = /[\u3000-\u9fff\uff00-\uffef]/g;
const CARDS = 12; // answers in own words that are shown

export class QuestionView {
  constructor(words) {
    this.words = words;
    this.ask = el("div", "wall-ask");
    this.body = el("div", "wall-body");
    this.share = el("span", "wall-tally-share");
    this.vote = el("span", "wall-vote");
    this.count = el("span", "wall-tally-count", { role: "status" });
    this.tally = el("div", "wall-tally", {}, el("div", "wall-tally-words", {}, this.count, this.vote),
      el("div", "wall-tally-bar", { "aria-hidden": "true" }, this.share));
    this.root = el("section", "wall-question", {}, this.ask, this.body, this.tally);
    this.plots = [];
    this.shown = "";
  }

  take(item, { learners }) {
    const open = item.phase === "open";
    const all = signature(open ? { ...item, votes: item.votes.length } : item);
    if (all !== this.shown) this.lay(item);
    this.shown = all;
    const { count } = item.votes.at(-1);
    const said = `${open ? "answered" : "closed"}${count === 1 ? "_one" : ""}`;
    write(this.count, fill(this.words[said], { count, all: Math.max(learners, count) }));
    this.share.style.setProperty("--share", String(count / Math.max(1, learners, count)));
  }

  /** Put everything there that does not change while answers come. */
  lay(item) {
    const { words } = this;
    const open = item.phase === "open";
    for (const plot of this.plots.splice(0)) plot.close();
    this.root.dataset.phase = item.phase;
    this.root.dataset.kind = item.ask.kind;
    this.root.classList.toggle("wall-long", paragraphs(item.text).join(" ").replace(CHINESE, "xx").length > LONG);
    this.ask.replaceChildren(...prose(item.text));
    this.body.replaceChildren(...(open ? this.asked(item.ask) : this.answered(item)));
    write(this.vote, open ? [words.first, words.second][item.vote - 1] : "");
    this.tally.hidden = !open && item.votes.length > 1; // how many voted stands beside each vote
  }

  /** What can be answered. */
  asked(ask) {
    const { words } = this;
    const options = (list, mark) => el("ol", "wall-options", {}, ...list.map(({ text }, at) => el("li", "wall-option", {},
      el("b", "wall-letter", { text: mark(at) }), el("span", "wall-option-name", {}, ...inline(text)))));
    const hint = (text) => el("p", "wall-hint", { text });
    switch (ask.kind) {
      case "choice": return [options(ask.options, letter)];
      case "order": return [hint(words.ask_order), options(ask.items, () => "•")];
      case "number": return [hint(fill(words.ask_number, { low: ask.ends[0], high: ask.ends[1] })),
        el("div", "wall-scale", { "aria-hidden": "true" }, ...ask.ends.map((text) => el("span", "", { text })))];
      case "curve": return [hint(fill(words.ask_curve, ask.frame.words)),
        this.plot(new Curves(ask.frame, { curves: [], middle: [], count: 0 }, null, "", words))];
      default: return [hint(words.ask_words)];
    }
  }

  /** What has been answered. */
  answered(item) {
    const { words } = this;
    const { ask, votes } = item;
    const said = item.phase === "shown" && ask.kind !== "curve" ? this.judged(item) : []; // of curves one sees it
    switch (ask.kind) {
      case "choice": case "order": return [...said, ...this.votes(item), barList(item, words)];
      case "number": return [...said, ...this.votes(item), this.plot(new Histogram(item, words))];
      case "curve": return [...said,
        el("div", "wall-panels", {}, ...votes.map((vote, at) => this.panel(item, vote, at))), legend(item, words)];
      default: return this.cards(votes.at(-1).said);
    }
  }

  /** What is right, how many were, and how many changed. */
  judged({ votes, truth_text: told, change }) {
    const { words } = this;
    const [{ right, count }, later] = votes;
    const lines = [];
    const say = (sentence, values) => lines.push(el("p", "", {}, ...inline(fill(sentence, values))));
    if (told) say(`✓ ${words.truth}`, { truth: told });
    if (Number.isFinite(right)) {
      say(later ? words.rights_both : words.rights, { right, count, later: later?.right, later_count: later?.count });
    }
    if (change) say(words.change, { to: change.to_right, from: change.from_right });
    return lines.length ? [el("div", "wall-judged", {}, ...lines)] : [];
  }

  /** Which bars are of which vote, where there were two. */
  votes({ votes }) {
    if (votes.length < 2) return [];
    const { words } = this;
    return [el("ul", "wall-legend", {}, ...votes.map(({ count }, at) => el("li", "", {},
      el("span", at ? "wall-swatch" : "wall-swatch wall-earlier", { "aria-hidden": "true" }),
      fill(words.answers, { vote: [words.first, words.second][at], count }))))];
  }

  panel({ ask, votes, truth }, vote, at) {
    const { words } = this;
    const name = [words.first, words.second][at];
    return el("figure", "wall-panel", {}, ...(votes.length > 1
      ? [el("figcaption", "", { text: fill(words.answers, { vote: name, count: vote.count }) })] : []),
    this.plot(new Curves(ask.frame, vote, truth, name, words)));
  }

  cards(said) {
    const { words } = this;
    if (!said.length) return [el("p", "wall-hint", { text: words.said_nothing })];
    const more = said.length - CARDS;
    return [el("ul", "wall-cards", {}, ...said.slice(0, CARDS).map((text) => el("li", "", {}, el("p", "", { text })))),
      ...(more > 0 ? [el("p", "wall-hint", { text: fill(words.more_said, { count: more }) })] : [])];
  }

  plot(made) {
    this.plots.push(made);
    return made.root;
  }

  close() {
    for (const plot of this.plots) plot.close();
    this.root.remove();
  }
}

/** A picture as a text that is another one when anything in it is. */
const signature = (part) => JSON.stringify(part, (_, value) => (ArrayBuffer.isView(value) ? String(value) : value));
