"""Limits that follow from the size of a network, from both sides (test_network compares the counts with torch's)."""

from __future__ import annotations

import pytest

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.spec import Layer, ModelSpec
from lstm_core.spec.io import IOShape
from lstm_core.spec.parameters import check_reading, check_size, parameters
from lstm_core.spec.plan import plan_network

NUMBERS = IOShape(n_features=1, n_symbols=0, n_classes=0, n_steps=100, encoder_steps=0)


@pytest.mark.parametrize(("hidden", "weights", "most"), [
    (1, 18, 600_000),           # a tiny network takes as long as one of 5000 weights
    (100, 41_301, 72_637)])
def test_how_much_may_be_read_at_once(hidden: int, weights: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "READING", 3e11)
    model = ModelSpec(layers=(Layer(hidden),))
    assert sum(parameters(model, NUMBERS).values()) == weights
    check_reading(model, NUMBERS, most)
    with pytest.raises(Refusal, match=f"{most + 1:,} samples of 100 time steps"):
        check_reading(model, NUMBERS, most + 1)


def test_a_network_of_the_largest_size_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    model = ModelSpec(layers=(Layer(8),))
    monkeypatch.setattr(limits, "PARAMETERS", sum(parameters(model, NUMBERS).values()))
    check_size(model, NUMBERS)
    with pytest.raises(Refusal, match="at most 361 weights and biases; this one has 442"):
        check_size(ModelSpec(layers=(Layer(9),)), NUMBERS)


def test_a_convolution_needs_two_steps_to_pool() -> None:
    two, one = (IOShape(n_features=1, n_symbols=0, n_classes=0, n_steps=steps, encoder_steps=0) for steps in (2, 1))
    model = ModelSpec(conv=3)
    check_size(model, two)
    assert plan_network(model, two).pooled == 3
    with pytest.raises(Refusal, match="at least 2 time steps; received 1"):
        check_size(model, one)
    check_size(ModelSpec(), one)
