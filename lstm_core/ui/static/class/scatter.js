// The results of a class's experiment against what differs between its runs, with mean and spread of each value.

import { el, fill, set } from "../cell/parts.js";
import { Keyed, place } from "./keyed.js";
import { axes, Plot, room } from "./plot.js";
import { limits, number, numbers, slots, spread } from "./scales.js";

const FAR = 16; // times the smallest value, from which the largest one asks for a logarithmic axis
const WIDEST = 0.14; // of the plot, that one value takes at most

/** Whether the values along are words, which have an order but no distances. */
const worded = ({ order, runs }) => Boolean(order) || runs.some(({ value }) => typeof value !== "number");

/** The axis of what differs: `at(value)`, its `marks`, and how many pixels a value may take (`width`). */
export function along(item, left, right) {
  const values = [...new Set([...item.runs, ...item.groups].map(({ value }) => value))].filter((value) => value !== null);
  if (worded(item)) return slots([...new Set([...item.order ?? [], ...values].map(String))], left, right);
  const sorted = values.sort((one, other) => one - other);
  const log = item.setting !== "seed" && sorted[0] > 0 && sorted.at(-1) / sorted[0] >= FAR;
  const axis = numbers(limits(sorted, log), left, right);
  const places = sorted.map(axis.at);
  const apart = places.slice(1).map((at, number) => at - places[number]);
  const marks = item.setting === "seed" ? axis.marks.filter(Number.isInteger) : sorted;
  return { at: axis.at, marks, width: Math.min(WIDEST * (right - left), ...apart) };
}

/** The axis of the results; all of them, their spread, and the naive forecast lie within. */
export function upright({ runs, groups, naive, log }, bottom, top) {
  const spreads = groups.flatMap(({ mean, deviation }) => [mean, mean - (deviation ?? 0), mean + (deviation ?? 0)]);
  const values = [...runs.map(({ result }) => result), ...spreads, naive].filter((value) => typeof value === "number");
  return numbers(limits(values, log), bottom, top);
}

/** Where the runs that are done lie: [{ number, x, y }], those of one value side by side in the order in which they came. */
export function dots({ runs }, across, up, radius) {
  const done = runs.filter(({ result }) => Number.isFinite(result));
  const counts = new Map();
  for (const { value } of done) counts.set(value, (counts.get(value) ?? 0) + 1);
  const seen = new Map();
  return done.map(({ number, value, result }) => {
    const turn = seen.get(value) ?? 0;
    seen.set(value, turn + 1);
    const step = Math.min(2.1 * radius, (0.8 * across.width) / counts.get(value));
    return { number, x: across.at(value) + step * (turn % 2 ? (turn + 1) / 2 : -turn / 2), y: up.at(result) };
  });
}

/** Whether the points nearest to a height are farther from it in the left half of a plot than in the right one. */
export function roomier(points, height, left, right) {
  const half = (left + right) / 2;
  const nearest = (side) => Math.min(...side.map(({ y }) => Math.abs(y - height)), Infinity);
  return nearest(points.filter(({ x }) => x < half)) > nearest(points.filter(({ x }) => x >= half));
}

export class Scatter {
  constructor(words) {
    this.words = words;
    this.frame = el("svg:g", "wall-frame");
    this.points = el("svg:g", "wall-points");
    this.means = el("svg:g", "wall-means");
    this.plot = new Plot("wall-scatter", () => this.draw());
    this.plot.svg.append(this.frame, this.means, this.points); // a line through a point would hide it
    this.root = this.plot.root;
    this.dots = new Keyed(this.points, () => dot());
    this.groups = new Keyed(this.means, () => group());
    this.drawn = "";
  }

  take(item) {
    this.item = item;
    this.draw();
  }

