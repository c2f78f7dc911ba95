"""The buttons that start and steer a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing, sentences
from lstm_core.learning import checkpoints
from lstm_core.running.run_view import RunView
from lstm_core.spec import Layer, RunSpec
from lstm_core.storage.schema import UNFINISHED
from lstm_core.storage.sweeps import of_sweep
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared import example_run, trained_on
from lstm_core.ui.train import keys
from lstm_core.ui.widgets import held, session, settings
from lstm_core.ui.widgets import keys as session_keys
from lstm_core.ui.widgets.labels import LABELS, setting_label
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import localized

PACES: dict[str, float | None] = {"fast": None, "50": 50.0, "20": 20.0, "5": 5.0, "1": 1.0}
DEFAULT_PACE = "50"


def buttons(view: RunView) -> None:
    """Show the controls of the run: those that apply now, and with all settings those that are switched off as well."""
    mine, every, locked = session.is_mine(view), settings.all_shown(), held.locked()
    active, paused = mine and view.active, mine and view.status == "paused"
    with st.container(horizontal=True, key="controls", vertical_alignment="center"):
        # Without a tool tip: it would lie over the title as long as the mouse rests on the button.
        st.button(_("Train"), key="train", type="primary", icon=":material/play_arrow:", on_click=_train,
                  disabled=locked)
        if paused:
            st.button(_("Resume"), key="pause", icon=":material/resume:", on_click=_command, args=("resume",),
                      disabled=locked)
        elif every or active:
            st.button(_("Pause"), key="pause", icon=":material/pause:", on_click=_command, args=("pause",),
                      disabled=locked or not active)
        if every or active or paused:
            st.button(_("One update"), key="step_once", icon=":material/skip_next:", on_click=_step, args=("step",),
                      disabled=locked, help=_("One batch, one change of the weights, then pause."))
        if every:
            st.button(_("One epoch"), key="step_epoch", icon=":material/fast_forward:", on_click=_step, args=("epoch",),
                      disabled=locked, help=_("Once through the training part, then pause."))
        if every or active or paused:
            st.button(_("Stop"), key="stop", icon=":material/stop:", on_click=_command, args=("stop",),
                      disabled=not (active or paused))
        if every:
            st.button(_("Reset"), key="reset", icon=":material/replay:", on_click=_command, args=("reset",),
                      disabled=locked or not mine or (view.update == 0 and not view.active),
                      help=_("Back to the untrained network of this run."))
        if mine and view.status == "done" and view.outcome != "diverged":
            st.button(_("Continue training"), key="train_on", icon=":material/resume:", on_click=_train_on,
                      args=(view.id,), disabled=locked,
                      help=_("Begin a new run of the same network with the weights this one has ended with, and with "
                             "the training settings on the left."))
        _recall_pace(view, mine)
        if (every or active) and not held.is_hidden(held.PACE):
            option_box(st.selectbox, _("Pace"), list(PACES), key=keys.PACE, width=150, persist_state="session",
                       label_visibility="collapsed", format_func=pace_label, **held.box(
                           held.PACE, _("How fast the network is trained: slow enough to watch, or as fast as "
                                        "possible."), change=_pace))


def pace_label(pace: str) -> str:
    """Return what a pace is called in the language now in use."""
    return _("full speed") if pace == "fast" else _("{n} updates/s").format(n=pace)


def _recall_pace(view: RunView, mine: bool) -> None:
    """Show the pace of a run of one's own that another tab, or an earlier visit, has set."""
    st.session_state.setdefault(keys.PACE, DEFAULT_PACE)
    if mine and st.session_state.get(keys.PACED) != view.id:
        st.session_state[keys.PACED] = view.id
        st.session_state[keys.PACE] = next((name for name, pace in PACES.items() if pace == view.pace), DEFAULT_PACE)
        held.hold_values()


