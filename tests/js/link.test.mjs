// The link to exactly what is seen.

import "./page.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Link } from "../../lstm_core/ui/static/cell/link.js";

globalThis.window = { location: { href: "http://lab.test/lab/cell?run=old&lang=en#here" } };

const linkTo = (choice) => Object.assign(Object.create(Link.prototype), {
  facts: { link: { run: "a1", lang: "zh", section: "units", from_part: "test", at: "7" } }, choice: () => choice });

test("a link holds run, section, sequence, layer, unit, step and moment, all counted from 1", () => {
  assert.equal(linkTo({ layer: 1, unit: 2, step: 4, update: 500, all: false }).url,
    "http://lab.test/lab/cell?run=a1&lang=zh&section=units&from_part=test&at=7&layer=2&unit=3&step=5&update=500");
});

test("where all units are shown it names none, and no moment where none is recorded", () => {
  const { searchParams } = new URL(linkTo({ layer: 0, unit: 2, step: 4, update: Infinity, all: true }).url);
  assert.deepEqual([searchParams.has("unit"), searchParams.has("update"), searchParams.get("step")], [false, false, "5"]);
});
