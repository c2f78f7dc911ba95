// What the network says after the chosen step, beside what came in truth: a value, or the likeliest classes.

import { explain } from "./bubble.js";
import { el, exact, fill, percent, widest, write } from "./parts.js";

const LIKELIEST = 5;

export class Outcome {
  constructor(facts) {
    this.facts = facts;
    const { words, labels } = facts;
    this.root = el("section", "cv-outcome", { "aria-label": words.prediction,
      style: `--predicted:${facts.colours.predicted};--label:${Math.min(128, 1.25 * widest(labels) + 4)}px` });
    this.note = el("p", "cv-about");
    if (labels.length) {
      this.bars = Array.from({ length: Math.min(LIKELIEST, labels.length) }, () => {
        const bar = { name: el("b"), fill: el("i"), old: el("u"), share: el("span") };
        bar.root = explain(el("div", "cv-bar", { tabindex: 0 }, bar.name, el("div", "", {}, bar.fill, bar.old), bar.share),
          () => this.saysBar(bar));
        return bar;
      });
      this.truth = el("b");
      this.root.append(el("h4", "", { text: answerName(facts) }), ...this.bars.map((bar) => bar.root),
        explain(el("p", "cv-truth", { tabindex: 0 }, this.truth), () => ({ name: this.truth.textContent, text: words.say_verdict })), this.note);
      return;
    }
    this.predicted = el("b", "cv-predicted");
    this.original = el("b");
    this.truth = el("b", "cv-real");
    this.error = el("b");
    const figure = (label, node, text) => explain(el("div", "", { tabindex: 0 }, el("span", "", { text: label }), node),
      () => ({ name: fill(words.pair, { name: label, value: node.textContent }), text: fill(text, { step: this.step + 1 }) }));
    this.root.append(el("h4", "", { text: answerName(facts) }), el("div", "cv-figures", {},
      figure(facts.changed ? words.changed : words.predicted, this.predicted, words.say_predicted),
      ...(facts.changed ? [figure(words.untouched, this.original, words.say_untouched)] : []),
      figure(words.really, this.truth, words.say_real),
      explain(this.error, () => (this.error.textContent ? { name: this.error.textContent, text: words.say_error } : null))), this.note);
  }

  /** A scaled output in real units. */
  value(trace, step) {
    return trace.y[step] * this.facts.factor + this.facts.offset;
  }

  update(entry, shown, step) {
    const { words, answers, last, steps, labels } = this.facts;
    this.step = step;
    const silent = step < answers;
    const aside = silent ? (this.facts.switch ? words.only_read : words.whole)
      : last && step < steps - 1 ? words.not_read : "";
    this.root.classList.toggle("cv-silent", silent);
    write(this.note, aside);
    const trace = shown === "original" ? entry.original : entry.changed;
    const said = labels.length ? this.classes(entry, trace, step) : this.number(entry, step, shown, silent);
    this.said = silent ? aside : said;
  }

  number(entry, step, shown, silent) {
    const { words, real } = this.facts;
    const unit = this.facts.unit ? ` ${this.facts.unit}` : "";
    const told = (value) => (silent ? "–" : exact(value) + unit);
    const predicted = this.value(entry.changed, step);
    write(this.predicted, told(predicted));
    if (entry.original) write(this.original, told(this.value(entry.original, step)));
    write(this.truth, real[step] === null ? words.unknown : exact(real[step]) + unit);
    const against = shown === "original" && entry.original ? this.value(entry.original, step) : predicted;
    const off = silent || real[step] === null ? "" : fill(words.off, { error: `${exact(against - real[step])}${unit}` });
    write(this.error, off);
    const said = fill(words.pair, { name: words.predicted, value: told(predicted) });
    return off ? fill(words.then, { first: said, next: off }) : said;
  }

  classes(entry, trace, step) {
    const { labels, words, real, outputs, follows, last, steps } = this.facts;
    const odds = trace.y.subarray(step * outputs, (step + 1) * outputs);
    const order = Array.from(odds.keys());
    // A few classes of a whole sequence keep their places, so that one sees the opinion turn.
    if (follows || labels.length > LIKELIEST) order.sort((one, other) => odds[other] - odds[one] || one - other);
    this.bars.forEach((bar, rank) => {
      const label = order[rank];
      write(bar.name, labels[label]);
      bar.fill.style.transform = `scaleX(${Number.isFinite(odds[label]) ? odds[label] : 0})`;
      bar.root.classList.toggle("cv-right", label === real[step]);
      write(bar.share, percent(odds[label]));
      bar.right = label === real[step];
      bar.before = entry.original ? percent(entry.original.y[step * outputs + label]) : null;
      bar.old.hidden = !entry.original;
      if (entry.original) bar.old.style.left = `${100 * entry.original.y[step * outputs + label]}%`;
    });
    const share = (label) => fill(words.aside, { text: labels[label], remark: percent(odds[label]) });
    const truth = real[step] === null ? words.unknown : share(real[step]);
    const said = share(likeliest(odds));
    write(this.truth, fill(last && step < steps - 1 ? words.not_asked : words.verdict, { truth, said }));
    return this.truth.textContent;
  }

  /** What a bar says of itself. */
  saysBar({ name, share, right, before }) {
    const { words } = this.facts;
    return { name: fill(words.pair, { name: name.textContent, value: share.textContent }), text: [words.say_odds,
      ...(right ? [words.say_right] : []), ...(before === null ? [] : [fill(words.say_mark, { share: before })])]
      .join(words.gap) };
  }
}

/** What is answered: the symbol that comes next, or the target by its name. */
export function answerName({ follows, labels, words, target }) {
  return follows && labels.length ? words.next : fill(words.pair, { name: words.prediction, value: target });
}

/**
 * The class whose probability is followed through the sequence, and whether it is the true one: at every step the one
 * that comes next; of a class of the whole sequence that class, or where it is not known the one named in the end.
 */
export function followed({ real, last, follows, steps, outputs }, y, step) {
  const whole = last && !follows;
  const right = real[whole ? steps - 1 : step];
  if (right !== null) return [right, true];
  const at = whole ? steps - 1 : step;
  return [likeliest(y.subarray(at * outputs, (at + 1) * outputs)), false];
}

function likeliest(odds) {
  return odds.reduce((best, share, at) => (share > odds[best] ? at : best), 0);
}
