// The class as one experiment: everybody's loss curve while it trains, the results against what differs, and what they say.

import { el, fill, write } from "../cell/parts.js";
import { Multiples } from "./multiples.js";
import { Scatter } from "./scatter.js";
import { number, spread } from "./scales.js";

/** What the results say so far, in sentences. */
export function told(item, words) {
  const { runs, groups, lower, naive } = item;
  const results = runs.map(({ result }) => result).filter((result) => Number.isFinite(result));
  if (!results.length) return words.sum_none;
  const least = (values) => (lower ? Math.min(...values) : Math.max(...values));
  const best = number(least(results));
  if (results.length === 1) return fill(words.sum_one, { best });
  const worst = number(lower ? Math.max(...results) : Math.min(...results));
  const top = groups.find(({ mean }) => mean === least(groups.map((one) => one.mean)));
  const around = spread(top.mean, top.deviation);
  const alike = groups.length > 1 && groups.every(({ mean }) => number(mean) === number(top.mean));
  const said = item.setting === "seed"
    ? fill(words.sum_seeds, { count: results.length, spread: around, best, worst })
    : alike ? fill(words.sum_alike, { count: results.length, mean: number(top.mean) }) : fill(words.sum_values, { count: results.length, title: item.title, value: top.value, spread: around });
  if (typeof naive !== "number") return said;
  return said + words.gap + fill(words.naive, { name: item.naive_name, naive: number(naive) });
}

export class ExperimentView {
  constructor(words) {
    this.words = words;
    this.title = el("h2", "wall-experiment-title");
    this.text = el("p", "wall-experiment-text");
    this.count = el("p", "wall-experiment-count", { role: "status" });
    this.multiples = new Multiples(words);
    this.scatter = new Scatter(words);
    this.caption = el("figcaption", "");
    const entry = (drawn, text) => el("li", "", {},
      el("svg:svg", "wall-sample", { viewBox: "0 0 40 12", "aria-hidden": "true" }, drawn), text);
    this.legend = el("ul", "wall-legend", {},
      entry(el("svg:circle", "wall-dot", { cx: 20, cy: 6, r: 5 }), words.one_run),
      entry(el("svg:path", "wall-mean", { d: "M2,6h36M20,0v12" }), words.mean));
    this.told = el("p", "wall-experiment-told", { "aria-live": "polite" });
    this.root = el("section", "wall-experiment", {}, el("div", "wall-experiment-head", {}, this.title, this.text, this.count),
      el("div", "wall-experiment-plots", {},
        el("figure", "wall-panel", {}, this.multiples.root, this.caption),
        el("figure", "wall-panel", {}, this.scatter.root, this.legend)),
      this.told);
  }

  take(item) {
    const { words } = this;
    const done = item.runs.filter(({ result }) => Number.isFinite(result)).length;
    write(this.title, item.title);
    write(this.text, item.text);
    write(this.count, fill(item.open ? words.runs_open : words.runs_closed, { done, count: item.runs.length }));
    this.multiples.take(item);
    this.scatter.take(item);
    write(this.caption, this.multiples.log ? words.runs_caption_log : words.runs_caption);
    write(this.told, told(item, words));
  }

  close() {
    this.multiples.close();
    this.scatter.close();
    this.root.remove();
  }
}
