// A drawing that fills the room it is given, and its axes: lines, marks with their words, titles.

import { el, set, widest } from "../cell/parts.js";
import { WORDS } from "../look.js";
import { fitting } from "./scales.js";

export class Plot {
  /** @param resized called when there is more or less room */
  constructor(name, resized) {
    this.svg = el("svg:svg", "", { role: "img" });
    this.root = el("div", `wall-plot ${name}`, {}, this.svg);
    this.watch = new ResizeObserver(() => { if (this.measure()) resized(); });
    this.watch.observe(this.root);
  }

  /** Take note of the room there is, in pixels, and of the size of words; whether it has changed. */
  measure() {
    const { clientWidth: width, clientHeight: height } = this.root;
    const size = parseFloat(getComputedStyle(this.root).fontSize);
    const changed = width !== this.width || height !== this.height || size !== this.size;
    Object.assign(this, { width, height, size });
    if (changed) set(this.svg, "viewBox", `0 0 ${width} ${height}`);
    return changed;
  }

  close() {
    this.watch.disconnect();
    this.root.remove();
  }
}

/** How many pixels the widest of some texts takes in words of a size. */
export const wide = (texts, size) => widest(texts) * (size / WORDS);

/**
 * The room of a plot within its drawing.
 * @param heights the words of the marks at the left
 * @param overhang pixels that the words of the last mark below reach beyond the plot
 */
export function room({ width, height, size }, heights, overhang = 0) {
  return {
    left: Math.ceil(wide(heights, size) + 0.6 * size), right: width - Math.ceil(Math.max(0.5 * size, overhang)),
    top: Math.ceil(2 * size), bottom: height - Math.ceil(2.9 * size), size,
  };
}

/**
 * The axes of a plot as nodes.
 * @param box its room
 * @param across marks of the upright axis: [{ at, text }], with a line each
 * @param along marks of the axis below, written as far as they fit
 * @param titles { x, y }: what is written below the one and above the other axis
 */
export function axes({ left, right, bottom, size }, across, along, titles) {
  const crisp = (value) => Math.round(value) + 0.5;
  const lines = across.flatMap(({ at, text }) => [
    el("svg:line", "wall-line", { x1: left, x2: right, y1: crisp(at), y2: crisp(at) }),
    el("svg:text", "", { x: left - 0.4 * size, y: at + 0.35 * size, "text-anchor": "end", text })]);
  const shown = fitting(along.map(({ at, text }) => ({ at, width: wide([text], size) })), 0.5 * size);
  const marks = along.flatMap(({ at, text }, number) => [
    el("svg:line", "wall-tick", { x1: crisp(at), x2: crisp(at), y1: bottom, y2: bottom + 0.25 * size }),
    ...(shown[number] ? [el("svg:text", "", { x: at, y: bottom + 1.3 * size, "text-anchor": "middle", text })] : [])]);
  return [...lines, ...marks,
    el("svg:line", "wall-axis", { x1: left, x2: right, y1: crisp(bottom), y2: crisp(bottom) }),
    el("svg:text", "wall-title", { x: 0, y: 0.95 * size, text: titles.y }),
    el("svg:text", "wall-title", { x: (left + right) / 2, y: bottom + 2.6 * size, "text-anchor": "middle", text: titles.x })];
}
