"""A person with a browser tab on the app: what they do, and what they then see."""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Code

from lstm_core import i18n
from lstm_core.running.run_view import RunView
from lstm_core.ui.base import static_files
from lstm_core.ui.base.pages import FIRST, PAGES
from lstm_core.ui.base.server import lab
from lstm_core.ui.cell import api as cell_api
from lstm_core.ui.cell.api import registry
from lstm_core.ui.cell.registry import Seen

SHELL = Path(__file__).parents[2] / "pages" / "_shell.py"
PATIENCE = 20.0         # seconds a test waits for training that takes a fraction of one

SMALL = {"source": "waves", "length": "120", "steps": "8", "hidden": "4", "epochs": "2", "batch": "16"}
"""A run that takes a few hundredths of a second: 88 training windows, 12 updates."""
LONG = SMALL | {"epochs": "5000"}
"""A run that is still training when the test looks at it again."""


def _texts(node: Any) -> Iterator[str]:
    """Yield the texts of an element and of those within it."""
    if not isinstance(node, Code):
        if isinstance(table := getattr(node, "value", None), pd.DataFrame):
            yield from map(str, [*table.columns, *table.index, *table.to_numpy().ravel()])
        elif hasattr(getattr(node, "proto", None), "ListFields"):
            yield from _strings(node.proto)
    for child in getattr(node, "children", {}).values():
        yield from _texts(child)


def _strings(message: Any) -> Iterator[str]:
    """Yield the texts of a message to the browser, and the head of a live figure."""
    for field, value in message.ListFields():
        values = [value] if isinstance(value, str | bytes) or hasattr(value, "ListFields") else (
            value.values() if hasattr(value, "values") else value if hasattr(value, "__iter__") else [])
        for one in values:
            if hasattr(one, "ListFields"):
                yield from _strings(one)
            elif isinstance(one, str):
                yield one
            elif isinstance(one, bytes) and field.name == "bytes":
                yield one[4:4 + struct.unpack_from("<I", one)[0]].decode()


def rested(run: str, until: Callable[[RunView], bool] = lambda view: not view.active, patience: float = PATIENCE,
           ) -> RunView:
    """Wait until the run no longer trains, or until something else is true of it."""
    deadline = time.monotonic() + patience
    while not until(view := lab().view(run)):
        assert time.monotonic() < deadline, (view.status, view.update, view.reason)
        time.sleep(0.01)
    return view


@cache
def components() -> BidiComponentManager:
    """The components of all tabs, as a server has them once; each AppTest else looks through all that is installed."""
    manager = BidiComponentManager()
    manager.discover_and_register_components(start_file_watching=False)
    return manager


class Visitor:
    """One tab. ``who`` stands for the browser's cookie, which AppTest lacks. A page that raises fails the test."""

    def __init__(self, page: str, who: str, pace: str, query: dict[str, str], *, all_settings: bool = True) -> None:
        self.at = AppTest.from_file(str(SHELL), default_timeout=PATIENCE)
        self.at.session_state["owner"] = self.who = who
        self.at.session_state["pace"] = pace
        self.at.session_state["all_settings"] = all_settings
        self.at.query_params.update(query)
        self.at._bidi_component_manager = components()
        if page != FIRST:
            self.at.switch_page(PAGES[page].file)
        self.look()

    # -- doing -----------------------------------------------------------------------------------------

    def look(self) -> Visitor:
        """Look at the page as it is now."""
        shown = self.at.session_state.get("lang", "en")
        i18n.follow(lambda: shown)      # AppTest asks for the words of the widgets outside of the session
        self.at.run()
        assert not self.at.exception, [error.message for error in self.at.exception]
        return self

    def open(self, page: str) -> Visitor:
        self.at.switch_page(PAGES[page].file)
        return self.look()

    def put(self, key: str, value: Any) -> Visitor:
        self.widget(key).set_value(value)
        return self.look()

    def click(self, key: str) -> Visitor:
        self.widget(key).click()
        return self.look()

    def upload(self, content: bytes, name: str = "table.csv") -> Visitor:
        self.at.file_uploader(key="upload").set_value((name, content, "text/csv"))
        return self.look()

    def wait(self, until: Callable[[RunView], bool]) -> Visitor:
        """Wait for the run on the page and look at it."""
        rested(self.run, until)
        return self.look()

    def rest(self) -> Visitor:
        """Wait until the run no longer trains, and look at it."""
        rested(self.run)
        return self.look()

    # -- seeing ----------------------------------------------------------------------------------------

    def widget(self, key: str) -> Any:
        for split in (self.at.main, self.at.sidebar):
            try:
                return split.get_by_key(key)
            except KeyError:
                continue
        raise KeyError(key)

    def offers(self, key: str) -> bool:
        try:
            return not self.widget(key).disabled
        except KeyError:
            return False

    @property
    def run(self) -> str:
        """The run in the address."""
        return str(self.at.query_params["run"])

    @property
    def view(self) -> RunView:
        return lab().view(self.run)

    @property
    def errors(self) -> str:
        return "\n".join(alert.value for alert in (*self.at.error, *self.at.warning))

    @property
    def refusals(self) -> str:
        """What a button, or the settings as they are, were refused for."""
        return "\n".join(alert.value for alert in self.at.error)

    @property
    def hints(self) -> str:
        return "\n".join(alert.value for alert in self.at.info)

    @property
    def captions(self) -> str:
        return "\n".join(caption.value for caption in self.at.caption)

    @property
    def status(self) -> dict[str, Any]:
        """What the line and the numbers of a run are told; nothing on a page without them."""
        try:
            return dict(json.loads(self.widget("status").proto.json))
        except KeyError:
            return {}

    @property
    def one_update(self) -> dict[str, Any]:
        """What the phases of the last update are told."""
        return dict(json.loads(self.widget("one_update").proto.json))

    @property
    def progress(self) -> str:
        return str(self.status["now"]["says"] if self.status else self.at.get("progress")[0].proto.text)

    @property
    def numbers(self) -> dict[str, str]:
        told = self.status
        return {metric.label: metric.value for metric in self.at.metric} | {
            number["label"]: told["now"]["numbers"][number["at"]] for number in told.get("numbers", ())}

    @property
    def updates(self) -> int:
        """How many updates the network that is shown has had."""
        try:
            return int(self.cell["updates"][-1])
        except KeyError:
            return int(self.numbers["Updates"].replace(",", ""))

    def figure(self, key: str) -> dict[str, Any]:
        """A live figure as ``lstm_core.ui.widgets.live_figure.packed`` sends it, without the contents of its arrays."""
        sent = self.widget(key).proto.bytes
        (length,) = struct.unpack_from("<I", sent)
        return dict(json.loads(sent[4:4 + length]))

    @property
    def texts(self) -> list[str]:
        """All that the page shows or says as text, code blocks left out."""
        return list(_texts(self.at._tree))

    @property
    def cell(self) -> dict[str, Any]:
        """What the cell view is told: sizes, names, words and where it finds the numbers."""
        return dict(json.loads(self.widget("cell_view").proto.json))

    @property
    def seen(self) -> Seen:
        """What the cell view may fetch: the sequence and the changes that are registered for it."""
        found = registry.find(self.cell["folder"].rsplit("/", 1)[1])
        assert found is not None
        return found

    def trace(self, update: int, which: str = "changed") -> bytes:
        """Fetch what the browser fetches for one moment of the training."""
        with TestClient(Starlette(routes=[*cell_api.routes(), *static_files.routes()])) as client:
            answer = client.get(f"/{self.cell['folder']}/{update}", params={"which": which})
        assert answer.status_code == 200, answer.text
        return answer.content
