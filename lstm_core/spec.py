"""What decides a run: the data, the network, the training and the seed. Equal specs give equal results.

Every setting has one name, its field name here: the same name is its key on the page, in the address
bar and in a saved file. Names are unique over all specs, so a run can be written as one flat query.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Literal, get_args, get_origin, get_type_hints

from lstm_core import limits
from lstm_core.refusal import Refusal, listed, unknown


def _check(spec: Any) -> None:
    """Hold every field to its type, its limit and its choices."""
    hints = get_type_hints(type(spec))
    for item in fields(spec):
        value, hint = getattr(spec, item.name), hints[item.name]
        if get_origin(hint) is Literal:
            if value not in get_args(hint):
                raise unknown(item.name, value, get_args(hint))
        elif hint is bool:
            if not isinstance(value, bool):
                raise Refusal("{setting} must be true or false; received {value!r}.", setting=item.name, value=value)
        elif hint is str:
            if not isinstance(value, str):
                raise Refusal("{setting} must be text; received {value!r}.", setting=item.name, value=value)
        elif hint in (int, float):
            if isinstance(value, bool) or not isinstance(value, int if hint is int else (int, float)):
                raise Refusal("{setting} must be a number; received {value!r}.", setting=item.name, value=value)
            _check_number(item.name, value)


def _check_number(name: str, value: float) -> None:
    low, high = limits.NUMBERS[name]
    if not math.isfinite(value) or not low <= value <= high:
        raise Refusal("{setting} must be between {low:g} and {high:g}; received {value:g}.",
                      setting=name, low=low, high=high, value=value)


Part = Literal["train", "validation", "test"]
Output = Literal["last", "every"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True, kw_only=True)
class DataSpec:
    """What every source of sequences has in common: how a series becomes windows."""

    source: ClassVar[str]

    steps: int = 20                 # time steps in a window
    horizon: int = 1                # the target lies this many time steps after the input it belongs to
    stride: int = 1                 # time steps between the starts of two training windows
    validation: float = 0.1         # share of the series, by time, between training and test part
    test: float = 0.1               # share of the series, by time, at its end
    scaler: Literal["none", "minmax", "zscore"] = "minmax"   # fitted on the training part only

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True, kw_only=True)
class Waves(DataSpec):
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
class Prices(DataSpec):
    """Daily prices: a bundled real series, or a ticker that was downloaded."""

    source: ClassVar[str] = "prices"

    market: Literal["nasdaq", "sp500", "ticker"] = "nasdaq"   # the first two need no network
    ticker: str = ""                # Yahoo's symbol, only with market "ticker"
    start: str = ""                 # first day, YYYY-MM-DD; empty: as far back as there is
    end: str = ""                   # day after the last, YYYY-MM-DD; empty: up to the last there is
    interval: Literal["1d", "1wk", "1mo"] = "1d"
    features: tuple[str, ...] = ("close",)
    column: str = "close"           # the column that is predicted
    digest: str = ""                # content hash of the downloaded prices, which are kept with the run
    steps: int = 30

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in (*self.features, self.column):
            if name not in PRICE_COLUMNS:
                raise unknown("price column", name, PRICE_COLUMNS)
        _check_columns(self.features, self.column, self.horizon)


PRICE_COLUMNS = ("open", "high", "low", "close", "volume")


@dataclass(frozen=True, kw_only=True)
class Letters(DataSpec):
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
class Table(DataSpec):
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


SOURCES: dict[str, type[DataSpec]] = {kind.source: kind for kind in (Waves, Prices, Letters, Table)}


@dataclass(frozen=True)
class Layer:
    """One recurrent layer."""

    hidden: int = 32                # hidden units
    dropout: float = 0.0            # share of this layer's outputs dropped in training

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """The network: input stage, recurrent layers, output layer."""

    cell: Literal["rnn", "gru", "lstm"] = "lstm"
    layers: tuple[Layer, ...] = (Layer(),)
    encoding: Literal["one-hot", "embedding"] = "one-hot"    # how letters enter; numbers enter as they are
    embedding: int = 2              # width of the embedding, when letters are embedded
    dense: int = 0                  # width of a linear layer before the recurrent ones; 0: none
    forget_bias: float = 1.0        # initial bias of the LSTM's forget gate
    output: Output = "last"          # a prediction at the last or at every time step

    def __post_init__(self) -> None:
        _check(self)
        if not 1 <= len(self.layers) <= limits.LAYERS:
            raise Refusal("A network has 1 to {limit} recurrent layers; received {received}.",
                          limit=limits.LAYERS, received=len(self.layers))


@dataclass(frozen=True, kw_only=True)
class TrainSpec:
    """How the network learns."""

    epochs: int = 20
    batch: int = 32                 # windows in one update
    lr: float = 0.005               # learning rate at the start
    lr_changes: tuple[tuple[int, float], ...] = ()   # (update, learning rate from that update on), in order
    optimizer: Literal["adam", "sgd"] = "adam"
    clip: float = 1.0               # largest norm of the gradient; 0: not clipped
    patience: int = 0               # stop after so many epochs without a better validation loss; 0: never
    keep_best: bool = True          # end with the weights of the best validation loss
    carry: Literal["off", "parallel", "staggered"] = "off"   # state carried from batch to batch (truncated BPTT)
    shuffle: bool = True            # order of the training windows drawn anew in every epoch
    seed: int = 0                   # decides initial weights, order and dropout

    def __post_init__(self) -> None:
        _check(self)
        last = -1
        for update, rate in self.lr_changes:
            if update <= last:
                raise Refusal("Changes of the learning rate must be in the order of their updates; received {got}.",
                              got=self.lr_changes)
            _check_number("lr", rate)
            last = update
        if self.carry != "off" and self.shuffle:
            raise Refusal("A carried state needs the windows in their order: switch shuffle off, or carry off.")

    def rate(self, update: int) -> float:
        """Return the learning rate used for the given update (counted from 0)."""
        current = self.lr
        for since, rate in self.lr_changes:
            if update >= since:
                current = rate
        return current


@dataclass(frozen=True, kw_only=True)
class RunSpec:
    """All that decides a run."""

    data: DataSpec = field(default_factory=Waves)
    model: ModelSpec = field(default_factory=ModelSpec)
    train: TrainSpec = field(default_factory=TrainSpec)

    def __post_init__(self) -> None:
        if self.train.carry != "off" and self.model.output != "every":
            raise Refusal("A carried state needs an output at every step, not only at the last.")
        if self.train.carry != "off" and isinstance(self.data, Letters) and self.data.cycle:
            raise Refusal("Letters that repeat for ever have no beginning from which a state could be carried: "
                          "switch carry off, or let the letters not repeat.")

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
