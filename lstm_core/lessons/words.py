"""The words of a lesson: one Markdown file for each language, with fields for what is worked out from the run.

::

    # The cell, gate by gate
    What a forget gate does, by taking hold of it.

    ## open
    The forget gate stands at {kept:.0%}. What happens if it is held at 0?

    - forgets: It forgets at once.
    - keeps: It keeps everything.

    > forgets: That is what came.
    > keeps: The other way round: ...
    > ours: ...

    ## showed
    Three sentences.

A heading names a card. Points of a list are what an ask's options or things are called; what follows ``>`` answers:
to an option, to ``right``, ``close`` or ``off``, ``ours`` (our own words beside the learner's), ``otherwise`` (a run
that came out otherwise than most). ``showed`` is what the lesson showed. The first paragraph says what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from lstm_core import i18n
from lstm_core.errors import Refusal

FOLDER = Path(__file__).parent / "course"
SHOWED = "showed"       # the part that is no card

_OPTION = re.compile(r"- (?P<key>\w+): (?P<text>.+)")
_PRAISE = re.compile(r"^(?:Yes|对)[.:,。：，] *")
_REPLY = re.compile(r"> (?P<key>\w+): (?P<text>.+)")


@dataclass
class CardWords:
    """The words of one card, as Markdown with fields."""

    text: str = ""
    options: dict[str, str] = field(default_factory=dict)
    replies: dict[str, str] = field(default_factory=dict)

    def all(self) -> Iterator[str]:
        """Yield every text of the card."""
        yield self.text
        yield from self.options.values()
        yield from self.replies.values()


@dataclass(frozen=True)
class LessonWords:
    """The words of one lesson in one language."""

    title: str
    about: str
    cards: Mapping[str, CardWords]
    showed: str


def words(lesson: str) -> LessonWords:
    """Return the words of a lesson in the language now in use."""
    return read(FOLDER / i18n.current() / f"{lesson}.md")


@lru_cache(maxsize=64)
def read(file: Path) -> LessonWords:
    """Return the words that a file holds.

    Raises:
        Refusal: it has no title, or a line that belongs to no card.
    """
    return parsed(file.read_text(encoding="utf-8"), file.name)


def parsed(text: str, name: str) -> LessonWords:
    """Return the words of a lesson from its Markdown; ``name`` is what a refusal calls it."""
    title, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    heading, _line, about = title.strip().partition("\n")
    if not heading.startswith("# ") or not about.strip():
        raise Refusal("{name} must begin with a heading and a sentence about the lesson.", name=name)
    cards = {}
    for part in parts:
        card, _line, body = part.partition("\n")
        if card.strip() in cards:
            raise Refusal("{name} has the card {card!r} twice.", name=name, card=card.strip())
        cards[card.strip()] = _card(body)
    showed = cards.pop(SHOWED, CardWords()).text
    return LessonWords(heading.removeprefix("# "), _joined(about.splitlines()), cards, showed)


def _card(body: str) -> CardWords:
    found, paragraphs = CardWords(), []
    for block in re.split(r"\n\s*\n", body.strip()):
        told: dict[str, str] | None = None
        key, plain = "", []
        for line in block.splitlines():
            if match := _OPTION.fullmatch(line) or _REPLY.fullmatch(line):
                told, key = (found.options if line.startswith("-") else found.replies), match["key"]
                told[key] = match["text"]
            elif told is not None:
                told[key] = _joined([told[key], line.removeprefix(">")])
            else:
                plain.append(line)
        if plain:
            paragraphs.append(_joined(plain))
    found.text = "\n\n".join(filter(None, paragraphs))
    return found


def _joined(lines: Iterable[str]) -> str:
    """Return lines as one; Chinese has no spaces where a line ends, a table or a formula keeps its lines."""
    kept = [line.strip() for line in lines if line.strip()]
    if any(line.startswith(("|", "$$", "```")) for line in kept):
        return "\n".join(kept)
    return re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])", "", " ".join(kept))


def without_praise(reply: str) -> str:
    """Return the reply to a right answer for one who has had it shown: without its *Yes*."""
    rest = _PRAISE.sub("", reply)
    return rest[:1].upper() + rest[1:]


def fields(text: str) -> set[str]:
    """Return the names of the fields in a text."""
    return {name for _text, name, _form, _conversion in Formatter().parse(text) if name is not None}


def filled(text: str, facts: Mapping[str, Callable[[], Any]]) -> str:
    """Return a text with what its fields stand for; only those that stand in it are worked out."""
    return text.format(**{name: facts[name]() for name in fields(text)})
