// What the lines, points and axes of a figure are: beside a legend entry or an axis title that is pointed at or tapped,
// and all together in a list that a button opens. The sentences come with the figure (lstm_core/charts/explain.py); the
// numbers are those that are drawn at that moment.

import { powers } from "./cell/parts.js";

const NAMED = ".legend .traces, .xtitle, .ytitle, .y2title"; // of Plotly's nodes, those that carry a name

export class FigureWords {
  /**
   * @param {HTMLElement} root the figure's element, in which words lie over the plot
   * @param {HTMLElement} head the row of its title, which gets the button
   * @param {HTMLElement} plot Plotly's element
   */
  constructor(root, head, plot) {
    this.root = root;
    this.plot = plot;
    this.figure = null;
    this.button = element("button", "live-figure-explain", "?");
    this.button.type = "button";
    this.button.setAttribute("aria-expanded", "false");
    this.list = element("dl", "live-figure-words");
    this.list.hidden = true;
    this.list.tabIndex = 0;
    this.bubble = element("div", "live-figure-bubble");
    this.bubble.hidden = true;
    this.bubble.setAttribute("role", "tooltip");
    head.append(this.button);
    root.append(this.list, this.bubble);
    this.button.addEventListener("click", () => this.open(this.list.hidden));
    root.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
    plot.addEventListener("pointerover", (event) => this.point(event.target.closest(NAMED)));
    plot.addEventListener("pointerleave", () => { this.bubble.hidden = true; });
  }

  /** Take in the figure that is drawn: { data, layout, explained, toolbar }. */
  show(figure) {
    this.figure = figure;
    const { toolbar, explained: { label, marks, axes } } = figure;
    this.button.setAttribute("aria-label", label);
    this.button.title = label;
    this.button.hidden = !toolbar || (!Object.keys(marks).length && !Object.keys(axes).length);
    if (!this.list.hidden) this.write();
  }

  open(wanted) {
    this.list.hidden = !wanted;
    this.button.setAttribute("aria-expanded", `${wanted}`);
    if (wanted) this.write();
  }

  close() {
    this.bubble.hidden = true;
    if (this.list.hidden) return;
    this.open(false);
    this.button.focus();
  }

  write() {
    const { marks, axes } = this.figure.explained;
    const drawn = new Map(this.figure.data.filter((trace) => trace.visible !== false)
      .map((trace) => [trace.name ?? "", trace]));
    this.list.replaceChildren(
      ...Object.entries(marks).filter(([name]) => drawn.has(name)).flatMap(
        ([name, sentence]) => entry(sample(drawn.get(name)), name, this.newest(drawn.get(name)), sentence)),
      ...Object.entries(axes).flatMap(
        ([name, sentence]) => entry(element("span", "live-figure-axis", this.across(name) ? "↔" : "↕"), name, "", sentence)));
  }

  /** Explain what the pointer is on, beside it; nothing where that has no name. */
  point(node) {
    const { marks, axes } = this.figure?.explained ?? {};
    const name = node?.querySelector(".legendtext")?.dataset.unformatted ?? node?.dataset.unformatted ?? node?.textContent;
    const sentence = node?.matches(".traces") ? marks?.[name] : axes?.[name];
    this.bubble.hidden = !sentence;
    if (!sentence) return;
    const trace = this.figure.data.find((each) => each.name === name);
    const number = node.matches(".traces") && trace ? this.newest(trace) : "";
    this.bubble.replaceChildren(element("b", "", name), ...(number ? [element("span", "live-figure-number", number)] : []),
      element("p", "", sentence));
    const [at, room] = [node.getBoundingClientRect(), this.root.getBoundingClientRect()];
    const width = this.bubble.offsetWidth;
    this.bubble.style.left = `${Math.max(0, Math.min(at.left - room.left, room.width - width))}px`;
    const above = at.top - room.top - this.bubble.offsetHeight - 6;
    this.bubble.style.top = `${above >= 0 ? above : at.bottom - room.top + 6}px`;
  }

  /** The last number of a line, as it is drawn now; "" where there is none. */
  newest({ y, yaxis = "y", type, mode }) {
    if (type === "heatmap" || mode === "text" || !y?.length) return "";
    const last = Array.from(y).findLast((value) => Number.isFinite(value));
    if (last === undefined) return "";
    const axis = this.figure.layout[yaxis.replace("y", "yaxis")];
    return axis?.tickformat?.endsWith("%") ? `${Number((100 * last).toPrecision(3))}%` : powers(`${Number(last.toPrecision(3))}`);
  }

  across(name) {
    return Object.entries(this.figure.layout).some(([axis, facts]) => axis.startsWith("xaxis") && facts?.title?.text === name);
  }
}

/** A short piece of a line, a mark or a bar, as it is drawn. */
function sample({ line, marker, type, mode = "lines", fillcolor, colorscale }) {
  const made = element("span", "live-figure-sample");
  const single = (colour) => (typeof colour === "string" ? colour : "currentColor");
  if (type === "scatter" && mode.includes("lines") && line?.width !== 0) {
    made.style.borderTop = `3px ${line?.dash && line.dash !== "solid" ? (line.dash === "dot" ? "dotted" : "dashed") : "solid"} ${single(line?.color)}`;
  } else {
    made.classList.add("is-mark");
    made.style.background = fillcolor ?? colorscale?.at(-1)[1] ?? single(marker?.color);
  }
  return made;
}

function entry(mark, name, number, sentence) {
  const term = element("dt", "");
  term.append(mark, element("b", "", name), ...(number ? [element("span", "live-figure-number", number)] : []));
  return [term, element("dd", "", sentence)];
}

function element(kind, name, text = "") {
  const made = document.createElement(kind);
  made.className = name;
  made.textContent = text;
  return made;
}
