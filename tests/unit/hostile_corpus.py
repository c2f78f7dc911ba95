"""What strangers send: texts, tables and weights that once did harm somewhere, as literals."""

from __future__ import annotations

import gzip
import json
import struct
from typing import Any

import numpy as np

from lstm_core import codec

MARKUP = [
    "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "![x](http://evil.example/x.png)",
    "[x](javascript:alert(1))", "http://evil.example", "www.evil.example", "eve@evil.example", ":streamlit:",
    ":material/home:", ":red[x]", "$x$", "`x`", "**x**", "# x", "- x", "1. x", "> x", "| x |", "&lt;b&gt;", "a\n\n# b"]
FORMULAS = [
    "=cmd()", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u200b=1", "\uff1d1", "x;=1",
    "x\t=1", "-1_0", '=HYPERLINK("http://evil.example")']
PATHS = [
    "../../etc/passwd", "..\\..\\x", "/etc/passwd", "file:///etc/passwd", "%2e%2e%2f", "a\0.csv", "C:\\x", "~"]
SQL = ["'; DROP TABLE runs; --", "' OR '1'='1", '" OR 1=1 --', "1); DELETE FROM runs; --"]
SIGNS = [
    "\0", "\x1b[31m", "\x7f", "\u202eabc", "\u200b", "\ufeff", "\ud800", "Z\u0351\u036a", "\U0001f3f4\U000e0067",
    "\u0661\u0662", "\uff41", "\r\n"]
NUMBERS = [
    "", " ", "-1", "0", "1e400", "nan", "inf", "-inf", "1" + "0" * 400, "9" * 5000, "0x10", "1_000", "1,5", "\u00bd"]
FORMATS = [
    "{x}", "{0.__class__}", "{value!r:>999999999}", "%s%n", "\\", ",", ":", "1:nan", "5:1,4:1", "0:" + "9" * 400]
LONG = ["a" * 100_000, "\U0001f389" * 30_000, "a," * 50_000, "(" * 10_000]
STRANGE = [*MARKUP, *FORMULAS, *PATHS, *SQL, *SIGNS, *NUMBERS, *FORMATS, *LONG]

NO_TICKERS = [
    *MARKUP, *FORMULAS, *PATHS, *SQL, *SIGNS, *FORMATS, *LONG, "", "1" * 26, "A/B", "A?x=1", "A#x", "A%2F"]
NO_DAYS = [
    "0001-01-01", "9999-12-31", "2024-02-30", "\uff12\uff10\uff12\uff14-01-01", "2024-01-01T00:00", "\0", "-1",
    *PATHS, *SQL, *LONG]

GOOD = b"day,a,b\n2024-01-01,1,x\n2024-01-02,2,y\n2024-01-03,3,z\n"


def _quoted(cells: list[str]) -> list[str]:
    return ['"' + cell.replace('"', '""') + '"' for cell in cells]


TABLES = {
    "a gzip bomb": gzip.compress(bytes(20_000_000)),
    "a zip": b"PK\x03\x04" + bytes(100),
    "an empty zip": b"PK\x05\x06" + bytes(18),
    "a pickle": b"\x80\x04\x95cos\nsystem\n(S'id'\ntR.",
    "random bytes": np.random.default_rng(0).bytes(2_000_000),
    "NUL": b"a,b\n1\0,2\n3,4\n",
    "UTF-16 without its mark": GOOD.decode().encode("utf-16-le"),
    "UTF-32": GOOD.decode().encode("utf-32"),
    "UTF-7": b"+ADw-script+AD4-,b\n1,2\n3,4\n",
    "half a character": GOOD + b"\xe2\x82",
    "half of a pair": b"a,b\n\xed\xa0\x80,1\n2,3\n",
    "a million columns": b",".join([b"a"] * 10**6) + b"\n",
    "20 MB of one line": b"1" * 20_000_000,
    "20 MB of one character": "\u4e2d".encode("gb18030") * 10_000_000,
    "100,000 dates": b"2024-01-01 10:00:00,2024-01-01T10:00:00Z,1\n" * 100_000,
    "20 MB of quotes": b'"' * 20_000_000,
    "late columns": b"a,b\n" * 3000 + b"1," * 10**6,
    "only commas": b"," * 10**6,
    "only quotes": b'"' * 10**6,
    "only line ends": b"\n" * 10**6,
    "an open quote": b'a,b\n1,2\n"' + b"x\n" * 10**5,
    "line ends in quotes": b"a,b\n" + b'"\n\n\n",1\n' * 20_000,
    "not numbers": b"a,b\nnan,inf\n-inf,1e999\n1e308,1e-400\n",
    "tags in a long name": b"," + b"\n," * 60_000 + b'\n"' + b"<" * 200_000 + b'",b\n1,2\n3,4\n',
    "T before a clock": b"a,b\n" + (b"T" * 100_000 + b":,1\n") * 3,
    "blanks before a clock": b"a,b\n" + (b" T" * 90 + b":,1\n") * 5_000,
    "long numbers": b"a,b\n" + (b"1" * 100_000 + b",1\n") * 10,
    "commas in a number": b"a;b\n" + (b"1," * 50_000 + b";1\n") * 10,
    "groups in a number": b"a;b\n" + (b"1" + b".111" * 30_000 + b"x;1\n") * 10,
    "days that are none": b"d,b\n9999-12-31,1\n0001-01-01,2\n2024-13-45,3\n",
    "formulas": "\n".join(f"{cell},1" for cell in _quoted(["=x", *FORMULAS])).encode(),
    "markup": (",".join(_quoted(MARKUP)) + "\n" + ",".join("1" * len(MARKUP)) + "\n").encode() * 2,
    "the same name": "a,a (2),a,\ufeffa,a\u200b\n1,2,3,4,5\n6,7,8,9,0\n".encode(),
}

LIKE = {"a": np.zeros((2, 3), np.float32)}
_FACTS = {"facts": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}}
_DEEP = b"[" * 100_000


def _file(header: dict[str, Any], body: bytes = b"{}") -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def _array(kind: str, shape: list[int], content: bytes) -> bytes:
    placed = {"dtype": kind, "shape": shape, "data_offsets": [2, 2 + len(content)]}
    return _file(_FACTS | {"array.a": placed}, b"{}" + content)


WEIGHTS = {
    "nothing": b"",
    "a pickle": b"\x80\x04\x95cos\nsystem\n(S'id'\ntR.",
    "a zip, as torch writes": b"PK\x03\x04" + bytes(99),
    "a header of 9 EB": struct.pack("<Q", 2**63) + b"{}",
    "a header of 100 MB": struct.pack("<Q", 10**8) + b"{}",
    "no facts": _file({}),
    "facts of another kind": _file(_FACTS, b"[]"),
    "deep facts": _file({"facts": {"dtype": "U8", "shape": [len(_DEEP)], "data_offsets": [0, len(_DEEP)]}}, _DEEP),
    "a shape of a yottabyte": _array("F32", [2**40, 2**40], bytes(4)),
    "another shape": _array("F32", [3, 2], bytes(24)),
    "no shape": _array("F32", [], bytes(4)),
    "numbers that NumPy does not know": _array("BF16", [1], bytes(2)),
    "not numbers": codec.pack({"a": np.full((2, 3), np.nan, np.float32)}),
    "larger than float32": _array("F64", [2, 3], np.full(6, 1e300).tobytes()),
    "a name with markup": _file(_FACTS | {"array.<img>": {"dtype": "F32", "shape": [0], "data_offsets": [2, 2]}}),
}
