// The wall of a class: how answers are counted into rows and columns, where curves, runs and results lie, what is said of them.

import "./page.mjs";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { path } from "../../lstm_core/ui/static/class/curves.js";
import { told } from "../../lstm_core/ui/static/class/experiment.js";
import { columns } from "../../lstm_core/ui/static/class/histogram.js";
import { Keyed, place } from "../../lstm_core/ui/static/class/keyed.js";
import { common, cut, grid, lossPath } from "../../lstm_core/ui/static/class/multiples.js";
import { paragraphs, plain } from "../../lstm_core/ui/static/class/prose.js";
import { fitting, limits, number, numbers, powersBetween, slots, spread } from "../../lstm_core/ui/static/class/scales.js";
import { along, dots, roomier, upright } from "../../lstm_core/ui/static/class/scatter.js";
import { people, spaced } from "../../lstm_core/ui/static/class/wall.js";
import { rows } from "../../lstm_core/ui/static/class/votes.js";
import { STATIC } from "./page.mjs";

const near = (one, other) => assert.ok(Math.abs(one - other) < 1e-9, `${one} is not ${other}`);
const bar = (key, count, more = {}) => ({ key, name: `option ${key}`, low: 0, high: 0, count, right: null, ...more });

test("options keep their order and letters; each vote has its own shares", () => {
  const votes = [{ count: 4, bars: [bar("a", 3), bar("b", 1, { right: true })] }, { count: 2, bars: [bar("a", 0), bar("b", 2, { right: true })] }];
  const found = rows({ ask: { kind: "choice" }, votes });
  assert.deepEqual(found.map(({ letter, right }) => [letter, right]), [["A", false], ["B", true]]);
  assert.deepEqual(found.map(({ bars }) => bars.map(({ count, share }) => [count, share])), [[[3, 0.75], [0, 0]], [[1, 0.25], [2, 1]]]);
});

test("of many orders the most frequent of the last vote come first, the right one is among them, the rest is one", () => {
  const order = (name, count, right = false) => ({ key: null, name, low: 0, high: 0, count, right, names: [`who ${name}`] });
  const votes = [{ count: 9, bars: [order("p", 9)] },
    { count: 36, bars: ["q", "r", "s", "t", "u", "v", "w", "x"].map((name, at) => order(name, 8 - at, name === "x")) }];
  const found = rows({ ask: { kind: "order" }, votes });
  assert.deepEqual(found.map(({ name }) => name), ["q", "r", "s", "t", "x", null]);
  assert.deepEqual(found.at(-1).bars.map(({ count }) => count), [9, 4 + 3 + 2]);
  assert.deepEqual(found.at(-1).bars[1].names, ["who u", "who v", "who w"]);
  assert.deepEqual(found[0].bars.map(({ count }) => count), [0, 8]);
  for (const vote of [0, 1]) assert.equal(found.reduce((sum, { bars }) => sum + bars[vote].count, 0), votes[vote].count);
});

test("nobody's answers have no shares that are no numbers", () => {
  assert.equal(rows({ ask: { kind: "choice" }, votes: [{ count: 0, bars: [bar("a", 0)] }] })[0].bars[0].share, 0);
});

test("columns lie on their part of the scale, also a logarithmic one, those of two votes side by side", () => {
  const ask = { low: 0.01, high: 1, log: true };
  const parts = (low, high) => [{ low: 0.01, high: 0.1, count: low, right: false }, { low: 0.1, high: 1, count: high, right: true }];
  const found = columns({ ask, votes: [{ bars: parts(1, 0) }, { bars: parts(2, 4) }] });
  assert.deepEqual(found.map(({ vote, count, height, right }) => [vote, count, height, right]),
    [[0, 1, 0.25, false], [1, 2, 0.5, false], [1, 4, 1, true]]);
  [[0, 0.25], [0.25, 0.5], [0.75, 1]].forEach(([from, to], at) => {
    near(found[at].from, from);
    near(found[at].to, to);
  });
});

test("a curve that is no number somewhere has a gap there", () => {
  const drawn = path(Float32Array.of(1, 2, NaN, 3, 4), (point, value) => [point, value]);
  assert.equal(drawn.match(/M/g).length, 2);
  assert.equal(path([null, null], (point, value) => [point, value]), "");
});

test("small pictures are as large as they can be, and all fit", () => {
  for (const count of [1, 5, 30, 60, 100]) {
    const { columns: across, rows: down } = grid(count, 900, 700);
    assert.ok(across * down >= count && across * (down - 1) < count, `${count}: ${across} x ${down}`);
  }
  assert.deepEqual([grid(30, 900, 700).columns, grid(30, 300, 1500).columns, grid(4, 900, 10).columns], [5, 2, 4]);
});

