"""Compare: which runs stand side by side, by choice, by link or by the address."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from string import ascii_uppercase

import streamlit as st

from lstm_core import limits
from lstm_core.charts.palette import NETWORKS
from lstm_core.data import Dataset
from lstm_core.errors import Refusal
from lstm_core.evaluation.comparison import linked, truth
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing
from lstm_core.running.run_view import RunView
from lstm_core.spec import RunSpec
from lstm_core.spec.serialization import is_id
from lstm_core.storage.schema import RunFacts
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.examples import EXAMPLES, example
from lstm_core.ui.base.server import lab
from lstm_core.ui.compare import keys
from lstm_core.ui.compare.sweep import page as sweep_page
from lstm_core.ui.shared import unreadable
from lstm_core.ui.widgets import keys as session_keys
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import option_label
from lstm_core.ui.widgets.navigation import page_link
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import localized, moment

LONGEST_LINK = 2000     # characters
OFFERED = 50            # newest runs of this browser to choose from
BEGUN_WITH = ("waves", "waves_rnn")         # with nothing of one's own
EXAMPLES_OFFERED = (*BEGUN_WITH, "letters")


@dataclass(frozen=True, eq=False)
class Compared:
    """One of the runs side by side."""

    place: int                      # 0, 1 ...
    view: RunView
    data: Dataset

    @property
    def name(self) -> str:
        """Return its letter: A, B, C ..."""
        return ascii_uppercase[self.place]

    @property
    def rests(self) -> bool:
        """Tell whether it is not being trained just now."""
        return not self.view.active

    @property
    def learned(self) -> bool:
        """Tell whether there is a network to measure: it rests, and not before its first update."""
        return self.rests and bool(self.view.update) and bool(len(self.view.snapshots))


def read_address() -> None:
    """Take the runs from an address that was not written by this session; what is wrong with it is said later."""
    asked = st.query_params.get("runs")
    if asked is None or asked == st.session_state.get(keys.COMPARED_ADDRESS):
        return
    st.session_state[keys.COMPARED_UNTOUCHED] = False
    st.session_state[keys.COMPARED_ADDRESS] = asked
    given = list(dict.fromkeys(name for name in asked.split(",") if name))
    runs = given[:limits.COMPARED_RUNS]
    st.session_state[keys.COMPARED_RUNS] = [name for name in runs if is_id(name)]
    problems = [Refusal("There is no run {run!r} (any more).", run=name[:40]) for name in runs if not is_id(name)]
    st.session_state[keys.PROBLEMS] = problems + ([_too_many(len(given))] if len(given) > len(runs) else [])


def choose() -> list[Compared]:
    """Let the person choose the runs; return those that can be shown, in the order they were chosen."""
    mine = lab().recent(owner(), OFFERED)
    problems: list[Refusal] = st.session_state.pop(keys.PROBLEMS, [])
    if keys.COMPARED_RUNS not in st.session_state:
        st.session_state[keys.COMPARED_RUNS] = _suggested(mine)
        st.session_state[keys.COMPARED_UNTOUCHED] = True
    elif st.session_state.get(keys.COMPARED_UNTOUCHED):        # a run that has come since then is looked at first
        st.session_state[keys.COMPARED_RUNS] = _suggested(mine)
    views: dict[str, RunView] = {}
    for run in st.session_state[keys.COMPARED_RUNS]:
        try:
            views[run] = lab().view(run)
        except Refusal as refusal:
            problems.append(refusal)
    st.session_state[keys.COMPARED_RUNS] = st.session_state[keys.COMPARED] = list(views)
    labels = _labels(mine, views)
    option_box(st.multiselect, _("Runs side by side"), list(labels), key=keys.COMPARED, format_func=labels.__getitem__,
               on_change=_chosen, placeholder=_("Choose runs of this browser"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_("Add a run by its link or id"), key=keys.LINK, on_change=_add_link, width=420,
                      max_chars=LONGEST_LINK, placeholder="…/train?run=…",
                      help=_("The address of any page of this lab on which the run is shown. A link lets you look at "
                             "somebody's run, not change it."))
    unreadable.caption()
    for problem in problems:
        st.warning(localized(problem))
    return _ready(views)


def write_address() -> None:
    """Put the runs into the address, which then shows the same to others."""
    runs = ",".join(st.session_state.get(keys.COMPARED_RUNS, []))
    query = session.section() | session.address() | ({"runs": runs} if runs else {}) | sweep_page.address()
    st.session_state[keys.COMPARED_ADDRESS] = query.get("runs")
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


def introduce(runs: list[Compared]) -> None:
    """Say which letter stands for which run, and with fewer than two how to get more."""
    for run in runs:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":color[■]{{foreground=\"{NETWORKS[run.place]}\"}} **{run.name}**", width="content")
            page_link("train", f"{title(run.view.spec)} · {state(run.view)}", icon=None, query={"run": run.view.id})
    if len(runs) > 1:
        return
    st.info(_("Two runs at least make a comparison. Train a network, change one setting and train it again: both stand "
              "in the list above. Or take a finished example beside it."), icon=":material/compare_arrows:")
    with st.container(horizontal=True, vertical_alignment="center"):
        for name in EXAMPLES_OFFERED:
            if example(name) not in st.session_state[keys.COMPARED_RUNS]:
                st.button(_("Add the example: {run}").format(run=title(EXAMPLES[name])), key=f"compare_{name}",
                          icon=":material/add:", on_click=_add, args=(example(name),))
        page_link("train", _("Train a network"))


def title(spec: RunSpec) -> str:
    """Return what a run is, in a few words."""
    return _("{data}: {cell} {layers}, {epochs} epochs").format(
        data=option_label(spec.data.source), cell=_(spec.model.cell_type.name),
        layers="/".join(str(layer.hidden) for layer in spec.model.layers), epochs=spec.train.epochs)


def state(view: RunView) -> str:
    """Return in a word or two where a run stands."""
    if view.status == "done":
        return {"early": _("Stopped early"), "diverged": _("Diverged")}.get(view.outcome, _("Done"))
    return {"queued": _("Waiting for its turn"), "training": _("In training"), "paused": _("Paused"),
            "stopped": _("Stopped"), "failed": _("Failed")}[view.status]


def listed(runs: list[Compared]) -> str:
    """Return the letters of runs: A, B, C."""
    return listing(run.name for run in runs)


# -- choosing ----------------------------------------------------------------------------------------------


def _suggested(mine: list[RunFacts]) -> list[str]:
    """Return two runs to begin with: the one last looked at or trained, and one that predicts the same."""
    begun = {facts.id: facts.spec for facts in mine if facts.update}
    last = st.session_state.get(session_keys.RUN)
    if last is not None and last not in begun:
        try:
            begun = {last: lab().view(last).spec} | begun
        except Refusal:
            last = None
    if not begun:
        return [example(name) for name in BEGUN_WITH]
    first = last or next(iter(begun))
    others = begun | {example(name): EXAMPLES[name] for name in EXAMPLES_OFFERED}
    return [first, next((run for run, spec in others.items() if run != first and truth(spec) == truth(begun[first])),
                        example(BEGUN_WITH[0]))]


def _labels(mine: list[RunFacts], views: dict[str, RunView]) -> dict[str, str]:
    """Return what each run to choose from is called; no two are called the same, and no name changes by itself."""
    labels = {facts.id: f"{title(facts.spec)} · {moment(facts.created)}" for facts in mine}
    for name in EXAMPLES_OFFERED:
        labels.setdefault(example(name), f"{title(EXAMPLES[name])} · " + _("finished example"))
    for run, view in views.items():
        labels.setdefault(run, f"{title(view.spec)} · " + _("by link"))
    often = Counter(labels.values())
    return {run: words if often[words] == 1 else f"{words} · {run[:4]}" for run, words in labels.items()}


def _chosen() -> None:
    """Take over what was chosen in the list, as far as it goes."""
    chosen = list(st.session_state[keys.COMPARED])
    st.session_state[keys.COMPARED_UNTOUCHED] = False
    if len(chosen) > limits.COMPARED_RUNS:
        st.session_state[keys.PROBLEMS] = [_too_many(len(chosen))]
    st.session_state[keys.COMPARED_RUNS] = chosen[:limits.COMPARED_RUNS]


def _add_link() -> None:
    """Add the runs of a link; what cannot be used stays where it was typed."""
    text = st.session_state[keys.LINK]
    if not text.strip():
        return
    try:
        runs = linked(text)
        for run in runs:
            lab().view(run)
        _add(*runs)
    except Refusal as refusal:
        st.session_state[keys.PROBLEMS] = [refusal]
        return
    st.session_state[keys.LINK] = ""


def _add(*runs: str) -> None:
    chosen = list(dict.fromkeys([*st.session_state[keys.COMPARED_RUNS], *runs]))
    if len(chosen) > limits.COMPARED_RUNS:
        raise _too_many(len(chosen))
    st.session_state[keys.COMPARED_RUNS] = chosen
    st.session_state[keys.COMPARED_UNTOUCHED] = False


def _too_many(count: int) -> Refusal:
    return Refusal("At most {limit} runs can be compared at one time; received {count}. Take one away first.",
                   limit=limits.COMPARED_RUNS, count=count)


def _ready(views: dict[str, RunView]) -> list[Compared]:
    """Return the runs whose data are at hand; of the others it is said what is missing."""
    found: list[Compared] = []
    for view in views.values():
        try:
            data = session.prepared(view.spec.data, view.spec.model.output)
        except Refusal as refusal:
            st.warning(_("{run} is left out: {why}").format(run=title(view.spec), why=localized(refusal)))
            continue
        found.append(Compared(len(found), view, data))
    return found
