"""The charts: what they draw is what they were given, in colours that everybody can tell apart."""

import base64
import math

import numpy as np
import pytest

from lstm_core import charts, i18n
from lstm_core.charts import palette
from lstm_core.charts.gates import heading
from lstm_core.charts.loss import bin_size, binned
from lstm_core.charts.series import OVERVIEW
from lstm_core.errors import Refusal
from lstm_core.records import Evaluation
from lstm_core.spec import SPLITS

DAYS = np.arange("2018-01-02", "2019-01-02", dtype="datetime64[D]")
random = np.random.default_rng(0)


def evaluations(count):
    return [Evaluation(10 * at, at, 1 / at, 1.1 / at, 0.1) for at in range(1, count + 1)]


def example(name):
    return {
        "loss": lambda: charts.loss_curve(1 / np.arange(1, 3000), evaluations(250), log=True, last_update=5000,
                                          best=2500, rate_changes=[(100, 0.01)], unit="squared error"),
        "prediction": lambda: charts.prediction(DAYS, np.sin(np.arange(365)), np.cos(np.arange(365)),
                                                np.zeros(365), naive_name="Persistence", unit="USD", name="Close",
                                                split="test"),
        "letters": lambda: charts.class_probabilities(random.dirichlet([1, 1, 1], 9), np.arange(9) % 3, "ab ",
                                                      split="train", places="letters"),
        "beside": lambda: charts.losses_beside(
            {"one-hot": (1 / np.arange(1, 500), 100.0), "embedding": (np.ones(1), 1.0)}, unit="nats"),
        "next letter": lambda: charts.next_letter(random.dirichlet([1, 1, 1]), "ab ", shares=np.array([0.5, 0, 0.5])),
        "written": lambda: charts.written_letters(random.uniform(size=7), "ab ab a"),
        "transitions": lambda: charts.transitions(random.dirichlet([1, 1, 1], 3), "ab ", counts=np.eye(3),
                                                  title="Text"),
        "map": lambda: charts.letter_map(random.normal(size=(4, 3, 2)), "ab ", axes=("first", "second")),
        "line": lambda: charts.letter_map(random.normal(size=(4, 3, 1)), "ab ", axes=("first",)),
        "space": lambda: charts.letter_map(random.normal(size=(4, 3, 3)), "ab ", axes=("first", "second", "third")),
        "distances": lambda: charts.letter_distances(1 - np.eye(3), "ab "),
        "answer steps": lambda: charts.answer_steps(random.dirichlet([1, 1, 1], 4), "▶aab", np.array([0, 1, 2]), "ab■",
                                                    title="Free"),
        "answers": lambda: charts.answers(np.arange(3.0), np.arange(3.0) + 0.1, np.ones(3), naive_name="Mean", unit="",
                                          name="sum", split="test"),
        "image": lambda: charts.rows_read(random.uniform(0, 1, (8, 8)), answer="3"),
        "marked": lambda: charts.marked_numbers(np.array([[0.3, -1], [0.5, 1], [-0.2, 1], [0.1, -1]]), answer=0.575),
        "answer": lambda: charts.drawn_answer(np.eye(20)[0], np.sin(np.arange(20))),
        "weights": lambda: charts.weight_maps({"f": random.normal(size=(4, 6)), "i": random.normal(size=(4, 6))},
                                              columns=list("xhijkb"), title="Weights"),
        "spread": lambda: charts.gate_spread(np.arange(9), {"f": random.uniform(0, 1, (9, 5))}, title="Spread"),
        "windows": lambda: charts.windows(DAYS, np.arange(365.0), charts.Window(10, 20, 1),
                                          boundaries=(300, 330), name="Close", unit="USD"),
    }[name]()


EXAMPLES = ["loss", "prediction", "letters", "beside", "next letter", "written", "transitions", "map", "line",
            "space", "distances", "answer steps", "answers", "image", "marked", "answer", "weights", "spread",
            "windows"]


