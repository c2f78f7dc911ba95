"""What a run does, in one line and a few numbers: said alike by a page that is drawn and by the stream after it."""

from __future__ import annotations

import math

from lstm_core.i18n import duration, powers
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.running.run_view import RunView
from lstm_core.running.scheduling import SILENCE

STATES = {
    "queued": N_("Waiting for its turn"), "training": N_("In training"), "paused": N_("Paused"),
    "stopped": N_("Stopped"), "failed": N_("Failed")}
ENDS = {
    "done": N_("Done"), "early": N_("Stopped early: the validation loss no longer fell"),
    "diverged": N_("Diverged: the loss is no longer a number. Try a smaller learning rate or clipping."),
    "training": N_("Done")}


LONG = 30 * 60.0        # seconds of training above which a person is told what makes it shorter


def progress(view: RunView) -> str:
    """Return one line: what the run does, how far it is, with how many it shares the worker, how long it will take."""
    words = [_state(view),
             _("epoch {epoch:.4g} of {epochs}").format(epoch=math.floor(view.epoch * 10) / 10,
                                                       epochs=view.spec.train.epochs)]
    if view.active:
        if view.rate:
            words.append(_("{rate:.0f} updates/s").format(rate=view.rate))
        if (others := view.waiting - 1) > 0:        # the examples, which come last, are not among those that wait
            words.append(_("shared with one other run") if others == 1 else
                         _("shared with {others} other runs").format(others=others))
        if view.seconds_left is not None:
            words.append(_("about {time} left").format(time=duration(view.seconds_left)))
    return " · ".join(words)


def _state(view: RunView) -> str:
    if not view.id:
        return _("Not trained yet")
    if view.active and view.silence >= SILENCE:
        return _("The training machine has not answered for {seconds:.0f} seconds; the training goes on when it does"
                 ).format(seconds=math.floor(view.silence))
    if view.status != "done":       # runs that take turns wait now and then: that is part of being trained
        return _(STATES["training" if view.active and view.update else view.status])
    if view.outcome == "enough":
        return _("Stopped early: {share} correct").format(share=f"{100 * view.evaluations[-1]['score']:.4g}%")
    return _(ENDS[view.outcome])


def advice(view: RunView) -> str:
    """Return what makes a training shorter that would take long; nothing where there is no need to say it."""
    if not view.active or view.seconds_left is None or view.seconds_left <= LONG:
        return ""
    return _("This training takes long: about {time}, and only while you look at it. A faster pace, fewer epochs or a "
             "smaller network make it shorter.").format(time=duration(view.seconds_left))


def numbers(view: RunView, *, share: bool, unit: str) -> list[str]:
    """Return what is measured now: updates, training loss, validation loss, score, learning rate.

    Args:
        view: the run.
        share: the score is a share that is right; else an error in ``unit``.
        unit: of what is predicted; empty: it has none.
    """
    last = view.evaluations[-1] if len(view.evaluations) else None
    score = last["score"] if last is not None else math.nan
    return [f"{view.update:,}", number(view.losses[-1] if len(view.losses) else math.nan),
            number(last["validation_loss"] if last is not None else math.nan),
            ("–" if math.isnan(score) else f"{score:.1%}") if share else f"{number(score)} {unit}".strip(),
            powers(f"{view.lr:g}")]


def number(value: float) -> str:
    """Return a number with three digits; a dash for one that is not known."""
    return "–" if math.isnan(value) else powers(f"{value:.3g}")


def loss(view: RunView) -> str:
    """Return what the loss curve shows, for those who cannot see it."""
    if not len(view.losses):
        return _("No loss yet.")
    return _("Training loss {first} at first, {last} after {updates} updates.").format(
        first=powers(f"{view.losses[0]:.4g}"), last=powers(f"{view.losses[-1]:.4g}"), updates=view.update)
