"""Postings are read one by one from tables, folders and files."""

import json
from pathlib import Path

import pytest

from jobclf.errors import DatasetError, JobclfError, PostingError
from jobclf.tables import sources


def test_rows_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [
        {"body": "<p>one &amp; two</p>", "Job Title": "A title", "Employer": "Birchwater"},
        {"body": ""},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    first, second = sources.read(path)
    assert first is not None
    assert (first.text.strip(), first.title, first.company) == (
        "one & two",
        "A title",
        "Birchwater",
    )
    assert first.path == f"{path} row 1"
    assert second is None
    with pytest.raises(DatasetError, match="is no column 'nothing'"):
        sources.read(path, text_column="nothing")


def test_files_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one posting")
    (tmp_path / "b.txt").write_bytes(bytes(900))
    first, second = sources.read(tmp_path)
    assert first is not None
    assert (first.text, first.path) == ("one posting", str(tmp_path / "a.txt"))
    assert second is None


@pytest.mark.parametrize(
    ("name", "kind", "fact"),
    [
        ("-", DatasetError, "standard input is where the answers come from"),
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
    with pytest.raises(kind, match=fact):
        list(sources.read(name))
