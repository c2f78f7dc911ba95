"""The recurrent cells by hand, in NumPy: everything that is shown about gates is computed here from the weights.

``equations`` has one step of each cell, forward and backward; ``forward`` a whole network over a sequence; ``head``
what stands after its recurrent layers; ``backward`` back-propagation through time. What they tell about a trained
network is in ``lstm_core.inside``. Equal to torch to 1e-12 in float64. In float32 torch's own rounding remains:
1e-6 of the largest number, which for states is 1e-6 and for raw scores of trained networks more (tests).
"""

from lstm_core.cells.backward import backprop
from lstm_core.cells.equations import (
    BACK,
    STEP,
    GateWeights,
    State,
    Step,
    StepGradient,
    gate_weights,
    sigmoid,
)
from lstm_core.cells.forward import predict, trace
from lstm_core.cells.head import softmax

__all__ = [
    "BACK",
    "STEP",
    "GateWeights",
    "State",
    "Step",
    "StepGradient",
    "backprop",
    "gate_weights",
    "predict",
    "sigmoid",
    "softmax",
    "trace",
]
