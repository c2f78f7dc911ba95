// How a line is led from one picture to the next.

import "./page.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.matchMedia = () => ({ matches: false });
const { Glides } = await import(new URL("../../lstm_core/ui/static/live/glide.js", import.meta.url));

test("a line that had no point yet begins with the first ones it gets, and grows from there", () => {
  const glides = new Glides({ calcdata: [] });
  const begins = [0, 5, 10].map((points, at) => {
    glides.lead("train", { points, per: 1 }, at);
    const line = glides.lines.get("train");
    if (line.end) line.reached = line.end; // as when it has been drawn to its end
    return line.begin;
  });
  assert.deepEqual(begins, [undefined, 5, 5]);
});
