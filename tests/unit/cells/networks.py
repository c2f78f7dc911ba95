"""Networks with random weights, of any cell, size, depth and kind of input, and something for them to read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from lstm_core.records import Weights
from lstm_core.spec import Layer, ModelSpec
from lstm_core.spec.cell_types import CELL_TYPES

CELLS = tuple(CELL_TYPES)


@dataclass(frozen=True)
class Case:
    model: ModelSpec
    weights: Weights        # float64
    x: np.ndarray           # (B, T, F) or (B, T)
    dy: np.ndarray          # (T, O)

    @property
    def states(self) -> list[tuple[np.ndarray, ...]]:
        rng = np.random.default_rng(5)
        return [tuple(rng.normal(size=layer.hidden) for _ in self.model.cell_type.states)
                for layer in self.model.layers]


def make(cell: str, hidden: tuple[int, ...] = (4,), *, steps: int = 5, width: int = 3, reads: str = "numbers",
         dense: int = 0, outputs: int = 2, windows: int = 2, output: str = "last", scale: float = 1.0,
         seed: int = 0) -> Case:
    """Return a network with random weights of the size that torch would start with, and something for it to read."""
    rng = np.random.default_rng(seed)
    weights: Weights = {}
    features = width
    if reads == "embedding":
        features = 2
        weights["embedding.weight"] = rng.normal(size=(width, features))
    if dense:
        weights["dense.weight"] = rng.normal(size=(dense, features)) / np.sqrt(features)
        weights["dense.bias"] = rng.normal(size=dense)
        features = dense
    for number, units in enumerate(hidden):
        rows, bound = CELL_TYPES[cell].blocks * units, scale / np.sqrt(units)
        for name, shape in (("weight_ih", (rows, features)), ("weight_hh", (rows, units)),
                            ("bias_ih", (rows,)), ("bias_hh", (rows,))):
            weights[f"layers.{number}.{name}_l0"] = rng.uniform(-bound, bound, shape)
        features = units
    weights["head.weight"] = rng.uniform(-1, 1, (outputs, features)) / np.sqrt(features)
    weights["head.bias"] = rng.uniform(-1, 1, outputs)
    x = (rng.normal(size=(windows, steps, width)) if reads == "numbers"
         else rng.integers(0, width, (windows, steps)))
    model = ModelSpec(cell=cell, layers=tuple(Layer(units, dropout=0.5) for units in hidden), input_dense=dense,
                      encoding="embedding" if reads == "embedding" else "one-hot", output=output)
    return Case(model, weights, x, rng.normal(size=(steps, outputs)))


def networks(*scales: float) -> st.SearchStrategy[Case]:
    return st.builds(
        make, st.sampled_from(CELLS), st.lists(st.integers(1, 9), min_size=1, max_size=3).map(tuple),
        steps=st.integers(1, 9), width=st.integers(1, 5), reads=st.sampled_from(["numbers", "one-hot", "embedding"]),
        dense=st.integers(0, 4), outputs=st.integers(1, 3), windows=st.integers(1, 3),
        output=st.sampled_from(["last", "every"]), scale=st.sampled_from(scales), seed=st.integers(0, 2**32 - 1))


def single(case: Case) -> Weights:
    """Return the weights in float32."""
    return {name: array.astype(np.float32) for name, array in case.weights.items()}
