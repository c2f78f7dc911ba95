"""The numbers behind the cell view, over HTTP: what a network does inside at one moment of its training.

A page registers what is to be seen and hands the browser a token; the browser then fetches, as it needs them,

    GET <token>/<update>            the trace of one snapshot, float32, little-endian (see :func:`packed`)
    GET <token>/<update>/by-hand    the equations of one unit at one time step (see :func:`worked_out`)

Both take ``which=changed`` (what is registered, interventions included) or ``which=original`` (without them). For a
snapshot that has been thinned out since the browser heard of it the answer is that of the nearest one before it; the
header ``X-Update`` tells whose numbers they are.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import hmac
import json
import secrets
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from lstm_core import limits
from lstm_core.cells.equations import GATES, STATES
from lstm_core.errors import Refusal
from lstm_core.inside.by_hand import Equation, Number, Sum, rounded, work_out
from lstm_core.inside.interventions import Intervention, apply, changed_weights
from lstm_core.records import GateTrace, Weights
from lstm_core.spec import ModelSpec, RunSpec
from lstm_core.ui.base.server import lab
from lstm_core.ui.base.static_files import folder

T = TypeVar("T")

FOLDER = "inside"           # where the routes lie, below that of our files
DIGITS = 4                  # digits after the point of the numbers worked out by hand
_KEPT = 4                   # traces kept for the equations, which are asked for again and again at one snapshot,
_KEPT_BYTES = 8_000_000     # none of them larger than this

_DIGITS = 40                # of an update: what is beyond the last one asks for the last one
_AT_ONCE = 2                # answers computed side by side: the threads that serve files and pages stay free


@dataclass(frozen=True, eq=False)
class Seen:
    """What is to be seen: a network, at the moments of its training, while it reads one sequence."""

    run: str
    spec: RunSpec
    x: np.ndarray                   # (T, F) float32 scaled, or (T,) symbols
    interventions: tuple[Intervention, ...] = ()
    owner: str = ""                 # who looks


class Registry:
    """What all browsers may ask for now. Thread-safe.

    When there is no room, whoever has most of it loses what they have not used for longest: nobody can push out what
    others look at by looking at ever more.

    The same content has the same token as long as the server lives, so that a page that runs again leaves what the
    browser already has valid; nobody who does not know the server's secret can guess it.

    Args:
        room: entries kept at most.
        seconds: after which an unused entry expires.
        clock: seconds that never go back.
    """

    def __init__(self, room: int = limits.CELL_VIEWS, seconds: float = limits.CELL_VIEW_SECONDS,
                 clock: Callable[[], float] = time.monotonic) -> None:
        self._room, self._seconds, self._clock = room, seconds, clock
        self._secret = secrets.token_bytes(32)
        self._entries: OrderedDict[str, tuple[float, Seen]] = OrderedDict()     # the longest unused first
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def register(self, seen: Seen) -> str:
        """Keep what is to be seen and return its token; snapshots that have come since replace the earlier list."""
        content = hmac.new(self._secret, repr((seen.run, seen.spec, seen.x.dtype.str, seen.x.shape,
                                               seen.interventions, seen.owner)).encode(), hashlib.sha256)
        content.update(np.ascontiguousarray(seen.x).tobytes())
        token = content.hexdigest()[:32]
        with self._lock:
            self._keep(token, seen)
            while len(self._entries) > self._room:
                shares = Counter(kept.owner for _, kept in self._entries.values())
                most = max(shares.values())
                del self._entries[next(token for token, (_, kept) in self._entries.items()
                                       if shares[kept.owner] == most)]
        return token

    def find(self, token: str) -> Seen | None:
        """Return what belongs to a token; None when it is not, or no longer, known."""
        with self._lock:
            self._expire()
            entry = self._entries.get(token)
            if entry is None:
                return None
            self._keep(token, entry[1])
            return entry[1]

    def _keep(self, token: str, seen: Seen) -> None:
        self._entries[token] = (self._clock(), seen)
        self._entries.move_to_end(token)

    def _expire(self) -> None:
        oldest = self._clock() - self._seconds
        while self._entries and next(iter(self._entries.values()))[0] < oldest:
            self._entries.popitem(last=False)


class FairExecutor:
    """Threads that people take turns at: however much one of them asks for, the others wait for one answer at most."""

    def __init__(self, threads: int, room: int = limits.CELL_QUESTIONS) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="cell-view")
        self._room = room
        self._waiting: OrderedDict[str, deque[tuple[Future[Any], Callable[[], Any]]]] = OrderedDict()
        self._lock = Lock()

    def submit(self, owner: str, work: Callable[[], T]) -> Future[T]:
        """Have somebody's work done in its turn.

        Raises:
            Refusal: so much of theirs waits already.
        """
        answer: Future[T] = Future()
        with self._lock:
            mine = self._waiting.setdefault(owner, deque())
            if len(mine) >= self._room:
                raise Refusal("{limit} of your questions are waiting already. Ask again in a while.", limit=self._room)
            mine.append((answer, work))
        self._threads.submit(self._next)
        return answer

    def _next(self) -> None:
        with self._lock:
            owner, mine = self._waiting.popitem(last=False)
            answer, work = mine.popleft()
            if mine:
                self._waiting[owner] = mine         # behind everybody else
        if answer.set_running_or_notify_cancel():   # the browser may be gone
            try:
                answer.set_result(work())
            except BaseException as error:
                answer.set_exception(error)


registry = Registry()
_turns = FairExecutor(_AT_ONCE)


def routes() -> list[BaseRoute]:
    """Return the routes of the traces and the equations, for ``st.App``."""
    path = f"{folder()}/{FOLDER}/{{token}}/{{update}}"
    return [Route(path, _trace, methods=["GET"]), Route(f"{path}/by-hand", _by_hand, methods=["GET"])]


def packed(model: ModelSpec, trace: GateTrace) -> bytes:
    """Return a trace as float32, little-endian, one array behind the other.

    What enters the first layer (T, F); then for each layer every gate (T, H) in the order of ``GATES`` and every state
    (T+1, H) in the order of ``STATES``, beginning with the one before the first step; then the output (T, O). The RNN's
    only gate is its hidden state, which is not sent twice.
    """
    arrays = [trace.layers[0].x]
    for layer in trace.layers:
        arrays += [layer.gates[name] for name in GATES[model.cell] if name not in STATES[model.cell]]
        arrays.append(np.vstack([layer.h0[np.newaxis], layer.h]))
        if layer.c is not None and layer.c0 is not None:
            arrays.append(np.vstack([layer.c0[np.newaxis], layer.c]))
    arrays.append(trace.output)
    with np.errstate(over="ignore"):        # beyond float32's range: it is shown as infinite
        return b"".join(array.astype("<f4").tobytes() for array in arrays)


def worked_out(equations: Iterable[Equation]) -> list[dict[str, object]]:
    """Return equations as JSON: numbers as they are written, each with its source and its exact value."""
    return [_equation(equation) for equation in equations]


def _equation(equation: Equation) -> dict[str, object]:
    shown = rounded(equation, DIGITS)
    return {"name": equation.name, "function": equation.function, "clamped": equation.clamped,
            "parts": [{"part": part.part, "folded": part.folded, "rest": str(written.rest), "value": str(written.value),
                       "terms": _terms(part, written.terms)}
                      for part, written in zip(equation.parts, shown.parts, strict=True)],
            "rounding": str(shown.rounding), "sum": _number(equation.sum, shown.sum), "value": str(shown.value),
            "result": _number(equation.result, shown.result)}


def _terms(part: Sum, written: tuple[Decimal, ...]) -> list[dict[str, object]]:
    return [{"value": str(value), "factors": [_number(factor) for factor in term.factors]}
            for term, value in zip(part.terms, written, strict=True)]


def _number(number: Number, written: Decimal | None = None) -> dict[str, object]:
    text = f"{number.value:.{DIGITS}f}" if written is None else str(written)
    facts: dict[str, object] = {"text": text, "exact": f"{number.value:.9g}", "source": number.source}
    if number.inner is not None:
        facts |= {"through": number.through, "inner": f"{number.inner:.{DIGITS}f}"}
    return facts


# -- answering ---------------------------------------------------------------------------------------------

@dataclass(frozen=True, eq=False)
class _Moment:
    """A network at one moment of its training, and what it does inside."""

    update: int
    weights: Weights
    trace: GateTrace


_Key = tuple[str, int, str]
_moments: OrderedDict[_Key, _Moment] = OrderedDict()
_keeping = Lock()


async def _trace(request: Request) -> Response:
    return await _answer(request, _trace_bytes)


async def _by_hand(request: Request) -> Response:
    return await _answer(request, _equations)


async def _answer(request: Request, compute: Callable[[Request, Seen], tuple[int, bytes]]) -> Response:
    """Answer with computed bytes and the update they belong to, or say that the token is not known: register again."""
    seen, asked = registry.find(request.path_params["token"]), request.path_params["update"]
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if not asked.isdecimal() or len(asked) > _DIGITS:
        return Response(status_code=404, headers=headers)
    if seen is None:
        return JSONResponse({"gone": "token"}, 404, headers)
    try:
        update, content = await asyncio.wrap_future(_turns.submit(seen.owner, partial(compute, request, seen)))
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


def _trace_bytes(request: Request, seen: Seen) -> tuple[int, bytes]:
    moment = _computed(*_asked(request), seen)
    return moment.update, _compressed(request, packed(seen.spec.model, moment.trace))


def _equations(request: Request, seen: Seen) -> tuple[int, bytes]:
    layer, unit, step = (_whole(request, name) for name in ("layer", "unit", "step"))
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
    steps = len(seen.x)
    if sum(10 * 8 * steps * layer.hidden for layer in seen.spec.model.layers) <= _KEPT_BYTES:
        with _keeping:
            _moments[key] = computed
            while len(_moments) > _KEPT:
                _moments.popitem(last=False)
    return computed
