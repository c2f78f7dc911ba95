// One entry of the browser's history for each page that is visited and for each run that is opened. Streamlit makes one
// for every setting that changes the address: Back would then go through all of them, one by one.

const push = history.pushState.bind(history);

/** Whether an address deserves an entry of its own after the one that is shown now. */
function visited(shown, next) {
  const [before, after] = [shown, next].map((address) => address.searchParams.get("run"));
  return shown.pathname !== next.pathname || Boolean(before && after && before !== after);
}

history.pushState = (state, unused, address) => {
  const next = new URL(address ?? location.href, document.baseURI);
  if (visited(new URL(location.href), next)) push(state, unused, address);
  else history.replaceState(state, unused, address);
};