def notices(view: RunView) -> None:
    """Say what the person should know: what was refused, whose run this is, what is wrong with the settings."""
    refused = (st.session_state.pop(session_keys.REFUSAL, None), view.reason)
    refusals = tuple(dict.fromkeys(localized(refusal) for refusal in refused if refusal is not None))
    st.session_state[session_keys.REFUSED] = bool(refusals)
    for sentence in refusals:
        st.error(sentence)
    if view.held:
        st.info(_("The run goes on by itself as soon as it can be saved again."), icon=":material/hourglass_top:")
    if continued := trained_on.several(view):
        st.info(continued, icon=":material/memory:")
    if st.session_state.get("checkpoint"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(_("A new run begins with the weights that an earlier one has ended with."),
                    icon=":material/resume:")
            st.button(_("Draw new weights instead"), key="new_weights", on_click=_draw_new_weights,
                      disabled=held.locked())
    if not view.id:
        st.info(_("**Not trained yet.** Press **Train**, and watch it being learned here."),
                icon=":material/hourglass_empty:")
    elif session.is_example(view):
        st.info(sentences(example_run.sentence(view.spec), _("Press **Train** for a run of your own.")),
                icon=":material/school:")
        with st.container(key="phone_hint"):        # which static/page.css shows where the sidebar is closed at first
            st.caption(_("The settings are behind »."))
    elif not session.is_mine(view):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(_("You are watching a run of a sweep.") if of_sweep(view.owner) else
                    _("You are watching a run of another browser."), icon=":material/visibility:")
            st.button(_("Make it mine"), key="copy", on_click=_copy, args=(view.id,), disabled=held.locked(),
                      help=_("A copy of your own, with its weights and history, that you can train on."))
    st.fragment(_settings, key="settings")(view.id, refusals)


def _settings(run: str, known: tuple[str, ...]) -> None:
    """Say what is wrong with the settings, unless that is already known, or that they need a new run."""
    try:
        spec = settings.read()
    except Refusal as problem:
        if localized(problem) not in known:
            st.error(localized(problem))
        return
    if run and not session.is_example(view := lab().view(run)):
        changed_settings(view, spec)


def changed_settings(view: RunView, spec: RunSpec) -> None:
    """Say which settings differ from those of the run that is shown, and that they need a new run."""
    theirs, ours = asdict(view.spec), asdict(spec)
    if view.spec.data.source != spec.data.source:
        names = [setting_label("source")]
    else:
        names = [setting_label(name) for split in theirs for name in theirs[split]
                 if theirs[split][name] != ours[split][name] and name in LABELS and name != "lr"]
        if view.status not in UNFINISHED and view.lr != spec.train.lr:
            names.append(setting_label("lr"))
        names += _changed_layers(view.spec.model.layers, spec.model.layers)
        if not names and theirs["data"] != ours["data"]:        # another table with the same columns
            names.append(setting_label("source"))
    if names:
        st.info(_("Changed since this run began: {names}. They need a new run: press **Train**.").format(
            names=listing(names)), icon=":material/restart_alt:")


def _changed_layers(theirs: Sequence[Layer], ours: Sequence[Layer]) -> list[str]:
    """Return the names of the settings of layers that differ, each once."""
    if len(theirs) != len(ours):
        return [_("Layers")]
    pairs = list(zip(theirs, ours, strict=True))
    return [setting_label(name) for name in ("hidden", "dropout")
            if any(getattr(one, name) != getattr(other, name) for one, other in pairs)]


def _train() -> None:
    _guarded(lambda: _start("resume"))


def _start(command: str) -> None:
    """Start a run with the settings as they are, to its end or one step; the run before it is stopped."""
    spec = settings.read()
    session.check(spec)         # refuses here, before anything is lost
    before = st.session_state.get(session_keys.RUN)
    pace = PACES[st.session_state.get(keys.PACE, DEFAULT_PACE)]
    session.look_at(lab().start(spec, owner(), pace=pace, command=command))
    if before:
        _stop_quietly(before)


def _train_on(run: str) -> None:
    _guarded(lambda: _continue(run))


def _continue(run: str) -> None:
    """Start a run with the weights of a finished one as its checkpoint; its data and its network stay the same."""
    view = lab().view(run)
    kept = lab().snapshot(run, session.final_update(view))
    checkpoint = lab().keep_blob(checkpoints.write(kept.weights), "checkpoint")
    spec = replace(view.spec, train=replace(settings.read().train, checkpoint=checkpoint, lr_changes=()))
    session.look_at(lab().start(spec, owner(), pace=PACES[st.session_state.get(keys.PACE, DEFAULT_PACE)]))
    st.session_state["checkpoint"] = checkpoint


def _stop_quietly(run: str) -> None:
    view = lab().view(run)
    if session.is_mine(view) and view.status in UNFINISHED:
        lab().command(run, owner(), "stop")


def _step(command: str) -> None:
    _guarded(lambda: _do_step(command))


def _do_step(command: str) -> None:
    view = lab().view(st.session_state[session_keys.RUN]) if session_keys.RUN in st.session_state else None
    if view is not None and session.is_mine(view) and view.status in UNFINISHED:
        lab().command(view.id, owner(), command)
    else:
        _start(command)


def _command(command: str) -> None:
    _guarded(lambda: _do(command, st.session_state[session_keys.RUN]))


def _do(command: str, run: str) -> None:
    lab().command(run, owner(), command)
    if command == "reset":
        st.session_state["lr"] = lab().view(run).lr     # changes of the learning rate are taken back, too


def _copy(run: str) -> None:
    _guarded(lambda: session.look_at(lab().copy(run, owner())))


def _draw_new_weights() -> None:
    st.session_state["checkpoint"] = ""


def _pace() -> None:
    run = st.session_state.get(session_keys.RUN)
    if run and session.is_mine(lab().view(run)):
        _guarded(lambda: lab().set_pace(run, owner(), PACES[st.session_state[keys.PACE]]))


def _guarded(act: Callable[[], object]) -> None:
    """Do what a button asks for; a refusal is told on the page, and nothing the person had is lost."""
    try:
        act()
    except Refusal as refusal:
        st.session_state[session_keys.REFUSAL] = refusal


def follow_rate(view: RunView) -> None:
    """Hand a learning rate that the person has just changed to the run that is being trained; it acts at once."""
    rate = st.session_state.pop(session_keys.NEW_RATE, None)
    if rate and session.is_mine(view) and view.status in UNFINISHED:
        _guarded(lambda: lab().set_rate(view.id, owner(), rate))
