"""A table, addresses and messages of the worst kind: nothing runs, nobody else is asked, nobody else notices."""

import csv
import io
import re
import time
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect as websocket

HIT = "window.__hit=1"
PICTURE = "![x](http://evil.example/x.png)"
NAMES = [
    "day", f"<img src=x onerror={HIT}>a", f"&lt;img src=x onerror={HIT}&gt;b", f"<a href='javascript:{HIT}'>c</a>",
    PICTURE, "[x](http://evil.example)", "$\\href{http://evil.example}{x}$", "%{y}<extra></extra>", "=cmd()",
    ":streamlit: **x**"]
TABLE = ",".join(f'"{name}"' for name in NAMES) + "\n" + "".join(
    ",".join([f"{date(2020, 1, 1) + timedelta(row)}", *(f"{row * step % 7}" for step in range(1, len(NAMES)))]) + "\n"
    for row in range(150))
CAUGHT = ", ".join(f"[data-testid=stMain] {caught}" for caught in (
    "img[src^=http]", "a[href*=evil]", "a[href^=javascript]", "[onerror]"))


def harmless(tab):
    """Nothing of the table has run on this page, and none of it has become a picture or a link."""
    tab.still()
    assert tab.page.evaluate("window.__hit ?? null") is None
    assert [node.inner_html() for node in tab.page.locator(CAUGHT).all()] == []


def test_a_hostile_table_and_hostile_addresses_do_nothing(visit, person):
    tab = visit(person())
    tab.page.on("dialog", lambda dialog: tab.complaints.append(dialog.message))
    tab.open("train", source="table", epochs="2", steps="6", hidden="4")
    tab.page.locator("input[type=file]").set_input_files(
        {"name": f"<img src=x onerror={HIT}>{PICTURE}.csv", "mimeType": "text/csv", "buffer": TABLE.encode()})
    expect(tab.page.locator(".st-key-column")).to_be_visible()
    expect(tab.page.get_by_text("was changed to").first).to_be_visible()
    for name in ("evil.example/x.png", "onerror"):
        tab.page.locator(".st-key-features [role=combobox], .st-key-features input").first.click()
        tab.page.get_by_role("option", name=name).first.click()
    harmless(tab)
    run = tab.start()
    tab.wait_until("Done")
    for chart in ("loss", "prediction", "windows"):
        tab.page.locator(f".st-key-{chart} .js-plotly-plot").hover()
    harmless(tab)

    for section in ("what_if", "units", "weights"):
        harmless(tab.turn_to("cell", run=run, section=section))
    harmless(tab.turn_to("memory", run=run, memory_section="reach"))
    harmless(tab.turn_to("compare", runs=run))
    tab.turn_to("predict", run=run)
    tab.page.locator(".js-plotly-plot").first.hover()
    harmless(tab)
    for button in tab.page.locator(".st-key-downloads [data-testid=stDownloadButton] button").all()[:2]:
        with tab.page.expect_download() as saved:
            button.click()
        assert re.fullmatch(r"gatescope_[\w-]+\.csv", saved.value.suggested_filename)
        content = saved.value.path().read_text(encoding="utf-8-sig")
        for cell in (cell for row in csv.reader(io.StringIO(content)) for cell in row):
            assert not cell.startswith(("=", "+", "@", "\t")), cell

    for query in ({"run": f"{PICTURE} www.evil.example :streamlit: <img src=x onerror={HIT}>"},
                  {"source": "prices", "column": PICTURE, "start": PICTURE}):
        tab.open("train", **query)
        harmless(tab)


def test_no_message_of_a_script_stops_or_changes_the_server_for_others(app):
    written = (app.folder / "server.log").stat().st_size

    def connect(**headers):
        return websocket(f"{app.address.replace('http', 'ws')}/_stcore/stream", subprotocols=["streamlit"], proxy=None,
                         close_timeout=0.2, **headers)

    with pytest.raises(InvalidStatus, match="403"):
        connect(origin="http://evil.example")
    long = ClientState(query_string="run=" + "x" * 400_000, page_script_hash="x" * 10**5)
    long.widget_states.widgets.add(id="x" * 10**5, string_value="y" * 10**5)
    long.widget_states.widgets.add(id="$$ID-0-train", json_value="[" * 100_000)
    odd: list[Any] = [
        b"", b"\xff" * 1000, bytes(10**6), "text", BackMsg(clear_cache=True), BackMsg(debug_shutdown_runtime=True),
        BackMsg(rerun_script=ClientState(fragment_id="nope", page_script_hash="../../etc/passwd\0")),
        BackMsg(rerun_script=long)]
    with connect(max_size=None) as socket:
        for content in odd:
            socket.send(content if isinstance(content, bytes | str) else content.SerializeToString())
        answered = {ForwardMsg.FromString(socket.recv(timeout=20)).WhichOneof("type") for _ in range(20)}
        assert "delta" in answered
    with connect() as socket:
        with suppress(ConnectionClosedError):
            socket.send(bytes(21_000_000))      # compressed on the way to a thousandth, and too large all the same
        with pytest.raises(ConnectionClosedError):
            socket.recv(timeout=20)
    began = time.monotonic()
    with urllib.request.urlopen(f"{app.address}/_stcore/health", timeout=2) as answer:
        assert answer.read() == b"ok"
    for path in ("../../etc/passwd", "media/../../etc/passwd", "component/%2e%2e/app.py", "app/static/../app.py"):
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(f"{app.address}/{path}", timeout=2)
    assert time.monotonic() - began < 2
    with (app.folder / "server.log").open() as log:
        log.seek(written)
        assert "Traceback" not in log.read()
