// The loss curves of a class while it trains: one small picture per run, all on one scale.

import { el, fill, set, write } from "../cell/parts.js";
import { written } from "../learn/curve_points.js";
import { Keyed, place } from "./keyed.js";
import { Plot, wide } from "./plot.js";
import { number } from "./scales.js";

const FLAT = 30; // times the smallest loss, from which the largest one is drawn on a logarithmic scale
const SHAPE = 1.5; // width of a small picture by its height
const GAP = 0.3; // between them, in the size of words
const SMALLEST = 9; // pixels of words, however many pictures there are

/** How many columns make the pictures largest that are to lie in so much room. */
export function grid(count, width, height) {
  let best = { columns: 1, rows: Math.max(1, count), size: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const size = Math.min(width / columns / SHAPE, height / rows);
    if (size > best.size) best = { columns, rows, size };
  }
  return best;
}

/** The scale that holds the losses of all runs, its ends rounded so that it seldom changes: { low, high, log }. */
export function common(runs) {
  let [low, high] = [Infinity, -Infinity];
  for (const { losses } of runs) {
    for (const loss of losses) {
      if (loss === null || !Number.isFinite(loss)) continue;
      if (loss < low) low = loss;
      if (loss > high) high = loss;
    }
  }
  if (low > high) return { low: 0, high: 1, log: false };
  const log = low > 0 && high / low > FLAT;
  return { low: log ? stepped(low, Math.floor) : Math.min(0, low), high: stepped(high, Math.ceil) || 1, log };
}

/** A number moved to a quarter of a power of ten. */
const stepped = (value, way) => (value > 0 ? 10 ** (way(4 * Math.log10(value)) / 4) : value);

/** A loss curve that has come so far (`progress`, from 0 to 1), as the commands of a path in a room of so many pixels. */
export function lossPath(losses, progress, { low, high, log }, width, height) {
  const to = log ? Math.log : Number;
  const [bottom, top] = [to(low), to(high)];
  const across = (width * progress) / Math.max(1, losses.length - 1);
  let path = "";
  let pen = "M";
  for (let at = 0; at < losses.length; at += 1) {
    const loss = losses[at];
    if (loss === null || !Number.isFinite(loss) || (log && loss <= 0)) {
      pen = "M";
      continue;
    }
    const share = Math.min(1, Math.max(0, (to(loss) - bottom) / (top - bottom)));
    path += `${pen}${(at * across).toFixed(1)},${((1 - share) * height).toFixed(1)}`;
    pen = "L";
  }
  return path;
}

/** As much of a text as fits, with dots where it is cut; "" when not even so many letters of it do. */
export function cut(text, least, fits) {
  const letters = Array.from(text);
  if (fits(text)) return text;
  for (let count = letters.length - 1; count >= least; count -= 1) {
    const shorter = `${letters.slice(0, count).join("").trimEnd()}…`;
    if (fits(shorter)) return shorter;
  }
  return "";
}

export class Multiples {
  constructor(words) {
    this.words = words;
    this.plot = new Plot("wall-multiples", () => this.draw());
    this.root = this.plot.root;
    this.tiles = new Keyed(this.plot.svg, () => tile());
  }

  take(item) {
    this.item = item;
    this.root.style.setProperty("--runs", String(item.runs.length));
    this.draw();
  }

