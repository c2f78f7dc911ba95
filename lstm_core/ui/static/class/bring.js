// All are brought to a place: a notice of it, from which one goes there in a moment or stays, and later a way there. Nobody
// is taken away from what they are writing, nor in a tab that is not seen.

import { el, fill, write } from "../cell/parts.js";
import { browser, rememberBrowser } from "./memory.js";
import { isHere } from "./place.js";

const SECONDS = 2; // until one is brought there
const WRITING = "textarea, input:not([type=radio], [type=checkbox], [type=range], [type=button]), [contenteditable=true]";

export class Bring {
  /** @param go what takes one there; @param bar where one may write and be brought on: it stays as it is */
  constructor(go, bar) {
    this.go = go;
    this.bar = bar;
    this.said = el("p", "class-said", { role: "alert" });
    this.soon = el("p", "class-soon");
    this.now = el("button", "class-main", { type: "button", click: () => this.leave(true) });
    this.stay = el("button", "class-plain", { type: "button", click: () => this.leave(false) });
    this.notice = el("div", "class-notice", { hidden: "" }, this.said, this.soon,
      el("div", "class-buttons", {}, this.now, this.stay));
    this.way = el("button", "class-way", { type: "button", hidden: "", click: () => this.go() });
    document.addEventListener("visibilitychange", () => this.look());
    document.addEventListener("focusout", () => setTimeout(() => this.look()));
    document.addEventListener("focusin", () => this.look());
  }

  /** Take in where all were brought to last, and where one is. */
  take({ code, brought, place }, here, words) {
    Object.assign(this, { code, brought, place, here, words });
    this.look();
  }

  /** No class: nobody is brought anywhere. */
  rest() {
    this.place = null;
    if (this.words) this.look();
  }

  look() {
    if (!this.words) return;
    const { place, words } = this;
    const there = !place || isHere(place, this.here);
    const news = Boolean(place) && this.brought > (browser(this.code).brought ?? 0);
    if (news && there) rememberBrowser(this.code, { brought: this.brought });
    this.notice.hidden = !news || there;
    this.way.hidden = there || news;
    if (!there) {
      const title = { title: place.title };
      write(this.said, fill(words.bring, title));
      write(this.now, words.go_now);
      write(this.stay, words.stay);
      write(this.way, fill(words.go_to, title));
      this.way.title = this.way.textContent;
    }
    this.count(!this.notice.hidden && !document.hidden);
  }

  /** Count down, or stop it. */
  count(on) {
    const writing = on && this.writing();
    if (writing) write(this.soon, this.words.writing);
    if (!on || writing) {
      clearInterval(this.counting);
      this.counting = null;
    } else if (!this.counting || this.to !== this.brought) {
      clearInterval(this.counting);
      this.left = SECONDS;
      this.counting = setInterval(() => this.second(), 1000);
      this.tick();
    }
    this.to = this.brought;
  }

  second() {
    this.left -= 1;
    if (this.writing()) this.look();
    else if (this.left > 0) this.tick();
    else this.leave(true);
  }

  tick() {
    write(this.soon, fill(this.words.soon, { seconds: this.left }));
  }

  /** Whether a person is writing in a field of the page. */
  writing() {
    const field = document.activeElement;
    return Boolean(field?.matches(WRITING)) && !this.bar.contains(field) && (field.value ?? field.textContent).trim() !== "";
  }

  /** Go to where all are, or stay. */
  leave(go) {
    const focused = this.notice.contains(document.activeElement);
    rememberBrowser(this.code, { brought: this.brought });
    this.look();
    if (focused) this.way.focus({ preventScroll: true });
    if (go) this.go();
  }
}
