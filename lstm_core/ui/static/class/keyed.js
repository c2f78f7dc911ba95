// Keeps the nodes of things that come again with every picture: a thing that is known only changes what it has.

export class Keyed {
  /**
   * @param parent in which the nodes lie
   * @param make(thing) makes what is kept for a new thing: an object with its `node`
   */
  constructor(parent, make) {
    this.parent = parent;
    this.make = make;
    this.kept = new Map(); // key -> what `make` returned
  }

  /** Take in the things as they are now, each with its own `key(thing)`; return what is kept for each, in their order. */
  take(things, key) {
    const keys = things.map(key);
    const wanted = new Set(keys);
    for (const [known, { node }] of this.kept) {
      if (wanted.has(known)) continue;
      node.remove();
      this.kept.delete(known);
    }
    return things.map((thing, at) => {
      let one = this.kept.get(keys[at]);
      if (!one) {
        this.kept.set(keys[at], (one = this.make(thing)));
        this.parent.append(one.node);
      }
      return one;
    });
  }
}

/** Move what is kept for a thing to a place; a style is set only when it is another one. */
export function place(one, x, y) {
  const where = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  if (one.where === where) return;
  one.where = where;
  one.node.style.transform = where;
}
