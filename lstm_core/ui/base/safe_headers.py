"""What every answer tells a browser about how it may be used: content policy, frames, types, referrers."""

from __future__ import annotations

import os
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRAMES = "GATESCOPE_FRAMES"
METRICS = "GATESCOPE_METRICS"
METRICS_PATH = "/_stcore/metrics"

# Streamlit's own script puts styles and scripts into the page, makes modules out of text (blob:), and compiles
# expressions; a connection to the own host is named, as older browsers do not count websockets as the page's own.
POLICY = {
    "default-src": "'self'", "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline' blob:", "img-src": "'self' data: blob:", "font-src": "'self' data:",
    "media-src": "'self' data: blob:", "worker-src": "'self' blob:", "connect-src": "'self' data: blob:",
    "frame-src": "'self' blob:", "object-src": "'none'", "base-uri": "'self'", "form-action": "'self'",
    "frame-ancestors": "'self'",
}


class SafeHeaders:
    """Middleware that adds such headers to all answers, and keeps the server's figures to itself.

    The environment's ``GATESCOPE_FRAMES`` names websites that may show the lab in a frame, ``GATESCOPE_METRICS=1``
    opens ``/_stcore/metrics``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._frames = " ".join(["'self'", *re.split(r"[\s,;]+", os.environ.get(FRAMES, "").strip())]).strip()
        self._metrics = os.environ.get(METRICS, "") == "1"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = self._policy(Headers(scope=scope).get("host", ""))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
            await send(message)

        hidden = scope["path"].rstrip("/").endswith(METRICS_PATH) and not self._metrics
        await (PlainTextResponse("Not Found", 404) if hidden else self.app)(scope, receive, send_with_headers)

    def _policy(self, host: str) -> str:
        sockets = f" ws://{host} wss://{host}" if re.fullmatch(r"[\w.:\[\]-]+", host) else ""
        rules = POLICY | {"connect-src": POLICY["connect-src"] + sockets, "frame-ancestors": self._frames}
        return "; ".join(f"{what} {whence}" for what, whence in rules.items())
