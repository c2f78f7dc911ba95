"""What a network is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.spec.cell_types import CELL_TYPES, CellKey, CellType
from lstm_core.spec.data import Output
from lstm_core.spec.validation import check


@dataclass(frozen=True)
class Layer:
    """One recurrent layer."""

    hidden: int = 32                # hidden units
    dropout: float = 0.0            # share of this layer's outputs dropped in training

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """The network: input stage, recurrent layers, with a convolution beside them if wanted, output layer."""

    cell: CellKey = "lstm"
    layers: tuple[Layer, ...] = (Layer(),)
    encoding: Literal["one-hot", "embedding"] = "one-hot"    # how letters enter; numbers enter as they are
    embedding: int = 2              # width of the embedding, when letters are embedded
    input_dense: int = 0                  # width of a linear layer before the recurrent ones; 0: none
    initial: Literal["keras", "torch", "tutorial"] = "keras"      # how the weights are drawn that learning begins with
    forget_bias: float = 1.0        # initial bias of the forget gate, in a cell that has one
    chrono: int = 0                 # longest dependency, in time steps, that its biases are drawn for instead; 0: none
    relu_head: int = 0                  # width of a ReLU layer between the recurrent ones and the output; 0: none
    conv: int = 0                   # filters of a convolution over the window beside the recurrent layers; 0: none
    output: Output = "last"         # a prediction at the last or at every time step

    @property
    def cell_type(self) -> CellType:
        """Return what the cell is made of."""
        return CELL_TYPES[self.cell]

    def __post_init__(self) -> None:
        check(self)
        if not 1 <= len(self.layers) <= limits.LAYERS:
            raise Refusal("A network has 1 to {limit} recurrent layers; received {received}.",
                          limit=limits.LAYERS, received=len(self.layers))
        if self.chrono in (1, 2):
            raise Refusal("The chrono initialisation draws from 1 to the longest dependency less 1, so that needs at "
                          "least 3 time steps, or 0 to do without; received {chrono}.", chrono=self.chrono)
        if self.conv and self.output == "every":
            raise Refusal("A convolution beside the recurrent layers reads the whole window at once, so there is an "
                          "output at the last step only. Choose that output, or 0 filters.")
