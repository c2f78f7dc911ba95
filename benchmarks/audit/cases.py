"""Data of known nature, and what may and what must be said of a network that was trained on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from lstm_core.data import Series
from lstm_core.evaluation.verdict import Kind
from lstm_core.presets import PRESETS
from lstm_core.spec import Digits, Layer, ModelSpec, Prices, RunSpec, Table, TrainSpec, Waves

COLUMN = "value"
STEPS, EPOCHS = (5, 10, 20, 30), (3, 12, 30)    # a network that has hardly learned stays near the mean
SMALL = ModelSpec(layers=(Layer(8),))


@dataclass(frozen=True, eq=False)
class Case:
    """One network to train, on data about which the truth is known."""

    nature: str
    truth: str
    spec: RunSpec
    blobs: tuple[bytes, ...] = ()
    must: frozenset[Kind] = frozenset()         # what has to be said
    never: frozenset[Kind] = field(default_factory=lambda: frozenset({"beats"}))

    def wrong(self, said: list[Kind]) -> list[str]:
        """Return what is wrong with what was said."""
        return [f"says {kind!r}" for kind in said if kind in self.never] + [
            f"does not say {kind!r}" for kind in sorted(self.must - set(said))]


@dataclass(frozen=True)
class Nature:
    """A kind of data: how to make one case of it from a source of chance, and how many the audit takes."""

    name: str
    make: Callable[[np.random.Generator], Case]
    count: int


def table(values: np.ndarray, **settings: object) -> tuple[Table, bytes]:
    """Return a series of numbers as the table that a person would upload, with its bytes."""
    series = Series((COLUMN,), values[:, None].astype(np.float64), np.arange(len(values)), name="audit")
    blob = series.to_bytes()
    return Table(digest=series.digest(), features=(COLUMN,), column=COLUMN, **settings), blob  # type: ignore[arg-type]


def network(rng: np.random.Generator, most: int = 16) -> ModelSpec:
    """Return a small network of any cell."""
    cell: Literal["lstm", "gru", "rnn"] = ("lstm", "gru", "rnn")[int(rng.integers(3))]
    return ModelSpec(cell=cell, layers=(Layer(int(rng.integers(4, most))),))


def training(rng: np.random.Generator, **settings: object) -> TrainSpec:
    """Return how a small network is trained, with a seed of its own."""
    facts: dict[str, object] = {"epochs": 12, "batch": 32, "lr": float(rng.choice([0.003, 0.01])),
                                "seed": int(rng.integers(10_000))}
    return TrainSpec(**facts | settings)  # type: ignore[arg-type]


def _of(nature: str, truth: str, rng: np.random.Generator, values: np.ndarray, model: ModelSpec | None = None,
        train: TrainSpec | None = None, *, must: frozenset[Kind] = frozenset(),
        never: frozenset[Kind] = frozenset({"beats"}), **settings: object) -> Case:
    data, blob = table(values, **{"scaler": "zscore", "steps": int(rng.choice([5, 10, 20])), **settings})
    return Case(nature, truth, RunSpec(data=data, model=model or network(rng), train=train or training(rng)), (blob,),
                must, never)


def noise(rng: np.random.Generator) -> Case:
    """White noise, of the normal distribution or one with heavy tails."""
    count = int(rng.choice([400, 800, 1200]))
    values = rng.normal(size=count) if rng.random() < 0.5 else rng.standard_t(4, size=count)
    return _of("white noise", "the mean is the best there is", rng, values, train=training(
        rng, epochs=int(rng.choice(EPOCHS))), steps=int(rng.choice(STEPS)))


def returns(rng: np.random.Generator) -> Case:
    """Daily change of real prices, over a window of some years."""
    years = int(rng.integers(2, 9))
    begin = int(rng.integers(1999, 2018 - years))
    data = Prices(market=("nasdaq", "sp500")[int(rng.integers(2))], start=f"{begin}-01-01",
                  end=f"{begin + years}-01-01", features=("change",), column="change", scaler="zscore",
                  steps=int(rng.choice(STEPS)))
    return Case("real returns", "hardly anything can be known of tomorrow's change", RunSpec(
        data=data, model=network(rng), train=training(rng, epochs=int(rng.choice(EPOCHS)))))


def walk(rng: np.random.Generator) -> Case:
    """A random walk."""
    return _of("random walk", "the last value is the best there is", rng, np.cumsum(rng.normal(size=800)))


def first_order(rng: np.random.Generator) -> Case:
    """An autoregression of the first order."""
    share, values = float(rng.choice([0.5, 0.8])), rng.normal(size=1000)
    for row in range(1, len(values)):
        values[row] += share * values[row - 1]
    return _of(f"AR(1), {share:g}", "a linear autoregression is the best there is", rng, values)


def logistic(rng: np.random.Generator) -> Case:
    """The logistic map, chaos without noise that no straight line foresees."""
    values = np.empty(1000)
    values[0] = rng.uniform(0.1, 0.9)
    rate = rng.uniform(3.97, 3.999)         # below that there are windows in which it repeats itself
    for row in range(1, len(values)):
        values[row] = rate * values[row - 1] * (1 - values[row - 1])
    return _of("logistic map", "a network can know the next value, a straight line cannot", rng, values,
               ModelSpec(cell=("lstm", "gru", "rnn")[int(rng.integers(3))], layers=(Layer(16),)),
               training(rng, epochs=60, batch=16, lr=0.01), must=frozenset({"beats"}),
               never=frozenset({"lagged", "loses"}), steps=3)


def sine(rng: np.random.Generator) -> Case:
    """A sine, which a linear autoregression continues exactly."""
    data = Waves(period=float(rng.uniform(15, 40)), length=800, steps=15)
    return Case("sine", "a linear autoregression is exact", RunSpec(data=data, model=SMALL, train=training(rng)),
                must=frozenset({"loses"}), never=frozenset({"beats", "lagged", "overfitted", "diverged"}))


def trend(rng: np.random.Generator) -> Case:
    """A steep straight line with a little noise: the test part lies beyond all that was trained on."""
    count = 600
    return _of("trend", "the network cannot follow beyond the training part", rng,
               np.arange(count) * 0.05 + rng.normal(size=count) * 0.3, SMALL, must=frozenset({"loses"}))


def by_heart(rng: np.random.Generator) -> Case:
    """A little noise, learned by heart by a large network."""
    return _of("by heart", "the validation loss rises while the training loss falls", rng, rng.normal(size=300),
               ModelSpec(layers=(Layer(32),)), training(rng, epochs=60, lr=0.02, keep_best=False),
               must=frozenset({"overfitted"}), steps=10)


def broken(rng: np.random.Generator) -> Case:
    """Steps so large that the loss becomes no number."""
    data = Waves(wave="sawtooth", length=400, noise_seed=int(rng.integers(1000)))
    return Case("diverged", "the loss is no longer a number", RunSpec(
        data=data, model=ModelSpec(cell="rnn", layers=(Layer(8),)),
        train=training(rng, epochs=30, lr=10, optimizer="sgd", clip_norm=0)), must=frozenset({"diverged"}))


def shut(rng: np.random.Generator) -> Case:
    """A forget gate that begins wide open."""
    data = Waves(period=float(rng.uniform(15, 40)), length=600, steps=15)
    return Case("saturated", "the forget gate is open all the time", RunSpec(
        data=data, model=ModelSpec(layers=(Layer(8),), forget_bias=8.0), train=training(rng, lr=0.003)),
        must=frozenset({"saturated"}))


def late(rng: np.random.Generator) -> Case:
    """Weekly prices, of which a network learns to repeat the last."""
    data = Prices(market="sp500", interval="1wk", end="2009-01-01", steps=8)
    return Case("late copy", "the network repeats the last known price", RunSpec(
        data=data, model=SMALL, train=training(rng, epochs=80, lr=0.005)), must=frozenset({"lagged"}))


def digits(rng: np.random.Generator) -> Case:
    """Handwritten digits, which a small network tells apart, but not as well as the nearest neighbour."""
    return Case("digits", "the nearest neighbour names nearly all", RunSpec(
        data=Digits(), model=ModelSpec(layers=(Layer(12),)), train=training(rng, epochs=4, lr=0.01)),
        must=frozenset({"loses"}))


def turned(rng: np.random.Generator) -> Case:
    """Reviews in which only the order of words decides, which counted word pairs hardly see."""
    return Case("order decides", "a network can keep what a word has turned around",
                PRESETS["s2_reviews_order_en"].spec.change(seed=int(rng.integers(10_000))), must=frozenset({"beats"}),
                never=frozenset({"loses", "ties"}))


NATURES = (
    Nature("noise", noise, 40), Nature("returns", returns, 20), Nature("walk", walk, 6),
    Nature("first_order", first_order, 6), Nature("logistic", logistic, 6), Nature("sine", sine, 3),
    Nature("trend", trend, 3), Nature("by_heart", by_heart, 3), Nature("broken", broken, 3), Nature("shut", shut, 3),
    Nature("late", late, 3), Nature("digits", digits, 2), Nature("turned", turned, 2))


def cases(seed: int, share: float = 1.0) -> Iterator[Case]:
    """Yield the cases of a seed, or of each nature a share of them, at least one."""
    for place, nature in enumerate(NATURES):
        for number in range(max(1, round(share * nature.count))):
            yield nature.make(np.random.default_rng((seed, place, number)))
