"""The numbers behind the cell view, over HTTP: what a network does inside at one moment of its training.

A page registers what is to be seen and hands the browser a token; the browser then fetches, as it needs them,

    GET <token>/<update>            the trace of one snapshot, of a small layer also its weights: float32, little-endian
                                    (see ``packing.packed``)
    GET <token>/<update>/by-hand    the equations of one unit at one time step (see ``packing.worked_out``)

Both take ``which=changed`` (what is registered, interventions included) or ``which=original`` (without them). For a
snapshot that has been thinned out since the browser heard of it the answer is that of the nearest one before it; the
header ``X-Update`` tells whose numbers they are, ``X-Inside`` that it is we who answer and not a host in between.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.inside.by_hand import work_out
from lstm_core.inside.interventions import apply, changed_weights
from lstm_core.records import GateTrace, Weights
from lstm_core.ui.base.server import lab, people
from lstm_core.ui.base.static_files import folder
from lstm_core.ui.cell.fair_executor import FairExecutor
from lstm_core.ui.cell.packing import packed, worked_out
from lstm_core.ui.cell.registry import Registry, Seen

FOLDER = "inside"           # where the routes lie, below that of our files
_KEPT = 4                   # traces kept for the equations, which are asked for again and again at one snapshot,
_KEPT_BYTES = 8_000_000     # none of them larger than this

_DIGITS = 40                # of an update: what is beyond the last one asks for the last one
_AT_ONCE = 2                # answers computed side by side: the threads that serve files and pages stay free


registry = Registry()
_turns = FairExecutor(_AT_ONCE, people=people)


def routes() -> list[BaseRoute]:
    """Return the routes of the traces and the equations, for ``st.App``."""
    path = f"{folder()}/{FOLDER}/{{token}}/{{update}}"
    return [Route(path, _trace, methods=["GET"]), Route(f"{path}/by-hand", _by_hand, methods=["GET"])]


def answer(address: str) -> dict[str, Any]:
    """Answer a question that came by way of the page, because the host lets only Streamlit's own paths through.

    Args:
        address: as the browser would have fetched it, such as ``gatescope/inside/<token>/120?which=changed``.
    """
    path, _, query = address.partition("?")
    _, _, asked = path.partition(f"{FOLDER}/")
    token, _, rest = asked.partition("/")
    update, _, by_hand = rest.partition("/")
    request = Request({"type": "http", "headers": [], "query_string": query.encode(),
                       "path_params": {"token": token, "update": update}})
    seen, number, content, status = registry.find(token), 0, b"", 200
    if seen is None:
        status, content = 404, json.dumps({"gone": "token"}).encode()
    elif not update.isdecimal() or len(update) > _DIGITS:
        status = 404
    else:
        try:
            number, content = (_equations if by_hand else _trace_bytes)(request, seen)
        except Refusal as refusal:
            status, content = 422, json.dumps({"refused": str(refusal)}).encode()
    return {"address": address, "status": status, "update": str(number), "content": b64encode(content).decode()}


# -- answering ---------------------------------------------------------------------------------------------

@dataclass(frozen=True, eq=False)
class _Moment:
    """A network at one moment of its training, and what it does inside."""

    update: int
    weights: Weights
    trace: GateTrace


_Key = tuple[str, int, str]
_moments: OrderedDict[_Key, _Moment] = OrderedDict()
_keeping, _large = Lock(), Lock()


async def _trace(request: Request) -> Response:
    return await _answer(request, _trace_bytes)


async def _by_hand(request: Request) -> Response:
    return await _answer(request, _equations)


async def _answer(request: Request, compute: Callable[[Request, Seen], tuple[int, bytes]]) -> Response:
    """Answer with computed bytes and the update they belong to, or say that the token is not known: register again."""
    seen, asked = registry.find(request.path_params["token"]), request.path_params["update"]
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Inside": "1"}
    if not asked.isdecimal() or len(asked) > _DIGITS:
        return Response(status_code=404, headers=headers)
    if seen is None:
        return JSONResponse({"gone": "token"}, 404, headers)
    try:
        answer = asyncio.wrap_future(_turns.submit(seen.owner, partial(compute, request, seen)))
        if not await _waited_for(answer, request):
            return Response(status_code=404, headers=headers)       # which nobody reads
        update, content = answer.result()
    except Refusal as refusal:
        return JSONResponse({"refused": str(refusal)}, 422, headers)
    headers["X-Update"] = str(update)
    if str(update) == asked:
        # A token stands for its content, and a snapshot never changes: the browser may keep the answer.
        headers |= {"Cache-Control": "private, max-age=86400, immutable", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    return Response(content, headers=headers, media_type="application/octet-stream" if compute is _trace_bytes
                    else "application/json")


async def _waited_for(answer: asyncio.Future[tuple[int, bytes]], request: Request) -> bool:
    """Wait for an answer; when the browser goes away meanwhile, take its question back and return False."""
    leaving = asyncio.ensure_future(_left(request))
    either: set[asyncio.Future[Any]] = {answer, leaving}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        return answer.done() or not answer.cancel()
    finally:
        leaving.cancel()


async def _left(request: Request) -> None:
    """Wait until the browser goes away."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _trace_bytes(request: Request, seen: Seen) -> tuple[int, bytes]:
    with _alone(seen):
        moment = _computed(*_asked(request), seen)
        content = packed(seen.spec.model, moment.trace, moment.weights)
        update = moment.update
        del moment
    return update, _compressed(request, content)


