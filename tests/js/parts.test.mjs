// Numbers as text, texts that fit, and the colours of values.

import "./page.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { bound, clamp, exact, fill, grouped, powers, refusal, Scale, Scales, short, shortened, widest }
  from "../../lstm_core/ui/static/cell/parts.js";

test("a power of ten is written as people write it", () => {
  assert.deepEqual(["1.4e-07", "-2e+21", "0.5", "nan"].map(powers), ["1.4 × 10⁻⁷", "-2 × 10²¹", "0.5", "nan"]);
});

test("an exact number has six significant digits and no zeros at its end", () => {
  assert.deepEqual([1 / 3, 1234567, 0.5, 1e-9, -2, 0].map(exact), ["0.333333", "1234570", "0.5", "1 × 10⁻⁹", "-2", "0"]);
});

test("what is no number is told as such", () => {
  for (const format of [exact, short]) {
    assert.deepEqual([NaN, Infinity, -Infinity].map(format), ["NaN", "∞", "-∞"]);
  }
});

test("a short number has three digits after the point, a large one four in all", () => {
  assert.deepEqual([0.5, 99.9994, 100, 123456, -3.14159].map(short), ["0.500", "99.999", "100", "123500", "-3.142"]);
  assert.equal(short(-0.0001), "0.000");
});

test("counts are grouped by thousands", () => {
  assert.deepEqual([999, 1000, 1234567].map(grouped), ["999", "1,000", "1,234,567"]);
});

test("names in braces are filled in, unknown ones left out", () => {
  assert.equal(fill("{step} of {steps}{rest}", { step: 0, steps: 9 }), "0 of 9");
});

test("a text is cut where it would be wider than its room", () => {
  assert.equal(widest(["ab", "abcd", ""]), 24);
  assert.equal(widest([]), 0);
  assert.equal(shortened("abcdef", 36), "abcdef");
  assert.equal(shortened("abcdef", 35), "abcd…");
  assert.equal(shortened("好好好", 12), "好…");
  assert.equal(shortened("abc", 1), "a…"); // one letter stays
});

test("a value is kept between its bounds", () => {
  assert.deepEqual([-1, 0.5, 2].map((value) => clamp(value, 0, 1)), [0, 0.5, 1]);
});

test("a bound is the next round number; what is not finite does not count", () => {
  assert.deepEqual([[0.9], [1.1], [-4.5], [70], [0.021], [0, 0], []].map(bound), [1, 1.5, 5, 75, 0.03, 1, 1]);
  assert.equal(bound([2, NaN, Infinity]), 2);
  assert.equal(bound(Float32Array.of(0.4)), 4 * 0.1); // a little more than 0.4 in float32
});

test("a refusal carries what the server no longer has, also when its answer is no JSON", async () => {
  assert.equal((await refusal({ status: 404, json: async () => ({ gone: "token" }) })).gone, "token");
  const broken = await refusal({ status: 500, json: async () => { throw new SyntaxError(); } });
  assert.deepEqual([broken.message, broken.gone], ["500", undefined]);
});

const RED = "#ff0000";
const BLUE = "#0000ff";
const channels = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255, pixel >>> 24]; // red, green, blue, alpha

test("a scale colours by sign, the more strongly the larger, and stays at its ends beyond them", () => {
  const scale = new Scale(-2, 2, RED, BLUE);
  const pixels = new Uint32Array(5);
  scale.paint(pixels, 1, 5, [-9, -1, 0, 2, 9], 0, 0, 1);
  assert.deepEqual(Array.from(pixels, channels), [[255, 0, 0, 255], [255, 0, 0, 128], [0, 0, 255, 0], [0, 0, 255, 255],
    [0, 0, 255, 255]]);
  assert.deepEqual([-2, -1, 0, 1, 3, NaN].map((value) => scale.strength(value)), [1, 0.5, 0, 0.5, 1, 0]);
  assert.deepEqual([-1, 1, NaN].map((value) => scale.colour(value)), [RED, BLUE, "currentColor"]);
});

test("what is no number is hatched", () => {
  const pixels = new Uint32Array(4);
  new Scale(0, 1, RED, BLUE).paint(pixels, 2, 2, [NaN, NaN, NaN, NaN], 0, 2, 1);
  const strong = channels(pixels[0])[3];
  assert.deepEqual(Array.from(pixels, (pixel) => channels(pixel)[3] === strong), [true, false, false, true]);
});

test("values that lie step by step are painted row by row", () => {
  const [steps, units] = [3, 2];
  const pixels = new Uint32Array(steps * units);
  new Scale(0, 1, RED, BLUE).paint(pixels, units, steps, [0, 1, 0, 1, 0, 1], 0, 1, units);
  assert.deepEqual(Array.from(pixels, (pixel) => channels(pixel)[3]), [0, 0, 0, 255, 255, 255]);
});

const FACTS = {
  colours: { predicted: "#123456", negative: RED, positive: BLUE, gates: { f: "#00ff00" } },
  kinds: { f: "gate", g: "signed", c: "state" },
};

test("a gate is coloured from 0 to 1, a candidate from -1 to 1, a state as far as it goes", () => {
  const scales = new Scales(FACTS);
  const ends = (scale) => [scale.low, scale.high, scale.positive];
  assert.deepEqual(ends(scales.of("f", 7)), [0, 1, "#00ff00"]);
  assert.deepEqual(ends(scales.of("y", 7)), [0, 1, "#123456"]);
  assert.deepEqual(ends(scales.of("g", 7)), [-1, 1, BLUE]);
  assert.deepEqual(ends(scales.of("c", 7)), [-7, 7, BLUE]);
  assert.deepEqual(ends(scales.of("x", 3)), [-3, 3, BLUE]);
  assert.equal(scales.of("c", 7), scales.of("x", 7)); // made once
});
