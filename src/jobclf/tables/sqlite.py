"""SQLite databases, as scrapers keep them: never written, read in a process of their own."""

import base64
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from jobclf import limits
from jobclf.documents.encodings import decode
from jobclf.errors import DatasetError, JobclfError, Reason, option
from jobclf.processes import parsing
from jobclf.tables import forms, sheets
from jobclf.tables.columns import check_width, is_title

if TYPE_CHECKING:
    from jobclf.tables.rows import Found

_JOURNAL = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"  # how one begins that is not played back yet
_WAL = 2  # the file format of a database that has a write-ahead log
_BATCH = 256  # rows that come from the process together
_STEPS = 1_000_000  # of the database's machine, after which it is asked whether to go on
_VIEW = 50  # times as many that the first rows of a view may take
_SAMPLE = 200  # rows that a table is weighed by


@dataclass(frozen=True, slots=True)
class Database:
    """The rows of the table that holds postings, and the tables that are left out, by name."""

    columns: tuple[str, ...]
    rows: "Found"
    tables: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def said(self) -> tuple[str, ...]:
        """What was chosen and what left out, for people; nothing where there was no choice."""
        return sheets.said("table", self.tables, self.left_out)


def read(stream: BinaryIO, name: str, table: str | None, opening: ExitStack) -> Database:
    """Read the table with the postings, and those with the same columns; or the one named.

    A database that is elsewhere, packed or has a write-ahead log is read from a copy. What must be
    closed goes to `opening`.
    """
    place, mode = _place(stream, name, opening)
    found = opening.enter_context(
        closing(parsing.isolated("jobclf.tables.sqlite:parsed", str(place.absolute()), mode, table))
    )
    try:
        head = next(found)
    except JobclfError as error:
        raise _named(error, name) from None
    columns = tuple(head["columns"])
    check_width(columns, name)

    def rows() -> Iterator[tuple[dict[str, Any], None]]:
        try:
            for batch in found:
                for cells in batch:
                    values = dict(zip(columns, cells, strict=True))
                    for column, cell in values.items():
                        if isinstance(cell, dict):
                            values[column] = base64.b64decode(cell["bytes"])
                    yield values, None
        except JobclfError as error:
            raise _named(error, name) from None

    return Database(columns, rows(), tuple(head["tables"]), tuple(head["left_out"]))


def _named(error: JobclfError, name: str) -> DatasetError:
    return DatasetError(error.fact, error.remedy, reason=error.reason, path=name)


def _place(stream: BinaryIO, name: str, opening: ExitStack) -> tuple[Path, str]:
    """Return a file that the database can be read from, and how to open it."""
    path = Path(name)
    if "://" in name or name == "-" or path.suffix.lower() in forms.PACKINGS:
        folder = Path(opening.enter_context(tempfile.TemporaryDirectory()))
        with (folder / "copy").open("wb") as copy:
            while some := stream.read(1 << 20):
                copy.write(some)
                if copy.tell() > limits.DATABASE_COPIED:
                    raise DatasetError(
                        f"the database is over {limits.DATABASE_COPIED >> 20:,} MB, unpacked",
                        "unpack it, or copy it to this machine, and name that",
                        reason=Reason.TOO_LARGE,
                        path=name,
                    )
        return folder / "copy", "mode=ro&immutable=1"
    head = stream.peek(100)[:100] if hasattr(stream, "peek") else b""
    _check_whole(head, path, name)
    journal, log = Path(f"{name}-journal"), Path(f"{name}-wal")
    if journal.is_file():
        with journal.open("rb") as opened:
            if opened.read(len(_JOURNAL)) == _JOURNAL:
                raise DatasetError(
                    f"a change to it is unfinished ({journal.name})",
                    "open it once with the program that writes it",
                    reason=Reason.CHANGED,
                    path=name,
                )
    if len(head) > 19 and head[18] != _WAL and head[19] != _WAL:  # noqa: PLR2004
        return path.resolve(), "mode=ro"
    if not log.is_file() or log.stat().st_size == 0:
        return path.resolve(), "mode=ro&immutable=1"
    return _copied(path, log, name, opening), "mode=rw"


