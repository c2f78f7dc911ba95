// Our stylesheets, each loaded once for the page; one that did not load is tried again at the next drawing.

const loading = new Map(); // address -> the promise of its styles

/** Load a stylesheet that lies beside the script at `base`. */
export function styles(name, base) {
  const { href } = new URL(name, base);
  if (!loading.has(href)) loading.set(href, load(href).catch((error) => { loading.delete(href); throw error; }));
  return loading.get(href);
}

function load(href) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  return new Promise((done, failed) => {
    link.onload = done;
    link.onerror = () => { link.remove(); failed(new Error(`${href} did not load`)); };
    document.head.append(link);
  });
}
