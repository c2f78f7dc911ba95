"""Every source is complete: facts that its samples bear out, a loader, words, widgets, and settings that train."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from lstm_core import data
from lstm_core.data import Series
from lstm_core.data.sources import EXAMPLES, SERIES
from lstm_core.data.tasks import RULES
from lstm_core.learning.training import train
from lstm_core.records import Budget
from lstm_core.spec import (
    SOURCES,
    SPLITS,
    DataSpec,
    ExamplesSpec,
    Layer,
    ModelSpec,
    RunSpec,
    SeriesSpec,
    Table,
    TaskSpec,
    setting_names,
)
from lstm_core.spec.validation import types_of
from lstm_core.ui.train.source import FIRST_WIDGETS
from lstm_core.ui.widgets import labels
from lstm_core.ui.widgets.sources import FORMS
from lstm_core.ui.widgets.sources.form import Control

UPLOADED = Series(("x", "y"), np.random.default_rng(0).normal(size=(120, 2)), np.arange(120), name="own").to_bytes()
WITHOUT_WIDGET = {"digest"}         # set by the upload or the download


def begun(source: str) -> tuple[RunSpec, tuple[bytes, ...]]:
    """Return the run that a source starts with on the page, and what is kept with it."""
    kind = SOURCES[source]
    suggested = dict(FORMS[kind].suggested)
    hidden, dropout = suggested.pop("hidden"), suggested.pop("dropout", 0.0)
    outside: dict[str, Any] = {}
    if kind is Table:
        outside = {"features": ("x",), "column": "y", "digest": data.digest(UPLOADED)}
    model = ModelSpec(layers=(Layer(hidden, dropout),), output=kind.output or "last")
    spec = RunSpec(data=kind(**outside), model=model)
    return spec.change(**suggested), (UPLOADED,) if outside else ()


def own_settings(kind: type[DataSpec]) -> set[str]:
    """Return the settings that a source does not share with all others of its form."""
    base = next(base for base in (TaskSpec, ExamplesSpec, SeriesSpec) if issubclass(kind, base))
    return {item.name for item in fields(kind)} - {item.name for item in fields(base)}


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_has_a_loader_and_a_form(source: str) -> None:
    kind = SOURCES[source]
    assert kind in FORMS
    loaders = RULES if issubclass(kind, TaskSpec) else SERIES if issubclass(kind, SeriesSpec) else EXAMPLES
    assert kind in loaders or kind().from_outside  # type: ignore[attr-defined]


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_trains_on_what_it_starts_with(source: str) -> None:
    spec, blobs = begun(source)
    last = next(train(spec, *blobs, budget=Budget(updates=2)))
    assert last.update == 2
    assert np.isfinite(last.records.losses).all()


@pytest.mark.parametrize("source", SOURCES)
def test_its_samples_bear_out_its_facts(source: str) -> None:
    spec, blobs = begun(source)
    facts, found = spec.data, data.dataset(spec.data, spec.model.output, *blobs)
    assert bool(facts.symbols) == bool(found.alphabet)
    assert facts.answers == ("sequence" if found.encoder_steps else "class" if found.classes else "number")
    assert facts.score_kind == found.score_kind
    assert facts.own_sequences != found.contiguous
    assert facts.own_columns == found.own
    assert facts.output in (None, found.output)
    some = np.concatenate([found.sample_ids[split][:100] for split in SPLITS])
    lengths = found.lengths(some)
    assert facts.one_length == (lengths is None or len(set(lengths.tolist())) == 1)
    assert found.steps <= 1.1 * facts.usual_steps
    assert facts.one_input == (not found.alphabet and found.steps > 1 and not found.x(some)[:, 1:].any())


@pytest.mark.parametrize("source", SOURCES)
def test_each_setting_of_a_source_has_a_name_and_a_widget(source: str) -> None:
    kind = SOURCES[source]
    assert {*setting_names(kind)} - {"layers", "lr_changes", "checkpoint"} - WITHOUT_WIDGET <= labels.LABELS.keys()
    rows = FORMS[kind].controls
    controls = [one for row in rows for one in ([row] if isinstance(row, Control) else [*row[0], *row[1]])]
    assert {control.setting for control in controls} <= {item.name for item in fields(kind)}
    if kind not in FIRST_WIDGETS:
        assert own_settings(kind) <= {control.setting for control in controls}


@pytest.mark.parametrize("source", SOURCES)
def test_each_option_and_column_of_a_source_has_a_name(source: str) -> None:
    spec, blobs = begun(source)
    form, found = FORMS[SOURCES[source]], data.dataset(spec.data, spec.model.output, *blobs)
    if not found.own:
        assert {*found.features, found.target} <= labels.COLUMNS.keys() | {f"column {n}" for n in range(1, 9)}
    for name in form.options:
        assert labels.option_label(name)
    assert labels.option_label(source)
    assert {name for name in found.labels if len(name) > 2 and not found.alphabet} <= labels.CLASSES.keys()


@pytest.mark.parametrize("part", ["labels", "options", "columns", "classes"])
def test_no_two_sources_name_the_same_thing(part: str) -> None:
    named = [name for form in FORMS.values() for name in getattr(form, part)]
    assert len(named) == len(set(named))
    whole = getattr(labels, part.upper())
    for form in FORMS.values():
        assert getattr(form, part).items() <= whole.items()


def test_the_browser_can_tell_a_box_for_whole_numbers_from_one_with_decimals() -> None:
    """``static/typing.js`` takes a comma for a decimal point where the step of a box is not whole."""
    for kind, form in FORMS.items():
        for row in form.controls:
            for control in [row] if isinstance(row, Control) else [*row[0], *row[1]]:
                if not control.slider and types_of(kind)[control.setting] is float:
                    assert control.step is not None
                    assert control.step % 1
