// A button that saves a live figure of the page as a picture: on the page's own background and with its title, which
// stands outside of what Plotly draws.

const WIDTH = 1200;
const HEIGHT = 640;
const TITLE = 56; // pixels above the figure
const buttons = new WeakMap(); // Streamlit's element -> our button

export default function draw({ data, parentElement }) {
  let button = buttons.get(parentElement);
  if (!button) {
    button = document.createElement("button");
    button.type = "button";
    button.className = "picture-button";
    button.addEventListener("click", () => save(button));
    parentElement.append(style(), button);
    buttons.set(parentElement, button);
  }
  const text = document.createElement("span");
  text.textContent = data.label;
  button.replaceChildren(icon(), text);
  button.asked = data;
}

async function save(button) {
  const { figure, file } = button.asked;
  const drawn = document.querySelector(`.st-key-${CSS.escape(figure)} .js-plotly-plot`);
  if (!drawn || !window.Plotly) return;
  const theme = getComputedStyle(button);
  const [page, text] = ["--st-background-color", "--st-text-color"].map((name) => theme.getPropertyValue(name).trim());
  const title = drawn.closest(".live-figure")?.querySelector(".live-figure-title")?.textContent ?? "";
  const { margin, xaxis, ...layout } = drawn.layout;
  const { rangeslider: _rangeslider, ...across } = xaxis ?? {}; // the small picture below is for dragging only
  await window.Plotly.downloadImage({
    data: drawn.data,
    layout: {
      ...layout,
      font: { family: "sans-serif" }, autosize: false, paper_bgcolor: page, plot_bgcolor: page, xaxis: across,
      margin: { l: 64, r: 24, b: 56, ...margin, t: (margin?.t ?? 24) + TITLE },
      title: { text: title.replaceAll("<", "&lt;"), x: 0.02, xanchor: "left", y: 0.97, yanchor: "top",
        font: { size: 18, color: text } },
    },
  }, { format: "png", width: WIDTH, height: HEIGHT, scale: 2, filename: file });
}

function icon() {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("viewBox", "0 0 24 24");
  drawn.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M12 4v11m-5-5 5 5 5-5M5 16v4h14v-4");
  drawn.append(path);
  return drawn;
}

function style() {
  const node = document.createElement("style");
  node.textContent = `
    .picture-button {
      min-height: 2.5rem; padding: 0.25rem 0.75rem; border-radius: 0.5rem; cursor: pointer;
      border: 1px solid color-mix(in srgb, var(--st-text-color) 20%, transparent);
      background: transparent; color: var(--st-text-color); font: 0.875rem/1.6 var(--st-font);
      display: inline-flex; align-items: center; gap: 0.5rem; white-space: nowrap;
    }
    .picture-button svg { width: 1rem; height: 1rem; fill: none; stroke: currentColor; stroke-width: 2; }
    .picture-button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
    .picture-button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }`;
  return node;
}
