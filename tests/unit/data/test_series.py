"""Series to bytes and back, and what decides their content hash."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lstm_core.codec import pack
from lstm_core.data import Missing, Note, Series, digest, load
from lstm_core.errors import Refusal
from lstm_core.spec import Prices, Table

ROOT = Path(__file__).parents[3]


@st.composite
def series(draw: st.DrawFn) -> Series:
    rows, columns = draw(st.integers(1, 20)), draw(st.integers(1, 4))
    values = draw(hnp.arrays(np.float64, (rows, columns), elements=st.floats(allow_nan=False, allow_infinity=False)))
    days = draw(hnp.arrays(np.int64, rows, elements=st.integers(-10**17, 10**17)))
    index = days.view("datetime64[ns]") if draw(st.booleans()) else days
    names = tuple(draw(st.lists(st.text(max_size=5), min_size=columns, max_size=columns)))
    return Series(names, values, index, draw(st.text(max_size=3)), draw(st.text(max_size=5)),
                  tuple(draw(st.lists(st.characters(), max_size=3))))


@given(series())
def test_bytes_round_trip(original: Series) -> None:
    back = Series.from_bytes(original.to_bytes())
    assert (back.columns, back.unit, back.name, back.alphabet) == (
        original.columns, original.unit, original.name, original.alphabet)
    for ours, theirs in ((back.values, original.values), (back.index, original.index)):
        assert ours.dtype == theirs.dtype
        assert ours.tobytes() == theirs.tobytes()
        assert ours.shape == theirs.shape
    assert back.digest() == original.digest() == digest(original.to_bytes())


def test_dates_of_another_resolution_are_kept_as_nanoseconds() -> None:
    days = np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]")
    back = Series.from_bytes(Series(("a",), np.zeros((2, 1)), days).to_bytes())
    assert back.index.dtype == np.dtype("datetime64[ns]")
    np.testing.assert_array_equal(back.index, days)


BASE = Series(("a", "b"), np.arange(6.0).reshape(3, 2), np.arange(3), "USD", "X")


@pytest.mark.parametrize("change", [
    {"columns": ("a", "c")}, {"values": BASE.values + 1e-12}, {"index": np.arange(1, 4)}, {"unit": "EUR"},
    {"name": "Y"}, {"alphabet": ("a",)}, {"index": np.arange(3).view("datetime64[ns]")},
])
def test_every_part_decides_the_digest(change: dict[str, object]) -> None:
    assert replace(BASE, **change).digest() != BASE.digest()


def test_the_digest_is_32_hexadecimal_digits_and_the_same_in_every_process() -> None:
    script = ("import numpy as np\nfrom lstm_core.data import Series\n"
              "print(Series(('a', 'b'), np.arange(6.0).reshape(3, 2), np.arange(3), 'USD', 'X').digest())")
    found = {subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True,
                            env={**os.environ, "PYTHONHASHSEED": str(seed)}).stdout.strip() for seed in (1, 2)}
    assert found == {BASE.digest()}
    assert len(BASE.digest()) == 32
    int(BASE.digest(), 16)


@pytest.mark.parametrize("data", [b"", b"abc", pack({"x": np.zeros(3)}), pack({}, {"columns": ["a"]}),
                                  pack({"values": np.zeros((1, 1)), "index": np.zeros(1, np.int64)})])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        Series.from_bytes(data)


@pytest.mark.parametrize("spec", [Prices(market="ticker", ticker="AAPL", digest=BASE.digest()),
                                  Table(features=("a",), column="b", digest=BASE.digest())])
def test_kept_data_are_loaded_under_their_digest(spec: Prices | Table) -> None:
    loaded = load(spec, BASE.to_bytes())
    np.testing.assert_array_equal(loaded.values, BASE.values)
    with pytest.raises(Missing) as missing:
        load(spec)
    assert missing.value.digest == BASE.digest()
    assert not isinstance(missing.value, Refusal)
    with pytest.raises(Refusal, match="content hash"):
        load(spec, replace(BASE, unit="EUR").to_bytes())
    with pytest.raises(Refusal, match="content hash"):
        load(replace(spec, digest=""), BASE.to_bytes())


def test_loading_and_cutting_stay_light() -> None:
    """A worker that is to show a first loss at once has no use for pandas, scikit-learn or yfinance."""
    script = ("import sys\nfrom lstm_core.data import load, prepare\n"
              "from lstm_core.spec import Letters, Prices, Waves\n"
              "for spec in (Waves(), Prices(scaler='zscore'), Letters()):\n    prepare(spec, 'last', load(spec))\n"
              "print({'torch', 'streamlit', 'pandas', 'sklearn', 'yfinance', 'arch'} & set(sys.modules))")
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


def test_a_note_is_a_template_with_fields() -> None:
    note = Note("Rows left out: {count}.", count=3)
    assert str(note) == "Rows left out: 3."
    assert (note.template, note.values) == ("Rows left out: {count}.", {"count": 3})
