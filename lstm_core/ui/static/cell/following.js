// Follows a run that trains: the time line of training grows, and the newest moment stays in view as long as that is
// wanted.

import { follow, looked } from "../live/stream.js";
import { el } from "./parts.js";

export class Following {
  /** `view` is the cell view; its `renew()` has the page run again. */
  constructor(view) {
    this.view = view;
    this.on = true;
    this.told = ""; // which run is followed
    this.leave = null;
    this.teller = { picture: (run) => this.grow(run), look: () => view.renew() };
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

  /** Whether the newest moment is to be in view, whichever that is. */
  get keeps() {
    return this.on && this.told !== "";
  }

  /** Follow the run that the page names, or none. */
  take(live) {
    looked(this.teller);
    const told = live ? JSON.stringify(live) : "";
    if (told === this.told) return;
    this.told = told;
    this.live = live;
    this.leave?.();
    this.leave = live ? follow(live, this.teller) : null;
    this.show();
  }

  grow(run) {
    const { view } = this;
    const { facts } = view;
    const { size, count, mean } = run.losses;
    if (run.structure !== this.live.structure && this.asked !== run.structure) {
      this.asked = run.structure;
      view.renew();
    }
    facts.loss = {
      at: mean.map((_, bin) => bin * size + ((Math.min(size, count - bin * size) + 1) >> 1)),
      value: mean.map((value) => (Number.isFinite(value) ? value : null)),
    };
    if (String(run.snapshots) !== String(facts.updates)) {
      if (!facts.updates.length) view.renew(); // there is something to show: the rest of the page belongs to it
      view.hold(run.snapshots);
      facts.updates = run.snapshots;
      view.traces.take(facts);
    }
    view.touch(true);
  }

  close() {
    this.leave?.();
  }
}
