// The two time lines of a view: training with its loss curve, and the sequence with what came and what was predicted.

import { inked } from "../look.js";
import { followed } from "./outcome.js";
import { el, exact, fill, grouped, percent, powers, shortened, widest, write } from "./parts.js";
import { drawLine, TimeLine } from "./time.js";

export function trainingLine(view) {
  const { words } = view.facts;
  const updates = () => view.facts.updates;
  const last = () => updates()[updates().length - 1] || 1;
  const place = (index) => 0.01 + (0.98 * (updates()[index] ?? 0)) / last();
  const line = new TimeLine({
    name: "training", label: words.training_line, play: words.play_training, words, speed: 10,
    count: () => updates().length, at: () => Math.max(0, updates().indexOf(view.choice.update)),
    go: (index) => view.choose({ update: updates()[index] ?? 0 }), place,
    nearest(share) {
      const wanted = ((share - 0.01) / 0.98) * last();
      let best = 0;
      updates().forEach((update, index) => {
        if (Math.abs(update - wanted) < Math.abs(updates()[best] - wanted)) best = index;
      });
      return best;
    },
    draw(pen, width, height) {
      const { loss, colours } = view.facts;
      const values = loss.value.filter((value) => value !== null);
      const low = Math.min(...values);
      const high = Math.max(...values);
      const log = low > 0 && high / low > 30; // a curve that falls that far is seen only on a logarithmic scale
      line.log = log;
      const at = loss.value.map((value) => (value === null ? null : log ? Math.log(value) : value));
      drawLine(pen, loss.at.map((update) => 0.01 + (0.98 * update) / last()), at, width, height,
        log ? [Math.log(low), Math.log(high)] : [Math.min(0, low), high], colours.loss);
    },
    saysRail: () => ({ name: fill(words.moments, { count: updates().length }), text: words.say_moments }),
    saysChart(index) {
      const update = updates()[index];
      const value = update === undefined ? null : lossAt(view.facts, update);
      const text = fill(words.say_loss, { update: grouped(update ?? 0) });
      return value === null ? null : { name: `${words.loss_curve} = ${value}`,
        text: line.log ? text + words.gap + words.say_log : text };
    },
  });
  line.toggle.before(view.following.button(words));
  let marked = "";
  line.refresh = () => {
    const { choice, entry, traces } = view;
    // The chart is drawn again only when its numbers, its size, its colour or what is loaded are others.
    const marks = `${view.sent.length}|${traces.kept.size}|${line.track.clientWidth}|${view.ink}|${updates().length}|${view.facts.loss.at[view.facts.loss.at.length - 1]}`;
    if (marks !== marked) line.chart(view.ink, updates().map((update, index) => [place(index), traces.has(update)]));
    marked = marks;
    const shown = entry?.update;
    const values = { update: grouped(choice.update), last: grouped(updates()[updates().length - 1] ?? 0), shown: shown === undefined ? "–" : grouped(shown) };
    const moment = !updates().length ? "" : shown === choice.update ? fill(words.of_updates, values)
      : fill(traces.lost.has(choice.update) ? words.missing : words.waiting, values);
    const loss = lossAt(view.facts, choice.update);
    line.update(moment + (loss === null ? "" : ` · ${fill(words.loss, { loss })}`));
    line.root.classList.toggle("cv-waiting", shown !== choice.update);
  };
  return line;
}

/** The loss at an update as text: that of the nearest point of the curve; null: there is none. */
function lossAt({ loss }, update) {
  let best = -1;
  loss.at.forEach((at, index) => {
    if (best < 0 || Math.abs(at - update) < Math.abs(loss.at[best] - update)) best = index;
  });
  const value = loss.value[best];
  return value === undefined || value === null ? null : powers(String(Number(value.toPrecision(3))));
}

export function sequenceLine(view) {
  const { words, steps } = view.facts;
  const place = (index) => (index + 0.5) / steps;
  const line = new TimeLine({
    name: "sequence", label: words.sequence_line, play: words.play_sequence, words, speed: 5,
    count: () => steps, at: () => view.choice.step, go: (step) => view.choose({ step }), place,
    nearest: (share) => Math.min(Math.floor(share * steps), steps - 1),
    draw(pen, width, height) {
      (view.facts.labels.length ? drawClasses : drawValues)(view, pen, width, height);
      drawSwitch(view, pen, width, height);
    },
    saysRail: () => ({ name: words.sequence_line, text: words.say_steps }),
    saysChart: (step, height, y) => (view.facts.labels.length ? saysBar(view, step) : saysCurve(view, step, height, y)),
  });
  const note = el("p", "cv-about");
  if (view.facts.labels.length) line.root.insertBefore(note, line.track);
  let drawn = "";
  line.refresh = (fresh) => {
    if (fresh) write(note, saysBars(view));
    const sized = `${line.track.clientWidth}|${view.ink}`;
    if (fresh || sized !== drawn) line.chart(view.ink, steps <= 120 ? view.facts.marks.map((_, step) => [place(step), false]) : []);
    drawn = sized;
    const { step } = view.choice;
    const mark = view.facts.marks[step];
    line.update(fill(words.step_of, { step: step + 1, steps }) + (mark === `${step + 1}` ? "" : ` · ${mark}`));
  };
  return line;
}

