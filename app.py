"""Gatescope: start with ``streamlit run app.py`` (or ``make run``)."""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config
from threadpoolctl import threadpool_limits

from lstm_core.ui.base import examples, qr_code, server, static_files
from lstm_core.ui.base.browser_cookie import BrowserCookie
from lstm_core.ui.base.message_filter import OwnMessages
from lstm_core.ui.base.message_pace import PacedMessages
from lstm_core.ui.base.origins import OwnOrigins
from lstm_core.ui.base.page_scripts import PageScripts
from lstm_core.ui.base.quotas import UploadRoom
from lstm_core.ui.base.request_pace import PacedRequests
from lstm_core.ui.base.safe_headers import SafeHeaders
from lstm_core.ui.base.session_owner import SessionOwner
from lstm_core.ui.base.slow_readers import SlowReaders
from lstm_core.ui.base.timeouts import BodyTimeout, close_silent_connections, make_room_for_connections
from lstm_core.ui.cell import api as cell_api
from lstm_core.ui.classroom import api as class_api
from lstm_core.ui.live import api as live_api
from lstm_core.ui.widgets import outage

TURN = 0.002            # seconds of a thread: Python's 0.005 let a short rerun wait for many long ones in a full class
GARBAGE = 5_000         # objects after which garbage is looked for; Python's 700 saves 13 to 21 MB with 60 people
FROZEN = ("controls", "progress", "source", "windows")     # of page Train: with them come charts, and all that is large


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Start the worker with the server and stop it with the server."""
    sys.setswitchinterval(TURN)
    make_room_for_connections()
    close_silent_connections()
    server.give_memory_back()
    server.start()
    examples.start()
    # On a busy machine two threads of BLAS wait for each other: a forward pass then takes seconds instead of moments.
    threadpool_limits(limits=1)
    # Streamlit collects garbage after every rerun, and the more people there are, the more it looks through: 10 people
    # took two thirds of a core that way. Python does it by itself, even too often: with 60 people everybody stood still
    # for up to 0.09 s every 3 s. What stays is imported now and frozen.
    config.set_option("runner.postScriptGC", False)
    for name in FROZEN:
        import_module(f"lstm_core.ui.train.{name}")
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 10, 10)
    yield {}
    examples.stop()
    server.stop()


app = st.App("pages/_shell.py", lifespan=lifespan, on_script_error=outage.explain,
             routes=[*cell_api.routes(), *class_api.routes(), *live_api.routes(), *qr_code.routes(),
                     *static_files.routes()],
             middleware=[Middleware(one) for one in (        # from the outside to the inside
                 SlowReaders, SafeHeaders, OwnOrigins, PageScripts, BrowserCookie, SessionOwner, BodyTimeout,
                 UploadRoom, PacedRequests, OwnMessages, PacedMessages)])
