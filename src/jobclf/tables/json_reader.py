"""JSON and JSON lines, whatever they are called, read object by object."""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, BinaryIO, NamedTuple

from jobclf import limits
from jobclf.documents import encodings
from jobclf.documents.encodings import Seen
from jobclf.errors import DatasetError, PostingError, Reason
from jobclf.tables import labeling
from jobclf.tables.json_blocks import Lines, too_long
from jobclf.tables.json_tables import holds_rows, rows_in
from jobclf.tables.streams import reading

_START = 400  # bytes that tell the encoding
_TRIED = 5  # lines, of which one is an object where each line is meant to be
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_DECODER = json.JSONDecoder()
_AFTER = re.compile(r"(?:[\s,;]|//[^\n]*|#[^\n]*|/\*.*?\*/)*", re.DOTALL)  # a loose value
_BLANK = b" \t\r\n\xef\xbb\xbf"
Rows = Iterator[tuple[dict[str, Any], PostingError | None]]


class Read(NamedTuple):
    """The rows of JSON, and what is left of lines that hold one each, once the rows stop."""

    rows: Rows
    lines: Lines | None = None
    line: int = 1  # the number of the first one that is no blank


def read(stream: BinaryIO, name: str, seen: Seen | None = None) -> Read:
    """Read the rows in one value of JSON, in several, or in a value a line.

    Parameters
    ----------
    stream : binary file
        Buffered.
    name : str
        For messages. What it ends in tells nothing here: lines are called `.json` as well.
    seen : Seen, optional
        Is told of bytes that are of no letter.

    Returns
    -------
    iterator of (dict, PostingError or None)
        The objects, and what is wrong with lines that hold none.
    """
    seen = Seen() if seen is None else seen
    source = _decoded(stream, name)
    first, line = 0, b""
    with reading(name):
        while not line.strip(_BLANK):
            first += 1
            line = source.readline(limits.JSON_LINE + 1)
            if not line:
                raise DatasetError("it is empty", "give rows", reason=Reason.EMPTY, path=name)
        value, fault = (None, "") if len(line) > limits.JSON_LINE else _tried(line, seen)
        if isinstance(value, dict) and (holds_rows(value) or rows_in(value) == [value]):
            # What follows makes no difference, and may not be there yet.
            lines = Lines(source, name)
            found = _of_lines(chain([line], lines), first, name, seen)
            return Read(found, lines if source is stream else None, first)
        following = source.readline(limits.JSON_LINE + 1)
    if len(line) > limits.JSON_LINE:  # a list on one line, or no JSON
        if line.lstrip(_BLANK)[:1] in {b"[", b"{"}:
            return Read(_whole(source, [line, following], first, name, seen))
        raise too_long(first, name)
    if fault is None and following.strip(_BLANK):
        return Read(_of_lines(chain([line, following], Lines(source, name)), first, name, seen))
    if fault is not None:
        return Read(_whole(source, [line, following], first, name, seen))
    rest = _of_lines(Lines(source, name), first + 2, name, seen)
    return Read(chain(_rows(_in(value, name)), rest))


def _decoded(stream: BinaryIO, name: str) -> Any:
    """Return a stream of UTF-8, or of bytes to be decoded line by line."""
    with reading(name):
        start = stream.peek(_START) if hasattr(stream, "peek") else b""
    codec = encodings.stream_encoding(start[:_START])
    if codec.startswith("utf-8"):
        return stream
    return codecs.EncodedFile(stream, "utf-8", codec, "replace")


def of_block(block: bytes, first: int, name: str, seen: Seen) -> Rows:
    """Yield the rows of whole lines, of which the first has a number."""
    return _of_lines(block.splitlines(keepends=True), first, name, seen)


def _of_lines(lines: Iterable[bytes], first: int, name: str, seen: Seen) -> Rows:
    """Yield the rows of lines; one that holds an answer of a board has several."""
    for number, line in enumerate(lines, first):
        if len(line) > limits.JSON_LINE:
            raise too_long(number, name)
        if not line.strip(_BLANK):
            continue
        value, fault = _tried(line, seen)
        if fault is not None:
            yield {}, _bad(f"line {number} {fault}")
        elif isinstance(value, dict) and not holds_rows(value):
            yield value, None
        elif isinstance(value, dict | list) and all(
            isinstance(each, dict) for each in rows_in(value)
        ):
            yield from _rows(rows_in(value))
        else:
            yield {}, _bad(f"line {number} is no JSON object")


