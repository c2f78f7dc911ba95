"""The QR code of an address."""

import xml.etree.ElementTree as ET

import pytest
import segno
from starlette.applications import Starlette
from starlette.testclient import TestClient

from lstm_core.ui.base.qr_code import LONGEST, qr_code, routes

ADDRESS = "https://lab.example.org/cell?run=abc&unit=3&step=5&lang=zh"
SVG = "{http://www.w3.org/2000/svg}"


def client() -> TestClient:
    return TestClient(Starlette(routes=routes()))


def test_a_page_gets_the_picture_of_its_address() -> None:
    answer = client().get("/gatescope/qr", params={"to": ADDRESS})
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.content == qr_code(ADDRESS) != qr_code(ADDRESS + "0")
    picture = ET.fromstring(answer.content)
    # A square of the code is one unit wide; the white border takes four on each side, or no phone finds it.
    assert picture.attrib["viewBox"] == "0 0 {0} {0}".format(len(segno.make(ADDRESS, micro=False).matrix) + 8)
    colours = [path.attrib.get("fill", path.attrib.get("stroke")) for path in picture.iter(f"{SVG}path")]
    assert colours == ["#fff", "#000"]


@pytest.mark.parametrize("to", ["", "javascript:alert(1)", "cell?run=abc", "https://" + "a" * LONGEST])
def test_what_is_no_address_or_too_long_is_refused_with_a_sentence(to: str) -> None:
    answer = client().get("/gatescope/qr", params={"to": to})
    assert answer.status_code == 422
    assert answer.text.startswith("An address begins with http:// or https:// and has at most 1000 characters; ")
