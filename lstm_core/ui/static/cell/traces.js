// Fetches what a network does inside, snapshot by snapshot: the chosen moment first, then coarse to fine until all are
// here or the memory is full. A snapshot is known by its number of updates.

import { refusal } from "./parts.js";

const BUDGET = 128e6; // bytes of traces kept in the browser
const AT_ONCE = 2; // requests under way; the chosen moment may be one more

export class Traces {
  /**
   * @param told  { arrived(update), failed(update), replaced(update, by), unknown() }: what to do when numbers have come,
   *              when they could not be had, when a snapshot is no longer kept and an earlier one stands for it, and
   *              when the server does not know the token (any more).
   * @param questions  asks the server (see questions.js).
   */
  constructor(facts, told, questions) {
    this.told = told;
    this.questions = questions;
    this.kept = new Map(); // update -> { update, changed, original, bytes }
    this.underway = new Map(); // update -> AbortController
    this.lost = new Set(); // updates that could not be loaded
    this.chosen = null;
    this.closed = false;
    this.take(facts);
  }

  /** Go on with the snapshots that there are now. */
  take(facts) {
    this.facts = facts;
    this.order = coarseToFine(facts.updates);
    const there = new Set(facts.updates);
    for (const update of this.kept.keys()) if (!there.has(update)) this.kept.delete(update);
  }

  get size() {
    let sum = 0;
    for (const entry of this.kept.values()) sum += entry.bytes;
    return sum;
  }

  has(update) {
    return this.kept.has(update);
  }

  /** The trace of a moment, or that of the nearest moment that is here; null: none is here yet. */
  nearest(update) {
    let best = this.kept.get(update) ?? null;
    if (best) return best;
    for (const entry of this.kept.values()) {
      if (!best || Math.abs(entry.update - update) < Math.abs(best.update - update)) best = entry;
    }
    return best;
  }

  /** From now on this moment is wanted most. */
  choose(update) {
    this.chosen = update;
    this.next();
  }

  retry(update) {
    this.lost.delete(update);
    this.next();
  }

  close() {
    this.closed = true;
    for (const request of this.underway.values()) request.abort();
  }

  next() {
    if (this.closed || this.chosen === null) return;
    if (!this.known(this.chosen) && this.underway.size <= AT_ONCE) this.fetch(this.chosen);
    while (this.underway.size < AT_ONCE) {
      const update = this.wanted();
      if (update === undefined) return;
      this.fetch(update);
    }
  }

  known(update) {
    return this.kept.has(update) || this.underway.has(update) || this.lost.has(update);
  }

  /** What to fetch ahead: the neighbours of the chosen moment, then the rest coarse to fine while there is room. */
  wanted() {
    const { updates, live } = this.facts;
    if (live) return undefined; // it trains: what is newest next moment is not known yet
    const at = updates.indexOf(this.chosen);
    for (let apart = 1; apart <= 3; apart++) {
      for (const near of [updates[at + apart], updates[at - apart]]) {
        if (near !== undefined && !this.known(near)) return near;
      }
    }
    const each = this.kept.size ? this.size / this.kept.size : 0;
    if (this.size + (this.underway.size + 1) * each > BUDGET) return undefined;
    return this.order.find((update) => !this.known(update));
  }

  async fetch(update) {
    const request = new AbortController();
    this.underway.set(update, request);
    try {
      const which = this.facts.changed ? ["changed", "original"] : ["changed"];
      const answers = await Promise.all(which.map((one) => this.ask(update, one, request.signal)));
      const [changed, original] = answers.map(({ bytes }) => parsed(bytes, this.facts));
      const bytes = answers.reduce((sum, answer) => sum + answer.bytes.byteLength, 0);
      const by = answers[0].update;
      this.kept.set(by, { update: by, changed, original: original ?? null, bytes });
      this.evict();
      if (this.closed) return;
      if (by !== update) {
        if (this.chosen === update) this.chosen = by;
        this.told.replaced(update, by);
      }
      this.told.arrived(by);
    } catch (error) {
      if (this.closed) return;
      this.lost.add(update);
      if (error.gone === "token") this.told.unknown();
      else this.told.failed(update);
    } finally {
      this.underway.delete(update);
      this.next();
    }
  }

  async ask(update, which, signal) {
    const answer = await this.questions.fetch(`${this.facts.folder}/${update}?which=${which}`, signal);
    if (answer.ok) return { update: Number(answer.headers.get("X-Update")), bytes: await answer.arrayBuffer() };
    throw await refusal(answer);
  }

  /** Let go of the moments farthest from the chosen one while there are too many bytes. */
  evict() {
    while (this.size > BUDGET && this.kept.size > 1) {
      let far = null;
      for (const update of this.kept.keys()) {
        if (far === null || Math.abs(update - this.chosen) > Math.abs(far - this.chosen)) far = update;
      }
      this.kept.delete(far);
    }
  }
}

/** First and last, then every 64th, 32nd, 16th ... until all. */
function coarseToFine(updates) {
  const order = new Set([updates[0], updates[updates.length - 1]]);
  for (let apart = 64; apart >= 1; apart /= 2) {
    for (let at = 0; at < updates.length; at += apart) order.add(updates[at]);
  }
  return [...order].filter((update) => update !== undefined);
}

/** Cut the bytes that `cell_routes.packed` wrote into arrays, without copying them. */
function parsed(buffer, facts) {
  let offset = 0;
  const cut = (length) => {
    const values = new Float32Array(buffer, offset, length);
    offset += 4 * length;
    return values;
  };
  const { steps } = facts;
  const x = cut(steps * facts.entering);
  const layers = facts.layers.map((units) => {
    const layer = {};
    for (const gate of facts.gates) layer[gate] = cut(steps * units);
    for (const state of facts.states) {
      const whole = cut((steps + 1) * units);
      layer[state] = whole.subarray(units); // after each step
      layer[`${state}0`] = whole; // before each step
    }
    return layer;
  });
  const y = cut(steps * facts.outputs);
  const lined = facts.lined.map((drawn) => (drawn ? [] : null));
  for (let stage = 0; stage < (facts.switch ? 2 : 1); stage++) {
    facts.lined.forEach((drawn, number) => {
      if (!drawn) return;
      const [units, reads] = [facts.layers[number], number ? facts.layers[number - 1] : facts.entering];
      lined[number].push(Object.fromEntries(facts.summed.map((gate) => [gate, { W: cut(units * reads), U: cut(units * units) }])));
    });
  }
  if (offset !== buffer.byteLength) throw new Error("a trace of another size");
  layers.forEach((layer, number) => {
    layer.x = number ? layers[number - 1].h : x;
    layer.weights = lined[number]; // of each stage (layers, decoder) by gate; null where they are not drawn
  });
  return { layers, y: facts.labels.length ? softmax(y, facts.outputs) : y };
}

/** Turn scores into probabilities, step by step. */
function softmax(scores, width) {
  const odds = new Float32Array(scores.length);
  for (let from = 0; from < scores.length; from += width) {
    let largest = -Infinity;
    let sum = 0;
    for (let at = from; at < from + width; at++) largest = Math.max(largest, scores[at]);
    for (let at = from; at < from + width; at++) sum += odds[at] = Math.exp(scores[at] - largest);
    for (let at = from; at < from + width; at++) odds[at] /= sum;
  }
  return odds;
}
