"""Where in the lab somebody is, in words."""

from __future__ import annotations

from urllib.parse import parse_qsl

from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair, phrases
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.presets import PRESETS
from lstm_core.ui.base.pages import FIRST, PAGES


def title(page: str, query: str) -> str:
    """Return what a page with its query is called: the lesson and the card, the preset, the section; "": no page."""
    found = PAGES.get(page or FIRST)
    if found is None:
        return ""
    asked = dict(parse_qsl(query))
    parts = []
    if (lesson := LESSONS.get(asked.get("lesson", ""))) is not None:
        names = [card.name for card in lesson.cards]
        parts.append(lesson_words.words(lesson.name).title)
        if asked.get("card") in names:
            parts.append(_("card {number}").format(number=names.index(asked["card"]) + 1))
    if (preset := PRESETS.get(asked.get("preset", ""))) is not None:
        parts.append(_(preset.title))
    if (section := found.sections.get(asked.get(found.section_key, ""))) is not None:
        parts.append(_(section))
    if asked.get("run"):
        parts.append(_("a run"))
    return pair(_(found.title), phrases(parts)) if parts else _(found.title)
