// Draws figures that change while a person looks at them. Streamlit calls the default function at the first drawing,
// at each update and when the theme changes. One figure = one set of nodes for its whole life: Plotly.react puts new
// data into them, and `uirevision` makes it keep zoom and legend.

const figures = new WeakMap(); // Streamlit's element -> our Figure
let loading = null; // the promise of Plotly

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
    this.bytes = null; // what is drawn
    this.theme = null; // in which colours
    this.waiting = null; // what is to be drawn next
    this.drawing = false;
    this.held = false; // a person drags in it
    this.ended = new AbortController();
    this.parent = parent;
    this.root = element("div", "live-figure");
    this.root.setAttribute("role", "img");
    this.title = element("div", "live-figure-title");
    this.plot = element("div", "live-figure-plot");
    this.root.append(this.title, this.plot);
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

  /** Take in new data or a new theme; what is already drawn as asked is left alone. */
  show(bytes) {
    const theme = themeOf(this.parent);
    const key = JSON.stringify(theme);
    if (key === this.theme && same(bytes, this.bytes)) return;
    this.theme = key;
    this.bytes = bytes;
    this.waiting = [bytes, theme];
    this.work();
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
        const [bytes, theme] = this.waiting;
        this.waiting = null;
        const { data, layout, alt } = decoded(bytes);
        this.root.setAttribute("aria-label", alt);
        this.title.textContent = layout.title?.text ?? "";
        const Plotly = await plotly();
        if (!this.closed && !this.waiting) await Plotly.react(this.plot, data, dressed(layout, theme), CONFIG);
      }
    } catch (error) {
      this.bytes = null; // not drawn: the next update tries again
      if (!this.closed) console.error("live figure:", error);
    } finally {
      this.drawing = false;
    }
  }

  async fit() {
    if (!this.plot.classList.contains("js-plotly-plot") || !this.plot.offsetWidth || !this.plot.offsetHeight) return;
    const { _fullLayout: now } = this.plot;
    if (now.width === this.plot.offsetWidth && now.height === this.plot.offsetHeight) return;
    const Plotly = await plotly();
    if (!this.closed) Plotly.relayout(this.plot, { autosize: true });
  }

  async close() {
    this.ended.abort();
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

/** Load plotly.js and our styles, which lie beside this file. */
async function load() {
  const style = element("link", "");
  style.rel = "stylesheet";
  style.href = new URL("live_figure.css", import.meta.url);
  const script = element("script", "");
  script.src = new URL("plotly.min.js", import.meta.url);
  await Promise.all([style, script].map((node) => new Promise((done, failed) => {
    node.onload = done;
    node.onerror = () => { node.remove(); failed(new Error(`${node.href ?? node.src} did not load`)); };
    document.head.append(node);
  })));
  return window.Plotly; // kept here: Streamlit may load another one for its own charts
}

function same(one, other) {
  return other !== null && one.length === other.length && one.every((byte, at) => byte === other[at]);
}

const TYPES = {
  f4: Float32Array, f8: Float64Array, i1: Int8Array, i2: Int16Array, i4: Int32Array,
  u1: Uint8Array, u2: Uint16Array, u4: Uint32Array,
};
const DAY = 86400000; // milliseconds

/** Read what `live.packed` wrote: length of the JSON, JSON, arrays. */
function decoded(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const text = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  const arrays = bytes.slice(4 + length).buffer;
  return JSON.parse(text, (_name, value) => (value?.$ ? numbers(arrays, ...value.$) : value));
}

function numbers(arrays, code, offset, length, columns) {
  const days = code.startsWith("D");
  const Type = TYPES[days ? code.slice(1) : code];
  let values = new Type(arrays.slice(offset, offset + length * Type.BYTES_PER_ELEMENT)); // a copy, hence aligned
  if (days) values = Float64Array.from(values, (day) => day * DAY);
  if (!columns) return values;
  return Array.from({ length: length / columns }, (_, row) => values.subarray(row * columns, (row + 1) * columns));
}

/** The colours and fonts of the page around the figure. */
function themeOf(node) {
  const style = getComputedStyle(node);
  const read = (name) => style.getPropertyValue(`--st-${name}`).trim();
  return {
    text: read("text-color"), page: read("background-color"), panel: read("secondary-background-color"),
    font: read("font"),
  };
}

const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** A colour of the theme, whatever its notation, with an opacity from 0 to 1. */
function faded(colour, opacity) {
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return `rgba(${red},${green},${blue},${opacity})`;
}

const coarse = matchMedia("(pointer: coarse)").matches;
const CONFIG = {
  displaylogo: false,
  showSendToCloud: false,      // nothing leaves the page
  doubleClickDelay: 400,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"],
};

/** The layout with everything that is the same in each message: frame, fonts, and colours by theme. */
function dressed(layout, theme) {
  const { title: _title, height: _height, ...own } = layout; // the title is text above; the height is the page's
  const axis = {
    automargin: true, showline: false, ticks: "", zeroline: false,
    gridcolor: faded(theme.text, 0.1), tickfont: { color: faded(theme.text, 0.72), size: 12 },
    title: { font: { color: faded(theme.text, 0.72), size: 12 }, standoff: 8 },
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
        font: { family: theme.font, color: theme.text, size: 12 },
        paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
        margin: { l: 4, r: 8, t: 8, b: 4 },
        legend: {
          orientation: "h", x: 0, y: 1.01, xanchor: "left", yanchor: "bottom", bgcolor: "rgba(0,0,0,0)",
          font: { size: 12 }, itemwidth: 30,
        },
        hoverlabel: { bgcolor: theme.panel, bordercolor: faded(theme.text, 0.2), align: "left",
          font: { family: theme.font, color: theme.text, size: 12 } },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: faded(theme.text, 0.4), activecolor: theme.text },
        shapedefaults: { line: { color: theme.text } },
        xaxis: axis, yaxis: axis,
      },
    },
  };
}
