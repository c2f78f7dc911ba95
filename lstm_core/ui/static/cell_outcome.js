// What the network says after the chosen step, beside what came in truth: a value, or the likeliest letters.

import { el, exact, fill, write } from "./cell_parts.js";

const LIKELIEST = 5;

export class Outcome {
  constructor(facts) {
    this.facts = facts;
    const { words, alphabet, last } = facts;
    this.root = el("section", "cv-outcome", { "aria-label": words.prediction,
      style: `--predicted:${facts.colours.predicted}` });
    this.note = el("p", "cv-about", { text: last ? words.not_read : "" });
    if (alphabet.length) {
      this.bars = Array.from({ length: Math.min(LIKELIEST, alphabet.length) }, () => {
        const bar = { letter: el("b"), fill: el("i"), old: el("u"), share: el("span") };
        bar.root = el("div", "cv-bar", {}, bar.letter, el("div", "", {}, bar.fill, bar.old), bar.share);
        return bar;
      });
      this.truth = el("b");
      this.root.append(el("h4", "", { text: words.next_letter }), ...this.bars.map((bar) => bar.root),
        el("p", "cv-truth", {}, `${words.really} `, this.truth), this.note);
      return;
    }
    this.predicted = el("b", "cv-predicted");
    this.original = el("b");
    this.truth = el("b", "cv-real");
    this.error = el("b");
    const figure = (label, node) => el("div", "", {}, el("span", "", { text: label }), node);
    this.root.append(el("h4", "", { text: `${words.prediction}: ${facts.target}` }), el("div", "cv-figures", {},
      figure(facts.changed ? words.changed : words.predicted, this.predicted),
      ...(facts.changed ? [figure(words.untouched, this.original)] : []),
      figure(words.really, this.truth), this.error), this.note);
  }

  /** A scaled output in real units. */
  value(trace, step) {
    return trace.y[step] * this.facts.factor + this.facts.offset;
  }

  update(entry, shown, step) {
    const { facts } = this;
    this.note.hidden = !facts.last || step === facts.steps - 1;
    const trace = shown === "original" ? entry.original : entry.changed;
    this.said = facts.alphabet.length ? this.letters(entry, trace, step) : this.number(entry, step, shown);
  }

  number(entry, step, shown) {
    const { words, real } = this.facts;
    const unit = this.facts.unit ? ` ${this.facts.unit}` : "";
    const predicted = this.value(entry.changed, step);
    write(this.predicted, exact(predicted) + unit);
    if (entry.original) write(this.original, exact(this.value(entry.original, step)) + unit);
    write(this.truth, real[step] === null ? words.unknown : exact(real[step]) + unit);
    const against = shown === "original" && entry.original ? this.value(entry.original, step) : predicted;
    const off = real[step] === null ? "" : fill(words.off, { error: `${exact(against - real[step])}${unit}` });
    write(this.error, off);
    return `${words.predicted}: ${exact(predicted)}${unit}. ${off}`;
  }

  letters(entry, trace, step) {
    const { alphabet, words, real, outputs } = this.facts;
    const odds = trace.y.subarray(step * outputs, (step + 1) * outputs);
    const order = Array.from(odds.keys()).sort((one, other) => odds[other] - odds[one] || one - other);
    this.bars.forEach((bar, rank) => {
      const letter = order[rank];
      write(bar.letter, alphabet[letter]);
      bar.fill.style.transform = `scaleX(${Number.isFinite(odds[letter]) ? odds[letter] : 0})`;
      bar.root.classList.toggle("cv-right", letter === real[step]);
      write(bar.share, percent(odds[letter]));
      bar.old.hidden = !entry.original;
      if (entry.original) bar.old.style.left = `${100 * entry.original.y[step * outputs + letter]}%`;
    });
    const truth = real[step] === null ? words.unknown : `${alphabet[real[step]]} (${percent(odds[real[step]])})`;
    write(this.truth, truth);
    return `${words.next_letter}: ${alphabet[order[0]]} (${percent(odds[order[0]])}). ${words.really} ${truth}`;
  }
}

function percent(share) {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "NaN";
}
