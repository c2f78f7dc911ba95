"""The page Shapes: every size and count it shows is that of the network torch builds, every gradient that of torch."""

from dataclasses import replace
from typing import Any, get_args
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.charts.shapes.graph import graph
from lstm_core.charts.shapes.grids import matrix, padded
from lstm_core.charts.shapes.series import sliding
from lstm_core.charts.shapes.svg import markup
from lstm_core.charts.shapes.unrolled import NARROW, WIDE, Room, Unrolled, shortened, unrolled
from lstm_core.data import dataset
from lstm_core.inside import tensor_shapes
from lstm_core.learning.network import Network
from lstm_core.spec import Amplitude, Layer, Letters, ModelSpec, RunSpec, Waves
from lstm_core.spec.cell_types import CellKey
from lstm_core.spec.io import IOShape
from lstm_core.spec.parameters import parameters

CELLS: tuple[CellKey, ...] = get_args(CellKey)
BATCH = 3
NUMBERS = IOShape(n_features=2, n_steps=6)

models = st.builds(
    ModelSpec, cell=st.sampled_from(CELLS),
    layers=st.lists(st.builds(Layer, st.integers(1, 9)), min_size=1, max_size=3).map(tuple),
    encoding=st.sampled_from(["one-hot", "embedding"]), embedding=st.integers(1, 5), input_dense=st.integers(0, 5),
    relu_head=st.integers(0, 4), conv=st.integers(0, 3), output=st.just("last"),
)
models = st.one_of(models, models.map(lambda model: replace(model, conv=0, output="every")))
io_shape = st.sampled_from([
    NUMBERS, IOShape(n_features=3, n_classes=4, n_steps=5), IOShape(n_symbols=7, n_classes=7, n_steps=4),
    IOShape(n_symbols=6, n_classes=2, n_steps=5), IOShape(n_symbols=5, n_classes=5, n_steps=6, encoder_steps=2)])


def seen_by_torch(model: ModelSpec, io_shape: IOShape) -> tuple[dict[str, tuple], dict[str, tuple], dict[str, list]]:
    """Return what enters and what leaves every layer of a network that reads a batch, and the final states."""
    network, enters, leaves, states = Network(model, io_shape), {}, {}, {}

    def watch(name: str) -> object:
        def seen(_module: object, inputs: tuple, output: Any) -> None:
            if isinstance(output, tuple):
                output, state = output
                states[name] = [tuple(part.shape) for part in (state if isinstance(state, tuple) else (state,))]
            enters[name], leaves[name] = tuple(inputs[0].shape), tuple(output.shape)
        return seen

    for name, module in list(network.named_modules())[1:]:
        module.register_forward_hook(watch(name))
    x = (torch.randint(io_shape.n_symbols, (BATCH, io_shape.n_steps)) if io_shape.n_symbols else
         torch.randn(BATCH, io_shape.n_steps, io_shape.n_features))
    leaves["answer"] = tuple(network(x)[0].shape)
    return enters, leaves, states


@settings(max_examples=50)
@given(models, io_shape)
def test_every_tensor_has_the_size_it_has_in_torch(model: ModelSpec, io_shape: IOShape) -> None:
    enters, leaves, states = seen_by_torch(model, io_shape)
    tensors = {tensor.name: tensor for tensor in tensor_shapes.network(model, io_shape, batch=BATCH)}
    for name in ("embedding", "dense", "after", "conv", "head", *(name for name in tensors if "." in name)):
        assert (name in tensors) == (name in leaves)
        if name in tensors:
            assert tensors[name].shape == leaves[name], name
    for name, found in states.items():
        assert [tensors[name].state] * len(tensors[name].states) == found, name
    order = [name for name in tensors if name not in ("conv", "pooled")]
    assert tensors[order[order.index("head") - 1]].shape == enters["head"]
    first = order[order.index("layers.0") - 1] if order.index("layers.0") else None
    if first and not io_shape.encoder_steps:
        assert tensors[first].shape == enters["layers.0"]
    if model.conv:
        before = tensors[order[order.index("joined") - 1]]
        assert tensors["joined"].shape[1] == before.shape[1] + tensors["pooled"].shape[1]
    assert tensors["target"].shape == leaves["answer"][:-1 if io_shape.n_classes else None]
    assert tensors["loss"].shape == ()
    for tensor in tensors.values():
        assert len(tensor.axes) == len(tensor.shape)


