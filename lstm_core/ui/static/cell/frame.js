// One cell view: what is chosen (layer, unit, step, moment), and the frame that shows it in all parts at once.

import { Bar } from "./bar.js";
import { Bubble } from "./bubble.js";
import { Diagram } from "./diagram.js";
import { Following } from "./following.js";
import { Hand } from "./hand.js";
import { sequenceLine, trainingLine } from "./lines.js";
import { Link } from "./link.js";
import { Maps } from "./maps.js";
import { notice, spoken } from "./notices.js";
import { Outcome } from "./outcome.js";
import { clamp, el, grouped, Scales, write } from "./parts.js";
import { Questions } from "./questions.js";
import { Traces } from "./traces.js";
import { Unrolled } from "./unrolled.js";
import { lookOf, WORDS } from "../look.js";

const QUIET = 600; // milliseconds of rest before a screen reader is told where we are

export class View {
  constructor(parent) {
    this.parent = parent;
    this.choice = { layer: 0, unit: 0, step: Infinity, update: Infinity, all: false, shown: "changed" };
    this.frames = 0; // drawn so far
    this.following = new Following(this);
    this.questions = new Questions((address) => this.ask(address));
    this.observer = new ResizeObserver(() => this.resized());
  }

  /** Take in what Python sent: build anew what has another shape, and keep what the person has chosen. */
  show(facts) {
    if (this.closed) return;
    const [sent, before] = [JSON.stringify(facts), this.folder];
    if (sent !== this.sent) {
      const { updates, loss: _loss, select, real: _real, folder, run: _run, renewed: _renewed, live, answer, link: _link, link_complete: _complete, ...shape } = facts;
      this.hold(updates);
      this.sent = sent;
      this.facts = { ...facts };
      if (folder !== this.folder) this.fetchFrom(this.facts);
      else this.traces.take(this.facts);
      if (JSON.stringify(shape) !== this.shape) this.build();
      this.shape = JSON.stringify(shape);
      for (const part of [this.maps, this.diagram, this.outcome, this.hand, this.bar, this.link, this.unrolled]) part.facts = this.facts;
      this.obey(select);
      this.following.take(live);
      this.questions.take(answer);
    }
    if (this.renewing && facts.folder === before) {
      this.traces.lost.clear();
      this.traces.next();
      this.hand.retry();
    }
    this.renewing = false;
    const { text: ink, page } = lookOf(this.parent);
    this.ink = ink;
    Object.assign(this.diagram, { ink, page });
    this.touch(true);
  }

  /** Somebody who stood at the last moment of training stays at the last one when more come. */
  hold(updates) {
    const before = this.facts?.updates;
    const last = before?.length && this.choice.update >= before[before.length - 1];
    if (last || this.following.keeps) this.choice.update = Infinity;
    if (!updates.length) return;
    this.choice.update = updates.reduce((best, one) => (
      Math.abs(one - this.choice.update) < Math.abs(best - this.choice.update) ? one : best), updates[updates.length - 1]);
  }

  fetchFrom(facts) {
    this.folder = facts.folder;
    this.traces?.close();
    this.traces = new Traces(facts, {
      arrived: () => this.touch(true),
      failed: () => this.touch(true),
      replaced: (update, by) => this.replace(update, by),
      unknown: () => this.askAgain(),
    }, this.questions);
  }

  /** A moment of training is no longer kept: an earlier one takes its place. */
  replace(update, by) {
    const { facts, choice } = this;
    facts.updates = [...new Set([...facts.updates.filter((one) => one !== update), by])].sort((one, other) => one - other);
    if (choice.update === update) choice.update = this.following.keeps ? facts.updates[facts.updates.length - 1] : by;
    this.traces.take(facts);
    this.touch(true);
  }

  /**
   * The server has forgotten the token (it was started anew, or had no room): let the page register it again, once.
   * Returns whether it does.
   */
  askAgain() {
    if (!this.renewing && Date.now() - (this.renewed ?? 0) > 10_000) {
      this.renewing = true;
      this.renewed = Date.now();
      this.renew();
    }
    this.touch(true);
    return this.renewing;
  }

