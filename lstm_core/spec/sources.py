"""Where sequences come from, and how they become what a network reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from lstm_core import limits
from lstm_core.errors import Refusal, listed
from lstm_core.spec.validation import check

Split = Literal["train", "validation", "test"]
Output = Literal["last", "every"]
SPLITS: tuple[Split, ...] = get_args(Split)


@dataclass(frozen=True, kw_only=True)
class DataSpec:
    """What every source of sequences has in common: what is kept back from training."""

    source: ClassVar[str]
    output: ClassVar[Output | None] = None      # where the source has its truth; None: wherever it is asked for

    validation: float = 0.1         # share between training and test part, of a series by time
    test: float = 0.1               # share at the end, which is never used in training

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True, kw_only=True)
class SeriesSpec(DataSpec):
    """A long series that is cut into windows."""

    steps: int = 20                 # time steps in a window
    horizon: int = 1                # the target lies this many time steps after the input it belongs to
    stride: int = 1                 # time steps between the starts of two training windows
    scaler: Literal["none", "minmax", "zscore"] = "minmax"   # fitted on the training part only


@dataclass(frozen=True, kw_only=True)
class ExamplesSpec(DataSpec):
    """Many short sequences, each an example of its own; the parts are drawn at random."""

    split_seed: int = 0             # decides which examples are in which part


@dataclass(frozen=True, kw_only=True)
class Waves(SeriesSpec):
    """A wave computed from a formula."""

    source: ClassVar[str] = "waves"

    wave: Literal["sine", "square", "sawtooth", "sum", "product"] = "sine"
    target: Literal["wave", "cosine"] = "wave"   # predict the wave itself, or the cosine that belongs to it
    period: float = 25.0            # time steps in one cycle
    period2: float = 60.0           # time steps in one cycle of the second sine of a sum or product
    noise: float = 0.0              # standard deviation of the normal noise added to the input
    length: int = 1000              # time steps in the series
    noise_seed: int = 0
    scaler: Literal["none", "minmax", "zscore"] = "none"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.target == "wave" and self.horizon == 0:
            raise Refusal("A horizon of 0 steps ahead asks for the value that was just put in. Choose 1 step ahead or "
                          "more, or predict the cosine.")


@dataclass(frozen=True, kw_only=True)
class Prices(SeriesSpec):
    """Daily prices: a bundled real series, or a ticker that was downloaded."""

    source: ClassVar[str] = "prices"

    market: Literal["nasdaq", "sp500", "ticker"] = "nasdaq"   # the first two need no network
    ticker: str = ""                # Yahoo's symbol, only with market "ticker"
    start: str = ""                 # first day, YYYY-MM-DD; empty: as far back as there is
    end: str = ""                   # day after the last, YYYY-MM-DD; empty: up to the last there is
    interval: Literal["1d", "1wk", "1mo"] = "1d"
    features: tuple[str, ...] = ("close",)      # columns of prices, and indicators computed from them
    column: str = "close"           # the column that is predicted
    digest: str = ""                # content hash of the downloaded prices, which are kept with the run
    steps: int = 30

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_columns(self.features, self.column, self.horizon)


PRICE_COLUMNS = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True, kw_only=True)
class Letters(SeriesSpec):
    """Letters of a text; the next letter is to be named."""

    source: ClassVar[str] = "letters"

    text: str = "abcde"
    cycle: bool = True              # the text repeats for ever, so its last letter is followed by its first
    steps: int = 3
    scaler: Literal["none"] = "none"

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.text) > limits.LETTERS:
            raise Refusal("The text may have at most {limit} letters; received {received}.",
                          limit=limits.LETTERS, received=len(self.text))
        if len(set(self.text)) < 2:
            raise Refusal("A text needs at least two different letters, or there is nothing to predict; "
                          "received {text!r}.", text=self.text)
        if len(set(self.text)) > limits.ALPHABET:
            raise Refusal("The text may use at most {limit} different letters; received {received}.",
                          limit=limits.ALPHABET, received=len(set(self.text)))
        if self.horizon != 1:
            raise Refusal("Letters are predicted one ahead: horizon must be 1; received {horizon}.",
                          horizon=self.horizon)


@dataclass(frozen=True, kw_only=True)
class Table(SeriesSpec):
    """A table that a person uploaded; it is kept with the run under its content hash."""

    source: ClassVar[str] = "table"

    digest: str = ""                # content hash of the cleaned table
    date: str = ""                  # column with the dates; empty: rows are numbered
    features: tuple[str, ...] = ()
    column: str = ""                # the column that is predicted
    missing: Literal["drop", "carry"] = "drop"   # rows with gaps are left out, or take the value before

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_columns(self.features, self.column, self.horizon)


def _check_columns(features: tuple[str, ...], column: str, horizon: int) -> None:
    if len(features) > limits.FEATURES:
        raise Refusal("At most {limit} feature columns may be chosen; received {received}.",
                      limit=limits.FEATURES, received=len(features))
    if len(set(features)) < len(features):
        raise Refusal("Each feature column may be chosen once; received {received}.", received=listed(features))
    if horizon == 0 and column in features:
        raise Refusal("A horizon of 0 steps ahead asks for a value that is among the features. Choose 1 step ahead or "
                      "more, or leave {column!r} out of the features.", column=column)


@dataclass(frozen=True, kw_only=True)
class Digits(ExamplesSpec):
    """Handwritten digits, 8 x 8 grey values, read row by row; the digit is to be named (many to one)."""

    source: ClassVar[str] = "digits"
    output: ClassVar[Output | None] = "last"

    test: float = 0.2


@dataclass(frozen=True, kw_only=True)
class Reviews(ExamplesSpec):
    """Short shop reviews, read word by word; whether the writer was content is to be told (many to one)."""

    source: ClassVar[str] = "reviews"
    output: ClassVar[Output | None] = "last"

    language: Literal["en", "zh"] = "en"
    test: float = 0.2


@dataclass(frozen=True, kw_only=True)
class Numerals(ExamplesSpec):
    """Whole numbers, to be said in words: an encoder reads the digits, a decoder writes the words (N to M)."""

    source: ClassVar[str] = "numerals"
    output: ClassVar[Output | None] = "every"

    language: Literal["en", "zh"] = "en"
    largest: int = 999              # the numbers go from 0 to this one


@dataclass(frozen=True, kw_only=True)
class Amplitude(ExamplesSpec):
    """One number at the first time step, a sine wave of that height to be drawn after it (one to N)."""

    source: ClassVar[str] = "amplitude"
    output: ClassVar[Output | None] = "every"

    period: float = 20.0            # time steps in one cycle
    steps: int = 20                 # time steps of a wave
    examples: int = 300             # waves in all

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.examples * self.steps > limits.WAVE_POINTS:
            raise Refusal("{examples} waves of {steps} time steps are too many; at most {limit:,} time steps in all "
                          "are allowed.", examples=self.examples, steps=self.steps, limit=limits.WAVE_POINTS)
