// The arithmetic of axes: where values lie in pixels, which of them are marked, and how numbers are written.

import { powers } from "../cell/parts.js";
import { Heights, ticks, written } from "../learn/curve_points.js";

const MARGIN = 0.07; // of an axis beyond its outermost values
const DECADES = 1.5; // powers of ten from which on those alone are marked
const STEPS = [1, 2, 5];

/** The ends of an axis that holds these values with some room around them; what is not finite lies nowhere. */
export function limits(values, log) {
  const known = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  if (!known.length) return log ? { low: 0.1, high: 1, log } : { low: 0, high: 1, log };
  const to = log ? Math.log : Number;
  const [low, high] = [Math.min(...known), Math.max(...known)].map((value) => to(value));
  const room = high > low ? MARGIN * (high - low) : log ? Math.LN2 : 0.1 * Math.abs(low) || 1;
  const [bottom, top] = [low - room, high + room];
  return log ? { low: Math.exp(bottom), high: Math.exp(top), log } : { low: bottom, high: top, log };
}

/** An axis of numbers from one pixel to another: `at(value)` and its `marks`. */
export function numbers({ low, high, log }, from, to) {
  const heights = new Heights({ low, high, log });
  return { at: (value) => from + heights.of(value) * (to - from), marks: log ? powersBetween(low, high) : ticks({ low, high }) };
}

/** An axis of words: each has a slot of its own, and `at(word)` is the middle of it. */
export function slots(words, from, to) {
  const place = new Map(words.map((word, at) => [String(word), at]));
  const width = (to - from) / Math.max(1, words.length);
  return { at: (word) => from + (place.get(String(word)) + 0.5) * width, marks: words, width };
}

/** The values marked on a logarithmic axis: powers of ten, on a short one also 2 and 5 times those. */
export function powersBetween(low, high) {
  if (Math.log10(high / low) >= DECADES) return ticks({ low, high, log: true });
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const step of STEPS) found.push(Number(`${step}e${power}`));
  }
  return found.filter((value) => value >= low && value <= high);
}

/** Which of some labels, given by their middles and widths from left to right, are written so that none lies on another. */
export function fitting(labels, gap) {
  let free = -Infinity;
  const last = labels.at(-1);
  return labels.map(({ at, width }, number) => {
    const fits = at - width / 2 >= free && (number === labels.length - 1 || at + width / 2 + gap <= last.at - last.width / 2);
    if (fits) free = at + width / 2 + gap;
    return fits;
  });
}

/** A number with three digits, as people write it. */
export const number = (value) => written(value, ".3g");

/** A mean with its standard deviation, of which two digits are written; without one (null) the mean alone. */
export function spread(mean, deviation) {
  if (!Number.isFinite(deviation) || deviation <= 0) return number(mean);
  const power = Math.floor(Math.log10(Math.max(Math.abs(mean), deviation)));
  const far = power < -3 || power > 5;
  const [middle, width] = far ? [mean / 10 ** power, deviation / 10 ** power] : [mean, deviation];
  const digits = Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(width))));
  const text = `${middle.toFixed(digits)} ± ${width.toFixed(digits)}`;
  return far ? powers(`1e${power < 0 ? "" : "+"}${power}`).replace(/^1/, `(${text})`) : text;
}
