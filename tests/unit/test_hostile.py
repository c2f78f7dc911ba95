"""What strangers may send, to every reader: it is used, or refused with a sentence, at once, and does no harm."""

from __future__ import annotations

import ast
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from lstm_core.data import Series
from lstm_core.data.sources import yahoo
from lstm_core.data.sources.dates import between
from lstm_core.data.sources.yahoo import Downloader, Unavailable
from lstm_core.data.tables.table import read_table
from lstm_core.errors import Refusal
from lstm_core.export import csv_file
from lstm_core.learning import checkpoints
from lstm_core.spec import SOURCES, Amplitude, Layer, Letters, ModelSpec, RunSpec, Waves, setting_names
from lstm_core.spec.io import IOShape
from lstm_core.spec.parameters import check_reading
from lstm_core.spec.serialization import from_json, from_query, to_json
from lstm_core.ui.widgets.text import escape_markdown, localized
from tests.unit.hostile_corpus import (
    FORMULAS,
    GOOD,
    LIKE,
    LONG,
    MARKUP,
    NO_DAYS,
    NO_TICKERS,
    PATHS,
    SIGNS,
    STRANGE,
    TABLES,
    WEIGHTS,
)

CORE = Path(__file__).parents[2] / "lstm_core"
ANSWER = 2.0            # seconds of CPU within which everything is answered
KEYS = {name: [*setting_names(kind), "layers", "hidden", "dropout", "hidden2", "dropout4"]
        for name, kind in SOURCES.items()}


def short(text: str) -> str:
    return ascii(text[:20])


