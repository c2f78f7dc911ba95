// Asks the server for numbers: over our own route, or, where a host lets only Streamlit's own paths through, by way of
// the page, one question after the other.

const PATIENCE = 10_000; // milliseconds that the page is given for an answer

export class Questions {
  /** `send(address)` has the page answer; its answer comes back through `take`. */
  constructor(send) {
    this.send = send;
    this.waiting = new Map(); // address -> { resolve, reject }
    this.underway = null;
    this.byPage = false; // the route has been found closed
  }

  /** Return the server's answer, a Response; raise what `fetch` raises. */
  async fetch(address, signal) {
    if (this.byPage) return this.ask(address, signal);
    let failed;
    try {
      const answer = await fetch(new URL(address, document.baseURI), { signal });
      if (answer.headers.has("X-Inside")) return answer;
    } catch (error) {
      if (error.name === "AbortError") throw error;
      failed = error;
    }
    const answer = await this.ask(address, signal).catch((error) => { throw failed ?? error; });
    this.byPage = true;
    return answer;
  }

  ask(address, signal) {
    return new Promise((resolve, reject) => {
      const end = (act) => (value) => {
        clearTimeout(timer);
        this.waiting.delete(address);
        if (this.underway === address) this.underway = null;
        act(value);
        this.next();
      };
      const fail = end(reject);
      const timer = setTimeout(() => fail(new TypeError("no answer")), PATIENCE);
      this.waiting.set(address, { resolve: end(resolve) });
      signal.addEventListener("abort", () => fail(new DOMException("", "AbortError")));
      this.next();
    });
  }

  next() {
    if (this.underway !== null || !this.waiting.size) return;
    this.underway = [...this.waiting.keys()].pop(); // the newest is what is looked at now
    this.send(this.underway);
  }

  /** The page has answered: { address, status, update, content }, the content in base64. */
  take(answer) {
    if (!answer) return;
    const content = Uint8Array.from(atob(answer.content), (letter) => letter.charCodeAt(0));
    this.waiting.get(answer.address)?.resolve(new Response(content, {
      status: answer.status, headers: { "X-Update": answer.update } }));
  }
}
