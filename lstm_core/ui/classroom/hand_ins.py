"""The teacher's table: many sheets and links at once, each run looked up here, nothing on a sheet believed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from lstm_core import limits
from lstm_core.challenges import CHALLENGES, Challenge
from lstm_core.charts.forecast import part_name
from lstm_core.charts.frame import quantity
from lstm_core.charts.predict import baseline_name
from lstm_core.classroom import handed_in
from lstm_core.classroom.hand_in import LABELS, Result
from lstm_core.classroom.handed_in import Handed
from lstm_core.classroom.rules import Rules
from lstm_core.data import Note
from lstm_core.data.tables import csv_reader
from lstm_core.errors import Refusal
from lstm_core.export import csv_file, defused
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.i18n import listing, pair, phrases, sentences
from lstm_core.ui.classroom.hand_in_rows import Row, broken, rows
from lstm_core.ui.shared.hand_in import link
from lstm_core.ui.shared.judged import told
from lstm_core.ui.shared.setting_table import in_short
from lstm_core.ui.widgets import projector
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import escape_markdown, localized, moment
from lstm_core.ui.widgets.uploads import held

ROWS = 200              # that are looked at
PASTED = 200_000        # characters
MEGABYTES = 1           # of a file, as Streamlit counts
HEIGHT = 640            # pixels of the table, at most
ROW_HEIGHT = 35         # of one of its rows

CODES = {"valid": N_("✓ valid"), "wrong": N_("✗ wrong"), "missing": N_("– missing")}
TWICE = {"run": N_("same run as row {row}"), "settings": N_("same settings and seed as row {row}"),
         "weights": N_("same weights as row {row}")}
NO_RULES, OWN_RULES = "none", "own"

_ESCAPED = re.compile(r"\\([\\`*_{}\[\]<>~$:&|.+)#-])|\u2060")      # see widgets.text.escape_markdown


def show() -> None:
    """Let the teacher paste or upload what was handed in, and show it as one table."""
    st.markdown(_("Paste the sheets or links that were handed in, as they came: whole mails, a list, a column of a "
                  "spreadsheet. Every run is looked up on this server; settings and results are its own, whatever a "
                  "sheet says."))
    try:
        text = _given()
    except Refusal as refusal:
        st.error(localized(refusal))
        return
    rules = _rules()
    if not text.strip():
        return
    found = handed_in.read(text)
    if not found.handed:
        st.warning(_("There is no sheet in this text, and no link to a run (an address of this lab with run= in it)."))
    else:
        if len(found.handed) > ROWS:
            st.warning(_("There are {count} links and sheets; the first {limit} are looked at. Paste the others after "
                         "them.").format(count=len(found.handed), limit=ROWS))
        _table(found.handed[:ROWS], rules)
    if found.others:
        st.caption(_("Left out, as they lead to no run: links to {hosts}.").format(
            hosts=listing(map(escape_markdown, found.others))))


# -- what is given -----------------------------------------------------------------------------------------


def _given() -> str:
    """Return all that was pasted and uploaded.

    Raises:
        Refusal: the file cannot be read as text.
    """
    pasted = st.text_area(_("Sheets and links"), key="handed_in", height=160, max_chars=PASTED, persist_state="session",
                          placeholder="https://…/train?run=…")
    upload = st.file_uploader(_("Or a text or CSV file with them"), key="handed_in_file", type=["txt", "csv"],
                              max_upload_size=MEGABYTES)
    return pasted if upload is None else f"{pasted}\n{csv_reader.decode(held(upload).getvalue())[0]}"


def _rules() -> Challenge | Rules | None:
    """Let the teacher choose what the runs must keep to."""
    chosen = option_box(st.selectbox, _("Rules"), [NO_RULES, OWN_RULES, *CHALLENGES], key="hand_in_rules", width=420,
                        format_func=_called)
    if chosen == NO_RULES:
        return None
    if chosen != OWN_RULES:
        st.caption(_(CHALLENGES[chosen].task))
        return CHALLENGES[chosen]
    with st.container(horizontal=True):
        hidden = _number(_("Hidden units, at most"), "rule_hidden", *limits.NUMBERS["hidden"], whole=True)
        epochs = _number(_("Epochs, at most"), "rule_epochs", *limits.NUMBERS["epochs"], whole=True)
        error = _number(_("Mean error, at most"), "rule_error", 0, 1e9)
        share = _number(_("Correct answers, at least (%)"), "rule_share", 0, 100)
    return Rules(None if hidden is None else int(hidden), None if epochs is None else int(epochs), error,
                 None if share is None else share / 100)


def _called(name: str) -> str:
    return {NO_RULES: _("No rules"), OWN_RULES: _("Rules of my own")}.get(name) or pair(
        _("Challenge"), _(CHALLENGES[name].title))


def _number(label: str, key: str, low: float, high: float, *, whole: bool = False) -> float | None:
    form: type[int] | type[float] = int if whole else float
    given: float | None = st.number_input(label, form(low), form(high), None, key=key, width=210,
                                          format=None if whole else "%g")
    return given


# -- the table ---------------------------------------------------------------------------------------------


def _table(handed: Sequence[Handed], rules: Challenge | Rules | None) -> None:
    """Look all of it up, and show the counts, the table and its file."""
    bar = st.empty()
    try:
        found = rows(handed, lambda done: bar.progress(done / len(handed), text=_(
            "Looked up: {done} of {count}").format(done=done, count=len(handed))))
    except Refusal as refusal:
        st.error(localized(refusal))
        return
    broke = [[] if row.known is None else broken(row.handed.run, row.known, rules) for row in found]
    bar.empty()
    _counts(found, broke, rules)
    columns = _columns(found, broke, rules)
    number, words = st.column_config.NumberColumn, st.column_config.TextColumn
    height = min(HEIGHT, projector.height(ROW_HEIGHT * (len(found) + 1) + 3))
    st.dataframe(columns, hide_index=True, height=height, placeholder="", column_config={
        _("Row"): number(pinned=True, width=60), _("Name"): words(pinned=True), _("Rules"): words(width=220),
        _("Duplicate"): words(width=210), _("Problem"): words(width=220), _("Result"): number(format="%.4g"),
        _("Without a network"): number(format="%.4g", help=_(
            "The best forecast without a network, on the same part of the data.")),
        _("Seed"): number(format="%d"), _("Settings"): words(width=300),
        _("Run"): st.column_config.LinkColumn(display_text=r"run=(.+)$")})
    file = csv_file({name: ["" if value is None else value for value in values] for name, values in columns.items()})
    st.download_button(_("Table as CSV"), file, "gatescope-hand-ins.csv", "text/csv", key="save_hand_ins",
                       on_click="ignore", icon=":material/download:")
    st.caption(_("A code is valid when this server has made it for this run, this result and this name. Without one "
                 "anybody may have sent the link."))


def _counts(found: Sequence[Row], broke: Sequence[Sequence[object]], rules: object) -> None:
    """Say above the table what is in it."""
    codes = [row.code for row in found]
    counts = [(_("Handed in"), len(found)), (_("Code valid"), codes.count("valid")),
              (_("Code wrong"), codes.count("wrong")), (_("Code missing"), codes.count("missing")),
              (_("Duplicates"), sum(row.twice is not None for row in found)),
              (_("No result to judge"), sum(row.known is None for row in found))]
    if rules is not None:
        kept = sum(row.known is not None and not why for row, why in zip(found, broke, strict=True))
        counts.insert(1, (_("Rules met"), kept))
    st.markdown(phrases(pair(name, f"**{count}**") for name, count in counts))


def _columns(found: Sequence[Row], broke: Sequence[Sequence[Note | Refusal]], rules: object
             ) -> Mapping[str, Sequence[Any]]:
    """Return the table by columns, in the language in use; all texts are plain, whatever is in them."""
    known, said = [row.known for row in found], LABELS["words"]
    columns: dict[str, Sequence[Any]] = {
        _("Row"): list(range(1, len(found) + 1)),
        _("Name"): [defused(row.handed.name) for row in found],     # Streamlit, too, offers the table as a file
        _("Check code"): [_(CODES[row.code]) for row in found]}
    if rules is not None:
        columns[_("Rules")] = ["" if row.known is None else sentences(*map(_plain, why)) or _("✓ met")
                               for row, why in zip(found, broke, strict=True)]
    return columns | {
        _("Duplicate"): ["" if row.twice is None else _(TWICE[row.twice[1]]).format(row=row.twice[0] + 1)
                         for row in found],
        _("Problem"): [sentences(*map(_plain, row.problems)) for row in found],
        _("Result"): [None if one is None else _scaled(one.result, one.result.value) for one in known],
        _("Without a network"): [None if one is None else _scaled(one.result, one.result.naive) for one in known],
        _("Measured"): ["" if one is None else _measure(one.result) for one in known],
        _("Forecast without a network"): ["" if one is None else baseline_name(one.result.baseline) for one in known],
        _("Seed"): [None if one is None else one.spec.train.seed for one in known],
        _("Settings"): ["" if one is None else defused(in_short(one.spec)) for one in known],
        _("Begun"): ["" if one is None else moment(one.created) for one in known],
        _(said): [defused(row.handed.words) for row in found],
        _("Run"): [None if one is None else link(row.handed.run) for row, one in zip(found, known, strict=True)]}


def _scaled(result: Result, value: float) -> float:
    return 100 * value if result.share else value


def _measure(result: Result) -> str:
    """Return what the numbers of a row are."""
    what = quantity(_("Correct answers"), "%") if result.share else quantity(_("Mean error"), result.unit)
    return phrases([what, part_name(result.split)])


def _plain(sentence: Note | Refusal) -> str:
    """Return a sentence without the marks that keep what comes from outside from being read as Markdown."""
    written = told(sentence) if isinstance(sentence, Note) else localized(sentence)
    return _ESCAPED.sub(lambda found: found[1] or "", written)
