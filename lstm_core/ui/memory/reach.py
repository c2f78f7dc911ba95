"""Memory, how far back matters: what becomes of the prediction when one input of the past is nudged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from lstm_core.charts import memory as charts
from lstm_core.data import Dataset
from lstm_core.data.spread import evenly
from lstm_core.i18n import gettext as _
from lstm_core.i18n import sentences
from lstm_core.inside import gradient_flow
from lstm_core.inside.gradient_flow import Sequences
from lstm_core.running.run_view import RunView
from lstm_core.spec import RunSpec
from lstm_core.ui.base.server import lab
from lstm_core.ui.memory import keys
from lstm_core.ui.memory import measure as measured
from lstm_core.ui.memory.curves import no_numbers
from lstm_core.ui.memory.measure import Chosen, plainly
from lstm_core.ui.shared import query
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import column_label
from lstm_core.ui.widgets.live_figure import live_figure
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import escape_markdown

STEPS = 60              # time steps that are nudged, spread evenly over longer sequences
FEWEST = 8              # time steps that are nudged even where that takes long
SYMBOLS = 8             # symbols that are put in the place of another
WORK = 1e9              # weights times time steps times sequences to be read: about 0.2 s
SAMPLES = 256           # training sequences that say how much a number varies
MOST = 0.9              # share of all change

TOGETHER = "*"          # all features are nudged at once


@dataclass(frozen=True, eq=False)
class Nudged:
    """How much the answer changes with the input so many steps before it."""

    back: np.ndarray                # (N,) steps before the last answer
    changes: np.ndarray             # (N,) mean over sequences and nudges, scaled or as a share of probability
    sequences: int
    steps: int                      # time steps of the longest


def show(view: RunView) -> None:
    """Show how far back this run's inputs matter for its last answer."""
    if not len(view.snapshots):
        query.nothing_yet(view)
        return
    data = session.prepared(view.spec.data, view.spec.model.output)
    st.markdown(_("A gradient says what could be learned from; a nudge shows what is really used. One input is "
                  "changed, all the others stay as they are, the network reads the sequence anew, and its last answer "
                  "is compared with that before."))
    update, chosen = query.choose_moment(view), measured.choose(data)
    feature = TOGETHER if data.alphabet else _choose_feature(data)
    found = _nudged(view.id, update, view.spec, chosen, feature)
    if not np.isfinite(found.changes).all():
        no_numbers()
        return
    factor = 1.0 if data.classes else abs(float(np.diff(data.unscale(np.array([0.0, 1.0])))[0]))
    changes = found.changes * (100 if data.classes else factor)
    unit = _("percentage points of probability") if data.classes else data.unit
    reach = reaches(found)
    live_figure(charts.nudges(found.back, changes, unit=unit, reach=reach), key="memory_nudges", height=400,
                alt=_("Change of the prediction by how many steps back the input is: {near} at the last input, {far} "
                      "at the first.").format(near=plainly(float(changes[0])), far=plainly(float(changes[-1]))))
    _say(found, changes, unit, reach)
    st.caption(_how(view.spec, data, feature, found))


def _choose_feature(data: Dataset) -> str:
    """Let the person choose the number that is nudged, or all together."""
    if len(data.features) == 1:
        return data.features[0]
    names = [TOGETHER, *data.features]
    session.valid_choice(keys.FEATURE, names)
    return str(option_box(st.selectbox, _("What is nudged"), names, key=keys.FEATURE, width=260,
                          format_func=lambda name: _("All features together") if name == TOGETHER else
                          column_label(name, data.own)))


@st.cache_data(max_entries=measured.KEPT, show_spinner=False)
def _nudged(run: str, update: int, spec: RunSpec, chosen: Chosen, feature: str) -> Nudged:
    data = session.prepared(spec.data, spec.model.output)
    weights = lab().snapshot(run, update).weights
    variants = symbols(data) if data.alphabet else np.array([1, -1])[:, np.newaxis] * nudge(data, feature)
    learned = sum(array.size for name, array in weights.items() if name.startswith(("layers.", "decoder.")))
    room = WORK / (learned * data.steps * len(variants))
    limit = int(np.clip(room / min(STEPS, data.steps), 1, measured.SEQUENCES))
    given = measured.sequences(data, spec.model, chosen, limit)
    count = int(np.clip(room / len(given.y), FEWEST, STEPS))
    back = evenly(given.steps, count)
    found = gradient_flow.nudged(spec.model, weights, given, back, variants)
    return _averaged(back, found, given)


