"""On what kind of machine a run was trained, in words."""

from __future__ import annotations

from lstm_core.i18n import clauses
from lstm_core.i18n import gettext as _
from lstm_core.records import Machine
from lstm_core.running.run_view import RunView


def told(machine: Machine) -> str:
    """Return a machine in a few words."""
    return _("{processor}, torch {torch}, NumPy {numpy}, Gatescope {version}").format(**vars(machine))


def machines(view: RunView) -> str:
    """Return all machines a run was trained on, one after the other."""
    return clauses(told(part.machine) for part in view.trained_on)


def details(view: RunView) -> str:
    """Return what a run was trained on, as a sentence; empty where it is not known."""
    if not view.trained_on:
        return ""
    parts = [told(part.machine) for part in view.trained_on[:1]]
    if view.trained_on[0].since:
        parts = [_("from update {update:,} on {machine} (before that: not recorded)").format(
            update=view.trained_on[0].since, machine=parts[0])]
    parts += [_("from update {update:,} on {machine}").format(update=part.since, machine=told(part.machine))
              for part in view.trained_on[1:]]
    return _("Trained on: {machines}.").format(machines=clauses(parts))


def several(view: RunView) -> str:
    """Return what follows for a run that was continued on another kind of machine; empty for any other run."""
    if len(view.trained_on) < 2:
        return ""
    return _("This run was continued on another kind of machine, from update {update:,} on. In one go on either kind "
             "it would end with other weights: the same within what seeds vary, but not to the last bit.").format(
                 update=view.trained_on[1].since)


def same(views: list[RunView]) -> bool | None:
    """Tell whether runs were trained on the same kind of machine all through; None: of some that is not known."""
    if not all(view.trained_on and view.trained_on[0].since == 0 for view in views):
        return None
    return len({part.machine for view in views for part in view.trained_on}) == 1
