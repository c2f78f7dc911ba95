// Where in the lab a learner is, and telling it to the class.

const PAUSE = 2000; // milliseconds between two messages at least

/** Whether a place that all are brought to is the one that is shown, "page?query"; pages write more into their address. */
export function isHere(place, here) {
  const [page, query = ""] = here.split("?");
  const shown = new URLSearchParams(query);
  return page === place.page && [...new URLSearchParams(place.query)].every(([name, value]) => shown.get(name) === value);
}

/** Tells `send` where one is, in the tab that is seen, when it is another place, and not too often. */
export class Whereabouts {
  constructor(send) {
    this.send = send;
    this.here = this.told = "";
    this.when = -Infinity;
    this.seen = () => {
      if (!document.hidden) this.told = ""; // another tab may have told of its own place
      this.tell();
    };
    document.addEventListener("visibilitychange", this.seen);
  }

  at(here) {
    this.here = here;
    this.tell();
  }

  tell() {
    if (document.hidden || this.here === this.told) return;
    const wait = this.when + PAUSE - Date.now();
    clearTimeout(this.waiting);
    if (wait > 0) this.waiting = setTimeout(() => this.tell(), wait);
    else if (this.send({ place: this.here })) [this.told, this.when] = [this.here, Date.now()];
  }
}
