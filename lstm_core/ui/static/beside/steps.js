// What the steps beside the page are made of: their words, the places they name, and what a browser remembers of them.

const KEPT = "gatescope.beside"; // where the browser keeps it
const MARKS = /\*\*(.+?)\*\*(?!\*)|\*(.+?)\*|`(.+?)`/g;

/** The words of a step as pieces `[tag, pieces or text]`: of Markdown what is bold, slanted, or code. */
export function pieces(text) {
  const found = [];
  let from = 0;
  for (const { 0: whole, 1: bold, 2: slanted, 3: code, index } of text.matchAll(MARKS)) {
    if (index > from) found.push(["", text.slice(from, index)]);
    if (bold) found.push(["strong", pieces(bold)]);
    else if (slanted) found.push(["em", slanted]);
    else found.push(["code", code]);
    from = index + whole.length;
  }
  if (from < text.length) found.push(["", text.slice(from)]);
  return found;
}

/** The CSS selector of a place: of what has a key on the page, or as it stands. */
export const selector = (target) => (/^\w+$/.test(target) ? `.st-key-${target}` : target);

/** What a step lights; where it names nothing, what it sets and presses. */
export function lit({ lights, does }) {
  return lights.length ? lights : does.filter(({ kind }) => kind !== "go").map(({ target }) => target);
}

/** What this browser remembers: `{ open, met, read: { page: [steps] } }`; nothing where it keeps nothing. */
export function recalled() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT)) ?? {};
    return { open: kept.open, met: Boolean(kept.met), read: kept.read ?? {} };
  } catch {
    return { met: false, read: {} };
  }
}

export function remember(state) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(state));
  } catch { /* a browser that keeps nothing forgets this, too */ }
}

/** The first step that was not read; the first one of all when all were. */
export function unread(count, read) {
  for (let at = 0; at < count; at++) if (!read.includes(at)) return at;
  return 0;
}
