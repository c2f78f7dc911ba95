// What the picture on Start says of a time step, and where it goes on to; no more than numbers and words.

import { fill, grouped } from "../cell/parts.js";

const STEP = 200; // milliseconds for which a time step is shown,
const FIRST = 1400; // the first one, with the letter,
const LAST = 2600; // and the last one, with the answer

/** Where the picture is after a time step of so many: { column, wait } in milliseconds; it begins anew after the last. */
export function onward(column, count) {
  const next = (column + 1) % count;
  return { column: next, wait: next === 0 ? FIRST : next === count - 1 ? LAST : STEP };
}

export const share = (value, digits = 0) => (Number.isFinite(value) ? `${(100 * value).toFixed(digits)}%` : "–");

/** The value of a gate at a column; `seen` is { values (parts * columns), output (columns), likeliest }. */
export const valueOf = ({ parts, steps }, seen, name, column) => seen.values[parts.indexOf(name) * steps.length + column];

/** How much of what the unit's memory got at the first step is left after a column: all forget gates since then. */
export function kept(facts, seen, column) {
  let left = 1;
  for (let at = 1; at <= column; at++) left *= valueOf(facts, seen, "f", at);
  return left;
}

/** What happens at a column, with its numbers. */
export function sentence(facts, seen, column) {
  const { words, steps, letter, labels } = facts;
  const last = column === steps.length - 1;
  const said = labels[seen.likeliest[column]];
  const kind = column === 0 ? "first" : !last ? "noise" : said === letter ? "right" : "wrong";
  return fill(words[kind], { step: steps[column] + 1, letter, said, share: share(seen.output[column]),
    kept: share(kept(facts, seen, column)), f: share(valueOf(facts, seen, "f", column), 1),
    i: share(valueOf(facts, seen, "i", column)) });
}

/** How far the training is. */
export function progress({ words, letter, steps }, seen) {
  return fill(words.learning, { update: grouped(seen.update), letter, share: share(seen.output[steps.length - 1]) });
}

/** The points of a curve in a box, as `points` of an SVG: from the left to the right, the largest value on top. */
export function curve(values, width, height) {
  const known = values.map((value, at) => [at, value]).filter(([, value]) => Number.isFinite(value));
  const top = Math.max(...known.map(([, value]) => value), 0) || 1;
  return known.map(([at, value]) => `${((at / Math.max(1, values.length - 1)) * width).toFixed(1)},${
    (height - (value / top) * height).toFixed(1)}`).join(" ");
}
