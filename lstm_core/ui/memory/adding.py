"""Memory: the adding problem of 1997, the paper's table beside runs of our own, and how the forget gate begins."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from lstm_core.cells import sigmoid
from lstm_core.charts.tasks.sequences import shares_beside
from lstm_core.data.tasks.scoring import CLOSE
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing, powers
from lstm_core.presets.figures import filled
from lstm_core.presets.memory import MEMORY, PAPER
from lstm_core.running.run_view import RunView
from lstm_core.spec import Adding, RunSpec
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import lab
from lstm_core.ui.memory import keys
from lstm_core.ui.memory.measure import plainly
from lstm_core.ui.shared import side_by_side
from lstm_core.ui.shared.scores import score
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.live_figure import live_figure
from lstm_core.ui.widgets.text import localized

ENOUGH = 0.995          # share of the validation sequences that must be right
INTERVAL = 0.5          # seconds between two pictures


def show() -> None:
    """Show the paper's table beside ours, run live, and the same task with three beginnings of the forget gate."""
    st.markdown(_("Two numbers of a long sequence are marked; their sum is asked for at its end. The answer is right "
                  "when it is less than {close:g} off. It is one of the experiments with which LSTM was introduced in "
                  "1997.").format(close=CLOSE))
    st.markdown("**" + _("The table of 1997 beside yours") + "**")
    _table()
    st.markdown("**" + _("How the forget gate begins decides") + "**")
    _bias()


# -- the table ---------------------------------------------------------------------------------------------


def _table() -> None:
    found = side_by_side.newest({name: MEMORY[name].spec for name in PAPER})
    running = {name for name, view in found.items() if view.active}
    st.fragment(_rows, run_every=INTERVAL if running else None, key="adding_table")(
        {name: view.id for name, view in found.items()}, running=bool(running))
    with st.container(horizontal=True):
        for name in PAPER:
            label = _("Train T = {distance:,} again") if name in found else _("Train T = {distance:,}")
            st.button(label.format(distance=_distance(name)), key=f"adding_train_{name}", icon=":material/play_arrow:",
                      on_click=_train, args=(name,), disabled=name in running)
    refusal = st.session_state.pop(keys.ADDING_REFUSAL, None)
    if refusal is not None:
        st.error(localized(refusal))
    st.caption(filled(_("T is the length of the shortest sequence, the lag the least distance from the second mark to "
                        "the end. In 1997 training went on until the 2,000 most recent training sequences were all "
                        "right and their average error was below 0.01; the figures of the paper are means of 10 "
                        "trials. By the same rule the network of these presets needs what stands beside them, measured "
                        "with {adding_1997.seeds} seeds each.")))
    st.caption(filled(_("A run here stops earlier: at the end of the first epoch with {enough:.1%} of the validation "
                        "sequences right. Measured: {adding.sequences_needed.range}, "
                        "{adding_500.sequences_needed.range} and {adding_1000.sequences_needed.range} sequences. Then "
                        "{count:,} new test sequences judge. While a run trains, the share right is that of the "
                        "validation sequences, and its progress that of as many epochs as it may take. The LSTM of "
                        "1997 had no forget gate, and learned without Adam.")).format(
        enough=ENOUGH, count=len(session.prepared(MEMORY["adding"].spec.data, "last").sample_ids["test"])))


def _train(name: str) -> None:
    try:
        lab().start(MEMORY[name].spec, owner())
    except Refusal as refusal:
        st.session_state[keys.ADDING_REFUSAL] = refusal


def _rows(ids: Mapping[str, str], *, running: bool) -> None:
    """Draw the table; when the last run has come to rest, the whole page is drawn anew."""
    heads = ["T", _("Least lag"), _("Sequences in 1997"), _("Here, by the rule of 1997"), _("Your sequences"),
             _("New ones right"), _("Computing time, s"), _("Your run")]
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    views = {name: lab().view(run) for name, run in ids.items()}
    for name, sequences in PAPER.items():
        distance = _distance(name)
        lines.append("| " + " | ".join([f"{distance:,}", f"{distance // 2:,}", f"{sequences:,}",
                                        filled(f"{{{name}_1997.sequences_needed.spread}}"),
                                        *_ours(views.get(name))]) + " |")
    st.markdown("\n".join(lines))
    if running and not any(view.active for view in views.values()):
        st.rerun()


def _ours(view: RunView | None) -> list[str]:
    """Return sequences read, share of the new ones right, seconds and state of a run, as far as they are known."""
    if view is None:
        return ["–", "–", "–", _("not run yet")]
    needed = sequences_needed(view)
    read = "–" if needed is None else f"{needed:,}"
    seconds = f"{view.seconds:.1f}"
    if view.status == "done" and view.outcome != "diverged":
        share = score(view.id, session.final_update(view), view.spec, "test").value
        return [read if needed is not None else _("never"), f"{share:.2%}", seconds, _("done")]
    last = float(view.evaluations["score"][-1]) if len(view.evaluations) else np.nan
    states = {
        "queued": _("waiting for its turn"), "training": _("training"), "paused": _("paused"), "stopped": _("stopped"),
        "failed": _("failed"), "done": _("diverged")}
    right = _("{share:.0%} so far").format(share=last) if np.isfinite(last) else "–"
    words = _("{state}, {share:.0%}").format(state=states[view.status], share=view.epoch / view.spec.train.epochs)
    return [read, *(cell.replace(" ", "\u00a0") for cell in (right, seconds, words))]     # narrow cells stay one line