@contextmanager
def at_once() -> Iterator[None]:
    """Hold what is done inside to the time in which everything is answered."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < ANSWER


def refused_or(read: Callable[[], Any]) -> Any:
    """Return what is read; None when it is refused with a sentence. Anything else fails the test."""
    try:
        return read()
    except Refusal as refusal:
        localized(refusal)
        return None


# -- addresses and run files -------------------------------------------------------------------------------


def usable(spec: RunSpec | None) -> None:
    """What was accepted can be kept, and is read back the same."""
    if spec is not None:
        assert from_json(to_json(spec).encode().decode()) == spec


@pytest.mark.parametrize("source", SOURCES)
def test_every_setting_of_an_address_may_hold_anything(source: str) -> None:
    for place, key in enumerate(KEYS[source]):
        with at_once():
            for text in STRANGE[place % 5::5]:
                refused_or(lambda key=key, text=text: from_query({"source": source, key: text}))


@pytest.mark.parametrize("text", STRANGE, ids=short)
def test_what_an_address_says_is_kept_as_it_is_or_refused(text: str) -> None:
    with at_once():
        usable(refused_or(lambda: from_query({"source": "letters", "text": text})))
        usable(refused_or(lambda: from_query({"source": "table", "column": text, "features": text, "date": text})))
        usable(refused_or(lambda: from_query({"hidden": text})))
        usable(refused_or(lambda: from_query({"source": text})))


@settings(max_examples=60, deadline=None)
@given(some.dictionaries(some.sampled_from(sorted({"source", *(key for keys in KEYS.values() for key in keys)})),
                         some.sampled_from(STRANGE) | some.text() | some.sampled_from(sorted(SOURCES))))
def test_no_address_is_more_than_a_run_or_a_sentence(query: dict[str, str]) -> None:
    with at_once():
        usable(refused_or(lambda: from_query(query)))


JSON = some.recursive(some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
                      lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3),
                      max_leaves=6)


@settings(max_examples=60, deadline=None)
@given(some.sampled_from(["source", "data", "model", "train"]), some.integers(0, 20), JSON)
@example("train", 4, [[1e400, 0.1]])
@example("model", 2, [{"hidden": 10**400}])
def test_a_run_file_with_anything_in_any_place(part: str, place: int, value: Any) -> None:
    run = json.loads(to_json(RunSpec()))
    if place and isinstance(run[part], dict):
        run[part][list(run[part])[place % len(run[part])]] = value
    else:
        run[part] = value
    usable(refused_or(lambda: from_json(json.dumps(run))))


@pytest.mark.parametrize("text", ["", "[", "null", "1", "[" * 100_000, '{"source": 1}', "\0", "cos\nsystem"], ids=short)
def test_what_is_no_run_file(text: str) -> None:
    with at_once(), pytest.raises(Refusal):
        from_json(text)


@pytest.mark.parametrize("bomb", [
    lambda: RunSpec(data=Waves(steps=500), model=ModelSpec(layers=(Layer(512),) * 4)).change(batch=4096),
    lambda: RunSpec(data=Waves(steps=500)).change(batch=4096, layers=(Layer(1),)),
    lambda: Amplitude(examples=10_000, steps=500),
    lambda: Letters(text="".join(map(chr, range(0x4e00, 0x4f00)))),
    lambda: RunSpec().change(lr_changes=tuple((at, 0.1) for at in range(10_000))),
    lambda: RunSpec().change(lr_changes=((10**12, 0.1),)),
])
def test_what_would_need_too_much_is_refused(bomb: Callable[[], object]) -> None:
    with at_once(), pytest.raises(Refusal):
        bomb()


def test_a_network_does_not_read_for_minutes() -> None:
    model, io_shape = ModelSpec(layers=(Layer(512),)), IOShape(n_features=1, n_symbols=0, n_classes=0, n_steps=500,
                                                               encoder_steps=0)
    check_reading(model, io_shape, 500)
    with pytest.raises(Refusal, match="takes too long"):
        check_reading(model, io_shape, 50_000)


# -- tables ------------------------------------------------------------------------------------------------


def read(content: bytes, name: str = "x.csv") -> None:
    """Read a table, as far as it can be read, the way the page does."""
    draft = refused_or(lambda: read_table(content, name))
    if draft is None:
        return
    assert len(set(draft.names)) == len(draft.names)
    for called in (*draft.names, draft.name):
        assert 0 < len(called) < 100
        assert not re.search(r"[<>\x00-\x1f\u200b-\u200f\u202a-\u202e\ufeff]", called)
    reading = refused_or(lambda: draft.series(draft.suggested()))
    if reading is not None:
        assert np.isfinite(reading.series.values).all()
        assert Series.from_bytes(reading.series.to_bytes()).columns == reading.series.columns


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_any_kind(name: str) -> None:
    with at_once():
        read(TABLES[name])


@settings(max_examples=25, deadline=None)
@given(some.lists(some.tuples(some.integers(0, len(GOOD)), some.binary(max_size=6) | some.sampled_from(
    [text.encode("utf-8", "replace") for text in STRANGE if len(text) < 999])), max_size=4))
def test_a_good_table_with_anything_put_into_it(puts: list[tuple[int, bytes]]) -> None:
    content = GOOD
    for at, what in puts:
        content = content[:at] + what + content[at:]
    with at_once():
        read(content)


@pytest.mark.parametrize("name", [*PATHS, *MARKUP, *SIGNS, *LONG], ids=short)
def test_a_file_of_any_name(name: str) -> None:
    with at_once():
        read(GOOD, name)
        assert not re.search(r"[/\\\0]", read_table(GOOD, name).name)


def test_a_table_may_be_long_or_wide_but_not_both() -> None:
    wide = b",".join([b"1"] * 100) + b"\n"
    with at_once(), pytest.raises(Refusal, match="100 columns may have at most 10,000 rows"):
        read_table(wide * 60_000, "x")


# -- weights -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WEIGHTS)
def test_weights_of_any_kind_are_refused(name: str) -> None:
    with at_once():
        for reader in (lambda file: checkpoints.read(file, LIKE), Series.from_bytes):
            with pytest.raises(Refusal):
                reader(WEIGHTS[name])


@settings(max_examples=100, deadline=None)
@given(some.lists(some.tuples(some.integers(0, 200), some.integers(0, 255)), min_size=1, max_size=5),
       some.integers(60, 260))
def test_weights_with_bytes_changed(changes: list[tuple[int, int]], length: int) -> None:
    content = bytearray(checkpoints.write(LIKE))
    for at, value in changes:
        content[at % len(content)] = value
    found = refused_or(lambda: checkpoints.read(bytes(content[:length]), LIKE))
    assert found is None or (found["a"].shape == (2, 3) and np.isfinite(found["a"]).all())


UNSAFE = {"pickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "zipfile", "tarfile", "gzip", "bz2", "lzma",
          "zlib", "yaml", "read_pickle", "eval", "exec", "compile", "torch.load", "np.load", "os.system",
          "allow_pickle", "compression", "shell"}
OURS = {"ui/base/static_files.py", "ui/cell/api.py", "data/sources/bundled_prices.py", "data/sources/digits.py"}
"""Modules that compress what they send, or unpack files of our own."""


def named(tree: ast.AST) -> Iterator[str]:
    """Return what a module imports and calls, and with which keywords."""
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom():
                yield from (str(node.module), *(alias.name for alias in node.names))
            case ast.Call():
                yield ast.unparse(node.func)
                yield from (str(keyword.arg) for keyword in node.keywords)


def test_nothing_that_comes_from_outside_is_run_or_unpacked() -> None:
    found = {path.relative_to(CORE).as_posix(): UNSAFE.intersection(named(ast.parse(path.read_text(encoding="utf-8"))))
             for path in CORE.rglob("*.py")}
    assert len(found) > 100
    assert {name: used for name, used in found.items() if used} == {name: {"gzip"} for name in OURS}


# -- tickers -----------------------------------------------------------------------------------------------


class NoNetwork(Downloader):
    def _download(self, request: Any) -> Any:
        raise AssertionError(f"the network was asked for {request}")


@pytest.mark.parametrize("ticker", NO_TICKERS, ids=short)
def test_a_ticker_that_is_none_never_reaches_the_network(
        ticker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(_folder: Path) -> Any:
        raise AssertionError(f"the network was asked what {ticker!r} means")

    monkeypatch.setattr(yahoo, "_yfinance", ask)
    with pytest.raises(Unavailable):
        NoNetwork(tmp_path).fetch(ticker)


@pytest.mark.parametrize("day", NO_DAYS, ids=short)
def test_a_day_that_is_none(day: str) -> None:
    for start, end in ((day, ""), ("", day)):
        with pytest.raises(Refusal):
            between(start, end)


# -- what leaves -------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(some.lists(some.sampled_from([*FORMULAS, *MARKUP, *SIGNS[:3]]) | some.text(max_size=12), min_size=1, max_size=3))
def test_no_spreadsheet_computes_a_cell_of_a_file(cells: list[str]) -> None:
    cells = [cell.encode("utf-8", "replace").decode() for cell in cells]
    content = csv_file({name: [name, 1.5] for name in dict.fromkeys(cells)}).decode("utf-8-sig")
    whole = re.sub(r'"(?:[^"]|"")*"', lambda found: re.sub(r'[",;|\t\r\n]', "_", found[0][1:-1]), content)
    for cell in re.split(r"[,;|\t\r\n]", whole):
        begins = cell.lstrip(" \u00a0\u200b\ufeff")
        assert not begins.startswith(("=", "+", "-", "@", "\uff1d")) or re.fullmatch(
            r"[-+]?[0-9.]+(e[-+]?[0-9]+)?", begins, re.IGNORECASE)


@pytest.mark.parametrize("text", MARKUP)
def test_somebodys_words_are_shown_as_they_are(text: str) -> None:
    told = localized(Refusal("{a} and {b!r}", a=text, b=[text]))
    for sign in "*_[]<>~$`":
        assert re.search(rf"(?<!\\)(?:\\\\)*{re.escape(sign)}", told) is None
    for link in ("\n", "://", "www.", "e@", ":streamlit"):
        assert link not in told
    assert localized(Refusal("{why}",
                                          why=Refusal("{a}", a=text))) == escape_markdown(text)     # once


def test_a_long_value_is_cut() -> None:
    assert len(localized(Refusal("{a!r}", a="x" * 10**6))) < 1000
