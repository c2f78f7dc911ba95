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

Value = bool | float | int | str | list[float] | list[str] | None       # None: a field that is empty

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
    bar: dict[str, Any] = field(default_factory=dict)                       # what the bar of a learner's class is told
    wall: dict[str, Any] = field(default_factory=dict)                      # and what the wall of a teacher's
    options: dict[str, list[str]] = field(default_factory=dict)             # key of a widget -> what one can choose
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
    _bar: str = ""                                                          # and of the bar of a class
    _asked: str = ""                                                        # structure for which it is drawn anew
    _told: bool = False                                                     # the page that is drawn shows a run

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
            elif value is not None:
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
        return self._trigger("status", self._status, "changed", news["structure"])

    def do(self, what: str, turn: int) -> bytes:
        """Return the message with which the bar of a class asks for something, for the n-th time."""
        return self._trigger("", self._bar, "do", {"what": what, "turn": turn})

    def _trigger(self, touched: str, component: str, event: str, value: Any) -> bytes:
        """Return the message that tells what has happened in a component."""
        message = BackMsg()
        message.ParseFromString(self.rerun(touched))
        message.rerun_script.widget_states.widgets.append(WidgetState(
            id=f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{component}__events",
            json_trigger_value=json.dumps([{"event": event, "value": value}])))
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
            self._alive, self._told = set(), False
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
            if not self._told:          # another page, on which there is no run
                self.followed, self.updates = "", 0
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
        elif kind == "bidi_component" and part.component_name == "class_bar":
            self._bar, self.bar = part.id, json.loads(part.json)
        elif kind == "bidi_component" and part.component_name == "class_wall":
            self.wall = json.loads(part.json)
        elif kind == "bidi_component" and (found := WINDOW.search(part.bytes)):
            self.window = int(found[1])
        elif kind == "exception" or (kind == "alert" and part.format == Alert.ERROR):
            self.errors.append(part.message if kind == "exception" else part.body)
        if kind == "button" or kind in STATES:
            self.ids[key_of(part.id)], self._fragment[key_of(part.id)] = part.id, message.delta.fragment_id
        if kind in OPTIONS:
            self.options[key_of(part.id)] = OPTIONS[kind](part)
        if kind in STATES:
            self._alive.add(part.id)
            if part.set_value or part.id not in self.widgets:   # else what the person has set stays
                self.widgets[part.id] = STATES[kind](part)

    def _run_status(self, element: str, fragment: str, told: dict[str, Any]) -> None:
        self._status, self._fragment["status"] = element, fragment
        self.structure, self._asked, self._told = told["structure"], "", True
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
    there = part.HasField("value" if part.set_value else "default")
    return "double_value", (part.value if part.set_value else part.default) if there else None


def _checkbox(part: Any) -> tuple[str, Value]:
    return "bool_value", part.value if part.set_value else part.default


def _text(part: Any) -> tuple[str, Value]:
    return "string_value", part.value if part.set_value else part.default


def _selectbox(part: Any) -> tuple[str, Value]:
    if part.set_value:
        return "string_value", part.raw_value if part.HasField("raw_value") else None
    return "string_value", part.options[part.default] if part.HasField("default") else None


def _pills(part: Any) -> tuple[str, Value]:
    named = _named(part)
    return "string_array_value", list(part.raw_values) if part.set_value else [named[at] for at in part.default]


def _named(part: Any) -> list[str]:
    """Return what the options of a group of buttons are called: the icon is a part of it."""
    return [f"{option.content_icon} {option.content}".strip() for option in part.options]


STATES: dict[str, Callable[[Any], tuple[str, Value]]] = {
    "slider": _slider, "number_input": _number, "text_input": _text, "text_area": _text, "checkbox": _checkbox,
    "selectbox": _selectbox, "button_group": _pills}
"""Kinds of widgets, and what each sends while nobody has touched it: the field and the value."""

OPTIONS: dict[str, Callable[[Any], list[str]]] = {
    "selectbox": lambda part: list(part.options), "button_group": _named}
"""Kinds of widgets in which one chooses, and what there is to choose."""
