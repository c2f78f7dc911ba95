// The numbers a class has answered, as columns along their scale; where there were two votes, side by side.

import { el, fill, set } from "../cell/parts.js";
import { axes, Plot, room, wide } from "./plot.js";
import { plain } from "./prose.js";
import { number, numbers } from "./scales.js";

/**
 * The columns that are not empty, with places and heights from 0 to 1.
 * @returns [{ vote, from, to, height, count, right }]
 */
export function columns({ ask, votes }) {
  const { at } = numbers(ask, 0, 1);
  const most = Math.max(1, ...votes.flatMap(({ bars }) => bars.map(({ count }) => count)));
  return votes.flatMap(({ bars }, vote) => bars.filter(({ count }) => count).map(({ low, high, count, right }) => {
    const width = (at(high) - at(low)) / votes.length;
    const from = at(low) + vote * width;
    return { vote, from, to: from + width, height: count / most, count, right: right === true };
  }));
}

export class Histogram {
  constructor(item, words) {
    this.item = item;
    this.words = words;
    this.plot = new Plot("wall-histogram", () => this.draw());
    this.root = this.plot.root;
    set(this.plot.svg, "aria-label", this.spoken());
  }

  draw() {
    const { item: { ask }, plot } = this;
    const { size } = plot;
    const unit = ask.unit === "%" ? "%" : "";
    const [first, last] = [ask.low, ask.high].map((end) => number(end) + unit); // as the marks between them are written
    const ends = [first, last].map((text) => wide([text], size) / 2);
    const box = { ...room(plot, [], ends[1]), left: Math.ceil(Math.max(ends[0], 0.5 * size)) };
    const { at, marks } = numbers(ask, box.left, box.right);
    const along = [{ at: box.left, text: first },
      ...marks.filter((mark) => mark > ask.low && mark < ask.high).map((mark) => ({ at: at(mark), text: number(mark) + unit })),
      { at: box.right, text: last }];
    plot.svg.replaceChildren(...axes(box, [], along, { x: unit ? "" : ask.unit, y: "" }),
      ...this.bars(box), ...this.truth(at, box), ...this.counts(box));
  }

  /** The columns in pixels. */
  places({ left, right, top, bottom, size }) {
    return columns(this.item).map(({ from, to, height, ...column }) => ({ ...column,
      x: left + from * (right - left), width: (to - from) * (right - left), height: height * (bottom - top - 1.5 * size) }));
  }

  bars(box) {
    const last = this.item.votes.length - 1;
    return this.places(box).map(({ vote, x, width, height, right }) => {
      const gap = Math.min(0.2 * box.size, 0.1 * width);
      return el("svg:rect", `wall-column${vote < last ? " wall-earlier" : ""}${right ? " wall-right" : ""}`, {
        x: x + gap, y: box.bottom - height, width: width - 2 * gap, height });
    });
  }

  counts(box) {
    return this.places(box).map(({ x, width, height, count }) => el("svg:text", "wall-column-count", {
      x: x + width / 2, y: box.bottom - height - 0.35 * box.size, "text-anchor": "middle", text: String(count) }));
  }

  /** Where the right answer lies. */
  truth(at, { left, right, top, bottom, size }) {
    const { truth, truth_text: told } = this.item;
    if (typeof truth !== "number") return [];
    const x = at(truth);
    const text = `✓ ${plain(told ?? number(truth))}`;
    const anchor = x - left < wide([text], size) / 2 ? "start" : right - x < wide([text], size) / 2 ? "end" : "middle";
    return [el("svg:line", "wall-truth", { x1: x, x2: x, y1: top - 0.6 * size, y2: bottom }),
      el("svg:text", "wall-truth-name", { x, y: top - size, "text-anchor": anchor, text })];
  }

  /** What the picture shows, in words. */
  spoken() {
    const { item: { votes }, words } = this;
    const part = ({ low, high, count }) => fill(words.alt_bar, { low: number(low), high: number(high), count });
    const said = votes.map(({ bars, count }, vote) => fill(words.alt_votes, { vote: [words.first, words.second][vote], count,
      bars: bars.filter((bar) => bar.count).map(part).join(words.list) }));
    return fill(words.alt_number, { votes: said.join(words.gap) });
  }

  close() {
    this.plot.close();
  }
}
