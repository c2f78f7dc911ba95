// A link for learners: its address to be copied, to be opened as a learner would, and as a QR code for the wall.

import { el, write } from "./cell/parts.js";
import { styles } from "./styles.js";

const SAID = 2500; // milliseconds for which it says that it is done

export default async function draw({ data, parentElement }) {
  await styles("learner_link.css", import.meta.url);
  const { query, words, longest } = data;
  const url = address(query, window.location.href);
  let box = parentElement.querySelector(":scope > .learner-link");
  if (!box) parentElement.append(box = el("div", "learner-link"));
  if (box.dataset.of === JSON.stringify(data)) return;
  box.dataset.of = JSON.stringify(data);
  const field = el("input", "learner-link-address", { readonly: "", value: url, "aria-label": words.link, focus: () => field.select() });
  const copy = el("button", "learner-link-copy", { type: "button", text: words.copy, click: () => copied(copy, field, words) });
  const open = el("a", "", { href: url, target: "_blank", rel: "noopener", text: words.open });
  const short = url.length <= longest;
  box.replaceChildren(el("div", "learner-link-words", {}, el("div", "learner-link-row", {}, field, copy),
    el("p", "", { text: length(short ? words.length : words.too_long, url.length, longest) }), open), ...(short ? [code(url, words)] : []));
}

/** The address of the page with these settings and nothing else. */
export function address(query, page) {
  const url = new URL(page);
  url.hash = "";
  url.search = new URLSearchParams(query);
  return url.href.replaceAll("%2C", ","); // which a comma in a list need not be
}

export const length = (words, count, limit) => words.replace("{length}", count.toLocaleString("en"))
  .replace("{limit}", limit.toLocaleString("en"));

function code(url, words) {
  const src = new URL(`../qr?${new URLSearchParams({ to: url })}`, import.meta.url);
  return el("img", "", { src, alt: words.qr_code, error: (event) => event.target.remove() });
}

async function copied(button, field, words) {
  try {
    await navigator.clipboard.writeText(field.value);
    write(button, words.copied);
    setTimeout(() => write(button, words.copy), SAID);
  } catch { // a browser may not let a page copy: then the address is there, to be copied by hand
    field.select();
  }
}
