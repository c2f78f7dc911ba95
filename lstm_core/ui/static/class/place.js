// Where in the lab a learner is, and telling it to the class.

const PAUSE = 2000; // milliseconds between two messages at least

/** Whether a place that all are brought to is the one that is shown, "page?query". */
export function isHere(place, here) {
  const [page, query = ""] = here.split("?");
  return page === place.page && sorted(query) === sorted(place.query);
}

function sorted(query) {
  const found = new URLSearchParams(query);
  found.sort();
  return found.toString();
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
