"""How much a message of a browser holds, found out on its raw bytes: before memory is taken for its contents."""

from __future__ import annotations

from collections.abc import Iterator

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from lstm_core import limits

VARINT, EIGHT_BYTES, LENGTH, FOUR_BYTES = 0, 1, 2, 5        # how protocol buffers write a field
_SIZES = {EIGHT_BYTES: 8, FOUR_BYTES: 4}
# The parts of a message that can hold many entries: in it, in the state of the page, in the states of the widgets
_LISTS = {(): (BackMsg.RERUN_SCRIPT_FIELD_NUMBER, BackMsg.FILE_URLS_REQUEST_FIELD_NUMBER),
          (BackMsg.RERUN_SCRIPT_FIELD_NUMBER,): (ClientState.WIDGET_STATES_FIELD_NUMBER,)}


def fits(content: bytes) -> bool:
    """Tell whether a message is small enough to be read: in bytes, and in entries such as widgets and names of files.

    False for one that is not written as protocol buffers are.
    """
    if len(content) > limits.MESSAGE_BYTES:
        return False
    try:
        return all(count <= limits.MESSAGE_ENTRIES for count, _ in enumerate(_entries(content, 0, len(content)), 1))
    except (ValueError, IndexError):
        return False


def _entries(content: bytes, start: int, end: int, path: tuple[int, ...] = ()) -> Iterator[int]:
    """Yield the number of every field, those of lists included."""
    while start < end:
        tag, start = _varint(content, start)
        number, kind = tag >> 3, tag & 7
        yield number
        if kind == VARINT:
            _, start = _varint(content, start)
            continue
        length = _SIZES.get(kind, -1)
        if kind == LENGTH:
            length, start = _varint(content, start)
        if length < 0 or start + length > end:
            raise ValueError(kind)
        if kind == LENGTH and number in _LISTS.get(path, ()):
            yield from _entries(content, start, start + length, (*path, number))
        start += length


def _varint(content: bytes, start: int) -> tuple[int, int]:
    """Return the number that begins there, and where it ends."""
    number = shift = 0
    while shift < 70:
        byte = content[start]
        start += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, start
        shift += 7
    raise ValueError(shift)
