// Inside the cell: the diagram, the heat maps, the two time lines and the equations by hand. Streamlit calls the default
// function at the first drawing, at each run of the page and when the theme changes; all movement stays in here. One
// frame draws everything that has changed since the one before; nothing is built while a person moves.

import { styles } from "../styles.js";
import { View } from "./frame.js";

const views = new WeakMap(); // Streamlit's element -> our View

export default function draw({ data, parentElement, setStateValue, setTriggerValue }) {
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = new View(parentElement)));
  view.renew = () => setStateValue("renew", Date.now());
  view.ask = (address) => setTriggerValue("ask", address);
  styles("view.css", import.meta.url).then(() => view.show(data), (error) => console.error("cell view:", error));
  // Streamlit also calls the clean-up of a drawing that a newer one has overtaken: only the newest may clear up.
  view.turn = (view.turn ?? 0) + 1;
  const { turn } = view;
  return () => {
    if (turn !== view.turn) return;
    view.close();
    views.delete(parentElement);
  };
}
