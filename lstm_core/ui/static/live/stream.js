// A run that trains, as the server streams it: one websocket for the tab, over which we ask for picture after picture.
// Whoever draws follows the run here; what has come so far is put together in `run`, which lives as long as its page.

import { decoded } from "../wire.js";

const RETRY = [300, 1000, 2000, 4000, 8000]; // milliseconds until the next attempt to connect
const SILENT = 2500; // milliseconds without a stream after which the page is asked to look by itself,
const LOOK = 1000; // and between two such looks
const PATIENCE = 15000; // and until a look that the page has not answered is tried again
const LINGER = 1000; // milliseconds after which a stream that nobody follows is closed: pages are drawn anew

let stream = null;

/** The page has been drawn anew: it may be asked to look again. */
export function looked(told) {
  stream?.looks.delete(told);
}

/**
 * Follow a run.
 * @param live  { run, lang, address }: as the page tells.
 * @param told  { looks, picture(run, news), refused(sentence), look() }: what is looked at, as names of parts whose
 *              predictions are wanted and numbers of units whose inside is (-1: the mean of all); called with all that
 *              is known and with what has just come; with the reason why there is no stream; when the page should look
 *              by itself. All but `picture` may be missing.
 * @returns a function that ends it.
 */
export function follow(live, told) {
  if (!live.run) return () => {}; // nothing is trained yet
  const address = new URL(live.address, document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");
  address.search = `?lang=${live.lang}`;
  if (stream?.address !== address.href) {
    stream?.close();
    stream = new Stream(address.href);
  }
  return stream.follow(live.run, told);
}

/** Ask at once for what those who follow now look at. */
export function lookAnew() {
  stream?.ask();
}

class Stream {
  constructor(address) {
    this.address = address;
    this.followers = new Map(); // what was told -> the run
    this.looks = new WeakMap(); // what was told -> when its page was asked to look, and has not yet answered
    this.run = null; // what is known of the run that is followed
    this.socket = null;
    this.waits = false; // for an answer
    this.asked = ""; // the last question
    this.refused = false; // for good
    this.tries = 0;
    this.closed = false;
    this.silent = performance.now(); // since when there has been no picture though one was wanted
    this.seen = () => this.ask();
    document.addEventListener("visibilitychange", this.seen);
    this.looking = setInterval(() => this.lookAround(), LOOK);
    this.connect();
  }

  follow(id, told) {
    this.followers.set(told, id);
    if (this.run?.id !== id) this.run = begun(id);
    else if (this.run.update !== null) told.picture(this.run, this.run);
    this.ask();
    return () => {
      this.followers.delete(told);
      setTimeout(() => { if (!this.followers.size) this.close(); }, LINGER);
    };
  }

  connect() {
    this.socket = new WebSocket(this.address);
    this.socket.binaryType = "arraybuffer";
    this.waits = false;
    this.asked = "";
    if (this.run) this.run = begun(this.run.id, this.run); // the server, too, begins anew
    this.socket.onopen = () => this.ask();
    this.socket.onmessage = ({ data }) => this.take(decoded(new Uint8Array(data)));
    this.socket.onclose = () => {
      if (this.closed || this.refused) return;
      this.silent ??= performance.now();
      setTimeout(() => this.closed || this.connect(), RETRY[Math.min(this.tries++, RETRY.length - 1)]);
    };
  }

  /** Ask for the next picture, unless one is on its way or nobody looks: then the run's lease may lapse. */
  ask() {
    if (document.hidden || !this.followers.size || this.socket.readyState !== WebSocket.OPEN) return;
    const looks = new Set([...this.followers.keys()].flatMap((told) => told.looks ?? []));
    const question = JSON.stringify({ run: this.run.id, looks: [...looks] });
    if (this.waits && question === this.asked) return;
    this.waits = true;
    this.asked = question;
    this.socket.send(question);
  }

  take(news) {
    this.waits = false;
    this.tries = 0;
    this.silent = null;
    if (news.refused) {
      this.refused = true;
      for (const told of this.followers.keys()) told.refused?.(news.refused);
      return;
    }
    if (news.run === this.run.id) {
      merge(this.run, news);
      for (const [told, id] of this.followers) if (id === news.run) told.picture(this.run, news);
    }
    requestAnimationFrame(() => this.ask()); // not before what has come is drawn: a slow browser sees fewer pictures
  }

  /** Have the page look by itself while there is no stream: some hosts let only Streamlit's own paths through. */
  lookAround() {
    if (this.silent === null || document.hidden || performance.now() - this.silent < SILENT || this.run?.active === false) return;
    for (const told of this.followers.keys()) {
      if (!told.look || performance.now() - (this.looks.get(told) ?? -Infinity) < PATIENCE) continue;
      this.looks.set(told, performance.now());
      told.look();
    }
  }

  close() {
    this.closed = true;
    clearInterval(this.looking);
    document.removeEventListener("visibilitychange", this.seen);
    this.socket.close();
    if (stream === this) stream = null;
  }
}

function begun(id, before = {}) {
  return {
    ...before, id, update: before.update ?? null,
    losses: { size: 1, count: 0, mean: [] }, evaluations: { update: [], loss: [], score: [] }, snapshots: [], predicted: {}, inside: {},
  };
}

/** Put what has just come to what is known. */
function merge(run, news) {
  const { losses, evaluations, snapshots, predicted, inside, ...facts } = news;
  if (facts.update < run.update) Object.assign(run, begun(run.id)); // taken back to its beginning
  Object.assign(run, facts);
  if (losses) {
    run.losses.mean.length = losses.from;
    run.losses.mean.push(...losses.mean);
    run.losses.size = losses.size;
    run.losses.count = losses.count;
  }
  if (evaluations) {
    for (const name of ["update", "loss", "score"]) run.evaluations[name].push(...evaluations[name]);
  }
  if (snapshots) {
    const gone = new Set(snapshots.gone);
    run.snapshots = [...run.snapshots.filter((update) => !gone.has(update)), ...snapshots.new].sort((one, other) => one - other);
  }
  Object.assign(run.predicted, predicted);
  Object.assign(run.inside, inside);
}
