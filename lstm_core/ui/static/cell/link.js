// Copies the address that leads to exactly what is seen: run, sequence, section, layer, unit, time step and moment.

import { el, write } from "./parts.js";

const SAID = 2500; // milliseconds for which it says that it is done

export class Link {
  /** `choice()` is what is chosen now. */
  constructor(facts, choice) {
    this.facts = facts;
    this.choice = choice;
    this.button = el("button", "cv-text-button cv-copy", { type: "button", text: facts.words.copy_link, click: () => this.copy() });
    this.root = el("span", "cv-link", {}, this.button);
  }

  /** The address of a place; without a unit it shows all of them. */
  get url() {
    const { layer, unit, step, update, all } = this.choice();
    const url = new URL(window.location.href);
    url.hash = "";
    url.search = new URLSearchParams({ ...this.facts.link, layer: layer + 1, ...(all ? {} : { unit: unit + 1 }), step: step + 1,
      ...(Number.isFinite(update) ? { update } : {}) });
    return url.href;
  }

  async copy() {
    const { words, link_complete: complete } = this.facts;
    const { url } = this;
    try {
      await navigator.clipboard.writeText(url);
      write(this.button, complete ? words.copied : words.copied_without);
    } catch { // a browser may not let a page copy: then the address stands there, to be copied by hand
      const address = el("input", "cv-address", { readonly: "", value: url, "aria-label": words.copy_link });
      this.root.replaceChildren(this.button, address);
      address.select();
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => write(this.button, words.copy_link), SAID);
  }
}
