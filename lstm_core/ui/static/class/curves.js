// The curves of one vote over each other: each one thin, the middle one dashed, what came in front of all.

import { el, fill, set } from "../cell/parts.js";
import { anchors, Heights, runs, smooth, ticks, written } from "../learn/curve_points.js";
import { axes, Plot, room, wide } from "./plot.js";

/** A curve as the commands of a path; what is no number (NaN, null) leaves a gap. */
export function path(values, place) {
  const known = Array.from(values, (value) => (Number.isFinite(value) ? value : null));
  return runs(known, place).map(smooth).join("");
}

export class Curves {
  /**
   * @param frame of the ask, see curve_box.js
   * @param vote { curves, middle, count }; without curves the box is as learners find it
   * @param truth the curve that came, or null
   * @param name of the vote
   */
  constructor(frame, vote, truth, name, words) {
    Object.assign(this, { frame, vote, truth, name, words });
    this.plot = new Plot("wall-curves", () => this.draw());
    this.root = this.plot.root;
    set(this.plot.svg, "aria-label", this.spoken());
  }

  draw() {
    const { frame, vote, truth, plot } = this;
    const { given, points, places, form } = frame;
    const { size } = plot;
    const marks = ticks(frame);
    const texts = marks.map((mark) => written(mark, form));
    const box = room(plot, texts, wide([places.at(-1)], size) / 2);
    const { left, right, top, bottom } = box;
    const heights = new Heights(frame);
    const step = (right - left) / (given.length + points - 1);
    const x = (point) => left + (given.length + point) * step;
    const y = (value) => bottom - heights.of(value) * (bottom - top);
    const line = (kind, values, from = 0) => el("svg:path", kind, {
      d: path(values, (point, value) => [x(point + from), y(value)]) });
    const known = this.words.known;
    const away = given.length && heights.of(given[0]) < 0.5 ? top + 1.2 * size : bottom - 0.6 * size;
    const begin = given.length ? [el("svg:rect", "wall-before", { x: left, y: top, width: x(0) - left, height: bottom - top }),
      ...(wide([known], size) + size < x(0) - left ? [el("svg:text", "", { x: left + 0.5 * size, y: away, text: known })] : []),
      line("wall-real", given, -given.length)] : [];
    plot.svg.replaceChildren(...begin,
      ...axes(box, marks.map((mark, at) => ({ at: y(mark), text: texts[at] })),
        anchors(points).map((point, at) => ({ at: x(point), text: places[at] })), { x: frame.words.x, y: frame.words.y }),
      ...vote.curves.map((curve) => line("wall-curve", curve)),
      ...(vote.middle.length ? [line("wall-middle-halo", vote.middle), line("wall-middle", vote.middle)] : []),
      ...(truth ? [line("wall-real-halo", truth),
        line("wall-real", [...given.slice(-1), ...truth], -Math.min(1, given.length))] : []));
  }

  /** What the picture shows, in words. */
  spoken() {
    const { frame, vote, truth, name, words } = this;
    if (!vote.curves.length) return fill(words.ask_curve, frame.words);
    const at = (curve) => anchors(frame.points).map((point, number) => fill(words.alt_point, { place: frame.places[number],
      value: Number.isFinite(curve[point]) ? written(curve[point], frame.form) : "–" })).join(words.list);
    const { x, y } = frame.words;
    const said = [fill(words.alt_curves, { vote: name, count: vote.count, x, y, points: at(vote.middle) })];
    if (truth) said.push(fill(words.alt_real, { points: at(truth) }));
    return said.join(words.gap);
  }

  close() {
    this.plot.close();
  }
}

/** What the lines are, with a piece of each. */
export function legend(item, words) {
  const entry = (kind, text) => el("li", "", {}, el("svg:svg", "wall-sample", { viewBox: "0 0 40 12", "aria-hidden": "true" },
    el("svg:path", kind, { d: "M2,6h36" })), text);
  return el("ul", "wall-legend", {}, entry("wall-curve", words.one_curve), entry("wall-middle", words.middle),
    ...(item.truth ? [entry("wall-real", words.real)] : []));
}
