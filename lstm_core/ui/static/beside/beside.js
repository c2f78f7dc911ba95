// Steps beside the picture: what to see and what to try, one at a time. On a wide screen they have a column of their
// own, else a sheet at the bottom; closed, a handle stays at the edge. Streamlit calls the default function at the first
// drawing and at each update; which step is read, and how, stays in the browser.

import { el, fill, write } from "../cell/parts.js";
import { styles } from "../styles.js";
import { act, reveal } from "./act.js";
import { lit, pieces, recalled, remember, selector, unread } from "./steps.js";

const PULLED = 40; // pixels that the sheet must be pulled to become another size
const PATIENCE = 20000; // milliseconds until the server must have done its part

const MOVING = 2000; // milliseconds within which another element may take the place of one that has gone
const SETTLING = 1500; // milliseconds after which the page has its new layout

const wide = matchMedia("(min-width: 1500px)");
const panels = new Set(); // a slow server takes the element away and gives another while it draws: its Beside moves there

export default function draw({ data, parentElement, setTriggerValue }) {
  let panel = [...panels].find(({ parent }) => parent === parentElement);
  if (!panel) {
    panel = [...panels].find(({ parent }) => !parent.isConnected) ?? new Beside();
    panels.add(panel);
    panel.settle(parentElement);
  }
  panel.send = (asked) => setTriggerValue("does", asked);
  panel.take(data);
  return () => setTimeout(() => {
    if (panel.parent !== parentElement || parentElement.isConnected) return;
    panel.leave();
    setTimeout(() => { if (!panel.parent.isConnected) panels.delete(panel); }, MOVING);
  });
}

class Beside {
  constructor() {
    styles("beside.css", import.meta.url).catch((error) => console.error("beside:", error));
    this.parent = null;
    this.kept = recalled();
    this.used = false; // a person has turned to it on this page
    const button = (name, act, text = "") => el("button", name, { type: "button", text, click: act });
    this.handle = button("beside-handle", () => this.toggle(true));
    this.heading = el("b", "beside-heading");
    this.where = el("span", "beside-where");
    this.grip = button("beside-grip", () => this.resize());
    this.shut = button("beside-icon", () => this.toggle(false), "×");
    this.text = el("div", "beside-text", { tabindex: 0 });
    this.back = button("beside-icon", () => this.go(this.at - 1), "‹");
    this.forward = button("beside-icon", () => this.go(this.at + 1), "›");
    this.play = button("beside-show", () => this.show());
    this.said = el("p", "beside-said", { "aria-live": "polite" });
    this.dots = el("span", "beside-dots", { "aria-hidden": "true" });
    this.head = el("header", "beside-head", {}, this.grip, this.heading, this.where, this.shut);
    this.panel = el("aside", "beside-panel", { keydown: (event) => this.key(event) }, this.head, this.text, this.said,
      el("footer", "beside-foot", {}, this.back, this.dots, this.forward, this.play));
    this.light = el("style");
    this.root = el("div", "beside", {}, this.handle, this.panel);
    this.observer = new ResizeObserver(() => this.fit());
  }

  /** Stand in an element of Streamlit's from now on. */
  settle(parent) {
    this.leave();
    this.parent = parent;
    parent.append(this.root);
    document.head.append(this.light);
    this.main = parent.closest("[data-testid=stMain]");
    this.observer.observe(this.main);
    this.left = new AbortController();
    this.listen();
    if (this.told) this.arrange();
  }

  /** Keep the sheet beside the settings, which have a column of their own. */
  fit() {
    this.root.style.setProperty("--beside-left", `${this.main.getBoundingClientRect().left}px`);
  }