def test_losses_that_explode_leave_an_axis_that_can_be_read():
    for largest, decades in ((1e3, 1), (1e30, 4), (1e300, 4)):
        fig = charts.losses_beside({"clipped": (np.full(20, 0.1), 1.0), "not": (np.geomspace(0.1, largest, 20), 1.0)},
                                   unit="")
        assert fig.layout.yaxis.dtick == decades


def test_a_loss_of_zero_leaves_the_axis_alone():
    fig = charts.losses_beside({"learned": (np.array([1.0, 0.1, 0.0]), 1.0)}, unit="")
    assert (fig.layout.yaxis.type, fig.layout.yaxis.dtick) == ("log", 1)


def test_losses_beside_each_other_stand_over_updates_or_epochs_and_are_named_even_when_there_is_one():
    curves = {"one": (np.array([1.0, 0.5, 0.3, 0.2]), 2.0)}
    for by_epoch, title, x in ((False, "Updates of the weights", [1, 2, 3, 4]), (True, "Epochs", [0.5, 1, 1.5, 2])):
        fig = charts.losses_beside(curves, unit="", by_epoch=by_epoch)
        assert fig.layout.xaxis.title.text == title
        assert fig.data[0].x.tolist() == x
        assert fig.layout.showlegend


@pytest.mark.parametrize(("count", "mode"), [(1, "markers"), (2, "lines")])
def test_a_single_loss_is_a_point_as_a_line_needs_two(count, mode):
    assert charts.loss_curve(np.ones(count), [], log=False).data[0].mode == mode
    assert charts.losses_beside({"one": (np.ones(count), 1.0)}, unit="").data[0].mode == mode


def test_as_long_as_there_is_no_loss_its_axis_names_no_numbers():
    shown = [charts.loss_curve(np.ones(count), [], log=log, noise=noise).layout.yaxis.showticklabels
             for count, log, noise in [(0, False, 0.0), (0, True, 0.0), (0, False, 0.1), (1, False, 0.0)]]
    assert shown == [False, False, None, None]
    assert charts.loss_curve(np.ones(0), [], log=False).layout.xaxis.range[0] == 0


def test_early_stopping_and_the_share_of_right_classes_stand_on_the_loss_curve():
    found = [Evaluation(10 * at, at, 0.5, 0.4, 0.25 * at) for at in range(1, 5)]
    fig = charts.loss_curve(np.ones(40), found, log=False, right=True, stopped=4)
    stopped, right = fig.data[-2:]
    assert (stopped.name, stopped.x.tolist()) == ("Stopped early, epoch 4", [40])
    assert (right.yaxis, right.y.tolist()) == ("y2", [0.25, 0.5, 0.75, 1.0])
    assert len(charts.loss_curve(np.ones(40), found, log=False).data) == 2


def numeric_arrays(fig):
    return [value for trace in fig.to_plotly_json()["data"] for name, value in trace.items()
            if name in ("x", "y", "z") and isinstance(value, dict)]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_chart_says_what_it_shows_and_leaves_colours_of_text_and_page_to_the_theme(name):
    fig = example(name)
    assert fig.layout.title.text
    content = fig.to_dict()
    layout = content["layout"]
    assert layout.pop("template")["layout"]["paper_bgcolor"] == "rgba(0,0,0,0)"
    for axis, settings in ((key, value) for key, value in layout.items() if key.startswith(("xaxis", "yaxis"))):
        titled = settings["title"]["text"] or (name == "windows" and axis == "xaxis")   # told by the axis below it
        assert titled, axis
        assert not {"color", "gridcolor", "tickfont", "linecolor"} & settings.keys()
    assert not {"font", "paper_bgcolor", "plot_bgcolor"} & layout.keys()


@pytest.mark.parametrize("name", EXAMPLES)
def test_numbers_leave_as_four_bytes_each(name):
    arrays = numeric_arrays(example(name))
    assert arrays
    assert {array["dtype"] for array in arrays} <= {"f4", "i4"}


