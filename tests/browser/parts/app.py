"""The server of the browser tests of single parts: our routes, one page, made-up networks instead of trained ones."""

import asyncio
from contextlib import asynccontextmanager

import networks
import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from lstm_core.ui import cell_routes, live
from lstm_core.ui.routes import routes

cell_routes.lab = networks.Lab


async def forget(_request):
    """Forget all tokens, as a server does that was started anew."""
    cell_routes.registry = cell_routes.Registry()
    return PlainTextResponse("forgotten")


async def drop(_request):
    """Forget what stands for the tokens, as a server does that has no room."""
    cell_routes.registry._entries.clear()
    return PlainTextResponse("dropped")


@asynccontextmanager
async def lifespan(_app):
    live.served_by(asyncio.get_running_loop())
    yield {}


app = st.App("page.py", lifespan=lifespan, routes=[*routes(), Route("/forget", forget), Route("/drop", drop)])
