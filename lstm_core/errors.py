"""The one exception for bad input: a sentence that says what was wrong, what is allowed, what was received."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class Refusal(ValueError):
    """Input that cannot be used, told as a sentence a person can act on.

    The sentence is a template with named fields, so that an interface can translate the template
    before it fills the fields in: ``_(refusal.template).format(**refusal.values)``.
    """

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values
        super().__init__(template.format(**values))

    def __reduce__(self) -> tuple[object, ...]:
        """Let the refusal cross a process border with its template and fields intact."""
        return _rebuild, (type(self), self.template, self.values)


def _rebuild(kind: type[Refusal], template: str, values: dict[str, object]) -> Refusal:
    return kind(template, **values)


class Listed(tuple[str, ...]):
    """Names in a sentence: ``a, b, c``; an interface may call them, and separate them, in its own way."""

    def __str__(self) -> str:
        return ", ".join(self)

    def __format__(self, form: str) -> str:
        return format(str(self), form)


def listed(options: Iterable[object]) -> Listed:
    """Return the options as names in a sentence."""
    return Listed(str(option) for option in options)


def unknown(kind: str, name: object, options: Iterable[str]) -> Refusal:
    """Return the refusal for a name that is not among the options, with the nearest one suggested."""
    known = list(options)
    near = get_close_matches(str(name), known, n=1)
    if near:
        return Refusal(
            "{kind} {name!r} is not known. Did you mean {near!r}? Allowed: {allowed}.",
            kind=kind, name=name, near=near[0], allowed=listed(known),
        )
    return Refusal("{kind} {name!r} is not known. Allowed: {allowed}.", kind=kind, name=name, allowed=listed(known))
