"""One verdict: its kind, its sentence, and the names that stand in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lstm_core.data import Note
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_

Kind = Literal["diverged", "lagged", "loses", "ties", "beats", "beats_persistence", "overfitted", "underfitted",
               "learning", "saturated"]
"""In order of importance: first what came out, then why, then what else stands out."""

CLEAR = 0.02            # skill from which one forecast is clearly better than another, if that is more than chance

BASELINES: dict[str, str] = {
    "persistence": N_("persistence"), "seasonal": N_("the seasonal naive forecast"),
    "autoregression": N_("the linear autoregression"), "mean": N_("the mean of the training part")}
SIMPLER: dict[str, str] = {
    "words": N_("logistic regression on words"), "pairs": N_("logistic regression on words and word pairs"),
    "logistic": N_("logistic regression on all grey values"), "neighbor": N_("the nearest neighbour")}
"""Models that name classes (``classifiers.company``), as they stand in sentences."""

GATES: dict[str, str] = {
    "f": N_("forget gate"), "i": N_("input gate"), "o": N_("output gate"), "r": N_("reset gate"),
    "z": N_("update gate")}
NAMES = ("baseline", "gate", "curve")
"""Fields of sentences that are names."""


@dataclass(frozen=True, eq=False)
class Verdict:
    """One thing to be said about a run."""

    kind: Kind
    sentence: Note                  # the fields in NAMES are English, and translated when told
    numbers: dict[str, float]       # what it rests on, under English names

    def told(self) -> str:
        """Return the sentence in the language now in use."""
        values = {name: _(str(value)) if name in NAMES else value
                  for name, value in self.sentence.values.items()}
        return _(self.sentence.template).format(**values)


def amount(value: float, unit: str) -> str:
    """Return a value in words, with its unit where there is one."""
    number = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{number} {unit}" if unit else number
