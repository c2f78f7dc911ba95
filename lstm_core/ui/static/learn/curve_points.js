// The arithmetic of a curve that is drawn by hand: heights in the box, strokes, typed numbers, and its line in a picture.

import { clamp, powers } from "../cell/parts.js";

export const TYPED = 5; // points at which a curve can be typed

/** Turns values into heights, from 0 at the bottom of the box to 1 at its top, and back. */
export class Heights {
  constructor({ low, high, log }) {
    this.to = log ? Math.log : (value) => value;
    this.from = log ? Math.exp : (value) => value;
    [this.low, this.high] = [low, high];
    [this.bottom, this.top] = [this.to(low), this.to(high)];
  }

  /** The height of a value; what lies beyond the box is at its edge. */
  of(value) {
    return clamp((this.to(clamp(value, this.low, this.high)) - this.bottom) / (this.top - this.bottom), 0, 1);
  }

  /** The value at a height, with four digits: a hand is not more exact. */
  at(height) {
    const value = this.from(this.bottom + clamp(height, 0, 1) * (this.top - this.bottom));
    const unit = 10 ** (Math.floor(Math.log10(this.to === Math.log ? value : this.high - this.low)) - 3);
    return clamp(Number((Math.round(value / unit) * unit).toPrecision(12)), this.low, this.high);
  }
}

/** The points at which a curve of so many is typed. */
export const anchors = (points) => Array.from({ length: TYPED }, (_, number) => Math.round((number * (points - 1)) / (TYPED - 1)));

/** Draw a stroke from one place to another, each a point (with fractions) and a height: the points it passes are set. */
export function stroke(values, heights, [x0, h0], [x1, h1]) {
  const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)];
  for (let point = Math.ceil(left); point <= Math.floor(right); point += 1) {
    values[point] = heights.at(x0 === x1 ? h1 : h0 + ((point - x0) / (x1 - x0)) * (h1 - h0));
  }
  const nearest = Math.round(x1);
  if (nearest < left || nearest > right) values[nearest] = heights.at(h1);
}

/** Set one typed point, null: take it away; from it to the typed points beside it, where they are, goes a straight line. */
export function type(values, heights, number, value) {
  const at = anchors(values.length);
  const around = (step) => {
    for (let other = number + step; other in at; other += step) if (values[at[other]] !== null) return at[other];
    return null;
  };
  const [before, here, after] = [around(-1), at[number], around(1)];
  values[here] = value;
  if (value !== null) {
    line(values, heights, before, here);
    line(values, heights, here, after);
  } else if (before !== null && after !== null) {
    line(values, heights, before, after);
  } else {
    values.fill(null, before === null ? 0 : before + 1, after ?? values.length);
  }
}

function line(values, heights, left, right) {
  if (left === null || right === null) return;
  const [from, to] = [heights.of(values[left]), heights.of(values[right])];
  for (let point = left + 1; point < right; point += 1) {
    values[point] = heights.at(from + ((point - left) / (right - left)) * (to - from));
  }
}

/** The runs of points that follow each other and have a value: [[x, y], ...] for each, as `place` puts them. */
export function runs(values, place) {
  const found = [];
  let open = null;
  values.forEach((value, point) => {
    if (value === null) open = null;
    else if (open) open.push(place(point, value));
    else found.push((open = [place(point, value)]));
  });
  return found;
}

/**
 * The line through places from left to right, as the commands of a path. It is smooth and rises or falls nowhere else than
 * the points do (Fritsch & Butland 1984: the slope at a point is the harmonic mean of those beside it).
 */
export function smooth(places) {
  const near = (value) => Number(value.toFixed(2));
  if (places.length === 1) return `M${near(places[0][0] - 1)},${near(places[0][1])}h2`;
  const slopes = places.slice(1).map(([x, y], at) => (y - places[at][1]) / (x - places[at][0]));
  const tangents = places.map((_, at) => {
    const [before, after] = [slopes[at - 1] ?? slopes[0], slopes[at] ?? slopes.at(-1)];
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  });
  const parts = places.slice(1).map(([x, y], at) => {
    const [x0, y0] = places[at];
    const third = (x - x0) / 3;
    return `C${[x0 + third, y0 + third * tangents[at], x - third, y - third * tangents[at + 1], x, y].map(near)}`;
  });
  return `M${places[0].map(near)}${parts.join("")}`;
}

