"""The LSTM written out by hand: torch's numbers from torch's weights, and what the faults of a cell would do."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from lstm_core.learning import scratch_lstm
from lstm_core.learning.network import Network
from lstm_core.learning.scratch_lstm import Cell, Layer, difference, from_torch
from lstm_core.records import Weights
from lstm_core.running import jobs
from lstm_core.spec import Layer as LayerSpec
from lstm_core.spec import ModelSpec
from lstm_core.spec.io import START, IOShape

LIMIT = 1e-6        # what float32 leaves of the same sums in another order


def torchs(inputs: int = 3, hidden: int = 7, seed: int = 0) -> nn.LSTM:
    torch.manual_seed(seed)
    return nn.LSTM(inputs, hidden, batch_first=True)


@pytest.mark.parametrize("steps", [1, 30])
@pytest.mark.parametrize("rows", [1, 8])
@torch.no_grad()
def test_a_layer_with_torchs_weights_gives_torchs_numbers(steps: int, rows: int) -> None:
    lstm = torchs()
    x = torch.randn(rows, steps, 3)
    h, c = from_torch(lstm)(x)
    expected, (_, last_c) = lstm(x)
    assert h.shape == c.shape == (rows, steps, 7)
    torch.testing.assert_close(h, expected, rtol=0, atol=LIMIT)
    torch.testing.assert_close(c[:, -1], last_c[0], rtol=0, atol=LIMIT)
    nn.init.zeros_(lstm.bias_hh_l0)         # so that adding up two biases rounds nothing
    exact = from_torch(lstm).double()(x.double())[0]
    torch.testing.assert_close(exact, lstm.double()(x.double())[0], rtol=0, atol=1e-12)


@torch.no_grad()
def test_every_gate_has_weights_of_its_own_that_read_h_before_x() -> None:
    lstm, cell = torchs(), from_torch(torchs()).cell
    for place, gate in enumerate("ifgo"):
        rows = slice(7 * place, 7 * place + 7)
        W, b = getattr(cell, f"W_{gate}"), getattr(cell, f"b_{gate}")
        torch.testing.assert_close(W[:, :7], lstm.weight_hh_l0[rows], rtol=0, atol=0)
        torch.testing.assert_close(W[:, 7:], lstm.weight_ih_l0[rows], rtol=0, atol=0)
        torch.testing.assert_close(b, lstm.bias_ih_l0[rows] + lstm.bias_hh_l0[rows], rtol=0, atol=0)


def test_a_fresh_layer_learns() -> None:
    torch.manual_seed(1)
    layer, head = Layer(1, 8), nn.Linear(8, 1)
    parameters = [*layer.parameters(), *head.parameters()]
    assert len(parameters) == 8 + 2
    optimizer = torch.optim.Adam(parameters, lr=0.02)
    time = torch.arange(0, 60) * 0.3
    x = torch.sin(time[:, None] + torch.arange(12) * 0.3)[..., None]
    losses = []
    for _update in range(60):
        loss = nn.functional.mse_loss(head(layer(x[:, :-1])[0])[:, -1], x[:, -1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.05 * losses[0]


# ------------------------------------------------------------------------------------------------------ the difference


def built(model: ModelSpec, x: np.ndarray, io_shape: IOShape) -> tuple[ModelSpec, Weights, np.ndarray]:
    torch.manual_seed(5)
    return model, Network(model, io_shape).weights(), x


def cases() -> dict[str, tuple[ModelSpec, Weights, np.ndarray]]:
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(12, 2)).astype(np.float32)
    symbols = np.array([3, 4, START, 2, 1, 4])
    two = ModelSpec(layers=(LayerSpec(6), LayerSpec(4)), input_dense=3, relu_head=5, conv=2)
    answers = ModelSpec(layers=(LayerSpec(6),), encoding="embedding", output="every")
    return {
        "numbers": built(ModelSpec(layers=(LayerSpec(6),)), numbers, IOShape(n_features=2, n_steps=12)),
        "two layers and more": built(two, numbers, IOShape(n_features=2, n_classes=3, n_steps=12)),
        "one-hot": built(ModelSpec(layers=(LayerSpec(6),)), symbols, IOShape(n_symbols=5, n_classes=5, n_steps=6)),
        "decoder": built(answers, symbols, IOShape(n_symbols=5, n_classes=5, n_steps=6, encoder_steps=2)),
    }


@pytest.mark.parametrize("name", cases())
def test_the_differences_of_a_network(name: str) -> None:
    model, weights, x = cases()[name]
    got = difference(model, weights, x)
    assert 0 <= got.h <= LIMIT
    assert 0 <= got.c <= LIMIT
    assert 0 <= got.batch <= LIMIT
    assert got.forgetful_h > 1e-3
    assert got.forgetful_output > 1e-5
    deaf = {key: np.zeros_like(array) if "weight_hh" in key else array for key, array in weights.items()}
    silent = difference(model, deaf, x)
    assert (silent.forgetful_h, silent.forgetful_output) == (pytest.approx(0, abs=LIMIT), 0)


def test_the_difference_is_measured_and_not_asserted(monkeypatch: pytest.MonkeyPatch) -> None:
    model, weights, x = cases()["numbers"]

    class Wrong(Cell):
        def forward(self, x: torch.Tensor, h: torch.Tensor, c: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            h, c = super().forward(x[:1].expand(len(x), -1), h, c)      # works for one sequence only
            return h, c + 0.25

    monkeypatch.setattr(scratch_lstm, "Cell", Wrong)
    got = difference(model, weights, x)
    assert got.c > 0.2
    assert got.batch > 1e-3


def test_what_a_worker_answers_needs_no_torch_to_be_read() -> None:
    answer = pickle.dumps(jobs.compare_cells(*cases()["numbers"]))
    code = "import sys, pickle; pickle.loads(sys.stdin.buffer.read()); sys.exit('torch' in sys.modules)"
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], input=answer, cwd=root, timeout=60, check=False).returncode == 0


def test_a_diverged_network_is_not_called_equal() -> None:
    model, weights, x = cases()["numbers"]
    got = difference(model, {name: np.full_like(array, np.nan) for name, array in weights.items()}, x)
    assert np.isnan([got.h, got.c, got.batch, got.forgetful_h, got.forgetful_output]).all()
