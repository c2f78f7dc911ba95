// The steps beside the page: their words, the places they name, and what a browser remembers of them.

import "./page.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { lit, pieces, recalled, remember, selector, unread } from "../../lstm_core/ui/static/beside/steps.js";

test("what is bold, slanted or code is told apart, also where one ends with the other", () => {
  assert.deepEqual(pieces("plain"), [["", "plain"]]);
  assert.deepEqual(pieces("**On the page *Predict*** it is `a b → c`, *now*."), [
    ["strong", [["", "On the page "], ["em", "Predict"]]], ["", " it is "], ["code", "a b → c"], ["", ", "], ["em", "now"],
    ["", "."]]);
  assert.deepEqual(pieces("**1 * 2**"), [["strong", [["", "1 * 2"]]]]);
  assert.deepEqual(pieces(""), []);
});

test("a key names what has it on the page, all else is a selector", () => {
  assert.equal(selector("if_gate"), ".st-key-if_gate");
  for (const other of [".cv-diagram", "[class*=st-key-memory_run_]"]) assert.equal(selector(other), other);
});

test("what a step sets is lit where it names nothing else, but no page", () => {
  const does = [{ kind: "set", target: "hidden" }, { kind: "press", target: "train" }, { kind: "go", target: "cell" }];
  assert.deepEqual(lit({ lights: [], does }), ["hidden", "train"]);
  assert.deepEqual(lit({ lights: ["loss"], does }), ["loss"]);
});

test("a browser remembers what was read; one that keeps nothing, or something else, begins anew", () => {
  const kept = new Map();
  globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  assert.deepEqual(recalled(), { open: undefined, met: false, read: {} });
  remember({ open: true, met: true, read: { cell: [0, 2] } });
  assert.deepEqual(recalled(), { open: true, met: true, read: { cell: [0, 2] } });
  kept.set("gatescope.beside", "{nonsense");
  assert.deepEqual(recalled(), { met: false, read: {} });
  globalThis.localStorage = { getItem() { throw new Error("kept from"); }, setItem() { throw new Error("kept from"); } };
  assert.deepEqual(recalled(), { met: false, read: {} });
  remember({ read: {} });
});

test("one goes on where one was, and begins anew when all was read", () => {
  assert.equal(unread(3, []), 0);
  assert.equal(unread(3, [0, 1]), 2);
  assert.equal(unread(3, [2, 1, 0]), 0);
});
