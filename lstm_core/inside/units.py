"""Find interesting units: what each gate and state goes along with, over many sequences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lstm_core.cells.equations import Step
from lstm_core.cells.forward import checked, run, switch, width
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.records import Weights
from lstm_core.spec import ModelSpec
from lstm_core.spec.cell_types import CellType
from lstm_core.spec.io import IGNORED

Kind = Literal["open", "closed", "feature", "letter", "target", "next", "class", "position"]
"""Saturated at 1 or at 0; goes along with a feature, a symbol read, the target, the symbol to be named next, the class
of the whole sequence, the step."""

OPEN, CLOSED = 0.95, 0.05       # a sigmoid gate beyond these is saturated
LEAST = 0.5                     # share of the time steps, or correlation, from which a unit is interesting
LEAST_SPREAD = 0.01             # standard deviation below which a gate or state does the same all the time


@dataclass(frozen=True)
class UnitFinding:
    """What one gate or state of one unit does over the data."""

    kind: Kind
    layer: int                  # counted from 0, as is the unit
    gate: str                   # gate or state
    unit: int
    strength: float             # 0..1: share of the time steps in saturation, or correlation without its sign
    size: float                 # that share; correlation; symbols and classes: mean where they come less mean
                                # elsewhere, in standard deviations of the gate or state
    name: str = ""              # feature, symbol or class


@dataclass(frozen=True, eq=False)
class _Signals:
    """R signals of a kind with which units are compared, each with mean 0 and deviation 1 (or always 0)."""

    kind: Kind
    names: Sequence[str]        # (R,) features, symbols or classes
    values: np.ndarray          # (T, B, R) numbers, or (T, B) symbols: each stands for "it comes"
    mean: np.ndarray            # (R,)
    spread: np.ndarray          # (R,) standard deviations; 0: it never changes

    def at(self, step: int) -> np.ndarray:
        """Return the signals at a time step, (B, R)."""
        values = self.values[step]
        if self.values.ndim == 2:
            values = values[:, np.newaxis] == np.arange(len(self.names))
        moving = self.spread > 0
        return np.where(moving, values - self.mean, 0) / np.where(moving, self.spread, 1)


@np.errstate(invalid="ignore", over="ignore")       # a diverged run: nothing is found in nan
def describe(model: ModelSpec, weights: Weights, x: np.ndarray, targets: np.ndarray, names: Sequence[str],
             labels: Sequence[str] = (), lengths: np.ndarray | None = None) -> list[UnitFinding]:
    """Return what stands out among all gates and states, the strongest first.

    Of each gate and state at most one finding of a kind: the feature or symbol it goes along with most. Chance alone
    can give a correlation of 1 / sqrt(n) over n time steps, so that three times this is asked for where few were read.
    Padding counts nowhere: neither what follows a sequence's length nor the steps whose target is IGNORED.

    Args:
        model: the network.
        weights: its parameters.
        x: (B, T, F) numbers, already scaled, or (B, T) symbols.
        targets: (B,) what is to be predicted after the last step, or (B, S) after each of the last S steps, which are
            all, or those of the decoder; numbers or classes.
        names: of the F features, or of the symbols that can enter.
        labels: of the classes; none when numbers are predicted.
        lengths: (B,) steps of each sequence, where some are padded at their end; all T when not given.

    Raises:
        Refusal: the sequences, the targets or the names do not fit the network.
    """
    x = np.moveaxis(checked(weights, x, batch=True), 1, 0)              # (B, T, F) -> (T, B, F)
    begins = _first_target(weights, x, targets, names)
    steps, count = x.shape[:2]
    if count == 0:
        return []
    reads, asked, aims = _scored(steps, targets, lengths, begins, classes=bool(labels))
    read = _symbols("letter", x, names, reads) if x.ndim == 2 else _numbers("feature", x, names, reads)
    at = np.broadcast_to(np.arange(steps)[:, np.newaxis, np.newaxis], (steps, count, 1))
    ahead = (_symbols("next" if list(labels) == list(names) else "class", aims, labels, asked) if labels
             else _numbers("target", aims[..., np.newaxis], [""], asked))
    cell, layers = model.cell_type, range(len(model.layers))
    every = [_Moments(cell, number, [read, _numbers("position", at, [""], reads)], reads) for number in layers]
    answered = [_Moments(cell, number, [ahead], asked) for number in layers]
    for t, computed in enumerate(run(model, weights, x, None)):
        for layer, step in zip((*every, *answered), (*computed, *computed), strict=True):
            layer.add(step, t)
    found = [finding for layer in every for finding in layer.saturated()]
    found += [finding for layer in (*every, *answered) for finding in layer.correlated()]
    return sorted(found, key=lambda finding: -finding.strength)


def _first_target(weights: Weights, x: np.ndarray, targets: np.ndarray, names: Sequence[str]) -> int:
    """Return the first time step of x (T, B, ...) that can have a target; refuse what does not fit together."""
    steps, count = x.shape[:2]
    if len(names) != width(weights):
        raise Refusal("The network reads {allowed} features or letters; received {received} names.",
                      allowed=width(weights), received=len(names))
    begins = switch(weights, x) if count else 0
    if np.shape(targets) not in ((count,), (count, steps - begins)):
        raise Refusal("The targets must have the shape {last} or {every}; received {received}.",
                      last=(count,), every=(count, steps - begins), received=np.shape(targets))
    return begins


def _scored(steps: int, targets: np.ndarray, lengths: np.ndarray | None, begins: int, *,
            classes: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which time steps are read, and after which of them what is to be predicted; each (T, B)."""
    count, place = len(targets), np.arange(steps)[:, np.newaxis]
    last = (np.full(count, steps) if lengths is None else lengths) - 1
    reads = place <= last
    if targets.ndim == 1:
        return reads, place == last, np.broadcast_to(targets, (steps, count))
    aims = np.concatenate([np.zeros((begins, count), targets.dtype), targets.T])
    if classes:
        reads = reads & (aims != IGNORED)
    return reads, reads & (place >= begins), aims