@pytest.mark.parametrize(("count", "points"), [(0, 0), (1, 1), (200, 200), (201, 101), (2000, 125), (60_001, 118)])
def test_the_loss_of_a_long_run_is_binned_and_no_update_is_lost(count, points):
    losses = random.uniform(size=count).astype(np.float32)
    updates, means = binned(losses)
    assert len(updates) == len(means) == points
    if count:
        size = bin_size(count)
        assert size in (1, 2, 16, 512)
        sizes = np.array([len(losses[at:at + size]) for at in range(0, count, size)])
        assert np.dot(means.astype(float), sizes) == pytest.approx(losses.astype(float).sum(), rel=1e-5)
        assert 1 <= updates[0] <= size
        assert updates[-1] <= count


def test_a_binned_point_stands_at_the_middle_of_its_bin_and_the_last_within_the_run():
    assert binned(np.ones(3))[0].tolist() == [1, 2, 3]              # one update each: where it is
    assert binned(np.ones(400))[0].tolist() == list(range(1, 400, 2))
    assert binned(np.ones(405))[0][[0, 1, -1]].tolist() == [2, 6, 405]
    assert binned(np.ones(1001))[0][[0, 1, -1]].tolist() == [4, 12, 1001]


@pytest.mark.parametrize(("losses", "dtick"), [([1.0, 99.0], "D2"), ([1.0, 100.0], 1), ([1.0, 0.0], "D2"), ([], "D2")])
def test_a_log_axis_has_ticks_between_the_powers_of_ten_where_there_are_few(losses, dtick):
    fig = charts.loss_curve(np.array(losses), [], log=True)
    assert (fig.layout.yaxis.type, fig.layout.yaxis.dtick, fig.layout.yaxis.tickformat) == ("log", dtick, "~g")
    flat = charts.loss_curve(np.array(losses), [], log=False).layout.yaxis
    assert (flat.type, flat.dtick, flat.rangemode) == ("linear", None, "tozero")


def test_what_a_longer_run_adds_to_the_bins_joins_on_to_those_before():
    losses = random.uniform(size=1_000).astype(np.float32)
    for before, after in ((0, 3), (150, 190), (401, 700), (900, 900)):
        known = before // bin_size(before) if bin_size(before) == bin_size(after) else 0
        joined = [np.concatenate([first[:known], more]) for first, more in zip(
            binned(losses[:before]), binned(losses[:after], known), strict=True)]
        for put_together, whole in zip(joined, binned(losses[:after]), strict=True):
            np.testing.assert_array_equal(put_together, whole)


def test_a_run_that_trains_has_places_for_what_it_has_not_yet_recorded():
    fig = charts.loss_curve(np.ones(3), [], log=False, right=True, to_validate=True)
    assert [trace.meta for trace in fig.data] == ["train", "validation", "best", "right"]
    assert [trace.visible for trace in fig.data[:3]] == [None, False, False]


def test_a_loss_that_is_no_number_is_a_gap():
    assert np.isnan(binned(np.array([1.0, np.inf, np.nan]))[1]).tolist() == [False, True, True]


def test_the_loss_curve_shows_validation_best_and_changed_rates():
    fig = example("loss")
    training, validation, best, changes = fig.data
    assert len(validation.x) <= 100
    assert validation.x[-1] == 2500
    assert (best.x[0], best.y[0]) == (2500, np.float32(1.1 / 250))
    assert (changes.x[0], changes.text[0]) == (100, "0.01")
    assert training.line.color != validation.line.color
    assert tuple(fig.layout.xaxis.range) == (0, 5000)
    assert fig.layout.yaxis.type == "log"


def test_without_a_validation_part_only_the_training_loss_is_drawn():
    fig = charts.loss_curve(np.ones(3), [Evaluation(1, 0.1, 1.0, math.nan, math.nan)], log=False)
    assert [trace.name for trace in fig.data] == ["Training"]
    assert "validation" not in fig.layout.title.text
    assert charts.loss_curve(np.ones(0), [], log=True).data[0].y.size == 0


