"""The bytes of an uploaded CSV to rows of text cells: encoding, separator, header."""

from __future__ import annotations

import csv
import re
import unicodedata
from io import BytesIO, StringIO
from itertools import islice

import numpy as np
import pandas as pd

from lstm_core import limits
from lstm_core.data.series import Note
from lstm_core.errors import Refusal

_SEPARATORS = ",;\t|"               # the earlier wins when two fit equally

_BINARY = {                         # how files begin that are no text
    b"PK\x03\x04": "xlsx/zip", b"\xd0\xcf\x11\xe0": "xls", b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif",
    b"%PDF": "pdf", b"\x1f\x8b": "gz", b"7z\xbc\xaf": "7z", b"Rar!": "rar", b"PAR1": "parquet", b"SQLite": "sqlite",
    b"\x93NUMPY": "npy", b"\x7fELF": "elf",
}
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_VALUE = r"(?=.*[0-9])[-+0-9.,:/'’ \u00a0TZeE年月日]+"       # a number or a date, however written
_ROW_LETTERS = 200_000              # of a row; what is longer takes several times as much memory to be read
_LONG = re.compile(rf"(?:^|[\r\n])[^\r\n]{{{_ROW_LETTERS}}}")
_SAMPLE_ROWS = 50
_SAMPLE_LETTERS = 100_000