  build() {
    const { facts } = this;
    const told = this.hand?.at ?? 0;
    this.lines?.forEach((line) => line.setPlaying(false));
    this.hand?.close();
    this.bubble?.end();
    this.root?.remove();
    const scales = new Scales(facts);
    this.entry = null;
    const { choice } = this;
    choice.layer = clamp(choice.layer, 0, facts.layers.length - 1);
    choice.unit = clamp(choice.unit, 0, facts.layers[choice.layer] - 1);
    choice.step = clamp(choice.step, 0, facts.steps - 1);
    if (!facts.changed) choice.shown = "changed";
    this.training = trainingLine(this);
    this.sequence = sequenceLine(this);
    this.lines = [this.training, this.sequence];
    this.link = new Link(facts, () => this.choice);
    this.bar = new Bar(facts, (change) => this.choose(change), this.link.root);
    this.diagram = new Diagram(facts, scales);
    this.maps = new Maps(facts, scales, (step, unit) => this.choose({ step, ...(unit === null ? {} : { unit }) }));
    this.outcome = new Outcome(facts);
    this.unrolled = new Unrolled(facts, scales, (change) => this.choose(change));
    this.hand = new Hand(facts, {
      light: () => this.light(), placed: () => this.place(), onward: (way) => this.choose({ step: this.choice.step + way }),
      sentence: (text) => this.diagram.told(text, this.choice.unit),
      replaced: (update, by) => this.replace(update, by), unknown: () => this.askAgain(),
    }, this.questions, Math.min(told, facts.told.length - 1));
    this.note = el("p", "cv-notice", { role: "status", hidden: "" });
    this.again = el("button", "cv-text-button", { type: "button", text: facts.words.again, hidden: "",
      click: () => { this.again.hidden = true; this.renewed = 0; this.traces.retry(choice.update); } });
    this.live = el("p", "cv-live", { "aria-live": "polite" });
    this.figure = el("figure", "cv-figure", { "aria-label": facts.words.diagram }, this.diagram.root);
    this.left = el("div", "cv-left", {}, this.figure, this.diagram.story, this.outcome.root);
    this.root = el("div", "cv", { keydown: (event) => this.key(event) },
      el("div", "cv-lines", {}, ...this.lines.map((line) => line.root)), el("div", "cv-notices", {}, this.note, this.again),
      this.bar.root, el("div", "cv-halves", {}, this.left, this.maps.root), this.unrolled.root, this.live);
    this.place();
    this.bubble = new Bubble(this.root);
    this.parent.append(this.root);
    this.maps.build(choice.layer);
    this.observer.disconnect();
    this.observer.observe(this.figure);
    this.observer.observe(this.maps.stack);
    this.fit();
  }

  /** One at a time the equations stand below the drawing that they light up, all at once below everything. */
  place() {
    if (this.hand.all) this.live.before(this.hand.root);
    else this.diagram.story.before(this.hand.root);
  }

  fit() {
    const larger = lookOf(this.parent).size / WORDS; // than on a desk; view.css enlarges what is drawn for that width
    const width = Math.floor(clamp(this.figure.clientWidth / larger, 310, 780));
    this.diagram.build(width);
    this.maps.fit();
    this.unrolled.build(this.choice.layer, this.root.clientWidth);
    this.light();
  }

  resized() {
    if (this.closed || !this.root?.isConnected) return;
    this.fit();
    this.touch(true);
  }

  /** Go where Python asks to go; what it asked for before is not asked for again. */
  obey(select) {
    const asked = JSON.stringify(select);
    if (!select || asked === this.asked) return;
    this.asked = asked;
    const change = Object.fromEntries(Object.entries(select).filter(([name, value]) => value !== null && name !== "turn"));
    if ("update" in change) {
      change.update = this.facts.updates.filter((update) => update <= change.update).pop() ?? this.facts.updates[0];
    }
    this.choose(change);
  }

