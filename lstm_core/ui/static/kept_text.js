// Keeps a text that is too long for the address as long as this tab is open, and gives it back after a reload.

const KEY = "gatescope-text";

export default function keep({ data: { text, asks }, setStateValue }) {
  if (asks) {
    const kept = sessionStorage.getItem(KEY);
    if (kept) setStateValue("text", kept);
  } else if (text) {
    sessionStorage.setItem(KEY, text);
  } else {
    sessionStorage.removeItem(KEY);
  }
}
