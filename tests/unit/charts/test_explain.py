"""Every line, mark and axis of every chart has a sentence that says what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from lstm_core import charts, i18n
from lstm_core.charts import explain, memory
from lstm_core.charts.explain import AXES, MARKS, explained

FILES = sorted(Path(charts.__file__).parent.rglob("*.py"))
NAMED = {"name": MARKS, "title": AXES}      # keys of a trace and of an axis


def written(node: ast.AST) -> Iterator[str]:
    """Yield the texts that are translated somewhere below a node of a syntax tree."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_":
            yield from (str(text.value) for text in call.args if isinstance(text, ast.Constant))


def names(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what a file calls its lines and axes: the key, and the name in English."""
    for made in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(made, ast.Dict):
            for key, value in zip(made.keys, made.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in NAMED:
                    yield from ((str(key.value), name) for name in written(value))


ALL = sorted({found for path in FILES for found in names(path) if found[1] != "unit {number}"})


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_whatever_a_chart_names_has_a_sentence(language: str) -> None:
    with i18n.speaking(language):
        assert [(key, name) for key, name in ALL if not explain._of(NAMED[key], i18n.gettext(name))] == []


def test_the_charts_name_enough_for_the_test_above_to_mean_something() -> None:
    assert len(ALL) > 60


def test_a_unit_or_a_number_behind_a_name_does_not_hide_its_sentence() -> None:
    figure = charts.loss_curve(np.ones(3), (), log=False, unit="USD²")
    assert explained(figure.to_dict()["data"], figure.layout.to_plotly_json()) == {
        "marks": {"Training": MARKS["Training"]},
        "axes": {"Updates of the weights": AXES["Updates of the weights"], "Loss (USD²)": AXES["Loss"]}}


def test_what_is_named_after_a_network_has_the_sentence_of_its_figure() -> None:
    figure = memory.norms_over_training(
        [memory.Curve("plain RNN", np.ones(2), "#000000", updates=np.arange(2))], clip=1.0)
    marks = explained(figure.to_dict()["data"], figure.layout.to_plotly_json())["marks"]
    assert marks == {"Limit 1": MARKS["Limit {clip:g}"], "plain RNN": figure.layout.meta}


def test_no_sentence_is_left_for_a_name_that_no_chart_has() -> None:
    used = {name for _key, name in ALL}
    elsewhere = {name for path in FILES if path.name != "explain.py"
                 for name in written(ast.parse(path.read_text(encoding="utf-8")))}
    for sentences in (MARKS, AXES):
        assert {name for name in sentences
                if not any(each.startswith(name) for each in used | elsewhere)} == set()