@settings(max_examples=50)
@given(models, io_shape)
def test_every_formula_gives_torchs_count(model: ModelSpec, io_shape: IOShape) -> None:
    network = Network(model, io_shape)
    counts = tensor_shapes.counts(model, io_shape)
    assert {count.name: count.total for count in counts} == parameters(model, io_shape)
    for count in counts:
        torchs = sum(p.numel() for name, p in network.named_parameters() if name.startswith(f"{count.name}."))
        assert count.total == torchs == eval(count.numbers.replace("×", "*"))
        assert count.total == eval(count.formula.replace("×", "*"), {}, count.sizes)


@pytest.mark.parametrize(("cell", "hidden", "width", "keras"), [
    ("lstm", 100, 40, 56_400), ("lstm", 50, 100, 30_200),           # S2: LSTM(100) on 40 features, LSTM(50) above it
    ("rnn", 3, 5, 27), ("rnn", 80, 1, 6_560), ("rnn", 100, 80, 18_100),      # S4: letters; the two layers on prices
    ("gru", 32, 8, 4_032),
])
def test_the_counts_that_keras_tutorials_show(cell: CellKey, hidden: int, width: int, keras: int) -> None:
    found = tensor_shapes.counts(ModelSpec(cell=cell, layers=(Layer(hidden),)), IOShape(n_features=width))[0]
    assert found.keras == keras
    assert found.total - keras == {"rnn": hidden, "lstm": 4 * hidden, "gru": 0}[cell]


@pytest.mark.parametrize("spec", [
    RunSpec(data=Waves(length=200)), RunSpec(data=Waves(length=200), model=ModelSpec(output="every")),
    RunSpec(data=Letters(text="abcab", steps=2, cycle=False, validation=0, test=0)),
    RunSpec(data=Amplitude(examples=50), model=ModelSpec(output="every"))])
def test_the_way_begins_and_ends_with_the_true_data(spec: RunSpec) -> None:
    data = dataset(spec.data, spec.model.output)
    sample_ids = data.sample_ids["train"][:BATCH]
    way = tensor_shapes.way(spec.model, data, samples=len(data.sample_ids["train"]), batch=len(sample_ids))
    tensors = {tensor.name: tensor for tensor in way}
    assert tensors["batch"].shape == data.x(sample_ids).shape
    assert tensors["samples"].shape == data.x(data.sample_ids["train"]).shape
    assert tensors["target"].shape == data.y(sample_ids).shape
    assert tensors["batch"].whole == np.issubdtype(data.x(sample_ids).dtype, np.integer)
    assert tensors["target"].whole == np.issubdtype(data.y(sample_ids).dtype, np.integer)
    assert ("series" in tensors) != isinstance(spec.data, Amplitude)


@pytest.mark.parametrize(("spec", "io_shape", "task"), [
    (RunSpec(), NUMBERS, "many-to-one"), (RunSpec(), IOShape(n_features=1, n_steps=1), "one-to-one"),
    (RunSpec(model=ModelSpec(output="every")), NUMBERS, "aligned"),
    (RunSpec(data=Amplitude(), model=ModelSpec(output="every")), IOShape(n_features=1, n_steps=20), "one-to-many"),
    (RunSpec(model=ModelSpec(output="every")), IOShape(n_symbols=5, n_classes=5, n_steps=9, encoder_steps=3),
     "encoder-decoder")])
def test_the_form_of_a_task(spec: RunSpec, io_shape: IOShape, task: tensor_shapes.Task) -> None:
    assert tensor_shapes.task(spec, io_shape) == task


@pytest.mark.parametrize("cell", CELLS)
def test_the_gradient_reaches_as_far_as_in_torch(cell: CellKey) -> None:
    """Whole and cut: the state of the first piece is detached, as truncated back-propagation does."""
    model = ModelSpec(cell=cell, layers=(Layer(tensor_shapes.UNITS),))
    network = Network(model, IOShape(n_features=1, n_steps=len(tensor_shapes.READ))).double()
    for name, weights in tensor_shapes.fixed_weights(cell).items():
        network.memory.parameters[name].data = torch.from_numpy(weights).double()
    for cut, found in zip((False, True), tensor_shapes.reach(cell), strict=True):
        x = torch.tensor(tensor_shapes.READ[None, :, None], requires_grad=True)
        _, states = network(x[:, :tensor_shapes.PIECE])
        states = [tuple(part.detach() if cut else part for part in state) for state in states]
        prediction, _ = network(x[:, tensor_shapes.PIECE:], states)
        loss = (prediction[0] - tensor_shapes.AIM) ** 2
        (gradient,) = torch.autograd.grad(loss, x)
        assert found.prediction == pytest.approx(prediction.item(), abs=1e-12)
        assert found.loss == pytest.approx(loss.item(), abs=1e-12)
        np.testing.assert_allclose(found.inputs, gradient.abs()[0, :, 0], atol=1e-12)
        assert (found.inputs[:tensor_shapes.PIECE] == 0).all() == cut
        assert (found.states[:tensor_shapes.PIECE] == 0).all() == cut
        assert (found.inputs[tensor_shapes.PIECE:] > 0).all()


