"""Databases: the table is found, all is read, nothing is written and nothing in them is run."""

import gzip
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from jobclf import limits
from jobclf.errors import DatasetError, Reason
from jobclf.tables import reader, sqlite

ML = (
    "You deploy models behind APIs, monitor them for drift, and keep pipelines fast and tested. "
    * 3
)
DS = "You design experiments, test hypotheses with statistics and present forecasts of demand. " * 3
JOBS = "CREATE TABLE jobs (id INTEGER PRIMARY KEY, title TEXT, description TEXT)"
INSERT = "INSERT INTO jobs (title, description) VALUES (?, ?)"
ROWS = [("Engineer", ML), ("Analyst", DS)]


def database(path: Path, *statements: str, rows: list[tuple[Any, ...]] | None = None) -> Path:
    """Make a database with a table of postings, and what else is said."""
    with closing(sqlite3.connect(path)) as base:
        base.execute(JOBS)
        base.executemany(INSERT, ROWS if rows is None else rows)
        base.commit()
        for statement in statements:
            base.execute(statement)
        base.commit()
    return path


def read(path: Path, table: str | None = None) -> tuple[sqlite.Database, list[dict[str, Any]]]:
    with ExitStack() as opening, path.open("rb") as stream:
        found = sqlite.read(stream, str(path), table, opening)
        return found, [values for values, _ in found.rows]


LOG = "The run of the day ended well and took all in all three hours, as ever before it. "


@pytest.mark.parametrize(
    ("statements", "tables"),
    [
        pytest.param([], ("jobs",), id="one table"),
        pytest.param(
            ["CREATE TABLE log (at TEXT, said TEXT)",
             f"INSERT INTO log SELECT value, '{LOG * 20}' FROM json_each('[1,2,3,4,5,6]')"],
            ("jobs",), id="a log with more letters",
        ),
        pytest.param(
            ["CREATE TABLE old (title TEXT, description TEXT, gone TEXT)",
             "INSERT INTO old SELECT title, description, 'May' FROM jobs", "DELETE FROM jobs"],
            ("old",), id="an empty table",
        ),
        pytest.param(
            ["CREATE VIRTUAL TABLE words USING fts5(title, description)",
             "INSERT INTO words SELECT title, description FROM jobs"],
            ("jobs",), id="an index of words",
        ),
    ],
)  # fmt: skip
def test_the_table_with_postings_is_found(
    tmp_path: Path, statements: list[str], tables: tuple[str, ...]
) -> None:
    found, rows = read(database(tmp_path / "a.db", *statements))
    assert found.tables == tables
    assert [(row["title"], row["description"]) for row in rows] == ROWS


def test_a_table_for_each_board_is_read(tmp_path: Path) -> None:
    path = database(
        tmp_path / "a.db",
        "CREATE TABLE other_board (title TEXT, description TEXT, town TEXT)",
        "INSERT INTO other_board SELECT title, description, 'Rome' FROM jobs",
    )
    found, rows = read(path)
    assert found.columns == ("id", "title", "description", "town")
    assert [row["town"] for row in rows] == [None, None, "Rome", "Rome"]


def test_a_table_or_a_view_can_be_named(tmp_path: Path) -> None:
    path = database(
        tmp_path / "a.db",
        'CREATE VIEW "my view" AS SELECT title AS t, upper(description) AS d FROM jobs',
        "CREATE TABLE counts (town TEXT, many INTEGER, share)",
        f"INSERT INTO counts VALUES ('Rome', {2**60}, 1.5)",
    )
    assert read(path, "counts")[1] == [{"town": "Rome", "many": 2**60, "share": 1.5}]
    assert read(path, "My View")[1][0] == {"t": "Engineer", "d": ML.upper()}
    assert read(path)[0].left_out == ("'counts'", "'my view' (a view)")
    with pytest.raises(DatasetError, match="no table 'count'; table names one of 'jobs', 'my view"):
        read(path, "count")


def test_cells_are_kept(tmp_path: Path) -> None:
    rows = [(b"bytes \xff\0", ML), (None, DS), ("caf\xe9\ud7ff", ML)]
    _, found = read(database(tmp_path / "a.db", rows=rows))
    assert [row["title"] for row in found] == [title for title, _ in rows]