def _averaged(back: np.ndarray, found: np.ndarray, given: Sequences) -> Nudged:
    """Take the mean over the sequences that have something to be changed there; drop where none has."""
    there = [found[(given.last >= at), place] for place, at in enumerate(back)]
    if given.x.ndim == 2:                   # a decoder's start sign cannot be changed, and is nan while all else is not
        finite = np.isfinite(found).any()
        there = [column[np.isfinite(column)] if finite else column for column in there]
    kept = np.array([len(column) > 0 for column in there])
    return Nudged(back[kept], np.array([column.mean() for column in there if len(column)]), len(given.y), given.steps)


def nudge(data: Dataset, feature: str) -> np.ndarray:
    """Return one standard deviation of a feature over training sequences, 0 for the others: (F,), scaled."""
    sample_ids = data.sample_ids["train"]
    sample_ids = sample_ids[evenly(len(sample_ids), SAMPLES)]
    x, lengths = data.x(sample_ids), data.lengths(sample_ids)
    values = x.reshape(-1, x.shape[2]) if lengths is None else x[np.arange(x.shape[1]) < lengths[:, np.newaxis]]
    spread: np.ndarray = values.std(axis=0, dtype=np.float64)
    return np.where([feature in (TOGETHER, name) for name in data.features], spread, 0.0)


def symbols(data: Dataset) -> np.ndarray:
    """Return the symbols that are put in the place of others, all or evenly chosen ones; never a decoder's start."""
    first = 1 if data.encoder_steps else 0
    return first + evenly(len(data.alphabet) - first, SYMBOLS)


def reaches(found: Nudged) -> int | None:
    """Return within how many steps back MOST of all change lies; between nudged steps it is interpolated."""
    every = np.arange(found.back[-1] + 1)
    total = np.cumsum(np.interp(every, found.back, found.changes))
    return int(np.searchsorted(total, MOST * total[-1])) if total[-1] > 0 else None


def _say(found: Nudged, changes: np.ndarray, unit: str, reach: int | None) -> None:
    if reach is None:
        st.markdown(_("Nothing changes, whichever input is nudged: this network does not use its input."))
        return
    largest = int(np.argmax(changes))
    back, change = int(found.back[largest]), f"{plainly(float(changes[largest]))} {unit}".strip()
    most = (_("The input {back} steps before the last one matters most: it moves the prediction by {change} on "
              "average.")
            if back else _("The last input matters most: it moves the prediction by {change} on average."))
    st.markdown(sentences(_("**{share:.0%} of all change comes from the last {count} of {steps} time steps.**").format(
        share=MOST, count=reach + 1, steps=found.steps), most.format(back=back, change=change)))


def _how(spec: RunSpec, data: Dataset, feature: str, found: Nudged) -> str:
    said = []
    if data.alphabet:
        tried = len(symbols(data))
        said.append(_("A nudge puts another symbol in the place of one; {count} are tried. The change is the share of "
                      "the probability that moves to other answers.").format(count=tried))
    elif feature == TOGETHER:
        said.append(_("A nudge moves every feature of that step by one standard deviation of it, up and down."))
    else:
        scale = np.abs(np.diff(data.scaling.undo(np.stack([np.zeros(len(data.features)), np.ones(len(data.features))])),
                               axis=0)[0])
        place = data.features.index(feature)
        said.append(_("A nudge moves {name} by one standard deviation ({size}), up and down.").format(
            name=escape_markdown(column_label(feature, data.own)),
            size=plainly(float(nudge(data, feature)[place] * scale[place]))))
    if spec.model.conv:
        said.append(_("The convolution beside the recurrent layers reads the past, too, and is part of the change."))
    if len(found.back) < found.steps:
        said.append(_("{count} of {steps} time steps were nudged.").format(count=len(found.back), steps=found.steps))
    said.append(_("Mean over {count} sequences.").format(count=found.sequences))
    return sentences(*said)
