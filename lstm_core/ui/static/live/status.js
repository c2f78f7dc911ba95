// What a run does, in a line, a bar and a few numbers. Streamlit calls the default function at the first drawing and at
// each update; in between the stream tells.

import { styles } from "../styles.js";
import { follow, looked } from "./stream.js";

const SPOKEN = 6000; // milliseconds between two sentences for a screen reader, at least
const TOLD = 20000; // milliseconds for which it is said that the run had stood still
const shown = new WeakMap(); // Streamlit's element -> our Status

export default function draw({ data, parentElement, setTriggerValue }) {
  let status = shown.get(parentElement);
  if (!status) shown.set(parentElement, (status = new Status(parentElement, setTriggerValue)));
  status.take(data);
  return () => setTimeout(() => {
    if (parentElement.isConnected) return;
    shown.get(parentElement)?.close();
    shown.delete(parentElement);
  });
}

class Status {
  constructor(parent, trigger) {
    this.trigger = trigger;
    this.told = { picture: (run) => this.show(run), refused: (why) => this.refuse(why), look: () => this.look() };
    this.root = element("div", "run-status");
    this.line = element("div", "run-line");
    this.bar = element("progress", "run-bar");
    this.numbers = element("dl", "run-numbers");
    this.refusal = element("p", "run-refused");
    this.spoken = element("div", "run-spoken");
    this.spoken.setAttribute("aria-live", "polite");
    this.bar.max = 1;
    this.woken = element("p", "run-woken");
    this.woken.setAttribute("role", "status");
    this.advice = element("p", "run-advice");
    this.refusal.hidden = this.woken.hidden = this.advice.hidden = true;
    this.root.append(this.line, this.bar, this.refusal, this.advice, this.woken, this.numbers, this.spoken);
    styles("status.css", import.meta.url).catch((error) => console.error("status:", error));
    parent.append(this.root);
  }

  /** Take what the page says: which run, which numbers, and how all of it stands now. */
  take(data) {
    const other = JSON.stringify(data.live) !== JSON.stringify(this.data?.live);
    this.data = data;
    this.asked = null;
    looked(this.told);
    this.root.dataset.run = data.live.run;
    this.bar.setAttribute("aria-label", data.bar);
    this.label(data.numbers);
    if (other) {
      this.leave?.();
      this.refusal.hidden = this.woken.hidden = true;
      this.saidAt = 0;
      this.leave = follow(data.live, this.told);
    }
    if (!this.run || this.run.id !== data.live.run || this.run.update === null || this.run.update <= data.now.update) this.write(data.now);
  }

  label(numbers) {
    const told = JSON.stringify(numbers);
    if (told === this.labels) return;
    this.labels = told;
    this.values = [];
    this.numbers.replaceChildren(...numbers.map(({ label, below, help }, at) => {
      const box = element("div", "run-number");
      const name = element("dt", "");
      const value = element("dd", "run-value");
      name.textContent = label;
      if (help) name.append(helper(help, `${label}: ?`));
      box.append(name, value);
      if (below) {
        const under = element("dd", "run-below");
        under.textContent = below;
        box.append(under);
      }
      this.values[at] = value;
      return box;
    }));
  }

  /** Show what has come; what changes which controls there are is the page's. */
  show(run) {
    this.run = run;
    this.write(run);
    if (run.structure !== this.data.structure && this.asked !== run.structure) {
      this.asked = run.structure;
      this.trigger("changed", run.structure);
    }
  }

  write({ progress, says, advice, numbers, woken }) {
    this.wake(woken);
    put(this.line, says);
    put(this.advice, advice);
    this.advice.hidden = !advice;
    this.bar.value = progress;
    const wanted = this.data.numbers.map(({ at }) => numbers[at]);
    wanted.forEach((text, at) => put(this.values[at], text));
    const now = performance.now();
    if (this.saidAt && now - this.saidAt < SPOKEN) return;
    this.saidAt = now;
    put(this.spoken, says);
  }

  /** Say that the run had stood still because nobody looked; each tab says it once. */
  wake(moment) {
    const key = `woken ${this.data.live.run}`;
    if (moment <= Number(sessionStorage.getItem(key) ?? 0)) return;
    sessionStorage.setItem(key, moment);
    put(this.woken, this.data.woken);
    this.woken.hidden = false;
    clearTimeout(this.forgetting);
    this.forgetting = setTimeout(() => { this.woken.hidden = true; }, TOLD);
  }

  refuse(why) {
    put(this.refusal, why);
    this.refusal.hidden = false;
  }

  /** There is no stream: have the page drawn anew with what is known now. */
  look() {
    this.trigger("changed", `${performance.now()}`);
  }

  close() {
    this.leave?.();
    this.root.remove();
  }
}

function element(kind, name) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  return made;
}

function put(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}

/** A small button that opens an explanation. */
function helper(text, label) {
  const button = element("button", "run-help");
  const box = element("div", "run-explained");
  button.type = "button";
  button.textContent = "?";
  button.setAttribute("aria-label", label);
  box.popover = "auto";
  box.textContent = text;
  button.popoverTargetElement = box;
  button.addEventListener("click", () => requestAnimationFrame(() => {
    const at = button.getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${Math.min(at.bottom + 6, innerHeight - box.offsetHeight - 8)}px`;
  }));
  const both = element("span", "");
  both.append(button, box);
  return both;
}
