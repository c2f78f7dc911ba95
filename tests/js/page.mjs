// What the scripts of the page find in a browser when they are loaded. A test imports this first.

const LETTER = 6; // pixels: here every letter is equally wide

globalThis.document = {
  baseURI: "http://lab.test/cell",
  createElement: () => ({ getContext: () => ({ measureText: (text) => ({ width: LETTER * Array.from(text).length }) }) }),
};

export const STATIC = new URL("../../lstm_core/ui/static/", import.meta.url);
