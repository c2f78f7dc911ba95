// A grid of 8 x 8 cells to draw a digit on, with mouse, pen, finger or keyboard. A stroke blackens dots of a finer
// raster, 4 x 4 in each cell, and a cell holds how many of its dots are black: the way the images of the data were made
// (Alpaydin & Kaynak 1998). Python is told the 64 counts, 0 to 16, while one draws.

import { clamp, el, fill } from "./cell/parts.js";
import { styles } from "./styles.js";

const CELLS = 8;
const DOTS = 4; // in a cell, each way
const SIDE = CELLS * DOTS;
const FULL = DOTS * DOTS;
const PEN = 2.4; // radius of the pen in dots
const PAUSE = 120; // milliseconds between two messages
const dot = (place) => clamp(Math.floor(place), 0, SIDE - 1);

const grids = new WeakMap(); // Streamlit's element -> our Grid

export default function draw({ data, parentElement, setStateValue }) {
  let grid = grids.get(parentElement);
  if (!grid) {
    grids.set(parentElement, (grid = new Grid(parentElement)));
    styles("digit_grid.css", import.meta.url).catch((error) => console.error("digit grid:", error));
  }
  grid.tell = (ink) => setStateValue("ink", ink);
  grid.show(data);
  // As for live figures: Streamlit also calls this when a newer drawing is already under way.
  return () => setTimeout(() => {
    if (parentElement.isConnected) return;
    grids.get(parentElement)?.close();
    grids.delete(parentElement);
  });
}

class Grid {
  constructor(parent) {
    this.dots = new Uint8Array(SIDE * SIDE);
    this.at = 0; // the cell that the keyboard is on
    this.turn = null; // which drawing of Python's was taken over last
    this.root = el("div", "digit-grid");
    this.board = el("div", "digit-grid-board", { role: "grid", tabindex: 0 });
    this.cells = Array.from({ length: CELLS }, (_, row) => {
      const line = el("div", "digit-grid-row", { role: "row" });
      const cells = Array.from({ length: CELLS }, (_, column) => el(
        "div", "digit-grid-cell", { role: "gridcell", id: `digit-grid-${row}-${column}` }));
      line.append(...cells);
      this.board.append(line);
      return cells;
    }).flat();
    this.clear = el("button", "digit-grid-button", { type: "button" });
    this.rubber = el("button", "digit-grid-button", { type: "button", "aria-pressed": "false" });
    this.hint = el("p", "digit-grid-hint", { id: "digit-grid-hint" });
    this.board.setAttribute("aria-describedby", this.hint.id);
    const buttons = el("div", "digit-grid-buttons");
    buttons.append(this.clear, this.rubber);
    this.root.append(this.board, buttons, this.hint);
    parent.append(this.root);
    this.listen();
  }