/** What the bars of a run with classes show. */
function saysBars({ facts, entry }) {
  const { words, labels, last, follows, real } = facts;
  if (!entry || !labels.length) return "";
  if (last && !follows) return fill(words.bars_class, { name: labels[followed(facts, entry.changed.y, facts.steps - 1)[0]] });
  return real.some((value) => value !== null) ? words.bars_next : words.bars_best;
}

/** Where a decoder takes over from the encoder. */
function drawSwitch({ facts, ink }, pen, width, height) {
  if (!facts.switch) return;
  pen.strokeStyle = ink;
  pen.globalAlpha = 0.6;
  pen.setLineDash([4, 3]);
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo((facts.switch / facts.steps) * width, 0);
  pen.lineTo((facts.switch / facts.steps) * width, height);
  pen.stroke();
}

/** The curves of a run that predicts numbers: what came, what was predicted, what would have been without changes. */
function curves({ facts, entry, ink }) {
  const { real, colours, steps, factor, offset } = facts;
  const predicted = (trace) => Array.from({ length: steps }, (_, step) => trace.y[step] * factor + offset);
  const lines = entry ? [predicted(entry.changed), ...(entry.original ? [predicted(entry.original)] : [])] : [];
  const known = real.filter((value) => value !== null);
  // The range of what came, with room: it stays where it is while the network learns to keep within it.
  const scale = known.length > 1 ? known : [...known, ...lines.flat().filter(Number.isFinite)];
  const [low, high] = [Math.min(...scale), Math.max(...scale)];
  const room = 0.2 * (high - low || 1);
  return { range: [low - room, high + room], drawn: [
    { name: "real", values: real, colour: inked(colours.real, ink), dash: [], alpha: 1 },
    ...(lines[1] ? [{ name: "untouched", values: lines[1], colour: colours.predicted, dash: [2, 3], alpha: 0.45 }] : []),
    ...(lines[0] ? [{ name: "predicted", values: lines[0], colour: colours.predicted, dash: [5, 3], alpha: 1 }] : [])] };
}

function drawValues(view, pen, width, height) {
  const { steps } = view.facts;
  const shares = Array.from({ length: steps }, (_, step) => (step + 0.5) / steps);
  const { range, drawn } = curves(view);
  pen.beginPath();
  pen.rect(0, 0, width, height);
  pen.clip();
  for (const { values, colour, dash, alpha } of drawn) {
    pen.globalAlpha = alpha;
    drawLine(pen, shares, values, width, height, range, colour, dash);
  }
}

/** The curve that is nearest to the pointer, or by keyboard the prediction, says what it is. */
function saysCurve(view, step, height, y) {
  const { words, unit } = view.facts;
  const { range: [low, high], drawn } = curves(view);
  const there = drawn.filter(({ values }) => Number.isFinite(values[step]) && values[step] !== null);
  const off = ({ values }) => Math.abs((1 - (values[step] - low) / (high - low)) * height - y);
  const nearest = y === null ? there[there.length - 1] : there.sort((one, other) => off(one) - off(other))[0];
  if (!nearest) return null;
  const { name, values } = nearest;
  const title = { real: words.really, predicted: words.predicted, untouched: words.untouched }[name];
  return { name: `${title} = ${exact(values[step])}${unit ? ` ${unit}` : ""}`, text: fill(words[`say_${name}`], { step: step + 1 }) };
}

/** A bar says whose probability it is. */
function saysBar({ facts, entry }, step) {
  const { words, labels, outputs, answers } = facts;
  if (!entry || step < answers) return { name: words.sequence_line, text: words.say_steps };
  const [label, known] = followed(facts, entry.changed.y, step);
  return { name: `${labels[label]}: ${percent(entry.changed.y[step * outputs + label])}`,
    text: fill(known ? words.say_held : words.say_guess, { step: step + 1 }) };
}

/** How likely the network held the class that came, step by step; where none is known, in grey, its likeliest one. */
function drawClasses(view, pen, width, height) {
  const { facts, entry } = view;
  const { steps, outputs, colours, symbols, marks, answers } = facts;
  const wide = width / steps;
  const named = symbols.length > 0 && (wide >= 30 || widest(marks) < wide - 2); // there is room for what was read
  const top = named ? 14 : 2;
  pen.font = "12px sans-serif";
  pen.textAlign = "center";
  for (let step = 0; step < steps; step++) {
    if (entry && step >= answers) {
      const { y } = entry.changed;
      const [label, known] = followed(facts, y, step);
      const share = y[step * outputs + label];
      pen.fillStyle = known ? colours.predicted : colours.quiet;
      pen.globalAlpha = 0.7;
      if (share > 0) pen.fillRect(step * wide + wide * 0.12, height - (height - top) * share, wide * 0.76, (height - top) * share);
      pen.globalAlpha = 1;
    }
    pen.fillStyle = view.ink;
    if (named) pen.fillText(shortened(marks[step], wide - 3), (step + 0.5) * wide, 11);
  }
}
