"""What all sources of data have in common: the settings they share, and the facts that the rest of the lab asks for.

A source states its facts in its own class. Nobody else asks which source it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from lstm_core.spec.validation import check

Split = Literal["train", "validation", "test"]
Output = Literal["last", "every"]
Symbol = Literal["letter", "word", "sign"]
Answer = Literal["number", "class", "sequence"]
ScoreKind = Literal["error", "share"]
SPLITS: tuple[Split, ...] = get_args(Split)

USUAL_STEPS = 100       # of sequences whose length is not a setting; no longer ones are common


@dataclass(frozen=True, kw_only=True)
class DataSpec:
    """The facts of a source, and the settings that every source has."""

    source: ClassVar[str]                       # its name in addresses and stored runs
    output: ClassVar[Output | None] = None      # where its truth stands; None: wherever the network is asked for it
    symbols: ClassVar[Symbol | None] = None     # what one of the symbols that enter is; None: numbers enter
    answers: ClassVar[Answer] = "number"        # what is predicted; a sequence: by a decoder, symbol by symbol
    score_kind: ClassVar[ScoreKind] = "error"   # the score is a mean absolute error, or the share that is right
    own_sequences: ClassVar[bool]               # each sample is a sequence of its own, no window of a long series
    one_length: ClassVar[bool] = True           # all samples have the same number of time steps
    one_input: ClassVar[bool] = False           # one value enters, at the first time step; only zeros follow
    own_columns: ClassVar[bool] = False         # the columns have the names that a person gave them

    validation: float = 0.1         # share between training and test part, of a series by time
    test: float = 0.1               # share at the end, which is never used in training

    def __post_init__(self) -> None:
        check(self)

    @property
    def blob_digest(self) -> str:
        """Return the content hash of the bytes that are kept with a run; empty: there are none."""
        return ""

    @property
    def endless(self) -> bool:
        """Tell whether the series repeats for ever, so that it has no beginning and no part held back."""
        return False

    @property
    def gap(self) -> int:
        """Return how many time steps a memory must bridge for the answer; 0: that is not known."""
        return 0

    @property
    def unpredictable(self) -> float:
        """Return the standard deviation of the normal noise in what is predicted; 0: there is none that is known."""
        return 0.0

    @property
    def idle(self) -> frozenset[str]:
        """Return the settings that have no effect beside the others."""
        return frozenset()

    @property
    def usual_steps(self) -> int:
        """Return about how many time steps the longest samples have."""
        return USUAL_STEPS


@dataclass(frozen=True, kw_only=True)
class SeriesSpec(DataSpec):
    """A long series that is cut into windows."""

    own_sequences: ClassVar[bool] = False
    named: ClassVar[bool] = False           # the series has a name that is shown with what is predicted
    indicators: ClassVar[bool] = False      # columns may be technical indicators, computed from prices

    steps: int = 20                 # time steps in a window
    horizon: int = 1                # the target lies this many time steps after the input it belongs to
    stride: int = 1                 # time steps between the starts of two training windows
    scaler: Literal["none", "minmax", "zscore"] = "minmax"   # fitted on the training part only

    @property
    def columns_read(self) -> tuple[str, ...]:
        """Return the columns of the series that the network reads."""
        raise NotImplementedError

    @property
    def column_predicted(self) -> str:
        """Return the column of the series that is predicted."""
        raise NotImplementedError

    @property
    def from_outside(self) -> bool:
        """Tell whether the series is the one kept under ``blob_digest``; others are computed or bundled."""
        return False

    @property
    def usual_steps(self) -> int:
        """Return the time steps of a window."""
        return self.steps

    def unit_predicted(self, unit: str) -> str:
        """Return the unit of the predicted column of a series whose values have this unit."""
        return unit


@dataclass(frozen=True, kw_only=True)
class ExamplesSpec(DataSpec):
    """Many short sequences, each an example of its own; the parts are drawn at random."""

    own_sequences: ClassVar[bool] = True

    split_seed: int = 0             # decides which examples are in which part


@dataclass(frozen=True, kw_only=True)
class TaskSpec(ExamplesSpec):
    """Sequences made by a rule, new ones in every epoch; the parts that judge are made once."""

    symbols: ClassVar[Symbol | None] = "sign"
    answers: ClassVar[Answer] = "class"
    score_kind: ClassVar[ScoreKind] = "share"       # of the sequences that are processed right as a whole
    one_length: ClassVar[bool] = False

    sequences: int = 2560           # new sequences in an epoch of training
    validation: float = 0.2         # so many sequences that judge the training, as a share of an epoch
    test: float = 0.5               # the same for the test part
