"""Postings that a page states as data: JSON-LD, microdata and RDFa of schema.org."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from jobclf import limits
from jobclf.documents.html import Flow
from jobclf.documents.names import PART_OF, TITLES, known_name
from jobclf.documents.parts import join_parts
from jobclf.documents.posting import Posting
from jobclf.text.cleaning import unescape

_COMMENTS = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)")
_COMMENTS_END = re.compile(r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$")
# A string is kept as it is; what else JavaScript has and JSON has not is made JSON.
_NO_JSON = re.compile(
    r'("(?:[^"\\]|\\.)*+")|/\*(?>.*?(?:\*/|\Z))|(?<=[\s,;{}\[\]])//[^\n]*'
    r"|,(?=\s*[}\]])"
    r"|\b(undefined|NaN|-?Infinity|void 0)\b",
    re.DOTALL,
)
_BAD_ESCAPE = re.compile(r"\\(?:u(?![0-9a-fA-F]{4})|x|[^\"\\/bfnrtux])")
_OPENING = re.compile(r"[{\[]")
_LEAST_ROWS = 2  # of a table of postings, with its header
_LONGEST_NAME = 60  # letters of a column's name
_MOST_VALUES = 50  # values that follow each other in a script


def json_ld(root: Any) -> Iterator[Posting]:
    """Yield the postings in the JSON-LD of a page, in order."""
    for script in root.iter("script"):
        kind = (script.get("type") or "").lower()
        content = script.text or ""
        if "ld+json" in kind and "obPosting" in content and len(content) <= limits.PAGE_SCRIPT:
            for value in values_in(content):
                yield from _of_type(value)


def values_in(content: str) -> list[Any]:
    """Return the JSON values in a script that may be slightly broken."""
    content = _COMMENTS_END.sub("", _COMMENTS.sub("", content, count=1)).strip().rstrip(";")
    if content.startswith(("{&quot;", "[{&quot;", "{ &quot;", "{\n&quot;")):
        content = unescape(content)
    try:
        return [json.loads(content, strict=False)]
    except (ValueError, RecursionError):
        pass
    content = _as_json(content)
    found: list[Any] = []
    at, decoder = 0, json.JSONDecoder(strict=False)
    while len(found) < _MOST_VALUES and (start := _OPENING.search(content, at)):
        try:
            value, at = decoder.raw_decode(content, start.start())
        except (ValueError, RecursionError):
            break
        found.append(value)
    return found or _pairs(content)


def _as_json(content: str) -> str:
    """Return JavaScript as JSON: without comments and commas before a bracket, with nulls."""
    content = _NO_JSON.sub(lambda at: at[1] or ("null" if at[2] else ""), content)
    return _BAD_ESCAPE.sub(lambda at: "\\" + at[0], content)


_PAIR = re.compile(r'"?(\b[A-Za-z_]\w{2,40})"?\s*:\s*"((?:[^"\\]|\\.)*+)"', re.DOTALL)


def _pairs(content: str) -> list[Any]:
    """Return the texts that a broken object names, where it says that it is a posting."""
    found: dict[str, Any] = {}
    for pair in islice(_PAIR.finditer(content), 1000):
        try:
            found.setdefault(pair[1], json.loads(f'"{pair[2]}"', strict=False))
        except ValueError:
            continue
    return [found | {"@type": "JobPosting"}] if "JobPosting" in content and found else []


def _of_type(value: Any) -> Iterator[Posting]:
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            kinds = here.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(re.split(r"[/:#]", str(name))[-1] == "JobPosting" for name in names):
                joined = join_parts(here)
                if joined.text:
                    yield Posting(joined.text, joined.title, joined.company)
            else:
                waiting.extend(reversed(here.values()))
        elif isinstance(here, list):
            waiting.extend(reversed(here))


def microdata(flow: Flow) -> Iterator[Posting]:
    """Yield the postings that attributes of a page name, schema.org's microdata or RDFa."""
    past = 0
    for number, element in enumerate(flow.attributes):
        if number < past or not element:
            continue
        kind = element.get("itemtype") or element.get("typeof")
        if kind is not None and kind[:200].rstrip("/ ").endswith("JobPosting"):
            past = flow.until[number]
            named = "itemprop" if element.get("itemtype") else "property"
            joined = join_parts(_properties(flow, number, named))
            if joined.text:
                yield Posting(joined.text, joined.title, joined.company)


def _properties(flow: Flow, item: int, named: str) -> dict[str, list[str]]:
    """Return the texts of an item's properties; one within another is part of it."""
    found: dict[str, list[str]] = {}
    number = item + 1
    while number < flow.until[item]:
        element = flow.attributes[number]
        names = element.get(named)
        scope = element.get("itemscope" if named == "itemprop" else "typeof") is not None
        if names is None and not scope:
            number += 1
            continue
        if names is not None:
            text = element.get("content")
            if text is None:
                text = flow.text(_name_in(flow, number, named) if scope else number)
            for name in names[:200].split():
                found.setdefault(name.rsplit(":", 1)[-1], []).append(text)
        number = flow.until[number]
    return found


def _name_in(flow: Flow, item: int, named: str) -> int:
    """Return the element that names an item, such as an organisation; the item if none does."""
    inner = range(item + 1, flow.until[item])
    return next((at for at in inner if flow.attributes[at].get(named) in {"name", "title"}), item)


def tabled(flow: Flow) -> Iterator[Posting]:
    """Yield the postings in tables of a page whose first row names titles and texts."""
    rows: dict[int, list[int]] = {}
    for number, tag in enumerate(flow.tags):
        if tag == "tr":
            above = flow.parents[number]
            table = above if flow.tags[above] == "table" else flow.parents[above]
            rows.setdefault(table, []).append(number)
    for found in rows.values():
        header = [flow.text(cell)[:_LONGEST_NAME] for cell in _cells(flow, found[0])]
        known = {known_name(each) for each in header}
        if len(found) > _LEAST_ROWS and known & {*PART_OF} and known & {*TITLES}:
            for row in found[1:]:
                cells = zip(header, map(flow.text, _cells(flow, row)), strict=False)
                joined = join_parts(dict(cells))
                if joined.text:
                    yield Posting(joined.text, joined.title, joined.company)


def _cells(flow: Flow, row: int) -> Iterator[int]:
    at = row + 1
    while at < flow.until[row]:
        if flow.tags[at] in {"td", "th"}:
            yield at
        at = flow.until[at]
