"""The routes behind the cell view: the bytes are the trace, nothing is served that is not registered."""

import asyncio
import dataclasses
import gzip
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import numpy as np
import pytest
from starlette.applications import Starlette

from lstm_core import cells
from lstm_core.inside.by_hand import work_out
from lstm_core.inside.interventions import ChangeWeight, ClampGate, EditNumber, apply, changed_weights
from lstm_core.ui.base import static_files
from lstm_core.ui.cell import api as cell_api
from lstm_core.ui.cell import view as cell_view
from lstm_core.ui.cell.fair_executor import FairExecutor
from lstm_core.ui.cell.packing import packed, worked_out
from lstm_core.ui.cell.registry import Registry, Seen
from tests.browser.parts import networks

EVERY = [name for name in networks.MODELS if name not in ("widest", "large")]


@pytest.fixture(autouse=True)
def made_up(monkeypatch):
    monkeypatch.setattr(cell_api, "lab", networks.Lab)
    monkeypatch.setattr(cell_api, "registry", Registry())
    cell_api._moments.clear()


@dataclasses.dataclass
class Answer:
    status_code: int
    headers: dict
    content: bytes

    def json(self):
        return json.loads(self.content)


class Client:
    """Asks the routes as a server does (ASGI), without one."""

    def __init__(self):
        self.app = Starlette(routes=[*cell_api.routes(), *static_files.routes()])

    def get(self, path, params=None, encoding="identity", leaves_after=60.0):
        scope = {"type": "http", "method": "GET", "path": path, "query_string": urlencode(params or {}).encode(),
                 "headers": [(b"accept-encoding", encoding.encode())], "http_version": "1.1", "root_path": ""}
        sent, came = [], [{"type": "http.request"}]

        async def receive():
            if came:
                return came.pop()
            await asyncio.sleep(leaves_after)
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        with ThreadPoolExecutor(1) as thread:       # the browser tests leave a loop running in this one
            thread.submit(lambda: asyncio.run(self.app(scope, receive, send))).result()
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))


@pytest.fixture
def client():
    return Client()


def seen(name, **changes):
    inside = networks.inside(name)
    return dataclasses.replace(Seen(name, inside.spec, inside.x, inside.interventions), **changes)


def address(token, rest=""):
    return f"/{static_files.PREFIX}/{cell_api.FOLDER}/{token}/{rest}"


def unpacked(content, name, trace):
    """Cut the bytes into arrays as the documentation of `packed` says, from the spec alone."""
    model, steps = networks.MODELS[name], len(networks.x(name))
    values = np.frombuffer(content, "<f4")
    sizes = [(trace.layers[0].x.shape[1], steps)]
    for layer in model.layers:
        gates = [gate for gate in model.cell_type.gates if gate != "h"]
        sizes += [(layer.hidden, steps)] * len(gates) + [(layer.hidden, steps + 1)] * len(model.cell_type.states)
    sizes.append((trace.output.shape[1], steps))
    for layer in [layer for layer in trace.layers if layer.h.shape[1] <= 4] * (2 if trace.switch else 1):
        sizes += [(layer.x.shape[1], layer.h.shape[1]), (layer.h.shape[1],) * 2] * len(model.cell_type.gates)
    arrays, start = [], 0
    for width, rows in sizes:
        arrays.append(values[start:start + width * rows].reshape(rows, width))
        start += width * rows
    assert start == len(values)
    return arrays


@pytest.mark.parametrize("name", EVERY)
def test_the_bytes_are_the_trace(client, name):
    token = cell_api.registry.register(seen(name))
    update = int(networks.updates(name)[-2 if len(networks.updates(name)) > 1 else 0])
    answer = client.get(address(token, update), params={"which": "original"})
    assert answer.status_code == 200
    model = networks.MODELS[name]
    trace = cells.trace(model, networks.weights(name, update), networks.x(name))
    arrays = iter(unpacked(answer.content, name, trace))

    def equal(expected):
        assert np.array_equal(next(arrays), expected.astype(np.float32), equal_nan=True)

    equal(trace.layers[0].x)
    for layer in trace.layers:
        for gate in model.cell_type.gates:
            if gate != "h":
                equal(layer.gates[gate])
        equal(np.vstack([layer.h0, layer.h]))
        if layer.c is not None:
            equal(np.vstack([layer.c0, layer.c]))
    equal(trace.output)
    for stage in ("layers", "decoder") if trace.switch else ("layers",):
        for number, size in enumerate(model.layers):
            if size.hidden <= 4:
                for w in cells.gate_weights(model.cell, networks.weights(name, update), number, stage).values():
                    equal(w.W)
                    equal(w.U)
    assert next(arrays, None) is None