  draw() {
    const { item, plot, words } = this;
    if (!item || !plot.width) return;
    const { runs } = item;
    const scale = common(runs);
    this.log = scale.log;
    const { columns, rows } = grid(runs.length, plot.width, plot.height);
    const across = plot.width / columns;
    const down = Math.min(plot.height / rows, across);
    const texts = runs.map((run) => ({ short: String(run.value), long: this.long(run), said: this.said(run) }));
    const letters = wide(texts.filter((_, at) => runs[at].losses.length).map(({ short, said }) => `${short}  ${said}`), 1) + 1.5;
    const size = Math.max(Math.min(plot.size, across / letters, down / 3), Math.min(SMALLEST, plot.size));
    const gap = GAP * size;
    const roomy = wide(texts.map(({ long, said }) => `${long}  ${said}`), size) <= across - gap - size;
    const box = { width: across - gap, height: down - gap, size, roomy };
    set(plot.svg, "style", `font-size: ${size.toFixed(1)}px`);
    this.tiles.take(runs, (run) => run.number).forEach((one, at) => {
      place(one, (at % columns) * across + gap / 2, Math.floor(at / columns) * down + gap / 2);
      this.fill(one, runs[at], texts[at], box, scale);
    });
    const of = (wanted) => runs.filter(({ status }) => status === wanted).length;
    set(plot.svg, "aria-label", fill(words.alt_runs, { count: runs.length, done: of("done"), training: of("training") }));
  }

  /** What a run has of its own, in words where a number alone says too little. */
  long({ value }) {
    return this.item.setting === "seed" ? fill(this.words.seed, { value }) : String(value);
  }

  /** How far a run has come: its result, how much of it is done, or what it waits for. */
  said({ status, progress, result }) {
    if (Number.isFinite(result)) return written(result, ".2g");
    return status === "training" ? `${Math.round(100 * (progress ?? 0))}%` : this.words[`state_${status ?? "none"}`];
  }

  /** Bring the picture of one run up to date. */
  fill(one, run, { short, long, said }, { width, height, size, roomy }, scale) {
    const { words, item } = this;
    const { status, progress, losses, name, result } = run;
    const drawn = [width, height, size, roomy, scale.low, scale.high,
      status, progress, losses.length, losses[losses.length - 1], said, name].join();
    if (one.drawn === drawn) return;
    one.drawn = drawn;
    const done = Number.isFinite(result);
    const inside = width - size;
    const [head, foot] = [1.25 * size, 0.25 * size];
    const free = inside - 0.5 * size;
    const told = done || wide([said + short], size) <= free ? said : ""; // that a run waits is seen without words, too
    const room = free - wide([told], size);
    const state = done ? number(result) : words[`state_${status ?? "none"}`];
    write(one.title, `${name ? `${name}, ` : ""}${item.title} ${short}: ${state}`);
    write(one.name, (name && cut(`${short} · ${name}`, `${short} · `.length + 1, (text) => wide([text], size) <= room))
      || (roomy ? long : short));
    write(one.said, told);
    set(one.node, "data-state", status ?? "none");
    for (const [node, x] of [[one.name, size / 2], [one.said, width - size / 2]]) {
      set(node, "x", x.toFixed(1));
      set(node, "y", head.toFixed(1));
    }
    set(one.frame, "width", width.toFixed(1));
    set(one.frame, "height", height.toFixed(1));
    set(one.line, "transform", `translate(${(size / 2).toFixed(1)} ${(1.4 * head).toFixed(1)})`);
    set(one.line, "d", lossPath(losses, done ? 1 : progress ?? 0, scale, inside, Math.max(1, height - 1.4 * head - 2 * foot)));
    set(one.bar, "y", (height - foot).toFixed(1));
    set(one.bar, "height", foot.toFixed(1));
    set(one.bar, "width", (status === "training" || status === "paused" ? width * (progress ?? 0) : 0).toFixed(1));
  }

  close() {
    this.plot.close();
  }
}

function tile() {
  const one = {
    title: el("svg:title", ""),
    frame: el("svg:rect", "wall-tile-frame", { rx: 3 }),
    line: el("svg:path", "wall-loss"),
    bar: el("svg:rect", "wall-tile-bar"),
    name: el("svg:text", ""),
    said: el("svg:text", "wall-tile-said", { "text-anchor": "end" }),
  };
  one.node = el("svg:g", "wall-tile", {}, one.title, one.frame, one.line, one.bar, one.name, one.said);
  return one;
}
