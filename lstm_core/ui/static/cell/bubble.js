// One small bubble for the whole view: whatever is drawn says in it what it is, with its number. It opens where a person
// points, taps or goes by keyboard; Escape closes it.

import { clamp, el, write } from "./parts.js";

const APART = 14; // pixels between the bubble and what it speaks of
const sayings = new WeakMap(); // node -> says
let made = 0;

/**
 * Have a node explain itself. `says(event)` returns { name, text, at }, or null where there is nothing to say: `at` is
 * where ([x, y] in the window) the place lies that it speaks of; `event` null: what is asked for by keyboard.
 */
export function explain(node, says) {
  sayings.set(node, says);
  node.dataset.says = "";
  return node;
}

/** Left and right go from node to node of a group, of which Tab reaches one. */
export function walk(event, nodes) {
  const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const at = nodes.indexOf(event.target);
  if (!way || at < 0 || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  const next = nodes[at + way];
  if (!next) return;
  event.target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

export class Bubble {
  /** `root` holds all that speaks. */
  constructor(root) {
    this.root = root;
    this.name = el("b");
    this.text = el("span");
    this.node = el("div", "cv-bubble", { role: "tooltip", id: `cv-bubble-${made++}`, hidden: "" }, this.name, this.text);
    root.append(this.node);
    root.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse") this.touched = new Touched(event);
      else if (event.buttons) this.close(); // something is dragged
      else this.point(event);
    });
    root.addEventListener("pointerdown", (event) => { if (event.pointerType !== "mouse") this.touched = new Touched(event); });
    root.addEventListener("pointerup", (event) => { if (event.pointerType !== "mouse") this.point(this.touched); });
    root.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && !this.byKeys) this.close();
    });
    root.addEventListener("focusin", ({ target }) => {
      if (target.matches(":focus-visible") && speaker(target)) this.open(speaker(target), null);
    });
    root.addEventListener("focusout", () => { if (this.byKeys) this.close(); });
    this.escape = (event) => {
      if (event.key !== "Escape" || this.node.hidden) return;
      this.silenced = this.speaker; // until the person goes elsewhere
      this.close();
      event.stopPropagation();
    };
    document.addEventListener("keydown", this.escape, true);
  }

  point(event) {
    const node = speaker(event.target);
    if (node !== this.silenced) this.silenced = null;
    if (node && node !== this.silenced) this.open(node, event);
    else if (!this.byKeys || event instanceof Touched) this.close();
  }

  open(node, event) {
    if (this.speaker !== node) this.close();
    this.speaker = node;
    this.event = event;
    this.byKeys = !event;
    const said = this.refresh();
    if (!said) return;
    node.setAttribute("aria-describedby", this.node.id);
    const frame = this.root.getBoundingClientRect();
    const box = node.getBoundingClientRect();
    const [x, y] = said.at ?? (event ? [event.clientX, event.clientY] : [box.left + box.width / 2, box.bottom - APART / 2]);
    const { offsetWidth, offsetHeight } = this.node;
    const below = y + APART + offsetHeight < window.innerHeight;
    this.node.style.transform = `translate(${clamp(x - frame.left + APART, 0, Math.max(frame.width - offsetWidth, 0))}px, ${
      y - frame.top + (below ? APART : -APART - offsetHeight)}px)`;
  }

  /** What is seen may be another: say it anew, and by keyboard where the place now is. */
  follow() {
    if (this.byKeys) this.open(this.speaker, null);
    else if (this.speaker) this.refresh();
  }

  refresh() {
    const said = this.speaker?.isConnected ? sayings.get(this.speaker)(this.event) : null;
    if (!said) {
      this.close();
      return null;
    }
    write(this.name, said.name);
    write(this.text, said.text);
    this.node.hidden = false;
    return said;
  }

  close() {
    this.node.hidden = true;
    this.speaker?.removeAttribute("aria-describedby");
    this.speaker = null;
    this.byKeys = false;
  }

  end() {
    document.removeEventListener("keydown", this.escape, true);
  }
}

/** Where a finger is on what it touches, also when that moves: a tap chooses another place, and texts take other room. */
class Touched {
  constructor({ target, clientX, clientY }) {
    this.target = target;
    const { left, top } = target.getBoundingClientRect();
    this.apart = [clientX - left, clientY - top];
  }

  get clientX() {
    return this.target.getBoundingClientRect().left + this.apart[0];
  }

  get clientY() {
    return this.target.getBoundingClientRect().top + this.apart[1];
  }
}

function speaker(target) {
  const node = target.closest?.("[data-says]");
  return sayings.has(node) ? node : null;
}
