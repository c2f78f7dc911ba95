// A time line: a slider with a small chart over it, and buttons to play it. Used for the sequence and for training.

import { explain } from "./bubble.js";
import { clamp, el, fill, write } from "./parts.js";

const SPEEDS = [1, 2, 5, 10, 20, 40];
const HEIGHT = 64; // pixels of chart and rail
const RAIL = 12; // of which the rail takes

const ICONS = {
  back: "M11 3v10L4 8zM3 3h1.5v10H3z", forward: "M5 3v10l7-5zM11.5 3H13v10h-1.5z",
  play: "M4 2.5v11l9-5.5z", pause: "M4 3h3v10H4zM9 3h3v10H9z",
};

export class TimeLine {
  /**
   * @param settings  { name, label, play, words, speed, count(), at(), go(index), place(index) from 0 to 1,
   *                  nearest(share), draw(pen, width, height), saysRail(), saysChart(index, height, y): what they say
   *                  of themselves, { name, text }; y null: by keyboard }
   */
  constructor(settings) {
    Object.assign(this, settings);
    this.playing = false;
    this.carried = 0; // of a step, between frames
    const { words } = this;
    this.where = el("output", "cv-where");
    this.icon = el("svg:path", "", { d: ICONS.play });
    const button = (name, label, act, path = el("svg:path", "", { d: ICONS[name] })) => el("button", "cv-button", {
      type: "button", "aria-label": label, title: label, click: act,
    }, el("svg:svg", "", { viewBox: "0 0 16 16", "aria-hidden": "true" }, path));
    this.toggle = button("play", this.play, () => this.setPlaying(!this.playing), this.icon);
    this.toggle.classList.add("cv-play");
    this.speeds = el("select", "cv-speed", { "aria-label": fill(words.pair, { name: this.label, value: words.speed }), title: words.speed });
    this.speeds.append(...SPEEDS.map((speed) => el("option", "", {
      value: speed, text: fill(words.per_second, { n: speed }), selected: speed === this.speed ? "" : null,
    })));
    this.canvas = el("canvas", "", { "aria-hidden": "true" });
    this.cursor = el("div", "cv-cursor");
    this.track = el("div", "cv-track", {
      role: "slider", tabindex: 0, "aria-label": this.label, "aria-valuemin": 1, "aria-orientation": "horizontal",
    }, this.canvas, this.cursor);
    this.root = el("section", `cv-line cv-line-${this.name}`, { "aria-label": this.label },
      el("header", "", {}, el("b", "", { text: this.label }), this.where,
        el("span", "cv-buttons", {}, button("back", fill(words.pair, { name: this.label, value: words.back }), () => this.move(-1)), this.toggle,
          button("forward", fill(words.pair, { name: this.label, value: words.forward }), () => this.move(1)), this.speeds)), this.track);
    this.track.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.track.setPointerCapture(event.pointerId);
      this.point(event);
    });
    this.track.addEventListener("pointermove", (event) => {
      if (this.track.hasPointerCapture(event.pointerId)) this.point(event);
    });
    explain(this.track, (event) => this.says(event));
  }

  point(event) {
    this.setPlaying(false);
    this.go(this.indexAt(event));
  }

  indexAt(event) {
    const box = this.canvas.getBoundingClientRect();
    return this.nearest(clamp((event.clientX - box.left) / box.width, 0, 1));
  }

  /** What lies under the pointer, or at the chosen place, says what it is. */
  says(event) {
    const box = this.canvas.getBoundingClientRect();
    const index = event ? this.indexAt(event) : this.at();
    const y = event ? event.clientY - box.top : null;
    const said = y > HEIGHT - RAIL ? this.saysRail() : this.saysChart(index, HEIGHT - RAIL - 2, y);
    return said && { ...said, at: [box.left + this.place(index) * box.width, event ? event.clientY : box.bottom] };
  }

  move(steps) {
    this.setPlaying(false);
    this.go(clamp(this.at() + steps, 0, this.count() - 1));
  }

  /** Play from here, or from the beginning when it stands at the end. */
  setPlaying(playing) {
    if (playing === this.playing) return;
    this.playing = playing;
    this.last = null;
    this.carried = 0;
    if (playing && this.at() >= this.count() - 1) this.go(0);
    else this.go(this.at());
    const label = playing ? fill(this.words.pair, { name: this.label, value: this.words.pause }) : this.play;
    this.icon.setAttribute("d", ICONS[playing ? "pause" : "play"]);
    this.toggle.setAttribute("aria-label", label);
    this.toggle.title = label;
  }

  /** Move on by what has passed since the last frame (milliseconds of the page). */
  advance(now) {
    if (!this.playing) return;
    this.carried += (Math.min(now - (this.last ?? now), 500) / 1000) * Number(this.speeds.value);
    this.last = now;
    const whole = Math.floor(this.carried);
    if (!whole) return;
    this.carried -= whole;
    const to = Math.min(this.at() + whole, this.count() - 1);
    this.go(to);
    if (to >= this.count() - 1) this.setPlaying(false);
  }

  /** Show where it stands. */
  update(said) {
    const index = this.at();
    this.cursor.style.transform = `translateX(${this.place(index) * this.width}px)`;
    write(this.where, said);
    this.track.setAttribute("aria-valuenow", index + 1);
    this.track.setAttribute("aria-valuemax", this.count());
    this.track.setAttribute("aria-valuetext", said);
  }

  /** Draw the chart and, over the rail, what `marks` says: [share, strong] for each place that can be reached. */
  chart(colour, marks) {
    const ratio = window.devicePixelRatio || 1;
    const width = this.track.clientWidth;
    this.width = width;
    if (this.canvas.width !== Math.round(width * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = HEIGHT * ratio;
    }
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, HEIGHT);
    pen.save();
    this.draw(pen, width, HEIGHT - RAIL - 2);
    pen.restore();
    pen.fillStyle = colour;
    const wide = clamp((width / Math.max(marks.length, 1)) * 0.6, 1, 4);
    for (const [share, strong] of marks) {
      pen.globalAlpha = strong ? 0.55 : 0.18;
      pen.fillRect(share * width - wide / 2, HEIGHT - RAIL + 3, wide, RAIL - 6);
    }
    pen.globalAlpha = 1;
  }
}

/** Draw a line through points (share, value), leaving out what is no number; a point with no neighbour is a dot. */
export function drawLine(pen, shares, values, width, height, [low, high], colour, dash = []) {
  pen.strokeStyle = colour;
  pen.lineWidth = 1.75;
  pen.lineJoin = "round";
  pen.setLineDash(dash);
  pen.fillStyle = colour;
  pen.beginPath();
  const known = (at) => Number.isFinite(values[at]);
  for (let at = 0; at < shares.length; at++) {
    if (!known(at)) continue;
    const x = shares[at] * width;
    const y = 3 + (1 - (values[at] - low) / (high - low || 1)) * (height - 6);
    if (known(at - 1)) pen.lineTo(x, y);
    else pen.moveTo(x, y);
    if (!known(at - 1) && !known(at + 1)) pen.fillRect(x - 2.5, y - 2.5, 5, 5);
  }
  pen.stroke();
}
