"""What gets into a real server: one script, one other website, another browser's session, no websocket at all."""

import asyncio
import socket
import statistics
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect as websocket

from benchmarks.load.session import Session
from benchmarks.streamed import new_cookie
from lstm_core.ui.base.browser_cookie import COOKIE
from tests.browser.conftest import share_of_a_core

SLIDER = 0.2            # seconds until the page has followed a slider (p95), whatever a script does
MOVES = 25              # of the slider, in each of the three parts
RERUN = BackMsg(rerun_script=ClientState(page_name="train")).SerializeToString()


def stream(server, cookie="", session="", **more):
    """Open the websocket of a tab of Streamlit's, as its script does that goes on with a session."""
    headers = {"Cookie": cookie} if cookie else {}
    return websocket(f"{server.address.replace('http', 'ws')}/_stcore/stream", proxy=None, max_size=None,
                     close_timeout=0.2, subprotocols=["streamlit", *(["none", session] if session else [])],
                     additional_headers=headers, **more)


def session_of(tab):
    """Have the page drawn, and return the id of the session."""
    tab.send(RERUN)
    while not (told := ForwardMsg.FromString(tab.recv(timeout=20)).new_session.initialize.session_id):
        pass
    return told


# -- one script --------------------------------------------------------------------------------------------


def flood(server, messages):
    """Send messages and read answers until the test is over; return what ends it."""
    over = threading.Event()

    def read(tab):
        with suppress(ConnectionClosed):
            for _ in tab:
                pass

    def send():
        with stream(server, new_cookie(server.address)) as tab:
            threading.Thread(target=read, args=(tab,), daemon=True).start()
            with closing(tab):
                for message in messages:
                    if over.is_set():
                        return
                    try:
                        tab.send(message)
                    except ConnectionClosed:
                        return
                over.wait()

    thread = threading.Thread(target=send, daemon=True)
    thread.start()

    def end():
        over.set()
        thread.join(5)

    return end


def names(count):
    message = BackMsg()
    message.file_urls_request.file_names.extend([""] * count)
    return message.SerializeToString()


@pytest.mark.parametrize("messages", [
    [BackMsg(load_git_info=True).SerializeToString()] * 200, [RERUN] * 10_000, [names(1_000_000)] * 3,
    [b"\x5a\x84\x80\x80\x04\x12\x80\x80\x80\x04" + b"\x0a\x00" * 4_194_304] * 3],
    ids=["git", "reruns", "a million files", "four million widgets"])
def test_one_script_holds_nobody_up(own_server, messages):
    server = own_server()

    async def moves(honest):
        took = []
        for _ in range(MOVES):
            took.append(await honest.move())
            await asyncio.sleep(0.1)
        return statistics.quantiles(took, n=20, method="inclusive")[-1]

    async def visit():
        honest = Session(server.address)
        await honest.open()
        await honest.train()
        before = await moves(honest)
        end = await asyncio.to_thread(flood, server, messages)
        during = await moves(honest)
        await asyncio.to_thread(end)
        after = await moves(honest)
        await honest.close()
        return before, during, after, honest.page.errors

    with ThreadPoolExecutor(1) as apart:        # here a loop of Playwright's may be running
        before, during, after, errors = apart.submit(asyncio.run, visit()).result()
    assert errors == []
    assert during < max(SLIDER / share_of_a_core(), 4 * before), (before, during, after)
    assert after < max(SLIDER / share_of_a_core(), 4 * before), (before, during, after)


# -- other websites, other browsers ------------------------------------------------------------------------


@contextmanager
def black_hole():
    """Listen to whoever asks for something outside, and never answer; yields who has asked."""
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def listen():
            while True:
                try:
                    asked.append(listener.accept()[0])
                except OSError:
                    return

        threading.Thread(target=listen, daemon=True).start()
        yield listener.getsockname()[1], asked


def test_a_foreign_website_is_refused_at_once_and_nobody_else_is_asked(own_server, monkeypatch):
    with black_hole() as (port, asked):
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        server = own_server()
        began = time.monotonic()
        for _ in range(5):
            with pytest.raises(InvalidStatus, match="403"):
                stream(server, origin="http://evil.example")
        put = urllib.request.Request(f"{server.address}/_stcore/upload_file/x/y", method="PUT", data=b"x",
                                     headers={"Origin": "http://evil.example"})
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(put, timeout=5)
        get = urllib.request.Request(f"{server.address}/_stcore/health", headers={"Origin": "http://evil.example"})
        with urllib.request.urlopen(get, timeout=5) as answer:
            assert "access-control-allow-origin" not in answer.headers
            assert answer.headers["x-content-type-options"] == "nosniff"
        assert time.monotonic() - began < 2
        with stream(server, origin=server.address) as tab:
            assert session_of(tab)
        assert asked == []


def test_a_session_belongs_to_the_browser_that_began_it(app):
    mine, yours = new_cookie(app.address), new_cookie(app.address)
    assert mine != yours
    with stream(app, mine) as tab:
        session = session_of(tab)
        for cookie in (yours, "", f"{COOKIE}=x"):
            with stream(app, cookie, session) as other:         # while it is open
                assert session_of(other) != session
        put = urllib.request.Request(f"{app.address}/_stcore/upload_file/{session}/file", method="PUT", data=b"x",
                                     headers={"Cookie": yours})
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(put, timeout=5)
        assert session_of(tab) == session
    with stream(app, yours, session) as other:                  # and when its tab is away
        assert session_of(other) != session
    with stream(app, mine, session) as tab:
        assert session_of(tab) == session


# -- no websocket ------------------------------------------------------------------------------------------


@contextmanager
def old_proxy(server):
    """Pass requests on to a server, but no websocket; yields the address."""
    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.headers.get("Upgrade"):
                self.send_error(400)
                return
            asked = urllib.request.Request(f"http://127.0.0.1:{server.port}{self.path}", headers=dict(self.headers))
            try:
                answer = urllib.request.urlopen(asked, timeout=20)
            except urllib.error.HTTPError as error:
                answer = error
            with answer:
                content = answer.read()
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_said):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_port}"
        proxy.shutdown()


def test_where_no_websocket_gets_through_a_sentence_says_so(app, person):
    page = person().new_page()
    with old_proxy(app) as address:
        page.goto(f"{address}/train")
        notice = page.locator("#unconnected")
        page.wait_for_timeout(5000)
        expect(notice).to_be_hidden()
        expect(notice).to_be_visible(timeout=15_000)
    assert "websockets" in notice.locator("[lang=en]").inner_text()
    assert "WebSocket" in notice.locator("[lang=zh]").inner_text()


def test_where_they_get_through_it_does_not(visit):
    tab = visit().open("train")
    tab.page.wait_for_timeout(11_000)
    expect(tab.page.locator("#unconnected")).to_be_hidden()
