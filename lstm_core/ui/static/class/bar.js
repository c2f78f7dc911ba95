// The bar at the foot of every page for a learner who has joined a class: a line that says what goes on, and above it a panel
// with what is asked. Streamlit calls the default function at the first drawing and at each update; in between the class tells.

import { el, fill, set, write } from "../cell/parts.js";
import { styles } from "../styles.js";
import { Bring } from "./bring.js";
import { Experiment } from "./learner_experiment.js";
import { rememberTab, tab } from "./memory.js";
import { Whereabouts } from "./place.js";
import { Question } from "./learner_question.js";
import { asked, standing } from "./standing.js";
import { follow } from "./stream.js";

let bar = null; // one for the tab: from page to page it moves into the elements that Streamlit gives it

/**
 * Draw the bar.
 * @param data { room, here, held, words }: the class (stream.js), "page?query" of what this tab shows now, whether it has
 *             locked controls, all texts in the language in use. The server hears of `do`: { what, turn }, where what is
 *             "follow" (go to where all were brought), "train" (train my part of the experiment), "run" (open the run of it),
 *             "class" (open the page of the class) or "held" (draw the page anew: the controls have been locked or opened).
 */
export default function draw({ data, parentElement, setTriggerValue }) {
  bar ??= new Bar();
  bar.act = (what) => {
    if (what !== "held") bar.fold(true); // the page, or the run, is what one now wants to see
    setTriggerValue("do", { what, turn: Date.now() });
  };
  if (bar.parent !== parentElement) bar.settle(parentElement);
  bar.take(data);
  return () => setTimeout(() => {
    if (bar.parent === parentElement && !parentElement.isConnected) bar.leave();
  });
}

class Bar {
  constructor() {
    styles("bar.css", import.meta.url).catch((error) => console.error("class:", error));
    this.parent = this.picture = this.item = null;
    this.open = this.missed = false;
    this.refusal = "";
    const button = (name, act) => el("button", name, { type: "button", click: act });
    this.state = el("span", "");
    this.who = el("span", "class-who");
    this.toggle = button("class-toggle", () => this.fold(this.open));
    const dot = el("span", "class-dot", { "aria-hidden": "true" });
    this.toggle.append(el("span", "class-state", {}, dot, this.state), this.who, chevron());
    set(this.toggle, "aria-controls", "class-panel");
    this.lock = el("span", "");
    this.held = el("p", "class-held", { hidden: "" }, padlock(), this.lock);
    this.ended = el("p", "class-ended");
    this.gone = el("div", "class-gone", { hidden: "" }, this.ended, this.again = button("class-main", () => this.act("class")));
    this.name = el("span", "");
    this.page = button("class-way", () => this.act("class"));
    this.body = el("div", "");
    this.panel = el("div", "class-panel", { id: "class-panel", hidden: "" }, this.body,
      el("footer", "class-end", {}, this.name, this.page));
    this.news = el("p", "class-spoken", { "aria-live": "polite" });
    this.root = el("section", "class-bar");
    this.bring = new Bring(() => this.act("follow"), this.root);
    this.line = el("div", "class-line", {}, this.toggle, this.held, this.bring.way, this.gone);
    this.root.append(this.line, this.bring.notice, this.panel, this.news); // seen from the bottom up, but read in this order
    const send = (message) => this.stream.send(message);
    this.parts = {
      question: new Question(send, { draft: (of) => this.drafted(of), keep: (of, value) => this.remember({ draft: { of, value } }) }),
      experiment: new Experiment((what) => this.act(what)),
    };
    this.whereabouts = new Whereabouts((message) => {
      const on = Boolean(this.stream && this.picture) && !this.missed;
      if (on) send(message);
      return on;
    });
    this.sized = new ResizeObserver(() => this.fit());
    this.root.addEventListener("focusin", ({ target }) => { this.focused = target; });
    this.root.addEventListener("focusout", () => { this.focused = null; });
    document.addEventListener("keydown", (event) => this.key(event), true);
  }

  // -- in the page ----------------------------------------------------------------------------------------

  /** Stand in an element of Streamlit's from now on. */
  settle(parent) {
    const { focused } = this;
    this.parent = parent;
    parent.append(this.root);
    if (focused && document.activeElement === document.body) focused.focus({ preventScroll: true });
    document.documentElement.classList.add("class-joined");
    this.main = parent.closest("[data-testid=stMain]") ?? document.body;
    this.sized.disconnect();
    for (const node of [this.main, this.root, this.line]) this.sized.observe(node);
  }

  /** Keep beside the settings and the steps, which have columns of their own, and tell the page how high this is. */
  fit() {
    const { left, right } = this.main.getBoundingClientRect();
    this.root.style.insetInline = `${left}px ${document.documentElement.clientWidth - right}px`;
    const { style } = document.documentElement;
    style.setProperty("--class-line", `${this.line.offsetHeight}px`);
    style.setProperty("--class-high", `${this.root.offsetHeight}px`);
  }

  /** Stand nowhere: the page has gone, or one is in no class any more. */
  leave() {
    this.stream?.end();
    this.parent = this.stream = null;
    this.sized.disconnect();
    this.root.remove();
    this.bring.rest();
    document.documentElement.classList.remove("class-joined");
  }

