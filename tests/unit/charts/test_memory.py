"""The charts of the page Memory: what is drawn is what was given, and nothing breaks a log axis."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from lstm_core.charts import memory as charts
from lstm_core.charts.memory import FLOOR, Curve


def ticks(axis: go.layout.YAxis) -> float:
    """Return how many labels a log axis gets, at least."""
    low, high = axis.range
    assert low < high
    return 1 if axis.dtick == "D2" else (high - low) / axis.dtick


@pytest.mark.parametrize(("factor", "n"), [(0.5, 200), (0.9, 1), (1.0, 7), (1.1, 100), (1.5, 200)])
def test_powers(factor: float, n: int) -> None:
    figure = charts.powers(factor, n)
    own = figure.data[-1]
    assert list(own.x) == list(range(n + 1))[:len(own.x)] or len(own.x) == 200
    assert own.y[-1] == pytest.approx(factor**n)
    assert own.x[-1] == n
    assert len({trace.name for trace in figure.data}) == len(figure.data)           # 0.9 is not drawn twice
    low, high = figure.layout.yaxis.range
    ends = [base**n for base in (0.9, 1.1, factor)]
    assert low < np.log10(min(ends)) < np.log10(max(ends)) < high
    assert ticks(figure.layout.yaxis) <= 9


def test_steps_back_leave_out_what_a_log_scale_cannot_show() -> None:
    values = np.array([2.0, 0.5, 0.0, FLOOR / 10, 1e-300, np.inf, np.nan])
    figure = charts.steps_back([Curve("a", values, "#000000", "dash")], title="t", measure="m")
    (line,) = figure.data
    np.testing.assert_array_equal(line.x, np.arange(7))
    np.testing.assert_allclose(line.y, [2, 0.5, *[np.nan] * 5])
    low, high = figure.layout.yaxis.range
    assert low < np.log10(0.5) < np.log10(2) < high
    assert charts.too_small([Curve("a", values, "#000000")])
    assert not charts.too_small([Curve("a", values[:2], "#000000")])


@pytest.mark.parametrize(("lowest", "dtick"), [(10**-1.4, "D2"), (10**-1.6, 1), (1e-7, 1), (1e-8, 2), (1e-15, 3)])
def test_ticks_of_a_log_axis_are_as_many_as_there_is_room_for(lowest: float, dtick: str | int) -> None:
    figure = charts.steps_back([Curve("a", np.array([1.0, lowest]), "#000000")], title="t", measure="m")
    assert figure.layout.yaxis.dtick == dtick
    assert (figure.layout.yaxis.tickformat == "~g") == (dtick == "D2"), "else a label of 0.5 is a bare 5"


def test_nothing_to_draw_still_gives_an_axis() -> None:
    for values in (np.zeros(3), np.full(3, np.nan)):
        figure = charts.steps_back([Curve("a", values, "#000000")], title="t", measure="m")
        assert ticks(figure.layout.yaxis) <= 9
    assert ticks(charts.steps_back([], title="t", measure="m").layout.yaxis) <= 9


def test_a_long_curve_is_thinned_to_its_ends() -> None:
    values = np.geomspace(1, 1e-10, 1000)
    (line,) = charts.steps_back([Curve("a", values, "#000000")], title="t", measure="m").data
    assert len(line.x) == 200
    assert (line.x[0], line.x[-1]) == (0, 999)
    np.testing.assert_allclose(line.y, values[np.asarray(line.x)], rtol=1e-6)


def test_norms_over_the_training_of_a_run_that_explodes() -> None:
    updates = np.array([0, 5, 18])
    figure = charts.norms_over_training([Curve("a", np.array([3.0, 1e12, 1e30]), "#000000", updates=updates)], 1.0)
    limit, line = figure.data
    assert list(limit.y) == [1.0, 1.0]
    assert limit.x[-1] == 18
    np.testing.assert_array_equal(line.x, updates)
    assert ticks(figure.layout.yaxis) <= 9


def test_the_line_stands_behind_the_last_bar_that_counts() -> None:
    figure = charts.nudges(np.arange(4), np.array([3.0, 2.0, 1.0, 0.0]), unit="USD", reach=1)
    assert list(figure.data[0].y) == [3, 2, 1, 0]
    assert figure.layout.shapes[0].x0 == 1.5
    assert "USD" in figure.layout.yaxis.title.text
    assert figure.data[0].type == "bar"
    assert charts.nudges(np.array([0, 2, 4]), np.ones(3), unit="", reach=1).data[0].type == "scatter"
    assert not charts.nudges(np.arange(4), np.zeros(4), unit="", reach=None).layout.shapes


@pytest.mark.parametrize(("reach", "side"), [(0, "left"), (1, "left"), (2, "right"), (3, "right")])
def test_the_words_at_the_line_stay_within_the_chart(reach: int, side: str) -> None:
    layout = charts.nudges(np.arange(4), np.ones(4), unit="", reach=reach).layout
    assert (layout.shapes[0].x0, layout.shapes[0].x1, layout.annotations[0].x) == (reach + 0.5,) * 3
    assert layout.annotations[0].xanchor == side


def test_a_factor_that_explodes_has_the_colour_of_warning() -> None:
    colours = {factor: charts.powers(factor, 5).data[-1].line.color for factor in (0.5, 1.0, 1.01, 1.5)}
    assert colours[0.5] == colours[1.0] != colours[1.01] == colours[1.5]


def test_a_network_without_a_recorded_norm_yet_does_not_hide_the_others() -> None:
    none = Curve("a", np.zeros(0), "#000000", updates=np.zeros(0))
    some = Curve("b", np.array([2.0, 3.0]), "#000000", updates=np.array([0, 7]))
    assert charts.norms_over_training([none, some], 1.0).data[0].x.tolist() == [0, 7]
    assert charts.norms_over_training([none], 1.0).data[0].x.tolist() == [0, 1]


def test_one_curve_that_leaves_something_out_is_enough_to_say_so() -> None:
    small, large = (Curve("a", np.array([1.0, low]), "#000000") for low in (FLOOR / 2, FLOOR))
    assert charts.too_small([large, small])
    assert not charts.too_small([large])


def test_a_gate_over_the_training_names_its_only_curve() -> None:
    figure = charts.gate_over_training([Curve("a", np.array([0.1, 0.9]), "#000000", updates=np.array([0, 5]))],
                                       title="t", gate="f")
    assert figure.layout.showlegend
    assert figure.layout.yaxis.range == (0, 1)
    assert figure.data[0].y.tolist() == [0.1, 0.9]
