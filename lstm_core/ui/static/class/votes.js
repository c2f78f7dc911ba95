// What a class has chosen or put in order: for each option or order its words, and a bar for each vote.

import { el } from "../cell/parts.js";
import { inline } from "./prose.js";

const MOST = 6; // different orders that are told apart

/** The letter of an option: A, B, C. */
export const letter = (at) => String.fromCharCode(65 + at);

/**
 * The rows of the bars of a choice or an order.
 * @returns [{ key, letter, name, right, bars: [{ count, share, names }] }]: `bars` has one for each vote; `name` null: all others
 */
export function rows({ ask, votes }) {
  const all = new Map();
  votes.forEach(({ bars }, vote) => bars.forEach((bar) => {
    const key = bar.key ?? bar.name;
    if (!all.has(key)) {
      all.set(key, { key, name: bar.name, right: false, counts: votes.map(() => 0), names: votes.map(() => []) });
    }
    const row = all.get(key);
    row.counts[vote] += bar.count;
    row.names[vote].push(...(bar.names ?? []));
    row.right ||= bar.right === true;
  }));
  const found = ask.kind === "order" ? often([...all.values()]) : [...all.values()];
  return found.map(({ counts, names, ...row }, at) => ({
    ...row, letter: ask.kind === "choice" ? letter(at) : "",
    bars: counts.map((count, vote) => ({ count, share: count / Math.max(1, votes[vote].count), names: names[vote] })) }));
}

/** The orders that came most often in the last vote, the right one among them, and all others as one. */
function often(found) {
  const sorted = found.sort((one, other) => other.counts.at(-1) - one.counts.at(-1) || other.counts[0] - one.counts[0]);
  if (sorted.length <= MOST) return sorted;
  const shown = sorted.slice(0, MOST - 1);
  const right = sorted.find((row) => row.right);
  if (right && !shown.includes(right)) shown[MOST - 2] = right;
  const rest = sorted.filter((row) => !shown.includes(row));
  const votes = [...rest[0].counts.keys()];
  return [...shown, { key: "", name: null, right: false, names: votes.map((vote) => rest.flatMap(({ names }) => names[vote])),
    counts: votes.map((vote) => rest.reduce((sum, { counts }) => sum + counts[vote], 0)) }];
}

/** The bars of a choice or an order as a list. */
export function barList(item, words) {
  const found = rows(item);
  const most = Math.max(0.01, ...found.flatMap(({ bars }) => bars.map(({ share }) => share)));
  return el("ul", "wall-bars", {}, ...found.map((row) => el("li", row.right ? "wall-bar-row wall-right" : "wall-bar-row", {},
    el("div", "wall-option", {}, ...(row.letter ? [el("b", "wall-letter", { text: row.letter })] : []),
      el("span", "wall-option-name", {}, ...(row.name === null ? [words.rest] : inline(row.name))),
      ...(row.right ? [el("b", "wall-mark", { text: `✓ ${words.right}` })] : [])),
    ...row.bars.map((bar, vote) => barLine(bar, most, vote < row.bars.length - 1,
      row.bars.length > 1 ? [words.first, words.second][vote] : "", words)))));
}

function barLine({ count, share, names }, most, earlier, vote, words) {
  const bar = el("span", earlier ? "wall-bar wall-earlier" : "wall-bar", { "aria-hidden": "true" });
  bar.style.setProperty("--share", String(share / most));
  return el("div", "wall-bar-line", {}, ...(vote ? [el("span", "wall-spoken", { text: `${vote}: ` })] : []), bar,
    el("span", "wall-count", {}, el("b", "", { text: String(count) }), ` · ${Math.round(100 * share)}%`),
    ...(names.length ? [el("span", "wall-names", { text: names.join(words.comma) })] : []));
}