def _check_whole(head: bytes, path: Path, name: str) -> None:
    """Refuse a file that has fewer bytes than it says, of which SQLite would read what is left."""
    if head[24:28] != head[92:96]:  # its pages were not counted by who wrote it last
        return
    page = int.from_bytes(head[16:18], "big")
    whole = int.from_bytes(head[28:32], "big") * (page if page > 1 else 1 << 16)
    if path.stat().st_size < whole:
        raise DatasetError(
            f"the database is cut off: it has {path.stat().st_size:,} bytes of {whole:,}",
            "copy it again",
            reason=Reason.DAMAGED,
            path=name,
        )


def _copied(path: Path, log: Path, name: str, opening: ExitStack) -> Path:
    """Return a copy of a database and its write-ahead log: to read a log is to write beside it."""
    if path.stat().st_size + log.stat().st_size > limits.DATABASE_COPIED:
        most = f"{limits.DATABASE_COPIED >> 20:,}"
        raise DatasetError(
            f"{log.name} beside it holds changes, and both are over {most} MB",
            "close the program that writes it, or `VACUUM INTO` another file",
            reason=Reason.TOO_LARGE,
            path=name,
        )
    folder = Path(opening.enter_context(tempfile.TemporaryDirectory()))
    before = [(each.stat().st_size, each.stat().st_mtime_ns) for each in (path, log)]
    shutil.copyfile(log, folder / "copy-wal")
    shutil.copyfile(path, folder / "copy")
    if before != [(each.stat().st_size, each.stat().st_mtime_ns) for each in (path, log)]:
        raise DatasetError(
            "it is being written at this moment",
            "try again when that has ended",
            reason=Reason.CHANGED,
            path=name,
        )
    return folder / "copy"


def parsed(place: str, mode: str, table: str | None) -> Iterator[Any]:
    """Yield what a database holds: columns and tables, then rows in batches.

    It is called in a process of its own.
    """
    import sqlite3

    try:
        with closing(_opened(place, mode)) as base:
            yield from _chosen(base, table)
    except (sqlite3.Error, UnicodeError) as error:
        raise DatasetError(
            f"the database cannot be read: {error}",
            "copy or export it again",
            reason=Reason.DAMAGED,
        ) from None


def _opened(place: str, mode: str) -> Any:
    """Open a database so that it can be read and nothing else."""
    import sqlite3
    from urllib.parse import quote

    base = sqlite3.connect(f"file:{quote(os.fspath(place))}?{mode}", uri=True)
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits.DATABASE_CELL)
    base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    base.text_factory = _text
    if mode == "mode=rw":  # a copy: its log is read into memory, and never written back
        base.execute("PRAGMA locking_mode=EXCLUSIVE")
        base.execute("PRAGMA wal_autocheckpoint=0")
    base.execute("PRAGMA trusted_schema=OFF")
    base.execute("PRAGMA cell_size_check=ON")
    base.execute("PRAGMA query_only=ON")
    base.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the log is read here
    base.set_authorizer(_allowed)
    return base


class _Watch:
    """Ends a statement that computes for long without a row."""

    def __init__(self, base: Any) -> None:
        self.left = limits.DATABASE_STEPS // _STEPS
        base.set_progress_handler(self._is_over, _STEPS)

    def _is_over(self) -> bool:
        self.left -= 1
        return self.left < 0


def _text(content: bytes) -> str:
    return decode(content).text


