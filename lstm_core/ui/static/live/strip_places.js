// Where everything of the strip lies, and what lies under a pointer: one column for each time step, above one another the
// prediction, the layers from the last to the first, and the input. All in pixels.

import { clamp, widest } from "../cell/parts.js";

const NARROWEST = 15; // of a column
const WIDEST = 72;
const TITLED = 240; // of a strip of few steps, so that the name of a layer has room
const HEADING = 19; // above a layer
const BAND = 12; // a gate or a state as a colour
const LINE = 36; // the state that runs through
const SAID = 60; // the prediction
const NAME = 15; // a line of text
const HEAT = 6; // a row of many inputs
const TURNED = 58; // names that are too wide for their columns
export const LINES = 3; // so many inputs are drawn as lines, more as colours
const GAP = 8;

/**
 * The places of a strip in so many pixels.
 * @returns { gutter, wide, width, height, turned, rows, boxes, axis }: rows { kind, name, layer, y, h } from the top down,
 *          of the kinds said, band, line, input; boxes { layer, y, h } around the cells of a layer; axis the y of the names
 *          of the time steps, null when they are the input.
 */
export function placesOf(facts, room) {
  const { steps, layers, parts, gates, memory, labels, marks, symbols, input } = facts;
  const gutter = room < 560 ? 30 : 44;
  const wide = clamp(Math.floor((room - gutter - 2) / steps.length), NARROWEST, WIDEST);
  const rows = [];
  const boxes = [];
  let y = 2;
  const add = (kind, h, more = {}) => {
    rows.push({ kind, y, h, ...more });
    y += h;
  };
  add("said", SAID + (labels.length ? 2 * NAME : 0), { layer: layers.length - 1 });
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    y += GAP;
    const box = { layer, heading: y + HEADING - 6, y: y + HEADING };
    y = box.y + 3;
    add("band", BAND, { name: "h", layer });
    add("line", LINE, { name: memory, layer });
    for (const name of gates) if (parts.includes(name)) add("band", BAND, { name, layer });
    y += 3;
    boxes.push({ ...box, h: y - box.y });
  }
  y += GAP;
  const turned = symbols && widest(marks) > wide - 2;
  add("input", symbols ? (turned ? TURNED : NAME + 4) : input.length > LINES ? Math.min(HEAT * input.length, 96) : 38, { layer: 0 });
  const axis = symbols ? null : y + 13;
  return { gutter, wide, width: Math.max(gutter + wide * steps.length + 2, TITLED), height: axis === null ? y + 2 : axis + 5, turned, rows, boxes, axis };
}

/** What lies at a point: { row, column }, counted from 0; null outside of the columns. */
export function spotAt({ gutter, wide, rows }, columns, x, y) {
  if (x < gutter || x >= gutter + wide * columns || y < rows[0].y || y > rows.at(-1).y + rows.at(-1).h) return null;
  let row = 0;
  rows.forEach((one, at) => { if (y >= one.y) row = at; });
  return { row, column: Math.floor((x - gutter) / wide) };
}

/** Which of the names under the columns are written: so many that they do not touch. */
export function named(marks, wide) {
  const apart = Math.max(1, Math.ceil((widest(marks) + 10) / wide));
  return marks.map((_, at) => at).filter((at) => at % apart === 0);
}

/** Values on their way: what is seen is between what was and what is, and jumps where there was no number. */
export function between(from, to, share, into) {
  for (let at = 0; at < to.length; at++) {
    into[at] = Number.isFinite(from[at]) ? from[at] + (to[at] - from[at]) * share : to[at];
  }
  return into;
}
