// The words of a question as nodes: paragraphs, in them what is bold, slanted or code. Formulas are left out.

import { pieces } from "../beside/steps.js";
import { el } from "../cell/parts.js";

const MATH = /\$\$[^$]+\$\$|\$[^$\n]+\$/g;
const LINKS = /\[([^\]]+)\]\([^)]+\)/g;
const MARKS = /\*\*|\*|`/g;

/** The paragraphs of Markdown, each as a text with its marks. */
export function paragraphs(markdown) {
  const text = markdown.replace(MATH, "").replace(LINKS, "$1");
  return text.split(/\n\s*\n/).map((part) => part.replace(/\s*\n\s*/g, " ").replace(/ {2,}/g, " ").trim()).filter(Boolean);
}

/** Markdown as text alone. */
export const plain = (markdown) => paragraphs(markdown).join(" ").replace(MARKS, "");

/** Markdown in one line, as nodes. */
export const inline = (markdown) => nodes(pieces(paragraphs(markdown).join(" ")));

/** Markdown as paragraphs. */
export const prose = (markdown) => paragraphs(markdown).map((text) => el("p", "", {}, ...nodes(pieces(text))));

const nodes = (found) => found.map(([tag, inside]) => (
  tag ? el(tag, "", {}, ...(Array.isArray(inside) ? nodes(inside) : [inside])) : inside));
