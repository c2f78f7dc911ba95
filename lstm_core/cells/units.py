"""Find interesting units: what each gate and state goes along with, over many windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lstm_core.cells.equations import GATES, STATES, Step
from lstm_core.cells.forward import checked, run, width
from lstm_core.language import gettext as _
from lstm_core.language import noted as N_
from lstm_core.records import Weights
from lstm_core.refusal import Refusal
from lstm_core.spec import ModelSpec

Kind = Literal["open", "closed", "feature", "letter", "target", "next", "position"]
"""Saturated at 1 or at 0; goes along with a feature, a letter read, the target, the letter to be named, the step."""

OPEN, CLOSED = 0.95, 0.05       # a sigmoid gate beyond these is saturated
LEAST = 0.5                     # share of the time steps, or correlation, from which a unit is interesting
LEAST_SPREAD = 0.01             # standard deviation below which a gate or state does the same all the time
SQUASHED = "fiorz"              # the gates that open and close: sigmoids


@dataclass(frozen=True)
class UnitFinding:
    """What one gate or state of one unit does over the data."""

    kind: Kind
    layer: int                  # counted from 0, as is the unit
    gate: str                   # gate or state
    unit: int
    strength: float             # 0..1: share of the time steps in saturation, or correlation without its sign
    size: float                 # that share; correlation; letters: mean at the letter less mean elsewhere, in
                                # standard deviations of the gate or state
    name: str = ""              # feature or letter


@dataclass(frozen=True, eq=False)
class _Signals:
    """R signals of a kind with which units are compared, each with mean 0 and deviation 1 (or always 0)."""

    kind: Kind
    names: Sequence[str]        # (R,) features or letters
    values: np.ndarray          # (T, B, R), or (1, B, R) of the last time step
    spread: np.ndarray          # (R,) their standard deviations before


@np.errstate(invalid="ignore", over="ignore")       # a diverged run: nothing is found in nan
def describe(model: ModelSpec, weights: Weights, x: np.ndarray, targets: np.ndarray,
             names: Sequence[str]) -> list[UnitFinding]:
    """Return what stands out among all gates and states, the strongest first.

    Of each gate and state at most one finding of a kind: the feature or letter it goes along with most. Chance alone
    can give a correlation of 1 / sqrt(n) over n time steps, so that three times this is asked for where few were read.

    Args:
        model: the network.
        weights: its parameters.
        x: (B, T, F) numbers, already scaled, or (B, T) letter ids.
        targets: (B,) what is to be predicted after the last step, or (B, T) after every step; numbers or letter ids.
        names: of the F features, or the letters of the alphabet.

    Raises:
        Refusal: the sequences, the targets or the names do not fit the network.
    """
    x = np.moveaxis(checked(weights, x, batch=True), 1, 0)              # (B, T, F) -> (T, B, F)
    if len(names) != width(weights):
        raise Refusal("The network reads {allowed} features or letters; received {received} names.",
                      allowed=width(weights), received=len(names))
    if np.shape(targets) not in ((x.shape[1],), (x.shape[1], x.shape[0])):
        raise Refusal("The targets must have the shape {last} or {every}; received {received}.",
                      last=(x.shape[1],), every=(x.shape[1], x.shape[0]), received=np.shape(targets))
    if x.shape[1] == 0:
        return []
    targets = np.moveaxis(targets.reshape(x.shape[1], -1), 1, 0)        # (1, B) or (T, B)
    steps = np.broadcast_to(np.arange(len(x))[:, np.newaxis], x.shape[:2])
    read = _letters("letter", x, names) if x.ndim == 2 else _numbers("feature", x, names)
    position = _numbers("position", steps[..., np.newaxis], [""])
    ahead = (_letters("next", targets, names) if np.issubdtype(targets.dtype, np.integer)
             else _numbers("target", targets[..., np.newaxis], [""]))
    # a target of the last step alone is compared with the last step alone
    groups = [(0, [read, position, ahead])] if len(targets) == len(x) else [
        (0, [read, position]), (len(x) - 1, [ahead])]
    moments = [(start, [_Moments(model.cell, number, signals) for number in range(len(model.layers))])
               for start, signals in groups]
    for t, layers in enumerate(run(model, weights, x, None)):
        for start, seen in moments:
            if t >= start:
                for number, step in enumerate(layers):
                    seen[number].add(step, t - start)
    found = [finding for seen in moments[0][1] for finding in seen.saturated()]
    found += [finding for _start, seen in moments for layer in seen for finding in layer.correlated()]
    return sorted(found, key=lambda finding: -finding.strength)


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

    def __init__(self, cell: str, layer: int, signals: Sequence[_Signals]) -> None:
        self.layer, self.signals, self.states = layer, signals, STATES[cell]
        self.names = list(dict.fromkeys((*GATES[cell], *STATES[cell])))     # the RNN's gate is its state
        self.count = 0
        self.first = self.second = self.open = self.closed = np.zeros(())
        self.cross = [np.zeros(()) for _ in signals]

    def add(self, step: Step, row: int) -> None:
        """Take in one time step, to which this row of the signals belongs."""
        known = step.gates | dict(zip(self.states, step.after, strict=True))
        values = np.concatenate([known[name] for name in self.names], axis=1)
        self.count += len(values)
        self.open = self.open + (values > OPEN).sum(axis=0)
        self.closed = self.closed + (values < CLOSED).sum(axis=0)
        self.first = self.first + values.sum(axis=0)
        self.second = self.second + (values**2).sum(axis=0)
        self.cross = [cross + signals.values[row].T @ values
                      for cross, signals in zip(self.cross, self.signals, strict=True)]

    def saturated(self) -> list[UnitFinding]:
        """Return the gates that are open, or closed, at least half of the time."""
        kinds: tuple[tuple[Kind, np.ndarray], ...] = (("open", self.open), ("closed", self.closed))
        return [UnitFinding(kind, self.layer, gate, unit, share, share)
                for kind, counts in kinds
                for _place, gate, unit, share in self._above(counts / self.count, LEAST) if gate in SQUASHED]

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
                # the mean at a letter less the mean elsewhere is r over the deviation of "it comes" (0 or 1)
                per = signals.spread[best[place]] if signals.kind in ("letter", "next") else 1.0
                found.append(UnitFinding(signals.kind, self.layer, gate, unit, strength,
                                         float(strongest[place] / per), signals.names[best[place]]))
        return found

    def _above(self, values: np.ndarray, least: float) -> list[tuple[int, str, int, float]]:
        """Return place, gate or state, unit and value where values (Q*H,) are that large."""
        units = len(values) // len(self.names)
        return [(int(place), self.names[place // units], int(place % units), float(min(values[place], 1.0)))
                for place in np.flatnonzero(values >= least)]


def _letters(kind: Kind, ids: np.ndarray, alphabet: Sequence[str]) -> _Signals:
    """Return for ids (T, B) a signal for each letter: whether it comes."""
    return _numbers(kind, ids[..., np.newaxis] == np.arange(len(alphabet)), alphabet)


def _numbers(kind: Kind, values: np.ndarray, names: Sequence[str]) -> _Signals:
    centred = values - np.mean(values, axis=(0, 1), dtype=np.float64)
    spread = np.sqrt((centred**2).mean(axis=(0, 1)))
    moving = spread > 1e-9 * np.abs(values).max(axis=(0, 1))        # what is left of a constant is rounding
    return _Signals(kind, names, np.where(moving, centred, 0) / np.where(moving, spread, 1), spread)