test("all runs have one scale of losses, logarithmic where they fall far; what is no number moves nothing", () => {
  const run = (...losses) => ({ losses });
  assert.deepEqual(common([]), { low: 0, high: 1, log: false });
  const near1 = common([run(1, 0.5), run(), run(0.9, null)]);
  assert.deepEqual([near1.low, near1.log], [0, false]);
  const far = common([run(1, 0.5, Infinity), run(Float32Array.of(NaN)), run(0.004)]);
  assert.ok(far.log && far.low <= 0.004 && far.low > 0.002 && far.high >= 1 && far.high < 1.8);
  assert.deepEqual(common([run(1, 0.5), run(0.0045)]), common([run(1, 0.7), run(0.0042)]));
});

test("a loss curve reaches as far across as the training has come", () => {
  const scale = { low: 0, high: 1, log: false };
  assert.equal(lossPath([1, 0.5, 0], 0.5, scale, 100, 40), "M0.0,0.0L25.0,20.0L50.0,40.0");
  assert.equal(lossPath([1, null, 0, 0], 1, scale, 90, 40), "M0.0,0.0M60.0,40.0L90.0,40.0");
  assert.equal(lossPath([2], 1, scale, 90, 40), "M0.0,0.0");
  assert.equal(lossPath([], 0, scale, 90, 40), "");
  assert.equal(lossPath([1, 0.1, 0.01], 1, { low: 0.01, high: 1, log: true }, 100, 40), "M0.0,0.0L50.0,20.0L100.0,40.0");
});

const run = (number, value, result) => ({ number, value, result });
const results = { setting: "hidden", order: null, log: false, naive: 0.9, runs: [run(1, 1, 0.4), run(2, 32, 0.1), run(3, 1, 0.2), run(4, 8, null)],
  groups: [{ value: 1, count: 2, mean: 0.3, deviation: 0.35 }, { value: 32, count: 1, mean: 0.1, deviation: null }] };

test("values far apart lie on a logarithmic axis and are its marks; also those whose runs are not done", () => {
  const axis = along(results, 0, 100);
  assert.deepEqual(axis.marks, [1, 8, 32]);
  near((axis.at(8) - axis.at(1)) / (axis.at(32) - axis.at(1)), 0.6);
  assert.ok(axis.at(1) > 0 && axis.at(32) < 100);
  assert.ok(axis.width <= axis.at(32) - axis.at(8));
});

test("seeds lie on whole numbers, words in their order, and in slots of their own", () => {
  const seeds = along({ setting: "seed", runs: [0, 1, 2, 3].map((seed) => run(seed, seed, 1)), groups: [{ value: null }] }, 0, 100);
  assert.deepEqual(seeds.marks, [0, 1, 2, 3]);
  assert.deepEqual(along({ setting: "seed", runs: [run(1, 0, 1), run(2, 1, 1)], groups: [] }, 0, 100).marks, [0, 1]);
  const words = along({ order: ["rnn", "lstm"], runs: [run(1, "lstm", 1), run(2, "gru", 1)], groups: [] }, 0, 90);
  assert.deepEqual([words.marks, words.at("rnn"), words.at("lstm"), words.at("gru")], [["rnn", "lstm", "gru"], 15, 45, 75]);
  const switched = along({ order: null, runs: [run(1, true, 1), run(2, false, 1)], groups: [] }, 0, 100);
  assert.deepEqual([switched.at(true), switched.at(false)], [25, 75]);
});

test("results, their spread and the naive forecast all lie within the axis", () => {
  const { at } = upright(results, 100, 0);
  for (const value of [0.1, 0.9, 0.3 - 0.35, 0.3 + 0.35]) assert.ok(at(value) > 0 && at(value) < 100, `${value}`);
  const log = upright({ ...results, log: true }, 100, 0);
  near(log.at(0.2) - log.at(0.4), log.at(0.1) - log.at(0.2));
});

test("runs that are done are points, those of one value side by side", () => {
  const across = { at: () => 50, width: 30 };
  const found = dots(results, across, { at: (value) => 100 * value }, 4);
  assert.deepEqual(found.map(({ number }) => number), [1, 2, 3]);
  near(found[0].x, 50);
  near(found[2].x, 58.4);
  const many = dots({ runs: Array.from({ length: 40 }, (_, at) => run(at, 1, 1)) }, across, { at: () => 0 }, 4);
  assert.ok(many.every(({ x }) => x >= 50 - 15 && x <= 50 + 15));
  assert.equal(new Set(many.map(({ x }) => x)).size, 40);
});

test("a name that is too long for its picture is cut", () => {
  const fits = (text) => text.length <= 8;
  assert.equal(cut("20 · Ada", 6, fits), "20 · Ada");
  assert.equal(cut("20 · kingfisher", 6, fits), "20 · ki…");
  assert.equal(cut("20 · kingfisher", 6, (text) => text.length < 7), "");
});

test("the forecast without a network is named where points leave room", () => {
  assert.ok(roomier([{ x: 10, y: 0 }, { x: 90, y: 48 }], 50, 0, 100));
  assert.ok(!roomier([{ x: 10, y: 48 }, { x: 90, y: 0 }], 50, 0, 100));
  assert.ok(!roomier([], 50, 0, 100));
});

