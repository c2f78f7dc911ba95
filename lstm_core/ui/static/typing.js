// What a person types or pastes, before a field of Streamlit's drops a part of it without a word.

const LONGEST = 100000; // letters of a text that is pasted: five times what is allowed, so that the page can say so

/** Whether a field holds numbers that need not be whole. */
function decimal(field) {
  return field.type === "number" && !Number.isInteger(Number(field.step));
}

/** What a text stands for in a field: with a decimal point, and as much as can be sent; null: for itself. */
function meant(field, text) {
  if (decimal(field)) {
    const number = text.replace(/[,，]/, ".");
    return number === text || /[.,，].*[.,，]/.test(text) ? null : number;
  }
  return field.localName === "textarea" && text.length > LONGEST ? text.slice(0, LONGEST) : null;
}

// A number field of an English browser ignores a comma: 0,002 would become 2.
addEventListener("beforeinput", (event) => {
  const text = event.data;
  const other = text && !event.isComposing && event.target instanceof HTMLElement ? meant(event.target, text) : null;
  if (other === null) return;
  event.preventDefault();
  document.execCommand("insertText", false, other); // as if typed: the field's own script hears of it
}, true);