def _allowed(action: int, first: str | None, second: str | None, *_: object) -> int:
    """Let a statement read, and call functions that only compute."""
    import sqlite3

    if action in {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION:
        harmful = {"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"}
        return sqlite3.SQLITE_DENY if (second or "").lower() in harmful else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA:
        reads = {"table_list", "table_xinfo"}
        return sqlite3.SQLITE_OK if (first or "").lower() in reads else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_DENY


def _chosen(base: Any, wanted: str | None) -> Iterator[Any]:
    kinds = {row[1]: row[2] for row in base.execute("PRAGMA table_list") if row[0] == "main"}
    named = [  # as they were made
        each
        for (each,) in base.execute("SELECT name FROM sqlite_master").fetchall()
        if kinds.get(each) in {"table", "view"} and not each.lower().startswith("sqlite_")
    ]
    if wanted is not None:
        same = [each for each in named if each.lower() == wanted.lower()]
        if not same:
            shown = ", ".join(map(repr, named[:20])) or "none"
            raise DatasetError(
                f"it has no table {wanted!r}",
                f"{option('table')} names one of {shown}",
                reason=Reason.NOT_FOUND,
            )
        best, chosen, left_out = same[0], same[:1], list[str]()
        columns = _columns(base, best)
    else:
        tables = [_Table(base, each) for each in named if kinds[each] == "table"]
        tables = [each for each in tables if each.columns]
        if not any(each.size for each in tables):
            raise DatasetError(
                "the database has no table with rows", "fill it", reason=Reason.EMPTY
            )
        top = max(tables, key=lambda each: each.weight.rank)
        if not top.is_titled:  # a view may join the titles to the texts
            views = [_view(base, each) for each in named if kinds[each] == "view"]
            titled = [each for each in views if each and each.is_titled and each.weight.text]
            top = max(titled, key=lambda each: each.weight.rank, default=top)
            tables += [top] if top in titled else []
        alone = kinds[top.name] == "view"  # what it is made of are the same rows
        those = [
            each
            for each in tables
            if each is top or (not alone and each.size and each.continues(top))
        ]
        columns = list(dict.fromkeys(name for each in those for name in each.columns))
        chosen = [each.name for each in those]
        left_out = [repr(each.name) for each in tables if each.size and each not in those]
        left_out += [
            f"{each!r} (a view)" for each in named if kinds[each] == "view" and each not in chosen
        ]
    yield {"columns": columns, "tables": chosen, "left_out": left_out}
    watch = _Watch(base)
    for each in chosen:
        own = _columns(base, each)
        places = [own.index(name) if name in own else None for name in columns]
        rows = base.execute(f"SELECT * FROM {_quoted(each)}")  # noqa: S608  # quoted
        while some := rows.fetchmany(_BATCH):
            watch.left = limits.DATABASE_STEPS // _STEPS
            yield [[None if at is None else _value(row[at]) for at in places] for row in some]


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _columns(base: Any, table: str) -> list[str]:
    """Return the names of the columns that `SELECT *` gives."""
    found = base.execute(f"PRAGMA table_xinfo({_quoted(table)})")
    return [row[1] for row in found if row[6] != 1]  # 1 is hidden


class _Table:
    """A table of a database, weighed by its first rows."""

    def __init__(self, base: Any, name: str) -> None:
        self.name = name
        self.columns = _columns(base, name)
        rows = base.execute(f"SELECT * FROM {_quoted(name)} LIMIT {_SAMPLE}").fetchall()  # noqa: S608
        self.size = len(rows)
        self.weight = sheets.weigh(self.columns, rows)

    @property
    def is_titled(self) -> bool:
        """Tell whether a column is named as titles are."""
        return any(map(is_title, self.columns))

    def continues(self, other: "_Table") -> bool:
        """Tell whether its rows are of the same kind: its text stands under the same name."""
        same = self.weight.is_of(self.columns, other.weight)
        return same or {*self.columns} == {*other.columns}


def _view(base: Any, name: str) -> _Table | None:
    """Return a view, None for one that is broken or takes long to compute."""
    import sqlite3

    watch = _Watch(base)
    watch.left = _VIEW
    try:
        return _Table(base, name)
    except sqlite3.Error:
        return None
    finally:
        base.set_progress_handler(None, 0)


def _value(cell: Any) -> Any:
    """Return a cell as a value of JSON; bytes as text that says so."""
    if isinstance(cell, bytes):
        return {"bytes": base64.b64encode(cell).decode()}
    return cell