def sequences_needed(view: RunView) -> int | None:
    """Return how many training sequences, each a new one, were read until enough were right; None: not yet."""
    assert isinstance(view.spec.data, Adding)
    at_epoch_ends = view.evaluations[(view.evaluations["epoch"] >= 1) & (view.evaluations["epoch"] % 1 == 0)]
    enough = at_epoch_ends["epoch"][at_epoch_ends["score"] >= ENOUGH]
    return int(enough[0]) * view.spec.data.sequences if len(enough) else None


# -- how the forget gate begins ----------------------------------------------------------------------------


def beginnings() -> dict[str, tuple[RunSpec, np.ndarray]]:
    """Return for each beginning the run, and the forget gate's biases to begin with, of its middle and longest unit.

    Chrono initialisation draws b = ln u, u uniform from 1 to T - 1 (Tallec & Ollivier 2018, equation 16).
    """
    spec = MEMORY["adding"].spec
    most = spec.model.chrono
    return {
        _("Forget bias 0"): (spec.change(chrono=0, forget_bias=0.0), np.zeros(2)),
        _("Forget bias 1"): (spec.change(chrono=0, forget_bias=1.0), np.ones(2)),
        _("Chrono initialisation"): (spec, np.log([most / 2, most - 1])),
    }


def _bias() -> None:
    starts, steps = beginnings(), _distance("adding")
    st.markdown(_("The same network, the same sequences, the same seed. Only the biases of the gates at the beginning "
                  "differ, and with them how much of a cell state is left after T = {steps} steps.").format(
        steps=steps))
    found = side_by_side.show("adding_bias", {name: spec for name, (spec, _biases) in starts.items()},
                              unit=_("mean squared error"))
    running = any(view.active for view in found.values())
    st.fragment(_reached, run_every=INTERVAL if running else None, key="adding_bias_reached")(
        {name: view.id for name, view in found.items()})
    one, longest = (float(sigmoid(starts[name][1])[-1]) for name in (_("Forget bias 1"), _("Chrono initialisation")))
    st.markdown(_("A gate of {gate:.2f} leaves {left} of a cell state after {steps} steps, and as little of the "
                  "error on its way back: next to nothing says that the marks matter. So the network says the mean for "
                  "a long time. Chrono initialisation begins with gates that keep a state for up to T steps: after "
                  "{steps} steps {kept:.0%} is left of the longest, and the first marks are already felt.").format(
        gate=one, left=plainly(one**steps), steps=steps, kept=longest**steps))


def _reached(ids: Mapping[str, str]) -> None:
    """Draw the share right over the sequences that each network has read, and the table of the three beginnings."""
    spec = MEMORY["adding"].spec
    assert isinstance(spec.data, Adding)
    naive = session.prepared(spec.data, "last").naive_error("validation")
    views = {name: lab().view(run) for name, run in ids.items()}
    curves = {name: (view.evaluations["epoch"] * spec.data.sequences, view.evaluations["score"])
              for name, view in views.items()}
    if curves:
        told_of = listing(f"{name} {shares[-1]:.1%}" for name, (_read, shares) in curves.items() if len(shares))
        live_figure(shares_beside(curves, naive=naive, most=spec.train.epochs * spec.data.sequences),
                    key="adding_bias_shares", height=320,
                    alt=_("Share of the validation sequences right: {shares}; naive {naive:.1%}.").format(
                        shares=told_of or "–", naive=naive))
    steps = spec.data.distance
    heads = [_("Beginning"), _("Forget gate at first"), _("Left after {steps} steps").format(steps=steps),
             _("Training sequences read"), _("Correct answers")]
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    for name, (_spec, biases) in beginnings().items():
        gates = np.unique(sigmoid(biases))
        read, shares = curves.get(name, (np.empty(0), np.empty(0)))
        lines.append("| " + " | ".join([
            name, " · ".join(f"{gate:.3f}" for gate in gates),
            " · ".join(powers(f"{gate**steps:.2g}") for gate in gates), f"{read[-1]:,.0f}" if len(read) else "–",
            f"{shares[-1]:.1%}" if len(shares) else "–"]) + " |")
    st.markdown("\n".join(lines))
    st.caption(_("Of the chrono initialisation: its middle unit, and the one with the longest memory. Right on the "
                 "validation part; naive, always the mean: {naive:.1%}.").format(naive=naive))


def _distance(name: str) -> int:
    """Return the distance T of a preset."""
    spec = MEMORY[name].spec.data
    assert isinstance(spec, Adding)
    return spec.distance
