// Traces: how the server's bytes are cut into arrays, and in which order the moments of training are fetched.

import "./page.mjs";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Traces } from "../../lstm_core/ui/static/cell/traces.js";

const FACTS = {
  folder: "gatescope/cell/token", updates: [0, 10, 20], steps: 2, entering: 1, layers: [2, 1], outputs: 1,
  gates: ["f", "i"], states: ["h", "c"], labels: [], changed: false, summed: ["f", "i"], lined: [false, false],
};
// x (T, F); of each layer f, i (T, H), then h, c (T+1, H); y (T, O)
const NUMBERS = 2 + (4 + 4 + 6 + 6) + (2 + 2 + 3 + 3) + 2;
const counted = (count = NUMBERS) => Float32Array.from({ length: count }, (_, at) => at).buffer;

let asked;
let answers;
beforeEach(() => {
  asked = [];
  answers = () => ({ bytes: counted() });
  globalThis.fetch = async (url) => {
    asked.push(String(url));
    const update = Number(url.pathname.split("/").pop());
    const { bytes, by = update, gone } = answers(update);
    return gone ? { ok: false, status: 404, json: async () => ({ gone }) }
      : { ok: true, headers: new Headers({ "X-Update": by }), arrayBuffer: async () => bytes };
  };
});

/** Fetch what is wanted of these facts and return the traces with all that they told. */
async function fetched(facts, update) {
  const told = [];
  const tell = (name) => (...values) => told.push([name, ...values]);
  const traces = new Traces({ ...FACTS, ...facts }, {
    arrived: tell("arrived"), failed: tell("failed"), unknown: tell("unknown"),
    replaced: (update, by) => {
      told.push(["replaced", update, by]);
      traces.take({ ...traces.facts, updates: [by] }); // as the view does, else it would be asked for again
    } }, { fetch: (address, signal) => fetch(new URL(address, "http://127.0.0.1/"), { signal }) });
  traces.choose(update);
  while (traces.underway.size) await new Promise((done) => setTimeout(done));
  return { traces, told };
}

test("bytes become arrays: a state before its steps begins one step earlier than after them", async () => {
  const { traces } = await fetched({ updates: [10] }, 10);
  const { layers, y } = traces.nearest(10).changed;
  const [first, second] = layers;
  assert.deepEqual(Array.from(first.x), [0, 1]);
  assert.deepEqual(Array.from(first.f), [2, 3, 4, 5]);
  assert.deepEqual(Array.from(first.i), [6, 7, 8, 9]);
  assert.deepEqual(Array.from(first.h0.subarray(0, 4)), [10, 11, 12, 13]);
  assert.deepEqual(Array.from(first.h), [12, 13, 14, 15]);
  assert.deepEqual(Array.from(first.c), [18, 19, 20, 21]);
  assert.equal(second.x, first.h); // what enters a layer is what the one below puts out
  assert.deepEqual(Array.from(second.f), [22, 23]);
  assert.deepEqual(Array.from(second.c), [30, 31]);
  assert.deepEqual(Array.from(y), [32, 33]);
});

test("behind the output come the weights of small layers, those of a decoder last", async () => {
  const weights = 2 * (2 * 1 + 2 * 2); // of each gate: for the input, then for the hidden state
  answers = () => ({ bytes: counted(NUMBERS + 2 * weights) });
  const { traces } = await fetched({ updates: [10], switch: 1, lined: [true, false] }, 10);
  const [first, second] = traces.nearest(10).changed.layers;
  assert.equal(second.weights, null);
  assert.deepEqual(Array.from(first.weights[0].f.W), [34, 35]);
  assert.deepEqual(Array.from(first.weights[0].f.U), [36, 37, 38, 39]);
  assert.deepEqual(Array.from(first.weights[0].i.W), [40, 41]);
  assert.deepEqual(Array.from(first.weights[1].f.W), [46, 47]);
});

