"""Gatescope: start with ``streamlit run app.py`` (or ``make run``)."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from threadpoolctl import threadpool_limits

from lstm_core.ui import server
from lstm_core.ui.owner import BrowserCookie
from lstm_core.ui.routes import routes


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Start the worker with the server and stop it with the server."""
    for name in server.EXAMPLES:
        server.example(name)
    # On a busy machine two threads of BLAS wait for each other: a forward pass then takes seconds instead of moments.
    threadpool_limits(limits=1)
    # Streamlit collects garbage after every script run; with the imports frozen that costs next to nothing.
    gc.collect()
    gc.freeze()
    yield {}
    server.stop()


app = st.App("pages/_shell.py", lifespan=lifespan, routes=routes(), middleware=[Middleware(BrowserCookie)])
