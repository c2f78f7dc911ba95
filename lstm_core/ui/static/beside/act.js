// What *Show me* does in the page, on the very controls that a person would use, and how a place comes into view.

import { selector } from "./steps.js";

const PATIENCE = 8000; // milliseconds until a control must be there
const KEYS = { start: "Home", end: "End" };

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Wait until something is found; an error when it is not there in time. */
async function until(find) {
  const end = performance.now() + PATIENCE;
  for (;;) {
    const found = find();
    if (found) return found;
    if (performance.now() > end) throw new Error("there is no such control");
    await new Promise((done) => { setTimeout(done, 50); });
  }
}

/** What can be seen of a place: Streamlit draws some buttons twice and hides one of them. */
const seen = (css) => [...document.querySelectorAll(css)].find((node) => node.checkVisibility());

/** Do one action of a step; what the server sets has been done before. */
export async function act({ kind, target, value }) {
  if (kind === "press") {
    const css = selector(target);
    const button = css === target ? css : `${css} button`;
    (await until(() => seen(`${button}:not(:disabled)`))).click();
  } else if (kind === "drag") {
    const track = await until(() => seen(`${target} [role=slider]`));
    track.dispatchEvent(new KeyboardEvent("keydown", { key: KEYS[value], bubbles: true, cancelable: true }));
  } else if (kind === "set") {
    unfold(await until(() => document.querySelector(selector(target)) ?? opened()));
  }
}

/** Open all settings where only some are shown; nothing, as what opens is only then in the page. */
function opened() {
  const all = document.querySelector(".st-key-all_settings input:not(:checked)");
  all?.click();
  return null;
}

/** Open what hides a place. */
function unfold(node) {
  for (let at = node; at; at = at.parentElement) {
    if (at.matches("details:not([open])")) at.querySelector("summary").click();
  }
}

/** Bring a place into view, where there is one, and move the page as little as needed. */
export function reveal(target) {
  const node = target && document.querySelector(selector(target));
  if (!node) return;
  unfold(node);
  const sidebar = node.closest("[data-testid=stSidebar]");
  if (sidebar?.ariaExpanded === "false") document.querySelector("[data-testid=stExpandSidebarButton]")?.click();
  const tall = node.offsetHeight > innerHeight / 2;
  node.scrollIntoView({ block: tall ? "start" : "nearest", behavior: still.matches ? "auto" : "smooth" });
}
