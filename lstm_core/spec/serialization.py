"""A run written down and read back: as JSON for a file, as a flat query for the address bar, by its id."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any, get_origin

from lstm_core import limits
from lstm_core.errors import Refusal, unknown
from lstm_core.spec import SOURCES, DataSpec, Layer, ModelSpec, RunSpec, TrainSpec, Waves
from lstm_core.spec.validation import types_of

RENAMED = {"after": "relu_head", "carry": "stateful", "clip": "clip_norm", "dense": "input_dense",
           "enough": "target_score"}
"""Settings by the names they had before version 0.2: stored runs and addresses may still use them."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


def is_id(text: str) -> bool:
    """Tell whether the id of a run or a sweep may look like this; an address may hold anything."""
    return _ID.fullmatch(text) is not None


def to_json(spec: RunSpec) -> str:
    """Return the spec as JSON, every setting written out."""
    return json.dumps({"source": spec.data.source, "data": _plain(spec.data), "model": _plain(spec.model),
                       "train": _plain(spec.train)}, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> RunSpec:
    """Return the spec written by :func:`to_json`; anything else is refused with the reason."""
    try:
        raw = json.loads(text)
        source, data, model, train = raw["source"], raw["data"], raw["model"], raw["train"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refusal("This is not a run written as JSON: {error}.", error=error) from error
    return RunSpec(data=_build(_source(source), data), model=_build(ModelSpec, model), train=_build(TrainSpec, train))


def to_query(spec: RunSpec) -> dict[str, str]:
    """Return the settings that differ from their defaults as flat text, for an address."""
    query = {"source": spec.data.source}
    for part in (spec.data, spec.model, spec.train):
        for item in fields(part):
            value = getattr(part, item.name)
            if item.name == "layers":
                query |= _layers_to_query(value)
            elif value != _default(item):
                query[item.name] = _to_text(value)
    return query


def from_query(query: Mapping[str, str]) -> RunSpec:
    """Return the spec for an address; what is not given takes its default, what is not ours is left alone.

    The default output is the one for which the data have a truth.
    """
    query = {RENAMED.get(name, name): value for name, value in query.items()}
    data = _source(query.get("source", Waves.source))
    if data.output is not None:
        query = {"output": data.output, **query}
    return RunSpec(data=_parse(data, query), model=_parse(ModelSpec, query), train=_parse(TrainSpec, query))


def _default(item: Any) -> Any:
    return item.default if item.default is not MISSING else item.default_factory()


def _source(name: Any) -> type[DataSpec]:
    if not isinstance(name, str) or name not in SOURCES:
        raise unknown("source", name, SOURCES)
    return SOURCES[name]


def _plain(spec: Any) -> dict[str, Any]:
    return {item.name: [_plain(layer) for layer in value] if item.name == "layers" else value
            for item in fields(spec) for value in [getattr(spec, item.name)]}


def _build(kind: Any, raw: Any) -> Any:
    if not isinstance(raw, dict):
        raise Refusal("{kind} must be an object with settings; received {raw!r}.", kind=kind.__name__, raw=raw)
    names = {item.name for item in fields(kind)}
    values: dict[str, Any] = {RENAMED.get(str(name), str(name)): value for name, value in raw.items()}
    for name in values:
        if name not in names:
            raise unknown("setting", name, sorted(names))
    if "layers" in values:
        values["layers"] = tuple(_build(Layer, layer) for layer in _sequence("layers", values["layers"]))
    if "lr_changes" in values:
        values["lr_changes"] = _changes(_sequence("lr_changes", values["lr_changes"]))
    if "features" in values:
        values["features"] = tuple(str(name) for name in _sequence("features", values["features"]))
    return kind(**values)


def _changes(entries: list[Any]) -> tuple[tuple[int, float], ...]:
    try:
        return tuple((int(update), float(rate)) for update, rate in entries)
    except (ValueError, TypeError, OverflowError) as error:
        raise Refusal("{setting} cannot be read from {text!r}.", setting="lr_changes", text=entries) from error


def _sequence(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise Refusal("{setting} must be a list; received {value!r}.", setting=name, value=value)
    return list(value)


def _layers_to_query(layers: tuple[Layer, ...]) -> dict[str, str]:
    query = {"layers": str(len(layers))} if len(layers) > 1 else {}
    for suffix, layer in _suffixes(layers):
        for item in fields(layer):
            value = getattr(layer, item.name)
            if value != _default(item):
                query[item.name + suffix] = _to_text(value)
    return query


def _suffixes(layers: tuple[Layer, ...]) -> Iterator[tuple[str, Layer]]:
    """Name the layers' settings: hidden, hidden2, hidden3 ..."""
    return ((("" if n == 1 else str(n)), layer) for n, layer in enumerate(layers, start=1))


def _to_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(":".join(_to_text(v) for v in entry) if isinstance(entry, tuple) else _escape(entry)
                        for entry in value)
    return str(value)


def _escape(name: str) -> str:
    return name.replace("\\", "\\\\").replace(",", "\\,")


def _split(text: str) -> tuple[str, ...]:
    """Undo the joining of names, in which a comma inside a name is written as ``\\,``."""
    names, current, escaped = [], "", False
    for letter in text:
        if escaped:
            current, escaped = current + letter, False
        elif letter == "\\":
            escaped = True
        elif letter == ",":
            names.append(current)
            current = ""
        else:
            current += letter
    return (*names, current) if text else ()


def _parse(kind: Any, query: Mapping[str, str]) -> Any:
    hints = types_of(kind)
    values: dict[str, Any] = {}
    if kind is ModelSpec:
        count = _from_text("layers", int, query.get("layers", "1"))
        if not 1 <= count <= limits.LAYERS:
            raise Refusal("A network has 1 to {limit} recurrent layers; received {received}.",
                          limit=limits.LAYERS, received=count)
        names = [suffix for suffix, _ in _suffixes((Layer(),) * count)]
        values["layers"] = tuple(
            _parse(Layer, {key: query[key + suffix] for key in ("hidden", "dropout") if key + suffix in query})
            for suffix in names)
    for item in fields(kind):
        if item.name in query and item.name != "layers":
            values[item.name] = _from_text(item.name, hints[item.name], query[item.name])
    return kind(**values)


def _from_text(name: str, hint: Any, text: str) -> Any:
    try:
        if hint is bool:
            return {"true": True, "false": False}[text.lower()]
        if hint is int:
            return int(text)
        if hint is float:
            return float(text)
        if name == "lr_changes":
            return _changes([entry.split(":") for entry in text.split(",") if entry])
    except (ValueError, KeyError) as error:
        raise Refusal("{setting} cannot be read from {text!r}.", setting=name, text=text) from error
    return _split(text) if get_origin(hint) is tuple else text
