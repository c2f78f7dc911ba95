"""How every field of a spec is held to its type, its limit and its choices."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from lstm_core import limits
from lstm_core.refusal import Refusal, unknown


def check(spec: Any) -> None:
    """Hold every field to its type, its limit and its choices."""
    hints = get_type_hints(type(spec))
    for item in fields(spec):
        value, hint = getattr(spec, item.name), hints[item.name]
        if get_origin(hint) is Literal:
            if value not in get_args(hint):
                raise unknown(item.name, value, get_args(hint))
        elif hint is bool:
            if not isinstance(value, bool):
                raise Refusal("{setting} must be true or false; received {value!r}.", setting=item.name, value=value)
        elif hint is str:
            if not isinstance(value, str):
                raise Refusal("{setting} must be text; received {value!r}.", setting=item.name, value=value)
        elif hint in (int, float):
            if isinstance(value, bool) or not isinstance(value, int if hint is int else (int, float)):
                raise Refusal("{setting} must be a number; received {value!r}.", setting=item.name, value=value)
            check_number(item.name, value)


def check_number(name: str, value: float) -> None:
    """Refuse a number outside the limits of its setting."""
    low, high = limits.NUMBERS[name]
    if not math.isfinite(value) or not low <= value <= high:
        raise Refusal("{setting} must be between {low:g} and {high:g}; received {value:g}.",
                      setting=name, low=low, high=high, value=value)