def test_interventions_act_on_what_is_changed_only(client):
    changes = (ClampGate(0, "f", 0.0, unit=2), EditNumber(3, 0, 0.5), ChangeWeight("head.bias", (0,), 2.0))
    token = cell_api.registry.register(seen("lstm", interventions=changes))
    model, weights, x = networks.MODELS["lstm"], networks.weights("lstm", 3000), networks.x("lstm")
    changed, original = (client.get(address(token, 3000), params={"which": which}).content
                         for which in ("changed", "original"))
    assert changed == packed(model, apply(model, weights, x, changes), changed_weights(weights, changes))
    assert original == packed(model, cells.trace(model, weights, x), weights)
    assert changed != original
    assert client.get(address(token, 3000)).content == changed      # what is registered, when not said otherwise
    assert client.get(address(token, 3000), params={"which": "other"}).status_code == 422


def test_the_equations_are_those_of_the_core(client):
    changes = (ChangeWeight("layers.0.weight_ih_l0", (3, 0), 0.25),)
    token = cell_api.registry.register(seen("lstm", interventions=changes))
    params = {"layer": 0, "unit": 3, "step": 5, "which": "changed"}
    answer = client.get(address(token, "3000/by-hand"), params=params)
    model, weights = networks.MODELS["lstm"], networks.weights("lstm", 3000)
    trace = apply(model, weights, networks.x("lstm"), changes)
    equations = work_out(model, changed_weights(weights, changes), trace, layer=0, unit=3, step=5)
    assert answer.json() == json.loads(json.dumps(worked_out(equations)))
    assert [equation["name"] for equation in answer.json()] == ["f", "i", "g", "o", "c", "h"]
    assert answer.json()[-1]["result"]["text"] == f"{trace.layers[0].h[5, 3]:.4f}"
    assert client.get(address(token, "3000/by-hand"), params=params | {"which": "original"}).json() != answer.json()
    for wrong in ({"unit": 10}, {"step": 24}, {"layer": 1}, {"unit": "x"}, {"step": -1}):
        assert client.get(address(token, "3000/by-hand"), params=params | wrong).status_code == 422


def test_a_kept_trace_is_that_of_its_own_token_update_and_choice(client):
    answers = set()
    for changes in ((), (ClampGate(0, "f", 1.0),)):
        token = cell_api.registry.register(seen("lstm", interventions=changes))
        for update in (0, 3000):
            for _again in range(2):
                place = {"layer": 0, "unit": 0, "step": 9}
                answers.add(client.get(address(token, f"{update}/by-hand"), params=place).content)
    assert len(answers) == 4
    assert len(cell_api._moments) <= 4


def test_what_is_not_there_is_said(client):
    token = cell_api.registry.register(seen("lstm"))
    for rest in ("3000", "3000/by-hand"):
        answer = client.get(address("0" * 32, rest), params={"layer": 0, "unit": 0, "step": 0})
        assert (answer.status_code, answer.json()) == (404, {"gone": "token"})
        assert answer.headers["cache-control"] == "no-store"
    assert client.get(address(token, "last")).status_code == 404


def test_for_a_snapshot_that_was_thinned_out_the_one_before_it_stands_under_its_own_number(client, monkeypatch):
    class Thinned(networks.Lab):
        def snapshot(self, run, update):
            return super().snapshot(run, max(kept for kept in (0, 2000, 3000) if kept <= update))

    monkeypatch.setattr(cell_api, "lab", Thinned)
    token = cell_api.registry.register(seen("lstm"))
    place = {"layer": 0, "unit": 0, "step": 9}
    for rest, params in (("", {}), ("/by-hand", place)):
        asked = {update: client.get(address(token, f"{update}{rest}"), params=params) for update in (2000, 2500, 9**30)}
        assert [answer.headers["x-update"] for answer in asked.values()] == ["2000", "2000", "3000"]
        assert asked[2500].content == asked[2000].content != asked[9**30].content
        assert asked[2000].headers["cache-control"].startswith("private")
        assert asked[2500].headers["cache-control"] == "no-store"       # its number may come to mean another


def test_a_store_that_does_not_answer_is_reported(client):
    token = cell_api.registry.register(seen("missing"))
    answer = client.get(address(token, 3000))
    assert answer.status_code == 422
    assert answer.headers["cache-control"] == "no-store"
    assert "does not answer" in answer.json()["refused"]


def test_what_a_browser_no_longer_waits_for_is_not_computed(client, monkeypatch):
    monkeypatch.setattr(cell_api, "_turns", turns := FairExecutor(1))
    computed, busy = [], threading.Event()
    monkeypatch.setattr(cell_api, "_computed", lambda *asked: computed.append(asked))
    token = cell_api.registry.register(seen("lstm"))
    first = turns.submit("somebody", lambda: busy.wait(10))
    assert client.get(address(token, "1"), leaves_after=0.05).content == b""
    busy.set()
    assert first.result(10)
    turns.submit("somebody", lambda: None).result(10)       # behind it
    assert computed == []


def test_answers_are_compressed_and_kept_by_one_browser_only(client):
    token = cell_api.registry.register(seen("lstm"))
    plain = client.get(address(token, 3000))
    zipped = client.get(address(token, 3000), encoding="gzip, br")
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    assert len(zipped.content) < len(plain.content)
    assert "content-encoding" not in plain.headers
    assert plain.headers["cache-control"].startswith("private")
    assert "Accept-Encoding" in plain.headers["vary"]


