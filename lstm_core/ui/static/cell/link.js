// The address that leads to exactly what is seen (run, sequence, section, layer, unit, time step, moment): copied, or as a
// QR code that phones read from the wall.

import { el, write } from "./parts.js";

const SAID = 2500; // milliseconds for which it says that it is done

export class Link {
  /** `choice()` is what is chosen now. */
  constructor(facts, choice) {
    this.facts = facts;
    this.choice = choice;
    const { copy_link: copy, qr_code: code } = facts.words;
    this.button = el("button", "cv-text-button cv-copy", { type: "button", text: copy, click: () => this.copy() });
    this.root = el("span", "cv-link", {}, this.button,
      el("button", "cv-text-button", { type: "button", text: code, click: () => this.show() }));
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
      this.field?.remove();
      this.field = el("input", "cv-address", { readonly: "", value: url, "aria-label": words.copy_link });
      this.root.append(this.field);
      this.field.select();
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => write(this.button, words.copy_link), SAID);
  }

  /** Show the code over the page; where the host lets only Streamlit's own paths through, the address alone. */
  show() {
    const { words } = this.facts;
    const { url } = this;
    const code = new URL(`../../qr?${new URLSearchParams({ to: url })}`, import.meta.url);
    const dialog = el("dialog", "cv-qr", { "aria-label": words.qr_code, close: () => dialog.remove() },
      el("img", "", { src: code, alt: words.qr_code, error: (event) => event.target.remove() }),
      el("p", "", { text: url }),
      el("button", "cv-text-button", { type: "button", text: words.close, click: () => dialog.close() }));
    this.root.append(dialog);
    dialog.showModal();
  }
}
