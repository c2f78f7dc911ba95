// Draws figures that change while a person looks at them. Streamlit calls the default function at the first drawing,
// at each update and when the theme changes; the stream tells what is new of a run in between. One figure = one set of
// nodes for its whole life: Plotly.react puts new data into them, and `uirevision` makes it keep zoom and legend.

import { FigureWords } from "./figure_words.js";
import { Glides } from "./live/glide.js";
import { ROLES } from "./live/roles.js";
import { follow } from "./live/stream.js";
import { faded, looking, lookOf } from "./look.js";
import { decoded } from "./wire.js";

const figures = new WeakMap(); // Streamlit's element -> our Figure
let loading = null; // the promise of Plotly
let turns = Promise.resolve(); // of first drawings, which take long: what has been drawn is seen before the next begins

export default function draw({ data, parentElement }) {
  let figure = figures.get(parentElement);
  if (!figure) figures.set(parentElement, (figure = new Figure(parentElement)));
  figure.show(data);
  // Streamlit calls this when the element has gone, but on a busy machine also when the next update is already under
  // way: then the element is still in the page, and so is the figure.
  return () => setTimeout(() => {
    if (parentElement.isConnected) return;
    figures.get(parentElement)?.close();
    figures.delete(parentElement);
  });
}

class Figure {
  constructor(parent) {
    this.bytes = null; // what the page has sent
    this.theme = null; // in which look, as text
    this.figure = null; // what is drawn: { data, layout, alt, live, toolbar }
    this.waiting = false; // it is to be drawn again
    this.live = ""; // which run it follows, and how
    this.drawing = false;
    this.drawn = false; // at least once
    this.held = false; // a person drags in it
    this.ended = new AbortController();
    this.parent = parent;
    this.root = element("div", "live-figure");
    this.title = element("div", "live-figure-title");
    this.plot = element("div", "live-figure-plot");
    this.plot.setAttribute("role", "img");
    this.glides = new Glides(this.plot);
    const head = element("div", "live-figure-head");
    head.append(this.title);
    this.root.append(head, this.plot);
    this.words = new FigureWords(this.root, head, this.plot);
    parent.append(this.root);
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(this.plot);
    const until = { signal: this.ended.signal };
    this.plot.addEventListener("pointerdown", () => { this.held = true; }, until);
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => this.release(), until);
  }

  get closed() {
    return this.ended.signal.aborted;
  }

  /** Take in new data or a new look; what is already drawn as asked is left alone. */
  show(bytes) {
    const look = lookOf(this.parent);
    const key = JSON.stringify(look);
    if (key === this.theme && same(bytes, this.bytes)) return;
    if (!same(bytes, this.bytes)) this.figure = decoded(bytes);
    this.theme = key;
    this.look = look;
    this.bytes = bytes;
    this.waiting = true;
    this.follow(this.figure.live);
    this.work();
  }

  /** Follow the run that the page names; the figure goes on from what is known of it. */
  follow(live) {
    const told = JSON.stringify(live ?? "");
    if (told === this.live) {
      if (live && this.known) ROLES[live.role](this.figure, this.known);
      return;
    }
    this.live = told;
    this.leave?.();
    this.leave = null;
    this.known = null;
    if (!live) return;
    this.leave = follow(live, {
      looks: live.split ? [live.split] : [],
      picture: (run) => {
        this.known = run;
        if (!this.figure || !ROLES[live.role](this.figure, run)) return;
        this.waiting = true;
        this.work();
      },
    });
  }

  /** Draw again once Plotly has made its zoom of the gesture; a drawing in between would undo it. */
  release() {
    if (!this.held) return;
    this.held = false;
    setTimeout(() => this.work(), 50);
  }

  /** Draw what waits, one at a time: what came while Plotly was busy is replaced by the newest. */
  async work() {
    if (this.drawing) return;
    this.drawing = true;
    try {
      while (this.waiting && !this.held && !this.closed) {
        const Plotly = await plotly();
        if (!this.drawn) await (turns = turns.then(() => new Promise((done) => { setTimeout(done); })));
        if (this.closed) return;
        this.waiting = false;
        const { data, layout, alt, live, toolbar } = this.figure;
        this.plot.setAttribute("aria-label", alt);
        this.title.textContent = layout.title?.text ?? "";
        // New objects: Plotly takes a trace that is the same object for one that has not changed.
        const traces = data.map((trace) => looking(trace, this.look));
        this.words.show({ ...this.figure, data: traces });
        const drawn = Plotly.react(this.plot, traces, dressed(looking(layout, this.look), this.look), {
          ...CONFIG, displayModeBar: toolbar && !coarse && "hover", // without a mouse it would always lie over the legend
        });
        if (live) this.glides.begin(this.figure.moves);
        await drawn;
        this.drawn = true;
      }
    } catch (error) {
      this.bytes = this.figure = null; // not drawn: the next update tries again
      if (!this.closed) console.error("live figure:", error);
    } finally {
      this.drawing = false;
    }
  }

  async fit() {
    if (this.bytes) this.show(this.bytes); // the page may have another look, with which the figure has another size
    if (!this.plot.classList.contains("js-plotly-plot") || !this.plot.offsetWidth || !this.plot.offsetHeight) return;
    const { _fullLayout: now } = this.plot;
    const { width, height } = this.plot.getBoundingClientRect(); // with the parts of a pixel that Plotly counts, too
    if (Math.abs(now.width - width) < 1 && Math.abs(now.height - height) < 1) return;
    const Plotly = await plotly();
    if (!this.closed) Plotly.relayout(this.plot, { autosize: true });
  }

  async close() {
    this.ended.abort();
    this.leave?.();
    this.glides.end();
    this.observer.disconnect();
    this.root.remove();
    if (this.plot.classList.contains("js-plotly-plot")) (await plotly()).purge(this.plot);
  }
}

