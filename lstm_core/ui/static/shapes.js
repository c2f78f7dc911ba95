// Puts a drawing that the server made into the page. The server has escaped every word in it.

import { styles } from "./styles.js";

export default function draw({ data, parentElement }) {
  styles("shapes.css", import.meta.url).catch((error) => console.error("shapes:", error));
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
