// The look of charts: ink in place of black, words that can be read, and sizes for a room.

import "./page.mjs";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { channels, contrast, inked, looking, readable } from "../../lstm_core/ui/static/look.js";

const ROOT = new URL("../../", import.meta.url);
const file = (name) => readFileSync(new URL(name, ROOT), "utf-8");
const COLOURS = [...new Set(file("lstm_core/charts/palette.py").match(/#[0-9A-F]{6}/g))];
const THEMES = ["light", "dark"].map((name) => {
  const part = file(".streamlit/config.toml").split(`[theme.${name}]`)[1];
  const read = (key) => part.match(new RegExp(`^${key} = "(#.{6})"`, "m"))[1];
  return { text: read("textColor"), page: read("backgroundColor"), size: 12, lines: 1 };
});
const ROOM = { ...THEMES[0], size: 24, lines: 2 };

test("words in every colour can be read in both themes, and only as far from it as that takes", () => {
  assert.ok(COLOURS.length > 8);
  for (const theme of THEMES) {
    for (const colour of COLOURS) {
      const drawn = readable(colour, theme);
      const rgb = drawn.startsWith("#") ? channels(drawn) : drawn.match(/\d+/g).map(Number);
      assert.ok(contrast(rgb, channels(theme.page)) >= 4.5, `${colour} on ${theme.page}`);
    }
  }
  assert.equal(readable("#0072B2", THEMES[0]), "rgb(0,114,178)");
});

test("black is the ink of the page, also where it is faded, and other colours stay", () => {
  assert.equal(inked("#000000", "#E6EBF0"), "#E6EBF0");
  assert.equal(inked("rgba(0,0,0,0.14)", "#E6EBF0"), "rgba(230,235,240,0.14)");
  assert.equal(inked("rgba(0,114,178,0.5)", "#E6EBF0"), "rgba(0,114,178,0.5)");
});

test("a figure takes colours and sizes from the look; its numbers, words and typed arrays stay as they are", () => {
  const y = Float32Array.of(1, 2);
  const trace = { type: "scatter", y, x: [1, 2], text: ["#000000"], line: { width: 2, color: "#000000" },
    marker: { size: 4, color: ["#000000", "#0072B2"], line: { width: 1 } }, width: 0.75 };
  const drawn = looking(trace, ROOM);
  assert.equal(drawn.y, y);
  assert.deepEqual([drawn.x, drawn.text, drawn.width], [[1, 2], ["#000000"], 0.75]);
  assert.deepEqual(drawn.line, { width: 4, color: "#1B2733" });
  assert.deepEqual(drawn.marker.color, ["#1B2733", "#0072B2"]);
  assert.equal(drawn.marker.line.width, 2);
  const layout = looking({ shapes: [{ x0: 3, line: { width: 1.5, color: "#000000" } }],
    annotations: [{ y: 0.9, font: { size: 12, color: "#C4709F" } }] }, ROOM);
  assert.deepEqual(layout.shapes, [{ x0: 3, line: { width: 3, color: "#1B2733" } }]);
  assert.equal(layout.annotations[0].y, 0.9);
  assert.equal(layout.annotations[0].font.size, 24);
  assert.match(layout.annotations[0].font.color, /^rgb/); // darker than the mark: it is a word
});

test("scales of colours reach into their pairs", () => {
  const { colorscale } = looking({ colorscale: [[0, "rgba(0,0,0,0)"], [1, "#000000"]] }, THEMES[1]);
  assert.deepEqual(colorscale, [[0, "rgba(230,235,240,0)"], [1, "#E6EBF0"]]);
});
