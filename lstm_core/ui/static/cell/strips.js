// Small coloured cells over the drawing of the cell: one for each unit, or for each number that enters.

import { el } from "./parts.js";

export class Strips {
  constructor() {
    this.canvas = el("canvas", "cv-strips", { "aria-hidden": "true" });
    this.pen = this.canvas.getContext("2d");
  }

  /** Cover a drawing of so many pixels. */
  fit(width, height) {
    const ratio = window.devicePixelRatio || 1;
    this.size = [width, height];
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.pen.imageSmoothingEnabled = false;
  }

  clear(ink, page) {
    this.ink = ink;
    this.page = page;
    this.pen.clearRect(0, 0, ...this.size);
  }

  /** Paint a block of `count` cells with their `value(at)`, and mark one of them; -1: none. */
  block(block, count, scale, value, marked) {
    const { x, y, w, h } = block;
    if (block.count !== count) {
      const columns = Math.min(count, Math.max(1, Math.ceil(Math.sqrt((count * w) / h))));
      const rows = Math.ceil(count / columns);
      const image = new ImageData(columns, rows);
      Object.assign(block, { count, columns, rows, canvas: el("canvas", "", { width: columns, height: rows }), image,
        pixels: new Uint32Array(image.data.buffer), values: new Float32Array(count) });
    }
    const { columns, rows, values } = block;
    for (let at = 0; at < count; at++) values[at] = value(at);
    scale.paint(block.pixels, 1, count, values, 0, 0, 1);
    block.canvas.getContext("2d").putImageData(block.image, 0, 0);
    this.pen.strokeStyle = this.ink;
    this.pen.fillStyle = this.page;
    this.pen.fillRect(x, y, w, h);
    this.pen.globalAlpha = 0.25;
    this.pen.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
    this.pen.globalAlpha = 1;
    this.pen.drawImage(block.canvas, x, y, w, h);
    if (marked < 0) return;
    this.pen.lineWidth = 1.5;
    this.pen.strokeRect(x + ((marked % columns) * w) / columns, y + (Math.floor(marked / columns) * h) / rows,
      Math.max(w / columns, 3), Math.max(h / rows, 3));
    this.pen.lineWidth = 1;
  }
}
