"""JSON lines and JSON, read object by object."""

import json
import re
from typing import Any, BinaryIO

from jobclf.errors import DatasetError, PostingError, Reason
from jobclf.tables.rows import Found
from jobclf.tables.streams import decoded, reading

LARGEST_LINE = 2**25  # bytes of a line of JSON
LARGEST_JSON = 2**28  # bytes of a JSON file that is read as a whole
MOST_MARKS = 1 << 24  # brackets and commas in JSON read at once, which takes 100 bytes for each
_DEEPEST = 100  # levels of JSON within each other
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_LISTS = ("jobs", "postings", "results", "data", "items")  # where an answer of a board keeps them


def read_lines(stream: BinaryIO, name: str) -> Found:
    """Read an object a line."""

    def rows() -> Found:
        number = 0
        with reading(name):
            while line := stream.readline(LARGEST_LINE + 1):
                number += 1
                if len(line) > LARGEST_LINE:
                    most = f"{LARGEST_LINE >> 20} MB"
                    raise DatasetError(f"{name}: line {number} is over {most}; split it")
                if line.strip(b" \t\r\n\xef\xbb\xbf"):
                    yield _parsed(line, f"line {number}")

    return rows()


def read(stream: BinaryIO, name: str) -> Found:
    """Read a whole JSON file: a list of objects, or an object that holds one."""
    with reading(name):
        content = stream.read(LARGEST_JSON + 1)
    if len(content) > LARGEST_JSON:
        raise DatasetError(f"{name} is over {LARGEST_JSON >> 20} MB; write it as JSON lines")
    try:
        value = _loaded(content)
    except ValueError as error:
        cut = str(error).endswith("too soon")
        remedy = "fetch or save it again" if cut else "write one object a line as .jsonl"
        raise DatasetError(f"{name} {error}; {remedy}") from None
    if isinstance(value, dict):
        value = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), [value])
    if not isinstance(value, list):
        raise DatasetError(f"{name} holds no list of postings")
    return (
        (each, None) if isinstance(each, dict) else ({}, _bad(f"entry {number} is no JSON object"))
        for number, each in enumerate(value, 1)
    )


def _bad(fact: str) -> PostingError:
    return PostingError(fact, "mend or delete it", reason=Reason.BAD_ROW)


def _parsed(line: bytes, at: str) -> tuple[dict[str, Any], PostingError | None]:
    try:
        value = _loaded(line)
    except ValueError as error:
        return {}, _bad(f"{at} {error}")
    return (value, None) if isinstance(value, dict) else ({}, _bad(f"{at} is no JSON object"))


def _loaded(content: bytes) -> Any:
    """Return the value that JSON holds, or raise a `ValueError` that says what is wrong with it."""
    opened = content.count(b"[") + content.count(b"{")
    if opened + content.count(b",") > MOST_MARKS:
        raise ValueError("holds too many values")
    try:
        value = json.loads(decoded(content))
    except json.JSONDecodeError as error:
        # A string without an end reaches to that of the text.
        cut = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        raise ValueError("is no JSON: it ends too soon" if cut else "is no JSON") from None
    except (ValueError, RecursionError):
        raise ValueError("is no JSON") from None
    if opened > _DEEPEST and _is_deep(value):
        raise ValueError("is nested too deep")
    if _LONE_SURROGATE.search(content):  # one that no file can hold: written as a question mark
        value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    return value


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inside
            for each in level
            if isinstance(each, dict | list)
            for inside in (each.values() if isinstance(each, dict) else each)
        ]
    return bool(level)
