"""Lines of JSON by pyarrow where rows are as plain as the first ones, by care elsewhere.

pyarrow takes a quarter of the time and makes no Python objects. What it would read otherwise than
Python does is not given to it: lines that are blank, beyond UTF-8 or hold several values, and
rows that lack a key or a value.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np

from jobclf import limits
from jobclf.errors import DatasetError, PostingError, Reason
from jobclf.tables import rows
from jobclf.tables.columns import Columns
from jobclf.tables.rows import Found
from jobclf.tables.streams import reading
from jobclf.tables.table import Batch

_BLOCK = 1 << 20  # bytes that are read at once
_TRIES = 3  # blocks that pyarrow cannot read, after which it is not asked again
_TYPES = {str: "string", int: "int64", bool: "bool_"}  # what both read alike; of floats 1 is one
_LF, _OPENING = b"\n{"
_NULL_BEHIND = re.compile(rb"\}[ \t\r]*n")


class Lines:
    """Lines of a file, which can be read one by one at first and in blocks later."""

    def __init__(self, source: BinaryIO, name: str) -> None:
        self._source, self._name, self.read = source, name, 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield the lines; one that is too long is cut behind what is allowed."""
        with reading(self._name):
            while line := self._source.readline(limits.JSON_LINE + 1):
                self.read += 1
                yield line

    def block(self) -> bytes:
        """Return some whole lines, nothing at the end."""
        with reading(self._name):
            content = self._source.read(_BLOCK)
            if content and not content.endswith(b"\n"):
                content += self._source.readline(limits.JSON_LINE + 1)
        return content


def too_long(number: int, name: str) -> DatasetError:
    """Return what is wrong with a file that has such a line."""
    return DatasetError(
        f"line {number} is over {limits.JSON_LINE >> 20} MB",
        "split it",
        reason=Reason.TOO_LARGE,
        path=name,
    )


def schema_of(first: Sequence[dict[str, Any]], columns: Sequence[str]) -> Any:
    """Return the Arrow schema of rows that all have the same plain columns, None for others."""
    import pyarrow as pa

    kinds = {name: type(first[0].get(name)) for name in columns} if first else {}
    fits = all(
        row.keys() == kinds.keys() and all(type(row[name]) is kind for name, kind in kinds.items())
        for row in first
    )
    if not kinds or not fits or not _TYPES.keys() >= set(kinds.values()):
        return None
    return pa.schema([(name, getattr(pa, _TYPES[kind])()) for name, kind in kinds.items()])


def batches(
    lines: Lines,
    schema: Any,
    chosen: Columns,
    careful: Callable[[bytes, int], Found],
    *,
    row: int,
    line: int,
) -> Iterator[Batch]:
    """Yield the rows of lines.

    Parameters
    ----------
    lines : Lines
        Those that are left.
    schema : pyarrow.Schema
        What rows are like.
    chosen : Columns
        Where text and title stand.
    careful : function of bytes and int
        Reads a block, of which it is told the number of its first line.
    row, line : int
        The numbers of the first ones, from 1.
    """
    names = tuple(schema.names)
    left = _TRIES
    while block := lines.block():
        cells = _fast(block, schema) if left else None
        if cells is not None:
            some = cells.to_batches(max_chunksize=limits.BATCH_ROWS)
            parts = ((each, dict[int, PostingError]()) for each in some)
            found = rows.of_arrow(parts, chosen, row)
        else:
            left -= left > 0
            found = rows.batches(careful(block, line), chosen, names, row)
        for each in found:
            row = each.first + len(each)
            yield each
        line += block.count(b"\n")


def _fast(block: bytes, schema: Any) -> Any:
    """Return the rows of some lines as a table, None where they may be other than they seem."""
    import pyarrow as pa
    from pyarrow import json

    if not _may_be_plain(block):
        return None
    try:
        table = json.read_json(
            pa.py_buffer(block),
            json.ReadOptions(use_threads=False, block_size=len(block) + 1),
            json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
        )
        table.validate(full=True)  # halves of letters make no UTF-8
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    whole = table.num_rows == lines and not any(each.null_count for each in table.columns)
    return table if whole else None


def _may_be_plain(block: bytes) -> bool:
    """Tell whether each line begins as an object, and none has `null` behind one.

    Such a value ends the process of pyarrow. As many rows as lines are then one in each.
    """
    letters = np.frombuffer(block, np.uint8)
    starts = np.flatnonzero(letters[:-1] == _LF) + 1
    begun = letters[0] == _OPENING and bool((letters[starts] == _OPENING).all())
    return begun and _NULL_BEHIND.search(block) is None
