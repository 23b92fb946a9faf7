"""The files of public sources as rows with every text that a posting may be."""

import ast
import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from jobclf.documents.names import known_name

LEAST = 100  # characters of what may be a posting's text
_LINKED = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TAG = re.compile(r"<[^>]*>")
_CHROME = re.compile(  # what boards write before and after a text
    r"^\s*[\"']?\s*(?:about the job|job description|full job description|description)\s*[:\n]|"
    r"(?:\s*(?:show|see|read) (?:more|less)\.?|[\"'])+\s*$",
    re.IGNORECASE,
)
_NAMES = {
    "title": ("title", "jobtitle"),
    "company": ("company", "companyname"),
    "location": ("location", "joblocation", "city"),
    "posted": ("posted", "dateposted", "date"),
}
_DATES = ("posted", "date_posted", "date", "posted_at", "listed_at", "scraped")


@dataclass
class Row:
    """One posting of a file, its text in every reading that is tried."""

    number: int
    title: str = ""
    company: str = ""
    location: str = ""
    posted: str = ""
    texts: list[str] = field(default_factory=list)


def rows_of(path: str, content: bytes) -> Iterator[Row]:
    """Yield the rows of a file by its ending; one row for a file that is a posting."""
    ending = path.rpartition(".")[2].lower()
    for number, fields in enumerate(_fields(ending, content)):
        row = Row(number)
        for name, value in _leaves(fields):
            _take(row, name, value)
        yield row


def _take(row: Row, name: str, value: str) -> None:
    known = known_name(name)
    for ours, theirs in _NAMES.items():
        if not getattr(row, ours) and (known in theirs or (ours == "posted" and name in _DATES)):
            setattr(row, ours, value.strip().split("\n")[0][:300])
            return
    if len(value) >= LEAST:
        row.texts += [text for text in readings(value) if text not in row.texts]


def readings(value: str) -> list[str]:
    r"""Return a text as it is, without tags, without what boards put around it, and as a list.

    >>> readings("About the job\n<p>We bake &amp; sell.</p> Show more")[-1]
    ' We bake & sell.'
    """
    found = [value]
    if value.lstrip().startswith("[") and value.rstrip().endswith("]"):
        try:
            parts = ast.literal_eval(value.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            parts = []
        if isinstance(parts, list):
            found.append("\n".join(map(str, parts)))
    found += [unescape(_TAG.sub(" ", each)) for each in found if "<" in each or "&" in each]
    for each in found:  # which grows, until nothing more comes off
        bare = _CHROME.sub("", each)
        if bare not in found:
            found.append(bare)
    return list(dict.fromkeys(found))


def _fields(ending: str, content: bytes) -> Iterator[Any]:
    if ending == "xlsx":
        yield from _sheets(content)
        return
    if ending == "parquet":
        import pyarrow.parquet as pq

        yield from pq.read_table(io.BytesIO(content)).to_pylist()
        return
    text = content.decode("utf-8-sig", "replace")
    if ending in {"csv", "tsv"}:
        csv.field_size_limit(sys.maxsize)
        lines = io.StringIO(text, newline="")
        yield from csv.DictReader(lines, delimiter="\t" if ending == "tsv" else ",")
    elif ending == "jsonl":
        yield from (json.loads(line) for line in text.splitlines() if line.strip())
    elif ending == "json":
        yield from _postings(json.loads(text))
    elif ending in {"yaml", "yml"}:
        import yaml

        yield from _postings(yaml.load(text, yaml.CSafeLoader))
    elif ending in {"html", "htm"}:
        yield _page(content)
    else:
        yield _document(text)


def _sheets(content: bytes) -> Iterator[dict[str, Any]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        if rows:
            header = [str(cell) for cell in rows[0]]
            yield from (dict(zip(header, row, strict=False)) for row in rows[1:])


def _postings(value: Any) -> Iterator[Any]:
    """Yield the postings of JSON: those of the longest list, or the whole."""
    lists = [value] if isinstance(value, list) else []
    if isinstance(value, dict):
        lists = [each for each in value.values() if isinstance(each, list)]
    longest = max(lists, key=len, default=[])
    if longest and all(isinstance(each, dict) for each in longest):
        yield from longest
    else:
        yield value


def _page(content: bytes) -> dict[str, Any]:
    """Return what a page says as data for search engines, and its own text."""
    from lxml import html

    tree = html.fromstring(content)
    found: dict[str, Any] = {}
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            found.update(next(iter(_postings(json.loads(script))), {}))
        except (ValueError, TypeError):
            continue
    main = tree.xpath("//*[contains(@class, 'description')]")
    found["texts"] = [each.text_content() for each in main] or [tree.text_content()]
    return found


def _document(text: str) -> dict[str, Any]:
    """Return a text or Markdown file: its first headings, and its text with and without them."""
    body = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL).lstrip("\n")
    headings = [_LINKED.sub(r"\1", line).strip("# ") for line in body.split("\n")[:2]]
    parts = [text, body, body.partition("\n")[2]]
    while (under := re.sub(r"\A#.*\n+", "", parts[-1])) != parts[-1]:
        parts.append(under)
    parts += [re.sub(r"\n#+ [^\n]*\n*\Z", "", part) for part in parts]
    parts += re.split(r"^#+ .*\n", text, flags=re.MULTILINE)
    return {"title": headings[0], "company": headings[-1], "texts": parts}


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and text of everything that a row holds, however deep."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, str(key))
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each, name)
    elif value is not None:
        yield name, str(value)
