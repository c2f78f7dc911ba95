"""What was handed in, read from a text: sheets and bare links in any order, quoted in mails, in every language.

Nothing of it is believed: a name, a code and a result are only what somebody has written.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

from lstm_core.classroom.hand_in import LABELS, LONGEST_NAME, LONGEST_WORDS
from lstm_core.i18n import LANGUAGES, speaking
from lstm_core.i18n import gettext as _

LONGEST_CODE = 20       # characters of it that are looked at
LONGEST_RESULT = 100
LONGEST_HOST = 60

_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_QUOTED = re.compile(r"^[\s>|＞]*")                                # what mail programs put before the lines they quote
_BEGIN = re.compile(r"(?<!=)={3,}+\s*+Gatescope\b[^\n=]*+={3,}")
_END = re.compile(r"(?<!=)={3,}+[^\n=]*+={3,}")
_URL = re.compile(r"(?i)\bhttps?://[^\s<>\"'，。；、）)\]】]+")
_SPACE = re.compile(r"[^\S\n\t]")                       # of any kind, within a line
_RUNS = re.compile(r"(?:(?<![A-Za-z0-9_])|(?<=%3F)|(?<=%26))(?:run(?:=|%3D)([A-Za-z0-9_-]{1,40})"
                   r"|runs(?:=|%3D)([A-Za-z0-9_-]{1,40}(?:(?:,|%2C)[A-Za-z0-9_-]{1,40})*))")
_BEFORE, _AFTER = " \t,;:，：；、|\"'“>)]*•·-–—", " \t,;:，：；、|\"'”<([-–—"       # a name in a line, beside its link


@dataclass(frozen=True)
class Handed:
    """One run that was handed in."""

    run: str                        # its id
    host: str = ""                  # where its link leads; empty: that is not said
    name: str = ""                  # on the sheet, or before a bare link
    code: str = ""
    result: str = ""                # as the sheet has it
    words: str = ""
    sheet: bool = False             # a whole sheet, not a bare link


@dataclass(frozen=True)
class Read:
    """All that a text has."""

    handed: tuple[Handed, ...]
    others: tuple[str, ...]         # hosts of links that lead to no run, each once


def read(text: str) -> Read:
    """Return what a text hands in, in its order; what is neither a sheet nor a link is left out."""
    plain = "\n".join(_SPACE.sub(" ", _QUOTED.sub("", line)) for line in _UNSEEN.sub("", text).splitlines())
    handed: list[Handed] = []
    others: dict[str, None] = {}
    place = 0
    for begin in _BEGIN.finditer(plain):
        if begin.start() < place:
            continue
        _read_links(plain[place:begin.start()], handed, others)
        place = _sheet_end(plain, begin.end())
        handed.append(_sheet(plain[begin.end():place]))
    _read_links(plain[place:], handed, others)
    return Read(tuple(handed), tuple(others))


# -- a sheet -----------------------------------------------------------------------------------------------


def _sheet_end(text: str, start: int) -> int:
    """Return where the sheet ends that begins at ``start``: with its last line, before the next one, or at the end."""
    found = _END.search(text, start)
    if found is None:
        return len(text)
    return found.start() if _BEGIN.match(found[0]) else found.end()


def _sheet(text: str) -> Handed:
    labels = max(_labels(), key=lambda labels: sum(bool(_label(one).search(text)) for one in labels.values()))
    found = {name: _field(text, labels, name) for name in labels}
    run = next(_runs(found["link"]), "")
    return Handed(run, _host(found["link"]), found["name"][:LONGEST_NAME], found["code"][:LONGEST_CODE],
                  found["result"][:LONGEST_RESULT], found["words"][:LONGEST_WORDS], sheet=True)


@cache
def _labels() -> tuple[dict[str, str], ...]:
    """Return what the lines of a sheet are called in each language."""
    return tuple(_of(language) for language in LANGUAGES)


def _of(language: str) -> dict[str, str]:
    with speaking(language):
        return {name: _(label) for name, label in LABELS.items()}


def _label(label: str) -> re.Pattern[str]:
    spaced = r"\s+".join(map(re.escape, label.split()))
    return re.compile(rf"(?:^|\s){spaced}\s*[:：]")


def _field(text: str, labels: dict[str, str], name: str) -> str:
    """Return what follows a label, up to the next one: mails break lines, or join them all."""
    names = list(labels)
    begin = _label(labels[name]).search(text)
    if begin is None:
        return ""
    after = text[begin.end():]
    ends = [_label(labels[one]).search(after) for one in names[names.index(name) + 1:]] or [_END.search(after)]
    return " ".join(after[:min((end.start() for end in ends if end), default=len(after))].split())


# -- bare links --------------------------------------------------------------------------------------------


def _read_links(text: str, handed: list[Handed], others: dict[str, None]) -> None:
    """Add the runs that bare links name, once for each line, and the hosts of all other links."""
    for line in text.splitlines():
        runs = list(dict.fromkeys(_runs(line)))
        handed += [Handed(run, _host(line), _name_before(line)) for run in runs]
        if not runs and (host := _host(line)):
            others[host] = None


def _runs(text: str) -> Iterator[str]:
    for one, several in _RUNS.findall(text):
        yield from [one] if one else re.split(",|%2C", several)


def _host(text: str) -> str:
    found = _URL.search(text)
    try:
        return urlsplit(found[0]).netloc[:LONGEST_HOST] if found else ""
    except ValueError:
        return ""


def _name_before(line: str) -> str:
    """Return what stands before a link: in a list the name of whoever handed it in, in a table the first cell."""
    link = _URL.search(line) or _RUNS.search(line)
    assert link is not None
    name = re.split(r"[\t;]", line[:link.start()])[0].lstrip(_BEFORE).rstrip(_AFTER)
    return name if len(name) <= LONGEST_NAME else ""


# -- the same thing twice ----------------------------------------------------------------------------------

Alike = Literal["run", "settings", "weights"]


@dataclass(frozen=True)
class Marks:
    """By what a run is known again."""

    run: str                        # its id
    settings: Hashable              # all that decide it, the seed included
    weights: str                    # hash of those it ends with


def duplicates(marks: Sequence[Marks | None]) -> list[tuple[int, Alike] | None]:
    """Return for each run the first one before it that is the same, and in what; None: there is none, or no run."""
    first: dict[tuple[Alike, Hashable], int] = {}
    found: list[tuple[int, Alike] | None] = []
    for number, one in enumerate(marks):
        keys: list[tuple[Alike, Hashable]] = [] if one is None else [
            ("run", one.run), ("settings", one.settings), ("weights", one.weights)]
        found.append(next(((first[key], key[0]) for key in keys if key in first), None))
        for key in keys:
            first.setdefault(key, number)
    return found
