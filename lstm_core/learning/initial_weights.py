"""The weights with which learning begins, in three ways, each from torch's random numbers.

- "keras": input weights uniform after Glorot & Bengio (2010, equation 16), recurrent weights orthogonal (Saxe et al.
  2014), embeddings uniform within 0.05, biases 0.
- "torch": everything in a recurrent layer uniform within 1 / sqrt(hidden units), in a linear layer or a convolution
  within 1 / sqrt(numbers read), embeddings from N(0, 1): ``reset_parameters`` of torch.nn.
- "tutorial": as the tutorials S1 and S5 draw them with TensorFlow 1. The linear layers before and after the recurrent
  ones have weights from N(0, 1) and biases of 0.1. A recurrent layer, the tutorials' ``BasicLSTMCell``, has one matrix
  for [x(t), h(t-1)] and all its gates, uniform after Glorot & Bengio for that matrix as a whole, and biases 0.
  Embeddings and convolutions, of which the tutorials have none, are as in "keras".

The forget bias is added to the forget gate's bias in each of them (Gers et al. 2000; Jozefowicz et al. 2015, section
2.2): as torch.nn has none, only a forget bias of 0 gives exactly its weights. The chrono initialisation takes the
place of the biases of forget and input gate.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from lstm_core.spec import ModelSpec

LINEAR = ("dense", "after", "head")     # the layers of a network that are neither recurrent nor a convolution
TUTORIAL_BIAS = 0.1


def draw(network: nn.Module, parameters: Mapping[str, nn.Parameter], spec: ModelSpec) -> None:
    """Draw all parameters of a network anew.

    Args:
        network: whose modules they belong to.
        parameters: by the names of :data:`lstm_core.records.Weights`.
        spec: says how.
    """
    if spec.initial == "torch":
        for module in network.modules():
            if (reset := getattr(module, "reset_parameters", None)) is not None:
                reset()
    for name, weights in parameters.items():
        if spec.initial == "tutorial" and name.split(".")[0] in LINEAR:
            _draw_linear(weights)
        elif spec.initial == "tutorial" and ".weight_" in name:
            _draw_kernel(name, parameters)
        elif spec.initial != "torch":
            _draw_as_keras(name, weights)
        if "bias_ih" in name and spec.cell_type.forget_gate:
            _begin_remembering(name, parameters, spec)


def _draw_as_keras(name: str, weights: Tensor) -> None:
    if weights.dim() == 1:
        nn.init.zeros_(weights)
    elif name == "embedding.weight":
        nn.init.uniform_(weights, -0.05, 0.05)
    elif "weight_hh" in name:
        nn.init.orthogonal_(weights)
    else:
        nn.init.xavier_uniform_(weights)


def _draw_linear(weights: Tensor) -> None:
    if weights.dim() == 1:
        nn.init.constant_(weights, TUTORIAL_BIAS)
    else:
        nn.init.normal_(weights)


def _draw_kernel(name: str, parameters: Mapping[str, nn.Parameter]) -> None:
    """Draw one half of a recurrent layer's matrix: uniform within sqrt(6 / (what enters both halves + their rows))."""
    weights, (before, kind) = parameters[name], name.split("weight_")
    reads = sum(parameters[f"{before}weight_{half}{kind[2:]}"].shape[1] for half in ("ih", "hh"))
    bound = (6 / (reads + len(weights))) ** 0.5
    nn.init.uniform_(weights, -bound, bound)


def _begin_remembering(name: str, parameters: Mapping[str, nn.Parameter], spec: ModelSpec) -> None:
    """Add the forget bias, or draw the biases of forget and input gate for dependencies of up to T steps.

    b_f = log U(1, T - 1), b_i = -b_f (chrono initialisation, Tallec & Ollivier 2018, equation 16).
    """
    cell = spec.cell_type
    read, carried = (dict(zip(cell.stacked, parameters[key].data.chunk(cell.blocks), strict=True))
                     for key in (name, name.replace("_ih", "_hh")))
    if not spec.chrono:
        read["f"] += spec.forget_bias
        return
    forget = torch.empty_like(read["f"]).uniform_(1, spec.chrono - 1).log()
    read["f"].copy_(forget)
    read["i"].copy_(-forget)
    for block in "fi":
        carried[block].zero_()
