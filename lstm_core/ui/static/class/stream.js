// A class as the server tells it: one websocket for the tab, over which we ask for picture after picture, and answer.

import { decoded } from "../wire.js";

const RETRY = [300, 1000, 2000, 4000, 8000]; // milliseconds until the next attempt to connect
const LINGER = 1000; // milliseconds after which a stream that nobody follows is closed: pages are drawn anew

const streams = new Map(); // address -> its Stream

/**
 * Follow a class.
 * @param room  { code, as, lang, address }: the class, "wall" or "learner", the language, and where the stream lies.
 * @param told  { picture(picture), refused(sentence, what), lost() }: called with the whole class as it is now, with
 *              the reason why something that was sent (`what`) was not taken - without `what` why there is no stream at
 *              all -, and when the connection is lost, until the next picture.
 *              All but `picture` may be missing.
 * @returns { send(message), end() }: the first tells the server something, the second ends following.
 */
export function follow(room, told) {
  const address = new URL(room.address, document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");
  address.search = new URLSearchParams({ code: room.code, as: room.as, lang: room.lang });
  const known = streams.get(address.href);
  const stream = known ?? new Stream(address.href);
  streams.set(address.href, stream);
  return stream.follow(told);
}

class Stream {
  constructor(address) {
    this.address = address;
    this.followers = new Set();
    this.last = null; // picture
    this.unsent = []; // said while there was no connection
    this.tries = 0;
    this.closed = this.refused = false;
    this.seen = () => this.ask();
    document.addEventListener("visibilitychange", this.seen);
    this.connect();
  }

  follow(told) {
    this.followers.add(told);
    if (this.last) told.picture(this.last);
    this.ask();
    return {
      send: (message) => this.send(message),
      end: () => {
        this.followers.delete(told);
        setTimeout(() => { if (!this.followers.size) this.close(); }, LINGER);
      },
    };
  }

  connect() {
    this.socket = new WebSocket(this.address);
    this.socket.binaryType = "arraybuffer";
    this.asked = false; // for the next picture
    this.socket.onopen = () => {
      for (const message of this.unsent.splice(0)) this.send(message);
      this.ask();
    };
    this.socket.onmessage = ({ data }) => this.take(decoded(new Uint8Array(data)));
    this.socket.onclose = () => {
      if (this.closed || this.refused) return;
      for (const told of this.followers) told.lost?.();
      setTimeout(() => this.closed || this.connect(), RETRY[Math.min(this.tries++, RETRY.length - 1)]);
    };
  }

  /** Ask for the next picture, unless one is on its way or nobody looks. */
  ask() {
    if (document.hidden || !this.followers.size || this.socket.readyState !== WebSocket.OPEN) return;
    if (this.asked) return;
    this.asked = true;
    this.socket.send(JSON.stringify({ next: "" }));
  }

  send(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
    else this.unsent.push(message);
  }

  take(news) {
    this.tries = 0;
    if (news.refused) {
      if (!news.what) {
        this.refused = true;
        this.forget();
      }
      for (const told of this.followers) told.refused?.(news.refused, news.what);
      return;
    }
    this.asked = false;
    this.last = news;
    for (const told of this.followers) told.picture(news);
    requestAnimationFrame(() => this.ask()); // not before what has come is drawn
  }

  close() {
    this.closed = true;
    document.removeEventListener("visibilitychange", this.seen);
    this.socket.close();
    this.forget();
  }

  /** Who follows the class from now on has a stream of their own. */
  forget() {
    if (streams.get(this.address) === this) streams.delete(this.address);
  }
}
