"""Rules that a teacher types for what is handed in; pure, as :mod:`lstm_core.challenges.judge` is for challenges."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_core.classroom.hand_in import Result
from lstm_core.data import Note
from lstm_core.i18n import gettext_noop as N_
from lstm_core.spec import RunSpec


@dataclass(frozen=True)
class Rules:
    """What a run must keep to; None: anything goes."""

    hidden: int | None = None       # units of its widest layer, at most
    epochs: int | None = None       # at most
    error: float | None = None      # mean error on the part that judges, at most
    share: float | None = None      # share of correct answers there, at least

    def broken(self, spec: RunSpec, result: Result) -> list[Note]:
        """Return which rules a run breaks, and by what; nothing when it keeps them all."""
        widest = max(layer.hidden for layer in spec.model.layers)
        found = []
        if self.hidden is not None and widest > self.hidden:
            found.append(Note(N_("Its widest layer has {given} units; at most {most} are allowed."), given=widest,
                              most=self.hidden))
        if self.epochs is not None and spec.train.epochs > self.epochs:
            found.append(Note(N_("It was given {given} epochs; at most {most} are allowed."), given=spec.train.epochs,
                              most=self.epochs))
        return [*found, *self._missed(result)]

    def _missed(self, result: Result) -> list[Note]:
        """Return why a result is not enough; where errors are asked for a share says nothing, and the other way."""
        found = []
        if self.error is not None and (result.share or not result.value <= self.error):
            found.append(Note(N_("It reaches {reached} correct answers; asked for is a mean error."),
                              reached=result.reached) if result.share else
                         Note(N_("Its mean error is {reached}; at most {most:g} is needed."), reached=result.reached,
                              most=self.error))
        if self.share is not None and (not result.share or not result.value >= self.share):
            found.append(Note(N_("{reached} of its answers are correct; at least {least:.4g}% is needed."),
                              reached=result.reached, least=100 * self.share) if result.share else
                         Note(N_("It has a mean error, {reached}; asked for are correct answers."),
                              reached=result.reached))
        return found
