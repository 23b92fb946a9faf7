"""Whatever names postings is opened in one way: one by one, and as batches."""

import gc
import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from jobclf.documents.posting import Posting
from jobclf.errors import DatasetError, JobclfError, PostingError, Reason
from jobclf.tables import sources
from jobclf.tables.wanted import Wanted

TEXT = "You deploy models behind APIs, monitor them for drift, and keep the pipelines fast. " * 3


def rows_of(found: sources.Postings) -> list[dict[str, Any]]:
    return [row.values for batch in found.batches() for row in batch.rows()]


def test_rows_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [
        {
            "body": "<p>one &amp; two</p>",
            "Job Title": "A title",
            "Employer": "Birchwater",
            "role": 1,
        },
        {"body": ""},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    first, second = sources.open_postings(path)
    assert isinstance(first.posting, Posting)
    assert (first.posting.text.strip(), first.posting.title) == ("one & two", "A title")
    assert (first.posting.company, first.name, first.label) == ("Birchwater", f"{path} row 1", 1)
    assert isinstance(second.posting, PostingError)
    assert second.posting.path == str(path)
    with pytest.raises(DatasetError, match="is no column 'nothing'"):
        sources.open_postings(path, Wanted(("nothing",)))


def test_files_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one posting")
    (tmp_path / "b.txt").write_bytes(bytes(900))
    first, second = sources.open_postings(tmp_path)
    assert isinstance(first.posting, Posting)
    assert (first.posting.text, first.name) == ("one posting", str(tmp_path / "a.txt"))
    assert isinstance(second.posting, PostingError)
    assert [row["path"] for row in rows_of(sources.open_postings(tmp_path))] == [
        f"{tmp_path}/a.txt",
        f"{tmp_path}/b.txt",
    ]


def mixed(folder: Path) -> Path:
    """Fill a folder with a posting in each of several forms."""
    (folder / "a.txt").write_text(TEXT)
    (folder / "b.csv").write_text(f'title,description\nNurse,"{TEXT}"\n')
    (folder / "c.html").write_text(f"<h1>Cook</h1><p>{TEXT}</p>")
    (folder / "d.jsonl.gz").write_bytes(gzip.compress(json.dumps({"text": TEXT}).encode()))
    (folder / "e.txt.gz").write_bytes(gzip.compress(TEXT.encode()))
    (folder / "f.xml").write_text(f"<rss><item><description>{TEXT}</description></item></rss>")
    (folder / "g.txt").write_text(f'Job Description;Town\n"{TEXT}";Rome\n')
    return folder


def test_tables_and_files_are_read_together(tmp_path: Path) -> None:
    found = list(sources.open_postings(mixed(tmp_path)))
    assert [Path(each.name.removesuffix(" row 1")).name[0] for each in found] == list("abcdefg")
    for each in found:
        assert isinstance(each.posting, Posting), each
        assert each.posting.text.split()[-42:] == TEXT.split()[-42:]
    opened = sources.open_postings(mixed(tmp_path))
    assert opened.columns[:4] == ("path", "title", "description", "text")
    rows = rows_of(opened)
    assert [Path(row["path"]).name[0] for row in rows] == list("abcdefg")
    assert opened.share() == 1.0


@pytest.mark.slow
def test_tables_are_open_one_at_a_time(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number:02}.csv").write_text(f"text\n{TEXT}\n")
    gc.collect()  # what other tests left open would be closed at any time
    before = len(list(Path("/proc/self/fd").iterdir()))
    found = sources.open_postings(tmp_path)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
    for _ in found:
        assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


@pytest.mark.slow
def test_one_bad_table_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f'text\n"{TEXT}"\n')
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 damaged")
    good, bad = sources.open_postings(tmp_path)
    assert isinstance(good.posting, Posting)
    assert isinstance(bad.posting, PostingError)
    assert (bad.posting.reason, bad.name) == (Reason.DAMAGED, f"{tmp_path}/b.xlsx")
    rows = rows_of(sources.open_postings(tmp_path))
    assert rows[1] == {"path": f"{tmp_path}/b.xlsx", "title": None}


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        pytest.param(TEXT.encode(), 1, id="text"),
        pytest.param(f'title,text\na,"{TEXT}"\nb,"{TEXT}"\n'.encode(), 2, id="CSV"),
        pytest.param(json.dumps([{"text": TEXT}] * 3).encode(), 3, id="JSON"),
    ],
)
def test_standard_input(content: bytes, texts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(content))))
    found = list(sources.open_postings("-"))
    assert [isinstance(each.posting, Posting) for each in found] == [True] * texts


def test_notes_say_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"title,text\nNurse,{TEXT}\n")
    (tmp_path / "b.png").write_bytes(b"")
    found = sources.open_postings(tmp_path)
    found.close()
    assert found.notes == (
        f"{tmp_path}/a.csv: the text is read from 'text', the title from 'title'",
        f"{tmp_path}: 1 file is not read (1 .png)",
    )


@pytest.mark.parametrize(
    ("wanted", "option"),
    [(Wanted(("a",)), "text_column"), (Wanted(title="a"), "title_column"),
     (Wanted(sheet="a"), "sheet"), (Wanted(table="a"), "table")],
)  # fmt: skip
def test_a_column_of_what_is_no_table_is_refused(
    tmp_path: Path, wanted: Wanted, option: str
) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    with pytest.raises(DatasetError, match=f"it is no table and has no .*; leave out {option}"):
        sources.open_postings(tmp_path, wanted)


@pytest.mark.parametrize(
    ("name", "kind", "fact"),
    [
        ("none.txt", PostingError, "does not exist"),
        ("none.csv", DatasetError, "does not exist"),
        ("none", PostingError, "does not exist"),
        ("*.txt", PostingError, "matches no file"),
    ],
)
def test_what_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: type[JobclfError], fact: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(kind, match=fact):  # noqa: PT012
        for each in sources.open_postings(name):
            if isinstance(each.posting, PostingError):
                raise each.posting
