"""The files a browser needs beside Streamlit's own: our scripts and styles, and the installed package's plotly.js."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from threading import Lock

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

STATIC = Path(__file__).parents[1] / "static"
PREFIX = "gatescope"                # no page of ours and no reserved path of Streamlit's has this name
TYPES = {".js": "text/javascript", ".css": "text/css"}

_reading = Lock()


def folder() -> str:
    """Return the path of everything of ours, under Streamlit's own path prefix when the server has one."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{'/' + base if base else ''}/{PREFIX}"


def routes() -> list[BaseRoute]:
    """Return the routes of the files, for ``st.App``."""
    return [Route(f"{folder()}/{{digest}}/{{name:path}}", _serve, methods=["GET", "HEAD"])]


def address(name: str) -> str:
    """Return where a browser finds one of our files, relative to the page's base address.

    All files share one folder named by the hash of their contents: they find each other by relative addresses, and a
    browser may keep them for ever.
    """
    if name not in _sources():
        raise FileNotFoundError(name)
    return f"{PREFIX}/{digest()}/{name}"


@cache
def digest() -> str:
    """Return the hash of all served files together."""
    whole = hashlib.blake2b(digest_size=8)
    for name, source in sorted(_sources().items()):
        whole.update(name.encode() + source.read_bytes())
    return whole.hexdigest()


@cache
def _sources() -> dict[str, Traversable]:
    """Return the served files by name: the scripts and styles of our static folder, and plotly.js."""
    own: dict[str, Traversable] = {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*")
                                   if path.suffix in TYPES}
    return own | {"plotly.min.js": files("plotly") / "package_data" / "plotly.min.js"}


@cache
def _content(name: str, compressed: bool) -> bytes:
    """Return a file; kept, so that all who read it slowly share it, and because to compress plotly.js takes 0.1 s."""
    content = _sources()[name].read_bytes()
    return gzip.compress(content, compresslevel=6) if compressed else content


def _serve(request: Request) -> Response:
    """Answer with one file; Starlette calls this in a thread of its own, so compressing holds nobody up."""
    name = request.path_params["name"]
    if name not in _sources():
        return Response(status_code=404)
    current = request.path_params["digest"] == digest()
    headers = {"Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache",
               "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    compressed = "gzip" in request.headers.get("accept-encoding", "")
    if compressed:
        headers["Content-Encoding"] = "gzip"
    with _reading:
        content = _content(name, compressed)
    return Response(content, headers=headers, media_type=TYPES[Path(name).suffix])
