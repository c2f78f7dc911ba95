// The inputs in which a learner answers: one for each kind of ask.

import { el, fill, write } from "../cell/parts.js";
import { CurveBox } from "../learn/curve_box.js";
import { tapped } from "./answers.js";
import { inline } from "./prose.js";

const LONGEST = 2000; // characters of an answer in own words

const makers = { choice, number, order, curve, words: ownWords };

/**
 * Make the input for an ask.
 * @param draft    what stands in it at first (answers.js)
 * @param settings { name, labelled, words, changed(draft) }: a name that no other input of the page has, the id of the
 *                 question's words, the words of the bar, and who is told what stands in it now.
 * @returns { root, close() }
 */
export function input(ask, draft, settings) {
  return { close() {}, ...makers[ask.kind](ask, draft, settings) };
}

function choice({ options }, draft, { name, labelled, changed }) {
  return { root: el("div", "class-options", { role: "radiogroup", "aria-labelledby": labelled }, ...options.map(({ key, text }) => {
    const radio = el("input", "", { type: "radio", name, value: key, change: () => changed(key) });
    radio.checked = key === draft;
    return el("label", "class-option", {}, radio, el("span", "", {}, ...inline(text)));
  })) };
}

function number({ low, high, whole, unit, ends }, draft, { name, labelled, words, changed }) {
  const said = `${name}-ends`;
  const field = el("input", "class-number", { type: "number", min: low, max: high, step: whole ? 1 : "any", "aria-labelledby": labelled,
    "aria-describedby": said, inputmode: low < 0 ? null : whole ? "numeric" : "decimal", autocomplete: "off" });
  field.value = draft;
  field.addEventListener("input", () => changed(field.validity.badInput ? "?" : field.value));
  return { root: el("div", "class-field", {}, field, el("span", "", { text: unit }),
    el("span", "class-ends", { id: said, text: fill(words.ends, { low: ends[0], high: ends[1] }) })) };
}

function order({ items }, draft, { labelled, words, changed }) {
  let places = draft;
  const buttons = items.map(({ key, text }) => {
    const badge = el("b", "class-place", { "aria-hidden": "true" });
    const spoken = el("span", "class-spoken");
    const button = el("button", "class-option", { type: "button" }, badge, el("span", "", {}, ...inline(text)), spoken);
    button.addEventListener("click", () => {
      places = tapped(places, key);
      show();
      changed(places);
    });
    return { key, badge, spoken, button };
  });
  const show = () => {
    for (const { key, badge, spoken, button } of buttons) {
      const place = places.indexOf(key) + 1;
      write(badge, place ? String(place) : "");
      write(spoken, place ? fill(words.place, { place }) : words.no_place);
      button.classList.toggle("class-taken", place > 0);
    }
  };
  show();
  return { root: el("div", "class-options", { role: "group", "aria-labelledby": labelled },
    el("p", "class-small", { text: words.order }), ...buttons.map(({ button }) => button)) };
}

function curve({ frame }, draft, { changed }) {
  return drawing(frame, draft, null, changed);
}

/** The box of a curve; without `changed` nothing more can be drawn. */
export function drawing(frame, drawn, truth, changed = null) {
  const root = el("div", "class-curve");
  const box = new CurveBox(root);
  box.tell = ({ values }) => changed(values);
  box.take({ ...frame, given: Array.from(frame.given), drawn, turn: 0, truth, locked: !changed });
  return { root, close: () => box.close() };
}

function ownWords(_ask, draft, { labelled, words, changed }) {
  const field = el("textarea", "class-words", { rows: 3, maxlength: LONGEST, "aria-labelledby": labelled, placeholder: words.own_words });
  field.value = draft;
  field.addEventListener("input", () => changed(field.value));
  return { root: field };
}