  // -- the class ------------------------------------------------------------------------------------------

  take({ room, here, held, words }) {
    Object.assign(this, { here, words, locked: held });
    const told = JSON.stringify(room);
    if (!this.stream || told !== this.told || this.refusal) {
      if (room.code !== this.room?.code) this.picture = this.item = null;
      Object.assign(this, { room, told });
      this.join();
    }
    this.whereabouts.at(here);
    this.paint();
    if (this.picture && !this.missed && !this.refusal) this.settled(); // they may have been opened while the page was drawn
  }

  /** Follow the class. What a stream tells at once, as others follow it, is an old picture, of use where there is none yet. */
  join() {
    this.stream?.end();
    this.stream = null;
    let known = null;
    this.stream = follow(this.room, {
      picture: (picture) => { if (this.stream) this.show(picture); else known = picture; },
      refused: (why, what) => this.refuse(why, what),
      lost: () => this.lose(),
    });
    if (known && !this.picture) this.show(known);
  }

  /** Take in the class as it is now. What is new opens the panel by itself; where nothing is asked any more it closes. */
  show(picture) {
    const before = this.item;
    this.missed = false;
    this.refusal = "";
    Object.assign(this, { picture, item: picture.item });
    const kept = tab(picture.code);
    const now = asked(this.item);
    if (now && now !== kept.seen) this.remember({ seen: now, open: true });
    if (!before && this.item) this.open = tab(picture.code).open ?? false;
    else if (asked(before) !== now) this.open = Boolean(this.item);
    this.whereabouts.tell();
    this.paint();
    this.settled();
  }

  /** Have the page drawn anew, once, when its controls are not as the class has them. */
  settled() {
    const { held } = this.picture;
    if (held === this.locked) this.wanted = null;
    else if (held !== this.wanted) {
      this.wanted = held;
      this.act("held");
    }
  }

  refuse(why, what) {
    if (what === "answer") this.parts.question.refused(why);
    if (what) return;
    this.refusal = why;
    this.bring.rest();
    this.paint();
  }

  lose() {
    this.missed = true;
    this.paint();
  }

  drafted(of) {
    const { draft } = tab(this.room.code);
    return draft?.of === of ? draft.value : undefined;
  }

  remember(state) {
    rememberTab(this.room.code, state);
  }

  // -- what is seen ---------------------------------------------------------------------------------------

  paint() {
    const { picture, item, words, refusal } = this;
    if (!words) return;
    const state = refusal ? "gone" : this.missed ? "lost" : picture ? standing(item) : "connecting";
    const said = refusal || fill(words[state], { percent: Math.round(100 * (item?.mine?.progress ?? 0)) });
    set(this.root, "data-state", state);
    set(this.root, "aria-label", fill(words.bar, { code: this.room.code }));
    write(this.state, said);
    write(this.who, picture ? `${picture.me.name} · ${picture.code}` : this.room.code);
    write(this.ended, refusal);
    write(this.again, words.class);
    write(this.page, words.class);
    write(this.lock, words.held);
    this.held.hidden = !picture?.held || Boolean(refusal);
    this.gone.hidden = !refusal;
    this.toggle.hidden = Boolean(refusal);
    if (picture && !refusal) {
      write(this.name, fill(words.me, { name: picture.me.name, code: picture.code }));
      this.bring.take(picture, this.here, words);
    }
    const part = item && this.parts[item.kind];
    if (part) part.take(item, words, this.missed);
    else this.body.replaceChildren(el("p", "class-row", { text: words.nothing_more }));
    if (part && this.body.firstChild !== part.root) this.body.replaceChildren(part.root);
    this.arrange();
    this.speak(state, said);
  }

  arrange() {
    const open = this.open && !this.refusal;
    const focused = this.panel.contains(document.activeElement);
    this.panel.hidden = !open;
    set(this.toggle, "aria-expanded", String(open));
    if (focused && !open) this.toggle.focus({ preventScroll: true });
  }

  /** Say to a screen reader what is new, but no shares of a training. */
  speak(state, said) {
    const news = this.picture?.held ? `${state} held` : state;
    if (news === this.spoken) return;
    this.spoken = news;
    write(this.news, [state === "run_training" ? "" : said, this.held.hidden ? "" : this.words.held].join(" "));
  }

  fold(folded) {
    this.open = !folded;
    this.remember({ open: this.open });
    this.arrange();
  }

  /** Escape folds the panel, from within it and where nothing has the focus. */
  key(event) {
    if (event.key !== "Escape" || !this.parent || this.panel.hidden || event.isComposing) return;
    if (document.activeElement !== document.body && !this.root.contains(document.activeElement)) return;
    event.preventDefault();
    event.stopPropagation();
    this.fold(true);
  }
}

const drawing = (name, path) => el("svg:svg", name, { viewBox: "0 0 16 16", "aria-hidden": "true" }, el("svg:path", "", { d: path }));
const chevron = () => drawing("class-chevron", "M3 10l5-5 5 5");
const padlock = () => drawing("class-lock", "M4 7h8v6H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2");
