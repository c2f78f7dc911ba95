// Paints the strip on two canvases, one over the other: below what stays (cells, names, input), above what moves.

import { bound, clamp, shortened } from "../cell/parts.js";
import { inked } from "../look.js";
import { LINES, named } from "./strip_places.js";
import { layerName } from "./strip_words.js";

const ROOM = 0.12; // above and below the real values, as a share of their range

export class Painter {
  /** `scale`: how many times as large everything is as on a desk. */
  constructor(facts, scales, places, scale, still, moving) {
    Object.assign(this, { facts, scales, places });
    const ratio = (window.devicePixelRatio || 1) * scale;
    [this.below, this.above] = [still, moving].map((canvas) => {
      canvas.width = Math.round(places.width * ratio);
      canvas.height = Math.round(places.height * ratio);
      Object.assign(canvas.style, { width: `${places.width * scale}px`, height: `${places.height * scale}px` });
      const pen = canvas.getContext("2d");
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      return pen;
    });
    this.columns = facts.steps.length;
    this.index = new Map(facts.parts.map((name, at) => [name, at]));
  }

  /** The middle of a column. */
  middle(column) {
    return this.places.gutter + (column + 0.5) * this.places.wide;
  }

  // -- what stays -----------------------------------------------------------------------------------------

  still(ink, font, units) {
    const { below: pen, places, facts } = this;
    Object.assign(this, { ink, font });
    pen.clearRect(0, 0, places.width, places.height);
    pen.font = `12px ${font}`;
    pen.textBaseline = "alphabetic";
    for (const box of places.boxes) this.cells(pen, box, units?.[box.layer]);
    for (const row of places.rows) this.gutter(pen, row);
    this.stages(pen);
    const input = places.rows.at(-1);
    if (facts.symbols) this.symbols(pen, input);
    else if (facts.input.length > LINES) this.heat(pen, input);
    else this.lines(pen, input);
    if (places.axis !== null) this.axis(pen);
    this.truth(pen, places.rows[0]);
  }

  cells(pen, { heading, y, h, layer }, unit) {
    const { places, facts, ink } = this;
    pen.fillStyle = ink;
    pen.globalAlpha = 0.75;
    pen.textAlign = "left";
    pen.fillText(layerName(facts, layer, unit), places.gutter + 1, heading);
    pen.strokeStyle = ink;
    pen.globalAlpha = 0.3;
    pen.lineWidth = 1;
    pen.beginPath();
    for (let column = 0; column < this.columns; column++) {
      pen.roundRect(places.gutter + column * places.wide + 1.5, y + 0.5, places.wide - 3, h - 1, Math.min(5, places.wide / 4));
    }
    pen.stroke();
    pen.globalAlpha = 1;
  }

  gutter(pen, { kind, name, y, h }) {
    if (kind !== "band" && kind !== "line") return;
    const { facts, places, ink } = this;
    pen.textAlign = "right";
    pen.fillStyle = facts.colours.gates[name];
    pen.fillRect(places.gutter - 5, y + 1.5, 3, h - 3);
    pen.fillStyle = ink;
    pen.fillText(name, places.gutter - 9, y + h / 2 + 4);
    if (kind !== "line") return;
    pen.globalAlpha = 0.25;
    pen.fillRect(places.gutter, Math.round(y + h / 2), this.columns * places.wide, 1);
    pen.globalAlpha = 1;
  }

  /** Where a decoder takes over from the encoder. */
  stages(pen) {
    const { facts, places, ink } = this;
    if (!facts.switch) return;
    pen.strokeStyle = ink;
    pen.globalAlpha = 0.6;
    pen.setLineDash([4, 3]);
    pen.beginPath();
    pen.moveTo(places.gutter + facts.switch * places.wide, 0);
    pen.lineTo(places.gutter + facts.switch * places.wide, places.height);
    pen.stroke();
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }

  symbols(pen, { y, h }) {
    const { facts, places, ink } = this;
    pen.fillStyle = ink;
    pen.textAlign = places.turned ? "right" : "center";
    facts.marks.forEach((mark, column) => {
      if (!places.turned) {
        pen.fillText(mark, this.middle(column), y + 14);
        return;
      }
      pen.save();
      pen.translate(this.middle(column) + 4, y + 6);
      pen.rotate(-Math.PI / 3);
      pen.fillText(shortened(mark, h - 4), 0, 4);
      pen.restore();
    });
  }

  /** A few numbers that enter: lines with a mark at each step. */
  lines(pen, { y, h }) {
    const { facts, ink } = this;
    const all = facts.input.flatMap(({ scaled }) => scaled).filter((value) => value !== null);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    facts.input.forEach(({ scaled }, number) => {
      const points = scaled.map((value) => (value === null ? NaN : y + h - 5 - ((value - low) / (high - low || 1)) * (h - 10)));
      pen.globalAlpha = 0.8 - 0.22 * number;
      this.line(pen, points, ink, 1.5, 1.75);
    });
    pen.globalAlpha = 1;
  }

  /** Many numbers that enter: a row of colours for each. */
  heat(pen, { y, h }) {
    const { facts, places } = this;
    const each = h / facts.input.length;
    const scale = this.scales.diverging(bound(facts.input.flatMap(({ scaled }) => scaled)));
    facts.input.forEach(({ scaled }, number) => scaled.forEach((value, column) => {
      pen.fillStyle = scale.colour(value ?? NaN);
      pen.globalAlpha = scale.strength(value ?? NaN);
      pen.fillRect(places.gutter + column * places.wide + 1, y + number * each, places.wide - 2, Math.max(1, each - 0.5));
    }));
    pen.globalAlpha = 1;
  }

