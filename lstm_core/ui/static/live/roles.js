// What a figure shows of a run that trains. Each role puts what is known of the run into the figure that the page has
// sent, whose traces say in `meta` what they are, and returns whether anything has changed.
//
// `figure.moves` says what glides to its new place: { meta: how far the line is known, in points; or nothing }.

const EVALUATIONS = 100; // points of the validation curve

export const ROLES = { loss, prediction };

function loss(figure, run) {
  const { losses, evaluations } = run;
  if (figure.drawnAt === run.update && figure.drawnOf === losses) return false;
  figure.drawnAt = run.update;
  figure.drawnOf = losses;
  figure.alt = run.alt;
  const { size, count, mean } = losses;
  const updates = mean.map((_, bin) => bin * size + ((Math.min(size, count - bin * size) + 1) >> 1));
  put(figure, "train", { x: updates, y: mean, mode: mean.length > 1 ? "lines" : "markers" });
  const finite = evenly(evaluations.update.map((_, at) => at).filter((at) => Number.isFinite(evaluations.loss[at])), EVALUATIONS);
  const judged = evenly(evaluations.update.map((_, at) => at), EVALUATIONS);
  const at = (name, places) => places.map((place) => evaluations[name][place]);
  put(figure, "validation", { x: at("update", finite), y: at("loss", finite) });
  put(figure, "best", run.best && Number.isFinite(run.best[1]) ? { x: [run.best[0]], y: [run.best[1]] } : { x: [], y: [] });
  put(figure, "right", { x: at("update", judged), y: at("score", judged) });
  const { axes, scale } = figure.live;
  figure.layout.yaxis = { ...figure.layout.yaxis, ...(mean.length ? { showticklabels: true } : {}), ...axes[(scale === "auto" ? run.log : scale === "log") ? "log" : "linear"] };
  if (run.last_shown) figure.layout.xaxis.range = [0, run.last_shown];
  figure.moves = { train: { points: mean.length, per: size } };
  return true;
}

function prediction(figure, run) {
  const { split } = figure.live;
  const values = run.predicted[split];
  if (!values || figure.drawn === values) return false;
  figure.drawn = values;
  if (Array.isArray(values)) { // class probabilities: a row for each place
    const classes = values[0]?.length ?? 0;
    put(figure, "predicted", { z: Array.from({ length: classes }, (_, name) => values.map((row) => row[name] / 255)) });
  } else {
    put(figure, "predicted", { y: values });
    figure.moves = { predicted: {} };
  }
  return true;
}

function put(figure, meta, arrays) {
  const trace = figure.data.find((one) => one.meta === meta);
  if (!trace) return;
  Object.assign(trace, arrays);
  if (arrays.x) trace.visible = arrays.x.length > 0;
}

/** At most so many of them, evenly spread, the first and the last among them. */
function evenly(items, limit) {
  if (items.length <= limit) return items;
  return Array.from({ length: limit }, (_, at) => items[Math.round((at * (items.length - 1)) / (limit - 1))]);
}
