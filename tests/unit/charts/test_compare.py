"""The charts of the page Compare: every run against its own updates, epochs or seconds, and the truth drawn once."""

from __future__ import annotations

from typing import get_args

import numpy as np
import plotly.graph_objects as go
import pytest

from lstm_core import limits
from lstm_core.charts import compare
from lstm_core.charts.compare import Curve
from lstm_core.charts.palette import NETWORKS
from lstm_core.errors import Refusal

LONG = Curve("A", 0, 1 / np.arange(1, 101), np.array([0, 50, 100]), np.array([2.0, np.nan, 0.5]), 10.0, 4.0)
SHORT = Curve("B", 1, np.full(20, 0.3), np.array([0, 20]), np.array([1.0, 0.4]), 10.0, 1.0)


def line(figure: go.Figure, run: str, *, validation: bool = False) -> go.Scatter:
    return next(trace for trace in figure.data if trace.name == run and ("markers" in trace.mode) == validation)


@pytest.mark.parametrize(("axis", "ends", "middle"), [
    ("updates", (100, 20), 50), ("epochs", (10.0, 10.0), 5.0), ("seconds", (4.0, 1.0), 2.0)])
def test_each_run_ends_where_its_own_budget_ends(axis: compare.Axis, ends: tuple[float, float], middle: float) -> None:
    figure = compare.losses([LONG, SHORT], axis=axis, log=False, unit="nats")
    for curve, end in zip((LONG, SHORT), ends, strict=True):
        training, validation = line(figure, curve.name), line(figure, curve.name, validation=True)
        assert training.x[-1] == pytest.approx(end)
        assert validation.x[-1] == pytest.approx(end)
        assert len(training.y) == len(curve.losses)
    assert line(figure, "A").x[49] == pytest.approx(middle)
    assert figure.layout.xaxis.title.text == compare.axis_name(axis)
    assert len({compare.axis_name(name) for name in get_args(compare.Axis)}) == 3
    assert figure.layout.yaxis.title.text == "Loss (nats)"


def test_only_several_runs_are_asked_which_is_faster() -> None:
    titles = [compare.losses(runs, axis="updates", log=False, unit="").layout.title.text
              for runs in ([LONG], [LONG, SHORT])]
    assert ["which falls faster" in title for title in titles] == [False, True]


def test_training_and_validation_of_a_run_share_a_colour_and_hide_together() -> None:
    figure = compare.losses([LONG, SHORT], axis="updates", log=True, unit="")
    training, validation = line(figure, "A"), line(figure, "A", validation=True)
    assert training.line.dash is None
    assert validation.line.dash == "dot"
    assert training.legendgroup == validation.legendgroup != line(figure, "B").legendgroup
    assert (training.showlegend, validation.showlegend) == (None, False)
    np.testing.assert_allclose(validation.y, [2.0, 0.5])            # what was not measured is no point
    assert {trace.name for trace in figure.data} == {"A", "B", "thin line: training", "marks: validation"}


def test_a_run_that_has_not_begun_and_one_that_diverged_can_be_drawn() -> None:
    none = Curve("A", 0, np.zeros(0), np.zeros(0, np.int64), np.zeros(0), 0.0, 0.0)
    lost = Curve("B", 1, np.array([1e2, 1e30, np.inf]), np.array([0, 3]), np.array([1.0, np.inf]), 1.0, 0.1)
    for axis in get_args(compare.Axis):
        figure = compare.losses([none, lost], axis=axis, log=True, unit="")
        np.testing.assert_array_equal(np.isnan(line(figure, "B").y), [False, False, True])
        assert len(line(figure, "B", validation=True).y) == 1
        assert figure.layout.yaxis.nticks == 8                      # one for each power of ten would be a wall


def test_the_truth_is_drawn_once_and_every_run_dashed() -> None:
    rows, actual = np.arange(5), np.arange(5.0)
    figure = compare.predictions(
        rows, actual, {"A": actual + 1, "C": np.array([0, 1, np.inf, 3, 4])}, {"A": 0, "C": 2},
        {"Naive, 1 ahead": actual - 1, "Naive, 5 ahead": actual - 5}, unit="USD", name="close", split="test")
    lines = {trace.name: trace for trace in figure.data}
    assert list(lines) == ["Naive, 1 ahead", "Naive, 5 ahead", "Real", "A", "C"]
    assert lines["Real"].line.dash is None
    np.testing.assert_array_equal(lines["A"].y, actual + 1)
    assert np.isnan(lines["C"].y).tolist() == [False, False, True, False, False]
    assert len({trace.line.dash for trace in figure.data}) == 5
    assert [lines[run].line.color for run in "AC"] == [NETWORKS[0], NETWORKS[2]]
    assert figure.layout.yaxis.title.text == "close (USD)"
    with pytest.raises(Refusal, match="equally long"):
        compare.predictions(rows, actual, {"A": actual[1:]}, {"A": 0}, {}, unit="", name="x", split="test")


def test_as_many_looks_as_runs_and_no_two_alike() -> None:
    for looks in (NETWORKS, compare.MARKS, compare.DASHES):
        assert len(set(looks)) == len(looks) == limits.COMPARED_RUNS
