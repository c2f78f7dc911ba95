"""What one update did is told of a run that was asked for one update, and of no other."""

from lstm_core.learning.training import advance
from lstm_core.running.run import Run
from lstm_core.spec import Layer, ModelSpec, RunSpec, TrainSpec, Waves
from lstm_core.storage.store import Store

SPEC = RunSpec(data=Waves(length=120, steps=5), model=ModelSpec(layers=(Layer(3),)), train=TrainSpec(epochs=3000))


def do(run: Run, command: str) -> Run:
    """Do what a person asks for, as far as one slice goes."""
    run.command(command)
    return do_slice(run)


def do_slice(run: Run) -> Run:
    flight = run.dispatch(0.0, 0.01, 1)
    assert flight.budget.explain == (flight.goal == "step")
    run.apply(flight, advance(flight.spec, flight.state, flight.budget), 0.0)
    return run


def test_the_last_update_is_told_as_long_as_it_is_the_last_thing_that_was_done(store: Store) -> None:
    stored = store.load(store.create("ada", SPEC).id)
    assert stored is not None
    run = Run(stored)
    assert run.to_view(None, 0).explained is None
    for number in (1, 2):
        told = do(run, "step").to_view(None, 0).explained
        assert told is not None
        assert told.update == number
    run.lease.renew(0.0, ("validation",))
    assert run.wants(0.0)                                   # what is newly looked at is drawn, and no more is learned
    assert do_slice(run).to_view(None, 0).explained is told
    run.command("resume")
    assert run.to_view(None, 0).explained is told           # until there is something newer to see
    assert do_slice(run).to_view(None, 0).explained is None
    run.command("pause")
    assert do(run, "epoch").to_view(None, 0).explained is None
    assert do(run, "step").to_view(None, 0).explained is not None
    run.reset(run.as_new())
    assert run.to_view(None, 0).explained is None
