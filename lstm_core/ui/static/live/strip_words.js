// What the strip says of a place: its name with the true number of the last picture, where it lies, what it is for.

import { exact, fill } from "../cell/parts.js";

const TOLD = 4; // inputs that are told; of more only the first ones

/** Two sentences, one after the other; between Chinese ones there is no space. */
export const joined = (one, other) => `${one}${one && other && !one.endsWith("。") ? " " : ""}${other}`;

/** A layer, and which of its units is shown; -1 or none known yet: the mean of all. */
export function layerName({ words, cell_name: cell }, layer, unit = -1) {
  return fill(words.layer, { cell, layer: layer + 1, unit: unit < 0 ? words.mean : fill(words.unit_n, { unit: unit + 1 }) });
}

/** What lies in a row at a column: { name, sentence }. `seen` is the last picture; null: there is none. */
export function toldOf(facts, seen, { kind, name, layer }, column) {
  const { words, parts, steps } = facts;
  if (kind === "said") return answer(facts, seen, column);
  if (kind === "input") return { name: entered(facts, column), sentence: words.about_input };
  const at = (layer * parts.length + parts.indexOf(name)) * steps.length + column;
  return { name: fill(words.pair, { name: facts.headings[name], value: seen ? exact(seen.values[at]) : "–" }),
    sentence: facts.sentences[name] };
}

/** Which layer, unit and time step this is. */
export function whereIs(facts, seen, { kind, layer }, column) {
  const { words, marks, steps } = facts;
  const step = fill(words.at_step, { step: steps[column] + 1 });
  const when = marks[column] === `${steps[column] + 1}` ? step : fill(words.aside, { text: step, remark: marks[column] });
  return kind === "said" || kind === "input" ? when
    : fill(words.phrases, { first: layerName(facts, layer, seen?.units[layer]), next: when });
}

const listed = (words, parts) => parts.map(([name, value]) => fill(words.pair, { name, value }))
  .reduce((first, next) => fill(words.phrases, { first, next }));

function entered({ words, symbols, marks, input }, column) {
  if (symbols) return fill(words.pair, { name: words.input, value: marks[column] });
  const told = input.slice(0, TOLD).map(({ name, real }) => [name, exact(real[column] ?? NaN)]);
  return listed(words, told) + (input.length > TOLD ? " …" : "");
}

/** What the network says after a step, beside what is right. */
function answer(facts, seen, column) {
  const { words, labels, real } = facts;
  if (!seen) return { name: words.none, sentence: "" };
  if (column < facts.answers) return { name: words.silent, sentence: "" };
  const said = labels.length ? ofClass(facts, seen, column) : ofNumber(facts, seen, column);
  const about = !labels.length ? words.about_number : real[column] < 0 ? words.about_best : words.about_class;
  const read = !facts.last || column === facts.steps.length - 1;
  return { name: listed(words, said), sentence: joined(about, read ? "" : words.not_read) };
}

function ofNumber({ words, real, unit_name: unit }, { output }, column) {
  const told = (value) => exact(value) + (unit ? ` ${unit}` : "");
  return [[words.prediction, told(output[column])], ...(real[column] === null ? [] : [[words.real, told(real[column])]])];
}

function ofClass({ words, labels, real }, { output, likeliest }, column) {
  const share = (text) => fill(words.aside, { text, remark: `${(100 * output[column]).toFixed(1)}%` });
  const best = labels[likeliest[column]];
  return real[column] < 0 ? [[words.likeliest, share(best)]]
    : [[words.real, share(labels[real[column]])], [words.likeliest, best]];
}
