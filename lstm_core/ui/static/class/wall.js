// The wall of a class, for a room to look at: the way in, then the question or the experiment that is on.

import { el, fill, set, write } from "../cell/parts.js";
import { styles } from "../styles.js";
import { ExperimentView } from "./experiment.js";
import { QuestionView } from "./question.js";
import { follow } from "./stream.js";

const walls = new WeakMap(); // Streamlit's element -> our Wall

export default function draw({ data, parentElement }) {
  let wall = walls.get(parentElement);
  if (!wall) {
    walls.set(parentElement, (wall = new Wall(parentElement)));
    styles("wall.css", import.meta.url).catch((error) => console.error("wall:", error));
  }
  wall.take(data);
  // As for live figures: Streamlit also calls this when a newer drawing is already under way.
  return () => setTimeout(() => {
    if (parentElement.isConnected) return;
    walls.get(parentElement)?.close();
    walls.delete(parentElement);
  });
}

class Wall {
  constructor(parent) {
    this.code = el("span", "wall-code-small");
    this.small = el("img", "wall-qr-small", { alt: "" });
    this.enlarge = el("button", "wall-enlarge", { type: "button", click: () => this.dialog.showModal() }, this.small, this.code);
    this.learners = el("span", "wall-learners");
    this.marks = el("span", "wall-marks");
    this.lost = el("span", "wall-lost", { role: "status" });
    this.head = el("header", "wall-head", {}, this.enlarge, this.learners, this.marks, this.lost);
    this.stage = el("div", "wall-stage");
    this.invitation = new Invitation();
    this.large = new Invitation();
    this.shut = el("button", "wall-close", { type: "button", click: () => this.dialog.close() });
    this.dialog = el("dialog", "wall-dialog", { click: ({ target }) => { if (target === this.dialog) this.dialog.close(); } },
      this.large.root, this.shut);
    this.inside = el("div", "wall-in", {}, this.head, this.stage, this.dialog);
    this.root = el("section", "wall", {}, this.inside);
    parent.append(this.root);
    this.fit = () => this.fill();
    addEventListener("resize", this.fit);
  }

  /** Take in what the page says. */
  take(data) {
    const { room, words, colours, full } = data;
    const fresh = JSON.stringify([room, words]);
    this.data = data;
    this.root.classList.toggle("wall-full", full);
    for (const [name, colour] of Object.entries(colours)) this.root.style.setProperty(`--${name}`, colour);
    write(this.shut, words.close);
    set(this.enlarge, "aria-label", fill(words.enlarge, room));
    set(this.small, "src", data.qr);
    write(this.code, spaced(room.code));
    for (const invitation of [this.invitation, this.large]) invitation.take(data);
    this.fill();
    if (fresh === this.fresh) return;
    this.fresh = fresh;
    this.following?.end();
    this.view?.close();
    this.view = this.picture = null;
    this.show(el("p", "wall-note", { text: words.connecting }));
    this.following = follow(room, {
      picture: (picture) => this.draw(picture),
      refused: (sentence, what) => { if (!what) this.refuse(sentence); },
      lost: () => write(this.lost, words.lost),
    });
  }

  /** Draw a class as it is now. */
  draw(picture) {
    const { words } = this.data;
    const { item } = picture;
    write(this.lost, "");
    this.head.classList.toggle("wall-lobby-head", !item);
    const count = people(picture.learners, words);
    write(this.learners, count);
    this.invitation.count(count);
    this.large.count(count);
    this.mark([...(picture.named ? [words.named] : []), ...(picture.held ? [words.held] : []),
      ...(picture.place ? [fill(words.brought, picture.place)] : [])]);
    const kind = item && `${item.kind} ${item.number}`;
    if (!this.picture || kind !== this.kind) {
      this.view?.close();
      this.view = item && new { question: QuestionView, experiment: ExperimentView }[item.kind](words);
      this.show(this.view?.root ?? this.invitation.root);
      this.fill();
    }
    this.kind = kind;
    this.picture = picture;
    this.view?.take(item, picture);
  }

  mark(marks) {
    const said = marks.join("\n");
    if (said === this.marked) return;
    this.marked = said;
    this.marks.replaceChildren(...marks.map((text) => el("span", "wall-mark-of-class", { text })));
  }

  refuse(sentence) {
    this.view?.close();
    this.view = null;
    write(this.lost, "");
    this.mark([]);
    this.head.classList.add("wall-lobby-head");
    this.show(el("p", "wall-note", { role: "alert", text: sentence }));
  }

  show(node) {
    if (this.stage.firstChild !== node || this.stage.childNodes.length > 1) this.stage.replaceChildren(node);
  }

  /** Take note of where the wall begins, so that it can reach down to the end of the window. */
  fill() {
    if (!this.data.full) return;
    const scrolled = this.root.closest("[data-testid=stMain]")?.scrollTop ?? scrollY;
    this.root.style.setProperty("--begin", `${Math.round(this.root.getBoundingClientRect().top + scrolled)}px`);
  }

  close() {
    removeEventListener("resize", this.fit);
    this.following?.end();
    this.view?.close();
    this.root.remove();
  }
}

/** How one comes into the class: where the code is typed, the code, and a QR code. */
class Invitation {
  constructor() {
    this.heading = el("h2", "wall-join");
    this.where = el("p", "wall-where");
    this.code = el("p", "wall-code");
    this.scan = el("figcaption", "");
    this.counted = el("p", "wall-joined", { role: "status" });
    this.qr = el("img", "wall-qr");
    this.root = el("div", "wall-invitation", {},
      el("div", "wall-way-in", {}, this.heading, this.where, this.code, this.counted),
      el("figure", "wall-scan", {}, this.qr, this.scan));
  }

  take({ room, words, link, short, qr }) {
    write(this.heading, words.join);
    const [before, after] = words.type_in.split("{short}");
    this.where.replaceChildren(before, el("b", "wall-address", { text: short }), after ?? "");
    write(this.code, spaced(room.code));
    write(this.scan, words.scan);
    set(this.qr, "src", qr);
    set(this.qr, "alt", fill(words.qr, { link }));
  }

  count(text) {
    write(this.counted, text);
  }
}

/** A code as it is read from a wall: letter by letter. */
export const spaced = (code) => Array.from(code).join(" ");

/** How many have joined, in words. */
export const people = (count, words) => (
  count === 0 ? words.nobody : count === 1 ? words.learner : fill(words.learners, { count }));
