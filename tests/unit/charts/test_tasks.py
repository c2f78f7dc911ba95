"""The pictures of the memory tasks: what may come next, which state the automaton is in, which unit counts."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import numpy as np
import plotly.graph_objects as go
import pytest

from lstm_core import cells
from lstm_core.charts.tasks import sequences as charts
from lstm_core.charts.tasks.reber import automaton, places
from lstm_core.charts.tasks.strings import ENDS, Kind, string
from lstm_core.data.generated import task
from lstm_core.data.tasks import grammars
from lstm_core.data.tasks.grammars import (
    BRACKETS,
    CLOSING,
    COUNTING,
    DOWN,
    OPENING,
    REBER,
    UP,
    balance,
    counted,
    counts_to,
    walked,
)
from lstm_core.inside.counting_unit import correlations, follower, memory
from lstm_core.records import Weights
from lstm_core.spec import Brackets, Layer, ModelSpec, Reber
from lstm_core.spec.io import IGNORED

random = np.random.default_rng(0)
STRINGS = task(Reber()).make(np.arange(12))
LONG = 12.0             # a sum at which a gate is open, or a candidate at its end, but for 1e-5


Adds = dict[str, float]


def lstm(*units: Adds, stacked: bool = False) -> tuple[ModelSpec, Weights]:
    """Return an LSTM that reads ▶ a b ■: each unit keeps all, and adds tanh(12 weight) at the symbols with a weight.

    Stacked, there is a second layer whose units never move.
    """
    hidden, symbols = len(units), 4
    weight_ih = np.zeros((4 * hidden, symbols))
    for unit, weights in enumerate(units):
        for symbol, weight in weights.items():
            weight_ih[2 * hidden + unit, COUNTING.index(symbol)] = LONG * weight
    bias = np.zeros(4 * hidden)
    bias[:2 * hidden] = bias[3 * hidden:] = LONG        # input, forget and output gate are open
    made: Weights = {"layers.0.weight_ih_l0": weight_ih, "layers.0.weight_hh_l0": np.zeros((4 * hidden, hidden)),
                     "layers.0.bias_ih_l0": bias, "layers.0.bias_hh_l0": np.zeros(4 * hidden),
                     "head.weight": np.zeros((4, hidden)), "head.bias": np.zeros(4)}
    if stacked:
        made |= {f"layers.1.{name}": values for name, values in (
            ("weight_ih_l0", np.zeros((4 * hidden, hidden))), ("weight_hh_l0", np.zeros((4 * hidden, hidden))),
            ("bias_ih_l0", bias), ("bias_hh_l0", np.zeros(4 * hidden)))}
    return ModelSpec(layers=(Layer(hidden),) * (2 if stacked else 1), output="every"), made


# -- the unit that counts ----------------------------------------------------------------------------------

NEVER: Adds = {}
ONCE, ADDS, COUNTS, BACKWARDS = {"▶": 1.0}, {"a": 1.0, "b": 1.0}, {"a": 1.0, "b": -1.0}, {"a": -1.0, "b": 1.0}


@pytest.mark.parametrize(("units", "unit", "way"), [
    ((ONCE, COUNTS, ADDS), 1, 1), ((COUNTS, ADDS, NEVER), 0, 1), ((ADDS, NEVER, BACKWARDS), 2, -1)])
def test_the_counting_unit_is_found(units: tuple[Adds, ...], unit: int, way: int) -> None:
    model, weights = lstm(*units)
    x = counted(np.array([7])).x[0]
    count = balance(x, UP, DOWN)
    assert count.tolist() == [0, *range(1, 8), *range(6, -1, -1)]
    found = follower(cells.trace(model, weights, x), count)
    assert (found.layer, found.unit) == (0, unit)
    assert found.correlation == pytest.approx(way, abs=1e-6)
    assert [found.up, found.down] == pytest.approx([way, -way], abs=1e-3)


def test_the_counting_unit_is_looked_for_in_all_layers_and_only_where_a_state_moves() -> None:
    model, weights = lstm(COUNTS, ONCE, stacked=True)
    x = counted(np.array([5])).x[0]
    found = follower(cells.trace(model, weights, x), balance(x, UP, DOWN))
    assert (found.layer, found.unit) == (0, 0)
    still = correlations(np.stack([np.ones(4), np.arange(4.0)], axis=1), np.array([0, 1, 2, 3]))
    assert still.tolist() == [0, 1]
    np.testing.assert_allclose(
        correlations(states := random.normal(size=(30, 3)), count := random.normal(size=30)),
        [np.corrcoef(states[:, unit], count)[0, 1] for unit in range(3)])


def test_a_network_without_cells_is_judged_by_its_hidden_state() -> None:
    model = ModelSpec(cell="gru", layers=(Layer(3),), output="every")
    weights = {"layers.0.weight_ih_l0": random.normal(size=(9, 4)), "layers.0.weight_hh_l0": random.normal(size=(9, 3)),
               "layers.0.bias_ih_l0": np.zeros(9), "layers.0.bias_hh_l0": np.zeros(9),
               "head.weight": np.zeros((4, 3)), "head.bias": np.zeros(4)}
    layer = cells.trace(model, weights, counted(np.array([4])).x[0]).layers[0]
    np.testing.assert_array_equal(memory(layer)[0], layer.h)


def test_counting_ends_before_the_first_mistake() -> None:
    made = counted(np.arange(1, 13))
    assert made.permitted is not None
    scores = made.permitted.astype(float)
    assert counts_to(scores) == 12
    scores[7, 12] = np.eye(4)[0]            # at a step of n = 8 that is asked for
    assert made.y[7, 12] != IGNORED
    assert counts_to(scores) == 7
    assert counts_to(np.zeros_like(scores)) == 0
    scores[0, :1] = 9                       # what nobody asks for
    assert counts_to(scores) == 7


# -- strings of a grammar ----------------------------------------------------------------------------------


def test_the_automaton_stands_where_the_string_has_led_it() -> None:
    assert STRINGS.permitted is not None
    for x, y, length, permitted in zip(STRINGS.x, STRINGS.y, STRINGS.lengths, STRINGS.permitted, strict=True):
        states = walked(x[:length])
        assert states[0] == 0
        assert grammars.WAYS[int(states[-1]), int(y[length - 1])] == grammars.LAST
        for step in range(1, length + 1):
            drawn = automaton(int(states[step]))
            for picture in drawn:
                assert marked(picture, "words", "number") == [str(states[step])]
                assert set(marked(picture, "words", "letter")) == {
                    letter for letter, may in zip(REBER, permitted[step - 1], strict=True) if may}
                assert len(marked(picture, "state")) == 1


def marked(picture: Element, *kinds: str) -> list[str]:
    """Return the words of the marks of these kinds that stand out."""
    wanted = {"sh-now", *(f"sh-{kind}" for kind in kinds)}
    return [mark.text or "" for mark in picture.iter() if wanted <= set(mark.get("class", "").split())]


def test_no_two_states_of_the_automaton_lie_on_each_other() -> None:
    assert len(set(places().values())) == grammars.LAST + 1


def test_the_depth_of_brackets_is_what_is_open() -> None:
    made = task(Brackets()).make(np.arange(20))
    for x, length in zip(made.x, made.lengths, strict=True):
        text = "".join(BRACKETS[symbol] for symbol in x[:length])
        assert balance(x[:length], OPENING, CLOSING).tolist() == [
            sum(text[:end].count(sign) for sign in "([") - sum(text[:end].count(sign) for sign in ")]")
            for end in range(1, length + 1)]


def test_permitted_symbols_have_a_colour_of_their_own_and_the_title_tells_the_verdict() -> None:
    probabilities, permitted = np.array([0.1, 0.4, 0.3, 0.2]), np.array([False, True, True, False])
    figure = charts.next_symbols(probabilities, "abcd", permitted, following=2, right=True)
    bars = {x: bar.marker.color for bar in figure.data[:2] for x in bar.x.tolist()}
    assert bars == {0: charts.FORBIDDEN, 1: charts.PERMITTED, 2: charts.PERMITTED, 3: charts.FORBIDDEN}
    assert (figure.data[2].x.tolist(), figure.data[2].y.tolist()) == ([2], [pytest.approx(0.3)])
    assert figure.layout.shapes[0].y0 == pytest.approx(0.3)         # what the others must stay below
    wrong = charts.next_symbols(probabilities, "abcd", permitted, following=2, right=False)
    nothing = charts.next_symbols(probabilities, "abcd", np.zeros(4, bool), following=None, right=None)
    titles = [each.layout.title.text.split(":")[0] for each in (figure, wrong, nothing)]
    assert titles == ["Right", "Wrong", "Nothing is asked here"]
    assert [bar.name for bar in nothing.data] == ["Not permitted"]


NOISE: list[Kind] = ["noise"] * 100


def test_a_string_is_marked_symbol_by_symbol_and_long_noise_is_cut() -> None:
    kinds: list[Kind] = ["signal", *NOISE, "edge", "right", "wrong"]
    drawn = string(["X", *"ab" * 50, "?", "(", "["], kinds, "alt", now=104)
    assert [mark.text for mark in drawn] == [
        "X", f"{('ab' * 50)[:ENDS]} … {100 - 2 * ENDS} … {('ab' * 50)[-ENDS:]}", "?", "(", "["]
    assert marked(drawn, "sign") == ["["]
    assert [mark.get("class", "").split()[1:] for mark in drawn][2:4] == [["sh-edge"], ["sh-right"]]
    assert string(["a", "b"], ["noise", "noise"], "alt")[0].text == "ab"


# -- charts ------------------------------------------------------------------------------------------------

FIGURES = {
    "answer": lambda: charts.answer_so_far(random.uniform(size=30), np.full(30, 0.6), [4, 12], close=0.04),
    "classes": lambda: charts.classes_so_far(random.dirichlet([1, 1], 20), ("XY", "YX"), {3: "X", 12: "Y"}, actual=1),
    "next": lambda: charts.next_symbols(np.array([0.7, 0.3]), "ab", np.array([True, False]), following=0, right=True),
    "followed": lambda: charts.followed("▶aabb", np.array([0, 1, 2, 1, 0]), random.normal(size=(5, 3)), unit=1,
                                        state="c", counted="a less b", step=2),
    "counts": lambda: charts.counts(np.array([1, 1, 0.5]), trained=2, now=3),
    "shares": lambda: charts.shares_beside({"one": (np.arange(3.0), np.ones(3))}, naive=0.2, most=100),
}


@pytest.mark.parametrize("name", FIGURES)
def test_every_chart_says_what_it_shows_in_four_bytes_a_number(name: str) -> None:
    figure: go.Figure = FIGURES[name]()
    layout = figure.to_dict()["layout"]
    assert layout["title"]["text"]
    for axis, settings in ((key, value) for key, value in layout.items() if key.startswith(("xaxis", "yaxis"))):
        assert settings["title"]["text"], axis
        assert not {"color", "gridcolor", "tickfont", "linecolor"} & settings.keys()
    assert not {"font", "paper_bgcolor", "plot_bgcolor"} & layout.keys()
    arrays = [value for trace in figure.to_plotly_json()["data"] for key, value in trace.items()
              if key in ("x", "y", "z") and isinstance(value, dict)]
    assert arrays
    assert {array["dtype"] for array in arrays} <= {"f4", "i4"}


def test_the_answer_must_lie_within_the_band_about_the_target() -> None:
    figure = charts.answer_so_far(np.linspace(0, 1, 30), np.append(np.full(29, 0.5), 0.6), [4, 30], close=0.04)
    band, *marks = figure.layout.shapes
    assert (band.y0, band.y1) == (pytest.approx(0.56), pytest.approx(0.64))
    assert [mark.x0 for mark in marks] == [4, 30]
    assert figure.data[2].y.tolist() == [1]


def test_the_unit_that_stands_out_is_wide_and_lies_within_the_picture() -> None:
    states = np.stack([np.linspace(0, 50, 6), np.array([0, 1, 2, 2, 1, 0.0])], axis=1)
    figure = charts.followed("▶aabb■", np.array([0, 1, 2, 1, 0, 0]), states, unit=1, state="c", counted="a", step=2)
    widest = max(figure.data, key=lambda line: line.line.width)
    assert (widest.name, widest.y.tolist()) == ("unit 2", [0, 1, 2, 2, 1, 0])
    low, high = figure.layout.yaxis.range
    assert low < 0
    assert 2 < high < 4


def test_strings_that_are_not_wholly_right_have_another_colour() -> None:
    figure = charts.counts(np.array([1, 0.99, 1]), trained=1, now=2)
    first, second, third = figure.data[0].marker.color
    assert first == third == charts.PERMITTED != second
