"""The strip of page Train: what its browser is told beside the stream, and the way from it to Inside the cell."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from lstm_core.inside.interventions import apply
from lstm_core.records import MEAN
from lstm_core.spec.serialization import to_query
from lstm_core.ui.base.server import lab
from tests.app.conftest import Visit
from tests.app.test_cell import RUNS
from tests.app.visitor import Visitor, rested


def strip(visitor: Visitor) -> dict[str, Any]:
    return dict(json.loads(visitor.widget("strip").proto.json))


@pytest.mark.parametrize("name", RUNS)
def test_the_strip_shows_the_sequence_that_the_cell_page_opens_with(visit: Visit, name: str) -> None:
    visitor, spec = visit(**to_query(RUNS[name])).click("train").rest(), RUNS[name]
    rested(visitor.run, lambda _: MEAN in lab().view(visitor.run, [MEAN]).inside)
    told = strip(visitor.look())
    cell = visitor.open("cell").cell
    steps = told["steps"]
    assert told["marks"] == [cell["marks"][step] for step in steps]
    assert told["layers"] == cell["layers"]
    assert told["length"] == cell["steps"]
    whole = apply(spec.model, lab().snapshot(visitor.run, visitor.view.update).weights, visitor.seen.x, ())
    values = np.array(told["now"]["values"], np.float64).reshape(len(whole.layers), len(told["parts"]), len(steps))
    for layer, seen in zip(whole.layers, values, strict=True):
        for part, row in zip(told["parts"], seen, strict=True):
            full = {**layer.gates, "h": layer.h, "c": layer.c}[part]
            np.testing.assert_allclose(row, full.mean(axis=1)[steps], rtol=1e-5, atol=1e-7)
    for column, step in enumerate(steps):
        if not told["labels"]:
            assert told["real"][column] == pytest.approx(cell["real"][step])
        elif cell["real"][step] is not None:
            assert told["real"][column] == cell["real"][step]


def test_an_address_leads_to_a_layer_a_unit_and_a_step(visit: Visit) -> None:
    visitor = visit("cell", layer="1", unit="3", step="5")
    chosen = visitor.cell["select"]
    assert (chosen["layer"], chosen["unit"], chosen["step"], chosen["all"]) == (0, 2, 4, False)
    assert not {"layer", "unit", "step"} & set(visitor.at.query_params)
    assert visitor.look().cell["select"] == chosen                  # asked for once


def test_an_address_without_a_unit_shows_all_of_them(visit: Visit) -> None:
    chosen = visit("cell", layer="1", step="5").cell["select"]
    assert (chosen["unit"], chosen["step"], chosen["all"]) == (None, 4, True)


@pytest.mark.parametrize("nonsense", ["-1", "x", "9" * 30, "1.5", "²"])
def test_an_address_that_leads_nowhere_leads_to_the_page(visit: Visit, nonsense: str) -> None:
    visitor = visit("cell", layer=nonsense)
    assert visitor.errors == ""
    assert visitor.cell["select"] == visit("cell").cell["select"]
