// Colours and sizes as the page's look asks for them: what comes from Python is the same in every theme and view.

const INK = "#000000"; // in lstm_core.charts.palette: what the page writes with
const FADED_INK = /^rgba\(0,0,0,([\d.e-]+)\)$/;
const READABLE = 4.5; // contrast of words (WCAG 2.2, 1.4.3)

export const WORDS = 12; // pixels of words in charts and drawings on a desk

let pen;

/** The look around a node: colours, font, pixels of words, and how many times as thick lines are (page.css). */
export function lookOf(node) {
  const style = getComputedStyle(node);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: read("st-text-color"), page: read("st-background-color"), panel: read("st-secondary-background-color"),
    font: read("st-font"), size: Number(read("chart-words")) || WORDS, lines: Number(read("chart-lines")) || 1,
  };
}

/** Red, green and blue of a colour, from 0 to 255, whatever its notation. */
export function channels(colour) {
  if (/^#[\da-f]{6}$/i.test(colour)) return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  pen ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

/** A colour with an opacity from 0 to 1. */
export function faded(colour, opacity) {
  return `rgba(${channels(colour)},${opacity})`;
}

/** A colour from Python on a page that writes with `ink`, which a canvas does not know by itself. */
export function inked(colour, ink) {
  if (colour === INK || colour === "currentColor") return ink;
  const share = FADED_INK.exec(colour)?.[1];
  return share === undefined ? colour : faded(ink, share);
}

function luminance(colour) {
  const [red, green, blue] = colour.map((value) => value / 255).map(
    (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast of two colours, each as its channels, from 1 to 21. */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** A colour for words on a page: with as much of the ink in it as it takes to read them. */
export function readable(colour, { text, page }) {
  const [from, to, ground] = [colour, text, page].map(channels);
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = from.map((value, at) => Math.round(value + (to[at] - value) * share));
    if (contrast(mixed, ground) >= READABLE) return `rgb(${mixed})`;
  }
  return text;
}

/** A part of a figure as Python made it, in a look. */
export function looking(part, look, name = "", of = "") {
  if (typeof part === "string") return /color/.test(name) ? coloured(part, look, of) : part;
  if (typeof part === "number") return part * factor(look, name, of);
  if (Array.isArray(part)) {
    return /color/.test(name) || isPlain(part[0]) ? part.map((one) => looking(one, look, name, of)) : part;
  }
  if (!isPlain(part)) return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, looking(value, look, key, name)]));
}

function coloured(colour, look, of) {
  const drawn = inked(colour, look.text);
  return /font/.test(of) && drawn !== look.text ? readable(drawn, look) : drawn;
}

function factor({ size, lines }, name, of) {
  if (name === "width" && of === "line") return lines;
  if (name !== "size") return 1;
  return /font/.test(of) ? size / WORDS : of === "marker" ? Math.sqrt(lines) : 1;
}

function isPlain(part) {
  return Boolean(part) && Object.getPrototypeOf(part) === Object.prototype;
}
