"""How every field of a spec is held to its type, its limit and its choices."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from lstm_core import limits
from lstm_core.errors import Refusal, unknown

_types: dict[type[Any], dict[str, Any]] = {}     # to work them out takes longer than to check a spec


def types_of(kind: type[Any]) -> dict[str, Any]:
    """Return the types of the fields of a spec's class, by name."""
    if kind not in _types:
        _types[kind] = get_type_hints(kind)
    return _types[kind]


def check(spec: Any) -> None:
    """Hold every field to its type, its limit and its choices."""
    hints = types_of(type(spec))
    for item in fields(spec):
        value, hint = getattr(spec, item.name), hints[item.name]
        if get_origin(hint) is Literal:
            if value not in get_args(hint):
                raise unknown(item.name, value, get_args(hint))
        elif hint is bool:
            if not isinstance(value, bool):
                raise Refusal("{setting} must be true or false; received {value!r}.", setting=item.name, value=value)
        elif hint is str:
            check_text(item.name, value)
        elif hint == tuple[str, ...]:
            for name in value:
                check_text(item.name, name)
        elif hint in (int, float):
            if isinstance(value, bool) or not isinstance(value, int if hint is int else (int, float)):
                raise Refusal("{setting} must be a number; received {value!r}.", setting=item.name, value=value)
            check_number(item.name, value)


def check_text(name: str, value: object) -> None:
    """Refuse what is no text, what cannot be written as UTF-8, and names longer than any real one."""
    if not isinstance(value, str):
        raise Refusal("{setting} must be text; received {value!r}.", setting=name, value=value)
    if len(value) > limits.NAME_LETTERS and name != "text":
        raise Refusal("{setting} may have at most {limit} letters; received {received}.", setting=name,
                      limit=limits.NAME_LETTERS, received=len(value))
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Refusal("{setting} has characters that are only half of one: {value!r}.", setting=name,
                      value=value[error.start:error.start + 1]) from error


def check_number(name: str, value: float) -> None:
    """Refuse a number outside the limits of its setting."""
    low, high = limits.NUMBERS[name]
    if not low <= value <= high:            # nan is not between them, either
        try:
            value = float(value)
        except OverflowError:               # a whole number beyond all floats
            value = math.copysign(math.inf, 1 if value > 0 else -1)
        raise Refusal("{setting} must be between {low:g} and {high:g}; received {value:g}.",
                      setting=name, low=low, high=high, value=value)
