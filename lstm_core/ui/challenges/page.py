"""Challenges: what is asked, which run of this browser comes nearest, and what it still lacks."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from lstm_core.challenges import CHALLENGES, Challenge, judge
from lstm_core.i18n import gettext as _
from lstm_core.i18n import sentences
from lstm_core.presets.figures import filled
from lstm_core.running.run_view import RunView
from lstm_core.storage.schema import RunFacts
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.base.server import lab
from lstm_core.ui.challenges import keys
from lstm_core.ui.challenges import text as say
from lstm_core.ui.challenges.attempts import Standing, Tried, held, measured, standings
from lstm_core.ui.shared import hand_in
from lstm_core.ui.shared.judged import told, unit
from lstm_core.ui.widgets import keys as session_keys
from lstm_core.ui.widgets import session, settings
from lstm_core.ui.widgets.card import card
from lstm_core.ui.widgets.labels import option_label
from lstm_core.ui.widgets.navigation import page_link
from lstm_core.ui.widgets.text import moment

LOOKED_AT = 50          # newest runs of this browser
INTERVAL = 1.0          # seconds between two looks at a run in training

KEPT, BROKEN, OPEN = (":green[:material/check_circle:]", ":red[:material/cancel:]",
                      ":gray[:material/radio_button_unchecked:]")


# -- the page ----------------------------------------------------------------------------------------------


def show() -> None:
    """Show the challenge of the address, or all of them as cards, with what this browser has reached."""
    opened = CHALLENGES.get(st.query_params.get("challenge", ""))
    runs = lab().recent(owner(), LOOKED_AT)
    # What is looked at is measured first.
    ordered = sorted(CHALLENGES.values(), key=lambda challenge: challenge is not opened)
    found, waiting = standings(ordered, runs)
    solved = sum(standing.solved for standing in found.values())
    st.progress(solved / len(CHALLENGES), text=_("{solved} of {count} solved").format(
        solved=solved, count=len(CHALLENGES)))
    _watch(runs)
    if opened is not None:
        _detail(opened, found[opened.name])
    else:
        _cards(found)
    if waiting:
        st.caption(_("{count} runs are still to be looked at ...").format(count=waiting))
        _write_address(opened)
        st.rerun()


def write_address() -> None:
    """Put the run, the language and the opened challenge into the address."""
    _write_address(CHALLENGES.get(st.query_params.get("challenge", "")))


def _write_address(opened: Challenge | None) -> None:
    query = session.address() | ({"challenge": opened.name} if opened is not None else {})
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


def solved_line(view: RunView) -> None:
    """Say on another page which challenge this session is at, or which ones a finished run of this browser solves."""
    solved = [tried for tried in _tries(view) if tried[1].solves]
    for challenge, tried in solved:
        _line(challenge, _("This run solves the challenge **{title}**: {value}.").format(
            title=_(challenge.title), value=say.value(challenge, tried)), icon=":material/emoji_events:")
    begun = CHALLENGES.get(st.session_state.get(keys.CHALLENGE, ""))
    if begun is not None and not solved and st.session_state.get("source") == begun.data.source:
        _line(begun, f"**{_(begun.title)}** \u00b7 {_(begun.task)}", icon=":material/flag:")


def _tries(view: RunView) -> list[tuple[Challenge, Tried]]:
    """Hold a finished run of this browser against the challenges with its source."""
    if view.status != "done" or not session.is_mine(view) or lab().trouble():     # which stands on top of the page
        return []
    return [(challenge, measured(challenge, held(challenge, facts)))
            for facts in lab().recent(owner(), LOOKED_AT) if facts.id == view.id
            for challenge in map(CHALLENGES.__getitem__, judge.meant(facts.spec))]


def _line(challenge: Challenge, text: str, icon: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"line_{challenge.name}"):
        st.markdown(f"{icon} {text}", width="content")
        page_link("challenges", _("To the challenge"), icon=":material/arrow_forward:",
                  query=session.address() | {"challenge": challenge.name})


# -- all of them -------------------------------------------------------------------------------------------


def _cards(found: dict[str, Standing]) -> None:
    ordered = sorted(CHALLENGES.values(), key=lambda challenge: challenge.difficulty)
    for difficulty, challenges in groupby(ordered, key=lambda challenge: challenge.difficulty):
        st.subheader(_difficulty(difficulty), anchor=False)
        with st.container(horizontal=True):
            for challenge in challenges:
                _card(challenge, found[challenge.name])


def _difficulty(difficulty: int) -> str:
    return {1: _("To begin with"), 2: _("With some thought"), 3: _("Hard nuts")}[difficulty]


def _card(challenge: Challenge, standing: Standing) -> None:
    with card(f"challenge_{challenge.name}"):
        st.markdown(f"**{_(challenge.title)}**")
        st.caption(_(challenge.task))
        if standing.tried:
            st.caption(_summary(challenge, standing))
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.button(_("Open"), key=f"open_{challenge.name}", icon=":material/arrow_forward:", on_click=_open,
                      args=(challenge.name,))
            _state(standing)


def _state(standing: Standing) -> None:
    if standing.solved:
        st.badge(_("Solved"), icon=":material/check:", color="green")
    elif standing.tried:
        st.badge(_("Tried"), icon=":material/hourglass_top:", color="orange")
    else:
        st.badge(_("Not tried yet"), color="gray")


def _summary(challenge: Challenge, standing: Standing) -> str:
    """Return in one line how far this browser has come."""
    best = standing.best
    if best is not None:
        text = _("Solved with **{value}**; {parameters:,} weights and biases.") if best.solves else _(
            "Your best: **{value}**, asked for is {bound}; {parameters:,} weights and biases.")
        return text.format(value=say.value(challenge, best), bound=say.bound(challenge),
                           parameters=best.parameters)
    assert standing.newest is not None
    return _("Your newest run: {why}").format(why=sentences(*_reasons(standing.newest)))


def _open(name: str) -> None:
    st.query_params["challenge"] = name


def _close() -> None:
    st.query_params.pop("challenge", None)


# -- one of them -------------------------------------------------------------------------------------------


def _detail(challenge: Challenge, standing: Standing) -> None:
    st.button(_("All challenges"), key="all_challenges", type="tertiary", icon=":material/arrow_back:",
              on_click=_close)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_(challenge.title), anchor=False, width="content")
        st.badge(_difficulty(challenge.difficulty), color="gray")
        _state(standing)
    st.markdown(_(challenge.task))
    best, newest = standing.best, standing.newest
    if best is not None and best.solves:
        st.success(_("**Solved** with {value}; {parameters:,} weights and biases. On the same part, "
                     "the best forecast without a network: {baseline}.").format(
                         value=say.value(challenge, best), parameters=best.parameters,
                         baseline=say.without_network(challenge, best)), icon=":material/emoji_events:")
        st.markdown(filled(_(challenge.learned)))
        with st.container(horizontal=True, vertical_alignment="center"):
            _link(best.facts, _("The run that solved it, of {moment}"))
            hand_in.button(best.facts.id, "hand_in")
    left, right = st.columns([3, 2], gap="large")
    with left:
        _rules(challenge, newest)
    with right:
        if not standing.solved:
            _lacking(challenge, standing)
        with st.expander(_("Hint"), icon=":material/lightbulb:"):
            st.markdown(_(challenge.hint))
        if st.button(_("Open with these settings"), key="open_start", type="primary", icon=":material/model_training:",
                     help=_("Puts the settings that this challenge begins with on the page Train. They do not solve it "
                            "yet: change what you think is needed.")):
            _begin(challenge)


def _rules(challenge: Challenge, newest: Tried | None) -> None:
    """List what is asked, each marked as the newest run fulfils it or not."""
    st.markdown("**" + _("What is asked") + "**")
    asked = [*judge.rules(challenge), judge.goal(challenge, unit(challenge))]
    checks = [] if newest is None else [*newest.held, *([newest.reached] if newest.reached is not None else [])]
    active = newest is not None and newest.facts.active
    marks = [KEPT if check.met else OPEN if active and check.asked is judge.ENDED else BROKEN for check in checks]
    marks += [OPEN] * (len(asked) - len(marks))
    st.markdown("  \n".join(f"{mark} {told(note)}" for mark, note in zip(marks, asked, strict=True)))
    if newest is not None:
        _link(newest.facts, _("Marked for your run of {moment}"))


def _lacking(challenge: Challenge, standing: Standing) -> None:
    """Say why the challenge is not solved yet."""
    best, newest = standing.best, standing.newest
    if newest is None:
        st.info(_("No run of this browser has tried it yet."), icon=":material/flag:")
        return
    if newest.facts.active:
        st.info(_("Your newest run is still being trained."), icon=":material/model_training:")
    else:
        st.warning("  \n".join(["**" + _("Why your newest run does not solve it") + "**", *_reasons(newest)]))
    if best is not None:
        st.markdown(sentences(_summary(challenge, standing), _(
            "The best forecast without a network: {baseline}.").format(baseline=say.without_network(challenge, best))))
        if best.facts.id != newest.facts.id:
            _link(best.facts, _("Your best run, of {moment}"))
        hand_in.button(best.facts.id, "hand_in")


def _reasons(tried: Tried) -> list[str]:
    """Return the sentences that say what a run lacks."""
    checks = tried.held if not tried.keeps else [tried.reached] if tried.reached is not None else []
    return [told(why) for check in checks for why in check.why] or [_("It has not been measured yet.")]


def _begin(challenge: Challenge) -> None:
    """Put the start settings on the page Train."""
    settings.fill(challenge.start)
    st.session_state[keys.CHALLENGE] = challenge.name
    st.session_state.pop(session_keys.PRESET, None)
    session.forget_table()
    session.look_at_own(challenge.start)
    st.switch_page(PAGES["train"].file, query_params=session.address())


def _link(facts: RunFacts, text: str) -> None:
    page_link("train", text.format(moment=moment(facts.created)), icon=":material/show_chart:", query={"run": facts.id})


def _watch(runs: list[RunFacts]) -> None:
    """Look after the runs that are being trained, and draw the page anew when one of them has ended."""
    sources = {challenge.data.source for challenge in CHALLENGES.values()}
    active = [facts.id for facts in runs if facts.active and facts.spec.data.source in sources]
    if active:
        st.fragment(_follow, run_every=INTERVAL, key="challenge_runs")(active)


def _follow(runs: list[str]) -> None:
    views = [lab().view(run) for run in runs]
    if any(not view.active for view in views):
        st.rerun()
    view = views[0]
    st.info(_("A run is being trained: {sequence}, epoch {epoch:.4g} of {epochs}. When it has ended it is looked at.")
            .format(sequence=option_label(view.spec.data.source), epoch=view.epoch, epochs=view.spec.train.epochs),
            icon=":material/model_training:")
