"""The way between pages and between the sections of one: links, titles, and the choice of a section."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.widgets import keys, sent_address, session


def page_link(page: str, label: str, *, icon: str | None = "", query: dict[str, str] | None = None) -> None:
    """Show a link to a page, with the page's own icon unless another one is named, or None for none.

    Its address carries language and look and what is in the query; without a query, the run this session looks at.
    """
    st.page_link(PAGES[page].file, label=label, icon=PAGES[page].icon if icon == "" else icon,
                 query_params=_carried(query))


def _carried(query: dict[str, str] | None) -> dict[str, str]:
    every = session.address()
    return every if query is None else query | {name: value for name, value in every.items() if name != "run"}


def section_address(page: str, section: str) -> dict[str, str]:
    """Return the part of an address that opens a section of a page; nothing without a section."""
    return {PAGES[page].section_key: section} if section else {}


def show_section(page: str, shows: Mapping[str, Callable[[], None]], *, about_network: bool = False) -> None:
    """Let the person choose a section of the page, and show it.

    Args:
        page: name of the page.
        shows: what draws each of the page's sections.
        about_network: the sections say more about the network above them, and begin anew with every visit of the page.
    """
    key, titles = PAGES[page].section_key, PAGES[page].sections
    chosen = session.valid_choice(key, list(titles))
    st.session_state[keys.SECTION_SHOWN] = key
    st.segmented_control(_("More about this network") if about_network else _("What is shown"), list(titles), key=key,
                         required=True, format_func=lambda name: _(titles[name]), label_visibility="collapsed",
                         on_change=_choose, args=(key,),
                         wrap=None if about_network else True, persist_state=None if about_network else "session")
    shows[chosen]()


def _choose(key: str) -> None:
    """Put the section that was chosen into the address: the one that is still there must not bring the old one back."""
    sent_address.put(key, st.session_state[key])
