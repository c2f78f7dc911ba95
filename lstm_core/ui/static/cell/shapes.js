// Where everything lies in the drawings of the cells, as the textbooks draw them, for a width in pixels.
//
// A quantity is a name that `diagram.js` can compute. flow: a line along which a quantity runs; box: a layer with
// its function; node: where two lines meet (a gate's ring shows how far it is open); label: a quantity written there.

const BOX = 62; // height of a box

/** Columns from left to right, evenly spaced. */
function columns(width, count) {
  const first = width < 480 ? 84 : width * 0.17;
  const last = width < 480 ? width - 70 : width * 0.84;
  return Array.from({ length: count }, (_, at) => first + ((last - first) * at) / (count - 1));
}

/** Heights from above: a wide drawing is a little taller. */
function heights(width, values) {
  return values.map((value) => Math.round(66 + (value - 66) * (width < 520 ? 1 : 1.14)));
}

function boxWidth(x) {
  return Math.min(x[1] - x[0] - 8, 118);
}

/** The LSTM; that of 1997 has no forget gate, so that the old cell state runs on whole. */
function lstm(width, forgets = true) {
  const gates = forgets ? ["f", "i", "g", "o"] : ["i", "g", "o"];
  const x = columns(width, gates.length + 1);
  const [f, i, g, o, out] = forgets ? x : [null, ...x];
  const [top, product, squash, gated, row, bus, height] = heights(width, [66, 142, 130, 206, 240, 348, 426]);
  const w = boxWidth(x);
  const up = (at) => `M${at} ${bus}V${row + BOX}`;
  return {
    height, frame: [24, 14, width - 48, bus + 26],
    flows: [
      { q: "c0", d: `M0 ${top}H${(forgets ? f : g) - 14}` },
      ...(forgets ? [{ q: "fc", d: `M${f + 14} ${top}H${g - 14}` },
        { q: "f", d: `M${f} ${row}V${top + 14}`, arrow: true }] : []),
      { q: "c", d: `M${g + 14} ${top}H${out}` },
      { q: "c", d: `M${out} ${top}H${width - 8}`, arrow: true },
      { q: "i", d: `M${i} ${row}V${product}H${g - 14}`, arrow: true },
      { q: "g", d: `M${g} ${row}V${product + 14}`, arrow: true },
      { q: "ig", d: `M${g} ${product - 14}V${top + 14}`, arrow: true },
      { q: "c", d: `M${out} ${top}V${squash - 13}`, arrow: true },
      { q: "tc", d: `M${out} ${squash + 13}V${gated - 14}`, arrow: true },
      { q: "o", d: `M${o} ${row}V${gated}H${out - 14}`, arrow: true },
      { q: "h", d: `M${out} ${gated + 14}V${bus}H${width - 8}`, arrow: true },
      { q: "bus", part: "h0", d: `M0 ${bus}H${o}` }, { q: "bus", part: "x", d: `M52 ${height - 12}V${bus}` },
      ...gates.map((gate, at) => ({ q: "bus", part: `in-${gate}`, d: up(x[at]), arrow: true })),
    ],
    boxes: gates.map((gate, at) => ({ gate, x: x[at] - w / 2, y: row, w, h: BOX,
      sign: gate === "g" ? "tanh" : "σ" })),
    pills: [{ x: out, y: squash, sign: "tanh" }],
    nodes: [...(forgets ? [{ x: f, y: top, sign: "×", gate: "f" }] : []), { x: g, y: top, sign: "+" },
      { x: g, y: product, sign: "×", gate: "i" }, { x: out, y: gated, sign: "×", gate: "o" }],
    labels: [
      { q: "c0", name: "c(t−1)", x: 30, y: top - 14 },
      ...(forgets ? [{ q: "fc", name: "f · c(t−1)", x: (f + g) / 2, y: top - 14, anchor: "middle" }] : []),
      { q: "c", name: "c(t)", x: width - 30, y: top - 14, anchor: "end" },
      { q: "ig", name: "i · g", x: g + 9, y: (top + product) / 2 + 10 }, { q: "tc", name: "tanh c(t)", x: out + 9, y: (squash + gated) / 2 + 12, tight: true },
      { q: "h", name: "h(t)", x: width - 30, y: bus + 31, anchor: "end" },
      { q: "h0", name: "h(t−1)", x: 30, y: bus - 12 }, { q: "x", name: "x(t)", x: 62, y: height - 14, beside: true },
    ],
  };
}