def decode(content: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding. Binary files are refused with what they seem to be."""
    for beginning, kind in _BINARY.items():
        if content.startswith(beginning):
            raise _binary(kind)
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" and not _chinese(text):
            continue
        sample = text[:_SAMPLE_LETTERS]
        if "\0" in text or len(re.findall(r"[\x01-\x08\x0e-\x1f\x7f]", sample)) > max(5, len(sample) / 100):
            break
        return text, encoding
    raise _binary("binary")


def _encodings(content: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return (encoding,)
    even, odd = content[:4000:2].count(0), content[1:4000:2].count(0)
    if max(even, odd) > len(content[:4000]) / 8:        # every other byte of Western text in UTF-16 is 0
        return ("utf-16-be",) if even > odd else ("utf-16-le",)
    return ("utf-8", "gb18030", "cp1252", "latin-1")


def _chinese(text: str) -> bool:
    """Tell Chinese from Western text read as GB18030: most characters are common ones (GB 2312 signs and level 1)."""
    strange = [letter for letter in text[:_SAMPLE_LETTERS] if letter > "\x7f"][:2000]
    common = 0
    for letter in strange:
        code = letter.encode("gb2312", "ignore")
        common += len(code) == 2 and (code[0] <= 0xA9 or 0xB0 <= code[0] <= 0xD7)
    return common >= 0.8 * len(strange)


def _binary(kind: str) -> Refusal:
    return Refusal("This is not a CSV but a file of another kind ({kind}). Open the table in the program that wrote "
                   "it, for example a spreadsheet, and export it as CSV.", kind=kind)


def _empty() -> Refusal:
    return Refusal("The file is empty. A table needs a row with column names, and at least two rows of data.")


def split_cells(text: str) -> tuple[pd.DataFrame, str]:
    """Return the cells as text, (rows, columns), header included, and the separator between them.

    Row k of the frame is row k+1 of the file, up to line breaks inside of quotes.
    """
    if _LONG.search(text):
        raise Refusal("A row of this file has more than {limit:,} letters: that is too long for a row of a table.",
                      limit=_ROW_LETTERS)
    separator, named, width = _separator(text)
    if width > limits.TABLE_COLUMNS:
        raise Refusal("A table may have at most {limit} columns; received {received}.",
                      limit=limits.TABLE_COLUMNS, received=width)
    most = min(limits.TABLE_ROWS, limits.TABLE_CELLS // width)
    try:
        written = BytesIO(text.rstrip().encode())       # StringIO takes four times as much memory
        cells = pd.read_csv(written, encoding="utf-8", sep=separator, header=None, names=range(width), dtype="str",
                            na_filter=False, skip_blank_lines=False, nrows=most + 2)
    except pd.errors.EmptyDataError as error:
        raise _empty() from error
    except pd.errors.ParserError as error:
        raise _unreadable(str(error), named) from error
    if not isinstance(cells.index, pd.RangeIndex):      # pandas found more cells than the sample and made an index
        raise Refusal("The first rows of this file are too long for rows of a table.")
    if len(cells) > most + 1:
        raise Refusal("A table with {columns} columns may have at most {limit:,} rows; this one has more. Take out the "
                      "rows or the columns that you do not need.", columns=width, limit=most)
    cells = cells.apply(_stripped)
    beyond = cells.iloc[:, named:].ne("").to_numpy()                # a separator at the end of a row does no harm
    if beyond.any():
        row = int(beyond.any(axis=1).argmax())
        raise _uneven(row + 1, named + int(np.flatnonzero(beyond[row])[-1]) + 1, named)
    return cells.iloc[:, :named], separator


def _stripped(column: pd.Series) -> pd.Series:
    """Return cells without blanks around them; a cell too long for a number or a date is cut, and stays text."""
    column = column.str.strip()
    long = column.str.len() > limits.CELL_LETTERS
    return column.where(~long, column.str.slice(0, limits.CELL_LETTERS) + "…") if long.any() else column


def _separator(text: str) -> tuple[str, int, int]:
    """Return the separator that cuts the first rows most evenly, the cells in the first row and the most in any."""
    best, found = (0.0, 0, 0), (",", 1, 1)
    for preference, separator in enumerate(_SEPARATORS):
        try:
            rows = csv.reader(StringIO(text[:_SAMPLE_LETTERS], newline=None), delimiter=separator)
            counts = [len(row) for row in islice(filter(_written, rows), _SAMPLE_ROWS)]
        except csv.Error:               # a single cell of 128 kB: the wrong separator, or no table
            continue
        if not counts or counts[0] == 1:
            continue
        score = (counts.count(counts[0]) / len(counts), counts[0], -preference)
        if score > best:
            best, found = score, (separator, counts[0], max(counts))
    return found


def _written(row: list[str]) -> bool:
    """Tell a row of cells, be they empty, from a line with nothing but blanks."""
    return len(row) > 1 or any(cell.strip() for cell in row)


def _unreadable(reason: str, named: int) -> Refusal:
    uneven = re.search(r"Expected \d+ fields in line (\d+), saw (\d+)", reason)
    if uneven:
        return _uneven(int(uneven[1]), int(uneven[2]), named)
    if "EOF inside string" in reason:
        return Refusal("A quotation mark (\") is opened in this file and never closed. Close or remove it.")
    return Refusal("The rows of this file cannot be told apart: {reason}.", reason=reason.strip())


def _uneven(row: int, received: int, named: int) -> Refusal:
    return Refusal("Row {row} has {received} cells, the first row has {named}. Is a separator or a quotation mark out "
                   "of place, or a column name missing?", row=row, received=received, named=named)


def seen(text: str) -> str:
    """Return text without the signs that cannot be seen, which turn or hide what stands beside them."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def header(cells: pd.DataFrame) -> tuple[list[str], pd.DataFrame, list[Note]]:
    """Return column names, cells below the header without empty rows and columns, and notes.

    Names are freed of markup and made unique. A first row of numbers and dates is data, not names.
    """
    notes: list[Note] = []
    filled = cells.ne("")
    cells = cells.loc[filled.any(axis=1), filled.any()]
    if cells.empty:
        raise _empty()
    first = [str(name) for name in cells.iloc[0]]
    named = not all(re.fullmatch(_VALUE, cell) for cell in first if cell)
    body = cells.iloc[1:] if named else cells
    raw = first if named else [""] * len(first)
    names: list[str] = []
    for number, name in enumerate(raw, start=1):
        clean = re.sub(r"<[^>]*>|[<>\x00-\x1f\x7f]", " ", seen(name))
        clean = " ".join(clean.split())[:60] or f"column {number}"
        copies = 2
        unique = clean
        while unique in names:
            unique, copies = f"{clean} ({copies})", copies + 1
        names.append(unique)
    if not named:
        notes.append(Note("The first row holds numbers, so it was read as data; the columns were named {first} to "
                          "{last}.", first=names[0], last=names[-1]))
    for name, unique in zip(raw, names, strict=True):
        if named and name != unique:
            notes.append(Note("The column name {name!r} was changed to {unique!r}.", name=name[:60], unique=unique))
    return names, body, notes
