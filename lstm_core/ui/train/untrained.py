"""What stands on the page for settings that nobody has trained: their data, and no run of another task."""

from __future__ import annotations

from lstm_core.data import Missing
from lstm_core.errors import Refusal
from lstm_core.running.run_view import RunView
from lstm_core.spec import RunSpec
from lstm_core.ui.base.examples import BEGINNING, EXAMPLES
from lstm_core.ui.widgets import session, settings


def example_name() -> str:
    """Return the example with the settings of the page, else the one that the page begins with."""
    spec = _read()
    return next((name for name, known in EXAMPLES.items() if known == spec), BEGINNING)


def instead_of(view: RunView) -> RunView:
    """Return a run as it is; but of an example that has learned other data than are set, what there is to see of them.

    The example stays where there is nothing to see, as the data are still to be downloaded or uploaded.
    """
    spec = _read()
    if spec is None or not session.is_example(view) or view.spec.data == spec.data:
        return view
    try:
        session.prepared(spec.data, spec.model.output)
    except (Refusal, Missing):
        return view
    return RunView.untrained(spec)


def _read() -> RunSpec | None:
    try:
        return settings.read()
    except Refusal:             # which is told where it stands
        return None
