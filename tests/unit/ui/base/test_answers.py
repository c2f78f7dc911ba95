"""What is added to answers: headers that browsers obey, a sentence for those whose websockets do not get through."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.file_util import get_static_dir

from lstm_core import i18n
from lstm_core.ui.base.page_scripts import SENTENCE, PageScripts
from lstm_core.ui.base.safe_headers import FRAMES, METRICS, SafeHeaders
from lstm_core.ui.base.static_files import address

PAGE = {"accept": "text/html,*/*", "accept-encoding": "gzip"}


def client() -> TestClient:
    return TestClient(Starlette(
        routes=[Route("/", lambda _request: HTMLResponse("page")),
                Route("/_stcore/metrics", lambda _request: PlainTextResponse("figures"))],
        middleware=[Middleware(SafeHeaders)]))


def policy(answer: dict[str, str]) -> dict[str, list[str]]:
    return {rule.split()[0]: rule.split()[1:] for rule in answer["content-security-policy"].split("; ")}


def test_every_answer_says_how_it_may_be_used() -> None:
    for path in ("/", "/nothing"):
        headers = dict(client().get(path, headers={"host": "lab.school.edu:8501"}).headers)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert policy(headers)["frame-ancestors"] == ["'self'"]
        assert policy(headers)["object-src"] == ["'none'"]
        assert policy(headers)["connect-src"][-2:] == ["ws://lab.school.edu:8501", "wss://lab.school.edu:8501"]


def test_a_name_of_the_host_adds_nothing_else_to_the_policy() -> None:
    headers = dict(client().get("/", headers={"host": "x; script-src *"}).headers)
    assert "*" not in headers["content-security-policy"]


def test_frames_and_figures_are_opened_by_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    assert client().get("/_stcore/metrics").status_code == 404
    monkeypatch.setenv(METRICS, "1")
    monkeypatch.setenv(FRAMES, "https://moodle.school.edu, https://*.example.org")
    answer = client().get("/_stcore/metrics")
    assert answer.text == "figures"
    assert policy(dict(answer.headers))["frame-ancestors"] == [
        "'self'", "https://moodle.school.edu", "https://*.example.org"]


def test_every_page_has_the_sentence_in_all_languages() -> None:
    index = f"{get_static_dir()}/index.html"
    app = Starlette(routes=[Route("/{name:path}", lambda _request: FileResponse(index))],
                    middleware=[Middleware(PageScripts)])
    with TestClient(app) as at:
        first = at.get("/", headers=PAGE)
        again = at.get("/shapes", headers={**PAGE, "if-none-match": first.headers.get("etag", '"x"')})
        other = at.get("/", headers={"accept": "*/*"})
        head = at.head("/", headers=PAGE)
    assert first.text == again.text
    assert first.text.count("</body>") == 1
    with i18n.speaking("zh"):
        assert i18n.gettext(SENTENCE) != SENTENCE
        assert f'<p lang="zh">{i18n.gettext(SENTENCE)}</p>' in first.text
    assert f'<p lang="en">{SENTENCE}</p>' in first.text
    assert f'src="./{address("unconnected.js")}"' in first.text
    assert int(first.headers["content-length"]) == len(first.content)
    assert "etag" not in first.headers
    assert "etag" in other.headers
    assert "unconnected" not in other.text
    assert head.status_code == 200


def test_a_page_with_charts_brings_plotly_along_and_every_page_tells_where_its_server_is() -> None:
    index = f"{get_static_dir()}/index.html"
    app = Starlette(routes=[Route("/{name:path}", lambda _request: FileResponse(index))],
                    middleware=[Middleware(PageScripts)])
    plotly = f'"./{address("plotly.min.js")}"'
    with TestClient(app) as at:
        for path, brought in (("/", False), ("/challenges", False), ("/train", True), ("/below/compare", True)):
            text = at.get(path, headers=PAGE).text
            assert (f"<script async src={plotly}" in text) == brought
            assert (f'<link rel="prefetch" as="script" href={plotly}>' in text) != brought
            assert text.count("window.__streamlit??=") == 1


def test_what_is_no_page_passes_as_it_is() -> None:
    app = Starlette(routes=[Route("/", lambda _request: PlainTextResponse("a </body> of text"))],
                    middleware=[Middleware(PageScripts)])
    assert TestClient(app).get("/", headers=PAGE).text == "a </body> of text"
