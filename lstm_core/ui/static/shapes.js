// Puts a drawing that the server made into the page. The server has escaped every word in it.

let styled = null; // the promise of our styles

export default function draw({ data, parentElement }) {
  styled ??= style().catch((error) => { styled = null; console.error("shapes:", error); });
  let root = parentElement.querySelector(":scope > .sh");
  if (!root) {
    root = document.createElement("div");
    root.className = "sh";
    parentElement.append(root);
  }
  if (root.drawn === data.markup) return;
  root.drawn = data.markup;
  root.innerHTML = data.markup;
}

/** Load our styles, which lie beside this file. */
function style() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL("shapes.css", import.meta.url);
  return new Promise((done, failed) => {
    link.onload = done;
    link.onerror = () => { link.remove(); failed(new Error(`${link.href} did not load`)); };
    document.head.append(link);
  });
}