def sentence(finding: UnitFinding) -> str:
    """Return the finding in words, in the language now in use; units are counted from 1 there."""
    values = {"unit": finding.unit + 1, "does": _(DOES[finding.gate, finding.size > 0 and finding.kind != "closed"]),
              "name": finding.name, "share": finding.size}
    return _(SENTENCES[finding.kind]).format(**values)


SENTENCES: dict[Kind, str] = {
    "open": N_("Unit {unit} {does} at {share:.0%} of the time steps."),
    "closed": N_("Unit {unit} {does} at {share:.0%} of the time steps."),
    "feature": N_("Unit {unit} {does} as {name} rises."),
    "letter": N_("Unit {unit} {does} when {name!r} comes."),
    "target": N_("Unit {unit} {does} as the value to be predicted rises."),
    "next": N_("Unit {unit} {does} before {name!r} comes."),
    "class": N_("Unit {unit} {does} when the answer is {name!r}."),
    "position": N_("Unit {unit} {does} towards the end of the sequence."),
}
DOES: dict[tuple[str, bool], str] = {
    ("f", True): N_("remembers"), ("f", False): N_("forgets"),
    ("i", True): N_("lets new content in"), ("i", False): N_("shuts new content out"),
    ("o", True): N_("shows its memory"), ("o", False): N_("hides its memory"),
    ("r", True): N_("looks back"), ("r", False): N_("ignores the past"),
    ("z", True): N_("keeps its state"), ("z", False): N_("renews its state"),
    ("g", True): N_("offers a higher value"), ("g", False): N_("offers a lower value"),
    ("n", True): N_("offers a higher value"), ("n", False): N_("offers a lower value"),
    ("c", True): N_("raises its cell state"), ("c", False): N_("lowers its cell state"),
    ("h", True): N_("raises its hidden state"), ("h", False): N_("lowers its hidden state"),
}
"""What a unit does when a gate or state is high, and when it is low."""