test("scores of classes become probabilities, step by step, however large they are", async () => {
  const { traces } = await fetched({ updates: [0], outputs: 2, labels: ["a", "b"] }, 0).catch((error) => error);
  assert.equal(traces.lost.has(0), true); // two outputs need two numbers more
  answers = () => {
    const bytes = counted(NUMBERS + 2);
    new Float32Array(bytes).set([1000, 1000, 0, Math.log(3)], NUMBERS - 2);
    return { bytes };
  };
  const { y } = (await fetched({ updates: [0], outputs: 2, labels: ["a", "b"] }, 0)).traces.nearest(0).changed;
  assert.deepEqual(Array.from(y, (share) => Number(share.toFixed(5))), [0.5, 0.5, 0.25, 0.75]);
});

test("a trace of another size is not shown", async () => {
  answers = () => ({ bytes: counted(NUMBERS + 1) });
  const { traces, told } = await fetched({ updates: [10] }, 10);
  assert.deepEqual(told, [["failed", 10]]);
  assert.equal(traces.nearest(10), null);
});

test("the chosen moment comes first, then its neighbours, then the ends and ever finer steps between them", async () => {
  const updates = Array.from({ length: 200 }, (_, at) => at);
  await fetched({ updates }, 100);
  const order = asked.map((address) => Number(new URL(address).pathname.split("/").pop()));
  assert.deepEqual(order.slice(0, 14), [100, 101, 99, 102, 98, 103, 97, 0, 199, 64, 128, 192, 32, 96]);
  assert.deepEqual([...order].sort((one, other) => one - other), updates); // all, and each once
});

test("with interventions the untouched network is fetched as well", async () => {
  const { traces } = await fetched({ updates: [0], changed: true }, 0);
  assert.deepEqual(asked.map((address) => new URL(address).search), ["?which=changed", "?which=original"]);
  assert.equal(traces.nearest(0).original.y.length, 2);
  assert.equal(traces.nearest(0).bytes, 2 * 4 * NUMBERS);
});

test("while a moment is not here, the nearest one that is stands for it", async () => {
  answers = (update) => ({ bytes: update === 10 ? counted(1) : counted() });
  const { traces } = await fetched({}, 10);
  assert.equal(traces.nearest(4).update, 0);
  assert.equal(traces.nearest(16).update, 20);
  traces.take({ ...FACTS, updates: [20] });
  assert.equal(traces.nearest(0).update, 20); // what there is no longer is let go
});

test("an earlier moment stands for one that the server no longer has", async () => {
  answers = () => ({ bytes: counted(), by: 7 });
  const { traces, told } = await fetched({ updates: [10] }, 10);
  assert.deepEqual(told.slice(0, 2), [["replaced", 10, 7], ["arrived", 7]]);
  assert.equal(traces.chosen, 7);
});

test("a forgotten token is told apart from a failure, which can be tried again", async () => {
  answers = () => ({ gone: "token" });
  assert.deepEqual((await fetched({ updates: [10] }, 10)).told, [["unknown"]]);
  answers = () => ({ gone: "run" });
  const { traces, told } = await fetched({ updates: [10] }, 10);
  assert.deepEqual(told, [["failed", 10]]);
  answers = () => ({ bytes: counted() });
  traces.retry(10);
  while (traces.underway.size) await new Promise((done) => setTimeout(done));
  assert.deepEqual(told[1], ["arrived", 10]);
});

test("when the memory is full, the moments farthest from the chosen one go", async () => {
  const { traces } = await fetched({}, 0);
  for (const entry of traces.kept.values()) entry.bytes = 60e6;
  traces.evict();
  assert.deepEqual([...traces.kept.keys()].sort(), [0, 10]);
  assert.equal(traces.wanted(), 20); // a neighbour is always wanted
  traces.take({ ...FACTS, updates: [0, 10, 20, 30, 40, 50] });
  for (const update of [20, 30]) traces.lost.add(update);
  assert.equal(traces.wanted(), undefined); // but there is no room for what lies farther
});
