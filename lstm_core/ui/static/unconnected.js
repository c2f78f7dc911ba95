// Shows the sentence of the page about websockets that do not get through, when no connection has been made for a while.

const PATIENCE = 10000; // milliseconds after which it is shown
const LOOK = 500; // milliseconds between two looks

const notice = document.getElementById("unconnected");
notice.style.cssText =
  "position: fixed; z-index: 1000000; inset: auto 0 0; padding: 0.5rem 1.5rem; " +
  "font: 1rem/1.5 sans-serif; color: #1b2733; background: #fff4d6; border-top: 1px solid #d9b44a;";

const looking = setInterval(() => {
  // Streamlit writes it there itself; afterwards it tells of lost connections, and comes back from them.
  const connected = document.querySelector("[data-test-connection-state=CONNECTED]") !== null;
  notice.hidden = connected || performance.now() < PATIENCE;
  if (connected) {
    clearInterval(looking);
  }
}, LOOK);