class _Moments:
    """Sums over all time steps of one layer: enough for shares and correlations, without keeping the traces.

    All gates and states lie side by side, (B, Q*H).
    """

    def __init__(self, cell: CellType, layer: int, signals: Sequence[_Signals], counts: np.ndarray) -> None:
        self.layer, self.signals, self.counts, self.cell = layer, signals, counts, cell
        self.names = cell.names
        self.count = 0
        self.first = self.second = self.open = self.closed = np.zeros(())
        self.cross = [np.zeros(()) for _ in signals]

    def add(self, step: Step, t: int) -> None:
        """Take in time step t, as far as it counts."""
        counts = self.counts[t]
        if not counts.any():
            return
        known = step.gates | dict(zip(self.cell.states, step.after, strict=True))
        values = np.concatenate([known[name] for name in self.names], axis=1)[counts]
        self.count += len(values)
        self.open = self.open + (values > OPEN).sum(axis=0)
        self.closed = self.closed + (values < CLOSED).sum(axis=0)
        self.first = self.first + values.sum(axis=0)
        self.second = self.second + (values**2).sum(axis=0)
        self.cross = [cross + signals.at(t)[counts].T @ values
                      for cross, signals in zip(self.cross, self.signals, strict=True)]

    def saturated(self) -> list[UnitFinding]:
        """Return the gates that are open, or closed, at least half of the time."""
        kinds: tuple[tuple[Kind, np.ndarray], ...] = (("open", self.open), ("closed", self.closed))
        return [UnitFinding(kind, self.layer, gate, unit, share, share)
                for kind, counts in kinds
                for _place, gate, unit, share in self._above(counts / self.count, LEAST)
                if self.cell.gates.get(gate) == "sigmoid"]

    def correlated(self) -> list[UnitFinding]:
        """Return the gates and states that go along with a signal, each with the signal that it follows most."""
        # |c| <= T, as i and g stay within 1: the difference of squares keeps digits enough
        variance = self.second / self.count - (self.first / self.count) ** 2
        moving = variance >= LEAST_SPREAD**2
        spread = np.sqrt(np.where(moving, variance, 1))
        found = []
        for signals, cross in zip(self.signals, self.cross, strict=True):
            r = np.where(moving, cross / (self.count * spread), 0)                  # (R, Q*H)
            best = np.abs(r).round(9).argmax(axis=0)                                # (Q*H,) of equal ones the first
            strongest = r[best, np.arange(len(best))]
            for place, gate, unit, strength in self._above(np.abs(strongest), max(LEAST, 3 / np.sqrt(self.count))):
                # the mean at a symbol less the mean elsewhere is r over the deviation of "it comes" (0 or 1)
                per = 1.0 if signals.kind in ("feature", "target", "position") else signals.spread[best[place]]
                found.append(UnitFinding(signals.kind, self.layer, gate, unit, strength,
                                         float(strongest[place] / per), signals.names[best[place]]))
        return found

    def _above(self, values: np.ndarray, least: float) -> list[tuple[int, str, int, float]]:
        """Return place, gate or state, unit and value where values (Q*H,) are that large."""
        units = len(values) // len(self.names)
        return [(int(place), self.names[place // units], int(place % units), float(min(values[place], 1.0)))
                for place in np.flatnonzero(values >= least)]


def _symbols(kind: Kind, ids: np.ndarray, names: Sequence[str], counts: np.ndarray) -> _Signals:
    """Return for symbols or classes (T, B) a signal for each: whether it comes."""
    share = np.bincount(ids[counts], minlength=len(names)) / counts.sum()
    return _Signals(kind, names, ids, share, np.sqrt(share * (1 - share)))


def _numbers(kind: Kind, values: np.ndarray, names: Sequence[str], counts: np.ndarray) -> _Signals:
    known = values[counts].astype(np.float64)                                       # (n, R)
    mean, spread = known.mean(axis=0), known.std(axis=0)
    moving = spread > 1e-9 * np.abs(known).max(axis=0)              # what is left of a constant is rounding
    return _Signals(kind, names, values, mean, np.where(moving, spread, 0))