  choose(change) {
    const { choice, facts } = this;
    const layer = choice.layer;
    Object.assign(choice, change);
    if ("update" in change) this.following.chosen(change.update);
    choice.layer = clamp(choice.layer, 0, facts.layers.length - 1);
    choice.unit = clamp(choice.unit, 0, facts.layers[choice.layer] - 1);
    choice.step = clamp(choice.step, 0, facts.steps - 1);
    if (choice.layer !== layer) {
      this.maps.build(choice.layer);
      this.fit();
    }
    this.touch(choice.layer !== layer || "shown" in change);
  }

  /** Draw at the next frame; `whole`: the numbers or their colours may be others. */
  touch(whole = false) {
    this.whole ||= whole;
    this.dirty = true;
    if (!this.request && !this.closed) this.request = requestAnimationFrame((now) => this.frame(now));
  }

  frame(now) {
    this.request = 0;
    for (const line of this.lines) line.advance(now);
    if (this.dirty) this.draw();
    if (this.lines.some((line) => line.playing)) this.touch();
  }

  draw() {
    const { choice, facts, traces } = this;
    const { whole } = this;
    this.dirty = this.whole = false;
    this.frames += 1;
    if (facts.updates.length) traces.choose(choice.update);
    const entry = traces.nearest(choice.update) ?? this.entry; // of the sequence before, until the new one is here
    const shown = choice.shown;
    this.root.classList.toggle("cv-stale", !entry || !traces.has(entry.update));
    const fresh = entry !== this.entry || whole;
    this.entry = entry;
    if (entry) {
      if (fresh) this.maps.paint(entry, shown);
      this.maps.mark(choice.step, choice.unit);
      const trace = shown === "original" ? entry.original : entry.changed;
      this.diagram.update(trace, choice.layer, choice.unit, choice.step, choice.all);
      this.outcome.update(entry, shown, choice.step);
      this.unrolled.update(trace, choice.unit, choice.step);
    }
    this.bar.update(choice);
    for (const line of this.lines) line.refresh(fresh);
    notice(this);
    this.work(entry);
    this.bubble.follow();
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => this.speak(), QUIET);
  }

  /** Let the equations follow, as long as the numbers shown are those of the chosen moment. */
  work(entry) {
    const { layer, unit, step, update, shown } = this.choice;
    const here = entry?.update === update && this.traces.has(update);
    const which = shown === "original" ? "original" : "changed";
    this.hand.want(here ? `${this.folder}/${update}/by-hand?layer=${layer}&unit=${unit}&step=${step}&which=${which}` : null,
      { unit: unit + 1, step: step + 1, update: grouped(update), moment: update }, this.traces.lost.has(update));
  }

  /** Tell a screen reader where we are. */
  speak() {
    if (this.closed || !this.entry || this.lines.some((line) => line.playing)) return;
    write(this.live, spoken(this));
  }

  light() {
    const { parts, places } = this.hand.lit(this.choice.step);
    this.diagram.light(parts);
    this.maps.light(places);
  }

  key(event) {
    const { target, key } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || target.matches("select, input")) return;
    const training = target === this.training.track;
    const line = training || event.shiftKey ? this.training : this.sequence;
    const move = { ArrowLeft: -1, ArrowRight: 1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity }[key];
    if (move !== undefined) line.move(move);
    else if (key === "ArrowUp") this.choose({ unit: this.choice.unit - 1 });
    else if (key === "ArrowDown") this.choose({ unit: this.choice.unit + 1 });
    else if (key === " " && !target.matches("button")) line.setPlaying(!line.playing);
    else return;
    event.preventDefault();
  }

  close() {
    this.closed = true;
    cancelAnimationFrame(this.request);
    clearTimeout(this.speaking);
    this.observer.disconnect();
    this.following.close();
    this.traces?.close();
    this.hand?.close();
    this.bubble?.end();
    this.root?.remove();
  }
}
