// What the picture on Start says of a time step: the true numbers, and right or wrong as it is.

import "./page.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { curve, kept, onward, progress, sentence, share } from "../../lstm_core/ui/static/start/told.js";

const facts = {
  parts: ["f", "i", "g", "o", "c", "h"], steps: [0, 2, 4], letter: "B", labels: ["A", "B"],
  words: {
    first: "{step}: {letter}, i {i}, f {f}", noise: "{step}: noise, f {f}, left {kept}", right: "{step}: {said} {share} right",
    wrong: "{step}: {said}, not {letter}", learning: "{update}: {letter} {share}",
  },
};
const values = new Array(18).fill(0);
[values[0], values[1], values[3], values[4]] = [0.5, 0.97, 0.8, 0.03];
const seen = { values, output: [0.12, 0.5, 0.994], likeliest: [0, 0, 1], update: 1234 };

test("each time step is told with its own gates", () => {
  assert.equal(sentence(facts, seen, 0), "1: B, i 80%, f 50.0%");
  assert.equal(sentence(facts, seen, 1), "3: noise, f 97.0%, left 97%");
});

test("the answer is called right only where it is", () => {
  assert.equal(sentence(facts, seen, 2), "5: B 99% right");
  assert.equal(sentence(facts, { ...seen, likeliest: [1, 1, 0] }, 2), "5: A, not B");
});

test("what is left of the first step is the product of all forget gates after it", () => {
  assert.equal(kept(facts, seen, 0), 1);
  const open = { ...seen, values: values.with(2, 0.5) };
  assert.ok(Math.abs(kept(facts, open, 2) - 0.97 * 0.5) < 1e-12);
});

test("a training is told by what it would answer now", () => {
  assert.equal(progress(facts, seen), "1,234: B 99%");
  assert.equal(share(NaN), "–");
});

test("time goes on to the last step, where it rests longest, and begins anew", () => {
  assert.deepEqual([onward(0, 3).column, onward(1, 3).column, onward(2, 3).column], [1, 2, 0]);
  const [middle, last, first] = [onward(0, 3).wait, onward(1, 3).wait, onward(2, 3).wait];
  assert.ok(middle < first && first < last);
});

test("a curve fills its box, and leaves out what is no number", () => {
  assert.equal(curve([2, null, 1, 0], 30, 10), "0.0,0.0 20.0,5.0 30.0,10.0");
  assert.equal(curve([], 30, 10), "");
});
