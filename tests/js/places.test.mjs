// What the view follows and points at: the class of a step, the source of a number, the line of a chart.

import { STATIC } from "./page.mjs";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { placesOf } from "../../lstm_core/ui/static/cell/hand.js";
import { answerName, followed } from "../../lstm_core/ui/static/cell/outcome.js";
import { drawLine } from "../../lstm_core/ui/static/cell/time.js";

const ODDS = Float32Array.of(0.5, 0.2, 0.3, 0.1, 0.7, 0.2, 0.1, 0.1, 0.8); // (T, O) = (3, 3)
const FACTS = { steps: 3, outputs: 3, real: [2, null, null], last: false, follows: true };

test("at every step the class that comes is followed, or the likeliest where it is not known", () => {
  assert.deepEqual([0, 1, 2].map((step) => followed(FACTS, ODDS, step)), [[2, true], [1, false], [2, false]]);
});

test("of a sequence with one class that class is followed at every step", () => {
  const whole = { ...FACTS, last: true, follows: false };
  assert.deepEqual(followed(whole, ODDS, 0), [2, false]); // the one named in the end
  assert.deepEqual(followed({ ...whole, real: [null, null, 1] }, ODDS, 0), [1, true]);
});

test("the answer is the next symbol, or the target by its name", () => {
  const words = { next: "Next", prediction: "Prediction", pair: "{name}: {value}" };
  assert.equal(answerName({ follows: true, labels: ["a"], words, target: "t" }), "Next");
  assert.equal(answerName({ follows: true, labels: [], words, target: "t" }), "Prediction: t");
});

test("a number lights up where it comes from: in the drawing and in the maps at [panel, step, row]", () => {
  assert.deepEqual(placesOf(["x", 3], 5), { parts: ["x"], places: [["x", 5, 3]] });
  assert.deepEqual(placesOf(["h", 2, 4], 5), { parts: ["h0"], places: [["h", 4, 2]] }); // before this step
  assert.deepEqual(placesOf(["c", 2, 5], 5), { parts: ["c"], places: [["c", 5, 2]] });
  assert.deepEqual(placesOf(["gate", "f", 1], 5), { parts: ["f"], places: [["f", 5, 1]] });
  assert.deepEqual(placesOf(["W", "f", 1, 3], 5).places, [["x", 5, 3], ["f", 5, 1]]);
  assert.deepEqual(placesOf(["U", "f", 1, 3], 5).places, [["h", 4, 3], ["f", 5, 1]]);
  assert.deepEqual(placesOf(["U", "n", 1, 3], 5).parts, ["h0", "u"]); // the candidate of a GRU has a sum of its own
});

test("a line leaves out what is no number; a point with no neighbour is a dot", () => {
  const drawn = [];
  const record = (name) => (...values) => drawn.push([name, ...values]);
  const pen = { setLineDash() {}, beginPath() {}, stroke() {}, moveTo: record("move"), lineTo: record("line"),
    fillRect: record("dot") };
  drawLine(pen, [0, 0.25, 0.5, 0.75, 1], [0, 1, NaN, 1, null], 100, 26, [0, 1], "#000000");
  assert.deepEqual(drawn, [["move", 0, 23], ["line", 25, 3], ["move", 75, 3], ["dot", 72.5, 0.5, 5, 5]]);
});

test("what a script exports, another one or a test imports", () => {
  const files = readdirSync(STATIC, { recursive: true }).filter((name) => name.endsWith(".js"));
  const texts = files.map((name) => readFileSync(new URL(name, STATIC), "utf8"));
  const tests = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".test.mjs"))
    .map((name) => readFileSync(new URL(name, import.meta.url), "utf8"));
  const imported = new Set([...texts, ...tests].flatMap((text) => [...text.matchAll(/^import \{([^}]*)\}/gm)].flatMap(
    ([, names]) => names.split(",").map((name) => name.trim()))));
  const exported = texts.flatMap((text) => [...text.matchAll(/^export (?:async )?(?:function|class|const) (\w+)/gm)].map(
    ([, name]) => name));
  assert.ok(exported.length > 20);
  assert.deepEqual(exported.filter((name) => !imported.has(name)), []);
});