  listen() {
    const until = { signal: this.left.signal };
    wide.addEventListener("change", () => this.arrange(), until);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && document.activeElement === document.body && this.open) this.toggle(false);
    }, until);
    let from = null;
    this.head.addEventListener("pointerdown", (event) => { from = wide.matches ? null : event.clientY; }, until);
    window.addEventListener("pointerup", (event) => {
      const pulled = from === null ? 0 : event.clientY - from;
      from = null;
      if (Math.abs(pulled) > PULLED) this.pull(pulled < 0);
    }, until);
  }

  /** Take in the steps; what is read stays where it was, unless they are others. In a room they are closed at first, as are
      those that would tell before it has come out what comes out. */
  take({ page, steps, words, done, room, later }) {
    const told = JSON.stringify([page, steps, words, room, later]);
    if (told !== this.told) {
      const before = page === this.page && this.open;
      const others = page !== this.page || JSON.stringify(steps) !== JSON.stringify(this.steps);
      Object.assign(this, { told, page, words });
      if (others) {
        this.steps = steps;
        this.at = unread(steps.length, this.read);
        write(this.said, "");
      }
      this.open = steps.length > 0 && !room && (later ? before : this.kept.open ?? wide.matches);
      this.name();
      this.arrange();
    }
    this.done = done;
    this.heard?.();
    this.glow();
  }

  get read() {
    return this.kept.read[this.page] ?? [];
  }

  get step() {
    return this.steps[this.at];
  }

  name() {
    const { words } = this;
    for (const [node, text] of [[this.grip, words.size], [this.shut, words.close], [this.back, words.back],
      [this.forward, words.forward]]) {
      node.setAttribute("aria-label", text);
      node.title = text;
    }
    this.handle.title = words.open;
    this.panel.setAttribute("aria-label", words.title);
    this.text.title = words.keys;
    this.play.textContent = words.show;
  }

  /** Show what is open, and at which place. */
  arrange() {
    this.root.dataset.open = this.open;
    const { classList } = document.documentElement;
    classList.toggle("beside-docked", this.open && wide.matches);
    classList.toggle("beside-sheet", this.open && !wide.matches);
    this.root.hidden = !this.steps.length;
    this.handle.setAttribute("aria-expanded", this.open);
    this.handle.textContent = this.kept.met ? this.words.handle : this.words.hint;
    this.handle.classList.toggle("beside-new", !this.kept.met);
    this.panel.inert = !this.open;
    if (this.open) this.write();
    this.glow();
  }

  toggle(open) {
    this.open = this.kept.open = open;
    this.kept.met = this.used = true;
    this.root.classList.remove("beside-tall");
    remember(this.kept);
    this.arrange();
    if (open) reveal(lit(this.step)[0]);
    (open ? this.text : this.handle).focus({ preventScroll: true });
  }

  resize() {
    this.root.classList.toggle("beside-tall");
  }

  /** Pull the sheet up, or down until it closes. */
  pull(up) {
    const tall = this.root.classList.contains("beside-tall");
    if (up !== tall) this.resize();
    else if (!up) this.toggle(false);
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") this.toggle(false);
    else if (event.key === "ArrowRight") this.go(this.at + 1);
    else if (event.key === "ArrowLeft") this.go(this.at - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  go(to) {
    if (to < 0 || to >= this.steps.length) return;
    this.at = to;
    this.used = true;
    write(this.said, "");
    this.write();
    this.glow();
    this.text.scrollTop = 0;
    reveal(lit(this.step)[0]);
  }

  /** Write the step, and remember that it was read. */
  write() {
    if (!this.read.includes(this.at)) {
      this.kept.read[this.page] = [...this.read, this.at];
      remember(this.kept);
    }
    const { step, words } = this;
    write(this.heading, step.heading || words.title);
    write(this.where, fill(words.where, { step: this.at + 1, steps: this.steps.length }));
    this.text.replaceChildren(el("p", "", {}, ...drawn(pieces(step.text))));
    switched(this.back, this.at > 0);
    switched(this.forward, this.at < this.steps.length - 1);
    this.play.hidden = !step.does.length;
    this.dots.replaceChildren(...this.steps.map((_, at) => el("i", this.read.includes(at) ? "beside-read" : "", {
      "data-now": at === this.at ? "" : null })));
  }

  /** Light what the step speaks of, as soon as a person has turned to it. */
  glow() {
    const targets = this.open && this.used ? lit(this.step) : [];
    const colour = getComputedStyle(this.parent).getPropertyValue("--st-primary-color").trim();
    const below = wide.matches ? 16 : this.panel.offsetHeight + 16;
    write(this.light, targets.length === 0 ? "" : `${targets.map(selector).join()} { outline: 3px solid ${colour};
      outline-offset: 4px; border-radius: 4px; scroll-margin: 5rem 0 ${below}px; }`);
  }

  /** Do what the step says: first what the server sets, then the rest in the page. */
  async show() {
    if (this.busy) return;
    const { step, words } = this;
    this.busy = this.used = true;
    switched(this.play, false);
    write(this.said, "");
    try {
      if (step.does.some(({ kind }) => kind === "set" || kind === "go")) await this.ask();
      for (const action of step.does) await act(action);
      this.glow();
      for (const wait of [0, SETTLING]) setTimeout(() => { if (step === this.step) reveal(lit(step)[0]); }, wait);
      if (step === this.step) write(this.said, words.done);
    } catch (error) {
      console.warn("beside:", error);
      if (step === this.step) write(this.said, words.failed);
    } finally {
      this.busy = false;
      switched(this.play, true);
      this.root.dataset.shown = Number(this.root.dataset.shown ?? 0) + 1;
    }
  }

  /** Have the server do its part of a step, and wait until the page is drawn as it then is, or has been left. */
  ask() {
    const turn = Date.now();
    return new Promise((done, failed) => {
      const late = setTimeout(() => failed(new Error("the server has not answered")), PATIENCE);
      this.heard = () => {
        if (this.done !== turn && this.parent.isConnected) return;
        clearTimeout(late);
        this.heard = null;
        done();
      };
      this.send({ step: this.at, turn });
    });
  }

  /** Stand nowhere: the page has gone, or its element. What is read, and how, is still known when it settles again. */
  leave() {
    this.left?.abort();
    this.heard?.();
    this.observer.disconnect();
    this.light.remove();
    this.root.remove();
    if (!document.querySelector(".beside[data-open=true]")) {
      document.documentElement.classList.remove("beside-docked", "beside-sheet");
    }
  }
}

/** Switch a button on or off; one that is off keeps the focus, so that the keys go on being heard. */
function switched(button, on) {
  button.setAttribute("aria-disabled", !on);
}

/** The pieces of a step's words as nodes. */
const drawn = (found) => found.map(([tag, inside]) => (tag
  ? el(tag, "", {}, ...(Array.isArray(inside) ? drawn(inside) : [inside])) : inside));
