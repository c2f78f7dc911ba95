"""Windows against a slow and obvious reference; scalers against scikit-learn; baselines against their definition."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from lstm_core import limits
from lstm_core.data import Series, Windows, load, prepare
from lstm_core.data.scaler import fit
from lstm_core.errors import Refusal
from lstm_core.spec import SPLITS, Letters, Prices, SeriesSpec, Split, Table, Waves

Output = Literal["last", "every"]


def table(rows: int, columns: int = 2, seed: int = 0) -> Series:
    values = np.random.default_rng(seed).normal(50, 20, (rows, columns)).cumsum(axis=0)
    return Series(tuple("abcdef"[:columns]), values, np.arange(rows) * 10, "kg", "T")


WindowCase = tuple[SeriesSpec, Output, Series]


@st.composite
def settings_of_windows(draw: st.DrawFn) -> WindowCase:
    """Any source, split, horizon and stride, with a series that may be too short for it."""
    shared: dict[str, Any] = {
        "steps": draw(st.integers(1, 8)), "stride": draw(st.integers(1, 5)),
        "validation": draw(st.sampled_from([0, 0.1, 0.25, 0.5])), "test": draw(st.sampled_from([0, 0.1, 0.3]))}
    scaler = draw(st.sampled_from(["none", "minmax", "zscore"]))
    rows, horizon = draw(st.integers(20, 90)), draw(st.integers(0, 4))
    spec: SeriesSpec
    match draw(st.sampled_from(["waves", "prices", "table", "text", "cycle"])):
        case "waves":
            target: Any = "cosine" if horizon == 0 else draw(st.sampled_from(["wave", "cosine"]))
            spec = Waves(**shared, scaler=scaler, horizon=horizon, target=target, length=rows, noise=0.1)
            series = load(spec)
        case "prices":
            spec = Prices(**shared, scaler=scaler, horizon=horizon, features=("open", "volume"), column="close",
                          start="2015-03-02", end="2015-06-30")
            series = load(spec)
        case "table":
            features = draw(st.sampled_from([("a",), ("b", "a"), ("b",)]))
            spec = Table(**shared, scaler=scaler, horizon=max(horizon, 1), features=features, column="a")
            series = table(rows)
        case kind:
            text = "ab" + "".join(draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=60)))
            spec = Letters(**shared, text=text, cycle=kind == "cycle")
            series = load(spec)
    return spec, draw(st.sampled_from(["last", "every"])), series


def try_prepare(spec: SeriesSpec, output: Output, series: Series) -> Windows | None:
    try:
        return prepare(spec, output, series)
    except Refusal as refusal:
        if "part has" not in refusal.template:
            raise
        return None


def reference(data: Windows, split: Split, stride: int) -> dict[int, tuple[list[int], list[int]]]:
    """Return end -> (input rows, target rows) of every window of a part, tried one by one."""
    total, found = len(data.actual), {}
    for end in range(total):
        inputs = [end - data.steps + 1 + step for step in range(data.steps)]
        targets = [row + data.horizon for row in inputs] if data.output == "every" else [end + data.horizon]
        if data.cycle:
            inputs, targets = [row % total for row in inputs], [row % total for row in targets]
        elif min(inputs) < 0:
            continue
        if all(row in data.rows[split] for row in targets):
            found[end] = (inputs, targets)
    if split == "train":
        return {end: found[end] for end in list(found)[::stride]}
    if data.output == "every" and found:                # side by side, the last one aligned to the end
        sample_ids = list(found)
        return {end: found[end] for end in dict.fromkeys([*sample_ids[::data.steps], sample_ids[-1]])}
    return found


@settings(max_examples=300)
@given(settings_of_windows())
def test_windows_equal_the_reference(case: WindowCase) -> None:
    spec, output, series = case
    data = try_prepare(spec, output, series)
    if data is None:
        return
    for split in SPLITS:
        expected = reference(data, split, spec.stride)
        sample_ids = data.sample_ids[split]
        assert sample_ids.dtype == np.int64
        assert list(sample_ids) == list(expected)
        x, y = data.x(sample_ids), data.y(sample_ids)
        assert x.shape == (len(sample_ids), spec.steps, *data.inputs.shape[1:])
        assert x.flags.c_contiguous
        assert y.shape == ((len(sample_ids), spec.steps) if output == "every" else (len(sample_ids),))
        assert (x.dtype, y.dtype) == ((np.int64, np.int64) if series.alphabet else (np.float32, np.float32))
        for place, (inputs, targets) in enumerate(expected.values()):
            np.testing.assert_array_equal(x[place], data.inputs[inputs])
            np.testing.assert_array_equal(np.atleast_1d(y[place]), data.targets[targets])


@settings(max_examples=200)
@given(settings_of_windows())
def test_the_parts_are_the_series_in_the_order_of_time(case: WindowCase) -> None:
    data = try_prepare(*case)
    if data is None:
        return
    spec = case[0]
    total = len(case[2].values)
    assert [row for split in SPLITS for row in data.rows[split]] == list(range(total))
    if not data.cycle:
        assert abs(len(data.rows["test"]) - spec.test * total) <= 0.5
        assert abs(len(data.rows["validation"]) - spec.validation * total) <= 1


@settings(max_examples=200)
@given(settings_of_windows(), st.integers(1, 12))
def test_shown_rows_are_the_last_of_a_part_and_each_is_predicted_once(
        case: WindowCase, points: int) -> None:
    spec, output, series = case
    data = try_prepare(spec, output, series)
    if data is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "SHOWN_POINTS", points)
        shown = {split: data.shown(split) for split in SPLITS}
    for split in SPLITS:
        rows = sorted({row for _, targets in _all_windows(data, split) for row in targets})[-points:]
        view = shown[split]
        np.testing.assert_array_equal(view.index, series.index[rows])
        np.testing.assert_array_equal(view.actual, data.actual[rows])
        assert len(view.window) == len(view.step) == len(view.naive) == len(rows)
        assert len(set(view.sample_ids)) == len(view.sample_ids)
        assert set(view.window) == set(range(len(view.sample_ids)))
        # a network that predicts perfectly, run on these windows, gives the shown values
        outputs = data.y(view.sample_ids).reshape(len(view.sample_ids), spec.steps if output == "every" else 1)
        np.testing.assert_array_equal(outputs[view.window, view.step], data.targets[rows])


def _all_windows(data: Windows, split: Split) -> list[tuple[int, list[int]]]:
    return [(end, targets) for end, (_, targets) in reference(data, split, 1).items()]


@settings(max_examples=150)
@given(settings_of_windows())
def test_the_naive_prediction(case: WindowCase) -> None:
    data = try_prepare(*case)
    if data is None:
        return
    train = [data.actual[row] for row in data.rows["train"]]
    for split in SPLITS:
        view = data.shown(split)
        scores = []
        for row in sorted({row for _, targets in _all_windows(data, split) for row in targets}):
            before = row - (data.horizon or 1)
            if data.classes:
                common = max(sorted(set(train)), key=train.count)
                scores.append(float(data.actual[row] == common))
                naive = common
            else:
                naive = data.actual[before] if before >= 0 else np.nan
                scores += [abs(data.actual[row] - naive)] if before >= 0 else []
            for place in np.flatnonzero(view.index == data.index[row]):
                np.testing.assert_equal(float(view.naive[place]), float(naive))
        np.testing.assert_allclose(data.naive_error(split), np.mean(scores) if scores else np.nan, rtol=1e-12)


@pytest.mark.parametrize(("scaler", "kind"), [("minmax", MinMaxScaler), ("zscore", StandardScaler)])
def test_scalers_equal_scikit_learn(scaler: Literal["minmax", "zscore"], kind: Any) -> None:
    rows = np.random.default_rng(1).normal(3, 100, (50, 4))
    rows[:, 2], rows[:, 3] = 0.1, 1e-300                # constant columns
    other = np.random.default_rng(2).normal(3, 100, (20, 4))
    ours, theirs = fit(scaler, rows), kind().fit(rows)
    np.testing.assert_allclose(ours.apply(rows), theirs.transform(rows), atol=1e-12)
    np.testing.assert_allclose(ours.apply(other), theirs.transform(other), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ours.undo(ours.apply(other)), other, rtol=1e-12)


@pytest.mark.parametrize("scaler", ["none", "minmax", "zscore"])
def test_scaling_is_fitted_on_the_training_rows_and_undone(scaler: Any) -> None:
    series = table(200, 3)
    data = prepare(Table(features=("a", "b"), column="c", scaler=scaler), "last", series)
    train = series.values[:data.rows["train"].stop]
    assert data.rows["train"] == range(160)
    expected = {"none": train, "minmax": (train - train.min(0)) / (train.max(0) - train.min(0)),
                "zscore": (train - train.mean(0)) / train.std(0)}[scaler]
    np.testing.assert_allclose(data.inputs[:160], expected[:, :2], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(data.targets[:160], expected[:, 2], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(data.unscale(data.targets), series.values[:, 2], rtol=1e-5)
    assert data.unscale(data.y(data.sample_ids["test"])[:, None]).shape == (20, 1)
    assert (data.features, data.target, data.io_shape.n_features, data.classes, data.unit) == (("a", "b"), "c", 2, 0,
                                                                                               "kg")


@pytest.mark.parametrize("scaler", ["none", "minmax", "zscore"])
def test_constant_columns_are_fine(scaler: Any) -> None:
    series = Series(("a",), np.full((100, 1), 0.1), np.arange(100))
    data = prepare(Table(features=("a",), column="a", scaler=scaler), "last", series)
    assert np.isfinite(data.inputs).all()
    assert np.abs(data.inputs).max() <= 0.11
    np.testing.assert_allclose(data.unscale(data.targets), 0.1, rtol=1e-6)


def test_volume_has_no_price_unit() -> None:
    series = load(Prices())
    assert prepare(Prices(), "last", series).unit == series.unit == "points"
    assert prepare(Prices(column="volume"), "last", series).unit == ""


def test_a_cycle_of_letters_wraps_around() -> None:
    spec = Letters(text="abcde", steps=7)
    data = prepare(spec, "every", load(spec))
    ids = "abcde"
    assert len(data.sample_ids["train"]) == 5
    assert "".join(ids[letter] for letter in data.x(np.array([1]))[0]) == "abcdeab"
    assert "".join(ids[letter] for letter in data.y(np.array([1]))[0]) == "bcdeabc"
    assert "".join(ids[letter] for letter in data.x(np.array([4]))[0]) == "deabcde"
    assert (data.classes, data.alphabet, data.labels) == (5, tuple("abcde"), tuple("abcde"))
    assert all(len(data.sample_ids[split]) == 0 for split in ("validation", "test"))
    assert np.isnan(data.naive_error("test"))
    assert data.naive_error("train") == pytest.approx(0.2)


@pytest.mark.parametrize(("sample_ids", "method"), [([3], "x"), ([60], "x"), ([-1], "x"), ([59], "y"), ([3], "y")])
def test_windows_outside_of_the_series_are_refused(sample_ids: list[int], method: str) -> None:
    data = prepare(Table(features=("a",), column="a", steps=5), "last", table(60))
    with pytest.raises(Refusal, match=r"can end at rows 4 to 5[89]"):
        getattr(data, method)(np.array(sample_ids))
    assert data.x(np.array([4, 59])).shape == (2, 5, 1)     # the last window has no target yet


def test_no_windows_give_empty_arrays() -> None:
    data = prepare(Table(features=("a", "b"), column="a", steps=5), "every", table(60))
    nothing = np.array([], dtype=np.int64)
    assert data.x(nothing).shape == (0, 5, 2)
    assert data.y(nothing).shape == (0, 5)


@pytest.mark.parametrize(("output", "change", "words"), [
    ("last", {"steps": 60}, "training part has 40 rows; windows of 60 steps with horizon 1 need at least 61"),
    ("every", {"steps": 40}, "training part has 40 rows; windows of 40 steps with horizon 1 need at least 41"),
    ("every", {"steps": 6}, "validation part has 5 rows; windows of 6 steps"),
    ("every", {"steps": 6, "validation": 0}, "test part has 5 rows; windows of 6 steps"),
    ("last", {"validation": 0.5, "test": 0.5}, "training part has 0 rows"),
    ("last", {"features": ("a", "z")}, "T has no column 'z'. It has a, b"),
    ("last", {"column": "z"}, "T has no column 'z'"),
    ("last", {"column": ""}, "T has no column ''"),
    ("last", {"features": ()}, "at least one feature column"),
])
def test_what_cannot_be_cut_is_refused(output: Output, change: dict[str, Any], words: str) -> None:
    spec = Table(**{"features": ("a",), "column": "b", "steps": 3, **change})
    with pytest.raises(Refusal) as refused:
        prepare(spec, output, table(50))
    assert words in str(refused.value)


@pytest.mark.parametrize("output", ["last", "every"])
def test_the_shortest_training_part_that_will_do(output: Output) -> None:
    spec = Table(features=("a",), column="b", steps=7, horizon=3, validation=0, test=0)
    data = prepare(spec, output, table(10))
    assert list(data.sample_ids["train"]) == [6]
    assert len(data.sample_ids["validation"]) == len(data.sample_ids["test"]) == 0
    with pytest.raises(Refusal, match="9 rows"):
        prepare(spec, output, table(9))


@pytest.mark.parametrize(("scaler", "value"), [("none", 1e39), ("minmax", 1e308), ("zscore", 1e308)])
def test_values_too_large_are_refused(scaler: Any, value: float) -> None:
    series = table(50)
    series.values[::2, 1] = value
    series.values[1::2, 1] = -value
    with pytest.raises(Refusal, match="Column 'b' has values too large"):
        prepare(Table(features=("a", "b"), column="a", scaler=scaler, steps=3), "last", series)


@settings(max_examples=300)
@given(settings_of_windows(), st.data())
def test_no_later_value_changes_what_is_trained_on(case: WindowCase, draw: st.DataObject) -> None:
    """Whatever stands in the validation and test rows: training windows, targets and scalers stay bit-equal."""
    spec, output, series = case
    data = try_prepare(spec, output, series)
    if data is None or data.cycle:
        return
    later = series.values[data.rows["train"].stop:]
    if series.alphabet:
        elements: Any = st.integers(0, len(series.alphabet) - 1).map(float)
    else:
        elements = st.floats(-1e12, 1e12)
    values = series.values.copy()
    seed = draw.draw(st.integers(0, 2**16))
    spots = np.random.default_rng(seed).random(later.shape) < 0.5
    values[data.rows["train"].stop:] = np.where(spots, draw.draw(elements), later)
    changed = prepare(spec, output, Series(series.columns, values, series.index, series.unit, series.name,
                                           series.alphabet))
    sample_ids = data.sample_ids["train"]
    for before, after in [
            (sample_ids, changed.sample_ids["train"]), (data.x(sample_ids), changed.x(sample_ids)),
            (data.y(sample_ids), changed.y(sample_ids)),
            (data.scaling.shift, changed.scaling.shift), (data.scaling.scale, changed.scaling.scale),
            (data.target_scaling.shift, changed.target_scaling.shift),
            (data.target_scaling.scale, changed.target_scaling.scale),
            (data.shown("train").naive, changed.shown("train").naive),
            (np.array(data.naive_error("train")), np.array(changed.naive_error("train")))]:
        assert before.tobytes() == after.tobytes()
