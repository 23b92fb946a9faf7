"""Work grows as the input does: counted calls of Python and C functions, never seconds."""

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

import jobclf
from jobclf.documents import files
from jobclf.documents.pdf_lines import joined
from jobclf.errors import JobclfError
from jobclf.evaluation import metrics
from jobclf.reports import page
from jobclf.roles import Role
from jobclf.tables import reader
from jobclf.tables.rows import size_of
from jobclf.training import labeled_data
from tests.factories import posting

pytestmark = pytest.mark.slow
MOST = 1.3  # the exponent of growth
GROWN = (1, 2, 8)  # the last two less the first, for what is done once is in all
SIZES = (2, 5)
TEXT = posting(Role.ML_ENGINEER, 1)
_LINE = TEXT[:90].replace("\n", " ").replace(",", " ").encode()


def _page(inner: str) -> bytes:
    return f"<!DOCTYPE html><html><body><main>{inner}</main></body></html>".encode()


def _ld(value: Any) -> bytes:
    return _page(f'<script type="application/ld+json">{json.dumps(value)}</script><p>{TEXT}')


def _job(**fields: Any) -> dict[str, Any]:
    return {"@type": "JobPosting", "title": "ML Engineer", "description": TEXT} | fields


# What a document is made of by its size; 1 is some kilobytes.
DOCUMENTS: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "text": (".txt", lambda n: (TEXT * 4 * n).encode()),
    "text of one word": (".txt", lambda n: b"models " * 400 * n),
    "text without blanks": (".txt", lambda n: b"a" * 800 * n),
    "text of slashes": (".txt", lambda n: b"a/b-c." * 800 * n),
    "text of line ends": (".txt", lambda n: TEXT.encode() + b"\r\n" * 1000 * n),
    "combining marks": (".txt", lambda n: ("a" + "\u0301" * 500 * n + TEXT).encode()),
    "entities": (".txt", lambda n: b"&amp;&#65;&nosuch;" * 1000 * n + TEXT.encode()),
    "Markdown": (".md", lambda n: b"# a\n[b](c) **d** `e`\n" * 300 * n + TEXT.encode()),
    "brackets of Markdown": (".md", lambda n: b"[" * 1000 * n + TEXT.encode()),
    "paragraphs": (".html", lambda n: _page(f"<p>{TEXT[:80]}</p>" * 25 * n)),
    "nested elements": (".html", lambda n: _page("<div>a" * 20 * n + TEXT)),
    "lists": (".html", lambda n: _page("<ul><li>a</ul>" * 50 * n + TEXT)),
    "attributes": (".html", lambda n: _page(f"<p {'a=b ' * 500 * n}>{TEXT}")),
    "item types": (
        ".html",
        lambda n: _page(
            f'<div itemscope itemtype="{"https://schema.org/JobPosting " * 50 * n}">'
            f"<p itemprop=description>{TEXT}</p></div>"
        ),
    ),
    "item properties": (
        ".html",
        lambda n: _page(
            f"<div itemscope itemtype=https://schema.org/JobPosting>"
            f"{f'<p itemprop=description>{TEXT[:60]}</p>' * 50 * n}</div>"
        ),
    ),
    "postings of JSON-LD": (".html", lambda n: _ld([_job(title=f"ML {k}") for k in range(5 * n)])),
    "descriptions of JSON-LD": (".html", lambda n: _ld(_job(description=[TEXT[:60]] * 25 * n))),
    "lists of JSON-LD": (".html", lambda n: _ld(_job(skills=[{"name": "SQL"}] * 50 * n))),
    "header of a mail": (
        ".eml",
        lambda n: (
            b'Subject: ML\nMIME-Version: 1.0\nContent-Type: text/plain; a="'
            + b";" * 1000 * n
            + b'"\n\n'
            + TEXT.encode()
        ),
    ),
    "headers of a mail": (
        ".eml",
        lambda n: b"MIME-Version: 1.0\n" + b"Aa: b\n" * 500 * n + b"\n" + TEXT.encode(),
    ),
    "parts of a mail": (
        ".eml",
        lambda n: (
            b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
            + b"".join(b"--x\n\n%b\n" % TEXT[:80].encode() for _ in range(10 * n))
            + b"--x--\n"
        ),
    ),
}
TABLES: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "rows": (
        ".csv",
        lambda n: b"id,text\n" + b"".join(b"1,%b x\n" % _LINE for _ in range(50 * n)),
    ),
    "quotes": (".csv", lambda n: b"id,text\n" + b'1,"a""b"\n' * 1000 * n),
    "a cell without an end": (".csv", lambda n: b'id,text\n1,"' + b"a,b\n" * 3000 * n),
    "columns": (
        ".csv",
        lambda n: b"text," + b",".join(b"c%d" % k for k in range(50 * n)) + b"\na" + b"," * 50 * n,
    ),
    "lines": (".jsonl", lambda n: (json.dumps({"text": TEXT[:200]}) + "\n").encode() * 50 * n),
    "bad lines": (".jsonl", lambda n: b'{"text": "a"}\n{"text": "b"}\n' + b"{\n" * 500 * n),
    "keys": (
        ".jsonl",
        lambda n: (json.dumps({"text": "a"} | {f"k{k}": k for k in range(50 * n)}) + "\n").encode(),
    ),
    "objects": (".json", lambda n: json.dumps([{"text": TEXT[:200]}] * 50 * n).encode()),
    "values one after the other": (".json", lambda n: b'{"text": "a"}\n \n' * 300 * n),
    "lists in a cell": (
        ".jsonl",
        lambda n: (json.dumps({"text": "a", "more": [[]] * 500 * n}) + "\n").encode() * 3,
    ),
    "text without an end in a feed": (".rss", lambda n: b"<rss>" + b"<![CDATA[" * 1000 * n),
    "instructions without an end in a feed": (".rss", lambda n: b"<rss>" + b"<?" * 1000 * n),
    "an envelope": (
        ".json",
        lambda n: json.dumps(
            {"jobs": [{"title": "ML", "content": TEXT[:90], "id": k} for k in range(100 * n)]}
        ).encode(),
    ),
}