def test_real_is_solid_and_predicted_dashed_and_the_ends_stay():
    fig = example("prediction")
    lines = {trace.name: trace for trace in fig.data}
    assert lines["Real"].line.dash is None
    assert lines["Predicted"].line.dash == "dash"
    assert lines["Persistence"].line.dash == "dot"
    x = lines["Real"].x
    assert len(x) == 200
    assert (x[0], x[-1]) == (DAYS[0], DAYS[-1])
    assert lines["Real"].y[-1] == np.float32(np.sin(364))
    assert lines["Predicted"].y[-1] == np.float32(np.cos(364))
    assert fig.layout.xaxis.type == "date"
    assert "USD" in fig.layout.yaxis.title.text


def test_a_forecast_that_would_be_drawn_against_the_wrong_days_is_refused():
    with pytest.raises(Refusal, match=r"equally long.*actual: 2.*predicted: 3"):
        charts.prediction(np.arange(2), np.ones(2), np.ones(3), np.ones(2), naive_name="n", unit="", name="y",
                          split="train")


def test_the_real_letter_is_marked_where_it_stands():
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8]], dtype=np.float32)
    heat, ring = charts.class_probabilities(
        probabilities, np.array([0, 0]), ["a", " "], split="test", places="letters").data
    assert heat.z.tolist() == probabilities.T.tolist()
    assert list(heat.y) == ["a", "␣"]
    assert list(ring.y) == ["a", "a"]
    assert (heat.zmin, heat.zmax) == (0, 1)


def test_weights_have_a_panel_for_each_gate_on_one_colour_scale():
    gates = {"f": random.normal(size=(3, 5)), "i": np.full((3, 5), -7.0)}
    fig = charts.weight_maps(gates, columns=["x", "h 1", "h 2", "h 3", "b"], title="t")
    assert [heat.name for heat in fig.data] == [heading("f"), heading("i")]
    for heat, values in zip(fig.data, gates.values(), strict=True):
        assert np.array_equal(heat.z, values.astype(np.float32))
        assert (heat.zmin, heat.zmax) == (-7, 7)
        assert list(heat.x) == ["x", "h 1", "h 2", "h 3", "b"]
    (low, high), (lower, upper) = (fig.layout[axis].domain for axis in ("yaxis", "yaxis2"))
    assert 0 <= lower < upper < low < high <= 1


@pytest.mark.parametrize(("units", "ticks"), [(1, (1,)), (2, (1, 2)), (3, (1, 3)), (8, (1, 4, 8)), (9, (1, 4, 9))])
def test_the_units_of_weights_are_numbered_from_the_top(units, ticks):
    fig = charts.weight_maps({"f": np.ones((units, 3))}, columns=["x", "h", "b"], title="t")
    assert fig.layout.yaxis.tickvals == ticks
    assert fig.layout.yaxis.range == (units + 0.5, 0.5)
    assert (fig.data[0].y0, fig.data[0].dy) == (1, 1)


@pytest.mark.parametrize("empty", [np.zeros((2, 3)), np.full((2, 3), np.nan)])
def test_weights_of_zero_or_of_a_diverged_run_are_still_drawn(empty):
    heat = charts.weight_maps({"h": empty}, columns=["x", "h", "b"], title="t").data[0]
    assert (heat.zmin, heat.zmax) == (-1, 1)


def test_the_spread_of_a_gate_is_two_bands_around_the_median():
    values = np.linspace(0, 1, 15).reshape(3, 5)
    fig = charts.gate_spread(np.array([0, 10, 20]), {"f": values, "g": -values}, title="t")
    low, high, lower, upper, median = fig.data[:5]
    for line, column in ((low, 0), (lower, 1), (median, 2), (upper, 3), (high, 4)):
        assert line.y == pytest.approx(values[:, column])
        assert line.x.tolist() == [0, 10, 20]
    assert (high.fill, upper.fill, low.fill, median.fill) == ("tonexty", "tonexty", None, None)
    assert [trace.yaxis for trace in fig.data] == ["y"] * 5 + ["y2"] * 5
    assert (fig.layout.yaxis.range, fig.layout.yaxis2.range) == ((0, 1), (-1, 1))