def test_text_that_is_no_utf_8_is_read(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db", "UPDATE jobs SET title = CAST(x'636166e9' AS TEXT)")
    assert read(path)[1][0]["title"] == "café"


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


@pytest.mark.parametrize("mode", ["delete", "wal", "truncate", "persist"])
def test_nothing_is_written(tmp_path: Path, mode: str) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as base:
        base.execute(f"PRAGMA journal_mode={mode}")
    path = database(tmp_path / "a.db")
    before = contents(tmp_path)
    tmp_path.chmod(0o500)
    try:
        assert len(read(path)[1]) == 2
    finally:
        tmp_path.chmod(0o700)
    assert contents(tmp_path) == before


def test_a_write_ahead_log_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as base:  # it stays open, as a scraper's does
        base.execute("PRAGMA journal_mode=wal")
        base.execute(JOBS)
        base.executemany(INSERT, ROWS)
        base.commit()
        log = (tmp_path / "a.db-wal").read_bytes()
        assert log
        assert [(row["title"], row["description"]) for row in read(path)[1]] == ROWS
        assert (tmp_path / "a.db-wal").read_bytes() == log
        assert {each.name for each in tmp_path.iterdir()} == {"a.db", "a.db-wal", "a.db-shm"}


def test_an_unfinished_change_is_named(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db")
    (tmp_path / "a.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(504))
    with pytest.raises(DatasetError) as error:
        read(path)
    assert error.value.reason is Reason.CHANGED
    assert "unfinished (a.db-journal)" in str(error.value)


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS a FROM n"


@pytest.mark.parametrize(
    "select",
    [
        pytest.param(ENDLESS, id="endless"),
        pytest.param("SELECT load_extension('evil') AS a", id="an extension"),
        pytest.param("SELECT zeroblob(1000000000) AS a", id="a large value"),
        pytest.param("SELECT * FROM pragma_database_list", id="a pragma"),
        pytest.param("SELECT a FROM nowhere", id="a table that is not there"),
    ],
)
def test_hostile_views_are_refused(tmp_path: Path, select: str) -> None:
    with sqlite3.connect(tmp_path / "a.db") as base:
        base.execute(JOBS)
        base.execute(f"CREATE VIEW evil AS {select}")
    base.close()
    with pytest.raises(DatasetError) as error:
        read(tmp_path / "a.db", "evil")
    assert error.value.reason in {Reason.DAMAGED, Reason.STOPPED}


def test_triggers_do_nothing(tmp_path: Path) -> None:
    path = database(
        tmp_path / "a.db",
        "CREATE TRIGGER evil AFTER UPDATE ON jobs BEGIN DELETE FROM jobs; END",
    )
    before = path.read_bytes()
    assert len(read(path)[1]) == 2
    assert path.read_bytes() == before


@pytest.mark.parametrize("cut", [90, 100, 2000, 5000])
def test_what_is_no_database_is_one_error(tmp_path: Path, cut: int) -> None:
    path = database(tmp_path / "a.db")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(DatasetError) as error:
        read(path)
    assert error.value.reason in {Reason.DAMAGED, Reason.EMPTY}


@pytest.mark.parametrize("table", [None, "jobs", "old"])
def test_what_a_process_of_its_own_yields_is_what_is_read(
    tmp_path: Path, table: str | None
) -> None:
    """The same function, called here: columns and tables first, then rows in batches."""
    path = database(
        tmp_path / "a.db",
        "CREATE TABLE old (title TEXT, description TEXT, gone TEXT, at BLOB)",
        "INSERT INTO old SELECT title, description, 'May', x'00ff' FROM jobs",
    )
    found, rows = read(path, table)
    head, *batches = sqlite.parsed(str(path), "ro", table)
    assert tuple(head["columns"]) == found.columns
    assert sum(map(len, batches)) == len(rows)


@pytest.mark.parametrize(
    ("table", "content"), [("none", None), (None, b"SQLite format 3\0 and no more")]
)
def test_what_is_wrong_is_named_in_the_process_too(
    tmp_path: Path, table: str | None, content: bytes | None
) -> None:
    path = database(tmp_path / "a.db")
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DatasetError):
        list(sqlite.parsed(str(path), "ro", table))


def test_one_that_unpacks_to_more_than_is_copied_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DATABASE_COPIED", 2 << 20)
    packed = tmp_path / "jobs.db.gz"
    packed.write_bytes(gzip.compress(b"SQLite format 3\0") + gzip.compress(bytes(4 << 20)))
    with pytest.raises(DatasetError, match="over 2 MB, unpacked") as raised:
        reader.read(packed)
    assert raised.value.reason is Reason.TOO_LARGE
