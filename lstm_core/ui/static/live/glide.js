// Lets lines move to their new places instead of jumping there. Plotly draws the new picture, with the true numbers for
// those who point at it; here the path of a line is then led from where it was to where it is now.

const SHORTEST = 120; // milliseconds of a glide, and
const LONGEST = 1000;

const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Glides {
  constructor(plot) {
    this.plot = plot;
    this.lines = new Map(); // meta of a trace -> where its line is, was and goes
    this.frame = 0;
    this.pace = 250; // milliseconds between two pictures, as measured
  }

  /**
   * A picture has just been drawn.
   * @param moves  { meta: { points, per } } - a line that grows, of so many points, each of which stands for so many
   *               updates - or { meta: {} } - one that moves as a whole.
   */
  begin(moves) {
    const now = performance.now();
    if (this.last) this.pace += 0.3 * (Math.min(LONGEST, Math.max(SHORTEST, now - this.last)) - this.pace);
    this.last = now;
    for (const [meta, growth] of Object.entries(moves ?? {})) this.lead(meta, growth, now);
    if (still.matches) this.lines.forEach((line) => { line.since = -Infinity; });
    this.step();
  }

  lead(meta, growth, now) {
    const points = this.plot.calcdata?.find((one) => one[0]?.trace?.meta === meta);
    const before = this.lines.get(meta);
    const line = { points, since: now, to: points?.map(({ y }) => y) ?? [] };
    if (growth.points) {
      line.end = growth.points;
      const grown = (before?.reached * before?.per) / growth.per; // NaN where there was no point yet
      line.begin = Math.min(line.end, Number.isFinite(grown) ? grown : line.end);
      line.per = growth.per;
      line.reached = line.begin;
    } else {
      line.from = before?.now?.length === line.to.length ? before.now : line.to;
      line.now = line.from;
    }
    this.lines.set(meta, line);
  }

  /** Draw one frame, and ask for the next one while anything moves. */
  step() {
    cancelAnimationFrame(this.frame);
    const moving = [...this.lines].filter(([meta, line]) => this.draw(meta, line)).length;
    if (moving) this.frame = requestAnimationFrame(() => this.step());
  }

  /** Lead one line on; return whether it has farther to go. */
  draw(meta, line) {
    const path = [...this.plot.querySelectorAll(".scatterlayer .trace")].find(
      (node) => node.__data__?.[0]?.trace?.meta === meta)?.querySelector(".js-line");
    const { xaxis, yaxis } = this.plot._fullLayout ?? {};
    if (!path || !xaxis || !line.points) return false;
    const share = Math.min(1, (performance.now() - line.since) / this.pace);
    if (line.end) {
      line.reached = line.begin + (line.end - line.begin) * share;
    } else {
      line.now = line.to.map((value, at) => {
        const from = line.from[at];
        return Number.isFinite(from) ? from + (value - from) * share : value;
      });
    }
    path.setAttribute("d", drawn(line, (x) => xaxis.c2p(x, true), (y) => yaxis.c2p(y, true)));
    return share < 1;
  }

  end() {
    cancelAnimationFrame(this.frame);
    this.lines.clear();
  }
}

/** The path of a line: through all its points, or as far as it has grown. */
function drawn(line, across, down) {
  const count = line.end ? Math.max(1, Math.ceil(line.reached)) : line.to.length;
  let path = "";
  let pen = "M";
  let x = 0;
  let y = 0;
  for (let at = 0; at < count; at++) {
    let toX = across(line.points[at]?.x);
    let toY = down((line.now ?? line.to)[at]);
    if (!Number.isFinite(toX) || !Number.isFinite(toY)) {
      pen = "M";
      continue;
    }
    const part = line.end && at === count - 1 && at > 0 ? line.reached - (count - 1) : 1;
    if (part < 1 && pen === "L") {
      toX = x + (toX - x) * part;
      toY = y + (toY - y) * part;
    }
    path += `${pen}${toX.toFixed(2)},${toY.toFixed(2)}`;
    [x, y, pen] = [toX, toY, "L"];
  }
  return path || "M0,0";
}
