"""The picture beside a card: a page of the lab, the run that the lesson speaks of, and just the controls it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import fields

import streamlit as st

from lstm_core.data import Missing
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing
from lstm_core.lessons.cards import Do, Lesson, Stage
from lstm_core.running.run_view import RunView
from lstm_core.spec import Layer, ModelSpec, RunSpec, TrainSpec
from lstm_core.storage.schema import UNFINISHED
from lstm_core.ui.base import examples
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.base.server import lab
from lstm_core.ui.learn import guide, keys, record
from lstm_core.ui.shared import keys as shared_keys
from lstm_core.ui.shared import lesson_moment, place
from lstm_core.ui.widgets import held, session, setting_boxes, settings
from lstm_core.ui.widgets import keys as session_keys
from lstm_core.ui.widgets.labels import setting_label
from lstm_core.ui.widgets.text import localized

PACE = 50.0                 # updates per second of a run that is over in
SHORT = 25.0                # seconds at that pace; others go as fast as possible

Shows = Mapping[str, Callable[[RunView], None]]
"""What draws each page of the lab, by its name."""


def prepare(lesson: Lesson, card: str) -> tuple[Stage, RunView]:
    """Set up the stage of a card, unless it is up already, and return it with the run that it shows."""
    stage = lesson.stage(card)
    up = (lesson.name, lesson.stages().index(stage), st.session_state[session_keys.OPENINGS])
    if st.session_state.get(keys.ON_STAGE) != up:
        st.session_state[keys.ON_STAGE] = up
        settings.fill(stage.spec)
        session.forget_table()
        st.session_state.pop(session_keys.PRESET, None)
        if stage.section:
            st.session_state[PAGES[stage.page].section_key] = stage.section
        for key, value in stage.sets.items():
            st.session_state[key] = value
        if stage.step is not None or stage.unit is not None:
            place.select(layer=None, unit=None if stage.unit is None else stage.unit - 1,
                         step=None if stage.step is None else stage.step - 1)
        guide.redo(lesson.name, card, _done_on(stage, lesson, card))
        held.hold_values()
    view = shown(stage)
    if view.id:
        st.session_state[session_keys.RUN] = view.id
        if stage.step is not None or stage.unit is not None:
            st.session_state[shared_keys.OPENED] = view.id      # the page chooses no place by itself
    else:
        st.session_state.pop(session_keys.RUN, None)
    return stage, view


def _done_on(stage: Stage, lesson: Lesson, card: str) -> list[Do]:
    """Return the cards before this one that have had something done on its stage."""
    before = lesson.cards[:[one.name for one in lesson.cards].index(card)]
    return [one for one in before if isinstance(one, Do) and lesson.stage(one.name) == stage
            and record.progress().card(lesson.name, one.name).done]


def shown(stage: Stage) -> RunView:
    """Return the run that a stage shows: the one looked at, if it fits, else one's own newest, else the example."""
    looked_at = st.session_state.get(session_keys.RUN)
    if looked_at:
        with suppress(Refusal):
            view = lab().view(looked_at)
            if session.is_mine(view) and stage.fits(view.spec):
                return view
    own = lesson_moment.newest_own(stage.fits)
    if own is not None:
        return own
    example = examples.matching(stage.spec)
    return RunView.untrained(stage.spec) if example is None else lab().view(example)


def show(stage: Stage, view: RunView, shows: Shows) -> None:
    """Draw the stage."""
    with st.container(key="stage"):
        if stage.page == "train" or stage.free:
            _controls(stage, view)
        try:
            if not view.id and stage.page not in ("train", "shapes"):
                st.info(_("There is no network here yet: it is trained on an earlier card."),
                        icon=":material/hourglass_empty:")
            else:
                shows[stage.page](view)
        except Missing:
            st.warning(_("The data of this lesson cannot be had right now."))
        except Refusal as refusal:
            st.warning(localized(refusal))


def _controls(stage: Stage, view: RunView) -> None:
    """Show what the learner may set, and what starts and stops the run."""
    with st.container(horizontal=True, key="lesson_controls", vertical_alignment="bottom"):
        for name in stage.free:
            if not held.is_hidden(name):
                _setting(stage, name)
        if stage.page == "train":
            _buttons(stage, view)
    held.say_locked()
    if hidden := held.hidden().intersection(stage.free):
        st.caption(_("Hidden by the link you opened: {names}.").format(names=listing(
            setting_label(name) for name in stage.free if name in hidden)))
    if (refused := st.session_state.pop(session_keys.REFUSAL, None)) is not None:
        st.error(localized(refused))
    if view.reason is not None:
        st.error(localized(view.reason))


def _buttons(stage: Stage, view: RunView) -> None:
    mine = session.is_mine(view)
    st.button(_("Train again") if mine and not view.active else _("Train"), key="lesson_train",
              type="secondary" if mine and not view.active else "primary", icon=":material/play_arrow:",
              on_click=_train, args=(stage,), disabled=held.locked() or (mine and view.active))
    if mine and view.active:
        st.button(_("Stop"), key="lesson_stop", icon=":material/stop:", on_click=_stop, args=(view.id,))


def _setting(stage: Stage, name: str) -> None:
    kind = next(kind for kind in (type(stage.spec.data), ModelSpec, TrainSpec, Layer)
                if name in {item.name for item in fields(kind)})
    of_number = isinstance(getattr(Layer() if kind is Layer else next(
        part for part in (stage.spec.data, stage.spec.model, stage.spec.train) if isinstance(part, kind)), name),
        int | float)
    with st.container(width=150 if of_number else "content"):
        if of_number:
            setting_boxes.number(name, kind=kind)
        else:
            setting_boxes.choice(name, kind=kind)


def _train(stage: Stage) -> None:
    """Start a run with the settings of the stage, and look at it; the one before is stopped."""
    before = st.session_state.get(session_keys.RUN)
    try:
        spec = settings.read() if stage.free else stage.spec
        session.check(spec)
        session.look_at(lab().start(spec, owner(), pace=_pace(spec)))
        if before:
            _stop_own(before)
    except Refusal as refusal:
        st.session_state[session_keys.REFUSAL] = refusal


def _pace(spec: RunSpec) -> float | None:
    """Return a pace that lets one watch, unless that would take long."""
    samples = len(session.prepared(spec.data, spec.model.output).sample_ids["train"])
    updates = spec.train.epochs * -(-samples // spec.train.batch)
    return PACE if updates <= PACE * SHORT else None


def _stop(run: str) -> None:
    with suppress(Refusal):
        _stop_own(run)


def _stop_own(run: str) -> None:
    view = lab().view(run)
    if session.is_mine(view) and view.status in UNFINISHED:
        lab().command(run, owner(), "stop")
