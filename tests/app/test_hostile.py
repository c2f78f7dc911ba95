"""Pages under hostile addresses, uploads and messages: a sentence, nothing shown but as text, and nobody else's run."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from lstm_core.errors import Refusal
from lstm_core.ui.base import quotas
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.base.quotas import RateLimiter
from lstm_core.ui.base.server import lab
from tests.app.conftest import Visit
from tests.app.visitor import LONG, Visitor
from tests.unit.hostile_corpus import MARKUP, SQL

PICTURE = "![x](http://evil.example/x.png)"
ACTIVE = re.compile(r"(?<!\\)(!\[|\]\((?!#)|<img|<script|:streamlit:)|(?<!`)(https?://|www\.)evil")
"""What a page would turn into a picture, a link or markup if it came from outside."""
ANSWER = 2.0            # seconds of CPU within which a page stands there

ADDRESSES: dict[str, dict[str, str]] = {
    "a setting": {"cell": PICTURE},
    "a number": {"hidden": "1" + "0" * 400},
    "a source": {"source": "<img src=x onerror=alert(1)>"},
    "a table": {"source": "table", "digest": "../../etc/passwd", "column": PICTURE, "features": f"{PICTURE},<b>",
                "date": SQL[0]},
    "a ticker": {"source": "prices", "market": "ticker", "ticker": PICTURE, "start": PICTURE, "digest": "0" * 32,
                 "column": "<b>", "features": "<b>,close"},
    "letters": {"source": "letters", "text": "".join(MARKUP)[:150] + "\0\u202e", "steps": "2"},
    "a long text": {"source": "letters", "text": "ab" * 10_000, "steps": "500"},
    "a size": {"length": "100000", "steps": "500", "batch": "4096", "hidden": "512", "layers": "4"},
    "many sequences": {"source": "adding", "sequences": "100000", "distance": "1000", "test": "0.5"},
    "everything else": dict.fromkeys(
        ("preset", "lang", "section", "shapes_section", "memory_section", "compare_section", "challenge", "sweep",
         "runs", "owner", "about", "part", "pace", "interventions"), PICTURE),
    "a run": {"run": "../../etc/passwd\0"}, "a query": {"run": SQL[0]}, "a long run": {"run": "x" * 100_000},
    "a run with markup": {"run": f"{PICTURE}\n\n# x"},
}


def texts(visitor: Visitor) -> list[str]:
    """Return everything on the page that is shown as Markdown."""
    kinds = ("markdown", "caption", "error", "warning", "info", "success", "title", "subheader", "button", "metric")
    shown: list[Any] = [part for kind in kinds for part in visitor.at.get(kind)]
    return [str(text) for part in shown for text in (getattr(part, "value", ""), getattr(part, "label", ""))]


def assert_harmless(visitor: Visitor) -> None:
    for text in texts(visitor):
        if "evil" in text or "alert(" in text:
            assert ACTIVE.search(text) is None, text


def opened(visit: Visit, page: str, query: dict[str, str], who: str = "") -> Visitor:
    begun = time.process_time()
    visitor = visit(page, who=who, **query)
    assert time.process_time() - begun < 2 * ANSWER         # the start page, and this one
    assert_harmless(visitor)
    return visitor


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_may_hold_anything(visit: Visit, name: str) -> None:
    visitor = opened(visit, "train", ADDRESSES[name])
    assert visitor.widget("source").value
    assert visitor.offers("train")
    assert visitor.at.session_state["owner"] == visitor.who
    # An example stands there all the same, trained or about to be, or that nobody has trained anything like it.
    assert visitor.look().progress.startswith(("Done", "In training", "Waiting for its turn", "Not trained yet"))


@pytest.mark.parametrize("page", [page for page in PAGES if page != "train"])
def test_on_every_page(visit: Visit, page: str) -> None:
    for name in ("everything else", "a run with markup", "a table"):
        opened(visit, page, ADDRESSES[name], who=f"eve {page}")


HEADERS = ["day", PICTURE, "<img src=x onerror=alert(1)>b", "[x](http://evil.example)", "=cmd()", "a_b_c*d*"]
TABLE = ",".join(f'"{name}"' for name in HEADERS) + "\n" + "".join(
    f"2024-{1 + day // 28:02}-{1 + day % 28:02},{day % 7},{day % 5},{day % 3},{day},{day % 2}\n" for day in range(120))


def test_the_names_of_a_table_are_text_on_every_page(visit: Visit) -> None:
    visitor = visit().put("source", "table").upload(TABLE.encode(), f"{PICTURE}.csv")
    assert_harmless(visitor)
    names = visitor.widget("features").options
    assert any("evil" in name for name in names)
    assert not any("<" in name for name in names)
    visitor.put("features", [names[1], names[3], names[5]]).put("column", names[1]).put("steps", 5).put("epochs", 2)
    visitor.click("train").rest()
    assert visitor.errors == ""
    assert_harmless(visitor)
    for page in PAGES.values():
        assert_harmless(visitor.open(page.name))
        for section in page.sections:
            assert_harmless(visitor.put(page.section_key, section))
    visitor.open("cell").put("section", "what_if").put("change", "input").click("apply")
    assert_harmless(visitor)
    assert_harmless(visit(who=visitor.who, run=visitor.run))


@pytest.mark.parametrize("content", [b"\x80\x04\x95cos\nsystem\n.", b"a,b\n" + (b"T" * 50_000 + b":,1\n") * 6,
                                     b"<img src=http://evil.example>,b\n1,2\n", b"a\n" + b"1\n" * 100_002])
def test_an_upload_may_hold_anything(visit: Visit, content: bytes) -> None:
    visitor = visit().put("source", "table").put("epochs", 7)
    begun = time.process_time()
    visitor.upload(content)
    assert time.process_time() - begun < ANSWER
    assert_harmless(visitor)
    assert visitor.widget("epochs").value == 7


def test_who_has_had_much_kept_waits(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "blobs", RateLimiter(12_000, 3600))
    visitor = visit().put("source", "table").upload(TABLE.encode())
    features = visitor.widget("features").options[1:]
    for count in range(1, 6):
        visitor.put("features", features[:count])
    assert "There is room again in 60 minutes" in visitor.refusals
    assert visitor.widget("features").value == features
    assert visit().put("source", "table").upload(TABLE.encode()).errors == ""


def test_who_has_downloaded_much_waits(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "downloads", RateLimiter(2, 3600))
    visitor = visit().put("source", "prices").put("market", "ticker").put("ticker", "A/B")
    assert "is not a ticker" in visitor.click("download").click("download").errors
    assert "may download prices 60 times" in visitor.click("download").errors


# -- messages that no page would send ------------------------------------------------------------------------


def test_a_message_with_values_out_of_range_changes_nothing(visit: Visit) -> None:
    visitor = visit()
    for key, value in (("hidden", 10**9), ("layers", 10**6), ("epochs", -1), ("length", 10**12)):
        begun = time.process_time()
        visitor.put(key, value)
        assert time.process_time() - begun < ANSWER
    assert "received" not in visitor.errors
    assert visitor.offers("train")


def test_a_stranger_commands_nothing(visit: Visit) -> None:
    mine = visit(**LONG).put("pace", "5").click("train")
    mine.wait(lambda view: view.update > 1).click("pause")
    before = lab().view(mine.run)
    for key in ("pause", "stop", "reset"):
        stranger = visit("train", run=mine.run)
        button = stranger.widget(key)
        button.proto.disabled = False                       # it is switched off, but a message may say anything
        button.click()
        stranger.look()
        with pytest.raises(Refusal, match="belongs to someone else"):
            lab().command(mine.run, stranger.who, key)
    stranger = visit("train", run=mine.run).put("pace", "fast").put("lr", 0.5)
    after = lab().view(mine.run)
    assert (after.status, after.update, after.lr, after.pace) == (before.status, before.update, before.lr, before.pace)
    assert stranger.who not in str(after)
    for key in ("step_once", "step_epoch"):
        stranger = visit("train", run=mine.run, **{"epochs": "1", "length": "60", "steps": "4"}).click(key)
        assert stranger.run != mine.run                     # a run of their own
    mine.click("stop")


def test_a_copy_counts_as_a_run(visit: Visit) -> None:
    mine = visit(**LONG).put("pace", "5").click("train")
    mine.wait(lambda view: view.update > 1).click("pause")
    eve = visit("train", run=mine.run)
    for _copy in range(8):
        lab().copy(mine.run, eve.who)
    assert "8 unfinished runs" in eve.click("copy").refusals
    assert "8 unfinished runs" in eve.click("train").refusals
    mine.click("stop")