function gru(width) {
  const x = columns(width, 5);
  const [z, r, reset, n] = x;
  const [top, product, row, bus, height] = heights(width, [66, 152, 240, 348, 426]);
  const w = boxWidth(x);
  const middle = row + BOX / 2;
  const invert = (z + n) / 2;
  return {
    height, frame: [24, 14, width - 48, bus + 20],
    flows: [
      { q: "h0", d: `M0 ${top}H${z - 14}` },
      { q: "zh", d: `M${z + 14} ${top}H${n - 14}` },
      { q: "h", d: `M${n + 14} ${top}H${width - 8}`, arrow: true },
      { q: "z", d: `M${z} ${row}V${top + 14}`, arrow: true },
      { q: "z", d: `M${z} ${product}H${invert - 19}` },
      { q: "1z", d: `M${invert + 19} ${product}H${n - 14}`, arrow: true },
      { q: "n", d: `M${n} ${row}V${product + 14}`, arrow: true },
      { q: "zn", d: `M${n} ${product - 14}V${top + 14}`, arrow: true },
      { q: "r", d: `M${r + w / 2} ${middle}H${reset - 14}`, arrow: true },
      { q: "bus", part: "u", d: `M${reset} ${bus}V${middle + 14}`, arrow: true },
      { q: "bus", part: "u", d: `M${reset + 14} ${middle}H${n - w / 2}`, arrow: true },
      { q: "bus", part: "h0", d: `M30 ${top}V${bus}H${n}` }, { q: "bus", part: "x", d: `M52 ${height - 12}V${bus}` },
      ...[["z", z], ["r", r], ["n", n]].map(([gate, at]) => ({
        q: "bus", part: `in-${gate}`, d: `M${at} ${bus}V${row + BOX}`, arrow: true })),
    ],
    boxes: [["z", z], ["r", r], ["n", n]].map(([gate, at]) => ({ gate, x: at - w / 2, y: row, w, h: BOX,
      sign: gate === "n" ? "tanh" : "σ" })),
    pills: [{ x: invert, y: product, sign: "1 −" }],
    nodes: [{ x: z, y: top, sign: "×", gate: "z" }, { x: n, y: top, sign: "+" },
      { x: n, y: product, sign: "×", gate: "1z" }, { x: reset, y: middle, sign: "×", gate: "r" }],
    labels: [
      { q: "h0", name: "h(t−1)", x: 30, y: top - 14 }, { q: "zh", name: "z · h(t−1)", x: (z + n) / 2, y: top - 14, anchor: "middle" },
      { q: "h", name: "h(t)", x: width - 30, y: top - 14, anchor: "end" },
      { q: "1z", name: "1 − z", x: (invert + n) / 2 + 4, y: product - 10, anchor: "middle" },
      { q: "zn", name: "(1−z) · n", x: n + 9, y: (top + product) / 2 + 10 },
      { q: "x", name: "x(t)", x: 62, y: height - 14, beside: true },
    ],
  };
}

function rnn(width) {
  const [top, row, bus, height] = heights(width, [66, 136, 250, 328]);
  const middle = width / 2;
  const w = Math.min(130, width / 3);
  return {
    height, frame: [24, 14, width - 48, bus + 20],
    flows: [
      { q: "bus", part: "h0", d: `M0 ${bus}H${middle}` }, { q: "bus", part: "x", d: `M52 ${height - 12}V${bus}` },
      { q: "bus", part: "in-h", d: `M${middle} ${bus}V${row + BOX}`, arrow: true },
      { q: "h", d: `M${middle} ${row}V${top}H${width - 8}`, arrow: true },
      { q: "h", d: `M${middle + w / 2 + 40} ${top}V${bus}H${width - 8}`, arrow: true },
    ],
    boxes: [{ gate: "h", x: middle - w / 2, y: row, w, h: BOX, sign: "tanh" }],
    pills: [], nodes: [],
    labels: [
      { q: "h", name: "h(t)", x: width - 30, y: top - 14, anchor: "end" },
      { q: "h0", name: "h(t−1)", x: 30, y: bus - 12 }, { q: "x", name: "x(t)", x: 62, y: height - 14, beside: true },
    ],
  };
}

const lstm97 = (width) => lstm(width, false);

export const SHAPES = { lstm, gru, rnn, lstm97 };

/** How each quantity of a unit is computed from a layer's trace; `at` is where its step and unit lie. */
export const QUANTITIES = {
  f: (layer, at) => layer.f[at], i: (layer, at) => layer.i[at], g: (layer, at) => layer.g[at],
  o: (layer, at) => layer.o[at], r: (layer, at) => layer.r[at], z: (layer, at) => layer.z[at],
  n: (layer, at) => layer.n[at], h: (layer, at) => layer.h[at], c: (layer, at) => layer.c[at],
  h0: (layer, at) => layer.h0[at], c0: (layer, at) => layer.c0[at],
  fc: (layer, at) => layer.f[at] * layer.c0[at], ig: (layer, at) => layer.i[at] * layer.g[at],
  tc: (layer, at) => Math.tanh(layer.c[at]),
  "1z": (layer, at) => 1 - layer.z[at], zh: (layer, at) => layer.z[at] * layer.h0[at],
  zn: (layer, at) => (1 - layer.z[at]) * layer.n[at],
};

/** By which scale a quantity is coloured: that of a gate or state, by name. */
export const LIKE = { fc: "c", c0: "c", ig: "c", tc: "h", h0: "h", zh: "h", zn: "h", "1z": "z", x: "x" };
