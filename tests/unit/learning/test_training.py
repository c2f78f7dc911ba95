"""Training as a pure function: cut anywhere it is bit-identical, and what it reports is true."""

from typing import Any, get_args

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core import cells, codec, data
from lstm_core.data import Missing
from lstm_core.errors import Refusal
from lstm_core.learning import checkpoints, inference, manual_backprop, reading, torch_kernels
from lstm_core.learning.batches import Batches
from lstm_core.learning.inference import evaluate
from lstm_core.learning.network import Network
from lstm_core.learning.training import Training, advance, train
from lstm_core.records import Budget, Slice
from lstm_core.spec import (
    SPLITS,
    Adding,
    Amplitude,
    Brackets,
    Counting,
    ExamplesSpec,
    Layer,
    Letters,
    ModelSpec,
    Numerals,
    Order,
    Output,
    Prices,
    Reber,
    Recall,
    Reviews,
    RunSpec,
    TaskSpec,
    TrainSpec,
    Waves,
)
from lstm_core.spec.cell_types import CellKey

CELLS: tuple[CellKey, ...] = get_args(CellKey)
S5 = RunSpec(
    data=Waves(target="cosine", horizon=0, period=197.392, length=6225, steps=20),
    model=ModelSpec(layers=(Layer(10),), input_dense=10, output="every"),
    train=TrainSpec(epochs=1, batch=50, lr=0.006, clip_norm=0, stateful="staggered", shuffle=False, keep_best=False),
)
SMALL = RunSpec(data=Waves(length=120, steps=5), model=ModelSpec(layers=(Layer(3),)), train=TrainSpec(epochs=3))


@st.composite
def runs(draw: Any) -> RunSpec:
    """Draw a small run of any cell and task, with whatever makes slicing hard."""
    carry = draw(st.sampled_from(["off", "off", "parallel", "staggered"]))
    output = "every" if carry != "off" else draw(st.sampled_from(["last", "every"]))
    steps = draw(st.integers(1, 6))
    source = draw(st.sampled_from([
        Waves(length=150, steps=steps, noise=0.3, target="cosine", horizon=draw(st.integers(0, 2)), validation=0.2),
        Waves(length=90, steps=steps, wave="sum", scaler="zscore", validation=draw(st.sampled_from([0.0, 0.2]))),
        Letters(text="the cat sat on the mat and the dog sat on the log", cycle=False, steps=steps, validation=0.25,
                test=0.25),
        Letters(text="abcde", cycle=carry == "off", steps=steps, validation=0.0, test=0.0),
    ]).filter(lambda data: carry == "off" or data.source != "letters" or len(data.text) > 10))
    if carry == "off" and (examples := draw(st.sampled_from([
            None, None, Reviews(validation=0.4, test=0.5), Numerals(largest=99), Amplitude(examples=40, steps=6),
            Adding(distance=20, sequences=30), Order(distance=20, sequences=30), Reber(sequences=30),
            Recall(distance=20, sequences=30), Counting(largest_count=3, sequences=20),
            Brackets(depth=2, sequences=20)]))):
        source, output = examples, examples.output
    answers = isinstance(source, ExamplesSpec) and not isinstance(source, Amplitude)
    numbers = output == "last" and isinstance(source, Waves) and steps > 1
    return RunSpec(
        data=source,
        model=ModelSpec(
            relu_head=draw(st.sampled_from([0, 3])), chrono=draw(st.sampled_from([0, 20])),
            initial=draw(st.sampled_from(["keras", "torch", "tutorial"])),
            conv=draw(st.sampled_from([0, 2])) if numbers else 0,
            cell=draw(st.sampled_from(CELLS)), output=output,
            input_dense=draw(st.sampled_from([0, 2])),
            encoding=draw(st.sampled_from(["one-hot", "embedding"])),
            layers=tuple(draw(st.lists(st.builds(Layer, st.integers(1, 5), st.sampled_from([0.0, 0.4])), min_size=1,
                                       max_size=2)))),
        train=TrainSpec(
            epochs=draw(st.integers(1, 4)), batch=draw(st.integers(1, 40)), lr=draw(st.sampled_from([0.01, 0.3])),
            lr_changes=draw(st.sampled_from([(), ((2, 0.05), (7, 0.001))])), seed=draw(st.integers(0, 99)),
            optimizer=draw(st.sampled_from(["adam", "sgd"])), clip_norm=draw(st.sampled_from([0.0, 0.5])),
            stateful=carry,
            patience=draw(st.sampled_from([0, 1])), target_score=draw(st.sampled_from([0.0, 0.3])) if answers else 0.0,
            keep_best=draw(st.booleans()),
            shuffle=carry == "off" and draw(st.booleans())))