def _whole(source: Any, begun: list[bytes], first: int, name: str, seen: Seen) -> Rows:
    """Return the rows of values that go over several lines, or of lines of which one is broken."""
    with reading(name):
        content = b"".join([*begun, source.read(limits.JSON + 1 - sum(map(len, begun)))])
    lines = content.splitlines(keepends=True)
    are_lines = any(isinstance(_tried(line, Seen())[0], dict) for line in lines[1 : _TRIED + 1])
    if len(content) > limits.JSON:
        if are_lines:
            rest = source.readline(limits.JSON_LINE + 1)
            return _of_lines(
                chain(lines[:-1], [lines[-1] + rest], Lines(source, name)), first, name, seen
            )
        raise DatasetError(
            f"it is over {limits.JSON >> 20} MB",
            "write it as JSON lines",
            reason=Reason.TOO_LARGE,
            path=name,
        )
    try:
        values = _several(content, seen)
    except ValueError as error:
        if are_lines:
            return _of_lines(iter(lines), first, name, seen)
        cut = str(error).endswith("too soon")
        remedy = "fetch or save it again" if cut else "write one object a line as .jsonl"
        raise DatasetError(f"it {error}", remedy, reason=Reason.DAMAGED, path=name) from None
    return _rows(_in(values[0] if len(values) == 1 else values, name))


def _in(value: Any, name: str) -> list[Any]:
    try:
        return rows_in(value)
    except DatasetError as error:
        raise DatasetError(error.fact, error.remedy, reason=error.reason, path=name) from None


def _rows(found: list[Any]) -> Rows:
    for number, each in enumerate(found, 1):
        if isinstance(each, dict):
            yield each, None
        else:
            yield {}, _bad(f"entry {number} is no JSON object")


def _bad(fact: str) -> PostingError:
    return PostingError(fact, "write it as an object", reason=Reason.BAD_ROW)


def _tried(content: bytes, seen: Seen) -> tuple[Any, str | None]:
    """Return the value of JSON, or what is wrong with it."""
    try:
        (value,) = _several(content, seen)
    except ValueError as error:
        return None, str(error) if str(error).startswith(("is ", "holds ")) else "is no JSON"
    return value, None


def _several(content: bytes, seen: Seen) -> list[Any]:
    """Return the values that follow each other in JSON.

    Raises
    ------
    ValueError
        With what is wrong, as the end of a sentence.
    """
    opened = content.count(b"[") + content.count(b"{")
    many = len(content) > limits.JSON_VALUES  # bytes, of which each may begin a value
    if many and opened + content.count(b",") > limits.JSON_VALUES:
        raise ValueError("holds too many values")
    try:
        text = content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        decoded = encodings.decode(content)
        text = decoded.text
        values = _parsed(text)
        seen.bad, seen.beyond = seen.bad + decoded.replaced, True
    else:
        values = _parsed(text)
    if opened > limits.JSON_DEPTH and any(map(_is_deep, values)):
        raise ValueError("is nested too deep")
    if b"\\u" in content and _LONE_SURROGATE.search(content):  # which no file can hold
        plain = json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
        values = json.loads(plain)
    return values


def _parsed(text: str) -> list[Any]:
    """Return the values of JSON, or of what people write for it: comments, commas, Python's own."""
    text = text.strip()
    try:
        return list(_strictly(text))
    except ValueError:
        if (found := _loosely(text)) is None:
            raise
        return found


def _loosely(text: str) -> list[Any] | None:
    from jobclf.documents import javascript

    values: list[Any] = []
    at = 0
    while at < len(text):
        try:
            value, at = javascript.literal(text, at, names=False, most=limits.JSON_LOOSE)
        except javascript.UnreadError:
            return None
        if not isinstance(value, dict | list) or _is_deep(value):
            return None
        values.append(value)
        at = _AFTER.match(text, at).end()  # type: ignore[union-attr]
    return values


def _strictly(text: str) -> Iterator[Any]:
    at = 0
    while not at or at < len(text):
        try:
            value, at = _DECODER.raw_decode(text, at)
        except json.JSONDecodeError as error:
            # A string without an end reaches to that of the text.
            cut = error.pos >= len(text) or error.msg.startswith("Unterminated")
            raise ValueError("is no JSON: it ends too soon" if cut else "is no JSON") from None
        except (ValueError, RecursionError):
            raise ValueError("is no JSON") from None
        yield value
        while text[at : at + 1].isspace():
            at += 1


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(limits.JSON_DEPTH):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return bool(level)


def tasks(found: Rows) -> Rows:
    """Yield rows, of the tasks of labelling tools what is labelled beside the labels."""
    return ((labeling.flat(row), fault) for row, fault in found)
