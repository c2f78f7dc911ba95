"""The server of the browser tests of single parts: our routes, one page, made-up networks instead of trained ones."""

import networks
import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from lstm_core.ui import cell_routes
from lstm_core.ui.routes import routes

cell_routes.lab = networks.Lab


async def forget(_request):
    """Forget all tokens, as a server does that was started anew."""
    cell_routes.registry = cell_routes.Registry()
    return PlainTextResponse("forgotten")


app = st.App("page.py", routes=[*routes(), Route("/forget", forget)])
