// The drawings of the cells: every quantity can be computed, and everything lies within the drawing at every width.

import "./page.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { LIKE, QUANTITIES, SHAPES } from "../../lstm_core/ui/static/cell/shapes.js";

const WIDTHS = [310, 479, 480, 519, 520, 780];
const SHAPED = Object.entries(SHAPES).flatMap(([cell, shape]) => WIDTHS.map((width) => [cell, width, shape(width)]));
const layer = Object.fromEntries(["f", "i", "g", "o", "r", "z", "n", "h", "c", "h0", "c0"].map(
  (name, at) => [name, [0, 0.1 + 0.07 * at]]));
const value = (q) => QUANTITIES[q](layer, 1);

test("the parts of a state add up to it as in the equations", () => {
  assert.equal(value("fc"), layer.f[1] * layer.c0[1]);
  assert.equal(value("ig"), layer.i[1] * layer.g[1]);
  assert.equal(value("tc"), Math.tanh(layer.c[1]));
  assert.equal(value("zh") + value("zn"), layer.z[1] * layer.h0[1] + (1 - layer.z[1]) * layer.n[1]);
  assert.equal(value("z") + value("1z"), 1);
});

test("everything drawn is a quantity that is computed, and coloured like a gate or a state", () => {
  for (const [cell, , { flows, boxes, nodes, labels }] of SHAPED) {
    const names = [...flows.map(({ q }) => q), ...labels.map(({ q }) => q), ...boxes.map(({ gate }) => gate),
      ...nodes.flatMap(({ gate }) => gate ?? [])].filter((name) => name !== "bus" && name !== "x");
    for (const name of names) {
      assert.ok(Number.isFinite(value(name)), `${cell}: ${name}`);
      assert.ok((LIKE[name] ?? name) in layer, `${cell}: ${name} has no scale`);
    }
  }
});

test("everything lies within the drawing", () => {
  for (const [cell, width, { height, frame, flows, boxes, pills, nodes, labels }] of SHAPED) {
    const within = (x, y, what) => assert.ok(x >= 0 && x <= width && y >= 0 && y <= height, `${cell} ${width}: ${what}`);
    const [x, y, w, h] = frame;
    within(x, y, "frame");
    within(x + w, y + h, "frame");
    for (const { gate, ...box } of boxes) {
      within(box.x, box.y, gate);
      within(box.x + box.w, box.y + box.h, gate);
    }
    for (const { x, y, sign } of [...pills, ...nodes]) within(x, y, sign);
    for (const { x, y, name } of labels) within(x, y, name);
    for (const { d } of flows) for (const [place, step] of places(d)) within(...place, `${d} at ${step}`);
  }
});

test("the boxes of the gates stand side by side", () => {
  for (const [cell, width, { boxes }] of SHAPED) {
    const sides = boxes.map(({ x, w }) => [x, x + w]).sort(([one], [other]) => one - other);
    sides.slice(1).forEach(([left], at) => assert.ok(left > sides[at][1], `${cell} ${width}`));
  }
});

test("every line has a length", () => {
  for (const [cell, width, { flows }] of SHAPED) {
    for (const { d } of flows) {
      const [[from], ...rest] = places(d);
      assert.ok(rest.some(([to]) => to[0] !== from[0] || to[1] !== from[1]), `${cell} ${width}: ${d}`);
    }
  }
});

/** The places along a path made of M, H and V, each with the command that leads there. */
function places(d) {
  let [x, y] = [NaN, NaN];
  return Array.from(d.matchAll(/([MHV])([-\d.]+)(?: ([-\d.]+))?/g), ([step, command, one, two]) => {
    if (command !== "V") x = Number(one);
    if (command === "V") y = Number(one);
    if (command === "M") y = Number(two);
    return [[x, y], step];
  });
}
