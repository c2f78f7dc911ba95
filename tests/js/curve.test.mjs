// A curve drawn by hand: what a stroke and a typed number set, and how it is drawn and written.

import "./page.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  anchors, between, filled, Heights, nameHeights, runs, smooth, stroke, ticks, type, typed, written,
} from "../../lstm_core/ui/static/learn/curve_points.js";

const unit = new Heights({ low: 0, high: 1 });
const powersOfTen = new Heights({ low: 1e-8, high: 1, log: true });
const nothing = (points) => new Array(points).fill(null);

test("heights and values are each other's inverse, on both scales, and stay in the box", () => {
  for (const value of [0, 0.25, 0.333, 1]) assert.equal(unit.at(unit.of(value)), value);
  assert.ok(Math.abs(powersOfTen.of(1e-4) - 0.5) < 1e-12);
  assert.equal(powersOfTen.at(0.5), 1e-4);
  assert.deepEqual([powersOfTen.of(-3), powersOfTen.of(0), powersOfTen.at(7), unit.of(9)], [0, 0, 1, 1]);
});

test("a stroke sets each point it passes, in both directions, also where the pointer jumps", () => {
  const there = nothing(9);
  stroke(there, unit, [0, 0], [0, 0]);
  stroke(there, unit, [0, 0], [7.8, 0.78]);
  assert.deepEqual(there, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.78]);
  const back = nothing(9);
  stroke(back, unit, [8, 0.8], [2, 0.2]);
  assert.deepEqual(back, [null, null, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
});

test("a stroke over a part replaces that part only", () => {
  const values = [0, 0.1, 0.2, 0.3, 0.4];
  stroke(values, unit, [1, 1], [2.2, 1]);
  assert.deepEqual(values, [0, 1, 1, 0.3, 0.4]);
});

test("five typed numbers make a curve of straight lines", () => {
  const values = nothing(9);
  assert.deepEqual(anchors(9), [0, 2, 4, 6, 8]);
  type(values, unit, 0, 1);
  assert.deepEqual(values, [1, ...nothing(8)]);
  type(values, unit, 2, 0); // two numbers on: nothing is known between
  type(values, unit, 4, 0.4);
  assert.deepEqual(values, [1, 0.75, 0.5, 0.25, 0, 0.1, 0.2, 0.3, 0.4]);
  type(values, unit, 1, 0.1);
  assert.deepEqual(values.slice(0, 5), [1, 0.55, 0.1, 0.05, 0]);
});

test("a number that is taken away leaves the line of those beside it, at an end nothing", () => {
  const values = [0, 0.5, 1, 0.5, 0, 0, 0, 0, 0];
  type(values, unit, 1, null);
  assert.deepEqual(values.slice(0, 5), [0, 0, 0, 0, 0]);
  type(values, unit, 0, null);
  assert.deepEqual(values, [null, null, 0, 0, 0, 0, 0, 0, 0]);
});

test("a number beyond the box stays as it was typed: the server says what is wrong", () => {
  const values = nothing(5);
  type(values, unit, 0, 12);
  assert.equal(values[0], 12);
});

test("gaps are filled as the server fills them: straight, level at the ends", () => {
  assert.deepEqual(filled([null, 1, null, null, 4, null]), [1, 1, 2, 3, 4, 4]);
  assert.equal(filled([null, 1, null]), null);
});

test("points that follow each other are one line", () => {
  assert.deepEqual(runs([1, null, 2, 3], (point, value) => [point, value]), [[[0, 1]], [[2, 2], [3, 3]]]);
});

test("the line goes through its points and swings beyond none", () => {
  const path = smooth([[0, 10], [3, 10], [6, 0], [9, 0]]);
  const numbers = path.match(/-?[\d.]+/g).map(Number);
  const heights = numbers.filter((_, at) => at % 2);
  assert.ok(Math.min(...heights) >= 0 && Math.max(...heights) <= 10);
  assert.match(path, /^M0,10C.*,3,10C.*,6,0C.*,9,0$/);
  assert.equal(smooth([[5, 5]]), "M4,5h2");
});

test("the area lies between both curves, where both are", () => {
  const place = (point, value) => [point, value];
  const area = between([1, 1, null, 1, 1], [0, 0, 0, 0, null], place);
  assert.equal(area.match(/Z/g).length, 1);
  assert.match(area, /^M0,1C.*,1,1L1,0C.*,0,0Z$/);
});

test("lines across are at round values", () => {
  assert.deepEqual(ticks({ low: 0, high: 1 }), [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(ticks({ low: -1.5, high: 1.5 }), [-1, 0, 1]);
  assert.deepEqual(ticks({ low: 1e-8, high: 1, log: true }), [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]);
  assert.deepEqual(ticks({ low: 2, high: 8, log: true }), [2, 8]);
});

test("numbers are written with their digits", () => {
  assert.deepEqual([typed(0.12345, ".2g"), typed(0.5, ".2f"), typed(0.00001234, ".1e"), typed(1500, ".2g")],
    ["0.12", "0.50", "1.2e-5", "1500"]);
  assert.deepEqual([written(1e-6, ".2g"), written(2.5e-7, ".2g"), written(0, ".2g")], ["10⁻⁶", "2.5 × 10⁻⁷", "0"]);
});

test("the names of both curves lie beside them, in the box, and never on each other", () => {
  const box = { top: 0, bottom: 200, size: 12 };
  for (const [upper, lower] of [[60, 120], [5, 195], [3, 8], [180, 196], [100, 101], [20, 60], [150, 195]]) {
    const [one, other] = nameHeights([[upper], [lower]], box);
    assert.ok(one >= 12 && other <= 198 && other - one >= 12, `${upper} ${lower}: ${one} ${other}`);
  }
  assert.deepEqual(nameHeights([[100]], box), [92]);
  assert.ok(nameHeights([[4]], box)[0] > 12);
});
