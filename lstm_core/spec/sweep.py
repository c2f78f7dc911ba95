"""A sweep: some settings in all combinations, each with several seeds, so that luck can be told from merit."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Any, Literal, get_args, get_origin, get_type_hints

import numpy as np

from lstm_core import limits
from lstm_core.errors import Refusal, listed, unknown
from lstm_core.spec import Adding, Layer, ModelSpec, RunSpec, SeriesSpec, TrainSpec, serialization, setting_names

Value = int | float | str

_HOMES: dict[str, Any] = {
    "cell": ModelSpec, "hidden": Layer, "steps": SeriesSpec, "distance": Adding, "dropout": Layer, "lr": TrainSpec,
    "batch": TrainSpec, "epochs": TrainSpec, "optimizer": TrainSpec, "initial": ModelSpec,
    "forget_bias": ModelSpec, "chrono": ModelSpec, "clip_norm": TrainSpec, "embedding": ModelSpec}
KINDS: dict[str, Any] = {"layers": int} | {name: get_type_hints(home)[name] for name, home in _HOMES.items()}
"""The settings a sweep can go over, and what their values are; ``layers`` is their number."""


class Impossible(Refusal):
    """A combination of values that makes no run: which one, and why."""

    def __init__(self, values: dict[str, Value], why: Refusal) -> None:
        self.combination, self.why = values, why
        super().__init__("{values} cannot be combined: {why}", why=why,
                         values=listed(f"{setting} {value}" for setting, value in values.items()))


@dataclass(frozen=True)
class Axis:
    """One setting and the values it takes."""

    setting: str
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        if self.setting not in KINDS:
            raise unknown("setting", self.setting, KINDS)
        if len(self.values) < 2:
            raise Refusal("{setting} needs at least two values to go over; received {received}.", setting=self.setting,
                          received=listed(self.values) or "-")
        for at, value in enumerate(self.values):
            if value in self.values[:at]:
                raise Refusal("{setting}: the value {value} appears twice.", setting=self.setting, value=value)


@dataclass(frozen=True)
class Point:
    """One run of a sweep."""

    setting: int                    # number of its combination of values
    seed: int
    spec: RunSpec


@dataclass(frozen=True)
class SweepSpec:
    """All that decides a sweep: the settings that stay, those that change, and how many seeds each combination gets.

    ``hidden`` and ``dropout`` are those of all layers; further layers are like the last one of the base.
    """

    base: RunSpec
    axes: tuple[Axis, ...]
    seeds: int = 3

    def __post_init__(self) -> None:
        names = [axis.setting for axis in self.axes]
        if not 1 <= len(names) <= limits.SWEEP_AXES:
            raise Refusal("A sweep goes over 1 to {limit} settings; received {received}.", limit=limits.SWEEP_AXES,
                          received=len(names))
        for at, name in enumerate(names):
            if name in names[:at]:
                raise Refusal("{setting} can be swept once only; received it twice.", setting=name)
            if name not in allowed(self.base):
                raise Refusal("{setting} changes nothing in these runs. Allowed: {allowed}.", setting=name,
                              allowed=listed(allowed(self.base)))
        if not 1 <= self.seeds <= limits.SWEEP_SEEDS:
            raise Refusal("A sweep trains each setting with 1 to {limit} seeds; received {received}.",
                          limit=limits.SWEEP_SEEDS, received=self.seeds)
        if self.runs > limits.SWEEP_RUNS:
            raise Refusal("This sweep would be {settings} settings with {seeds} seeds each = {runs:,} runs; at most "
                          "{limit} are allowed.", settings=self.shape, seeds=self.seeds, runs=self.runs,
                          limit=limits.SWEEP_RUNS)
        if not self.base.data.validation:
            raise Refusal("A sweep is judged on the validation part, and there is none: give it a share of the data.")
        if self.base.train.checkpoint:
            raise Refusal("These settings begin with the weights of an earlier run, so that another seed would change "
                          "little. Draw new weights instead.")

    @property
    def shape(self) -> str:
        """Return how many values each axis has: ``3 x 4``."""
        return " x ".join(str(len(axis.values)) for axis in self.axes)

    @property
    def runs(self) -> int:
        """Return the number of runs."""
        return math.prod(len(axis.values) for axis in self.axes) * self.seeds

    @property
    def settings(self) -> list[tuple[Value, ...]]:
        """Return all combinations of values, the last axis changing fastest."""
        return list(product(*(axis.values for axis in self.axes)))

    @property
    def points(self) -> tuple[Point, ...]:
        """Return the runs: all settings with the first seed, then all with the next.

        Raises:
            Impossible: a combination of values makes no run.
        """
        return _points(self)


def allowed(base: RunSpec) -> list[str]:
    """Return the settings that a sweep over these runs can change, in the order in which they are offered."""
    known = {*setting_names(type(base.data)), "hidden", "dropout"}      # and layers
    idle = (set() if base.model.cell_type.forget_gate else {"forget_bias", "chrono"}) | (
        {"forget_bias"} if base.model.chrono else set())
    if base.model.encoding != "embedding":
        idle.add("embedding")
    return [name for name in KINDS if name in known - idle]


@lru_cache(maxsize=32)
def _points(sweep: SweepSpec) -> tuple[Point, ...]:
    specs = [varied(sweep.base, dict(zip((axis.setting for axis in sweep.axes), values, strict=True)))
             for values in sweep.settings]
    first = sweep.base.train.seed
    return tuple(Point(number, seed, replace(spec, train=replace(spec.train, seed=seed)))
                 for seed in range(first, first + sweep.seeds) for number, spec in enumerate(specs))


def varied(base: RunSpec, values: dict[str, Value]) -> RunSpec:
    """Return the base with these values in their places."""
    others: dict[str, Any] = dict(values)
    try:
        layers = base.model.layers
        if "layers" in others:
            count = others.pop("layers")
            if not isinstance(count, int) or not 1 <= count <= limits.LAYERS:
                raise Refusal("A network has 1 to {limit} recurrent layers; received {received}.",
                              limit=limits.LAYERS, received=count)
            layers = (*layers, *(layers[-1],) * count)[:count]
        sizes = {name: others.pop(name) for name in ("hidden", "dropout") if name in others}
        return base.change(layers=tuple(replace(layer, **sizes) for layer in layers), **others)
    except Refusal as why:
        raise Impossible(values, why) from why


# -- as text -----------------------------------------------------------------------------------------------


def to_json(sweep: SweepSpec) -> str:
    """Return the sweep as JSON."""
    return json.dumps({"base": json.loads(serialization.to_json(sweep.base)), "seeds": sweep.seeds,
                       "axes": [[axis.setting, list(axis.values)] for axis in sweep.axes]}, ensure_ascii=False)


@lru_cache(maxsize=32)
def from_json(text: str) -> SweepSpec:
    """Return the sweep written by :func:`to_json`; anything else is refused with the reason."""
    try:
        raw = json.loads(text)
        base, seeds = json.dumps(raw["base"]), int(raw["seeds"])
        axes = tuple(Axis(serialization.RENAMED.get(setting, setting), tuple(values)) for setting,
                     values in raw["axes"])
    except Refusal:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal("This is not a sweep written as JSON: {error}.", error=error) from error
    return SweepSpec(serialization.from_json(base), axes, seeds)


def choices(setting: str) -> tuple[str, ...]:
    """Return the values to choose from; none for a number."""
    return get_args(KINDS[setting]) if get_origin(KINDS[setting]) is Literal else ()


def read(setting: str, text: str) -> tuple[Value, ...]:
    """Return the values of a number written one after the other: ``16, 32, 64``.

    Raises:
        Refusal: one of them is no such number.
    """
    words = text.replace("，", ",").replace("、", ",").replace(",", " ").split()
    try:
        return tuple(KINDS[setting](word) for word in words)
    except ValueError:
        raise Refusal("{setting}: the values are numbers with commas between them, such as {example}; received "
                      "{text!r}.", setting=setting, example="16, 32, 64" if KINDS[setting] is int else "0.1, 0.01",
                      text=text) from None


# -- what came of it ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcomes:
    """The results of one combination of values over its seeds, in the unit of the error; those that ended with one."""

    setting: int                    # number of the combination
    errors: tuple[float, ...]
    complete: bool                  # every seed has ended with a result

    @property
    def median(self) -> float:
        """Return the median over the seeds; nan where there is none."""
        return float(np.median(self.errors)) if self.errors else math.nan

    @property
    def low(self) -> float:
        """Return the lowest result; nan where there is none."""
        return min(self.errors, default=math.nan)

    @property
    def high(self) -> float:
        """Return the highest result; nan where there is none."""
        return max(self.errors, default=math.nan)

    def overlaps(self, other: Outcomes) -> bool:
        """Tell whether the two spreads, from lowest to highest, have a value in common."""
        return self.low <= other.high and other.low <= self.high


def outcomes(sweep: SweepSpec, errors: Sequence[float]) -> list[Outcomes]:
    """Return the results of each combination: ``errors`` holds that of each run, nan where there is none."""
    found: list[list[float]] = [[] for _values in sweep.settings]
    for at, error in enumerate(errors):
        if math.isfinite(error):
            found[at % len(found)].append(error)
    return [Outcomes(number, tuple(mine), len(mine) == sweep.seeds) for number, mine in enumerate(found)]


def ranked(found: Sequence[Outcomes], *, right: bool) -> list[Outcomes]:
    """Return those with all their results, the best median first; ``right``: higher is better."""
    return sorted((each for each in found if each.complete), key=lambda each: -each.median if right else each.median)


def rivals(order: Sequence[Outcomes]) -> list[Outcomes]:
    """Return the settings after the first whose spread overlaps that of the first: seeds may turn the order around."""
    return [other for other in order[1:] if other.overlaps(order[0])]