test("axes have some room, round marks, and words that do not lie on each other", () => {
  assert.deepEqual(limits([], false), { low: 0, high: 1, log: false });
  const one = limits([3], true);
  assert.ok(one.low < 3 && one.high > 3 && one.low > 0);
  const two = limits([0, 10, NaN, null], false);
  near(two.low, -0.7);
  near(two.high, 10.7);
  assert.ok(limits([0, -1, 2], true).low > 0);
  assert.deepEqual(powersBetween(0.03, 0.4), [0.05, 0.1, 0.2]);
  assert.deepEqual(powersBetween(1e-4, 1), [1e-4, 1e-3, 1e-2, 0.1, 1]);
  const axis = numbers({ low: 0, high: 10, log: false }, 0, 200);
  assert.deepEqual([axis.at(5), axis.marks], [100, [0, 2.5, 5, 7.5, 10]]);
  assert.equal(slots(["a", "b"], 0, 10).at("b"), 7.5);
  const labels = [0, 10, 20, 30, 40].map((at) => ({ at, width: 12 }));
  assert.deepEqual(fitting(labels, 2), [true, false, true, false, true]);
  assert.deepEqual(fitting([{ at: 0, width: 5 }, { at: 6, width: 5 }], 1), [true, true]);
});

test("numbers have three digits, a spread two; small ones their power of ten", () => {
  assert.deepEqual([0.123456, 1e-6, 2.5e-7, 12].map(number), ["0.123", "10⁻⁶", "2.5 × 10⁻⁷", "12"]);
  assert.equal(spread(0.1234, 0.0412), "0.123 ± 0.041");
  assert.equal(spread(123.4, 41.2), "123 ± 41");
  assert.equal(spread(2.5e-6, 4.1e-7), "(2.50 ± 0.41) × 10⁻⁶");
  assert.equal(spread(0.1234, null), "0.123");
  assert.equal(spread(0.5, 0), "0.5");
});

test("what the results say counts those that are done, and knows whether less is better", () => {
  const words = { sum_none: "none", sum_one: "one {best}", sum_seeds: "{count}: {spread}, {best} to {worst}.",
    sum_values: "{count}: {title} {value}, {spread}.", naive: "Beside {name} {naive}", gap: " " };
  const item = { ...results, lower: true, title: "Units", naive_name: "Naive" };
  assert.equal(told(item, words), "3: Units 32, 0.1. Beside Naive 0.9");
  assert.equal(told({ ...item, lower: false, naive: 0.15 }, words), "3: Units 1, 0.30 ± 0.35. Beside Naive 0.15");
  assert.equal(told({ ...item, runs: item.runs.slice(1, 2) }, words), "one 0.1");
  assert.equal(told({ ...item, runs: item.runs.slice(3) }, words), "none");
  const alike = [1, 8].map((value) => ({ value, count: 1, mean: 0.4, deviation: null }));
  assert.equal(told({ ...item, naive: null, groups: alike }, { ...words, sum_alike: "{count} alike {mean}" }), "3 alike 0.4");
  const seeds = { ...item, setting: "seed", naive: null, groups: [{ value: null, count: 3, mean: 0.25, deviation: 0.1 }] };
  assert.equal(told(seeds, words), "3: 0.25 ± 0.10, 0.1 to 0.4.");
});

test("words come in paragraphs; formulas and addresses are left out", () => {
  assert.deepEqual(paragraphs("One\ntwo $x^2$.\n\n[Three](https://a.test) **four**\n"), ["One two .", "Three **four**"]);
  assert.equal(plain("**A** and `b`, *c*"), "A and b, c");
});

test("what is known keeps its node, what is gone is taken away, what is new is added", () => {
  const nodes = [];
  const parent = { append: (node) => nodes.push(node) };
  const keyed = new Keyed(parent, (thing) => ({ node: { thing, style: {}, remove() { nodes.splice(nodes.indexOf(this), 1); } } }));
  const key = ({ id }) => id;
  const [a, b] = keyed.take([{ id: 1 }, { id: 2 }], key);
  const [c, again] = keyed.take([{ id: 3 }, { id: 2 }], key);
  assert.equal(again, b);
  assert.deepEqual(nodes, [b.node, c.node]);
  assert.ok(!nodes.includes(a.node));
  place(b, 1, 2.345);
  assert.equal(b.node.style.transform, "translate(1.0px, 2.3px)");
});

test("a code is read letter by letter; who is there is said in words", () => {
  assert.equal(spaced("KWXEB"), "K W X E B");
  const words = { nobody: "nobody", learner: "one", learners: "{count} people" };
  assert.deepEqual([0, 1, 28].map((count) => people(count, words)), ["nobody", "one", "28 people"]);
});

test("names and answers of learners never become markup", () => {
  for (const name of ["wall", "question", "votes", "histogram", "curves", "experiment", "multiples", "scatter", "prose", "plot", "keyed"]) {
    assert.doesNotMatch(readFileSync(new URL(`class/${name}.js`, STATIC), "utf-8"), /innerHTML|outerHTML|insertAdjacentHTML/, name);
  }
});
