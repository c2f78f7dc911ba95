// What is remembered of a class. A tab: { seen, open, draft: { of, value } }, which question was seen last, whether the panel
// is open, and what stands in its inputs. The browser: { brought }, to which place one was brought, or would not be.

const KEPT = "gatescope.class"; // where both keep it

const without = new Map(); // where the browser keeps nothing: until the page is left

export const tab = (code) => recalled(() => sessionStorage, "tab", code);
export const browser = (code) => recalled(() => localStorage, "browser", code);
export const rememberTab = (code, state) => remember(() => sessionStorage, "tab", code, state);
export const rememberBrowser = (code, state) => remember(() => localStorage, "browser", code, state);

function recalled(storage, name, code) {
  try {
    const kept = JSON.parse(storage().getItem(KEPT));
    if (kept?.code === code) return kept;
  } catch { /* kept from us, or by something else */ }
  const kept = without.get(name);
  return kept?.code === code ? kept : { code };
}

function remember(storage, name, code, state) {
  const kept = { ...recalled(storage, name, code), ...state };
  without.set(name, kept);
  try {
    storage().setItem(KEPT, JSON.stringify(kept));
  } catch { /* it stays in `without` */ }
}
