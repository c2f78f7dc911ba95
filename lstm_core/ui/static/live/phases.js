// The last update in its four phases - forward, loss, backward, step - of which one is lit and shows its numbers.
// Streamlit calls the default function at the first drawing and at each update; in between the stream tells.

import { styles } from "../styles.js";
import { follow } from "./stream.js";

const EACH = 4000; // milliseconds for which each phase is lit when they are played

const shown = new WeakMap(); // Streamlit's element -> our Phases
let made = 0;

export default function draw({ data, parentElement }) {
  let phases = shown.get(parentElement);
  if (!phases) shown.set(parentElement, (phases = new Phases(parentElement)));
  phases.take(data);
  return () => setTimeout(() => {
    if (parentElement.isConnected) return;
    shown.get(parentElement)?.close();
    shown.delete(parentElement);
  });
}

/** The phase that a key leads to from another one of so many; null: the key leads nowhere. */
export function led(key, at, count) {
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: count - 1 }[key];
  return to === undefined ? null : (to + count) % count;
}

/** What is to be shown: what the page says, unless the stream knows of more of the same run. */
export function latest(page, run) {
  const streamed = run && run.id === page.live.run && run.phases !== undefined && run.update !== null;
  return streamed && run.update > page.update ? run.phases : page.phases;
}

class Phases {
  constructor(parent) {
    this.name = `phases-${made++}`;
    this.told = { picture: (run) => this.show(run) };
    this.at = 0;
    this.root = element("section", "phases");
    this.root.hidden = true;
    styles("phases.css", import.meta.url).catch((error) => console.error("phases:", error));
    parent.append(this.root);
  }

  /** Take what the page says: which run, its words, and what is known of its last update. */
  take(data) {
    const other = data.live.run !== this.data?.live.run;
    const words = JSON.stringify(data.live) !== JSON.stringify(this.data?.live);
    this.data = data;
    if (words) {
      this.leave?.();
      if (other) {
        this.run = null;
        this.at = 0;
      }
      this.leave = follow(data.live, this.told);
    }
    this.write(latest(data, this.run));
  }

  show(run) {
    this.run = run;
    if (run.phases !== undefined && run.update >= this.data.update) this.write(run.phases);
  }

  write(update) {
    const told = JSON.stringify(update);
    if (told === this.written) return;
    this.written = told;
    if (!update) {
      this.stop();
      this.root.hidden = true;
      return;
    }
    const first = this.root.hidden;
    this.root.hidden = false;
    if (first) this.at = 0;
    if (this.timer) this.at = 0; // played from the beginning
    this.fill(update);
    this.light(this.at);
  }

  fill({ title, phases }) {
    const heading = element("h3", "phases-title", title);
    heading.id = `${this.name}-title`;
    this.root.setAttribute("aria-labelledby", heading.id);
    if (!this.tabs) this.build(phases.length);
    this.head.firstChild.replaceWith(heading);
    this.row.setAttribute("aria-labelledby", heading.id);
    const { words } = this.data;
    this.back.setAttribute("aria-label", words.back);
    this.next.setAttribute("aria-label", words.next);
    this.back.textContent = `‹ ${words.back}`;
    this.next.textContent = `${words.next} ›`;
    this.label();
    this.phases = phases;
    phases.forEach(({ name, value, of, says, facts, layers }, at) => {
      this.tabs[at].replaceChildren(element("span", "phases-name", name), element("span", "phases-value", value),
        element("span", "phases-of", of));
      const text = element("div", "");
      text.append(element("p", "phases-says", says), list(facts));
      this.panels[at].replaceChildren(text, ...(layers ? [table(layers)] : []));
    });
  }

  build(count) {
    this.head = element("div", "phases-head");
    this.back = button("phases-button", () => this.turn(this.at - 1));
    this.next = button("phases-button", () => this.turn(this.at + 1));
    this.player = button("phases-button", () => (this.timer ? this.stop() : this.play()));
    this.row = element("div", "phases-row");
    this.row.setAttribute("role", "tablist");
    const numbers = Array.from({ length: count }, (_, at) => at);
    this.tabs = numbers.map((at) => {
      const tab = button("phases-box", () => this.turn(at));
      tab.id = `${this.name}-tab-${at}`;
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", `${this.name}-panel-${at}`);
      return tab;
    });
    this.row.addEventListener("keydown", (event) => {
      const to = led(event.key, this.at, count);
      if (to === null || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      this.turn(to);
      this.tabs[to].focus();
    });
    this.panels = numbers.map((at) => {
      const panel = element("div", "phases-panel");
      panel.id = `${this.name}-panel-${at}`;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", `${this.name}-tab-${at}`);
      return panel;
    });
    this.spoken = element("div", "phases-spoken");
    this.spoken.setAttribute("aria-live", "polite");
    const buttons = element("div", "phases-buttons");
    buttons.append(this.back, this.next, this.player);
    this.head.append(element("h3", ""), buttons);
    this.row.append(...this.tabs);
    const all = element("div", "phases-panels");
    all.append(...this.panels);
    this.root.append(this.head, this.row, all, this.spoken);
  }

  /** A person goes to a phase: nothing is played any more. */
  turn(to) {
    this.stop();
    this.light((to + this.tabs.length) % this.tabs.length);
  }

  /** Light one phase. All panels keep their place, so that nothing below moves. */
  light(at) {
    this.at = at;
    this.tabs.forEach((tab, number) => {
      tab.setAttribute("aria-selected", String(number === at));
      tab.tabIndex = number === at ? 0 : -1;
      this.panels[number].classList.toggle("phases-lit", number === at);
    });
    const { name, says } = this.phases[at];
    this.spoken.textContent = `${name}: ${says}`;
  }

  /** Light one phase after the other, once. */
  play() {
    if (this.at === this.tabs.length - 1) this.light(0);
    this.timer = setInterval(() => {
      if (!this.root.isConnected) return this.stop();
      this.light(Math.min(this.at + 1, this.tabs.length - 1));
      if (this.at === this.tabs.length - 1) this.stop();
    }, EACH);
    this.label();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    if (this.tabs) this.label();
  }

  label() {
    const { words } = this.data;
    this.player.textContent = this.timer ? words.pause : words.play;
  }

  close() {
    this.stop();
    this.leave?.();
    this.root.remove();
  }
}

function list(facts) {
  const box = element("dl", "phases-facts");
  for (const [name, value] of facts) {
    const fact = element("div", "");
    fact.append(element("dt", "", name), element("dd", "", value));
    box.append(fact);
  }
  return box;
}

function table({ head, rows }) {
  const box = element("table", "phases-layers");
  const names = element("tr", "");
  names.append(...head.map((name) => {
    const cell = element("th", "", name);
    cell.scope = "col";
    return cell;
  }));
  const lines = rows.map((row) => {
    const line = element("tr", "");
    const name = element("th", "", row[0]);
    name.scope = "row";
    line.append(name, ...row.slice(1, -1).map((value) => element("td", "", value)));
    const norm = line.children[1];
    const bar = element("span", "phases-norm");
    bar.style.setProperty("--share", row.at(-1));
    norm.prepend(bar);
    return line;
  });
  const top = element("thead", "");
  const body = element("tbody", "");
  top.append(names);
  body.append(...lines);
  box.append(top, body);
  return box;
}

function button(name, act) {
  const one = element("button", name);
  one.type = "button";
  one.addEventListener("click", act);
  return one;
}

function element(kind, name, text = "") {
  const one = document.createElement(kind);
  if (name) one.className = name;
  if (text) one.textContent = text;
  return one;
}
