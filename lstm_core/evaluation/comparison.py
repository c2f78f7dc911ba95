"""Runs side by side: what differs in their settings, what may be laid over each other, what may be ranked.

Two losses are in the same unit when the same targets were scaled in the same way. Two errors answer the same question
when the same targets are predicted from as far before them. Whatever else differs between two runs (time steps,
features, the network, the training) is what a comparison is for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import reduce
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

from lstm_core.data import ShownRows
from lstm_core.data.sources.indicators import INDICATORS
from lstm_core.errors import Refusal
from lstm_core.spec import DataSpec, ModelSpec, RunSpec, SeriesSpec
from lstm_core.spec.serialization import is_id

Settings = dict[str, Any]
Key = Callable[[RunSpec], Settings]

READING = {"steps", "horizon", "stride", "scaler", "features"}
"""Settings of a series that decide how it is read, not what it is."""

RECEIVED = 60           # characters of what was received that are said again


# -- what differs ------------------------------------------------------------------------------------------


def settings(spec: RunSpec) -> Settings:
    """Return the settings that decide a run, by name; those without effect are left out.

    The layers are told as ``hidden`` and ``dropout``, tuples with one entry for each; without any dropout that is (0,).
    """
    found: Settings = _data_settings(spec.data)
    idle = _idle_in_model(spec.model, symbols=spec.data.symbols is not None)
    for split in (spec.model, spec.train):
        for item in fields(split):
            if item.name == "layers":
                dropout = tuple(layer.dropout for layer in spec.model.layers)
                found["hidden"] = tuple(layer.hidden for layer in spec.model.layers)
                found["dropout"] = dropout if any(dropout) else (0.0,)
            elif item.name not in idle:
                found[item.name] = getattr(split, item.name)
    return found


def setting_differences(specs: Sequence[RunSpec]) -> tuple[dict[str, tuple[Any, ...]], dict[str, tuple[Any, ...]]]:
    """Return the settings in which the runs differ and those they share: name -> one value for each run.

    None stands for a setting that a run does not have.
    """
    rows = _side_by_side([settings(spec) for spec in specs])
    differing = {name: values for name, values in rows.items() if len(set(values)) > 1}
    return differing, {name: values for name, values in rows.items() if name not in differing}


def _side_by_side(found: Sequence[Settings]) -> dict[str, tuple[Any, ...]]:
    names = dict.fromkeys(name for one in found for name in one)
    return {name: tuple(one.get(name) for one in found) for name in names}


def _data_settings(data: DataSpec) -> Settings:
    return {"source": data.source} | {item.name: getattr(data, item.name) for item in fields(data)
                                      if item.name not in data.idle}


def _idle_in_model(model: ModelSpec, *, symbols: bool) -> set[str]:
    idle: set[str] = set() if symbols else {"encoding", "embedding"}
    if model.encoding != "embedding":
        idle |= {"embedding"}
    if not model.cell_type.forget_gate:
        idle |= {"forget_bias", "chrono"}
    elif model.chrono:
        idle |= {"forget_bias"}
    return idle


# -- what is comparable ------------------------------------------------------------------------------------


def truth(spec: RunSpec) -> Settings:
    """Return the settings that decide which real values are to be predicted, in which parts."""
    found = _data_settings(spec.data)
    if isinstance(spec.data, SeriesSpec):
        found = {name: value for name, value in found.items() if name not in READING}
    return found


def loss_unit(spec: RunSpec) -> Settings:
    """Return the settings that decide what a loss is measured in: the targets, and how these are scaled.

    Under ``features`` stand the rows that indicators need before the first: the scaling is fitted after them.
    """
    found = truth(spec) | _cut(spec.data)
    if isinstance(spec.data, SeriesSpec):
        found["scaler"] = spec.data.scaler
    return found


def question(spec: RunSpec) -> Settings:
    """Return the settings that decide what is asked: the targets, and how far before them the network reads last."""
    found = truth(spec) | _cut(spec.data)
    if isinstance(spec.data, SeriesSpec):
        found["horizon"] = spec.data.horizon
    return found


def _cut(data: DataSpec) -> Settings:
    if not isinstance(data, SeriesSpec) or not data.indicators:
        return {}
    columns = (*data.columns_read, data.column_predicted)
    return {"features": max((INDICATORS[name].warm_up for name in columns if name in INDICATORS), default=0)}


def groups(specs: Sequence[RunSpec], key: Key) -> list[list[int]]:
    """Return the numbers of the runs, those together whose key is the same, in the order they come."""
    found: dict[tuple[tuple[str, Any], ...], list[int]] = {}
    for number, spec in enumerate(specs):
        found.setdefault(tuple(sorted(key(spec).items())), []).append(number)
    return list(found.values())


def reasons(specs: Sequence[RunSpec], key: Key) -> list[str]:
    """Return the settings that keep the runs apart: the source, and what differs between runs of the same source."""
    found = [key(spec) for spec in specs]
    sources = dict.fromkeys(one["source"] for one in found)
    names = {} if len(sources) == 1 else {"source": None}
    for source in sources:
        rows = _side_by_side([one for one in found if one["source"] == source])
        names |= {name: None for name, values in rows.items() if len(set(values)) > 1}
    return list(names)


def common(shown: Sequence[ShownRows]) -> list[np.ndarray]:
    """Return where in each run's targets those stand that all runs have: for each run (n,), in the same order.

    They are known by their dates or positions, or by their rows where a date comes twice.
    """
    marks = [rows.index for rows in shown]
    if any(len(np.unique(mark)) < len(mark) for mark in marks):
        marks = [rows.rows for rows in shown]
    everywhere = reduce(np.intersect1d, marks)
    return [np.flatnonzero(np.isin(mark, everywhere)) for mark in marks]


def agreement(named: Sequence[np.ndarray]) -> np.ndarray:
    """Return the share of targets for which two runs name the same class, (m, m), from each run's classes (n,)."""
    classes = np.stack(named)
    return np.asarray((classes[:, np.newaxis] == classes[np.newaxis]).mean(axis=2))


# -- links -------------------------------------------------------------------------------------------------


def linked(text: str) -> tuple[str, ...]:
    """Return the ids of the runs that a link names, or the one id itself.

    Of an address with ``runs=A,B`` (this page) these count, otherwise those under ``run=``.

    Raises:
        Refusal: there is no id in the text.
    """
    text = text.strip()
    if is_id(text):
        return (text,)
    try:
        query = parse_qs(urlsplit(text).query)
    except ValueError:
        query = {}
    found = [name for given in query.get("runs") or query.get("run", []) for name in given.split(",")]
    if not found or not all(is_id(name) for name in found):
        short = text if len(text) <= RECEIVED else f"{text[:RECEIVED]}…"
        raise Refusal("This is neither the link nor the id of a run. Paste an address of this lab that has run= in it, "
                      "or what follows there; received {text!r}.", text=short)
    return tuple(dict.fromkeys(found))
