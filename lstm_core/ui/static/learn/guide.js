// Lights up in the page what a card speaks of, and presses on demand what the card waits for. When another card comes it
// takes the place and the focus of the one before, so that nobody has to look for it. What is lit comes into view by itself
// where the card stays in sight beside it; on a phone, where it stands above, by a button.

import { act, reveal } from "../beside/act.js";
import { el, write } from "../cell/parts.js";
import { selector } from "../beside/steps.js";

const PATIENCE = 4000; // milliseconds until what is lit is there
const EDGE = 80; // pixels below the top and above the bottom in which nothing is read

const guides = new WeakMap(); // Streamlit's element -> our Guide
let acted = 0; // the turn that was done last
const stacked = matchMedia("(max-width: 640px)");

export default function draw({ data, parentElement }) {
  let guide = guides.get(parentElement);
  if (!guide) guides.set(parentElement, (guide = new Guide(parentElement)));
  guide.take(data);
  return () => setTimeout(() => {
    if (parentElement.isConnected) return;
    guides.get(parentElement)?.close();
    guides.delete(parentElement);
  });
}

class Guide {
  constructor(parent) {
    this.parent = parent;
    this.light = document.createElement("style");
    document.head.append(this.light);
    this.way = el("button", "guide-way", { type: "button" });
    this.way.addEventListener("click", () => reveal(this.lights.find((target) => document.querySelector(selector(target)))));
    parent.append(this.way);
  }

  take({ card, lights, turn, does, words }) {
    this.lights = lights;
    this.glow(lights);
    write(this.way, words.way);
    this.way.hidden = lights.length === 0;
    if (this.card !== undefined && card !== this.card) this.arrive(card);
    if (turn > acted) {
      acted = turn;
      this.act(does);
    }
    this.card = card;
  }

  glow(lights) {
    const colour = getComputedStyle(this.parent).getPropertyValue("--st-primary-color").trim();
    const text = lights.length === 0 ? "" : `${lights.map(selector).join()} { outline: 3px solid ${colour};
      outline-offset: 4px; border-radius: 4px; scroll-margin: 5rem 0; }`;
    if (this.light.textContent !== text) this.light.textContent = text;
  }

  /** The card begins where the one before began; who reads with the keyboard or by ear begins there, too. */
  arrive(card) {
    const place = document.querySelector(".st-key-card");
    if (!place) return;
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
    if (place.getBoundingClientRect().top < 0) place.scrollIntoView({ block: "start" });
    if (!stacked.matches) this.seek(card);
  }

  /** Bring what is lit into view once it is drawn, if none of it is. */
  async seek(card) {
    const end = performance.now() + PATIENCE;
    for (let there = []; performance.now() < end; ) {
      await new Promise((done) => { setTimeout(done, 400); });
      if (this.card !== card) return;
      const now = this.lights.map(selector).flatMap((css) => [...document.querySelectorAll(css)])
        .filter((node) => node.checkVisibility()).map((node) => Math.round(node.getBoundingClientRect().top));
      if (now.length && now.join() === there.join()) { // it is drawn, and moves no more
        if (!now.some((top) => top > -EDGE && top < innerHeight - EDGE)) {
          reveal(this.lights.find((target) => document.querySelector(selector(target))));
        }
        return;
      }
      there = now;
    }
  }

  async act(does) {
    try {
      for (const action of does) await act(action);
      reveal(does.at(-1)?.target);
    } catch (error) {
      console.warn("guide:", error);
    }
  }

  close() {
    this.light.remove();
    this.way.remove();
  }
}
