"""What a browser is sent of a run that trains: small, and each thing once."""

import numpy as np
import pytest

from lstm_core.data import dataset
from lstm_core.learning.training import advance
from lstm_core.records import MEAN, Budget, Look
from lstm_core.running.run import Run
from lstm_core.spec import Layer, ModelSpec, RunSpec, TrainSpec, Waves
from lstm_core.storage.store import Store
from lstm_core.ui.base.wire import pack
from lstm_core.ui.live.picture import Sent, last_shown, picture

LOOKS: tuple[Look, ...] = ("validation", MEAN)
PICTURE = 3_000         # bytes of a whole picture


def begun(store: Store, steps: int) -> Run:
    """Return a run of two LSTM layers that is looked at."""
    spec = RunSpec(data=Waves(steps=steps, length=3_000), model=ModelSpec(layers=(Layer(16), Layer(8))),
                   train=TrainSpec(epochs=30))
    stored = store.load(store.create("ada", spec).id)
    assert stored is not None
    run = Run(stored)
    run.lease.renew(0, LOOKS)
    return run


def go_on(run: Run, now: float, updates: int) -> None:
    """Train the run for some updates, after which all is drawn that is looked at."""
    flight = run.dispatch(now, 0.2, 1)
    run.apply(flight, advance(flight.spec, flight.state, Budget(updates=updates, view=LOOKS)), now)


@pytest.mark.parametrize("steps", [20, 500])
def test_a_whole_picture_of_two_layers_is_small(store: Store, steps: int) -> None:
    run, sent = begun(store, steps), Sent()
    data = dataset(run.facts.spec.data, run.facts.spec.model.output)
    for slices in range(4):
        go_on(run, float(slices), 30)
        shown = picture(run.to_view(1, 3), data, LOOKS, sent)
        assert {"inside", "predicted", "losses"} <= shown.keys()
        assert len(pack(shown)) <= PICTURE


def test_what_the_network_does_inside_is_sent_once_for_each_update(store: Store) -> None:
    run, sent = begun(store, 5), Sent()
    data = dataset(run.facts.spec.data, run.facts.spec.model.output)
    go_on(run, 0.0, 3)
    view = run.to_view(1, 1)
    told = picture(view, data, LOOKS, sent)["inside"][str(MEAN)]
    assert (told["update"], told["units"]) == (3, [MEAN, MEAN])
    layers = view.inside[MEAN].layers
    assert told["values"].tobytes() == np.concatenate(
        [layer.values[name] for layer in layers for name in view.spec.model.cell_type.names]).tobytes()
    assert "inside" not in picture(view, data, LOOKS, sent)
    assert "inside" not in picture(view, data, (*LOOKS, 3), sent)       # nobody has computed this unit yet
    go_on(run, 1.0, 1)
    assert picture(run.to_view(1, 1), data, LOOKS, sent)["inside"][str(MEAN)]["update"] == 4


def test_the_axis_of_the_loss_grows_in_steps_until_it_ends_where_the_run_ends(store: Store) -> None:
    run = begun(store, 20)
    ends = []
    for at in range(4):
        go_on(run, 30.0 * at, 60)
        view = run.to_view(None, 1)
        ends.append(last_shown(view))
        assert view.update < ends[-1] <= max(64, 4 * view.update)
    assert ends == sorted(ends)
    go_on(run, 200.0, 10_000)
    assert run.facts.status == "done"
    assert last_shown(run.to_view(None, 1)) == run.facts.update
