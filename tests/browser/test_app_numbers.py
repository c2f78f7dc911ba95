"""Numbers that are none, in every box of every page, as a script may send them: a sentence, and nothing breaks."""

import math
import time

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NumberInput_pb2 import NumberInput
from websockets.sync.client import connect as websocket

from benchmarks.streamed import new_cookie
from lstm_core.ui.base.pages import PAGES

PATIENCE = 30
NONE = (math.nan, math.inf, -math.inf, 1e308, -1e308, 0.5, 2.0**63)
PLACES = [(page.name, section) for page in PAGES.values() for section in page.sections or ("",)]


def connected(server):
    return websocket(f"{server.address.replace('http', 'ws')}/_stcore/stream", subprotocols=["streamlit"], proxy=None,
                     additional_headers={"Cookie": new_cookie(server.address)}, max_size=None, close_timeout=0.2)


class Script:
    """A script that speaks with the server as a browser does."""

    def __init__(self, line, query):
        self.line, self.query, self.page, self.boxes = line, query, "", {}

    def rerun(self, name="", **values):
        """Have the page drawn with these values in its boxes, by their ids; return what it says went wrong."""
        asked = BackMsg()
        client = asked.rerun_script
        client.query_string, client.page_script_hash, client.page_name = self.query, self.page, name
        for box, (kind, value) in self.boxes.items():
            state = client.widget_states.widgets.add(id=box)
            if kind == "slider":
                state.double_array_value.data.append(values.get(box, value))
            else:
                state.double_value = values.get(box, value)
        self.line.send(asked.SerializeToString())
        return self._drawn()

    def _drawn(self):
        said, found = [], {}
        while True:
            message = ForwardMsg.FromString(self.line.recv(timeout=PATIENCE))
            kind = message.WhichOneof("type")
            if kind == "navigation":
                self.page = message.navigation.page_script_hash
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                element = message.delta.new_element
                part = getattr(element, element.WhichOneof("type"))
                shown = element.WhichOneof("type")
                if shown == "slider":
                    found[part.id] = shown, part.default[0]
                elif shown == "number_input":
                    found[part.id] = "whole" if part.data_type == NumberInput.INT else shown, part.default
                elif shown == "exception":
                    said.append(f"Traceback: {part.type} {part.message}")
                elif shown == "alert":
                    said.append(part.body)
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self.boxes = self.boxes or found
                return said


@pytest.mark.parametrize(("page", "section"), PLACES)
def test_a_number_that_is_none_is_told_with_a_sentence(app, page, section):
    query = f"{PAGES[page].section_key}={section}" if section else ""
    with connected(app) as line:
        script = Script(line, query)
        usual = script.rerun(PAGES[page].url_path)
        for _try in range(80):          # an example that this page is the first to show is trained now
            if not any(wait in sentence for sentence in usual for wait in ("once the run rests", "only just begun")):
                break
            time.sleep(0.5)
            usual = script.rerun()
        for box, (kind, _start) in script.boxes.items():
            for value in NONE:
                said = script.rerun(**{box: value})
                assert not [sentence for sentence in said if "Traceback" in sentence], (box, value, said)
                if kind == "whole" and not math.isfinite(value):
                    assert "cannot hold" in said[-1]
    with connected(app) as line:            # the page was loaded again, and stands there
        assert Script(line, query).rerun(PAGES[page].url_path) == usual
