// What a view says in words: what is missing, and for a screen reader where it is.

import { exact, fill, grouped, write } from "./parts.js";

/** Say what is missing. */
export function notice({ choice, facts, traces, renewing, entry, note, again }) {
  const { words } = facts;
  const lost = traces.lost.has(choice.update);
  const text = !facts.updates.length ? words.no_snapshots : renewing ? words.renewing
    : lost ? fill(words.failed, { update: grouped(choice.update) }) : !entry ? words.loading : "";
  note.hidden = !text;
  write(note, text);
  again.hidden = !lost || renewing;
}

/** Where the view is, with the numbers there, as a text. */
export function spoken({ choice, facts, entry, outcome }) {
  const trace = choice.shown === "original" ? entry.original : entry.changed;
  const inside = trace.layers[choice.layer];
  const at = choice.step * facts.layers[choice.layer] + choice.unit;
  const values = [...facts.gates, ...[...facts.states].reverse()].map(
    (name) => `${facts.headings[name]} ${exact(inside[name][at])}`).reduce((first, next) => fill(facts.words.phrases, { first, next }));
  return fill(facts.words.alternative, {
    step: choice.step + 1, steps: facts.steps, label: facts.marks[choice.step], unit: choice.unit + 1,
    layer: choice.layer + 1, update: grouped(entry.update), values, outcome: outcome.said,
  });
}