def in_slices(spec: RunSpec, cuts: list[int]) -> list[Slice]:
    """Train with slices of so many updates, then to the end."""
    pieces: list[Slice] = []
    for updates in cuts:
        pieces.append(advance(spec, pieces[-1].state if pieces else None, Budget(updates=updates, view=SPLITS)))
        if pieces[-1].outcome != "training":
            return pieces
    pieces.append(advance(spec, pieces[-1].state if pieces else None, Budget(view=SPLITS)))
    return pieces


def joined(pieces: list[Slice]) -> dict[str, Any]:
    """Return all that a run left behind, whatever its slices were."""
    snapshots = [s for piece in pieces for s in piece.records.snapshots]
    best = [s for s in snapshots if s.best][-1:]
    view = pieces[-1].records.view
    assert view is not None
    return {
        "state": pieces[-1].state, "outcome": pieces[-1].outcome, "update": pieces[-1].update,
        "losses": np.concatenate([piece.records.losses for piece in pieces]).tobytes(),
        "evaluations": repr([e for piece in pieces for e in piece.records.evaluations]),
        "snapshots": [(s.update, name, array.tobytes()) for s in [x for x in snapshots if not x.best] + best
                      for name, array in s.weights.items()],
        "view": {split: array.tobytes() for split, array in view.predictions.items()},
    }


@settings(max_examples=40)
@given(runs(), st.lists(st.integers(0, 12), max_size=6))
def test_a_run_cut_anywhere_is_bit_identical_to_the_run_in_one_go(spec: RunSpec, cuts: list[int]) -> None:
    assert joined(in_slices(spec, cuts)) == joined(in_slices(spec, []))