function element(kind, name) {
  const made = document.createElement(kind);
  made.className = name;
  return made;
}

/** Plotly, loaded once for the page; a failure is forgotten, so that the next drawing tries again. */
function plotly() {
  return (loading ??= load().catch((error) => { loading = null; throw error; }));
}

/** Load our styles and plotly.js, which lie beside this file; a page with charts has brought the latter along. */
async function load() {
  const [style, script] = [element("link", ""), element("script", "")];
  style.rel = "stylesheet";
  style.href = new URL("live_figure.css", import.meta.url);
  script.src = new URL("plotly.min.js", import.meta.url);
  const brought = document.querySelector(`script[src$="${script.src.split("/").slice(-2).join("/")}"]`);
  const missing = window.Plotly ? [style] : [style, brought ?? script];
  const all = Promise.all(missing.map(arrived));
  document.head.append(...missing.filter((node) => node !== brought));
  await all;
  return window.Plotly; // kept here: Streamlit may load another one for its own charts
}

/** Wait until a node of the head has loaded; one that does not is taken away. */
function arrived(node) {
  return new Promise((done, failed) => {
    node.addEventListener("load", done);
    node.addEventListener("error", () => { node.remove(); failed(new Error(`${node.href ?? node.src} did not load`)); });
  });
}

function same(one, other) {
  return other !== null && one.length === other.length && one.every((byte, at) => byte === other[at]);
}

const coarse = matchMedia("(pointer: coarse)").matches;
const CONFIG = {
  displaylogo: false,
  showSendToCloud: false,      // nothing leaves the page
  doubleClickDelay: 400,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"],
};

/** The layout with everything that is the same in each message: frame, fonts, and colours by look. */
function dressed(layout, look) {
  const { title: _title, height: _height, ...own } = layout; // the title is text above; the height is the page's
  const soft = faded(look.text, look.lines > 1 ? 1 : 0.72); // nothing is faint for the last row of a room
  const axis = {
    automargin: true, ticklabeloverflow: "allow", showline: false, ticks: "", zeroline: false,
    gridcolor: faded(look.text, 0.1), tickfont: { color: soft, size: look.size },
    title: { font: { color: soft, size: look.size }, standoff: 8 },
  };
  const bar = { colorbar: { outlinewidth: 0, ticks: "", tickfont: axis.tickfont, title: { font: axis.title.font } } };
  return {
    uirevision: "kept",
    autosize: true,
    dragmode: coarse ? false : "zoom",
    ...own,
    template: {
      data: { heatmap: [bar] },
      layout: {
        font: { family: look.font, color: look.text, size: look.size },
        paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
        margin: { l: 4, r: 8, t: 8, b: 4 },
        legend: {
          orientation: "h", x: 0, y: 1.01, xanchor: "left", yanchor: "bottom", bgcolor: "rgba(0,0,0,0)",
          font: { size: look.size }, itemwidth: 2.5 * look.size,
        },
        hoverlabel: { bgcolor: look.panel, bordercolor: faded(look.text, 0.2), align: "left",
          font: { family: look.font, color: look.text, size: look.size } },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: faded(look.text, 0.4), activecolor: look.text },
        shapedefaults: { line: { color: look.text } },
        xaxis: axis, yaxis: axis,
      },
    },
  };
}
