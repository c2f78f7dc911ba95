"""Tables that people upload, and what they take away of others."""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import re
from contextlib import suppress

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, FileURLsRequest, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.attack.connections import XSRF
from benchmarks.attack.harness import Attacker, attack
from benchmarks.attack.wire import Answer, Tab, http

MB = 1_000_000


@attack()
async def many_files(attacker: Attacker) -> None:
    """Uploads 200 files of 2 MB each in one session."""
    tab, xsrf = await _tab(attacker)
    await attacker.begin()
    for batch in range(20):
        await asyncio.gather(*(_put(tab, xsrf, f"{batch}-{number}", b"a,b\n1,2\n" * 250_000) for number in range(10)))


@attack()
async def hostile_tables(attacker: Attacker) -> list[str]:
    """Uploads tables of 19 MB that are hard to read: quotes, commas, one line, one column, zeros, another format."""
    tables = (b'"' * 19 * MB, b"," * 19 * MB, b"a,b\n" + b"1,2\n" * (19 * MB // 4), b"a\n" + b"1" * 19 * MB,
              bytes(19 * MB), gzip.compress(bytes(300 * MB), 1), b"a,b\n" + b'"x\n' * 6 * MB)
    tab, xsrf = await _tab(attacker)
    await attacker.begin()
    found = []
    for number, table in enumerate(tables):
        name = f"{number}"
        if (answer := await _put(tab, xsrf, name, table)).status >= 300:
            raise RuntimeError(f"the table was not taken: {answer.status}")
        await tab.rerun(_uploaded(tab, name, len(table)))
        if tab.exceptions:
            found.append(f"table {number} leads to an error that nobody explains")
        elif not (tab.page.errors or tab.find(rb"(\$\$ID-[0-9a-f]+-column)")):
            raise RuntimeError(f"table {number} was not read")
    return found


@attack()
async def missing_file(attacker: Attacker) -> list[str]:
    """Says that a file was uploaded which was not, or which the server has let go of."""
    tab, _xsrf = await _tab(attacker)
    await attacker.begin()
    await tab.rerun(_uploaded(tab, "nothing", 9))
    return [f"an error that nobody explains: {tab.exceptions[0][:80]}"] if tab.exceptions else []


@attack()
async def formulas(attacker: Attacker) -> list[str]:
    """Calls the columns of a table like formulas, and opens what others save of it."""
    tab = Tab(attacker.target, "predict", f"run={attacker.target.runs['formulas'][0]}")
    await tab.open()
    await attacker.begin()
    cells: set[str] = set()
    for path in set(re.findall(rb"/media/[0-9a-f]+\.csv", b"".join(tab.contents))):
        saved = (await http(attacker.target, path.decode(), headers={"Cookie": tab.cookie})).body.decode("utf-8-sig")
        cells |= {cell for row in csv.reader(io.StringIO(saved)) for cell in row}
    if not any("=1+1" in cell for cell in cells):
        raise RuntimeError(f"the table is not in what was saved: {sorted(cells)[:20]}")
    return [f"{cell!r} is a formula" for cell in sorted(cells) if cell.startswith(("=", "+", "@", "\t", "\r"))]


@attack()
async def other_peoples_files(attacker: Attacker) -> list[str]:
    """Uploads into another person's session, and without the token against forged requests."""
    victim, _xsrf = await _tab(attacker)
    thief, xsrf = await _tab(attacker)
    await attacker.begin()
    found = []
    if (await _put(thief, "", "a", b"a,b\n1,2\n")).status < 300:
        found.append("an upload without the token was taken")
    victim.session, thief.session = thief.session, victim.session
    if (await _put(thief, xsrf, "b", b"a,b\n1,2\n")).status < 300:
        found.append("an upload into another person's session was taken")
    return found


async def _tab(attacker: Attacker) -> tuple[Tab, str]:
    """Return a tab on the page with the upload, and the cookie against forged requests."""
    tab = Tab(attacker.target, query="source=table")
    await tab.open()
    cookies = (await http(attacker.target, "/_stcore/health")).cookies
    return tab, next((cookie for cookie in cookies if XSRF in cookie), "")


async def _put(tab: Tab, xsrf: str, name: str, content: bytes) -> Answer:
    """Upload a file as a browser does: ask where it goes, and send it there."""
    await tab.socket.send(BackMsg(file_urls_request=FileURLsRequest(
        request_id=name, file_names=[name], session_id=tab.session)).SerializeToString())
    with suppress(TimeoutError):
        await tab.until(lambda: _id(tab, name) != name, 3)
    body = (b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\nContent-Type: text/csv\r\n\r\n'
            + content + b"\r\n--x--\r\n")
    return await http(tab.target, f"/_stcore/upload_file/{tab.session}/{_id(tab, name)}", "PUT", {
        "Cookie": f"{tab.cookie}; {xsrf}", "X-Xsrftoken": xsrf.partition("=")[2],
        "Content-Type": "multipart/form-data; boundary=x"}, body)


def _id(tab: Tab, name: str) -> str:
    """Return under which id the server expects a file, else the file's own name."""
    for content in reversed(tab.contents):
        answer = ForwardMsg.FromString(content)
        if answer.WhichOneof("type") == "file_urls_response" and answer.file_urls_response.response_id == name:
            return str(answer.file_urls_response.file_urls[0].file_id)
    return name


def _uploaded(tab: Tab, name: str, size: int) -> WidgetState:
    return WidgetState(id=tab.widget("upload"), file_uploader_state_value=FileUploaderState(
        uploaded_file_info=[UploadedFileInfo(file_id=_id(tab, name), name=f"{name}.csv", size=size)]))
