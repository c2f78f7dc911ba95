// A sentence with more than text in it.

/** The nodes of a translated sentence, the names in braces filled with nodes. */
export const sentence = (words, values) => words.split(/\{(\w+)\}/).flatMap(
  (part, at) => (at % 2 ? values[part] ?? [] : part ? [part] : []));
