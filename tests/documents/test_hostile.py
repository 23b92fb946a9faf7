"""Inputs made to hurt: each is answered or refused soon, in little memory, and reads nothing else.

Each runs in a process of its own that may use some seconds of the processor and some memory. What
is long is a quarter as long, and so are the limits that it goes over, but with JOBCLF_LONG.
"""

import gzip
import io
import json
import os
import resource
import tempfile
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import jobclf
from jobclf import limits
from jobclf.api.postings import is_table
from jobclf.documents import files
from jobclf.errors import JobclfError
from tests.conftest import LONG
from tests.torture.seeds import (
    CATALOG,
    FONT,
    FORM,
    PAGE,
    PAGES,
    SHOWN,
    paragraph,
    pdf,
    stream,
    word,
)

pytest.importorskip("docx", reason="python-docx is not installed")
pytest.importorskip("pypdf", reason="pypdf is not installed")
pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
from pyarrow import parquet  # noqa: E402

SECONDS, BYTES = 20, 1500 * 2**20  # of a processor slowed by coverage; besides what is there
SHARE = 1 if LONG else 4
LOWERED = ("ARCHIVE", "CELL", "JSON_VALUES", "PDF_MAPPED", "PDF_STEPS")
MILLION = 1_000_000 // SHARE
MANY = MILLION // 30
DUTIES = "We deploy models to production and monitor them for our users every day. " * 10


def outcome(work: Callable[[], str]) -> str:
    """Return what work says, or its refusal, from a process of its own with little to use."""
    with tempfile.NamedTemporaryFile() as said:
        child = os.fork()
        if not child:
            _limited(work, Path(said.name))
        status = os.waitpid(child, 0)[1]
        assert status == 0, f"it ended by signal {status & 127}"
        return Path(said.name).read_text(encoding="utf-8")


def _limited(work: Callable[[], str], said: Path) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    used = resource.getrusage(resource.RUSAGE_SELF)
    done = int(used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (done + SECONDS, done + SECONDS + 1))
    try:
        found = work()
    except JobclfError as error:
        found = f"refused: {error}"
    except BaseException:  # noqa: BLE001  # the parent says it
        found = f"FAULT: {traceback.format_exc()}"
    said.write_text(found, encoding="utf-8", errors="replace")
    os._exit(0)


def entities(kind: str) -> str:
    """Return a document type with entities: ten of each in the next, or the text of a file."""
    if kind == "external":
        return '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    nested = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    return f'<!DOCTYPE a [<!ENTITY e0 "x">{nested}<!ENTITY e "&e9;">]>'


def _utf_8(text: str) -> bytes:
    return text.encode()


def _script(content: str) -> bytes:
    return f'<html><script type="application/ld+json">{content}</script>'.encode()


def _job(description: str) -> bytes:
    return _script(f'{{"@type": "JobPosting", "description": {description}}}')


def _form(number: int) -> bytes:
    contained = b"/X Do " * 10
    return (
        b"<</Type/XObject/Subtype/Form/Resources<</XObject<</X %d 0 R>>>>/Length %d>>\n"
        b"stream\n%b\nendstream" % (number, len(contained), contained)
    )


def _mapped(names: int, forms: int) -> bytes:
    """Return a PDF with many names for a font of all letters, or many drawings with it."""
    ranges = b"begincmap\n1 beginbfrange\n<0000> <FFFE> <0001>\nendbfrange\nendcmap"
    fonts = b"/Font<<%b>>" % b"".join(b"/F%d 5 0 R" % at for at in range(1, names + 1))
    font = b"<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 7 0 R/DescendantFonts[]>>"
    form = b"<</Type/XObject/Subtype/Form/Resources<<%b>>/Length 22>>" % fonts
    form += b"\nstream\n%b\nendstream" % SHORT
    page = PAGE.replace(b"/Font<</F1 5 0 R>>", b"" if forms else fonts)
    return pdf(
        (CATALOG, PAGES, page, stream(SHORT + b" /X Do" * forms), font, form, stream(ranges))
    )


def _mail(header: str) -> bytes:
    return f"MIME-Version: 1.0\n{header}\n\n{DUTIES}".encode("latin-1")


def _nested_mail(depth: int) -> bytes:
    parts = "".join(
        f'Content-Type: multipart/mixed; boundary="b{at}"\n\n--b{at}\n' for at in range(depth)
    )
    return f"MIME-Version: 1.0\n{parts}\n{DUTIES}".encode()