  axis(pen) {
    const { facts, places, ink } = this;
    pen.fillStyle = ink;
    pen.globalAlpha = 0.72;
    const last = places.gutter + this.columns * places.wide;
    for (const column of named(facts.marks, places.wide)) {
      const half = pen.measureText(facts.marks[column]).width / 2;
      pen.textAlign = "center";
      pen.fillText(facts.marks[column], clamp(this.middle(column), half, last - half), places.axis);
    }
    pen.globalAlpha = 1;
  }

  /** What follows in truth: a line with a mark where it is known, or the name of the class. */
  truth(pen, row) {
    const { facts } = this;
    const colour = inked(facts.colours.real, this.ink);
    if (facts.labels.length) {
      pen.fillStyle = colour;
      this.names(pen, row, 1, facts.real, this.places.rows[0].h);
    } else this.line(pen, facts.real.map((value) => (value === null ? NaN : this.height(value, row))), colour, 2, 2.5);
  }

  /** Names of classes under the bars. */
  names(pen, { y, h }, line, classes) {
    const { facts, places } = this;
    pen.textAlign = "center";
    const whole = classes.every((one) => one === classes[0]) && facts.last; // one class of all: it is written once
    classes.forEach((name, column) => {
      if (name < 0 || column < facts.answers || (whole && line && column < this.columns - 1)) return;
      const label = facts.labels[name];
      const room = whole && line ? 3 * places.wide : places.wide - 1;
      const text = shortened(label, room);
      const half = pen.measureText(text).width / 2;
      pen.fillText(text, Math.min(this.middle(column), places.width - half - 1), y + h - 3 - 15 * (1 - line));
    });
  }

  /** How high a real value lies in the row of the prediction. */
  height(value, { y, h }) {
    const [low, high] = this.facts.range;
    const room = (high - low || 1) * ROOM;
    return clamp(y + h - 3 - ((value - low + room) / (high - low + 2 * room || 1)) * (h - 6), y + 2, y + h - 2);
  }

  line(pen, points, colour, wide, dot, dashes = []) {
    pen.strokeStyle = pen.fillStyle = colour;
    pen.setLineDash(dashes);
    pen.lineWidth = wide;
    pen.lineJoin = "round";
    pen.beginPath();
    points.forEach((y, column) => {
      if (!Number.isFinite(y)) return;
      if (Number.isFinite(points[column - 1])) pen.lineTo(this.middle(column), y);
      else pen.moveTo(this.middle(column), y);
    });
    pen.stroke();
    pen.setLineDash([]);
    pen.beginPath();
    points.forEach((y, column) => {
      if (!Number.isFinite(y)) return;
      pen.moveTo(this.middle(column) + dot, y);
      pen.arc(this.middle(column), y, dot, 0, 2 * Math.PI);
    });
    pen.fill();
  }

  // -- what moves -----------------------------------------------------------------------------------------

  /** Paint the values of every layer (layers * parts * columns), the outputs (columns), and the chosen spot. */
  moving(values, bounds, output, likeliest, spot) {
    const { above: pen, places, facts } = this;
    pen.clearRect(0, 0, places.width, places.height);
    pen.font = `12px ${this.font}`;
    for (const row of places.rows) {
      const offset = (row.layer * facts.parts.length + this.index.get(row.name)) * this.columns;
      if (row.kind === "band") this.band(pen, row, values, offset);
      else if (row.kind === "line") this.state(pen, row, values, offset, bounds[row.layer]);
      else if (row.kind === "said") this.said(pen, row, output, likeliest);
    }
    if (spot) this.mark(pen, spot);
  }

  band(pen, { name, y, h }, values, offset) {
    const { places } = this;
    const scale = this.scales.of(name);
    for (let column = 0; column < this.columns; column++) {
      const value = values[offset + column];
      pen.fillStyle = scale.colour(value);
      pen.globalAlpha = scale.strength(value);
      pen.fillRect(places.gutter + column * places.wide + 3, y + 0.5, places.wide - 6, h - 1);
    }
    pen.globalAlpha = 1;
  }

  /** The state runs through all cells, from nothing before the first step. */
  state(pen, { name, y, h }, values, offset, largest) {
    const { places, facts } = this;
    const centre = y + h / 2;
    const points = Array.from({ length: this.columns },
      (_, column) => centre - clamp(values[offset + column] / largest, -1, 1) * (h / 2 - 3));
    if (!Number.isFinite(points[0])) return;
    pen.strokeStyle = facts.colours.gates[name];
    pen.lineWidth = 2.25;
    pen.beginPath();
    pen.moveTo(places.gutter, centre);
    pen.lineTo(this.middle(0), points[0]);
    pen.stroke();
    this.line(pen, points, facts.colours.gates[name], 2.25, 2.5);
  }

  said(pen, row, output, likeliest) {
    const { facts, places } = this;
    const { predicted } = facts.colours;
    if (!facts.labels.length) {
      this.line(pen, Array.from(output, (value) => (Number.isFinite(value) ? this.height(value, row) : NaN)), predicted, 2, 2.25, [5, 3]);
      return;
    }
    const room = row.h - 32;
    pen.fillStyle = predicted;
    for (let column = 0; column < this.columns; column++) {
      const tall = room * (output[column] || 0);
      pen.globalAlpha = facts.real[column] < 0 ? 0.3 : 0.75;
      pen.fillRect(places.gutter + column * places.wide + 2, row.y + room - tall, places.wide - 4, tall);
    }
    pen.globalAlpha = 1;
    if (likeliest) this.names(pen, row, 0, Array.from(likeliest));
  }

  mark(pen, { row, column }) {
    const { places, ink } = this;
    const { y, h } = places.rows[row];
    pen.strokeStyle = ink;
    pen.lineWidth = 2;
    pen.strokeRect(places.gutter + column * places.wide, y, places.wide, h);
  }
}
