"""What every page has of ours before Streamlit draws anything: scripts, and a sentence for whoever is not connected.

The sentence is for people behind a proxy that lets no websocket through: Streamlit shows a blank page there. The
scripts come with the page because a page is used sooner that way: plotly.js is read while Streamlit's own script waits
for its server, and that one is told where the server is, else it asks below the page's own path first.
"""

from __future__ import annotations

from html import escape

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lstm_core import i18n
from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.base.static_files import address

SENTENCE = N_("This page is not connected to its server. If that lasts, something between the two (a proxy, a firewall "
              "or an extension of the browser) lets no websockets through. Another network may help; whoever runs the "
              "proxy can allow them.")
SCRIPTS = ("unconnected.js", "history.js", "typing.js")
PLOTLY = "plotly.min.js"
# All files of a page have addresses relative to where the server is. A host that knows better has said so before.
SERVER = b"<script>window.__streamlit??={BACKEND_BASE_URL:new URL('./',location.href).href}</script>"
_CACHED = frozenset({b"if-none-match", b"if-modified-since", b"accept-encoding", b"range"})


class PageScripts:
    """Middleware that puts our scripts into every page, and the sentence, hidden at first."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the answer when it is a page."""
        reads = scope["type"] == "http" and scope["method"] == "GET"
        if not reads or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        whole = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in _CACHED]}
        start: Message | None = None
        body = b""

        async def send_completed(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                if Headers(raw=message["headers"]).get("content-type", "").startswith("text/html"):
                    start = message
                    return
            elif start is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body", False):
                    return
                body = body.replace(b"</body>", _parts(scope["path"]) + b"</body>", 1)
                headers = MutableHeaders(scope=start)
                for name in ("etag", "last-modified"):      # they are the file's, without what is ours
                    del headers[name]
                headers["content-length"] = str(len(body))
                await send(start)
                message, start = {"type": "http.response.body", "body": body}, None
            await send(message)

        await self.app(whole, receive, send_completed)


def _parts(path: str) -> bytes:
    """Return the sentence in all languages, and the scripts, which lie below the page's base address."""
    words = "".join(f'<p lang="{language}">{escape(_said(language))}</p>' for language in i18n.LANGUAGES)
    scripts = "".join(f'<script type="module" src="./{address(name)}"></script>' for name in SCRIPTS)
    page, plotly = PAGES.get(path.rpartition("/")[2]), f"./{address(PLOTLY)}"
    # One that did not load is taken away, so that the first chart tries again.
    scripts += (f'<script async src="{plotly}" onerror="this.remove()"></script>' if page and page.charts else
                f'<link rel="prefetch" as="script" href="{plotly}">')
    return f'<div id="unconnected" role="alert" hidden>{words}</div>{scripts}'.encode() + SERVER


def _said(language: str) -> str:
    with i18n.speaking(language):
        return i18n.gettext(SENTENCE)
