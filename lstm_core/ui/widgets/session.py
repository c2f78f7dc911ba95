"""Which run a session looks at, its data, and the address that leads back to it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import TypeVar

import streamlit as st

from lstm_core import data, limits
from lstm_core.data import Dataset, Missing, Series
from lstm_core.data.cache import SizedCache
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import sentences
from lstm_core.learning.batches import Batches
from lstm_core.presets import PRESETS
from lstm_core.running.run_view import RunView
from lstm_core.spec import SOURCES, DataSpec, Output, RunSpec, SeriesSpec, setting_names
from lstm_core.spec.parameters import check_reading, check_size
from lstm_core.spec.serialization import RENAMED, from_query, to_query
from lstm_core.storage.database import Unavailable
from lstm_core.storage.schema import EXAMPLE_OWNER
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.examples import BEGINNING, example
from lstm_core.ui.base.pages import PAGES, SECTION_KEYS
from lstm_core.ui.base.server import lab
from lstm_core.ui.widgets import held, keys, projector, sent_address
from lstm_core.ui.widgets import settings as widgets_settings
from lstm_core.ui.widgets.labels import column_label
from lstm_core.ui.widgets.text import localized

T = TypeVar("T")

REMEMBERED = 50             # newest runs of this browser among which one with the same settings is looked for
LONGEST_ADDRESS = 1500      # characters of a setting in the address; a longer text travels only with the run
KEPT = "kept"               # in the address: which setting is too long for it, and is kept by the browser


_FIRST_SECTIONS = {page.section_key: next(iter(page.sections)) for page in PAGES.values() if page.sections}
_SETTINGS = {"source", "hidden", "dropout", *RENAMED}.union(*(setting_names(kind) for kind in SOURCES.values()))
"""What an address may set; the settings of further layers come only along with ``layers``."""


def run(fallback: str = BEGINNING) -> RunView:
    """Return the run this session looks at: that of the address, else the last one, else the example of that name."""
    wanted = st.query_params.get("run") or st.session_state.get(keys.RUN)
    if wanted:
        try:
            view = lab().view(wanted)
            st.session_state[keys.RUN] = wanted
            return view
        except Unavailable:             # the run will be there again when the database is
            raise
        except Refusal as refusal:
            st.session_state.pop(keys.RUN, None)
            st.query_params.pop("run", None)
            st.warning(sentences(localized(refusal), _("Below is the example instead.")))
    return lab().view(example(fallback))


def look_at(run: str) -> None:
    """In a callback: look at this run from now on, whatever address the browser still has."""
    sent_address.put("run", run)
    st.session_state[keys.RUN] = run


def look_at_own(spec: RunSpec) -> None:
    """Look at this browser's newest run with these settings from now on; without one at none.

    What was looked at before may have been another task.
    """
    with suppress(Refusal):
        for facts in lab().recent(owner(), REMEMBERED):
            if facts.spec == spec and facts.status != "failed":
                st.session_state[keys.RUN] = facts.id
                return
    st.session_state.pop(keys.RUN, None)
    st.query_params.pop("run", None)


def is_example(view: RunView) -> bool:
    """Tell whether this is the example that everybody sees."""
    return view.owner == EXAMPLE_OWNER


def is_mine(view: RunView) -> bool:
    """Tell whether this browser may command the run."""
    return view.owner == owner()


def final_update(view: RunView) -> int:
    """Return the moment with the weights that a run ends with: its best where those are kept, else its last.

    Raises:
        Refusal: the run has no snapshot: they went with the file of a database.
    """
    if not len(view.snapshots):
        raise Refusal("The run {run} has no snapshot at or before update {update} yet.", run=view.id,
                      update=view.update)
    if view.status == "done" and view.outcome != "diverged" and view.spec.train.keep_best:
        if view.best is not None and view.best["update"] in view.snapshots:
            return int(view.best["update"])
        return _last_best(view.id, tuple(int(update) for update in view.snapshots))
    return int(view.snapshots[-1])


@lru_cache(maxsize=limits.CELL_VIEWS)
def _last_best(run: str, updates: tuple[int, ...]) -> int:
    """Return the newest snapshot marked as the best: without a validation part the training loss decides."""
    return next((update for update in reversed(updates) if lab().snapshot(run, update).best), updates[-1])


def valid_choice(key: str, options: Sequence[T], default: T | None = None) -> T:
    """Return what a widget's key holds; where that is none of the options, it becomes the default, else the first.

    To be called before the widget is shown, whose options may have changed since it was used.
    """
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0] if default is None else default
    chosen: T = st.session_state[key]
    return chosen


def begin_session() -> None:
    """Fill the settings once per session from the address, and from each run that is then looked at anew."""
    sent_address.settle("run", st.session_state.get(keys.RUN, ""))
    # A link may lead to one section of its page.
    st.session_state[keys.SECTION_SHOWN] = ""
    for key in SECTION_KEYS:
        sent_address.settle(key, st.session_state.get(key, ""))
        if key in st.query_params:
            st.session_state[key] = st.query_params.pop(key)
    for refusal in held.settle():
        st.warning(localized(refusal))
    first, wanted = "source" not in st.session_state, st.query_params.get("run")
    preset, settings = st.query_params.get("preset"), not _SETTINGS.isdisjoint(st.query_params)
    if first:
        widgets_settings.fill(widgets_settings.BEGIN)
    if preset is not None and preset not in PRESETS:
        st.query_params.pop("preset")
        st.warning(localized(Refusal("There is no preset {name!r}. The page Start has all of them.", name=preset)))
    if preset in PRESETS and (first or not settings):
        st.session_state[keys.PRESET] = preset
    if preset in PRESETS and not settings and not wanted:
        widgets_settings.fill(PRESETS[preset].spec)
        forget_table()
        look_at_own(PRESETS[preset].spec)
    elif first and settings:
        try:
            widgets_settings.fill(from_query(st.query_params.to_dict()))
        except Refusal as refusal:
            widgets_settings.fill(RunSpec())
            st.session_state[keys.REFUSAL] = Refusal(
                "The address has a setting that cannot be used: {why} The defaults are used instead.", why=refusal)
    elif wanted and wanted != st.session_state.get(keys.RUN):
        with suppress(Refusal):         # there is no such run, which is said where the run would be shown
            view = lab().view(wanted)
            widgets_settings.fill(view.spec.change(lr=view.lr, lr_changes=()))
            if preset in PRESETS:
                st.session_state[keys.PRESET] = preset
            else:
                st.session_state.pop(keys.PRESET, None)
            forget_table()
    widgets_settings.put_back_held()


def forget_table() -> None:
    """Drop the table this session has uploaded: the settings are no longer about it."""
    for uploaded in (keys.DRAFT, keys.TABLE_MADE):
        st.session_state.pop(uploaded, None)


def address() -> dict[str, str]:
    """Return what every address carries: the language, the look for a room, held controls, and the run looked at."""
    known = {key: st.session_state[key] for key in (keys.RUN, keys.LANG) if key in st.session_state}
    return known | projector.carried() | held.carried()


def section() -> dict[str, str]:
    """Return the part of an address that leads to the section that is shown; nothing for the first one of a page."""
    key = st.session_state[keys.SECTION_SHOWN]
    return {key: st.session_state[key]} if key and st.session_state[key] != _FIRST_SECTIONS[key] else {}


def write_address(spec: RunSpec | None = None) -> None:
    """Put the run, the language, the section and, where they are shown, the settings into the address."""
    query = to_query(spec) if spec else {}
    short = {name: value for name, value in query.items() if len(value) <= LONGEST_ADDRESS}
    if long := query.keys() - short.keys():
        # All settings come with the run; what is too long and not yet part of one is kept by the browser.
        theirs = to_query(lab().view(st.session_state[keys.RUN]).spec) if keys.RUN in st.session_state else {}
        short = {} if all(theirs.get(name) == query[name] for name in long) else short | {KEPT: min(long)}
    if (spec or keys.RUN in st.session_state) and keys.PRESET in st.session_state:
        short["preset"] = st.session_state[keys.PRESET]
    query = short | section() | address()
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


@SizedCache
def series(spec: SeriesSpec) -> Series:
    """Return the series of a spec, without torch and from the store where it came from outside."""
    return data.load(spec, _kept(spec))


def target_name(spec: DataSpec, data: Dataset) -> str:
    """Return what is predicted, in words: the series, where it has a name, and its column."""
    named = series(spec).name if isinstance(spec, SeriesSpec) and spec.named else ""
    return f"{named} {column_label(data.target, data.own)}".strip()


def _kept(spec: DataSpec) -> bytes | None:
    return lab().blob(spec.blob_digest) if spec.blob_digest else None


def check(spec: RunSpec) -> None:
    """Refuse what a worker would refuse, while the person can still change it."""
    try:
        ready = prepared(spec.data, spec.model.output)
    except Missing:
        raise Refusal("There are no data to train on yet. Download the prices or upload a table first, or choose "
                      "another sequence.") from None
    check_size(spec.model, ready.io_shape)
    check_reading(spec.model, ready.io_shape, len(ready.sample_ids["validation"]) or len(ready.sample_ids["train"]))
    Batches(spec.train, ready.sample_ids["train"], ready.steps)


@SizedCache
def prepared(spec: DataSpec, output: Output) -> Dataset:
    """Return the data as the network sees them; the server keeps what was asked for last."""
    return data.dataset(spec, output, _kept(spec))
