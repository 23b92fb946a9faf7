"""How large the pages of a Parquet file say they are, before a library takes room for them."""

import os
from typing import Any, BinaryIO, NamedTuple

from jobclf import limits
from jobclf.errors import DatasetError, Reason

_HEADER = 256  # bytes in which most headers of pages end
_LONGEST = 16 << 20  # of one with statistics, as in pyarrow
_DEPTH = 20
_TAIL = 8  # bytes at the end: the length of the footer, and what ends the file
# Numbers of fields in parquet.thrift.
_ROW_GROUPS, _COLUMNS, _META_DATA = 4, 1, 3
_TOTAL_SIZE, _DATA_PAGE, _DICTIONARY_PAGE = 7, 9, 11
_PAGE_SIZE, _PACKED_SIZE = 2, 3
# Kinds of values in Thrift's compact protocol; whole numbers are between the third and fourth.
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _STRUCT = 0, 1, 2, 3, 7, 8, 12
_LIST, _SET = 9, 10
_LONG = 15  # as the length of a list: it follows


class Chunk(NamedTuple):
    """Where the pages of a column in a row group begin and end, in bytes of the file."""

    start: int
    end: int


def chunks(stream: BinaryIO) -> list[list[Chunk]]:
    """Return where the columns of each row group stand.

    Taken from the footer itself: pyarrow ends the process where one says of a column what cannot
    be, when it is asked for it and not read.

    Raises
    ------
    DatasetError
        For a footer that says no such places.
    """
    try:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(size - _TAIL)
        length = int.from_bytes(stream.read(4), "little")
        stream.seek(size - _TAIL - length)
        footer, _ = _struct(stream.read(length), 0, 0)
        return [
            [_chunk(column[_META_DATA]) for column in group[_COLUMNS]]
            for group in footer[_ROW_GROUPS]
        ]
    except (IndexError, KeyError, TypeError, ValueError, OSError):
        raise DatasetError(
            "it is no Parquet file: its footer is damaged",
            "write it again",
            reason=Reason.DAMAGED,
        ) from None


def _chunk(column: dict[int, Any]) -> Chunk:
    pages = column[_DATA_PAGE]
    start = min(column.get(_DICTIONARY_PAGE) or pages, pages)
    return Chunk(start, start + column[_TOTAL_SIZE])


def check(columns: list[Chunk], stream: BinaryIO) -> None:
    """Refuse a row group with a page that says it has more than any page has.

    What is no header ends the walk of a column: pyarrow does not read past it either.
    """
    for place, end in columns:
        while place < end and (page := _page(stream, place)) is not None:
            size, place = page  # noqa: PLW2901
            if size > limits.PARQUET_PAGE:
                raise DatasetError(
                    f"a page of it says that it has {size >> 20:,} MB",
                    "write it again with smaller pages",
                    reason=Reason.TOO_LARGE,
                )


def _page(stream: BinaryIO, place: int) -> tuple[int, int] | None:
    """Return how many bytes a page says it has, packed or not, and where the next begins."""
    size = _HEADER
    while size <= _LONGEST:
        stream.seek(place)
        content = stream.read(size)
        try:
            fields, length = _struct(content, 0, 0)
            packed = fields[_PACKED_SIZE]
            return max(fields[_PAGE_SIZE], packed), place + length + max(packed, 0)
        except IndexError:
            if len(content) < size:
                return None
            size *= 8
        except (KeyError, TypeError, ValueError):
            return None
    return None


def _struct(content: bytes, at: int, depth: int) -> tuple[dict[int, Any], int]:
    """Return what a structure of Thrift's compact protocol holds, by field, and where it ends.

    Of what it holds there are whole numbers, structures and lists; None stands for the rest.
    """
    if depth > _DEPTH:
        raise ValueError("too deep")
    fields: dict[int, Any] = {}
    number = 0
    while (head := content[at]) != _STOP:
        at += 1
        if head >> 4:
            number += head >> 4
        else:
            number, at = _number(content, at)
        kind = head & 15
        if kind not in {_TRUE, _FALSE}:
            fields[number], at = _value(content, at, kind, depth)
    return fields, at + 1


def _value(content: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    """Return a value and where it ends."""
    if _BYTE < kind < _DOUBLE:
        return _number(content, at)
    if kind == _BINARY:
        size, at = _unsigned(content, at)
        return None, at + size
    if kind == _STRUCT:
        return _struct(content, at, depth + 1)
    if kind in {_LIST, _SET}:
        return _list(content, at, depth + 1)
    if kind == _DOUBLE:
        return None, at + 8
    if kind in {_TRUE, _FALSE, _BYTE}:
        return None, at + 1
    raise ValueError("Parquet has no such values")


def _list(content: bytes, at: int, depth: int) -> tuple[list[Any], int]:
    if depth > _DEPTH:
        raise ValueError("too deep")
    head, at = content[at], at + 1
    count, kind = head >> 4, head & 15
    if count == _LONG:
        count, at = _unsigned(content, at)
    values = []
    for _ in range(count):
        if at >= len(content):
            raise IndexError
        value, at = _value(content, at, kind, depth)
        values.append(value)
    return values, at


def _unsigned(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:  # noqa: PLR2004  # the last
            return value, at
        shift += 7
        if shift > 63:  # noqa: PLR2004  # bits
            raise ValueError("too long a number")


def _number(content: bytes, at: int) -> tuple[int, int]:
    value, at = _unsigned(content, at)
    return (value >> 1) ^ -(value & 1), at