@settings(max_examples=80)
@given(runs(), st.integers(0, 99), st.booleans())
def test_gradients_by_hand_are_those_of_autograd(spec: RunSpec, seed: int, small: bool) -> None:
    """Loss, final states and all gradients of a batch, with the same numbers dropped; in NumPy and in torch."""
    training = Training(spec, data.dataset(spec.data, spec.model.output))
    training.network.small &= small
    training.begin()
    sample_ids, x, y = training.reader.batch(training.update)
    if not training.network.direct or training.data.lengths(sample_ids) is not None:
        return                                      # it is learned by autograd
    states = [tuple(torch.randn(1, len(sample_ids),
                                layer.hidden) for _part in spec.model.cell_type.states)
              for layer in spec.model.layers] if seed % 2 else None
    loss, expected, after, outputs = training._autograd(x, y, states, (seed, 0), None)
    mine, gradient, ended, said = manual_backprop.learn(training.network, x, y, states, (seed, 0))
    assert mine == pytest.approx(loss, rel=1e-5, abs=1e-6)
    torch.testing.assert_close(torch.as_tensor(said), outputs, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(gradient, expected, rtol=1e-4, atol=1e-5 * float(expected.abs().max()))
    for mine_state, state in zip(ended, after, strict=True):
        torch.testing.assert_close(mine_state, tuple(split.detach() for split in state), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("spec", [
    S5, SMALL.change(layers=(Layer(4, 0.4), Layer(3, 0.2))), SMALL.change(cell="rnn", conv=2, relu_head=3),
    RunSpec(data=Letters(), model=ModelSpec(cell="rnn", encoding="embedding", layers=(Layer(5, 0.3),)))])
def test_a_run_learned_by_hand_is_the_run_learned_by_autograd(spec: RunSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = data.dataset(spec.data, spec.model.output)
    assert Training(spec, prepared).network.direct
    mine = advance(spec, None, Budget(updates=30))
    monkeypatch.setattr(torch_kernels, "agree", lambda: False)
    assert not Training(spec, prepared).network.direct
    other = advance(spec, None, Budget(updates=30))
    np.testing.assert_allclose(mine.records.losses, other.records.losses, rtol=1e-3, atol=1e-6)


def test_slices_cut_by_the_clock_change_nothing() -> None:
    pieces = list(train(S5, budget=Budget(seconds=0.01, view=SPLITS)))
    assert len(pieces) > 3
    assert joined(pieces) == joined(in_slices(S5, []))


def test_what_else_happens_in_the_process_changes_nothing() -> None:
    spec = SMALL.change(layers=(Layer(4, 0.5),))
    first = advance(spec, None, Budget(updates=3))
    torch.manual_seed(5)
    other = advance(SMALL.change(seed=9), None, Budget(updates=2))
    assert advance(spec, first.state, Budget()).state == advance(spec, None, Budget()).state
    assert other.state != first.state


def test_the_callers_random_numbers_and_threads_are_left_alone() -> None:
    torch.manual_seed(3)
    threads, expected = torch.get_num_threads(), torch.rand(4)
    torch.manual_seed(3)
    advance(SMALL.change(layers=(Layer(4, 0.5),)), None, Budget(updates=3))
    assert torch.equal(torch.rand(4), expected)
    assert torch.get_num_threads() == threads


def test_another_seed_gives_other_weights_and_the_same_seed_the_same() -> None:
    assert advance(SMALL, None, Budget()).state == advance(SMALL, None, Budget()).state
    assert advance(SMALL, None, Budget()).state != advance(SMALL.change(seed=1), None, Budget()).state


@pytest.mark.parametrize(("budget", "updates"), [
    (Budget(updates=1), 1), (Budget(updates=0), 0), (Budget(epoch_end=True), 3), (Budget(seconds=0), 1),
    (Budget(updates=2, epoch_end=True), 2), (Budget(), 9)])
def test_a_slice_keeps_to_its_budget(budget: Budget, updates: int) -> None:
    assert advance(SMALL, None, budget).update == updates       # 91 windows in batches of 32: 3 updates an epoch


def test_s5_is_learned_in_its_200_updates() -> None:
    piece = advance(S5, None, Budget())
    assert (piece.update, piece.outcome) == (200, "done")
    losses = piece.records.losses * 20                          # as the tutorial counts: summed over the 20 steps
    assert losses[0] > 5
    assert losses[-20:].mean() < 0.5


def test_the_rows_of_a_carried_batch_go_on_where_they_left_off() -> None:
    """Each update of a carried run must see the series as one long sequence, cut only for the gradient."""
    spec = S5.change(lr=1e-6, optimizer="sgd", batch=4, length=400, stateful="parallel")
    dataset = data.prepare(spec.data, "every", data.load(spec.data))
    piece = advance(spec, None, Budget(view=("train",)))
    network = Network(spec.model, dataset.io_shape)
    network.load_weights(piece.records.snapshots[0].weights)    # lr is so small that the weights hardly change
    batches = Batches(spec.train, dataset.sample_ids["train"], 20)
    for row in range(batches.streams):
        sample_ids = [int(batches.carried(number)[row]) for number in range(batches.per_epoch)]
        assert np.diff(sample_ids).tolist() == [20] * (len(sample_ids) - 1)
    whole = [torch.from_numpy(dataset.inputs[None, batches.carried(0)[row] - 19:batches.carried(0)[row] + 1 +
                                             20 * (batches.per_epoch - 1)]) for row in range(batches.streams)]
    with torch.no_grad():
        predicted = torch.cat([network(x)[0] for x in whole])
    actual = np.stack([dataset.targets[batches.carried(0)[row] - 19:][:20 * batches.per_epoch]
                       for row in range(batches.streams)])
    expected = ((predicted.numpy() - actual) ** 2).reshape(batches.streams, batches.per_epoch, 20).mean((0, 2))
    np.testing.assert_allclose(piece.records.losses, expected, rtol=1e-3)


def test_the_best_weights_are_kept_and_early_stopping_waits_as_long_as_asked() -> None:
    spec = RunSpec(
        data=Waves(length=120, steps=5, noise=0.6, validation=0.3),
        model=ModelSpec(layers=(Layer(12),)), train=TrainSpec(epochs=200, lr=0.05, patience=3))
    piece = advance(spec, None, Budget())
    found = piece.records.evaluations[1:]
    per_epoch = piece.update // round(piece.epoch)
    judged = {e.update // per_epoch: e.validation_loss for e in found if e.update % per_epoch == 0}
    best = min(judged, key=lambda epoch: judged[epoch])
    assert piece.outcome == "early"
    assert piece.epoch == best + 3
    kept = [s for s in piece.records.snapshots if s.best][-1]
    assert kept.update == best * per_epoch
    arrays, _ = codec.unpack(piece.state)
    for name, array in kept.weights.items():
        assert arrays[f"weight.{name}"].tobytes() == array.tobytes()
    last = advance(spec.change(keep_best=False), None, Budget())
    assert last.state != piece.state
    assert last.records.losses.tobytes() == piece.records.losses.tobytes()


def test_errors_are_in_real_units_and_cover_every_row_once() -> None:
    for output, steps in (("last", 30), ("every", 7)):
        spec = RunSpec(data=Prices(steps=steps, validation=0.01, test=0.01), model=ModelSpec(output=output),
                       train=TrainSpec(epochs=1))
        piece = advance(spec, None, Budget(updates=5, view=("validation",)))
        again = advance(spec, piece.state, Budget(updates=0, view=("validation",)))
        dataset = data.prepare(spec.data, spec.model.output, data.load(spec.data))
        shown = dataset.shown("validation")
        assert again.records.view is not None
        predicted = again.records.view.predictions["validation"]
        assert len(predicted) == len(shown.actual) == 50
        assert np.abs(predicted).max() > 100                    # points of the index, not scaled values
        network = Network(spec.model, dataset.io_shape)
        arrays, _ = codec.unpack(piece.state)
        network.load_weights({k.removeprefix("weight."): v for k, v in arrays.items() if k.startswith("weight.")})
        loss, error = evaluate(network, dataset, spec, "validation")
        np.testing.assert_allclose(error, np.abs(predicted - shown.actual).mean(), rtol=1e-5)
        ends, counts = dataset.sample_ids["validation"], dataset.scored_mask("validation")
        with torch.no_grad():
            apart = (network(torch.from_numpy(dataset.x(ends)))[0].numpy() - dataset.y(ends))[counts]
        assert len(apart) == 50                                 # the loss: each row once, by windows side by side
        np.testing.assert_allclose(loss, (apart**2).mean(), rtol=1e-3)


@pytest.mark.parametrize("output", ["last", "every"])
@pytest.mark.parametrize("letters", [Letters(), Letters(text="abcde" * 30, cycle=False)])
def test_each_shown_letter_has_its_own_prediction(letters: Letters, output: Output) -> None:
    spec = RunSpec(data=letters, model=ModelSpec(layers=(Layer(16),), output=output),
                   train=TrainSpec(epochs=200 if letters.cycle else 20, lr=0.02))
    piece = advance(spec, None, Budget(view=("train",)))
    assert piece.records.view is not None
    shown = data.prepare(letters, output, data.load(letters)).shown("train")
    named = piece.records.view.predictions["train"].argmax(-1)
    settled = shown.step >= 1 if output == "every" else slice(None)
    assert named[settled].tolist() == shown.actual[settled].tolist()
    assert piece.records.view.predictions["train"].sum(-1) == pytest.approx(1, abs=1e-5)


def test_a_run_that_diverges_ends_and_says_so() -> None:
    spec = SMALL.change(lr=10.0, optimizer="sgd", clip_norm=0.0, noise=10.0, epochs=500)
    piece = advance(spec, None, Budget())
    assert piece.outcome == "diverged"
    assert not np.isfinite(piece.records.losses[-1])
    assert np.isfinite(piece.records.losses[:-1]).all()
    assert advance(spec, piece.state, Budget()).update == piece.update


def test_snapshots_are_evenly_spaced_begin_untrained_and_include_the_end() -> None:
    piece = advance(SMALL.change(epochs=150), None, Budget())
    taken = [s.update for s in piece.records.snapshots if not s.best]
    assert taken[0] == 0
    assert taken[-1] == piece.update == 450
    assert len(taken) <= 200
    assert len(set(np.diff(taken)[:-1].tolist())) == 1


def test_data_from_outside_are_asked_for_once() -> None:
    series = data.load(Waves(length=200))
    table = data.Series(("close",), series.values[:, :1], series.index, name="X")
    spec = RunSpec(data=Prices(market="ticker", ticker="X", digest=table.digest(), steps=5))
    with pytest.raises(Missing) as missing:
        advance(spec, None, Budget(updates=1))
    assert missing.value.digest == table.digest()
    first = advance(spec, None, Budget(updates=1), table.to_bytes())
    assert advance(spec, first.state, Budget(updates=1)).update == 2


@pytest.mark.parametrize(("spec", "says"), [
    (RunSpec(data=Waves(length=100, steps=200)), "Choose fewer steps"),
    (RunSpec(model=ModelSpec(layers=(Layer(512),) * 4)), "at most 2,000,000 weights and biases"),
    (RunSpec(data=Waves(length=100_000), train=TrainSpec(epochs=5000, batch=1)), "at most 1,000,000 updates"),
])
def test_what_cannot_be_trained_is_refused(spec: RunSpec, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        advance(spec, None, Budget(updates=1))


def test_a_run_begins_where_its_checkpoint_left_off() -> None:
    first = advance(SMALL.change(keep_best=False), None, Budget())
    weights = first.records.snapshots[-1].weights
    file = checkpoints.write(weights)
    spec = SMALL.change(checkpoint=data.digest(file), seed=5)
    with pytest.raises(Missing):
        advance(spec, None, Budget(updates=1))
    again = advance(spec, None, Budget(updates=4), file)
    assert all((array == weights[name]).all() for name, array in again.records.snapshots[0].weights.items())
    assert again.records.evaluations[0].validation_loss == first.records.evaluations[-1].validation_loss
    assert joined(in_slices(spec, [1, 4])) == joined(in_slices(spec, []))


def test_a_checkpoint_of_another_network_is_refused() -> None:
    file = checkpoints.write(advance(SMALL, None, Budget(updates=0)).records.snapshots[0].weights)
    with pytest.raises(Refusal, match="belongs to another network"):
        advance(SMALL.change(cell="gru", checkpoint=data.digest(file)), None, Budget(updates=1), file)


TASKS: list[TaskSpec] = [
    Adding(distance=20, sequences=40), Order(distance=20, sequences=40), Recall(distance=20, sequences=40),
    Reber(sequences=40), Counting(largest_count=6, sequences=40), Brackets(sequences=40)]


def of_task(data: TaskSpec, **settings: Any) -> RunSpec:
    """Return a small run that learns a task."""
    assert data.output is not None
    return RunSpec(data=data, model=ModelSpec(layers=(Layer(6), Layer(5)), output=data.output)).change(**settings)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("task", TASKS, ids=lambda spec: spec.source)
def test_a_batch_of_sequences_of_different_length_is_learned_as_one_by_one(task: TaskSpec, cell: str) -> None:
    """Loss and gradient of a padded batch are the means over all that is asked for, with no share of the padding."""
    training = Training(of_task(task, cell=cell), data.dataset(task, task.output))
    training.begin()
    sample_ids = training.data.sample_ids["train"][:12]
    sequences = [(training.data.x(sample_ids[n:n + 1]),
                  training.data.y(sample_ids[n:n + 1])) for n in range(len(sample_ids))]
    assert len({x.shape[1] for x, _ in sequences}) > 1
    asked = [int((y != -100).sum()) for _, y in sequences]

    def learned(x: np.ndarray, y: np.ndarray, lengths: np.ndarray | None) -> tuple[float, list[np.ndarray]]:
        outputs, _ = training.network(torch.from_numpy(x.copy()),
                                      lengths=None if lengths is None else torch.from_numpy(lengths.copy()))
        loss = training._loss(outputs, torch.from_numpy(y.copy()))
        return loss.item(), [split.numpy() for split in torch.autograd.grad(loss, training.parameters)]

    loss, gradients = learned(training.data.x(sample_ids), training.data.y(sample_ids),
                              training.data.lengths(sample_ids))
    singly = [learned(x, y, None) for x, y in sequences]
    assert loss == pytest.approx(np.average([value for value, _ in singly], weights=asked), rel=1e-4)
    for number, gradient in enumerate(gradients):
        np.testing.assert_allclose(gradient, np.average([parts[number] for _, parts in singly], axis=0, weights=asked),
                                   rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("task", TASKS, ids=lambda spec: spec.source)
def test_the_share_right_is_that_of_the_sequences_read_one_by_one(task: TaskSpec) -> None:
    spec = of_task(task, epochs=40, lr=0.02, keep_best=False)
    piece = advance(spec, None, Budget(view=("validation",)))
    weights = piece.records.snapshots[-1].weights
    prepared = data.dataset(task, task.output)
    assert isinstance(prepared, data.Generated)
    right, losses, outputs = [], [], []
    for end in prepared.sample_ids["validation"]:
        here = np.array([end])
        output = cells.predict(spec.model, weights, prepared.x(here))
        right.append(bool(prepared.right(here, output if prepared.classes else output[:, 0])[0]))
        y = prepared.y(here)
        if prepared.classes:
            chances = np.exp(output - output.max(-1, keepdims=True))
            chances = (chances / chances.sum(-1, keepdims=True))[y != -100]
            losses += [-np.log(chance[name]) for chance, name in zip(chances, y[y != -100], strict=True)]
            outputs += list(chances)
        else:
            losses.append((output[0, 0] - y[0]) ** 2)
            outputs.append(output[0, 0])
    last = piece.records.evaluations[-1]
    assert last.score == np.mean(right)
    assert last.validation_loss == pytest.approx(np.mean(losses), rel=1e-4)
    assert piece.records.view is not None
    shown = piece.records.view.predictions["validation"]
    np.testing.assert_allclose(shown, outputs[-len(shown):], rtol=1e-3, atol=1e-5)


def test_a_run_ends_with_the_first_epoch_in_which_enough_is_right() -> None:
    spec = of_task(Recall(distance=20, sequences=640), layers=(Layer(16),), epochs=30, lr=0.01, chrono=20,
                   target_score=0.9,
                   keep_best=False)
    piece = advance(spec, None, Budget())
    at_epoch_ends = [e for e in piece.records.evaluations if e.epoch in range(1, 31)]
    assert piece.outcome == "enough"
    assert 1 < piece.epoch < 30
    assert [e.score >= 0.9 for e in at_epoch_ends] == [False] * (len(at_epoch_ends) - 1) + [True]
    assert advance(spec, piece.state, Budget()).update == piece.update
    longer = advance(spec.change(target_score=0.0), None, Budget())
    assert (longer.outcome, longer.epoch) == ("done", 30)
    assert longer.records.losses[:piece.update].tobytes() == piece.records.losses.tobytes()


def test_long_sequences_are_measured_in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all of a part at once would take too much room, it is read in pieces, with the same result."""
    spec = of_task(Reber(sequences=60))
    prepared = data.dataset(spec.data, "every")
    network = Network(spec.model, prepared.io_shape)
    whole = evaluate(network, prepared, spec, "test")
    shown = inference.predictions(network, prepared, spec, prepared.targets_of("test"))
    monkeypatch.setattr(reading, "EVALUATION_STEPS", 7 * prepared.steps)
    assert evaluate(network, prepared, spec, "test") == pytest.approx(whole)
    np.testing.assert_allclose(inference.predictions(network, prepared, spec, prepared.targets_of("test")), shown,
                               rtol=1e-5)