  listen() {
    const { board } = this;
    board.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button) return;
      board.setPointerCapture(event.pointerId);
      this.pen = this.place(event);
      this.stroke(this.pen, this.pen);
    });
    board.addEventListener("pointermove", (event) => {
      if (!this.pen || !event.isPrimary) return;
      const points = event.getCoalescedEvents?.() ?? [];
      for (const point of points.length ? points : [event]) {
        const to = this.place(point);
        this.stroke(this.pen, to);
        this.pen = to;
      }
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      board.addEventListener(end, () => { this.pen = null; });
    }
    board.addEventListener("keydown", (event) => this.key(event));
    board.addEventListener("focus", () => this.point());
    board.addEventListener("blur", () => this.point());
    this.clear.addEventListener("click", () => { this.dots.fill(0); this.changed(); });
    this.rubber.addEventListener("click", () => {
      this.rubber.setAttribute("aria-pressed", String(!this.erasing));
    });
  }

  get erasing() {
    return this.rubber.getAttribute("aria-pressed") === "true";
  }

  /** Take in words, and a drawing where Python has a new one. */
  show({ ink, turn, words }) {
    this.words = words;
    this.clear.textContent = words.clear;
    this.rubber.textContent = words.erase;
    this.hint.textContent = words.hint;
    this.board.setAttribute("aria-label", words.board);
    if (turn !== this.turn) {
      this.turn = turn;
      this.dots.fill(0);
      ink.forEach((count, cell) => this.fill(cell, count));
    }
    this.paint();
  }

  place(event) {
    const box = this.board.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width * SIDE, (event.clientY - box.top) / box.height * SIDE];
  }

  /** Blacken, or whiten, the dots whose centres lie within the pen's radius of a line. */
  stroke([x0, y0], [x1, y1]) {
    const [dx, dy] = [x1 - x0, y1 - y0];
    const length = dx * dx + dy * dy;
    const [left, right] = [Math.min(x0, x1) - PEN, Math.max(x0, x1) + PEN].map(dot);
    const [top, bottom] = [Math.min(y0, y1) - PEN, Math.max(y0, y1) + PEN].map(dot);
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) {
        const [x, y] = [column + 0.5 - x0, row + 0.5 - y0];
        const along = length ? clamp((x * dx + y * dy) / length, 0, 1) : 0;
        if ((x - along * dx) ** 2 + (y - along * dy) ** 2 <= PEN * PEN) this.dots[row * SIDE + column] = this.erasing ? 0 : 1;
      }
    }
    this.changed();
  }

  key(event) {
    const [row, column] = [Math.floor(this.at / CELLS), this.at % CELLS];
    const moves = {
      ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], ArrowUp: [row - 1, column], ArrowDown: [row + 1, column],
      Home: [row, 0], End: [row, CELLS - 1],
    };
    if (event.key === " " || event.key === "Enter") {
      const next = { 0: FULL, [FULL]: FULL / 2 }[this.count(this.at)] ?? 0; // black, grey, white
      this.fill(this.at, next);
      this.changed();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.fill(this.at, 0);
      this.changed();
    } else if (moves[event.key]) {
      const [down, across] = moves[event.key].map((place) => clamp(place, 0, CELLS - 1));
      this.at = down * CELLS + across;
    } else {
      return;
    }
    event.preventDefault();
    this.point();
  }

  /** Show where the keyboard is, as long as it is in here. */
  point() {
    const here = this.board.matches(":focus-visible");
    this.cells.forEach((cell, number) => cell.classList.toggle("digit-grid-here", here && number === this.at));
    this.board.setAttribute("aria-activedescendant", this.cells[this.at].id);
  }

  dotsOf(cell) {
    const [row, column] = [Math.floor(cell / CELLS) * DOTS, (cell % CELLS) * DOTS];
    return Array.from({ length: FULL }, (_, dot) => (row + Math.floor(dot / DOTS)) * SIDE + column + (dot % DOTS));
  }

  count(cell) {
    return this.dotsOf(cell).reduce((sum, dot) => sum + this.dots[dot], 0);
  }

  fill(cell, count) {
    this.dotsOf(cell).forEach((dot, number) => { this.dots[dot] = number < count ? 1 : 0; });
  }

  changed() {
    this.painting ??= requestAnimationFrame(() => { this.painting = null; this.paint(); });
    this.telling ??= setTimeout(() => {
      this.telling = null;
      this.tell(this.cells.map((_, cell) => this.count(cell)));
    }, PAUSE);
  }

  paint() {
    this.cells.forEach((cell, number) => {
      const share = this.count(number) / FULL;
      cell.style.setProperty("--share", share);
      const [row, column] = [Math.floor(number / CELLS) + 1, (number % CELLS) + 1];
      const words = { row, column, value: share.toFixed(2) };
      cell.setAttribute("aria-label", fill(this.words.cell, words));
    });
  }

  close() {
    clearTimeout(this.telling);
    cancelAnimationFrame(this.painting);
    this.root.remove();
  }
}
