"""Shapes: samples, steps and features; what units are; what leaves a layer, and the forms that a task can have."""

from __future__ import annotations

from dataclasses import replace

from lstm_core.inside import tensor_shapes
from lstm_core.lessons.asks import Choice, Order
from lstm_core.lessons.cards import Do, Lesson, Predict, Say, See, Stage, Transfer, Truth, Why, always
from lstm_core.lessons.conditions import setting
from lstm_core.lessons.moment import Moment
from lstm_core.presets import PRESETS
from lstm_core.spec import RunSpec
from lstm_core.spec.plan import plan_network

READS = RunSpec()
STACKED = PRESETS["s2_stacked"].spec
WAVE = PRESETS["s5_amplitude"].spec

STEPS = READS.data.usual_steps
UNITS = READS.model.layers[0].hidden
LONGER = 2 * STEPS
SMALL = READS.change(batch=8)       # so that a batch has not as many windows as the layer has units
FEW = SMALL.train.batch
BLOCKS = {"enters": "batch", "lower": "layers.0", "upper": "last", "answer": "head"}
"""What has its place in the order, and the tensor that it is."""


def _weights(moment: Moment, *, steps: int = STEPS, features: int = 1) -> int:
    """Return how many weights and biases the network has that reads so many steps of so many features."""
    shape = replace(moment.prepared(READS).io_shape, n_steps=steps, n_features=features)
    return plan_network(READS.model, shape).parameters


def _longer(moment: Moment) -> str:
    """Return which of the answers is borne out when the steps are doubled."""
    return "same" if _weights(moment, steps=LONGER) == _weights(moment) else "units"


def _leaves(moment: Moment) -> str:
    """Return which of the answers the layer's own tensor bears out."""
    tensors = _tensors(moment, SMALL)
    return "state" if tensors["last"] == (FEW, UNITS) else "number"


def _tensors(moment: Moment, spec: RunSpec) -> dict[str, tuple[int, ...]]:
    """Return the shape of every tensor of one batch, by name."""
    data = moment.prepared(spec)
    found = tensor_shapes.way(spec.model, data, samples=len(data.sample_ids["train"]), batch=spec.train.batch)
    return {tensor.name: tensor.shape for tensor in found}


def _shape(name: str) -> Truth:
    """Return the fact that tells the shape of a tensor of the stacked network."""
    return lambda moment: str(_tensors(moment, STACKED)[name])


def _order(moment: Moment) -> tuple[str, ...]:
    """Return the blocks in the order in which they come."""
    names = list(_tensors(moment, STACKED))
    return tuple(sorted(BLOCKS, key=lambda block: names.index(BLOCKS[block])))


LESSON = Lesson(
    name="shapes", number=4,
    cards=(
        Say(name="axes", lights=("windows",), stage=Stage(page="train", spec=READS, free=("steps",))),
        Predict(name="longer", ask=Choice(("units", "mixed", "same")), truth=_longer,
                meets=("units_are_steps", "axes_mixed")),
        Do(name="double", waits=setting("steps", LONGER), lights=("steps", "windows"), does=f"set steps {LONGER}"),
        See(name="longer_came", of="longer"),
        Predict(name="leaves", ask=Choice(("number", "torch", "cell", "state")), truth=_leaves,
                meets=("last_is_one_number", "hn_output", "many_to_one_cell"),
                stage=Stage(page="shapes", section="windows", spec=SMALL)),
        Do(name="look", waits=setting("shapes_section", "sequences"), lights=("shapes_section",),
           does="set shapes_section sequences"),
        See(name="leaves_came", of="leaves", lights=("drawn_returns",),
            stage=Stage(page="shapes", section="sequences", spec=SMALL)),
        Why(name="wave", ask=Choice(("steps", "cell", "read")), truth=always("read"),
            meets=("units_are_steps", "many_to_one_cell")),
        Transfer(name="stacked", ask=Order(("answer", "lower", "upper", "enters")), truth=_order),
    ),
    facts={
        "samples": lambda moment: len(moment.prepared(READS).sample_ids["train"]),
        "steps": always(STEPS),
        "longer": always(LONGER),
        "units": always(UNITS),
        "batch": always(FEW),
        "weights": _weights,
        "weights_longer": lambda moment: _weights(moment, steps=LONGER),
        "weights_wider": lambda moment: _weights(moment, features=2),
        "wave_steps": always(WAVE.data.usual_steps),
        "wave_units": always(WAVE.model.layers[0].hidden),
        "below": always(STACKED.model.layers[0].hidden),
        "above": always(STACKED.model.layers[1].hidden),
        "rows": always(STACKED.data.usual_steps),
        "columns": always(len(STACKED.data.features)),        # type: ignore[attr-defined]
        "of_batch": always(STACKED.train.batch),
        **{block: _shape(name) for block, name in BLOCKS.items()},
    },
    presets=("s2_stacked", "s5_amplitude"), pages=("train",), onward=("shapes", "way"))
