// Follows a run that trains: the time line of training grows, and the newest moment stays in view as long as that is
// wanted.

import { follow } from "../live/stream.js";
import { el } from "./parts.js";

export class Following {
  /** `view` is the cell view; its `renew()` has the page run again. */
  constructor(view) {
    this.view = view;
    this.on = true;
    this.told = ""; // which run is followed
    this.leave = null;
  }

  /** A button that switches it; it is there as long as the run trains. */
  button(words) {
    this.root = el("button", "cv-text-button cv-follow", { type: "button", text: words.follow, title: words.follow_hint,
      click: () => this.switch(!this.on) });
    this.show();
    return this.root;
  }

  show() {
    this.root.hidden = !this.told;
    this.root.setAttribute("aria-pressed", String(this.on));
  }

  switch(on) {
    this.on = on;
    const { updates } = this.view.facts;
    if (on && updates.length) this.view.choose({ update: updates[updates.length - 1] });
    this.show();
  }

  /** A person has chosen a moment: going back ends it, going to the newest one begins it again. */
  chosen(update) {
    const { updates } = this.view.facts;
    this.on = update >= updates[updates.length - 1];
    this.show();
  }

  /** Follow the run that the page names, or none. */
  take(live) {
    const told = live ? JSON.stringify(live) : "";
    if (told === this.told) return;
    this.told = told;
    this.leave?.();
    this.leave = live ? follow(live, { picture: (run) => this.grow(run, live), look: () => this.view.renew() }) : null;
    this.show();
  }

  grow(run, live) {
    const { view } = this;
    const { facts, choice } = view;
    const { size, count, mean } = run.losses;
    if (run.structure !== live.structure && this.asked !== run.structure) {
      this.asked = run.structure;
      view.renew();
    }
    facts.loss = {
      at: mean.map((_, bin) => bin * size + ((Math.min(size, count - bin * size) + 1) >> 1)),
      value: mean.map((value) => (Number.isFinite(value) ? value : null)),
    };
    const known = facts.updates[facts.updates.length - 1] ?? -1;
    const fresh = run.snapshots.filter((update) => update > known);
    if (fresh.length) {
      if (!facts.updates.length) view.renew(); // there is something to show: the rest of the page belongs to it
      facts.updates = [...facts.updates, ...fresh];
      view.traces.take(facts);
      if (this.on) choice.update = facts.updates[facts.updates.length - 1];
    }
    view.touch(true);
  }

  close() {
    this.leave?.();
  }
}