/** The area between two curves where both have values, as the commands of a path. */
export function between(one, other, place) {
  const both = one.map((value, point) => (value === null || other[point] === null ? null : point));
  return runs(both, (point) => point).filter((points) => points.length > 1).map((points) => {
    const back = smooth(points.map((point) => place(point, other[point])));
    const there = smooth(points.map((point) => place(point, one[point])));
    return `${there}${reversed(back)}Z`;
  }).join("");
}

/** The commands of a smooth line from its end to its beginning, which is reached by a straight line first. */
function reversed(path) {
  const numbers = path.slice(1).split(/[C,]/).map(Number);
  const places = Array.from({ length: numbers.length / 2 }, (_, at) => numbers.slice(2 * at, 2 * at + 2)).reverse();
  const curves = [];
  for (let at = 1; at < places.length; at += 3) curves.push(`C${places.slice(at, at + 3).flat()}`);
  return `L${places[0]}${curves.join("")}`;
}

/** The values at which the box has a line across: a few round ones. */
export function ticks({ low, high, log }) {
  if (log) {
    const [from, to] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
    const step = Math.max(1, Math.ceil((to - from) / 9));
    const found = [];
    for (let power = from; power <= to; power += step) found.push(Number(`1e${power}`));
    return found.length > 1 ? found : [low, high];
  }
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((part) => part * power).find((part) => part >= rough * 0.999);
  const found = [];
  for (let count = Math.ceil(low / step - 1e-9); count * step <= high + step * 1e-9; count += 1) {
    found.push(Number((count * step).toPrecision(12)) || 0);
  }
  return found;
}

/** The curve with its gaps filled in a straight line and its ends level, as the server reads it; null: too little is drawn. */
export function filled(values) {
  const known = values.flatMap((value, point) => (value === null ? [] : [point]));
  if (known.length < 2) return null;
  return values.map((value, point) => {
    if (value !== null) return value;
    const after = known.find((other) => other > point);
    const before = known.findLast((other) => other < point);
    if (after === undefined) return values[before];
    if (before === undefined) return values[after];
    return values[before] + ((point - before) / (after - before)) * (values[after] - values[before]);
  });
}

/** A number with the digits of a form of Python's, `.2g`, `.3f` or `.1e`, as a number field takes it. */
export function typed(value, form) {
  const [, digits, kind] = /(?:\.(\d+))?([gfe]?)$/.exec(form);
  const count = digits === undefined ? 6 : Number(digits);
  if (kind === "f") return value.toFixed(count);
  const rounded = Number(value.toPrecision(kind === "e" ? count + 1 : Math.max(1, count)));
  const size = Math.abs(rounded);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? rounded.toExponential() : String(rounded);
}

/** The same as people write it. */
export const written = (value, form) => powers(typed(value, form)).replace(/^(-?)1 × /, "$1");

/**
 * The heights of the names of two curves (or of one) that end at the right: above the upper one, below the lower one; where
 * there is no room beyond a curve, between them or beside the other name.
 *
 * @param curves for each, the upper one first, the heights in pixels of its part that is as wide as a name
 * @param size of the words in pixels
 */
export function nameHeights(curves, { top, bottom, size }) {
  const [upper, lower] = [curves[0], curves.at(-1)];
  const [gap, line] = [8, size + 3];
  const [above, below] = [Math.min(...upper, ...lower) - gap, Math.max(...upper, ...lower) + size + gap - 2];
  const [first, last] = [top + size, bottom - 5];
  if (curves.length === 1) return [above >= first ? above : Math.min(below, last)];
  const [over, under] = [Math.max(...upper), Math.min(...lower)];
  const roomy = under - over >= size + 2 * gap;
  if (above >= first && below <= last) return [above, below];
  if (above >= first) return roomy ? [above, under - gap] : [Math.max(first, above - line), Math.max(first + line, above)];
  if (below <= last) return roomy ? [over + size + gap - 2, below] : [Math.min(below, last - line), Math.min(below + line, last)];
  return roomy ? [over + size + gap - 2, Math.max(over + size + gap - 2 + line, under - gap)] : [first, last];
}
