// What an answer is, apart from the page. A draft is what stands in the inputs so far: of a choice its key or null, of a
// number what is typed, of an order the keys that have a place, of a curve its points with gaps, of own words the text.

import { fill, powers } from "../cell/parts.js";
import { anchors, filled, written } from "../learn/curve_points.js";

const DIGITS = 4; // of a number that came
const NEAR = 1e-6; // how far two numbers, one of which has been to the server, are apart at most to be the same

const kinds = {
  choice: {
    blank: () => null,
    answer: ({ options }, draft) => (options.some(({ key }) => key === draft) ? draft : null),
    told: ({ options }, value) => options.find(({ key }) => key === value)?.text ?? "",
  },
  number: {
    blank: () => "",
    answer({ low, high, whole }, draft) {
      const value = draft === "" ? NaN : Number(draft);
      return value >= low && value <= high && (!whole || Number.isInteger(value)) ? value : null;
    },
    told({ unit, whole }, value) {
      const number = powers(String(whole ? value : Number(value.toPrecision(DIGITS))));
      return unit ? `${number}${unit === "%" ? "" : " "}${unit}` : number;
    },
  },
  order: {
    blank: () => [],
    answer: ({ items }, draft) => (draft.length === items.length ? draft : null),
    told: ({ items }, value) => value.map((key) => items.find((item) => item.key === key)?.text).join(" → "),
  },
  curve: {
    blank: ({ frame }) => new Array(frame.points).fill(null),
    answer: ({ frame: { low, high } }, draft) => (
      draft.every((value) => value === null || (value >= low && value <= high)) ? filled(draft) : null),
    told: ({ frame: { words, places, form } }, value) => anchors(value.length).map((point, number) => fill(words.one, {
      x: words.x, place: places[number], yours: written(value[point], form) })).join("; "),
  },
  words: {
    blank: () => "",
    answer: (_ask, draft) => draft.trim() || null,
    told: (_ask, value) => value,
  },
};

/** What stands in the inputs before anybody has touched them. */
export const blank = (ask) => kinds[ask.kind].blank(ask);

/** The answer that a draft is; null: it is none yet. */
export const answer = (ask, draft) => kinds[ask.kind].answer(ask, draft);

/** The draft that is this answer. */
export const draftOf = (ask, value) => (ask.kind === "number" ? String(value) : listed(value));

/** An answer, or what came, in words; of a choice and an order it is Markdown. */
export const told = (ask, value) => kinds[ask.kind].told(ask, listed(value));

/** Whether two answers are the same; null is none. */
export function same(one, other) {
  if (typeof one === "number" && typeof other === "number") {
    return Math.abs(one - other) <= NEAR * Math.max(Math.abs(one), Math.abs(other));
  }
  if (!one || !other || typeof one !== "object" || typeof other !== "object") return one === other;
  return one.length === other.length && listed(one).every((value, at) => same(value, other[at]));
}

/** An order after a thing was tapped: it comes next, or, where it has a place, loses it. */
export const tapped = (order, key) => (order.includes(key) ? order.filter((one) => one !== key) : [...order, key]);

/** An answer as it came from the server, whose numbers may lie in a typed array. */
export const listed = (value) => (value && typeof value === "object" ? Array.from(value) : value);
