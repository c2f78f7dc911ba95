// Reads what `lstm_core.ui.base.wire.pack` wrote: length of the JSON, JSON, arrays.

const TYPES = {
  f4: Float32Array, f8: Float64Array, i1: Int8Array, i2: Int16Array, i4: Int32Array,
  u1: Uint8Array, u2: Uint16Array, u4: Uint32Array,
};
const DAY = 86400000; // milliseconds

export function decoded(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const text = new TextDecoder().decode(bytes.subarray(4, 4 + length));
  const arrays = bytes.slice(4 + length).buffer;
  return JSON.parse(text, (_name, value) => (value?.$ ? numbers(arrays, ...value.$) : value));
}

function numbers(arrays, code, offset, length, columns) {
  const days = code.startsWith("D");
  const Type = TYPES[days ? code.slice(1) : code];
  let values = new Type(arrays.slice(offset, offset + length * Type.BYTES_PER_ELEMENT)); // a copy, hence aligned
  if (days) values = Float64Array.from(values, (day) => day * DAY);
  if (!columns) return values;
  return Array.from({ length: length / columns }, (_, row) => values.subarray(row * columns, (row + 1) * columns));
}
