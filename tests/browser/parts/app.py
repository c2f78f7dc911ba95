"""The server of the browser tests of single parts: our routes, one page, made-up networks instead of trained ones."""

import networks
import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from lstm_core.ui.base import static_files
from lstm_core.ui.cell import api as cell_api
from lstm_core.ui.cell.registry import Registry

cell_api.lab = networks.Lab         # type: ignore[attr-defined]


async def forget(_request):
    """Forget all tokens, as a server does that was started anew."""
    cell_api.registry = Registry()
    return PlainTextResponse("forgotten")


async def drop(_request):
    """Forget what stands for the tokens, as a server does that has no room."""
    cell_api.registry._entries.clear()
    return PlainTextResponse("dropped")


app = st.App("page.py", routes=[*cell_api.routes(), *static_files.routes(),
                                                   Route("/forget", forget), Route("/drop", drop)])