def test_a_window_shows_its_inputs_and_its_target_and_the_parts():
    fig = example("windows")
    whole, inputs, target = fig.data
    assert len(whole.x) == 365
    assert inputs.y.tolist() == list(range(10, 30))
    assert (target.x[0], target.y.tolist()) == (DAYS[30], [30])
    bands = fig.layout.shapes[:-1]
    assert [band.x0 for band in bands] == ["2018-01-02", str(DAYS[300]), str(DAYS[330])]
    assert (fig.layout.shapes[-1].x0, fig.layout.shapes[-1].x1) == (str(DAYS[10]), str(DAYS[30]))
    assert [note.text for note in fig.layout.annotations] == ["training", "validation", "test"]


@pytest.mark.parametrize(("start", "targets", "end"), [(40, [47], 47), (44, [], 48), (45, [], 49)])
def test_a_window_at_the_end_of_a_series_ends_with_it(start, targets, end):
    steps = np.arange(50)
    fig = charts.windows(steps, steps * 1.0, charts.Window(start, 5, 3 if targets else 9), boundaries=(30, 40),
                         name="y", unit="")
    assert fig.data[2].x.tolist() == targets
    assert (fig.layout.shapes[-1].x0, fig.layout.shapes[-1].x1) == (start, end)


def test_the_parts_of_a_series_are_named_over_their_outer_edges():
    fig = example("windows")
    assert [(note.text, note.x, note.xanchor) for note in fig.layout.annotations] == [
        ("training", str(DAYS[0]), "left"), ("validation", str(DAYS[330]), "right"), ("test", str(DAYS[-1]), "right")]
    assert [note.font.color for note in fig.layout.annotations] == [palette.SPLITS[split] for split in SPLITS]
    for split, name in (("train", "training"), ("validation", "validation"), ("test", "test")):
        fig = charts.prediction(DAYS, *[np.ones(365)] * 3, naive_name="n", unit="", name="y", split=split)
        assert f"{name} part" in fig.layout.title.text


def test_targets_at_every_step_come_from_their_own_series():
    steps = np.arange(50)
    fig = charts.windows(steps, np.sin(steps), charts.Window(5, 4, 0, every=True), boundaries=(50, 50), name="y",
                         unit="", targets=np.cos(steps))
    assert fig.data[2].x.tolist() == [5, 6, 7, 8]
    assert fig.data[2].y.tolist() == np.cos(steps[5:9]).astype(np.float32).tolist()
    assert len(fig.layout.annotations) == 1     # empty parts are not named
    assert "each target at the time step of its input" in fig.layout.title.text


def test_a_long_series_keeps_its_highest_and_lowest_point():
    values = random.normal(size=100_000)
    fig = charts.windows(np.arange(100_000), values, charts.Window(0, 5, 1), boundaries=(80_000, 90_000), name="y",
                         unit="")
    whole = fig.data[0]
    assert len(whole.y) <= OVERVIEW + 2
    assert (whole.y.min(), whole.y.max()) == (np.float32(values.min()), np.float32(values.max()))


def test_arrays_become_typed_arrays_in_json():
    encoded = example("weights").to_dict()["data"][0]["z"]
    assert encoded["dtype"] == "f4"
    assert len(base64.b64decode(encoded["bdata"])) == 4 * 6 * 4


def test_an_axis_of_dates_has_english_months_in_english_only(monkeypatch):
    drawn = {}
    for language in i18n.LANGUAGES:
        monkeypatch.setattr(i18n, "_current", lambda language=language: language)
        for name, dates in (("days", DAYS), ("hours", np.arange("2018-01-02", "2018-01-04", dtype="datetime64[h]"))):
            values = np.zeros(len(dates))
            axis = charts.prediction(dates, values, values, values, naive_name="n", unit="", name="close",
                                     split="test").layout.xaxis
            drawn[language, name] = axis.hoverformat, [stop.value for stop in axis.tickformatstops]
    assert drawn["en", "days"] == drawn["en", "hours"] == (None, [])
    assert drawn["zh", "days"] == ("%Y-%m-%d", ["%H:%M\n%Y-%m-%d", "%Y-%m-%d", "%Y-%m"])
    assert drawn["zh", "hours"][0] == "%Y-%m-%d %H:%M"
