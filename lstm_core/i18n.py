"""Which language the words are in: gettext catalogues, read from their .po files when first needed."""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = "en"           # the language in which the messages stand in the source
LANGUAGES = {SOURCE: "English", "zh": "中文"}
"""What each language calls itself. One more needs its line here, ``locale/<key>.po`` and ``ui/prose/<key>/``."""
LOCALES = Path(__file__).parent / "locale"

_current: Callable[[], str] = lambda: SOURCE  # noqa: E731


def follow(provider: Callable[[], str]) -> None:
    """From now on ask the provider for the language each time words are needed."""
    global _current
    _current = provider


def current() -> str:
    """Return the language now in use: a key of LANGUAGES."""
    return _current()


def preferred(locale: str) -> str:
    """Return the language for a browser's locale, such as ``zh-CN``; English where it is not spoken here."""
    wanted = f"{locale.lower()}-".replace("_", "-")
    return next((language for language in LANGUAGES if wanted.startswith(f"{language.lower()}-")), SOURCE)


def in_every_language(message: str) -> str:
    """Return the message in all languages side by side, for somebody who does not know the one in use."""
    return " / ".join(_catalogue(language).gettext(message) for language in LANGUAGES)


def gettext(message: str) -> str:
    """Return the message in the language now in use; English is the key."""
    return _catalogue(_current()).gettext(message)


def gettext_noop(message: str) -> str:
    """Mark a message for the translators where it is stored; it is translated where it is shown."""
    return message


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
