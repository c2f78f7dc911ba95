"""My course as a page to print: one HTML file that needs nothing else, and runs no script."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from lstm_core import i18n
from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.asks import Curve
from lstm_core.lessons.cards import Lesson
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.progress import LessonRecord, Progress
from lstm_core.ui.learn import looking_back
from lstm_core.ui.learn.answer import CONFIDENCE
from lstm_core.ui.learn.looking_back import Answered

WIDTH, HEIGHT = 240, 80     # of a picture of two curves, in its own units
STYLE = Path(__file__).parents[1] / "static" / "learn" / "print.css"

# What Markdown writes around words, and characters that it would take for such if they were not escaped.
_MARKS = re.compile(r"\\([\\`*_{}\[\]<>~$:&|.+)#-])|\*{1,3}|`|\u2060|\[([^\]]*)\]\([^)]*\)")


def page(known: Progress, name: str, date: str) -> str:
    """Return the page as HTML, in the language now in use: each lesson that was begun, and what one answered in it.

    Args:
        known: what one has done.
        name: whose course it is; empty: it stays nobody's.
        date: of today, as it stands below the title.
    """
    title = _("My course")
    begun = [lesson for lesson in LESSONS.values() if looking_back.begun(known, lesson)]
    ended = sum(bool(known.lessons[lesson.name].ended) for lesson in begun)
    of_whom = f'<p class="name">{escape(name)}</p>' if name.strip() else ""
    count = _("{done} of {count} lessons done").format(done=ended, count=len(LESSONS))
    lessons = "".join(_lesson(lesson, known.lessons[lesson.name]) for lesson in begun)
    return (f'<!doctype html>\n<html lang="{i18n.current()}">\n<head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Gatescope · {escape(title)}</title><style>{STYLE.read_text(encoding='utf-8')}</style></head>\n"
            f"<body><header><h1>Gatescope · {escape(title)}</h1>{of_whom}<p>{escape(date)} · {escape(count)}</p>"
            f"</header>\n{lessons}</body>\n</html>\n")


def _lesson(lesson: Lesson, known: LessonRecord) -> str:
    """Return a lesson: what it showed, once one has been at its end, what was answered, and how often that came."""
    told, cards = lesson_words.words(lesson.name), looking_back.answered(lesson, known)
    judged, right = looking_back.predictions(cards)
    count = _("Of your {count} predictions {right} came about.").format(count=judged, right=right) if judged else ""
    return (f"<section><h2>{lesson.number} · {_text(told.title)}</h2>"
            f"<p>{_text(told.showed if known.ended else told.about)}</p>"
            + "".join(map(_card, cards)) + (f'<p class="count">{escape(count)}</p>' if count else "") + "</section>\n")


def _card(one: Answered) -> str:
    """Return the question of a card, what one said, and what came."""
    sure = f" ({escape(_(CONFIDENCE[one.record.confidence]))})" if one.record.confidence else ""
    told = [(_("You said"), one.said, sure), (_("What came"), one.came, ""), (_("Off by"), one.distance, "")]
    lines = [pair(f"<b>{escape(name)}</b>", _text(value)) + after for name, value, after in told if value]
    verdict = [f"<i>{escape(one.verdict)}</i>"] if one.verdict else []
    drawn = _picture(one.card.ask, one.record.answer, one.truth) if isinstance(one.card.ask, Curve) else ""
    question = "</p><p>".join(_text(part) for part in one.question.split("\n\n"))
    return (f'<article class="{one.record.verdict}"><p>{question}</p>{drawn}<p>'
            + "<br>".join(lines + verdict) + "</p></article>")


def _text(markdown: str) -> str:
    """Return the words of Markdown as HTML that shows just them."""
    return escape(_MARKS.sub(lambda found: found[1] or found[2] or "", markdown))


def _picture(ask: Curve, said: Sequence[float], came: Sequence[float] | None) -> str:
    """Return what was drawn (dashed) and what came (solid) as SVG, in the colour of the words around it."""
    lines = "".join(
        f'<path d="{_path(ask, values)}" fill="none" stroke="currentColor" stroke-width="2"{look}/>'
        for values, look in ((said, ' stroke-dasharray="5 4"'), (came, "")) if values is not None)
    alt = escape(_("Your curve, dashed, and what came, solid: {y} over {x}").format(x=_(ask.x), y=_(ask.y)))
    return (f'<svg class="course-curves" viewBox="-2 -2 {WIDTH + 4} {HEIGHT + 4}" role="img" aria-label="{alt}">'
            f'<path d="M0 0V{HEIGHT}H{WIDTH}" fill="none" stroke="currentColor" stroke-opacity="0.4"/>{lines}</svg>')


def _path(ask: Curve, values: Sequence[float]) -> str:
    """Return a curve as the path of an SVG; points that are not known are left out."""
    def scaled(value: float) -> float:
        return math.log(value) if ask.log else value

    low, high = scaled(ask.low), scaled(ask.high)
    places = [(number / (len(values) - 1) * WIDTH, HEIGHT * (high - scaled(min(max(value, ask.low), ask.high)))
               / (high - low)) for number, value in enumerate(values) if math.isfinite(value)]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places) if places else ""
