"""The class as one experiment: everybody trains the same network but for one value, and all come together."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lstm_core import limits
from lstm_core.errors import Refusal, listed
from lstm_core.spec import RunSpec, serialization, sweep
from lstm_core.spec.sweep import Value

SEED = "seed"           # the setting of an experiment in which chance alone differs
VALUES = 40             # of a setting, at most


@dataclass(frozen=True)
class Experiment:
    """What everybody trains, and what differs: with ``seed`` everybody has another, and there are no values."""

    base: RunSpec
    setting: str = SEED
    values: tuple[Value, ...] = ()
    open: bool = True               # runs still count

    def __post_init__(self) -> None:
        if self.setting == SEED:
            if self.values:
                raise Refusal("Seeds are given out one after the other; no values are needed.")
            return
        if self.setting not in sweep.allowed(self.base):
            raise Refusal("{setting} changes nothing in these runs. Allowed: {allowed}.", setting=self.setting,
                          allowed=listed([SEED, *sweep.allowed(self.base)]))
        if not 2 <= len(self.values) <= VALUES:
            raise Refusal("An experiment has from 2 to {most} values; these are {given}.", most=VALUES,
                          given=len(self.values))
        sweep.Axis(self.setting, self.values)           # each is there once
        for value in self.values:                       # and makes a run
            sweep.varied(self.base, {self.setting: value})

    def value_of(self, number: int) -> Value:
        """Return the value of the learner who was the n-th to join, from 1."""
        if self.setting == SEED:
            return self._seed(number - 1)
        return self.values[(number - 1) % len(self.values)]

    def spec_of(self, number: int) -> RunSpec:
        """Return what the n-th learner trains; who has the same value as another has another seed."""
        if self.setting == SEED:
            return self.base.change(seed=self._seed(number - 1))
        varied = sweep.varied(self.base, {self.setting: self.value_of(number)})
        return varied.change(seed=self._seed((number - 1) // len(self.values)))

    def closed(self) -> Experiment:
        """Return it with no more runs taken."""
        return replace(self, open=False)

    def _seed(self, further: int) -> int:
        first = self.base.train.seed
        return (first + further) % (int(limits.NUMBERS[SEED].high) + 1)


@dataclass(frozen=True)
class Group:
    """The results of one value: of a seed experiment those of all."""

    value: Value
    count: int
    mean: float
    deviation: float                # standard deviation between runs (n - 1); nan of a single one


def groups(results: Iterable[tuple[Value, float]]) -> list[Group]:
    """Return mean and spread of each value, numbers in their order, then words; what is not finite counts nowhere."""
    of: dict[Value, list[float]] = defaultdict(list)
    for value, result in results:
        if math.isfinite(result):
            of[value].append(result)
    return [_group(value, of[value]) for value in sorted(of, key=lambda value: (isinstance(value, str), value))]


def _group(value: Value, found: list[float]) -> Group:
    mean = math.fsum(found) / len(found)
    spread = math.fsum((one - mean) ** 2 for one in found)
    return Group(value, len(found), mean, math.sqrt(spread / (len(found) - 1)) if len(found) > 1 else math.nan)


def to_plain(experiment: Experiment) -> dict[str, Any]:
    """Return an experiment as JSON has it."""
    return {"base": serialization.to_json(experiment.base), "setting": experiment.setting,
            "values": list(experiment.values), "open": experiment.open}


def from_plain(plain: Mapping[str, Any]) -> Experiment | None:
    """Return what :func:`to_plain` was given; None: it cannot be read any more."""
    try:
        return Experiment(serialization.from_json(plain["base"]), plain["setting"], tuple(plain["values"]),
                          plain["open"] is True)
    except (Refusal, KeyError, TypeError, ValueError):
        return None