# -- drawings --------------------------------------------------------------------------------------------------


def words(pen: Any) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(markup([pen.root])).iter("text")]


def marks(pen: Any, kind: str) -> int:
    return sum(kind in (mark.get("class") or "").split() for mark in ElementTree.fromstring(markup([pen.root])).iter())


@pytest.mark.parametrize(("last", "limit", "places"), [
    (3, 6, [1, 2, 3]), (6, 6, [1, 2, 3, 4, 5, 6]), (20, 6, [1, 2, 3, 4, None, 20])])
def test_a_long_sequence_is_shortened(last: int, limit: int, places: list[int | None]) -> None:
    assert shortened(1, last, limit) == places


@pytest.mark.parametrize("room", [WIDE, NARROW])
@settings(max_examples=30)
@given(models, io_shape)
def test_the_unrolled_network_has_a_cell_for_every_layer_and_step(room: Room, model: ModelSpec,
                                                                  io_shape: IOShape) -> None:
    pen = unrolled(Unrolled(model, io_shape), room)
    steps = [place for place in Unrolled(model, io_shape).places(room) if place is not None]
    assert marks(pen, "sh-cell") + marks(pen, "sh-second") == len(steps) * len(model.layers)
    answers = sum(step > io_shape.encoder_steps for step in steps) if model.output == "every" else 1
    assert words(pen).count("ŷ") == answers
    assert (marks(pen, "sh-fence") == 1) == bool(io_shape.encoder_steps)


def test_dropout_is_drawn_on_the_way_up_only() -> None:
    model = ModelSpec(layers=(Layer(4, 0.2), Layer(4)))
    assert marks(unrolled(Unrolled(model, NUMBERS), WIDE),
                 "sh-ring") == NUMBERS.n_steps     # above layer 1, not layer 2
    assert not marks(unrolled(Unrolled(ModelSpec(layers=(Layer(4),)), NUMBERS), WIDE), "sh-ring")


@settings(max_examples=40)
@given(models, io_shape)
def test_the_graph_has_every_count_and_the_size_of_every_edge(model: ModelSpec, io_shape: IOShape) -> None:
    tensors = tensor_shapes.network(model, io_shape, batch=BATCH)
    shape = (BATCH, io_shape.n_steps) if io_shape.n_symbols else (BATCH, io_shape.n_steps, io_shape.n_features)
    counts = parameters(model, io_shape)
    found = words(graph(model, [tensor_shapes.Tensor("batch", ("B", "S", "F")[:len(shape)], shape), *tensors], counts,
                        carried=False))
    for count in counts.values():
        assert f"{count:,} weights" in found
    hidden = {"conv",
              "loss"} | ({tensors[0].name, f"layers.{len(model.layers) - 1}"} if io_shape.encoder_steps else set())
    for tensor in tensors:
        if tensor.name not in hidden and not (tensor.name == "dense" and io_shape.encoder_steps):
            assert " × ".join(map(str, tensor.shape)) in found, tensor.name


def test_the_window_of_a_table_is_outlined_where_it_reads() -> None:
    values = np.arange(40.0).reshape(8, 5)
    pen = matrix(values, list("abcdy"), start=2, steps=3, aim=5)
    assert marks(pen, "sh-hot") == 3 * 4 + 1
    assert marks(pen, "sh-outline") == 2
    assert "rows 3 to 5" in pen.root.get("aria-label", "")


def test_the_target_is_the_value_after_the_window() -> None:
    _, inputs, target = sliding(np.arange(30.0), start=4, steps=19).data
    assert (list(inputs.x), list(target.x)) == (list(range(5, 24)), [24])
    assert list(target.y) == [23.0]


def test_a_padded_batch_shows_what_counts_and_words_are_only_words() -> None:
    valid = np.array([[True, True, False], [True, False, False]])
    pen = padded(valid, [["<b>x</b>", '"&'], ["y"]], read=True, room=300)
    assert marks(pen, "sh-hot") == 3
    assert marks(pen, "sh-padding") == 3
    assert marks(pen, "sh-outline") == 2
    assert "<b>" not in markup([pen.root])
