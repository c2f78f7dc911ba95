"""The words on the pages: language of this session, and the prose kept as one Markdown file per page and language."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from numbers import Number
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from lstm_core import i18n
from lstm_core.data import Note
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.presets.figures import filled
from lstm_core.ui.base.pages import GROUPS, PAGES
from lstm_core.ui.widgets import keys, projector, sent_address
from lstm_core.ui.widgets.labels import LABELS, OPTIONS, option_label, setting_label

_UI = Path(__file__).parents[1]
PROSE = _UI / "prose"
STYLE = _UI / "static" / "page.css"
ICON = _UI / "static" / "icon.svg"
LONGEST = 600       # letters of a value from outside that a sentence shows

_MARKUP = re.compile(r"([\\`*_{}\[\]<>~$:&|])")
_BEGIN = re.compile(r"^(\s*\d*)([-+.)#])(?=[\s#]|$)")     # of a list or a heading
_LINK = re.compile(r"(?i)(?<=:)(?=//|streamlit:)|(?<=www)(?=\.)|(?=@)")    # made a link even where it is escaped


def choose_language() -> str:
    """Settle the session's language: from the address, else as before, else from the browser."""
    sent_address.settle("lang", _of_session())
    asked = st.query_params.get("lang", "")
    if asked in i18n.LANGUAGES:
        st.session_state[keys.LANG] = asked
    elif keys.LANG not in st.session_state:
        st.session_state[keys.LANG] = i18n.preferred(st.context.locale or "")
    i18n.follow(_of_session)
    return str(st.session_state[keys.LANG])


def _of_session() -> str:
    return str(st.session_state.get(keys.LANG, i18n.SOURCE))


def prose(name: str) -> str:
    """Return a piece of prose in the session's language, as Markdown, with the figures that were measured."""
    return filled(_read(PROSE / i18n.current() / f"{name}.md"))


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def localized(sentence: Refusal | Note) -> str:
    """Return a sentence in the session's language, as Markdown, with settings called as they are on the page.

    What fills its fields comes from outside, and is shown as it is (see :func:`escape_markdown`).
    """
    values = dict(sentence.values)
    for field in ("setting", "kind"):
        if isinstance(name := values.get(field), str) and name:
            values[field] = setting_label(name) if name in LABELS else _(name)
    if isinstance(allowed := values.get("allowed"), tuple | list):
        values["allowed"] = [_called(str(name), str(sentence.values.get("kind", ""))) for name in allowed]
    return _(sentence.template).format(**{
        field: localized(value) if isinstance(value, Refusal) else value if isinstance(value,
                                                                                       Number) else _Outside(value)
        for field, value in values.items()})


def _called(name: str, kind: str) -> str:
    """Return what a setting or an option is called on the page; what is of a kind also as an address writes it."""
    if kind in ("", "setting"):
        label = setting_label(name) if name in LABELS else name
    else:
        label = option_label(name) if name in OPTIONS else name
    return i18n.aside(label, name) if kind and label.lower() != name.lower() else label


class _Outside:
    """A value from outside, however a sentence's field asks for it."""

    def __init__(self, value: object) -> None:
        self._value = i18n.listing(map(str, value)) if isinstance(value, tuple | list) else value

    def __format__(self, form: str) -> str:
        return escape_markdown(_cut(format(self._value, form)))

    def __repr__(self) -> str:
        return escape_markdown(_cut(repr(self._value)))

    def __str__(self) -> str:
        return format(self)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def escape_markdown(text: str) -> str:
    """Return somebody's own words as Markdown that shows just them: no markup, no link, no picture, one line."""
    line = _LINK.sub("\u2060", re.sub(r"[\r\n\v\f\x85\u2028\u2029]+", " ", text))
    return _BEGIN.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", line))


def moment(seconds: float) -> str:
    """Return a moment (seconds since 1970) as date and time where the browser is; else in UTC, which is then said."""
    try:
        zone = ZoneInfo(st.context.timezone or "")
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return f"{datetime.fromtimestamp(seconds, tz=UTC):%Y-%m-%d %H:%M} UTC"
    return f"{datetime.fromtimestamp(seconds, tz=zone):%Y-%m-%d %H:%M}"


def page_title(page: str) -> None:
    """Begin a page: its title, and beside it what every page has: the choice of language, and the look for a room."""
    st.html(STYLE)
    st.html(_group_names())
    st.session_state[keys.CHOSEN_LANG] = st.session_state[keys.LANG]
    with st.container(horizontal=True, key="page_title", vertical_alignment="center"):
        st.title(_(PAGES[page].heading or PAGES[page].title), anchor=False, width="content")
        with st.container(horizontal=True, key="page_switches", vertical_alignment="center", width="content"):
            projector.switch()
            st.segmented_control(i18n.in_every_language(N_("Language")), list(i18n.LANGUAGES), key=keys.CHOSEN_LANG,
                                 required=True, on_change=_choose, format_func=i18n.LANGUAGES.__getitem__,
                                 label_visibility="collapsed")


def _group_names() -> str:
    """Return the style that writes the names of the groups over the first pages of each in the navigation.

    Streamlit's own groups are menus, which hide their pages.
    """
    firsts = {page.group: page for page in reversed(PAGES.values())}
    return "<style>" + "".join(
        f':is(.rc-overflow-item, li):has(> * a[href$="/{page.url_path}"])'
        f' {{ --group: "{_(GROUPS[group])}" }}' for group, page in firsts.items()) + "</style>"


def _choose() -> None:
    sent_address.put("lang", st.session_state[keys.CHOSEN_LANG])
    st.session_state[keys.LANG] = st.session_state[keys.CHOSEN_LANG]
