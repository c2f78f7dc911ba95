"""The sources of data: each class has the settings of a source, and its facts (see :mod:`lstm_core.spec.data`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from lstm_core import limits
from lstm_core.errors import Refusal, listed
from lstm_core.spec.data import Answer, DataSpec, ExamplesSpec, Output, ScoreKind, SeriesSpec, Symbol


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

    @property
    def columns_read(self) -> tuple[str, ...]:
        """Return the column with the wave."""
        return ("wave",)

    @property
    def column_predicted(self) -> str:
        """Return the wave itself, or the cosine."""
        return self.target

    @property
    def unpredictable(self) -> float:
        """Return the noise of the wave; the cosine has none."""
        return self.noise if self.target == "wave" else 0.0

    @property
    def idle(self) -> frozenset[str]:
        """Return what no noise and no second sine make of no effect."""
        return frozenset({"noise_seed"} if not self.noise else ()) | (
            {"period2"} if self.wave not in ("sum", "product") else set())


class _ChosenColumns:
    """What prices and tables share: a person chooses the columns that are read and the one that is predicted."""

    named: ClassVar[bool] = True

    features: tuple[str, ...]
    column: str
    digest: str
    horizon: int

    @property
    def columns_read(self) -> tuple[str, ...]:
        """Return the columns chosen to be read."""
        return self.features

    @property
    def column_predicted(self) -> str:
        """Return the column chosen to be predicted."""
        return self.column

    @property
    def blob_digest(self) -> str:
        """Return the content hash of the series from outside; empty: there is none."""
        return self.digest

    def _check_columns(self) -> None:
        if len(self.features) > limits.FEATURES:
            raise Refusal("At most {limit} feature columns may be chosen; received {received}.",
                          limit=limits.FEATURES, received=len(self.features))
        if len(set(self.features)) < len(self.features):
            raise Refusal("Each feature column may be chosen once; received {received}.",
                          received=listed(self.features))
        if self.horizon == 0 and self.column in self.features:
            raise Refusal("A horizon of 0 steps ahead asks for a value that is among the features. Choose 1 step ahead "
                          "or more, or leave {column!r} out of the features.", column=self.column)


PRICE_COLUMNS = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True, kw_only=True)
class Prices(_ChosenColumns, SeriesSpec):
    """Daily prices: a bundled real series, or a ticker that was downloaded."""

    source: ClassVar[str] = "prices"
    indicators: ClassVar[bool] = True

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
        self._check_columns()

    @property
    def from_outside(self) -> bool:
        """Tell whether the prices are downloaded ones."""
        return self.market == "ticker"

    @property
    def idle(self) -> frozenset[str]:
        """Return what belongs to downloaded prices only."""
        return frozenset() if self.from_outside else frozenset({"ticker", "digest"})

    def unit_predicted(self, unit: str) -> str:
        """Return the unit of the predicted column: what is computed from prices is no price itself."""
        if self.column in ("open", "high", "low", "close"):
            return unit
        return "%" if self.column == "change" else ""


@dataclass(frozen=True, kw_only=True)
class Letters(SeriesSpec):
    """Letters of a text; the next letter is to be named."""

    source: ClassVar[str] = "letters"
    symbols: ClassVar[Symbol | None] = "letter"
    answers: ClassVar[Answer] = "class"
    score_kind: ClassVar[ScoreKind] = "share"

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

    @property
    def columns_read(self) -> tuple[str, ...]:
        """Return the only column: letters enter, and the next one is predicted."""
        return ("letter",)

    @property
    def column_predicted(self) -> str:
        """Return the only column."""
        return "letter"

    @property
    def endless(self) -> bool:
        """Tell whether the text repeats for ever."""
        return self.cycle

    @property
    def idle(self) -> frozenset[str]:
        """Return the parts that are not held back: all of a text that repeats is trained on."""
        return frozenset({"validation", "test"}) if self.cycle else frozenset()


@dataclass(frozen=True, kw_only=True)
class Table(_ChosenColumns, SeriesSpec):
    """A table that a person uploaded; it is kept with the run under its content hash."""

    source: ClassVar[str] = "table"
    own_columns: ClassVar[bool] = True

    digest: str = ""                # content hash of the cleaned table
    date: str = ""                  # column with the dates; empty: rows are numbered
    features: tuple[str, ...] = ()
    column: str = ""                # the column that is predicted
    missing: Literal["drop", "carry"] = "drop"   # rows with gaps are left out, or take the value before

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_columns()

    @property
    def from_outside(self) -> bool:
        """Tell that the table comes from a person."""
        return True


@dataclass(frozen=True, kw_only=True)
class Digits(ExamplesSpec):
    """Handwritten digits, 8 x 8 grey values, read row by row; the digit is to be named (many to one)."""

    source: ClassVar[str] = "digits"
    output: ClassVar[Output | None] = "last"
    answers: ClassVar[Answer] = "class"
    score_kind: ClassVar[ScoreKind] = "share"

    test: float = 0.2


@dataclass(frozen=True, kw_only=True)
class Reviews(ExamplesSpec):
    """Short shop reviews, read word by word; whether the writer was content is to be told (many to one)."""

    source: ClassVar[str] = "reviews"
    output: ClassVar[Output | None] = "last"
    symbols: ClassVar[Symbol | None] = "word"
    answers: ClassVar[Answer] = "class"
    score_kind: ClassVar[ScoreKind] = "share"
    one_length: ClassVar[bool] = False

    language: Literal["en", "zh"] = "en"
    corpus: Literal["plain", "order", "both", "first"] = "first"   # the default is what version 0.2 read
    test: float = 0.2


@dataclass(frozen=True, kw_only=True)
class Numerals(ExamplesSpec):
    """Whole numbers, to be said in words: an encoder reads the digits, a decoder writes the words (N to M)."""

    source: ClassVar[str] = "numerals"
    output: ClassVar[Output | None] = "every"
    symbols: ClassVar[Symbol | None] = "sign"
    answers: ClassVar[Answer] = "sequence"
    score_kind: ClassVar[ScoreKind] = "share"

    language: Literal["en", "zh"] = "en"
    largest: int = 999              # the numbers go from 0 to this one


@dataclass(frozen=True, kw_only=True)
class Amplitude(ExamplesSpec):
    """One number at the first time step, a sine wave of that height to be drawn after it (one to N)."""

    source: ClassVar[str] = "amplitude"
    output: ClassVar[Output | None] = "every"
    one_input: ClassVar[bool] = True

    period: float = 20.0            # time steps in one cycle
    steps: int = 20                 # time steps of a wave
    examples: int = 300             # waves in all

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.examples * self.steps > limits.WAVE_POINTS:
            raise Refusal("{examples} waves of {steps} time steps are too many; at most {limit:,} time steps in all "
                          "are allowed.", examples=self.examples, steps=self.steps, limit=limits.WAVE_POINTS)

    @property
    def usual_steps(self) -> int:
        """Return the time steps of a wave."""
        return self.steps


ALL: tuple[type[DataSpec], ...] = (Waves, Prices, Letters, Table, Digits, Reviews, Numerals, Amplitude)
"""In the order in which the page offers them."""
