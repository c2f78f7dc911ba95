"""The finished examples: runs that the server trains itself and everybody sees, so that no page begins with nothing.

Those that are needed first are trained at once when a server starts on a new database, the others a minute later, one
by one and slowly. They take turns with everybody's runs, as those that count least (see
:class:`lstm_core.running.people.People`).
"""

from __future__ import annotations

import atexit
import logging
import time
from threading import Event, RLock, Thread
from weakref import WeakKeyDictionary

from lstm_core.errors import Refusal
from lstm_core.presets import PRESETS
from lstm_core.running.lab import Lab
from lstm_core.spec import Layer, Letters, ModelSpec, RunSpec, TrainSpec, Waves
from lstm_core.spec.cell_types import CellKey
from lstm_core.storage.schema import EXAMPLE_OWNER
from lstm_core.ui.base.server import lab

WAVES = RunSpec(data=Waves(wave="sum", period=10, period2=25, noise=0.1, length=1500, steps=30),
                train=TrainSpec(epochs=20, lr=0.002))
"""What the page Train begins with: 740 updates are 15 to 20 seconds at its usual pace, down to near the noise."""

RECALL = PRESETS["recall"].spec


def _other_cell(spec: RunSpec, cell: CellKey) -> RunSpec:
    """Return a run with the same data and budget and another cell, which has no forget gate to begin open."""
    return spec.change(cell=cell, chrono=0)


EXAMPLES: dict[str, RunSpec] = {
    "start": RECALL.change(distance=20, chrono=0),      # is learned within a first look
    "recall": RECALL,
    "waves": WAVES,
    "recall_rnn": _other_cell(RECALL, "rnn"),
    "recall_short": RECALL.change(chrono=0),    # the LSTM with the ordinary start, whose memory begins short
    "letters": RunSpec(data=Letters(), model=ModelSpec(layers=(Layer(16),), encoding="embedding"),
                       train=TrainSpec(epochs=200, lr=0.02)),
    "sine": RunSpec(),
    "sine_rnn": _other_cell(RunSpec(), "rnn"),
    "sine_gru": _other_cell(RunSpec(), "gru"),
    "waves_rnn": _other_cell(WAVES, "rnn"),
    "recall_gru": _other_cell(RECALL, "gru"),   # last, as it takes longest: half of all the time
}
"""By name, in the order in which they are trained."""

BEGINNING = "waves"     # what the page Train begins with
AT_ONCE = ("start", "recall", BEGINNING)   # trained as fast as possible: the first pages show them
LATER = 60.0            # seconds after which the others begin: the first minute belongs to whoever comes
PACE = 25.0             # updates per second of the others, until somebody looks at them: a tenth to a third of a worker
LOOK = 1.0              # seconds between two looks at the one that is trained now, which keep it going
AGAIN = 30.0            # seconds after which one is tried again that could not be kept
KEPT = 100              # newest runs of the examples' owner that are looked through: those of older versions stay

log = logging.getLogger(__name__)

_finding = RLock()
_known: WeakKeyDictionary[Lab, dict[str, str]] = WeakKeyDictionary()    # ids by name, of each lab of this process
_stopping = Event()
_training: list[Thread] = []


def example(name: str = BEGINNING) -> str:
    """Return the id of an example, which is trained as fast as possible from now on, where it is not finished.

    Raises:
        Refusal: it is not there yet and cannot be kept now.
    """
    here = lab()
    run = _find(here, name, None)
    view = here.view(run)
    if view.active and view.pace is not None:
        here.set_pace(run, EXAMPLE_OWNER, None)
    return run


def matching(spec: RunSpec) -> str | None:
    """Return the id of the example with these settings, as :func:`example` does; None where there is none."""
    name = next((name for name, known in EXAMPLES.items() if known == spec), None)
    return None if name is None else example(name)


def start() -> None:
    """Have all examples trained in the background, those that a server before this one has not finished as well."""
    _stopping.clear()
    _training.append(Thread(target=_train_all, name="examples", daemon=True))
    _training[-1].start()
    atexit.register(stop)       # which is before the lab's own end


def stop() -> None:
    """Leave them as they are; the next start goes on with them."""
    _stopping.set()
    while _training:
        _training.pop().join(2 * LOOK)


def _train_all() -> None:
    names, told, began = list(EXAMPLES), False, time.monotonic()
    while names and not _stopping.is_set():
        try:
            if names[0] not in AT_ONCE and _stopping.wait(began + LATER - time.monotonic()):
                return
            _train(lab(), names[0])
            del names[0]
        except Refusal as refusal:
            if not told:
                log.error("The examples cannot be trained now: %s", refusal)
            told = True
            _stopping.wait(AGAIN)


def _train(here: Lab, name: str) -> None:
    """Have one trained to its end, as long as the server goes on."""
    run = _find(here, name, None if name in AT_ONCE else PACE)
    view = here.view(run)
    if not view.active and view.status != "done":       # a server before this one has given up on it
        here.command(run, EXAMPLE_OWNER, "resume")
    while here.view(run).active and not _stopping.wait(LOOK):
        pass


def _find(here: Lab, name: str, pace: float | None) -> str:
    """Return the run of an example; without one it begins, at so many updates per second."""
    with _finding:
        known = _known.setdefault(here, {})
        if name not in known:
            spec = EXAMPLES[name]
            kept = (facts.id for facts in here.recent(EXAMPLE_OWNER, KEPT) if facts.spec == spec)
            known[name] = next(kept, None) or here.start(spec, EXAMPLE_OWNER, pace=pace)
        return known[name]
