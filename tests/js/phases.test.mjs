// The four phases of an update: which one a key leads to, and whose word counts.

import "./page.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { latest, led } from "../../lstm_core/ui/static/live/phases.js";

test("arrows lead round, Home and End to the ends, other keys nowhere", () => {
  const to = (key, at) => led(key, at, 4);
  assert.deepEqual([to("ArrowRight", 3), to("ArrowLeft", 0), to("ArrowDown", 1), to("ArrowUp", 1)], [0, 3, 2, 0]);
  assert.deepEqual([to("Home", 2), to("End", 1), to("Enter", 1), to("a", 1)], [0, 3, null, null]);
});

test("a page that was drawn before a picture came does not take it back", () => {
  const page = { live: { run: "a" }, update: 3, phases: null };
  assert.equal(latest(page, { id: "a", update: 4, phases: "fourth" }), "fourth");
  assert.equal(latest(page, { id: "b", update: 4, phases: "of another run" }), null);
  assert.equal(latest(page, { id: "a", update: null }), null);
  assert.equal(latest(page, { id: "a", update: 4 }), null); // a stream that has not told yet
  assert.equal(latest({ ...page, phases: "third" }, { id: "a", update: 3, phases: null }), "third");
  assert.equal(latest(page, null), null);
});
