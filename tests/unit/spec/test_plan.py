"""The plan of a network: what each stage reads and puts out."""

import pytest

from lstm_core.spec import Layer, ModelSpec
from lstm_core.spec.io import IOShape
from lstm_core.spec.plan import plan_network

LETTERS = IOShape(n_symbols=7, n_classes=7, n_steps=6)
PAIR = (Layer(5), Layer(4))


def test_each_stage_reads_what_the_one_before_puts_out() -> None:
    model = ModelSpec(layers=PAIR, encoding="embedding", embedding=3, input_dense=2, relu_head=6, output="every")
    found = plan_network(model, IOShape(n_symbols=7, n_classes=7, n_steps=6, encoder_steps=2))
    assert [(stage.name, stage.reads, stage.width, stage.steps) for stage in found.stages] == [
        ("embedding", 7, 3, 6), ("dense", 3, 2, 6), ("layers.0", 2, 5, 2), ("layers.1", 5, 4, 2),
        ("decoder.0", 2, 5, 4), ("decoder.1", 5, 4, 4), ("after", 4, 6, 4), ("head", 6, 7, 4)]
    assert [stage.name for stage in found.recurrent("decoder")] == ["decoder.0", "decoder.1"]


def test_a_convolution_reads_what_enters_and_hands_on_every_second_step() -> None:
    found = plan_network(ModelSpec(conv=3, input_dense=2, layers=(Layer(5),)), IOShape(n_features=4, n_steps=9))
    conv, head = found.stages[-2:]
    assert (conv.name, conv.reads, conv.width, conv.steps) == ("conv", 4, 3, 9)
    assert (found.pooled, head.reads, head.width, head.steps) == (12, 17, 1, 1)


@pytest.mark.parametrize(("model", "io_shape", "directly"), [
    (ModelSpec(), IOShape(n_features=2), True), (ModelSpec(), LETTERS, True),
    (ModelSpec(encoding="embedding"), IOShape(n_features=2), True), (ModelSpec(encoding="embedding"), LETTERS, False),
    (ModelSpec(input_dense=2), IOShape(n_features=2), False)])
def test_inputs_have_names_where_nothing_mixes_them(model: ModelSpec, io_shape: IOShape, directly: bool) -> None:
    assert plan_network(model, io_shape).reads_inputs_directly == directly
