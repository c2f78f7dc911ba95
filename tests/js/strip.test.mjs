// Where the parts of the strip lie, what lies under a pointer, what is said of it, and how values glide.

import "./page.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { between, named, placesOf, spotAt } from "../../lstm_core/ui/static/live/strip_places.js";
import { toldOf, whereIs } from "../../lstm_core/ui/static/live/strip_words.js";

const LSTM = { parts: ["f", "i", "g", "o", "h", "c"], gates: ["f", "i", "g", "o"], memory: "c" };
const FACTS = { ...LSTM, steps: Array.from({ length: 20 }, (_, at) => at), layers: [8, 4], labels: [], symbols: false,
  marks: Array.from({ length: 20 }, (_, at) => `${at + 1}`), input: [{ name: "wave" }] };

test("the prediction lies at the top, then the layers from the last to the first, and the input below them", () => {
  const { rows, boxes } = placesOf(FACTS, 900);
  assert.deepEqual(rows.map(({ kind, name, layer }) => `${kind}${name ?? ""}${layer}`), ["said1",
    "bandh1", "linec1", "bandf1", "bandi1", "bandg1", "bando1", "bandh0", "linec0", "bandf0", "bandi0", "bandg0", "bando0",
    "input0"]);
  rows.slice(1).forEach((row, at) => assert.ok(row.y >= rows[at].y + rows[at].h, `${row.kind} ${row.name}`));
  for (const box of boxes) {
    for (const row of rows.filter(({ kind, layer }) => layer === box.layer && (kind === "band" || kind === "line"))) {
      assert.ok(row.y >= box.y && row.y + row.h <= box.y + box.h);
    }
  }
});

test("a plain RNN has one state and no gates", () => {
  const { rows } = placesOf({ ...FACTS, parts: ["h"], gates: [], memory: "h", layers: [3] }, 900);
  assert.deepEqual(rows.map(({ kind }) => kind), ["said", "band", "line", "input"]);
});

test("the columns fill the room, but are never too narrow to be hit nor much wider than needed", () => {
  for (const [room, wide] of [[900, 42], [390, 17], [200, 15], [4000, 72]]) {
    const places = placesOf(FACTS, room);
    assert.equal(places.wide, wide);
    assert.ok(places.width <= room || wide === 15);
  }
});

test("words too wide for their columns are turned, and symbols need no axis", () => {
  const words = { ...FACTS, symbols: true, input: [] };
  assert.equal(placesOf({ ...words, marks: FACTS.marks.map(() => "wonderful") }, 900).turned, true);
  const letters = placesOf({ ...words, marks: FACTS.marks.map(() => "w") }, 900);
  assert.deepEqual([letters.turned, letters.axis], [false, null]);
  assert.ok(placesOf(FACTS, 900).axis > placesOf(FACTS, 900).rows.at(-1).y);
});

test("a point finds the row and column it lies in, also between two rows", () => {
  const places = placesOf(FACTS, 900);
  places.rows.forEach((row, at) => {
    assert.deepEqual(spotAt(places, 20, places.gutter + 3.5 * places.wide, row.y + row.h / 2), { row: at, column: 3 });
  });
  assert.equal(spotAt(places, 20, places.gutter - 1, 100), null);
  assert.equal(spotAt(places, 20, places.gutter + 20 * places.wide, 100), null);
  assert.equal(spotAt(places, 20, 300, places.height + 50), null);
});

test("names under the columns do not touch", () => {
  assert.deepEqual(named(["1", "2", "3", "4"], 40), [0, 1, 2, 3]);
  assert.deepEqual(named(["2024-01-01", "2024-01-02", "2024-01-03"], 40), [0, 2]); // 70 pixels each
});

test("values glide to where they go; what was no number is there at once", () => {
  const into = new Float32Array(4);
  assert.deepEqual(Array.from(between([0, NaN, 1, 2], [1, 1, 1, NaN], 0.25, into)), [0.25, 1, 1, NaN]);
  assert.deepEqual(Array.from(between([0, 0, 0, 0], [1, 2, 3, 4], 1, into)), [1, 2, 3, 4]);
});

const WORDS = { pair: "{name}: {value}", aside: "{text} ({remark})", phrases: "{first}, {next}", layer: "{cell} {layer}: {unit}",
  unit_n: "unit {unit}", mean: "mean", at_step: "step {step}", none: "nothing", silent: "silent", not_read: "Not read.",
  prediction: "said", real: "real", likeliest: "best", input: "letter", about_number: "A number.", about_class: "A class.",
  about_best: "A guess.", about_input: "Read." };

test("a gate is told with its number, its unit and its time step", () => {
  const facts = { ...FACTS, words: WORDS, cell_name: "LSTM", headings: { f: "Forget gate f" }, sentences: { f: "It keeps." } };
  const seen = { units: [7, 3], values: Float32Array.from({ length: 2 * 6 * 20 }, (_, at) => at) };
  const row = { kind: "band", name: "f", layer: 1 };
  assert.deepEqual(toldOf(facts, seen, row, 2), { name: "Forget gate f: 122", sentence: "It keeps." });
  assert.equal(whereIs(facts, seen, row, 2), "LSTM 2: unit 4, step 3");
  assert.equal(toldOf(facts, null, row, 2).name, "Forget gate f: –");
  assert.equal(whereIs({ ...facts, marks: facts.marks.map(() => "a") }, null, row, 2), "LSTM 2: mean, step 3 (a)");
});

test("the prediction is told beside the real value, in real units or as classes", () => {
  const row = { kind: "said", layer: 0 };
  const numbers = { ...FACTS, words: WORDS, real: [null, 5], unit_name: "points", answers: 0, last: true };
  assert.deepEqual(toldOf(numbers, { output: [1.5, 2.5] }, row, 0), { name: "said: 1.5 points", sentence: "A number. Not read." });
  assert.equal(toldOf(numbers, { output: [1.5, 2.5] }, row, 1).name, "said: 2.5 points, real: 5 points");
  const classes = { ...numbers, labels: ["a", "b"], real: [-1, 0, 1], last: false, answers: 1 };
  const seen = { output: [NaN, 0.25, 0.5], likeliest: [0, 1, 1] };
  assert.equal(toldOf(classes, seen, row, 0).name, "silent");
  assert.deepEqual(toldOf(classes, seen, row, 1), { name: "real: a (25.0%), best: b", sentence: "A class." });
  assert.deepEqual(toldOf({ ...classes, real: [-1, -1] }, seen, row, 1), { name: "best: b (25.0%)", sentence: "A guess." });
});
