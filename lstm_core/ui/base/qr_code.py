"""An address as a QR code, which a phone reads from a screen or a wall."""

from __future__ import annotations

from io import BytesIO

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from lstm_core.ui.base.static_files import folder

NAME = "qr"
LONGEST = 1_000         # characters of an address: more make squares that no phone reads across a room
_BORDER = 4             # squares of white around it, without which it is not read (ISO/IEC 18004)


def routes() -> list[BaseRoute]:
    """Return the route of the codes, for ``st.App``: ``qr?to=<address>``."""
    return [Route(f"{folder()}/{NAME}", _answer, methods=["GET"])]


def qr_code(address: str) -> bytes:
    """Return an address as a picture, SVG, dark on light in every theme.

    Raises:
        ValueError: it is no address of a page, or too long.
    """
    import segno  # only when the first code is asked for

    if not address.startswith(("http://", "https://")) or len(address) > LONGEST:
        raise ValueError(f"An address begins with http:// or https:// and has at most {LONGEST} characters; "
                         f"received {address[:40]!r}, {len(address)} characters.")
    picture = BytesIO()
    code = segno.make(address, micro=False)
    code.save(picture, kind="svg", border=_BORDER, light="white", xmldecl=False, omitsize=True)
    return picture.getvalue()


def _answer(request: Request) -> Response:
    try:
        picture = qr_code(request.query_params.get("to", ""))
    except ValueError as refusal:
        return PlainTextResponse(str(refusal), 422)
    return Response(picture, media_type="image/svg+xml",
                    headers={"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"})
