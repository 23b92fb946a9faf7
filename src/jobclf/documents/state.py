"""Postings in the data that a page's scripts are given: state objects of frameworks."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from jobclf import limits
from jobclf.documents import javascript
from jobclf.documents.html import is_data
from jobclf.documents.parts import join_parts
from jobclf.documents.posting import Posting
from jobclf.documents.shapes import find_rows
from jobclf.text.cleaning import unescape

# What is in a script that holds the text of a posting.
_HOLDS_TEXT = re.compile(r"escription|ontent|equirements|esponsibilities|jobAd|jobText|[bB]ody")
# Where a value may begin: a string that is parsed, an object or list, a function that is called.
_STARTS = re.compile(
    r"(?:[=(:,]\s*JSON\.parse\(\s*(?:decodeURIComponent\(\s*)?|\.enqueue\(\s*)(?=([\"']))"
    r"|[=(:,]\s*(?=([{\[]))|=\s*(?=(\(function\s*\(|\(\([\w$, ]*\)\s*=>))"
)
_FLIGHT = re.compile(r"__next_f\.push\(\s*(?=\[)")
_FLIGHT_ROW = re.compile(rb"([0-9a-f]+):(?:T([0-9a-f]+),)?")
_ATTRIBUTE = re.compile(r"""=\s*(?:"(\{&quot;[^"]*)"|'(\{["&][^']*)')""")
_LEAST = 200  # letters of a state object that may hold a posting
_MOST_TRIES = 40  # values tried in a script
_EFFORT = 4  # times what JSON takes for a letter
# How Angular escapes what it hands from its server to the page.
_OF_ANGULAR = ("{&q;", "[{&q;")
_ANGULAR = re.compile("&([aqslg]);")
_ANGULAR_LETTERS = {"a": "&", "q": '"', "s": "'", "l": "<", "g": ">"}


def state_postings(root: Any, markup: str) -> Iterator[Posting]:
    """Yield the postings in the state objects of a page, in order."""
    flight: list[str] = []
    for value in _values(root, markup, flight):
        yield from _found(value)
    if flight:
        yield from _found(_rows("".join(flight)))


def _found(value: Any) -> Iterator[Posting]:
    if javascript.refers(value):
        value = javascript.resolved(value)
    for joined in map(join_parts, find_rows(value, written=True)):
        if joined.text:
            yield Posting(joined.text, joined.title, joined.company)


def _values(root: Any, markup: str, flight: list[str]) -> Iterator[Any]:
    """Yield the values of scripts and attributes, and keep the rows of Next.js for later."""
    left = limits.PAGE_STATE
    for script in root.iter("script"):
        content = script.text or ""
        kind = (script.get("type") or "").lower()
        if not _LEAST <= len(content) <= min(limits.PAGE_SCRIPT, left) or "ld+json" in kind:
            continue
        if "__next_f" in content:
            flight.extend(_pushed(content))
        elif _HOLDS_TEXT.search(content):
            left -= len(content)
            yield from _in_script(content)
    codes = (each.text for each in root.iter("code") if is_data(each.text))
    for found in (*_attributes(markup), *_commented(markup), *codes):
        if len(found) <= left and _HOLDS_TEXT.search(found):
            left -= len(found)
            yield from _loaded(unescape(found))


def _attributes(markup: str) -> Iterator[str]:
    if "{&quot;" in markup or "='{" in markup:
        for found in _ATTRIBUTE.finditer(markup):
            yield found[1] or found[2]


def _commented(markup: str) -> Iterator[str]:
    """Yield the objects that stand in comments, as LinkedIn's do."""
    at = 0
    while (start := markup.find("<!--{", at)) >= 0 and (at := markup.find("}-->", start)) >= 0:
        yield markup[start + 4 : at + 1]


def _loaded(content: str) -> Iterator[Any]:
    try:
        yield json.loads(content, strict=False)
    except (ValueError, RecursionError):
        return


def _in_script(content: str) -> Iterator[Any]:
    """Yield the values that a script is, assigns, parses or returns."""
    content = content.strip()
    if content.startswith(_OF_ANGULAR):
        content = _ANGULAR.sub(lambda at: _ANGULAR_LETTERS[at[1]], content)
    if content[:1] in {"{", "["} and (whole := list(_loaded(content))):
        yield from whole
        return
    at, effort = 0, 0
    for _ in range(_MOST_TRIES):
        start = _STARTS.search(content, at)
        if start is None or effort > 4 * len(content):
            return
        try:
            if start[1]:
                text, at = javascript.literal(content, start.start(1))
                yield from _loaded(unquote(text) if text.startswith("%7B") else text)
                continue
            read = _object if start[2] else javascript.called
            value, at = read(content, start.start(2 if start[2] else 3))
            yield value
        except javascript.UnreadError as error:
            at = start.end()
            effort += _EFFORT * (error.at - at)


def _object(content: str, at: int) -> tuple[Any, int]:
    """Return the object or list at a place of a script, and where it ends."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(content, at)
    except (ValueError, RecursionError):
        return javascript.literal(content, at)


def _pushed(content: str) -> Iterator[str]:
    """Yield the pieces of a stream of rows that scripts of Next.js push."""
    decoder = json.JSONDecoder(strict=False)
    for pushed in _FLIGHT.finditer(content):
        try:
            value, _ = decoder.raw_decode(content, pushed.end())
        except (ValueError, RecursionError):
            return
        if isinstance(value, list) and value[1:] and isinstance(value[1], str):
            yield value[1]


def _rows(stream: str) -> list[Any]:
    """Return the values of rows, texts that stand in rows of their own put in their places."""
    content, at = stream.encode("utf-8", "replace"), 0
    texts: dict[str, str] = {}
    values: list[Any] = []
    while row := _FLIGHT_ROW.match(content, at):
        if row[2]:
            end = row.end() + int(row[2][:8], 16)
            texts["$" + row[1].decode()] = content[row.end() : end].decode("utf-8", "replace")
            at = end
            continue
        end = content.find(b"\n", row.end())
        end = len(content) if end < 0 else end
        values.extend(_loaded(content[row.end() : end].decode("utf-8", "replace")))
        at = end + 1
    _put_in_place(values, texts)
    return values


def _put_in_place(values: list[Any], texts: dict[str, str]) -> None:
    waiting: list[Any] = [values]
    left = limits.PAGE_STATE
    while waiting:
        here = waiting.pop()
        places = here.items() if isinstance(here, dict) else enumerate(here)
        for place, value in list(places):
            if isinstance(value, str) and value in texts and len(texts[value]) <= left:
                here[place] = texts[value]
                left -= len(texts[value])
            elif isinstance(value, dict | list):
                waiting.append(value)
