"""One card: what it says or asks, what it answers, and whether one may go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.asks import Choice, Curve, Judgement, OwnWords
from lstm_core.lessons.cards import AnyCard, Do, Lesson, Predict, See, Transfer, Why
from lstm_core.lessons.chance import judge, unusual
from lstm_core.lessons.conditions import Seen
from lstm_core.lessons.moment import Moment
from lstm_core.lessons.progress import CardRecord, may_be_shown, passed
from lstm_core.lessons.words import CardWords
from lstm_core.ui.learn import answer, guide, keys, record, verdict
from lstm_core.ui.shared import asked
from lstm_core.ui.shared.curve_box import curve_box
from lstm_core.ui.widgets.text import escape_markdown, localized

KINDS = {
    "say": (N_("Look"), ":material/visibility:"), "predict": (N_("Predict"), ":material/psychology:"),
    "do": (N_("Do it"), ":material/touch_app:"), "see": (N_("What came"), ":material/compare:"),
    "why": (N_("Why?"), ":material/help:"), "transfer": (N_("Elsewhere"), ":material/alt_route:")}
"""What each kind of card is called, and its icon."""

LOOK_EVERY = 1.0        # seconds between two looks at what a card waits for
PATIENCE = 20.0         # seconds after which a card that waits offers to do it
SHOWING = 15.0          # seconds that this may take, unless a network is trained


@dataclass(frozen=True, eq=False)
class Open:
    """The card that is open, with all that it needs."""

    lesson: Lesson
    card: AnyCard
    words: CardWords
    look: Callable[[], Moment]      # the run on the page, as it is now

    @cached_property
    def moment(self) -> Moment:
        """Return the run on the page, as it was when the card was drawn."""
        return self.look()

    @property
    def record(self) -> CardRecord:
        """Return what was done on it."""
        return record.progress().card(self.lesson.name, self.card.name)

    def known(self, card: AnyCard) -> tuple[float, ...]:
        """Return what stands before the curve that a card asks for."""
        known = card.known if isinstance(card, Predict | Transfer) else None
        return () if known is None else tuple(map(float, known(self.moment)))

    def text(self, template: str) -> str:
        """Return words with what their fields stand for, worked out from the run on the page."""
        return lesson_words.filled(template, {
            name: partial(_readable, fact) for name, fact in self.lesson.facts_of(self.moment).items()})

    @property
    def names(self) -> dict[str, str]:
        """Return what options and things are called."""
        return {key: self.text(text) for key, text in self.words.options.items()}


def _readable(fact: Callable[[], Any]) -> Any:
    """Return a fact as Markdown shows it: of what comes from data the very letters."""
    value = fact()
    return escape_markdown(value) if isinstance(value, str) else value


def show(opened: Open) -> None:
    """Show a card and, below it, what is needed to go on."""
    name, icon = KINDS[opened.card.kind]
    st.caption(f"{icon} {_(name)}")
    try:
        st.markdown(opened.text(opened.words.text))
        _body(opened)
    except Refusal as refusal:
        st.info(localized(refusal), icon=":material/hourglass_empty:")
    if (refused := st.session_state.pop(keys.REFUSED, None)) is not None:
        st.error(localized(refused))


def _body(opened: Open) -> None:
    match opened.card:
        case Predict():
            _predict(opened, opened.card)
        case Do():
            gone_on = passed(opened.card, opened.record)
            st.fragment(_wait, run_every=None if gone_on else LOOK_EVERY)(opened, gone_on)
        case See():
            _see(opened, opened.card)
        case Why() | Transfer():
            _judged(opened, opened.card)


# -- predict, and what came ---------------------------------------------------------------------------------


def _predict(opened: Open, card: Predict) -> None:
    if opened.record.answer is not None:
        st.success(_("Your answer is kept: it comes back beside what came."), icon=":material/lock:")
        _given(opened, card)
        return
    answer.show(opened.lesson.name, card.name, card.ask, opened.names, opened.record,
                opened.known(card))
    if isinstance(card.ask, Choice):
        answer.confidence()
    st.button(_("Commit"), key="commit", type="primary", icon=":material/lock:", on_click=_commit,
              args=(opened, card))


def _given(opened: Open, card: Predict | Why | Transfer) -> None:
    """Show an answer that was given."""
    said, ask = opened.record.answer, card.ask
    if isinstance(ask, Curve):
        curve_box(f"said_{card.name}", asked.frame(ask, opened.known(card)), tuple(said), truth=None, locked=True)
    elif isinstance(ask, OwnWords):
        st.markdown(f"> {escape_markdown(said)}")
    elif isinstance(said, str):
        st.markdown(f"> {opened.names[said]}")
    elif isinstance(said, tuple) and isinstance(said[0], str):
        st.markdown("> " + " → ".join(opened.names[item] for item in said))
    elif isinstance(said, int | float):
        st.markdown(f"> {asked.told(ask, said)}")      # type: ignore[arg-type]


def _commit(opened: Open, card: Predict) -> None:
    sure = int(st.session_state.get(keys.CONFIDENCE) or 0)
    try:
        checked = card.ask.checked(answer.given(opened.lesson.name, card.name, card.ask))
        if isinstance(card.ask, Choice) and not sure:
            raise Refusal("Say how sure you are, too: a wrong answer one was sure of teaches most.")
    except Refusal as refusal:
        st.session_state[keys.REFUSED] = refusal
        return
    _record(opened, answer=checked, confidence=sure, tries=1, when=time.time(), truth=None, verdict="")
    st.session_state.pop(keys.CONFIDENCE, None)


def _see(opened: Open, card: See) -> None:
    """Hold what was predicted against what came."""
    asked = opened.lesson.card(card.of)
    assert isinstance(asked, Predict)
    predicted = record.progress().card(opened.lesson.name, asked.name)
    truth = asked.truth(opened.moment)
    judged = Judgement("off") if predicted.answer is None else judge(opened.lesson, asked, predicted.answer, truth)
    if (predicted.truth, predicted.verdict) != (truth, judged.verdict):
        predicted.truth, predicted.run = truth, opened.moment.run
        predicted.verdict = judged.verdict if predicted.answer is not None else ""
        record.keep()
    of = lesson_words.words(opened.lesson.name).cards[asked.name]
    names = {key: opened.text(text) for key, text in of.options.items()}
    verdict.show(asked.name, asked.ask, names, predicted, judged, known=opened.known(asked))
    said = predicted.answer if isinstance(predicted.answer, str) else ""
    _reply(opened, said, judged)
    _otherwise(opened, asked, truth)


def _reply(opened: Open, said: str, judged: Judgement) -> None:
    """Answer what was said: to a wrong option what belongs to just that one."""
    replies = opened.words.replies
    found = replies.get(said if said and judged.verdict != "right" else judged.verdict) or replies.get(
        said) or replies.get(judged.verdict) or replies.get("off", "")
    if not found:
        return
    show_as, icon = ((st.success, ":material/check:") if judged.verdict == "right" else
                     (st.info, ":material/lightbulb:"))
    show_as(opened.text(found), icon=icon)


def _otherwise(opened: Open, asked: Predict | Transfer, truth: Any) -> None:
    """Say so where this run came out otherwise than nearly all of twenty with other seeds."""
    if asked.chance and (told := unusual(opened.lesson.name, asked.name, asked.ask, truth)) is not None:
        st.warning(localized(told), icon=":material/casino:")
        if "otherwise" in opened.words.replies:
            st.markdown(opened.text(opened.words.replies["otherwise"]))


# -- do -----------------------------------------------------------------------------------------------------


def _wait(opened: Open, gone_on: bool) -> None:
    """Look whether what the card waits for has happened, and have the page drawn anew that was drawn before that."""
    card, known = opened.card, opened.record
    assert isinstance(card, Do)
    if passed(card, known) and not gone_on:
        st.rerun()
    if known.done:
        st.success(_("Done."), icon=":material/check:")
        return
    now = opened.look()
    if card.waits(Seen(now, now.widgets, tuple(now.changes))):
        _record(opened, done=True, when=time.time())
        st.rerun()
    if known.shown:
        st.info(_("Shown to you: you may go on."), icon=":material/slideshow:")
        return
    if known.when == 0.0:
        known.when = time.time()
    if known.tries and time.time() - known.when >= SHOWING and not (now.own and not now.ended):
        _record(opened, shown=True)         # what it waits for has not come about all the same
        st.rerun()
    st.caption(_("It is being trained: go on when it has ended.") if now.own and not now.ended else
               _("Waiting for you to do it ..."))
    if card.does and (known.tries or time.time() - known.when >= PATIENCE) and st.button(
            _("Show me"), key="show_me", icon=":material/slideshow:", on_click=_do_it, args=(opened,)):
        st.rerun()          # all of the page: the guide presses, and the page has what was set


def _do_it(opened: Open) -> None:
    guide.act(opened.lesson.name, opened.card)
    _record(opened, tries=opened.record.tries + 1, when=time.time())


# -- why and transfer ---------------------------------------------------------------------------------------


def _judged(opened: Open, card: Why | Transfer) -> None:
    """Ask, answer at once, and let one try again; after two tries it may be shown."""
    known = opened.record
    if not passed(card, known):
        answer.show(opened.lesson.name, card.name, card.ask, opened.names, known, opened.known(card))
        with st.container(horizontal=True, key="answer_buttons"):
            st.button(_("Answer"), key="commit", type="primary", on_click=_answer, args=(opened, card))
            if may_be_shown(known):
                st.button(_("Show me"), key="show_me", icon=":material/slideshow:", on_click=_show_answer,
                          args=(opened, card))
        if known.answer is None:
            return
    beside = known.shown or (isinstance(card.ask, Curve) and passed(card, known))     # what came, and what was said
    if passed(card, known) and not beside:
        _given(opened, card)
    if isinstance(card.ask, OwnWords):
        st.markdown("**{title}**".format(title=_("Ours")))
        st.markdown(opened.text(opened.words.replies["ours"]))
        return
    known.truth = card.truth(opened.moment)     # of the run that is on the page now
    judged = judge(opened.lesson, card, known.answer, known.truth) if known.answer is not None else Judgement("off")
    if beside:
        verdict.show(card.name, card.ask, opened.names, known, judged, known=opened.known(card))
    said = known.answer if isinstance(known.answer, str) else ""
    if not known.shown:
        _reply(opened, said, judged)
    else:
        if said:
            _reply(opened, said, judged)
        replies = opened.words.replies
        st.info(opened.text(lesson_words.without_praise(replies.get(str(known.truth)) or replies["right"])),
                icon=":material/slideshow:")
    if isinstance(card, Transfer) and passed(card, known):
        _otherwise(opened, card, known.truth)


def _answer(opened: Open, card: Why | Transfer) -> None:
    try:
        checked = card.ask.checked(answer.given(opened.lesson.name, card.name, card.ask))
        truth = card.truth(opened.moment)
    except Refusal as refusal:
        st.session_state[keys.REFUSED] = refusal
        return
    _record(opened, answer=checked, tries=opened.record.tries + 1, truth=truth,
            verdict=judge(opened.lesson, card, checked, truth).verdict, run=opened.moment.run, when=time.time())


def _show_answer(opened: Open, card: Why | Transfer) -> None:
    _record(opened, shown=True, truth=card.truth(opened.moment))


def _record(opened: Open, **known: Any) -> None:
    for name, value in known.items():
        setattr(opened.record, name, value)
    record.keep()