def _equations(request: Request, seen: Seen) -> tuple[int, bytes]:
    layer, unit, step = (_whole(request, name) for name in ("layer", "unit", "step"))
    with _alone(seen):
        moment = _kept(request, seen)
    equations = work_out(seen.spec.model, moment.weights, moment.trace, layer=layer, unit=unit, step=step)
    return moment.update, _compressed(request, json.dumps(worked_out(equations)).encode())


def _compressed(request: Request, content: bytes) -> bytes:
    """Compress at the lowest level: higher ones cost more and gain nothing on the digits of measured numbers."""
    accepted = "gzip" in request.headers.get("accept-encoding", "")
    return gzip.compress(content, compresslevel=1, mtime=0) if accepted else content


def _whole(request: Request, name: str) -> int:
    text = request.query_params.get(name, "")
    if not text.isdecimal() or len(text) > 6:
        raise Refusal("{name} must be a whole number; received {value!r}.", name=name, value=text[:20])
    return int(text)


def _asked(request: Request) -> tuple[int, str]:
    update, which = int(request.path_params["update"]), request.query_params.get("which", "changed")
    if which not in ("changed", "original"):
        raise Refusal("which must be changed or original; received {value!r}.", value=which[:20])
    return min(update, limits.UPDATES), which


def _size(seen: Seen) -> int:
    """Return how many bytes the numbers of a trace take, roughly."""
    return sum(10 * 8 * len(seen.x) * layer.hidden for layer in seen.spec.model.layers)


@contextmanager
def _alone(seen: Seen) -> Iterator[None]:
    """Have large traces computed one after the other: the largest takes 80 MB meanwhile."""
    with _large if _size(seen) > _KEPT_BYTES else nullcontext():
        yield


def _computed(update: int, which: str, seen: Seen) -> _Moment:
    """Return the snapshot at or before an update with its trace, with or without the interventions."""
    snapshot = lab().snapshot(seen.run, update)
    interventions = seen.interventions if which == "changed" else ()
    return _Moment(snapshot.update, changed_weights(snapshot.weights, interventions),
                   apply(seen.spec.model, snapshot.weights, seen.x, interventions))


def _kept(request: Request, seen: Seen) -> _Moment:
    """Return a moment, computed once for all units and steps that are worked out one after another."""
    key = (request.path_params["token"], *_asked(request))
    with _keeping:
        if key in _moments:
            _moments.move_to_end(key)
            return _moments[key]
    computed = _computed(*key[1:], seen)
    if _size(seen) <= _KEPT_BYTES:
        with _keeping:
            _moments[key] = computed
            while len(_moments) > _KEPT:
                _moments.popitem(last=False)
    return computed
