"""Memory: which sequences are looked at, and what is measured of a network with them, each thing once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from lstm_core.data import Dataset
from lstm_core.data.spread import evenly
from lstm_core.i18n import gettext as _
from lstm_core.inside import gradient_flow
from lstm_core.inside.gradient_flow import Sequences
from lstm_core.learning.batches import Batches
from lstm_core.running.run_view import RunView
from lstm_core.spec import SPLITS, ModelSpec, RunSpec, Split
from lstm_core.ui.base.server import lab
from lstm_core.ui.memory import keys
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import option_label
from lstm_core.ui.widgets.option_box import option_box

SEQUENCES = 32          # sequences over which a median is taken
VALUES = 300_000        # states (units times time steps times sequences) that are gone through at once: about 40 MB
ROWS = 64               # sequences of a batch whose gradient is computed
KEPT = 100              # results that the server keeps


@dataclass(frozen=True)
class Chosen:
    """The sequences that are looked at: one example of a part, or several over which the median is taken."""

    split: Split
    example: int | None = None      # counted from 1


@dataclass(frozen=True, eq=False)
class Felt:
    """What one layer receives from the loss, the median over the sequences; column k is k steps back (see Reach)."""

    dh: np.ndarray                  # (K,)
    dc: np.ndarray | None
    direct: np.ndarray | None
    kept: np.ndarray | None
    longest: np.ndarray | None
    count: int                      # sequences

    @property
    def known(self) -> bool:
        """Tell whether there are numbers: a diverged network has none."""
        return bool(np.isfinite(self.dh[0]))


def choose(data: Dataset) -> Chosen:
    """Let the person choose a part, and whether one of its sequences is looked at or several."""
    splits = [split for split in SPLITS if len(data.sample_ids[split])]
    split = session.valid_choice(keys.PART, splits, splits[-1])
    with st.container(horizontal=True, vertical_alignment="bottom", key="memory_sequences"):
        with st.container(width="content"):
            st.segmented_control(_("Examples from"), splits, key=keys.PART, required=True,
                                 format_func=option_label,
                                 persist_state="session")
        with st.container(width="content"):
            single = st.toggle(_("A single sequence"), key="memory_single", persist_state="session",
                               help=_("Otherwise the median over several sequences of the part is shown."))
        count = len(data.sample_ids[split])
        if not single:
            return Chosen(split)
        session.valid_choice(keys.AT, range(1, count + 1), count)
        if count < 2:
            return Chosen(split, 1)
        with st.container(width=420):
            return Chosen(split, int(st.slider(_("Sequence"), 1, count, key=keys.AT, persist_state="session")))


def sequences(data: Dataset, model: ModelSpec, chosen: Chosen, limit: int = SEQUENCES) -> Sequences:
    """Return the chosen sequences: at most so many, and fewer of a large network over a long sequence."""
    sample_ids = data.sample_ids[chosen.split]
    if chosen.example is not None:
        return gradient_flow.sequences(data, sample_ids[chosen.example - 1:chosen.example])
    count = max(1, min(limit, _room(data, model)))
    return gradient_flow.sequences(data, sample_ids[evenly(len(sample_ids), count)])


def felt(view: RunView, update: int, chosen: Chosen) -> tuple[Felt, ...]:
    """Return for every recurrent layer what it receives from the loss at a moment of the training."""
    return _felt(view.id, update, view.spec, chosen)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _felt(run: str, update: int, spec: RunSpec, chosen: Chosen) -> tuple[Felt, ...]:
    given = sequences(session.prepared(spec.data, spec.model.output), spec.model, chosen)

    def median(values: np.ndarray | None) -> np.ndarray | None:
        return None if values is None else gradient_flow.middle(values, given)

    return tuple(Felt(gradient_flow.middle(layer.dh, given), median(layer.dc), median(layer.direct), median(layer.kept),
                      median(layer.longest), len(given.y))
                 for layer in gradient_flow.reach(spec.model, lab().snapshot(run, update).weights, given))


def mean_gate(view: RunView, updates: np.ndarray, chosen: Chosen, layer: int) -> np.ndarray:
    """Return the mean of the keeping gate at moments of the training."""
    return _mean_gate(view.id, tuple(int(update) for update in updates), view.spec, chosen, layer)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _mean_gate(run: str, updates: tuple[int, ...], spec: RunSpec, chosen: Chosen, layer: int) -> np.ndarray:
    given = sequences(session.prepared(spec.data, spec.model.output), spec.model, chosen)
    return np.array([gradient_flow.mean_kept(spec.model, lab().snapshot(run, update).weights, given, layer)
                     for update in updates])


def norms(view: RunView, updates: np.ndarray) -> np.ndarray:
    """Return the norm of the gradient of the batch that each of these updates begins with.

    Raises:
        Refusal: it is not computed for this network.
    """
    return _norms(view.id, tuple(int(update) for update in updates), view.spec)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _norms(run: str, updates: tuple[int, ...], spec: RunSpec) -> np.ndarray:
    data = session.prepared(spec.data, spec.model.output)
    batches = Batches(spec.train, data.sample_ids["train"], data.steps, data.resampled_each_epoch)
    found = []
    for update in updates:
        epoch, number = divmod(update, batches.per_epoch)
        if spec.train.stateful == "off":
            sample_ids = batches.order(epoch)[number * spec.train.batch:(number + 1) * spec.train.batch]
        else:
            sample_ids = batches.carried(number)
        weights = lab().snapshot(run, update).weights
        found.append(gradient_flow.gradient_norm(spec.model, weights, data, sample_ids[:rows(spec, data)]))
    return np.array(found)


def rows(spec: RunSpec, data: Dataset) -> int:
    """Return of how many sequences of a batch the gradient is computed."""
    return max(1, min(ROWS, _room(data, spec.model)))


def _room(data: Dataset, model: ModelSpec) -> int:
    """Return how many sequences may be gone through at once."""
    return VALUES // (data.steps * sum(layer.hidden for layer in model.layers))


def moments(view: RunView, limit: int) -> np.ndarray:
    """Return recorded updates of a run, evenly spread, the first and the last among them."""
    return np.asarray(view.snapshots[evenly(len(view.snapshots), limit)])


def nearest(view: RunView, share: float) -> int:
    """Return the recorded update that is nearest to a share (0..1) of the training."""
    return int(view.snapshots[np.abs(view.snapshots - share * view.update).argmin()])


def choose_share() -> float:
    """Let the person choose a moment that several runs of different lengths have: a share of the training, 0..1."""
    st.session_state.setdefault(keys.SHARE, 100)
    return int(st.slider(_("Moment of training"), 0, 100, key=keys.SHARE, format="%d%%", persist_state="session",
                         help=_("The recorded moment nearest to it is shown of each network; 0% is untrained."))) / 100


def choose_layer(layers: int) -> int:
    """Let the person choose a recurrent layer where there are several; counted from 0."""
    if layers < 2:
        return 0
    session.valid_choice(keys.LAYER, range(1, layers + 1), layers)
    return int(option_box(st.selectbox, _("Layer"), range(1, layers + 1), key=keys.LAYER, width=110)) - 1


def loss_unit(data: Dataset) -> str:
    """Return what the training loss is measured in."""
    return _("cross entropy, nats") if data.classes else _("mean squared error, scaled")


def plainly(value: float) -> str:
    """Return a number with two digits that count, as a person writes it: 0.000027, 1.4 × 10⁻²¹."""
    if value == 0 or not np.isfinite(value):
        return f"{value:g}"
    if 1e-6 <= abs(value) < 1e6:
        digits = max(0, 1 - int(np.floor(np.log10(abs(value)))))
        return f"{value:,.{digits}f}"
    mantissa, power = f"{value:.1e}".split("e")
    return f"{mantissa} × 10{str(int(power)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
