"""Which language the words are in: gettext catalogues, read from their .po files when first needed.

Texts that are put together from pieces are joined here, as the language in use does it: Chinese has marks of its own.
"""

from __future__ import annotations

import gettext as _gettext
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = "en"           # the language in which the messages stand in the source
LANGUAGES = {SOURCE: "English", "zh": "中文"}
"""What each language calls itself. One more needs its line here, ``locale/<key>.po`` and ``ui/prose/<key>/``."""
LOCALES = Path(__file__).parent / "locale"
WRITTEN_OUT = 6         # powers of ten below this are written out
ASKED_IN_SECONDS = 100  # what takes longer is told in minutes

_EXPONENT = re.compile(r"\b(\d(?:\.\d+)?)e([+-]\d+)\b")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

_current: Callable[[], str] = lambda: SOURCE  # noqa: E731
_spoken: ContextVar[str] = ContextVar("spoken", default="")


def follow(provider: Callable[[], str]) -> None:
    """From now on ask the provider for the language each time words are needed."""
    global _current
    _current = provider


def current() -> str:
    """Return the language now in use: a key of LANGUAGES."""
    return _spoken.get() or _current()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language within the block, whatever the provider says: for words that no session asks for."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def preferred(locale: str) -> str:
    """Return the language for a browser's locale, such as ``zh-CN``; English where it is not spoken here."""
    wanted = f"{locale.lower()}-".replace("_", "-")
    return next((language for language in LANGUAGES if wanted.startswith(f"{language.lower()}-")), SOURCE)


def in_every_language(message: str) -> str:
    """Return the message in all languages side by side, for somebody who does not know the one in use."""
    return " / ".join(_catalogue(language).gettext(message) for language in LANGUAGES)


def gettext(message: str) -> str:
    """Return the message in the language now in use; English is the key."""
    return _catalogue(current()).gettext(message)


def gettext_noop(message: str) -> str:
    """Mark a message for the translators where it is stored; it is translated where it is shown."""
    return message


def listing(items: Iterable[str]) -> str:
    """Return names or numbers as one list: ``a, b, c``."""
    return gettext("{item}, {item}").format(item="").join(items)


def phrases(items: Iterable[str]) -> str:
    """Return parts of a sentence one after the other: ``32 units, 20 epochs``."""
    return gettext("{words}, {words}").format(words="").join(items)


def clauses(items: Iterable[str]) -> str:
    """Return one after the other what may have commas of its own: ``a, b; c, d``."""
    return gettext("{words}; {words}").format(words="").join(items)


def sentences(*items: str) -> str:
    """Return whole sentences as one text; empty ones are left out."""
    return gettext("{sentence} {sentence}").format(sentence="").join(filter(None, items))


def pair(name: str, value: str) -> str:
    """Return a name with its value: ``name: value``."""
    return gettext("{name}: {value}").format(name=name, value=value)


def aside(text: str, remark: str) -> str:
    """Return a text with a remark after it: ``text (remark)``."""
    return gettext("{text} ({remark})").format(text=text, remark=remark)


def duration(seconds: float) -> str:
    """Return how long something takes, in words and no more exactly than a person asks for it: ``33 h 5 min``."""
    if seconds < ASKED_IN_SECONDS:
        return gettext("{seconds:.0f} s").format(seconds=seconds)
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        return gettext("{hours} h {minutes} min").format(hours=f"{hours:,}", minutes=minutes)
    return gettext("{minutes} min").format(minutes=minutes)


def powers(text: str) -> str:
    """Return a text with its powers of ten as people write them: ``1.4 × 10⁻⁷`` for 1.4e-07, ``1,230`` for 1.23e+03."""
    return _EXPONENT.sub(_power, text)


def _power(found: re.Match[str]) -> str:
    power = int(found[2])
    if not power:
        return found[1]
    if 0 < power < WRITTEN_OUT:
        return f"{float(found[0]):,.0f}"
    return f"{found[1]} × 10{str(power).translate(_RAISED)}"


@lru_cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    path = LOCALES / f"{language}.po"
    if not path.exists():
        return _gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)