def _calls(function: Callable[[], object]) -> int:
    """Return how many functions are called, of Python and of C."""
    count = 0

    def seen(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        function()
    except JobclfError:
        pass  # refused, which takes its work as well
    finally:
        sys.setprofile(before)
    return count


def _check(path: Path, made: Callable[[int], bytes], work: Callable[[], object]) -> None:
    counts = []
    path.write_bytes(made(1))
    _calls(work)  # what is imported and kept is counted in no size
    for size in SIZES:
        path.write_bytes(made(size))
        counts.append(max(_calls(work), 1))
    small, large = counts
    assert math.log(large / small) / math.log(SIZES[1] / SIZES[0]) <= MOST, counts


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_answered_and_explained_in_linear_work(tmp_path: Path, name: str) -> None:
    ending, made = DOCUMENTS[name]
    path = tmp_path / f"input{ending}"

    def work() -> None:
        for each in files.read(path):
            jobclf.explain(each.text, title=each.title)

    _check(path, made, work)


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_read_in_linear_work(tmp_path: Path, name: str) -> None:
    ending, made = TABLES[name]
    path = tmp_path / f"input{ending}"
    _check(path, made, lambda: [len(batch) for batch in reader.read(path).batches])


def _labelled(path: Path, count: int) -> Path:
    """Write labelled postings that begin alike, some twice, of many companies and families."""
    kinds = (Role.ML_ENGINEER, Role.DATA_SCIENTIST, Role.NEITHER)
    with path.open("w") as stream:
        for at in range(count):
            role = kinds[at % 3]
            told = {"role": role, "family": f"f{at}", "company": f"c{at // 2}", "title": f"ML {at}"}
            text = posting(role, 1, 2) + posting(role, at - at % 7, 6) + f" only{at}" * (at % 5)
            stream.write(json.dumps(told | {"text": text}) + "\n")
    return path


def _shown(rows: int, target: Path) -> str:
    """Return pages of as many postings, and of a table with as many rows."""
    texts = [posting(Role.ML_ENGINEER, at, 6) for at in range(rows)]
    explained = [(str(at), jobclf.explain(text)) for at, text in enumerate(texts[: rows // 10])]
    source = target.with_name("in.parquet")
    parquet.write_table(
        pa.table({"text": texts, "title": [f"<b>{at}" for at in range(rows)]}), source
    )
    found = jobclf.predict_table(source, output=target)
    return page.explanation_page(explained) + page.summary_page(found.tally.summary())


def _session(data: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    session = jobclf.label(data, output=target)
    session.label(Role.ML_ENGINEER)
    session.explain()


# What is done with labelled postings or as many rows, and how many there are at first.
COMMANDS: dict[str, tuple[int, Callable[[Path, int], object]]] = {
    "train": (24, lambda data, _: jobclf.train(data, prior="seeds")),
    "evaluate": (24, lambda data, _: jobclf.evaluate(data, model=jobclf.load_model())),
    "audit": (24, lambda data, _: jobclf.audit(data, prior="seeds")),
    "label": (30, lambda data, _: _session(data, data.with_name("labels.jsonl"))),
    "tables and pages": (40, lambda data, rows: _shown(rows, data.with_name("out.csv"))),
    "one long page": (
        5,
        lambda _, lines: page.explanation_page(
            [("a", jobclf.explain("\n".join(posting(Role.ML_ENGINEER, at) for at in range(lines))))]
        ),
    ),
    "labels read": (60, lambda data, _: labeled_data.read(data)),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_take_linear_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(metrics, "RESAMPLES", 10)  # as many for any number of postings
    first, work = COMMANDS[name]
    counts = []
    for size in GROWN:
        data = _labelled(tmp_path / "data.jsonl", first * size)
        if size == 1:
            work(data, first)  # what is imported and kept is counted in no size
        counts.append(_calls(lambda: work(data, first * size)))  # noqa: B023  # called at once
    growth = (counts[-1] - counts[0]) / (counts[1] - counts[0])
    worst = math.log(growth) / math.log((GROWN[-1] - 1) / (GROWN[1] - 1))
    assert worst <= MOST, counts


def test_blank_lines_of_a_table_are_passed_over_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for row in (b"1,a", b'1,a "b', b'1,"a'):  # parted fast, and with care
        counts = []
        for lines in (5000, 5000, 100_000):  # the first time also what is imported
            path.write_bytes(b"id,text\n" + row + b"\n" * lines + b"2,b\n")
            counts.append(_calls(lambda: [len(batch) for batch in reader.read(path).batches]))
        assert counts[-1] < counts[1] + 1000


@pytest.mark.parametrize(
    "value", [[[]] * 999, [{}] * 999, [1.5] * 999, ["a"] * 999, {str(k): 10**9 for k in range(999)}]
)
def test_rows_are_measured_by_what_python_keeps_of_them(value: Any) -> None:
    inner = value.values() if isinstance(value, dict) else json.loads(json.dumps(value))
    kept = sys.getsizeof(value) + sum(map(sys.getsizeof, inner))
    assert kept <= 2 * size_of(value)


@pytest.mark.parametrize(
    "run", ["\n", "\r\n", "\t\n", " ", "-", "\u2014\n", "* ", "(", "a.", "1 ", "'", "&"]
)
def test_a_long_run_is_answered_at_all(run: str) -> None:
    # A regular expression that begins anew at each letter would take minutes for these.
    assert jobclf.explain(TEXT + run * (100_000 // len(run))).prediction.role


def test_a_long_word_in_a_pdf_is_joined_at_all() -> None:
    assert joined("a" * 200_000 + "-\nb") == "a" * 200_000 + "-\nb"
