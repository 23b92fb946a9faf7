"""How large the pages of a Parquet file say they are, before a library takes room for them."""

from typing import Any, BinaryIO

from jobclf import limits
from jobclf.errors import DatasetError, Reason

_HEADER = 256  # bytes in which most headers of pages end
_LONGEST = 16 << 20  # of one with statistics, as in pyarrow
_DEPTH = 20
# Kinds of values in Thrift's compact protocol; whole numbers are between the third and fourth.
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _STRUCT = 0, 1, 2, 3, 7, 8, 12


def check(group: Any, stream: BinaryIO) -> None:
    """Refuse a row group with a page that says it has more than any page has.

    What is no header ends the walk of a column: pyarrow does not read past it either.
    """
    for at in range(group.num_columns):
        column = group.column(at)
        first = column.dictionary_page_offset or column.data_page_offset
        place = min(first, column.data_page_offset)
        end = place + column.total_compressed_size
        while place < end and (page := _page(stream, place)) is not None:
            size, place = page
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
            return max(fields[2], fields[3]), place + length + max(fields[3], 0)
        except IndexError:
            if len(content) < size:
                return None
            size *= 8
        except (KeyError, ValueError):
            return None
    return None


def _struct(content: bytes, at: int, depth: int) -> tuple[dict[int, int], int]:
    """Return the whole numbers of a structure of Thrift's compact protocol, and where it ends."""
    if depth > _DEPTH:
        raise ValueError("too deep")
    fields: dict[int, int] = {}
    number = 0
    while (head := content[at]) != _STOP:
        at += 1
        if head >> 4:
            number += head >> 4
        else:
            number, at = _number(content, at)
        kind = head & 15
        if _BYTE < kind < _DOUBLE:
            fields[number], at = _number(content, at)
        elif kind not in {_TRUE, _FALSE}:
            at = _past(content, at, kind, depth)
    return fields, at + 1


def _past(content: bytes, at: int, kind: int, depth: int) -> int:
    """Return where a value ends."""
    if kind == _STRUCT:
        return _struct(content, at, depth + 1)[1]
    if kind == _BINARY:
        size, at = _unsigned(content, at)
        return at + size
    if kind == _DOUBLE:
        return at + 8
    if kind in {_TRUE, _FALSE, _BYTE}:
        return at + 1
    if _BYTE < kind < _DOUBLE:
        return _unsigned(content, at)[1]
    raise ValueError("no header of a page has lists")


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
