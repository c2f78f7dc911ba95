"""The translators' tool: ``python -m lstm_core.locale.catalogue`` brings each .po file up to the source's words.

New sentences are added untranslated, those no longer used are dropped; what is translated stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from lstm_core.i18n import LANGUAGES, LOCALES, SOURCE

ROOT = Path(__file__).parents[2]
FOLDERS = ("lstm_core", "pages")
KEYWORDS: dict[str, None] = dict.fromkeys(["_", "N_", "gettext", "Refusal", "Note", "Unavailable", "NotFound",
                                           "RateLimited", "unknown"])
"""Calls whose first argument is for people to read: sentences, subclasses of Refusal among them, and kinds of names."""


def sentences() -> Catalog:
    """Return every sentence of the source that people may read."""
    catalogue = Catalog(project="Gatescope", fuzzy=False)
    for file, message in _found():
        catalogue.add(message, locations=[(file, 0)])
    return catalogue


def _found() -> Iterator[tuple[str, str]]:
    for folder in FOLDERS:
        for file, _line, message, _comments, _context in extract_from_dir(ROOT / folder, [("**.py", "python")],
                                                                          keywords=KEYWORDS):
            if isinstance(message, str) and message:
                yield f"{folder}/{file}", message


def translations(language: str) -> Catalog:
    """Return a language's catalogue as it is in the tree; an empty one when there is none."""
    path = LOCALES / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language, project="Gatescope", version="0.1.0",
                       header_comment="# Translations of Gatescope.",
                       msgid_bugs_address="the project's issues", last_translator="the authors of Gatescope",
                       language_team=language, revision_date=datetime.now(UTC), fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def update() -> None:
    """Write each language's .po file anew, in the order of the sentences."""
    found = sentences()
    for language in LANGUAGES:
        if language == SOURCE:
            continue
        catalogue = translations(language)
        catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        with (LOCALES / f"{language}.po").open("wb") as target:
            write_po(target, catalogue, omit_header=False, include_lineno=False, sort_output=True, width=120,
                     ignore_obsolete=True)


if __name__ == "__main__":
    update()
