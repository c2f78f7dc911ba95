// How a class stands for a learner, in a line.

/** Which question, and which vote on it, or which experiment; "" for nothing. */
export const asked = (item) => (item ? `${item.number}/${item.vote ?? 0}` : "");

/** The line as the name of a sentence among the words of the bar. */
export function standing(item) {
  if (!item) return "nothing";
  if (item.kind === "experiment") return part(item);
  if (item.phase !== "open") return item.phase === "shown" ? "is_shown" : "is_closed";
  if (item.mine !== null) return "is_answered";
  return item.vote > 1 ? "is_again" : "is_open";
}

function part({ open, mine: { status } }) {
  if (status) return `run_${status}`;
  return open ? "is_experiment" : "experiment_over";
}
