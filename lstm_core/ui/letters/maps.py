"""What a network has made of its letters: what follows what, where an embedding puts them, and which way is quicker."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import streamlit as st

from lstm_core import charts, limits
from lstm_core.cells.forward import encode
from lstm_core.charts.forecast import part_name
from lstm_core.data.spread import evenly
from lstm_core.i18n import gettext as _
from lstm_core.i18n import powers
from lstm_core.inside import generation
from lstm_core.running.run_view import RunView
from lstm_core.spec import Letters, ModelSpec, RunSpec, Split
from lstm_core.spec.plan import plan_network
from lstm_core.ui.base.server import lab
from lstm_core.ui.letters import keys
from lstm_core.ui.letters.moment import LettersQuery, Moment, live, quoted
from lstm_core.ui.shared import side_by_side as shared_side_by_side
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.live_figure import live_figure

READ = 6_000            # letters that are read for one table of averages
WINDOWS = (20, 300)     # windows these may make
WAY = 1_500             # points of all ways together on the map of letters
MOMENTS = (2, 60)       # points of one way


def _height(letters: int) -> int:
    """Return the pixels of a table with a row for each letter."""
    return min(560, 110 + max(9, letters) * 22)


# -- what follows what -------------------------------------------------------------------------------------


def transitions(asked: LettersQuery, letters: Letters) -> None:
    """Show the table of what follows each letter as the network has learned it, beside that of the text."""
    kinds = {"text": _("Averaged over the text"), "alone": _("Each letter alone")}
    context = asked.text[-(letters.steps - 1):] if letters.steps > 1 else asked.text[:0]
    if len(context):
        kinds["typed"] = _("At the end of what is typed")
    kind = "alone"
    if letters.steps > 1:
        session.valid_choice(keys.TABLE_OF, list(kinds))
        kind = str(st.segmented_control(
            _("What the network reads before it answers"), list(kinds), key=keys.TABLE_OF, required=True,
            format_func=lambda name: kinds[name], persist_state="session",
            help=_("Windows of the text that end with the letter, and the mean of what comes out; or the letter with "
                   "nothing before it; or the letters typed above with the letter put at their end.")))
    live(lambda moment: _transitions(moment, kind, context), asked, "transitions_live",
         speaks=not len(asked.text))


def _transitions(moment: Moment, kind: str, context: np.ndarray) -> None:
    names, classes = moment.data.alphabet, len(moment.data.alphabet)
    learned = _learned(moment, kind, context)
    before = context if kind == "typed" else context[:0]
    counts = generation.next_symbol_counts(moment.source, before, classes, cycle=moment.letters.cycle)
    rows = counts.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        shares = counts / rows                          # nan where nothing follows
    wrong = generation.misplaced(learned, counts)
    naive = generation.misplaced(np.bincount(moment.source, minlength=classes) / len(moment.source), counts)
    left, right = st.columns(2)
    with left:
        live_figure(
            charts.transitions(learned, names, counts=None, title=_("Learned: what the network expects after each "
                                                                    "letter")),
            key="learned", height=_height(classes),
            alt=_("Probabilities of the next letter, a row for each letter read; {wrong:.1%} of the probability lies "
                  "on wrong letters.").format(wrong=wrong))
    with right:
        live_figure(
            charts.transitions(shares, names, counts=counts, title=_("In the text: what really follows each letter")),
            key="really", height=_height(classes),
            alt=_("Shares of the next letter in the text, a row for each letter; {rows} letters are followed by "
                  "another.").format(rows=int(np.count_nonzero(rows))))
    if not np.isnan(wrong):
        st.caption(_("{wrong:.1%} of the probability lies on the wrong letters. Naive, with the frequencies of the "
                     "letters after every letter, it would be {naive:.1%}.").format(wrong=wrong, naive=naive))
    elif kind == "typed":
        st.caption(_("In the text {context} never occurs with two letters after it, so there is nothing to compare "
                     "with.").format(context=quoted(moment.word(context[-20:]))))


def _learned(moment: Moment, kind: str, context: np.ndarray) -> np.ndarray:
    if kind != "text":
        return generation.after_each(moment.model, moment.weights, context if kind == "typed" else context[:0])
    sample_ids = moment.data.sample_ids["train"]
    count = int(np.clip(READ // moment.letters.steps, *WINDOWS))
    sample_ids = sample_ids[evenly(len(sample_ids), count)]
    return generation.mean_after(moment.model, moment.weights, moment.data.x(sample_ids))


# -- where the letters lie ---------------------------------------------------------------------------------


def places(asked: LettersQuery, model: ModelSpec, alphabet: int) -> None:
    """Show where the letters lie as they enter the network, and how far apart."""
    if model.encoding == "one-hot":
        left, right = st.columns([2, 3], gap="large")
        left.markdown(_(
            "This network reads its letters **one-hot**: each of the {count} letters has an axis of its own, on which "
            "it is 1 while all others are 0. So all of them are equally far apart, at the distance √2 = 1.414, and "
            "nothing about them is learned. With an **embedding** each letter gets a few coordinates, which training "
            "moves.").format(count=alphabet))
        with right:
            live(_distances, asked, "places_live", speaks=not len(asked.text))
        return
    dimensions = min(model.embedding, 2)
    if model.embedding > 2:
        st.session_state.setdefault(keys.MAP_IN, "3" if model.embedding == 3 else "2")
        st.segmented_control(_("Map"), ["2", "3"], key=keys.MAP_IN, required=True, persist_state="session",
                             format_func=lambda name: {"2": _("2-D"), "3": _("3-D")}[name])
        dimensions = int(st.session_state[keys.MAP_IN])
    live(lambda moment: _map(moment, dimensions), asked, "places_live", speaks=not len(asked.text))


def _map(moment: Moment, dimensions: int) -> None:
    names, run = moment.data.alphabet, moment.view
    updates = run.snapshots[run.snapshots <= moment.update]
    updates = updates[evenly(len(updates), int(np.clip(WAY // len(names), *MOMENTS)))]
    way = np.stack([_embedding(run.id, run.spec, int(update)) for update in updates]).astype(np.float64)    # (M, K, E)
    axes = [_("coordinate {number}").format(number=number) for number in range(1, dimensions + 1)]
    remark = ""
    if way.shape[2] > dimensions:
        way, shares = _principal(way, dimensions)
        axes = [_("component {number} ({share:.0%})").format(number=number, share=share)
                for number, share in enumerate(shares, start=1)]
        remark = _("The embedding has {width} coordinates. Drawn are its first {count} principal components at this "
                   "moment, which hold {share:.0%} of the variance.").format(
            width=moment.model.embedding, count=dimensions, share=shares.sum())
    left, right = st.columns(2)
    with left:
        figure = charts.letter_map(way, names, axes=axes)
        figure.update_layout(uirevision=f"{run.id}{dimensions}")
        live_figure(figure, key=f"map{dimensions}", height=_height(len(names)) if dimensions < 3 else 460,
                    alt=_("The places of {count} letters after {update} updates.").format(
                        count=len(names), update=moment.update))
        if remark:
            st.caption(remark)
    with right:
        _distances(moment)


def _principal(way: np.ndarray, dimensions: int) -> tuple[np.ndarray, np.ndarray]:
    """Return places (M, K, E) in the first principal components of the last moment, and their shares of the variance.

    The axes are the same at all moments, so that only the letters move. The largest weight of each is positive.
    """
    now = way[-1]
    centre = now.mean(axis=0)
    _left, sizes, axes = np.linalg.svd(now - centre, full_matrices=False)
    axes = axes[:dimensions] * np.sign(axes[np.arange(dimensions), np.abs(axes[:dimensions]).argmax(axis=1)])[:, None]
    return (way - centre) @ axes.T, sizes[:dimensions] ** 2 / max(float((sizes**2).sum()), 1e-300)


@lru_cache(maxsize=600)
def _embedding(run: str, spec: RunSpec, update: int) -> np.ndarray:     # noqa: ARG001 - a changed run is another one
    """Return the coordinates of all letters at a moment of the training, (K, E)."""
    return lab().snapshot(run, update).weights["embedding.weight"]


def _distances(moment: Moment) -> None:
    names = moment.data.alphabet
    entered = encode(moment.weights, np.arange(len(names)))
    apart = np.sqrt(((entered[:, None] - entered) ** 2).sum(axis=-1))
    others = apart[~np.eye(len(names), dtype=bool)]
    live_figure(charts.letter_distances(apart, names), key="apart", height=_height(len(names)),
                alt=_("Distances between letters, from {low:.3g} to {high:.3g}.").format(
                    low=others.min(), high=others.max()))


# -- one-hot against embedding -----------------------------------------------------------------------------


def side_by_side(view: RunView) -> None:
    """Train the settings of this run once with one-hot letters and once with an embedding, and compare."""
    st.session_state.setdefault(keys.BESIDE_WIDTH, view.spec.model.embedding)
    low, high = limits.NUMBERS["embedding"]
    width = int(st.number_input(_("Embedding width"), int(low), int(high), key=keys.BESIDE_WIDTH, width=200,
                                persist_state="session"))
    same = view.spec.change(lr_changes=(), checkpoint="")
    specs = {_("One-hot"): same.change(encoding="one-hot", embedding=ModelSpec.embedding),
             _("Embedding of width {width}").format(width=width): same.change(encoding="embedding", embedding=width)}
    found = shared_side_by_side.show("encodings", specs, unit=_("cross entropy, nats"))
    data = session.prepared(same.data, same.model.output)
    split: Split = "validation" if len(data.sample_ids["validation"]) else "train"
    lines = ["| " + " | ".join([_("Letters enter as"), _("Weights and biases"), _("Epochs until all are right"),
                                _("Correct answers in the end"), _("Training loss in the end")]) + " |",
             "|" + " --- |" * 5]
    for name, spec in specs.items():
        learned = plan_network(spec.model, data.io_shape).parameters
        lines.append("| " + " | ".join([name, f"{learned:,}", *_results(found.get(name))]) + " |")
    st.markdown("\n".join(lines))
    st.caption(_("Same data, same seed, same number of epochs as the run above. Right is judged on the {part}.").format(
        part=part_name(split)))


def _results(view: RunView | None) -> tuple[str, str, str]:
    """Return epochs until every letter is right, share right and loss of a run, as far as they are known."""
    if view is None or not len(view.losses):
        return "–", "–", "–"
    right = view.evaluations[view.evaluations["score"] == 1.0]
    epochs = f"{right[0]['epoch']:g}" if len(right) else _("never")
    return epochs, f"{view.evaluations[-1]['score']:.1%}", powers(f"{view.losses[-1]:.4g}")
