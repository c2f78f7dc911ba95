"""One update told phase by phase: its numbers are those of the update, which is the one that is done unwatched."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core import data
from lstm_core.learning import manual_backprop, torch_kernels, update_details
from lstm_core.learning.torch_threads import alone
from lstm_core.learning.training import Training, advance
from lstm_core.records import Budget, UpdateDetails
from lstm_core.spec import Layer, Letters, ModelSpec, Numerals, Reviews, RunSpec, TrainSpec, Waves
from lstm_core.spec.io import IGNORED
from tests.unit.learning.test_training import S5, SMALL, runs

ONE = Budget(updates=1, explain=True)
TWO_LAYERS = SMALL.change(layers=(Layer(4, 0.4), Layer(3, 0.2)), clip_norm=0.05)
KINDS = {
    "direct": SMALL, "direct, by torch": SMALL.change(layers=(Layer(30),)), "clipped, dropout": TWO_LAYERS,
    "plain descent": TWO_LAYERS.change(optimizer="sgd", lr=0.3), "never clipped": SMALL.change(clip_norm=0),
    "autograd": SMALL.change(cell="gru"), "autograd, dropout, clipped": TWO_LAYERS.change(cell="gru"),
    "staggered": S5, "parallel": S5.change(stateful="parallel", cell="gru", optimizer="sgd"),
    "letters": RunSpec(data=Letters(), model=ModelSpec(encoding="embedding", layers=(Layer(5, 0.3),), output="every")),
    "examples of different length": RunSpec(data=Reviews(validation=0.4, test=0.5)),
    "decoder": RunSpec(data=Numerals(largest=99), model=ModelSpec(output="every")),
    "convolution": SMALL.change(cell="rnn", conv=2, relu_head=3, input_dense=2),
}


def restored(spec: RunSpec, state: bytes) -> Training:
    """Return the run as it is where a slice has ended."""
    training = Training(spec, data.dataset(spec.data, spec.model.output))
    training.restore(state)
    return training


def explained(spec: RunSpec, updates: int) -> tuple[Training, UpdateDetails, np.ndarray, Training]:
    """Return a run before its n-th update, what is told of it, the loss of the curve, and the run after it."""
    state = advance(spec, None, Budget(updates=updates - 1)).state
    piece = advance(spec, state, ONE)
    assert piece.records.update is not None
    return restored(spec, state), piece.records.update, piece.records.losses, restored(spec, piece.state)


@settings(max_examples=60, deadline=None)
@given(runs(), st.integers(1, 5))
def test_a_run_whose_updates_are_told_is_the_run_that_nobody_looked_at(spec: RunSpec, count: int) -> None:
    told = untold = None
    for _ in range(count):
        told, untold = advance(spec, told and told.state, ONE), advance(spec, untold and untold.state,
                                                                      Budget(updates=1))
        assert told.state == untold.state
        assert told.records.losses.tobytes() == untold.records.losses.tobytes()
        assert untold.records.update is None
        if told.outcome != "training":
            break


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_weights_before_and_the_change_are_the_weights_after_to_the_last_bit(kind: str, number: int) -> None:
    spec = KINDS[kind]
    before, told, losses, after = explained(spec, number)
    old, new = before.network.memory.vector, after.network.memory.vector
    moved = update_details.change(old, new)
    assert (old.numpy() + moved).astype(np.float32).tobytes() == new.numpy().tobytes()
    assert np.abs(moved).max() > 0
    for layer in told.layers:
        mine = [name for name in before.names if name.rpartition(".")[0] == layer.name]
        changed = np.concatenate([before.network.memory.split(torch.from_numpy(moved))[name].ravel()
                                  for name in mine])
        weights = np.concatenate([before.network.memory.arrays[name].ravel() for name in mine])
        assert layer.change == pytest.approx(np.linalg.norm(changed), rel=1e-12)
        assert layer.weights == pytest.approx(np.linalg.norm(weights.astype(np.float64)), rel=1e-12)
    assert math.hypot(*(layer.change for layer in told.layers)) == pytest.approx(np.linalg.norm(moved), rel=1e-12)
    assert [layer.name for layer in told.layers] == [
        stage.name for stage in before.network.plan.stages if stage.parameters]
    largest = told.largest
    assert largest.before == before.network.memory.arrays[largest.name][largest.place]
    assert largest.after == after.network.memory.arrays[largest.name][largest.place]
    assert abs(largest.after - largest.before) == np.abs(moved).max()
    assert (told.update, np.float32(told.loss)) == (number, losses[-1])


@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_that_is_told_gives_the_weights_that_the_run_goes_on_with(kind: str) -> None:
    """The update once more, phase by phase: the same norms, and the same weights to the last bit."""
    spec = KINDS[kind]
    run, told, _losses, after = explained(spec, 2)
    sample_ids, x, y = run.reader.batch(run.update)
    states = run.carried if run.update % run.batches.per_epoch else None
    lengths, seed = run.data.lengths(sample_ids), (spec.train.seed, run.update)
    with alone():
        if run.network.direct and lengths is None:
            loss, gradient, _states, outputs = manual_backprop.learn(run.network, x, y, states, seed)
        else:
            loss, gradient, _states, outputs = run._autograd(x, y, states, seed, lengths)
    assert loss == told.loss
    assert float(torch.linalg.vector_norm(gradient)) == told.gradient
    assert math.hypot(*(layer.gradient for layer in told.layers)) == pytest.approx(told.gradient, rel=1e-5)
    by_layer: dict[str, list[torch.Tensor]] = {}
    for name, part in run.network.memory.split(gradient).items():
        by_layer.setdefault(name.rpartition(".")[0], []).append(part.flatten())
    for layer in told.layers:
        assert layer.gradient == pytest.approx(float(torch.cat(by_layer[layer.name]).double().norm()), rel=1e-12)
    if spec.train.clip_norm:
        torch_kernels.clip_(gradient, spec.train.clip_norm)
    assert float(torch.linalg.vector_norm(gradient)) == told.clipped
    assert float(run.network.memory.split(gradient)[told.largest.name][told.largest.place]) == told.largest.gradient
    weights = run.network.memory.vector
    if spec.train.optimizer == "adam":
        torch_kernels.adam_(weights, gradient, run.m, run.v, update=2, rate=told.rate)
    else:
        torch_kernels.sgd_(weights, gradient, rate=told.rate)
    assert weights.numpy().tobytes() == after.network.memory.vector.numpy().tobytes()
    assert (told.samples, told.answers) == (len(sample_ids), y.size // len(sample_ids))
    check_the_answer(told, torch.as_tensor(outputs), y, run.data)


def check_the_answer(told: UpdateDetails, outputs: torch.Tensor, y: np.ndarray, prepared: data.Dataset) -> None:
    """Find the told answer to the first sample among the outputs, and the mean of all errors in the loss."""
    answers, targets = outputs.reshape(told.answers, told.samples, -1), y.reshape(told.answers, told.samples)
    said, target = answers[told.answer, 0], targets[told.answer, 0]
    if prepared.classes:
        assert (targets[told.answer + 1:, 0] == IGNORED).all()
        assert told.targets == (y != IGNORED).sum()
        assert told.actual == target
        assert told.predicted == pytest.approx(float(said.softmax(-1)[int(target)]), rel=1e-5)
        assert told.error == pytest.approx(-math.log(told.predicted))
        errors = -answers.log_softmax(-1).gather(-1, torch.from_numpy(targets).clip(0)[..., None])[..., 0].numpy()
        mean = errors[targets != IGNORED].mean()
    else:
        assert told.answer == told.answers - 1
        assert told.targets == y.size
        assert told.predicted == prepared.unscale(said.numpy())[0]
        assert told.actual == prepared.unscale(np.array([target]))[0]
        assert told.error == pytest.approx((float(said[0]) - float(target))**2)
        mean = ((answers[..., 0].numpy() - targets)**2).mean()
    assert told.loss == pytest.approx(float(mean), rel=1e-4)


def test_it_is_told_whether_the_gradient_was_clipped() -> None:
    clipped = explained(TWO_LAYERS, 1)[1]
    assert clipped.gradient > 0.05
    assert clipped.clipped == pytest.approx(0.05)
    free = explained(TWO_LAYERS.change(clip_norm=100), 1)[1]
    assert free.clipped == free.gradient == clipped.gradient


def test_the_rate_is_that_of_the_update() -> None:
    assert explained(SMALL.change(lr_changes=((1, 0.05),)), 2)[1].rate == 0.05


def test_an_update_that_diverges_is_told() -> None:
    spec = RunSpec(data=Waves(length=120, steps=5), model=ModelSpec(cell="rnn", layers=(Layer(3),)),
                   train=TrainSpec(optimizer="sgd", lr=1, clip_norm=0))
    run = restored(spec, advance(spec, None, Budget(updates=0)).state)
    run.network.load_weights({name: array * 1e30 for name, array in run.network.weights().items()})
    piece = advance(spec, run.save(), ONE)
    assert piece.outcome == "diverged"
    assert piece.records.update is not None
    assert not math.isfinite(piece.records.update.loss)
