// An experiment in the panel of a learner: which part of it is theirs, and how their run stands.

import { el, fill, set, write } from "../cell/parts.js";
import { sentence } from "./sentence.js";

const PATIENCE = 8000; // milliseconds until a run that was asked for must have begun
const ENDED = ["done", "stopped"]; // a run that trains has a result, too, but not its last

export class Experiment {
  /** @param act "train" or "run": has the server do it */
  constructor(act) {
    this.act = act;
    this.heading = el("h2", "class-heading");
    this.text = el("p", "class-small");
    this.part = el("p", "class-part");
    this.progress = el("progress", "class-progress", { max: 1 });
    this.state = el("p", "class-row");
    this.train = el("button", "class-main", { type: "button", click: () => this.begin() });
    this.look = el("button", "class-plain", { type: "button", click: () => this.act("run") });
    this.note = el("p", "class-note", { role: "status" });
    this.root = el("article", "class-item", {}, this.heading, this.text, this.part, this.progress, this.state,
      el("div", "class-foot", {}, this.train, this.look, this.note));
  }

  take(item, words) {
    if (item.number !== this.item?.number || item.mine.status) this.begun = false;
    Object.assign(this, { item, words });
    const { value, run, status, progress, result } = item.mine;
    write(this.heading, fill(words.experiment, { title: item.title }));
    write(this.text, item.text);
    this.part.replaceChildren(...sentence(words.part, { value: [el("strong", "", { text: value })] }));
    this.progress.hidden = this.state.hidden = !status;
    this.progress.value = progress;
    set(this.progress, "aria-label", words.progress);
    const name = result !== null && ENDED.includes(status) ? "result" : `run_${status}`;
    write(this.state, status ? fill(words[name], { result, percent: Math.round(100 * progress) }) : "");
    this.look.hidden = !run;
    write(this.look, words.run);
    this.say();
  }

  begin() {
    if (this.train.getAttribute("aria-disabled") === "true") return;
    this.begun = true;
    this.say();
    this.act("train");
    setTimeout(() => { this.begun = false; this.say(); }, PATIENCE);
  }

  say() {
    const { item: { open, mine }, words } = this;
    const focused = document.activeElement === this.train;
    this.train.hidden = Boolean(mine.status);
    if (focused && this.train.hidden) this.look.focus({ preventScroll: true });
    write(this.train, words.train);
    set(this.train, "aria-disabled", String(!open || Boolean(this.begun)));
    write(this.note, mine.status ? "" : !open ? words.experiment_closed : this.begun ? words.beginning : "");
  }
}