def test_the_routes_lie_under_the_path_prefix(monkeypatch):
    monkeypatch.setattr("lstm_core.ui.base.static_files.st.get_option", lambda _name: "/some/lab/")
    token = cell_api.registry.register(seen("lstm"))
    client = Client()
    assert client.get("/some/lab" + address(token, 3000)).status_code == 200
    assert client.get(address(token, 3000)).status_code == 404


# -- the registry --------------------------------------------------------------------------------------------


def test_the_same_content_keeps_its_token_and_other_content_has_another():
    registry = Registry()
    first = registry.register(seen("lstm"))
    assert registry.register(seen("lstm")) == first
    edited = networks.x("lstm").copy()
    edited[0] = 9
    others = {registry.register(seen("lstm", **change)) for change in (
        {"run": "other"}, {"x": edited}, {"spec": networks.inside("gru").spec},
        {"interventions": (ClampGate(0, "f", 1),)})}
    assert len(others | {first}) == 5
    assert Registry().register(seen("lstm")) != first       # not to be worked out from the content


def test_the_registry_forgets_the_least_recently_used():
    registry = Registry(room=3)
    tokens = [registry.register(seen("lstm", run=str(run))) for run in range(3)]
    registry.find(tokens[0])
    newest = registry.register(seen("lstm", run="newest"))
    assert [registry.find(token) is not None for token in (*tokens, newest)] == [True, False, True, True]
    for run in range(50):
        registry.register(seen("lstm", run=f"more {run}"))
    assert len(registry) == 3


def test_the_registry_forgets_what_nobody_asks_for():
    now = 0.0
    registry = Registry(seconds=60, clock=lambda: now)
    token, other = registry.register(seen("lstm")), registry.register(seen("gru"))
    now = 50.0
    assert registry.find(token) is not None
    now = 100.0
    assert registry.find(token) is not None
    assert registry.find(other) is None


# -- what is sent with the page -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_what_is_sent_with_the_page_is_small_and_plain(name):
    facts = cell_view.facts(networks.inside(name), None)
    text = json.dumps(facts, allow_nan=False)
    assert len(text) < 24_000
    assert len(facts["loss"]["at"]) == len(facts["loss"]["value"]) <= 200
    assert len(facts["marks"]) == len(facts["real"]) == facts["steps"]
    assert facts["folder"].startswith(f"{static_files.PREFIX}/inside/")


def test_the_names_of_what_enters_follow_the_input_stage():
    inside = networks.inside("stacked")
    assert cell_view.facts(inside, None)["names"] == ["open", "high", "low", "close"]
    dense = dataclasses.replace(inside, spec=inside.spec.change(input_dense=7))
    assert (cell_view.facts(dense, None)["names"], cell_view.facts(dense, None)["entering"]) == ([], 7)
    letters = networks.inside("letters")
    embedded = dataclasses.replace(letters, spec=letters.spec.change(encoding="embedding", embedding=3))
    assert cell_view.facts(letters, None)["entering"] == 5
    assert (cell_view.facts(embedded, None)["names"], cell_view.facts(embedded, None)["entering"]) == ([], 3)
    assert cell_view.facts(inside, None)["marks"][0] == "2015-03-02"


def test_symbols_that_enter_and_classes_that_are_named_are_told_apart():
    letters = networks.inside("letters")
    both = cell_view.facts(letters, None)
    assert (both["symbols"], both["labels"], both["outputs"], both["follows"]) == ([*"abcde"], [*"abcde"], 5, True)
    words = dataclasses.replace(letters, labels=("bad", "good"))
    opinion = cell_view.facts(words, None)
    assert (opinion["symbols"], opinion["labels"], opinion["outputs"]) == ([*"abcde"], ["bad", "good"], 2)
    assert (opinion["entering"], opinion["follows"]) == (5, False)
    digits = cell_view.facts(dataclasses.replace(networks.inside("stacked"), labels=tuple("0123456789")), None)
    assert (digits["symbols"], digits["labels"], digits["entering"]) == ([], [*"0123456789"], 4)
    number = cell_view.facts(networks.inside("lstm"), None)
    assert (number["symbols"], number["labels"], number["outputs"]) == ([], [], 1)


@pytest.mark.parametrize(("change", "answers"), [({}, 0), ({"switch": 7}, 7), ({"conv": 3}, 23)])
def test_it_is_told_from_which_step_on_there_is_an_output(change, answers):
    inside = networks.inside("lstm")
    if "conv" in change:
        inside = dataclasses.replace(inside, spec=inside.spec.change(**change))
    else:
        inside = dataclasses.replace(inside, **change)
    facts = cell_view.facts(inside, None)
    assert (facts["answers"], facts["switch"], facts["steps"]) == (answers, change.get("switch", 0), 24)
