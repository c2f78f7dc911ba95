"""All that decides a run."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

from lstm_core import limits
from lstm_core.errors import Refusal, unknown
from lstm_core.spec.data import DataSpec
from lstm_core.spec.model import ModelSpec
from lstm_core.spec.sources import Waves
from lstm_core.spec.training import TrainSpec

KEPT = 7                # numbers that a unit leaves behind at each time step: gates, cell state, its tanh, hidden state
LEAST_WIDTH = 16        # units that a narrower layer takes as much room as


@dataclass(frozen=True, kw_only=True)
class RunSpec:
    """All that decides a run."""

    data: DataSpec = field(default_factory=Waves)
    model: ModelSpec = field(default_factory=ModelSpec)
    train: TrainSpec = field(default_factory=TrainSpec)

    def __post_init__(self) -> None:
        if self.train.stateful != "off" and self.model.output != "every":
            raise Refusal("A carried state needs an output at every step, not only at the last.")
        if self.train.stateful != "off" and self.data.endless:
            raise Refusal("Letters that repeat for ever have no beginning from which a state could be carried: "
                          "switch carry off, or let the letters not repeat.")

        if self.data.output == "last" and self.model.output == "every":
            raise Refusal("This sequence has its truth at the end only: choose an output at the last time step.")
        if self.data.output == "every" and self.model.output == "last":
            raise Refusal("This sequence has its truth at every time step: choose an output at every step.")
        if self.train.stateful != "off" and self.data.own_sequences:
            raise Refusal("Each example is a sequence of its own, so no state can be carried from one to the next: "
                          "switch carry off.")
        if self.model.conv and self.data.symbols:
            raise Refusal("A convolution beside the recurrent layers reads numbers, not letters or words. "
                          "Choose 0 filters.")
        if self.model.conv and not self.data.one_length:
            raise Refusal("A convolution beside the recurrent layers needs sequences of one length; these differ. "
                          "Choose 0 filters.")
        if self.train.target_score and self.data.score_kind == "error":
            raise Refusal("Only where answers are right or wrong can training stop at a share of right ones. "
                          "Choose 0.")
        self._check_numbers(limits.STORED_UPDATE_NUMBERS)

    @property
    def numbers(self) -> int:
        """Return about how many numbers one update keeps in memory: what back-propagation needs of every time step."""
        model = self.model
        width = sum(KEPT * max(layer.hidden, LEAST_WIDTH) for layer in model.layers)
        width += model.input_dense + 3 * model.conv + model.relu_head
        return int(self.train.batch * self.data.usual_steps * width)

    def check_new(self) -> RunSpec:
        """Return the spec of a run that is to begin; one that has begun, when more was allowed, may be larger.

        Raises:
            Refusal: one update would keep too many numbers in memory.
        """
        self._check_numbers(limits.UPDATE_NUMBERS)
        return self

    def _check_numbers(self, limit: int) -> None:
        if self.numbers > limit:
            raise Refusal("One update would keep about {numbers:,} numbers in memory; at most {limit:,} are allowed. "
                          "Use a smaller batch, fewer time steps or fewer hidden units.", numbers=self.numbers,
                          limit=limit)

    def change(self, **settings: Any) -> RunSpec:
        """Return the spec with settings replaced by name, whichever part they belong to."""
        parts: dict[str, Any] = {"data": self.data, "model": self.model, "train": self.train}
        for name, value in settings.items():
            owner = next((key for key, part in parts.items() if name in {f.name for f in fields(part)}), None)
            if owner is None:
                raise unknown("setting", name, setting_names(type(self.data)))
            parts[owner] = replace(parts[owner], **{name: value})
        return RunSpec(**parts)


def setting_names(data: type[DataSpec]) -> list[str]:
    """Return the names of all settings of a run with this kind of data."""
    return [item.name for part in (data, ModelSpec, TrainSpec) for item in fields(part)]
