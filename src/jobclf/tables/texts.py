"""The text and the title of each row: parts put together, cells cleaned, whatever they hold."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from jobclf import limits
from jobclf.documents import encodings
from jobclf.documents.html import as_text
from jobclf.documents.parts import (
    Joined,
    join_in_order,
    join_parts,
    literal_in,
    strings_in,
    title_of,
)
from jobclf.documents.shapes import find_postings
from jobclf.errors import PostingError, Reason
from jobclf.tables import values
from jobclf.tables.columns import Columns, path_in

LONGEST_TITLE = 300  # letters
# What a cell holds that was written from nothing, by pandas, R, MySQL and spreadsheets.
NOTHING = frozenset(
    {"nan", "none", "null", "n/a", "na", "<na>", "#n/a", "nat", "[]", "{}", "-", "\\n"}
)
_LONGEST_NOTHING = max(map(len, NOTHING)) + 2
_ENTITY = re.compile(rb"&[#A-Za-z][0-9A-Za-z]*+(?:;|(?<=&nbsp)|(?<=&amp))")
_LITERAL = "[{"  # how a list or object begins that is written as text
_LITERALS = _LITERAL.encode()
_FOUND = "description"  # the part that a column of unknown name is put together as
Row = Mapping[str, Any]


def in_batch(
    cells: Any, rows: Callable[[], Sequence[Row]], chosen: Columns, broken: Mapping[int, Any]
) -> tuple[Any, Any, dict[int, PostingError]]:
    """Return the texts and titles of a record batch as Arrow strings, and why some have no text.

    Parameters
    ----------
    cells : pyarrow.RecordBatch
        All columns.
    rows : function
        Makes the same rows as mappings; it is called only where Python has to look at them.
    chosen : Columns
        Where text and title stand.
    broken : mapping by int
        The rows that need no text.
    """
    faults: dict[int, PostingError] = {}
    inner: dict[int, str] = {}  # titles in the objects that the text is read from
    plain = {name: array for name in chosen.texts if (array := _strings(cells, name)) is not None}
    count = cells.num_rows
    if len(plain) == len(chosen.texts):
        texts, looked_at = _plain(list(plain.values()))
        looked_at[list(broken)] = False
        places = np.flatnonzero(looked_at).tolist()
        columns = {name: array.take(_numbers(places)).to_pylist() for name, array in plain.items()}
        some: list[Row] = [
            dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)
        ]
    else:
        texts = None
        places = [at for at in range(count) if at not in broken]
        whole = rows() if places else []
        some = [whole[at] for at in places]
    found: dict[int, str | None] = dict.fromkeys(broken)
    for at, row in zip(places, some, strict=True):
        try:
            found[at], title = of_row(row, chosen)
        except PostingError as error:
            found[at], faults[at] = None, error
        else:
            if title is not None:
                inner[at] = title
    if texts is None:
        texts = values.array_of([found.get(at) for at in range(count)], str)
    elif found:
        texts = values.replaced(texts, found)
    return texts, _titles(cells, rows, chosen.title, inner), faults


def _numbers(places: list[int]) -> Any:
    return values.array_of(places, int)


def _strings(cells: Any, name: str) -> Any:
    """Return a column as Arrow strings, None where it is nested, of another kind, or not there."""
    import pyarrow as pa
    from pyarrow import compute

    at = cells.schema.get_field_index(name)
    if at < 0 or values.is_json(cells.schema.field(at)):
        return None
    array = cells.column(at)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_string(array.type):
        return array
    if pa.types.is_large_string(array.type) or pa.types.is_string_view(array.type):
        return compute.cast(array, pa.string() if array.nbytes < 1 << 31 else pa.large_string())
    return values.array_of([None] * len(array), str) if pa.types.is_null(array.type) else None


def _plain(columns: Sequence[Any]) -> tuple[Any, Any]:
    """Return for each row the only text it has, and which rows have to be looked at."""
    from pyarrow import compute

    lengths = [_numbers_of(compute.binary_length(each)) for each in columns]
    filled = np.stack([length > 0 for length in lengths])
    texts = columns[0]
    for column, full in zip(columns[1:], filled[1:], strict=True):
        if full.any():
            texts = compute.if_else(values.array_of(full.tolist(), bool), column, texts)
    length = sum(lengths)
    looked_at = filled.sum(axis=0) != 1
    looked_at |= (length <= _LONGEST_NOTHING) | (length > limits.TEXT_CELL)
    letters, ends = values.letters_of(texts)
    content = letters.tobytes()
    marked = [at for at in _places(content, b"&") if _ENTITY.match(content, at)]
    marked += _places(content, b"<")
    looked_at[np.searchsorted(ends, marked, "right") - 1] = True
    starts = letters.take(ends[:-1], mode="clip") if len(letters) else ends[:-1]
    looked_at |= (starts == _LITERALS[0]) | (starts == _LITERALS[1])
    return texts, looked_at


def _places(content: bytes, mark: bytes) -> Iterator[int]:
    """Yield where a mark stands: most texts have few, and this looks at many bytes at once."""
    at = content.find(mark)
    while at >= 0:
        yield at
        at = content.find(mark, at + 1)


def _numbers_of(array: Any) -> Any:
    """Return an Arrow array of whole numbers as one of NumPy, 0 for null."""
    kind = f"i{array.type.bit_width // 8}"
    found = np.frombuffer(array.buffers()[1] or b"", kind)[array.offset :][: len(array)]
    return np.where(_valid(array), found, 0)


def _valid(array: Any) -> Any:
    mask = array.buffers()[0]
    return np.ones(len(array), bool) if mask is None else _bits(mask, array)


def _bits(buffer: Any, array: Any) -> Any:
    # What Arrow itself makes of nulls for NumPy, it makes with pandas, which takes half a second.
    first, end = array.offset // 8, (array.offset + len(array) + 7) // 8
    packed = np.frombuffer(buffer or b"", np.uint8)[first:end]
    found = np.unpackbits(packed, bitorder="little")
    return found[array.offset - 8 * first :][: len(array)].astype(bool)


def of_row(row: Row, chosen: Columns) -> tuple[str, str | None]:
    """Return the text of a row, and the title if it stands in the objects that hold the text.

    Raises
    ------
    PostingError
        If the row has no text, with the column where there is only one.
    """
    given = {name: _value(path_in(row, name)) for name in chosen.texts}
    parts = {name: value for name, value in given.items() if value is not None}
    title = None
    if (
        len(parts) == 1
        and isinstance(only := next(iter(parts.values())), str)
        and (only.lstrip()[:1] not in {*_LITERAL})
    ):
        text = as_text(only)
    elif chosen.in_order:
        text = join_in_order(parts)
    else:
        joined = _in_document(parts, chosen) or join_parts(_known(parts, chosen))
        text, title = joined.text, joined.title
    column = chosen.texts[0] if len(chosen.texts) == 1 else None
    if not text.strip():
        if any(_is_filled(each) for each in parts.values()):
            raise PostingError(
                "what the cell lists names no text of a posting"
                if column
                else "the cells with text list other things",
                "write the text into a column of its own",
                reason=Reason.BAD_VALUE,
                column=column,
            )
        if all(isinstance(each, str | list | dict) for each in parts.values()):
            fact = "the cell is empty" if column else "the cells with text are empty"
            raise PostingError(fact, "fill it", reason=Reason.EMPTY, column=column)
        raise PostingError(
            "the cell holds no text", "write it as text", reason=Reason.BAD_VALUE, column=column
        )
    if len(text) > limits.TEXT_CELL:
        most = f"{limits.TEXT_CELL >> 20} MB"
        fact = f"the text is over {most}, as no posting is"
        raise PostingError(fact, "give one posting alone", reason=Reason.TOO_LARGE, column=column)
    return text, title


def _in_document(parts: Mapping[str, Any], chosen: Columns) -> Joined | None:
    """Return the posting in a cell that holds a document of JSON; None where it does not."""
    value = next(iter(parts.values())) if len(parts) == 1 and chosen.by_content else None
    if isinstance(value, str):
        value = literal_in(value)
    if not isinstance(value, dict | list):
        return None
    found = find_postings(value)
    if len(found) > 1:
        raise PostingError(
            f"the cell holds {len(found):,} postings",
            "give each a row",
            reason=Reason.SEVERAL,
            column=chosen.texts[0],
        )
    return found[0] if found else None


def _is_filled(value: Any) -> bool:
    """Tell whether a cell lists or names something, though no text of a posting."""
    if isinstance(value, str):
        return value.lstrip()[:1] in {*_LITERAL} and len(value.strip()) > _LONGEST_NOTHING
    return isinstance(value, list | dict) and any(strings_in(value, 0))


def _known(parts: dict[str, Any], chosen: Columns) -> dict[str, Any]:
    """Return parts under names that are known."""
    if not chosen.by_content:
        return parts
    first = chosen.texts[0]
    return {f"{_FOUND} {name}" if name == first else name: each for name, each in parts.items()}


def _value(value: Any) -> Any:
    """Return what a cell holds, None for nothing."""
    if isinstance(value, bytes):
        value = encodings.decode(value).text
    if isinstance(value, str):
        short = value if len(value) > _LONGEST_NOTHING else value.strip()
        return None if not short or short.lower() in NOTHING else value
    if isinstance(value, float) and value != value:  # noqa: PLR0124  # NaN
        return None
    return None if isinstance(value, list | dict) and not value else value


def _titles(
    cells: Any, rows: Callable[[], Sequence[Row]], column: str | None, inner: dict[int, str]
) -> Any:
    if column is None:
        return values.array_of([inner.get(at) for at in range(cells.num_rows)], str)
    plain = _strings(cells, column)
    given = plain.to_pylist() if plain is not None else [path_in(row, column) for row in rows()]
    return values.array_of([title(each) or inner.get(at) for at, each in enumerate(given)], str)


def title(value: Any) -> str | None:
    """Return a title as one line, None for what is none."""
    value = _value(value)
    if isinstance(value, str) and value[:1] in {*_LITERAL}:
        value = literal_in(value) or value
    if isinstance(value, list | dict):
        value = title_of(value)
    if not isinstance(value, str):
        return None
    return " ".join(as_text(value[: 4 * LONGEST_TITLE]).split())[:LONGEST_TITLE] or None
