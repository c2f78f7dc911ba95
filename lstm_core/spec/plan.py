"""The plan of a network: its stages from what enters to what leaves, with the size of each, without building it."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_core.spec import ModelSpec
from lstm_core.spec.io import IOShape

KERNEL = 3
"""Time steps that a filter of the convolution beside the recurrent layers sees at once."""


@dataclass(frozen=True)
class Stage:
    """One layer of a network."""

    name: str               # as in the names of the weights: "embedding", "dense", "layers.0", "decoder.0", "after",
                            # "conv", "head"; "one-hot", which has none
    reads: int              # numbers that enter at a time step; of "one-hot" and "embedding" how many symbols there are
    width: int              # numbers that leave at a time step
    steps: int              # time steps at which it puts something out
    parameters: int         # weights and biases

    @property
    def kind(self) -> str:
        """Return the name without the number of a recurrent layer."""
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Plan:
    """The stages of a network in the order of its weights, each after those whose output it reads."""

    stages: tuple[Stage, ...]
    pooled: int             # numbers that the convolution hands to the output layer; 0 without one

    def stage(self, name: str) -> Stage | None:
        """Return the stage with this name, None where there is none."""
        return next((stage for stage in self.stages if stage.name == name), None)

    def recurrent(self, kind: str = "layers") -> tuple[Stage, ...]:
        """Return the recurrent layers, or with "decoder" those that take over where an encoder ends."""
        return tuple(stage for stage in self.stages if stage.kind == kind)

    @property
    def reads_inputs_directly(self) -> bool:
        """Tell whether each number that the first recurrent layer reads is one feature or one symbol."""
        return not {"embedding", "dense"} & {stage.name for stage in self.stages}

    @property
    def parameters(self) -> int:
        """Return how many weights and biases the network has."""
        return sum(stage.parameters for stage in self.stages)


def plan_network(model: ModelSpec, io_shape: IOShape) -> Plan:
    """Return the plan of a network.

    A recurrent layer has ``blocks * (H * F + H * H + 2 * H)`` weights and biases: torch keeps two bias vectors, one for
    the input and one for the recurrent product. The convolution hands on each filter's maximum of every two time steps.
    """
    stages: list[Stage] = []
    steps, encoder_steps = io_shape.n_steps, io_shape.encoder_steps
    width = io_shape.n_symbols or io_shape.n_features

    def then(name: str, reads: int, out: int, at: int, parameters: int) -> int:
        stages.append(Stage(name, reads, out, at, parameters))
        return out

    if io_shape.n_symbols and model.encoding == "embedding":
        width = then("embedding", width, model.embedding, steps, width * model.embedding)
    elif io_shape.n_symbols:
        width = then("one-hot", width, width, steps, 0)
    entering = width
    if model.input_dense:
        width = then("dense", width, model.input_dense, steps, model.input_dense * (width + 1))
    readers = {"layers": encoder_steps, "decoder": steps - encoder_steps} if encoder_steps else {"layers": steps}
    for kind, at in readers.items():
        top = width
        for number, layer in enumerate(model.layers):
            each = layer.hidden * (top + layer.hidden + 2)
            top = then(f"{kind}.{number}", top, layer.hidden, at, model.cell_type.blocks * each)
    answers = steps - encoder_steps if model.output == "every" else 1
    if model.relu_head:
        top = then("after", top, model.relu_head, answers, model.relu_head * (top + 1))
    if model.conv:
        then("conv", entering, model.conv, steps, model.conv * (KERNEL * entering + 1))
    pooled, outputs = model.conv * (steps // 2), max(io_shape.n_classes, 1)
    then("head", top + pooled, outputs, answers, outputs * (top + pooled + 1))
    return Plan(tuple(stages), pooled)
