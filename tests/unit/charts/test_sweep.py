"""The charts of a sweep: what they draw is what the runs have reached, and what is missing is said."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lstm_core.charts.sweep import ROW, result_in_words, spread, sweep_line, sweep_lines, sweep_map
from lstm_core.spec import RunSpec
from lstm_core.spec.sweep import Axis, Outcomes, SweepSpec, outcomes

NAN = math.nan
TWO = SweepSpec(RunSpec(), (Axis("hidden", (4, 8)), Axis("steps", (5, 10, 20))), seeds=3)
FOUND = outcomes(TWO, [0.30, 0.2, 0.1, 0.4, 0.5, NAN, 0.32, 0.2, 0.11, 0.4, NAN, NAN, 0.31, 0.2, 0.12, 0.4, 0.7, NAN])
AXES = ("Hidden units", "Time steps")


def drawn(right: bool = False):
    return sweep_map(FOUND, ["4", "8"], ["5", "10", "20"], axes=AXES, seeds=3, unit="USD", right=right)


def test_the_map_has_the_median_and_the_spread_of_each_pair_where_it_belongs() -> None:
    fig = drawn()
    shades, words = fig.data
    assert shades.z.shape == (2, 3)
    assert shades.z.ravel()[:5] == pytest.approx(-np.log([0.31, 0.2, 0.11, 0.4, 0.6]))
    assert np.isnan(shades.z[1, 2])
    assert list(zip(words.y, words.x, words.text, strict=True)) == [
        ("4", "5", "<b>0.31</b><br>0.3 – 0.32"), ("4", "10", "<b>0.2</b><br>0.2"),
        ("4", "20", "<b>0.11</b><br>0.1 – 0.12"), ("8", "5", "<b>0.4</b><br>0.4"),
        ("8", "10", "<b>0.6</b><br>0.5 – 0.7<br>2 of 3"), ("8", "20", "<b>–</b><br>0 of 3")]
    assert words.hovertext[4] == "0.6 (0.5 – 0.7), 2 of 3 seeds"
    assert (fig.layout.xaxis.title.text, fig.layout.yaxis.title.text) == ("Time steps", "Hidden units")
    assert "Mean absolute error (USD)" in fig.layout.title.text
    assert fig.layout.height > 2 * ROW


def test_the_best_is_the_strongest_colour_whether_low_or_high_is_better() -> None:
    for right, best in ((False, (0, 2)), (True, (1, 1))):
        shades = drawn(right).data[0]
        assert np.unravel_index(np.nanargmax(shades.z), (2, 3)) == best
        assert (shades.zmin, shades.zmax) == (np.nanmin(shades.z), np.nanmax(shades.z))
    assert drawn(right=True).data[1].text[0].startswith("<b>31.0%</b>")


def test_nothing_but_gaps_and_only_one_value_can_be_drawn() -> None:
    empty = [Outcomes(n, (), complete=False) for n in range(6)]
    shades = sweep_map(empty, ["4", "8"], ["5", "10", "20"], axes=AXES, seeds=3, unit="", right=False).data[0]
    assert (np.isnan(shades.z).all(), shades.zmin, shades.zmax) == (True, 0, 1)
    equal = [Outcomes(n, (0.5,), complete=True) for n in range(6)]
    shades = sweep_map(equal, ["4", "8"], ["5", "10", "20"], axes=AXES, seeds=1, unit="", right=False).data[0]
    assert shades.zmax > shades.zmin


def test_a_map_with_many_columns_leaves_the_spread_to_the_hint() -> None:
    many = [Outcomes(n, (0.1, 0.2, 0.3), complete=True) for n in range(8)]
    words = sweep_map(many, ["a"], list("12345678"), axes=AXES, seeds=3, unit="", right=False).data[1]
    assert set(words.text) == {"<b>0.2</b>"}
    assert set(words.hovertext) == {"0.2 (0.1 – 0.3), 3 of 3 seeds"}


def test_the_course_over_one_setting_shows_every_seed_the_median_the_spread_and_the_naive_prediction() -> None:
    found = [Outcomes(0, (0.3, 0.2, 0.4), complete=True), Outcomes(1, (0.1,), complete=False),
             Outcomes(2, (), complete=False)]
    fig = sweep_line(found, ["4", "8", "16"], [0.5, 0.5, 0.6], axis="Hidden units", unit="USD", right=False)
    low, high, naive, seeds, median = fig.data
    assert low.y[:2] == pytest.approx([0.2, 0.1])
    assert high.y[:2] == pytest.approx([0.4, 0.1])
    assert high.fill == "tonexty"
    assert median.y[:2] == pytest.approx([0.3, 0.1])
    assert np.isnan(median.y[2])
    assert naive.y == pytest.approx([0.5, 0.5, 0.6])
    assert seeds.x.tolist() == [0, 0, 0, 1]
    assert seeds.y == pytest.approx([0.3, 0.2, 0.4, 0.1])
    assert list(fig.layout.xaxis.ticktext) == ["4", "8", "16"]
    assert fig.layout.yaxis.title.text == "Mean absolute error (USD)"
    assert (fig.layout.yaxis.type, fig.layout.yaxis.rangemode) == (None, "tozero")
    far = sweep_line(found, ["4", "8", "16"], [5.0] * 3, axis="Hidden units", unit="", right=False)
    assert far.layout.yaxis.type == "log"


def test_parallel_coordinates_lead_each_run_through_its_values_to_its_result() -> None:
    errors = np.array([0.31, 0.02, 0.45])
    choices = [("Cell", ["GRU", "LSTM"], np.array([0, 1, 1])), ("Hidden units", ["4", "8"], np.array([1, 0, 1]))]
    fig = sweep_lines(choices, errors, unit="USD", right=False)
    cell, hidden, result = fig.data[0].dimensions
    assert (cell.label, list(cell.ticktext), cell["values"].tolist()) == ("Cell", ["GRU", "LSTM"], [0, 1, 1])
    assert hidden["values"].tolist() == [1, 0, 1]
    assert 10 ** result["values"].astype(float) == pytest.approx(errors, rel=1e-6)      # far apart: a log scale
    assert list(result.ticktext) == ["0.02", "0.05", "0.1", "0.2"]
    assert 10 ** np.array(result.tickvals) == pytest.approx([0.02, 0.05, 0.1, 0.2])
    shares = sweep_lines([("Cell", ["GRU", "LSTM"], np.array([0, 1]))], np.array([0.62, 0.97]), unit="", right=True)
    result = shares.data[0].dimensions[-1]
    assert (result.label, result["values"].tolist()) == ("Correct answers", [np.float32(0.62), np.float32(0.97)])
    assert list(result.ticktext) == ["65.0%", "70.0%", "75.0%", "80.0%", "85.0%", "90.0%", "95.0%"]
    blue = {right: sweep_lines([], np.array([0.1, 0.2]), unit="", right=right).data[0].line.colorscale[-1][1]
            for right in (True, False)}
    assert blue[True] != blue[False]


@pytest.mark.parametrize("errors", [[], [0.5], [0.5, 0.5], [0.0, 0.5]])
def test_few_or_equal_results_can_be_drawn(errors: list[float]) -> None:
    which = np.zeros(len(errors), dtype=np.int32)
    line = sweep_lines([("Cell", ["GRU", "LSTM"], which)], np.array(errors), unit="", right=False).data[0].line
    assert line.cmax > line.cmin


@pytest.mark.parametrize("right", [True, False])
def test_results_of_any_size_get_ticks(right: bool) -> None:
    random = np.random.default_rng(0)
    for _draw in range(300):
        errors = random.uniform(0.1, 1, 4) if right else random.uniform(1, 20, 4) * 10 ** random.uniform(-6, 6)
        axis = sweep_lines([], errors, unit="", right=right).data[0].dimensions[-1]
        low, high = axis.range
        assert 2 <= len(axis.tickvals) <= 11
        assert all(low <= tick <= high for tick in axis.tickvals)
        assert len(axis.tickvals) == len(axis.ticktext)


def test_results_in_words() -> None:
    assert [result_in_words(value, right=False) for value in (0.012345, 1234.5, NAN)] == ["0.0123", "1,230", "–"]
    assert result_in_words(0.987, right=True) == "98.7%"
    assert spread(Outcomes(0, (0.2, 0.1), complete=True), right=False) == "0.1 – 0.2"
    assert spread(Outcomes(0, (), complete=False), right=True) == "–"
