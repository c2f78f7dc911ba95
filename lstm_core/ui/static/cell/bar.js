// What the view shows beside the two times: layer, unit, one unit or all, and with interventions which of the two runs.

import { el, write } from "./parts.js";

export class Bar {
  /** `choose(change)` is called with what a person changes; `link` stands at the end. */
  constructor(facts, choose, link) {
    this.facts = facts;
    this.choose = choose;
    const { words, layers, changed } = facts;
    this.layer = el("select", "", { "aria-label": words.layer, change: () => choose({ layer: Number(this.layer.value) }) },
      ...layers.map((_, number) => el("option", "", { value: number, text: number + 1 })));
    this.unit = el("input", "", { type: "number", min: 1, "aria-label": words.unit, inputmode: "numeric",
      input: () => { if (this.unit.value) choose({ unit: Math.round(Number(this.unit.value)) - 1 }); } });
    this.of = el("span", "cv-of");
    this.all = this.switch(words.shown_units, "all", [[false, words.one_unit], [true, words.all_units]]);
    this.shown = changed ? this.switch(words.compared, "shown", [["changed", words.changed], ["original", words.untouched],
      ["difference", words.difference]]) : null;
    this.root = el("div", "cv-bar-top", {},
      ...(layers.length > 1 ? [el("label", "", {}, words.layer, this.layer)] : []),
      el("label", "", {}, words.unit, this.unit, this.of), this.all, ...(this.shown ? [this.shown] : []), link,
      el("span", "cv-keys", { text: words.keys }));
  }

  switch(label, name, options) {
    return el("div", "cv-switch", { role: "group", "aria-label": label }, ...options.map(([value, text]) => {
      const button = el("button", "", { type: "button", text, click: () => this.choose({ [name]: value }) });
      button.choice = value;
      return button;
    }));
  }

  update({ layer, unit, all, shown }) {
    const units = this.facts.layers[layer];
    if (Number(this.layer.value) !== layer) this.layer.value = layer;
    if (Number(this.unit.value) !== unit + 1 && !(document.activeElement === this.unit && !this.unit.value)) {
      this.unit.value = unit + 1;
    }
    if (Number(this.unit.max) !== units) this.unit.max = units;
    write(this.of, `/ ${units}`);
    press(this.all, all);
    if (this.shown) press(this.shown, shown);
  }
}

function press(group, value) {
  for (const button of group.children) {
    const pressed = String(button.choice === value);
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
  }
}
