"""What a browser knows of a page: the part of Streamlit's frontend that decides what is sent back to the server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX

Value = bool | float | int | str | list[float] | list[str]

WINDOW = re.compile(rb"the window begins at time step (\d+)")


@dataclass
class Page:
    """A tab that shows one page of the app. No network in here.

    Args:
        url: the address of the page, without its query.
        name: the page's name in its address, as in ``/train``.
        query: the query of the address; the app changes it.
    """

    url: str
    name: str
    query: str = ""
    widgets: dict[str, tuple[str, Value]] = field(default_factory=dict)     # id -> (kind of value, value)
    ids: dict[str, str] = field(default_factory=dict)                       # key of a widget -> id
    fragments: dict[str, float] = field(default_factory=dict)               # id -> seconds between two reruns
    progress: str = ""                                                      # the line above the charts
    followed: str = ""                                                      # the run that the numbers are of
    structure: str = ""                                                     # of the page, as far as the run decides it
    updates: int = 0                                                        # of the run that is followed
    loss: str = ""                                                          # its last one, as it stands there
    pictures: int = 0                                                       # of it, over its stream
    window: int | None = None                                               # time step at which the window begins
    errors: list[str] = field(default_factory=list)                         # what an uneasy person would report
    runs: int = 0                                                           # reruns of the whole page that have ended
    reruns: int = 0                                                         # those, and reruns of fragments
    received: int = 0                                                       # bytes
    page_hash: str = ""
    _fragment: dict[str, str] = field(default_factory=dict)                 # key of a widget -> id of its fragment
    _alive: set[str] = field(default_factory=set)                           # widgets of the rerun that is going on
    _partial: bool = False                                                  # it is one of a fragment
    _cache: dict[str, tuple[int, bool]] = field(default_factory=dict)       # hash -> (rerun it came with, partial?)
    _oldest: int = 2                                                        # reruns for which a message is kept
    _status: str = ""                                                       # id of what shows how the run is going
    _asked: str = ""                                                        # structure for which it is drawn anew

    # -- what the person does --------------------------------------------------------------------------

    def rerun(self, touched: str = "", pressed: bool = False, tick: str = "") -> bytes:
        """Return the message that asks for a rerun, with all the widgets' values.

        Args:
            touched: the key of the widget that has been touched; only the fragment it stands in is rerun, if any.
            pressed: it is a button.
            tick: the id of a fragment whose time has come.
        """
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self.query
        asked.page_script_hash = self.page_hash
        asked.page_name = "" if self.page_hash else self.name
        asked.fragment_id, asked.is_auto_rerun = tick or self._fragment.get(touched, ""), bool(tick)
        asked.cached_message_hashes.extend(self._cache)
        asked.context_info.timezone, asked.context_info.locale = "UTC", "en-US"
        asked.context_info.url, asked.context_info.color_scheme = self.url, "light"
        for widget, (kind, value) in self.widgets.items():
            state = asked.widget_states.widgets.add(id=widget)
            if isinstance(value, list):
                getattr(state, kind).data.extend(value)
            else:
                setattr(state, kind, value)
        if pressed:
            asked.widget_states.widgets.append(WidgetState(id=self.ids[touched], trigger_value=True))
        return bytes(message.SerializeToString())

    def tell(self, news: dict[str, Any]) -> bytes | None:
        """Take in a picture of the run (without arrays); return the message with which the page is to be drawn anew."""
        if "refused" in news:
            self.errors.append(news["refused"])
            return None
        self.pictures += 1
        if news["run"] != self.followed:
            return None
        self._now(news)
        if news["structure"] in (self.structure, self._asked):
            return None
        self._asked = news["structure"]
        message = BackMsg()
        message.ParseFromString(self.rerun("status"))
        message.rerun_script.widget_states.widgets.append(WidgetState(
            id=f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{self._status}__events",
            json_trigger_value=json.dumps([{"event": "changed", "value": news["structure"]}])))
        return bytes(message.SerializeToString())

    def put(self, key: str, value: Value) -> None:
        """Set a widget to a value."""
        kind, _before = self.widgets[self.ids[key]]
        self.widgets[self.ids[key]] = (kind, value)

    def value(self, key: str) -> Value:
        """Return what a widget is set to."""
        return self.widgets[self.ids[key]][1]

    # -- what the server sends -------------------------------------------------------------------------

    def receive(self, content: bytes) -> str:
        """Take in one message and return its type."""
        message = ForwardMsg()
        message.ParseFromString(content)
        self.received += len(content)
        kind = str(message.WhichOneof("type"))
        if message.metadata.cacheable and kind != "ref_hash":
            self._cache.setdefault(message.hash, (self.reruns, self._partial))
        if kind in self._handlers:
            self._handlers[kind](self, message)
        return kind

    @property
    def run(self) -> str:
        """The run the address leads to; empty: none."""
        return parse_qs(self.query).get("run", [""])[0]

    def _begin(self, message: ForwardMsg) -> None:
        self._partial = bool(message.metadata.run.fragment_ids)
        if not self._partial:
            self._alive = set()
            self.fragments.clear()      # their clocks start anew with each rerun of the whole page
            self._oldest = message.new_session.config.max_cached_message_age

    def _end(self, message: ForwardMsg) -> None:
        if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.errors.append("a script could not be compiled")
        if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        self.reruns += 1
        if message.script_finished != ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
            self.runs += 1
            self.widgets = {widget: state for widget, state in self.widgets.items() if widget in self._alive}
        self._cache = {key: (rerun, partial) for key, (rerun, partial) in self._cache.items()
                       if (self._partial and not partial) or self.reruns - rerun <= self._oldest}

    def _element(self, message: ForwardMsg) -> None:
        if message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        kind = str(element.WhichOneof("type"))
        part = getattr(element, kind)
        if kind == "progress":
            self.progress = part.text
        elif kind == "bidi_component" and part.component_name == "run_status":
            self._run_status(part.id, message.delta.fragment_id, json.loads(part.json))
        elif kind == "bidi_component" and (found := WINDOW.search(part.bytes)):
            self.window = int(found[1])
        elif kind == "exception" or (kind == "alert" and part.format == Alert.ERROR):
            self.errors.append(part.message if kind == "exception" else part.body)
        if kind == "button" or kind in STATES:
            self.ids[key_of(part.id)], self._fragment[key_of(part.id)] = part.id, message.delta.fragment_id
        if kind in STATES:
            self._alive.add(part.id)
            if part.set_value or part.id not in self.widgets:   # else what the person has set stays
                self.widgets[part.id] = STATES[kind](part)

    def _run_status(self, element: str, fragment: str, told: dict[str, Any]) -> None:
        self._status, self._fragment["status"] = element, fragment
        self.structure, self._asked = told["structure"], ""
        if told["live"]["run"] != self.followed or self.updates <= told["now"]["update"]:
            self.followed = told["live"]["run"]
            self._now(told["now"])

    def _now(self, now: dict[str, Any]) -> None:
        self.updates, self.progress, self.loss = now["update"], now["says"], now["numbers"][1]

    def _address(self, message: ForwardMsg) -> None:
        self.query = message.page_info_changed.query_string

    def _clock(self, message: ForwardMsg) -> None:
        self.fragments[message.auto_rerun.fragment_id] = message.auto_rerun.interval

    def _stop_clock(self, message: ForwardMsg) -> None:
        for fragment in message.stop_auto_rerun.fragment_ids:
            self.fragments.pop(fragment, None)

    def _navigate(self, message: ForwardMsg) -> None:
        self.page_hash = message.navigation.page_script_hash

    _handlers = {"new_session": _begin, "script_finished": _end, "delta": _element, "page_info_changed": _address,  # noqa: RUF012
                 "auto_rerun": _clock, "stop_auto_rerun": _stop_clock, "navigation": _navigate}


def key_of(widget: str) -> str:
    """Return the key under which the app knows a widget: the last part of its id."""
    return widget.split("-", 2)[-1]


def _slider(part: Any) -> tuple[str, Value]:
    return "double_array_value", list(part.value if part.set_value else part.default)


def _number(part: Any) -> tuple[str, Value]:
    return "double_value", part.value if part.set_value else part.default


def _checkbox(part: Any) -> tuple[str, Value]:
    return "bool_value", part.value if part.set_value else part.default


def _selectbox(part: Any) -> tuple[str, Value]:
    return "string_value", part.raw_value if part.set_value else part.options[part.default]


def _pills(part: Any) -> tuple[str, Value]:
    return "string_array_value", (list(part.raw_values) if part.set_value else
                                  [part.options[at].content for at in part.default])


STATES: dict[str, Callable[[Any], tuple[str, Value]]] = {
    "slider": _slider, "number_input": _number, "checkbox": _checkbox, "selectbox": _selectbox, "button_group": _pills}
"""Kinds of widgets on the page Train, and what each sends while nobody has touched it: the field and the value."""
