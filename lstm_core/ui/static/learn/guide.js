// Lights up in the page what a card speaks of, and presses on demand what the card waits for. When another card comes it
// takes the place and the focus of the one before, so that nobody has to look for it.

import { act, reveal } from "../beside/act.js";
import { selector } from "../beside/steps.js";

const guides = new WeakMap(); // Streamlit's element -> our Guide

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
  }

  take({ card, lights, turn, does }) {
    this.glow(lights);
    if (this.card !== undefined && card !== this.card) this.arrive();
    if (this.card === card && turn > this.turn) this.act(does);
    this.card = card;
    this.turn = turn;
  }

  glow(lights) {
    const colour = getComputedStyle(this.parent).getPropertyValue("--st-primary-color").trim();
    const text = lights.length === 0 ? "" : `${lights.map(selector).join()} { outline: 3px solid ${colour};
      outline-offset: 4px; border-radius: 4px; scroll-margin: 5rem 0; }`;
    if (this.light.textContent !== text) this.light.textContent = text;
  }

  /** The card begins where the one before began; who reads with the keyboard or by ear begins there, too. */
  arrive() {
    const place = document.querySelector(".st-key-card");
    if (!place) return;
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
    if (place.getBoundingClientRect().top < 0) place.scrollIntoView({ block: "start" });
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
  }
}
