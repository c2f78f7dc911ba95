"""The charts of the page Predict: what is drawn is what was given, and nothing is drawn that is not known."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from lstm_core.charts import classes, predict

DAYS = np.arange("2020-01-01", "2020-01-11", dtype="datetime64[D]").astype("datetime64[ns]")
REAL = np.arange(10.0)
FLAT = {"persistence": np.full(10, 3.0), "seasonal": np.full(10, np.nan), "autoregression": REAL + 1}


def line(figure: go.Figure, name: str) -> go.Scatter:
    return next(trace for trace in figure.data if trace.name == name)


def test_the_baselines_stand_beside_and_only_persistence_is_shown_at_first() -> None:
    figure = predict.compared(DAYS, REAL, REAL + 0.5, FLAT, unit="USD", name="close", split="test")
    assert [line(figure, name).visible for name in ("Persistence", "Seasonal", "Linear autoregression")] == [
        True, "legendonly", "legendonly"]
    assert line(figure, "Predicted").line.dash == "dash"
    assert line(figure, "Real").line.dash is None
    np.testing.assert_array_equal(line(figure, "Predicted").y, REAL + 0.5)
    assert figure.layout.yaxis.title.text == "close (USD)"
    assert len({spec["dash"] for spec in predict.LINES.values()} | {"dash"}) == 5       # told apart without colour


def test_a_free_run_begins_at_the_last_known_value_and_its_band_ends_where_it_is_unknown() -> None:
    band, forecast = np.array([1.0, 2.0, np.nan, np.nan]), np.array([6.0, 7.0, 8.0, 9.0])
    figure = predict.free_running(DAYS, REAL, forecast, band, {"persistence": np.full(4, 5.0)}, start=5, unit="",
                                  name="x")
    free, low, high = line(figure, "Running freely"), figure.data[0], line(figure, "80% band")
    np.testing.assert_array_equal(free.y, [5, 6, 7, 8, 9])
    np.testing.assert_array_equal(free.x, DAYS[5:])
    np.testing.assert_array_equal(low.y, [5, 5, 5])
    np.testing.assert_array_equal(high.y, [5, 7, 9])
    assert high.fill == "tonexty"


@pytest.mark.parametrize("lag", [0, 1, 3])
def test_the_highest_bar_stands_out(lag: int) -> None:
    profile = np.full(6, 0.1)
    profile[lag], profile[5] = 0.9, np.nan
    colours = predict.likeness(np.arange(6), profile, horizon=1).data[0].marker.color
    assert [number for number, colour in enumerate(colours) if colour != colours[4]] == [lag]


def test_a_confusion_matrix_has_real_classes_in_rows_and_shows_counts() -> None:
    figure = classes.confusion(np.array([[8, 2], [0, 5]]), ["cat", "dog"])
    notes = {(note.y, note.x): note.text for note in figure.layout.annotations}
    assert notes == {(0, 0): "8", (0, 1): "2", (1, 1): "5"}
    np.testing.assert_allclose(figure.data[0].z, [[0.8, 0.2], [0, 1]], rtol=1e-6)


def test_rows_not_yet_read_have_no_probabilities() -> None:
    figure = classes.scan(np.eye(8), np.full((8, 3), 1 / 3), "abc", row=5)
    after = np.isfinite(figure.data[1].z).all(axis=1)
    assert after.tolist() == [True] * 5 + [False] * 3
    outlines = [shape for shape in figure.layout.shapes if not shape.fillcolor]
    assert {(shape.y0, shape.y1) for shape in outlines} == {(4.5, 5.5)}


def test_a_text_is_a_list_of_words_and_no_markup() -> None:
    words = ["good", "<b>bad</b>", "good"]
    figure = classes.words_read(words, np.array([0.9, 0.2, 0.5]), {"f": np.full(3, 0.8)},
                                np.array([0.5, 0.3, 0.2]), label="probability of content")
    assert list(figure.layout.yaxis.ticktext) == ["good", "&lt;b&gt;bad&lt;/b&gt;", "good"]
    assert [trace.name for trace in figure.data] == ["probability of content", "forget gate", "in the cell at the end"]
    colours = figure.data[0].marker.color
    assert colours[0] == colours[2] != colours[1]
    assert figure.layout.height >= 3 * classes.LINE