  draw() {
    const { item, plot, words } = this;
    if (!item || !plot.width) return;
    const { size } = plot;
    const label = (value) => (typeof value === "number" ? number(value) : value);
    const heights = upright(item, 0, 1).marks.map(number);
    const box = room(plot, heights, 0);
    const up = upright(item, box.bottom, box.top);
    const radius = Math.max(3, size * (item.runs.length > 60 ? 0.24 : 0.32));
    const across = along(item, box.left, box.right);
    const title = fill(item.lower ? words.lower : words.higher, { measure: item.measure });
    const naive = this.naive(up, across, box);
    const facts = JSON.stringify([box, heights, up.marks.map(up.at), across.marks.map(across.at), item.naive, title, item.title,
      naive.map((node) => node.getAttribute("x"))]);
    if (facts !== this.drawn) {
      this.frame.replaceChildren(
        ...axes(box, up.marks.map((mark, at) => ({ at: up.at(mark), text: heights[at] })),
          across.marks.map((mark) => ({ at: across.at(mark), text: label(mark) })), { x: item.title, y: title }),
        ...naive);
    }
    this.drawn = facts;
    const shown = dots(item, across, up, radius);
    this.dots.take(shown, (one) => one.number).forEach((one, at) => {
      place(one, shown[at].x, shown[at].y);
      set(one.circle, "r", radius.toFixed(1));
    });
    this.spread(across, up, box, radius);
    set(plot.svg, "aria-label", this.spoken());
  }

  /** The forecast without a network, with its name at the end of the line near which there are fewer points. */
  naive(up, across, { left, right, size }) {
    const { naive, naive_name: name } = this.item;
    if (typeof naive !== "number") return [];
    const y = up.at(naive);
    const begin = roomier(dots(this.item, across, up, 0), y, left, right);
    return [el("svg:line", "wall-naive", { x1: left, x2: right, y1: y, y2: y }),
      el("svg:text", "wall-naive-name", { x: begin ? left : right, y: y - 0.4 * size, "text-anchor": begin ? "start" : "end", text: name })];
  }

  /** Mean and standard deviation: of each value at its place, of seeds across the whole plot. */
  spread(across, up, { left, right, bottom }, radius) {
    const groups = this.item.groups.filter(({ count }) => count > 1);
    this.groups.take(groups, ({ value }) => String(value)).forEach((one, at) => {
      const { value, mean, deviation } = groups[at];
      const all = value === null;
      const half = all ? (right - left) / 2 : Math.max(0.42 * across.width, 1.4 * radius);
      const y = up.at(mean);
      place(one, all ? left + half : across.at(value), y);
      const [high, low] = [mean + (deviation ?? 0), mean - (deviation ?? 0)].map(
        (end) => (this.item.log && end <= 0 ? bottom : up.at(end)) - y);
      const cap = Math.min(radius, half / 2);
      const line = `M${-half},0H${half}`;
      const whiskers = `M0,${high}V${low}M${-cap},${high}h${2 * cap}M${-cap},${low}h${2 * cap}`;
      set(one.area, "d", all ? `${line}V${low}H${-half}V${high}H${half}V0Z` : "");
      set(one.line, "d", all ? line : line + whiskers);
    });
  }

  /** What the picture shows, in words. */
  spoken() {
    const { item, words } = this;
    const groups = item.groups.map(({ value, mean, deviation, count }) => fill(words.alt_group, {
      value: value === null ? words.mean : `${item.title} ${value}`, spread: spread(mean, deviation), count }));
    return fill(words.alt_scatter, { measure: item.measure, title: item.title, groups: groups.join(words.list),
      count: item.runs.filter(({ result }) => Number.isFinite(result)).length });
  }

  close() {
    this.plot.close();
  }
}

function dot() {
  const circle = el("svg:circle", "wall-dot");
  return { circle, node: el("svg:g", "wall-point", {}, circle) };
}

function group() {
  const [area, line] = ["wall-spread", "wall-mean"].map((kind) => el("svg:path", kind));
  return { area, line, node: el("svg:g", "wall-group", {}, area, line) };
}