ITEM = "<div itemscope itemtype='https://schema.org/JobPosting'>"
JOB = '{"@type":"JobPosting","description":"<p>a"}'
SHORT = b"BT /F1 10 Tf (x) Tj ET"


def _parquet(kind: Any, value: int) -> bytes:
    """Return a table of one posting and one value of a type."""
    target = io.BytesIO()
    bits = pa.array([value], pa.int32() if kind == pa.date32() else pa.int64())
    parquet.write_table(pa.table({"text": [DUTIES], "value": bits.cast(kind, safe=False)}), target)
    return target.getvalue()


def _nothing() -> None:
    """Say that the file is a gigabyte of zeros that take no room."""


def _zeros() -> bytes:
    """Return a gigabyte of zeros, packed: members of a gzip file follow each other."""
    return gzip.compress(bytes(2**24), 1) * (64 // SHARE)


DOCUMENTS: dict[str, tuple[str, Callable[[], bytes | None]]] = {
    "word: entity bomb": (".docx", lambda: word(paragraph("&e;"), entities("bomb"))),
    "word: external entity": (".docx", lambda: word(paragraph("&e;"), entities("external"))),
    "word: zip bomb": (".docx", lambda: word(paragraph("x" * (130 * 2**20 // SHARE)))),
    "word: packed by LZMA": (".docx", lambda: word(paragraph("x"), packing=zipfile.ZIP_LZMA)),
    "word: a part that lies about its size": (
        ".docx",
        lambda: word(paragraph("x" * 10**7)).replace(
            (10**7 + 253).to_bytes(4, "little"), b"\x99\0\0\0"
        ),
    ),
    "word: zip of a version to come": (
        ".docx",
        lambda: word(paragraph(DUTIES)).replace(
            b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\x94"
        ),
    ),
    "word: deep": (".docx", lambda: word("<w:p>" * (MILLION // 10))),
    "word: paragraphs in paragraphs": (
        ".docx",
        lambda: word("<w:p>" * 200 + paragraph(DUTIES) * (MILLION // 200) + "</w:p>" * 200),
    ),
    "word: paragraphs": (".docx", lambda: word("<w:p/>" * (MILLION // 10))),
    "text: deep": (".txt", lambda: b'{"a":' * 2000 + DUTIES.encode()),
    "html: deep": (".html", lambda: b"<div>" * 100_000 + DUTIES.encode()),
    "html: 200,000 elements": (".html", lambda: b"<b>x</b>" * 200_000),
    "html: comments": (".txt", lambda: b"<!---->" * 500 + DUTIES.encode()),
    "html: mains in mains": (".html", lambda: b"<main>" * 200 + b"<p>word word" * (MILLION // 50)),
    "html: headers in headers": (".html", lambda: b"<header>" * 200 + b"<p>word" * MANY),
    "html: job descriptions in each other": (
        ".html",
        lambda: b"<div class=job-description>" * 200 + b"<p class=job-description>x" * MANY,
    ),
    "html: properties in properties": (
        ".html",
        lambda: _utf_8(ITEM + "<div itemprop=description>" * 200 + "<p itemprop=skills>a" * MANY),
    ),
    "html: items in items": (
        ".html",
        lambda: _utf_8(f"{ITEM}<p itemprop=description>" * 100 + "<p>word word" * MANY),
    ),
    "html: 50,000 postings": (
        ".html",
        lambda: _script("[" + f"{JOB}," * 50_000 + f"{JOB}]"),
    ),
    "html: lists in lists": (".html", lambda: _job("[" * 900 + '"a"' + "]" * 900)),
    "html: million lists": (".html", lambda: _job("[" + "[]," * 3 * MILLION + "1]")),
    "html: entity": (".html", lambda: _utf_8(f"{entities('external')}<p>&e; {DUTIES}")),
    "pdf: pages that hold themselves": (
        ".pdf",
        lambda: pdf((CATALOG, b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>", PAGE, stream(SHOWN))),
    ),
    "pdf: parents in a circle": (
        ".pdf",
        lambda: pdf(
            (
                CATALOG,
                PAGES.replace(b"/Count", b"/Parent 3 0 R/Count"),
                PAGE.partition(b"/Contents")[0] + b">>",
            )
        ),
    ),
    "pdf: table of objects in a circle": (
        ".pdf",
        lambda: pdf((CATALOG, PAGES, PAGE, stream(SHOWN), FONT, FORM)).replace(
            b"/Root", b"/Prev 9/Root"
        ),
    ),
    "pdf: forms that draw themselves": (
        ".pdf",
        lambda: pdf((CATALOG, PAGES, PAGE, stream(SHOWN), FONT, _form(6))),
    ),
    "pdf: forms that draw ten others each": (
        ".pdf",
        lambda: pdf((CATALOG, PAGES, PAGE, stream(SHOWN), FONT, *map(_form, range(7, 19)), FORM)),
    ),
    "pdf: stream that unpacks to 100 MB": (
        ".pdf",
        lambda: pdf((CATALOG, PAGES, PAGE, stream(b" " * 100 * MILLION, packed=1), FONT, FORM)),
    ),
    "pdf: stream packed again and again": (
        ".pdf",
        lambda: pdf((CATALOG, PAGES, PAGE, stream(b" " * 50 * MILLION, packed=5), FONT, FORM)),
    ),
    "pdf: a million operators": (
        ".pdf",
        lambda: pdf((CATALOG, PAGES, PAGE, stream(SHORT * MILLION, packed=1), FONT, FORM)),
    ),
    "pdf: the same page many times": (
        ".pdf",
        lambda: pdf(
            (
                CATALOG,
                b"<</Type/Pages/Kids[%b]/Count 60>>" % (b"3 0 R " * 60),
                PAGE,
                stream(SHORT * (MILLION // 500)),
                FONT,
                FORM,
            )
        ),
    ),
    "pdf: too many pages": (
        ".pdf",
        lambda: pdf((CATALOG, b"<</Type/Pages/Kids[%b]/Count 1>>" % (b"3 0 R " * MANY), PAGE)),
    ),
    "pdf: objects without end": (".pdf", lambda: b"%PDF-1.4\n" + b"1 0 obj\n" * (MILLION // 10)),
    "pdf: arrays in arrays": (
        ".pdf",
        lambda: pdf((CATALOG, PAGES, PAGE, stream(b"[" * MILLION), FONT, FORM)),
    ),
    "pdf: names that share a font of all letters": (".pdf", lambda: _mapped(300, 0)),
    "pdf: drawings with a font of all letters": (".pdf", lambda: _mapped(1, 2000)),
    "mail: subject of many coded words": (
        ".eml",
        lambda: _mail("Subject: " + "=?utf-8?q?a?= " * 20_000),
    ),
    "mail: many parameters": (
        ".eml",
        lambda: _mail("Content-Type: text/plain;" + " a=b;" * MANY),
    ),
    "mail: a quote and semicolons": (
        ".eml",
        lambda: _mail('Content-Type: text/plain; a="' + ";" * (MILLION // 2)),
    ),
    "mail: millions of headers": (".eml", lambda: _mail("Aa: \n" * 5 * MILLION + "Ab: c")),
    "mail: thousands of headers": (".eml", lambda: _mail("Aa: \n" * (MILLION // 2) + "Ab: c")),
    "mail: a header of many lines": (
        ".eml",
        lambda: _mail("To: a\n" + " b\n" * MILLION + " c"),
    ),
    "mail: comments in comments": (".eml", lambda: _mail("Content-Disposition: " + "(" * 9000)),
    "mail: parts in parts": (".eml", lambda: _nested_mail(3000)),
    "mail: mails in mails": (".eml", lambda: _mail("Content-Type: message/rfc822\n\n" * 3000)),
    "mail: many lines in many parts": (".eml", lambda: _nested_mail(90) + b"\n" * 3 * MILLION),
    "mail: unknown charset": (".eml", lambda: _mail("Content-Type: text/plain; charset=\0idna")),
    "mail: subject that cannot be decoded": (".eml", lambda: _mail("Subject: =?utf-8?b?a?=")),
    "text: marks upon marks": (".txt", lambda: _utf_8("\u0301\u0327" * 80_000)),
    "text: a gigabyte in one line": (".txt", _nothing),
    "text: breaks": (".txt", lambda: b"|" * 8 * MILLION),
    "text: words of a letter": (".txt", lambda: b"r c " * 2 * MILLION),
    "text: NUL": (".txt", lambda: DUTIES.replace(" ", "\0 ", 3).encode()),
    "text: half letters": (".txt", lambda: b"\xff\xfe" + DUTIES.encode("utf-16-le") + b"\x00\xd8"),
    "text: from right to left": (".txt", lambda: _utf_8(f"\u202e{DUTIES}\u2067{DUTIES}")),
    "csv: a gigabyte in one line": (".csv", _nothing),
    "csv: ten million columns": (".csv", lambda: b"text," + b"a," * 10 * MILLION + b"\nx\n"),
    "csv: columns by the thousand": (
        ".csv",
        lambda: ",".join(["text", *(f"a{at}" for at in range(99_999))]).encode() + b"\nx" * 300,
    ),
    "csv: a column named twice among many": (
        ".csv",
        lambda: _utf_8(",".join(["text", *(f"a{at % 9000}" for at in range(9999))])),
    ),
    "csv: a row of a million cells": (".csv", lambda: b"text,a\nx" + b"," * MILLION),
    "csv: NUL": (".csv", lambda: b"text\0,te\0xt\n\0\n" + DUTIES.encode()),
    "csv: a quote never closed": (".csv", lambda: b'text,a\n"' + b"x " * 18 * MILLION),
    "csv: unpacks to a gigabyte": (".csv.gz", _zeros),
    "jsonl: a gigabyte in one line": (".jsonl", _nothing),
    "jsonl: unpacks to a gigabyte": (".jsonl.gz", _zeros),
    "jsonl: deep": (".jsonl", lambda: b'{"text": "a"}\n{"text":' + b"[" * 900 + b"]" * 900 + b"}"),
    "jsonl: half letters": (
        ".jsonl",
        lambda: json.dumps({"text": f"{DUTIES}\ud800", "a\udfff": "\udc00"}).encode(),
    ),
    "json: a great many lists": (".json", lambda: b"[" + b"[]," * 20 * MILLION + b"1]"),
    "parquet: a date beyond all": (".parquet", lambda: _parquet(pa.date32(), 2**31 - 1)),
    "parquet: a time that is none": (".parquet", lambda: _parquet(pa.timestamp("ns"), -(2**63))),
    "parquet: a place without time": (
        ".parquet",
        lambda: _parquet(pa.timestamp("us", "Nowhere/None"), 0),
    ),
    "json: a number of many digits": (".json", lambda: b'[{"text": ' + b"9" * MILLION + b"}]"),
}


REFUSED = {
    "word: zip bomb": "unpacks to more",
    "word: zip of a version to come": "is damaged",
    "word: packed by LZMA": "packed as none is",
    "html: 50,000 postings": "over 1,000 postings",
    "html: 200,000 elements": "over 100,000 elements",
    "pdf: names that share a font of all letters": "letters in its fonts",
    "pdf: drawings with a font of all letters": "letters in its fonts",
    "pdf: the same page many times": "draws more than any",
    "mail: many lines in many parts": "too many parts",
    "mail: millions of headers": "too many parts",
    "mail: thousands of headers": "over 2,000 headers",
    "text: a gigabyte in one line": "is over 32 MB",
    "text: words of a letter": "over 1,000,000 letters",
    "csv: a gigabyte in one line": "first line is over a million letters",
    "csv: ten million columns": "first line is over a million letters",
    "csv: columns by the thousand": "100,000 columns are more than 10,000",
    "jsonl: a gigabyte in one line": "line 1 is over 32 MB",
    "json: a great many lists": "holds too many values",
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_is_answered_or_refused_soon_and_in_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for limit in LOWERED:
        monkeypatch.setattr(limits, limit, getattr(limits, limit) // SHARE)
    ending, made = DOCUMENTS[name]
    path = tmp_path / f"input{ending}"
    content = made()
    with path.open("wb") as written:
        if content is None:
            written.truncate(2**30)
        else:
            written.write(content)
    del content

    def work() -> str:
        if is_table(path):
            ways = [tmp_path / f"out{each}" for each in (".csv", ".jsonl", ".parquet")]
            if path.stat().st_size > MILLION:
                del ways[1:]
            tallies = [jobclf.predict_table(path, output=way).tally for way in ways]
            return f"answered: {tallies[0].postings}"
        found = files.read(path)
        for each in found:
            jobclf.predict(each.text, title=each.title)
        return f"answered: {found[0].text[:300]}"

    said = outcome(work)
    assert said.startswith(("answered: ", "refused: "))
    assert REFUSED.get(name, "") in said
    assert "root:" not in said
    assert "\n" not in said.partition("answered: ")[0]
