"""What came, over what was predicted: in a picture, in words, and with the distance as a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing, pair
from lstm_core.lessons.asks import Ask, Choice, Curve, Judgement, Number, Order
from lstm_core.lessons.progress import CardRecord
from lstm_core.ui.learn.answer import CONFIDENCE
from lstm_core.ui.shared.asked import frame, told
from lstm_core.ui.shared.curve_box import curve_box


def show(name: str, ask: Ask, names: dict[str, str], record: CardRecord, judged: Judgement, *,
         known: Sequence[float] = ()) -> None:
    """Show the answer of a record beside its truth.

    Args:
        name: of the card, for the key of a picture.
        ask: what was asked.
        names: what options and things are called, Markdown.
        record: answer, confidence and truth.
        judged: how far they are from each other.
        known: what stands before a curve.
    """
    if record.answer is None:
        st.caption(_("You have not answered this."))
    match ask:
        case Choice():
            _line(_("You said"), names[record.answer] if record.answer else "–", record.confidence)
            _line(_("What came"), names[record.truth])
        case Number():
            _scale(ask, record.answer, record.truth)
            if record.answer is not None:
                _line(_("You said"), told(ask, record.answer))
            _line(_("What came"), told(ask, record.truth))
            if record.answer is not None:
                _line(_("Off by"), _factor(judged.distance) if ask.log else told(ask, judged.distance))
        case Order():
            if record.answer:
                _line(_("You said"), listing(names[item] for item in record.answer))
            _line(_("What came"), listing(names[item] for item in record.truth))
        case Curve():
            curve_box(f"came_{name}", frame(ask, known), tuple(record.answer or (None,) * ask.points),
                      truth=tuple(record.truth), locked=True)
            if record.answer is not None:
                _line(_("Off by"), _("{share:.0%} of the height of the box, on average").format(
                    share=judged.distance))


def _line(name: str, value: str, confidence: int = 0) -> None:
    sure = f" · {_(CONFIDENCE[confidence])}" if confidence else ""
    st.markdown(pair(f"**{name}**", value) + sure)


def _factor(distance: float) -> str:
    factor = f"{distance:.3g}" if distance < 1000 else f"{float(f'{distance:.2g}'):,.0f}"
    return _("a factor of {factor}").format(factor=factor)


def _scale(ask: Number, answer: float | None, truth: Any) -> None:
    """Draw the scale with both marks: dashed what was predicted, solid what came."""
    places = {kind: ask.place(value) for kind, value in (("said", answer), ("came", truth)) if value is not None}
    marks = "".join(f'<i class="lesson-{kind}" style="left:{place:.1%}"></i>' for kind, place in places.items())
    alt = _("A scale from {low} to {high} with your answer and what came.").format(
        low=told(ask, ask.low), high=told(ask, ask.high))
    st.html(f'<div class="lesson-scale" role="img" aria-label="{alt}">{marks}</div>'
            f'<div class="lesson-ends"><span>{told(ask, ask.low)}</span><span>{told(ask, ask.high)}</span></div>')
