"""Whatever names postings, opened in one way: files, folders, patterns, tables, several of them."""

import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from jobclf.atomic import AnyPath
from jobclf.documents import files
from jobclf.documents.encodings import said as notes_on
from jobclf.documents.posting import Posting
from jobclf.errors import DatasetError, JobclfError, PostingError, Reason, option, spelled
from jobclf.tables import documents, forms, frames, listing
from jobclf.tables.table import Batch, Table
from jobclf.tables.values import array_of
from jobclf.tables.wanted import Wanted
from jobclf.tables.writer import Layout

DOCUMENT_COLUMNS = ("path", "title")  # of the rows that files of one posting make
_PLACES = ("path", "source_path")  # what the column of the table is called, among several
_AT_ONCE = 64  # postings of files in a batch


@dataclass(frozen=True, slots=True)
class Found:
    """One posting as it was found, or why there is none, with the cell that may hold its label.

    `name` is the file, or the table and its row. `row` has all cells of a row, None for a file.
    """

    name: str
    posting: Posting | PostingError
    label: Any = None
    row: dict[str, Any] | None = None


@dataclass(slots=True)
class Postings:
    """Postings that are read while they are asked for, once: as batches or one by one.

    Parameters
    ----------
    columns : tuple of str
        All that the rows of all sources have.
    heads : tuple of Table or str
        What they are read from in order: tables, closed but for a single one, and the names of
        files of one posting.
    schema : pyarrow.Schema, optional
        The Arrow types where all rows have the same.
    notes : tuple of str
        What was chosen and what was left out, for people.
    not_read : tuple of str
        Files in folders that are of no form that is read.
    """

    columns: tuple[str, ...]
    heads: "tuple[Table | str | _Lost, ...]"
    wanted: Wanted
    schema: Any = None
    notes: tuple[str, ...] = ()
    not_read: tuple[str, ...] = ()
    _place: str | None = None  # the column that says which table a row is from
    _done: int = 0  # bytes of sources that have been read
    _now: Table | None = field(default=None, repr=False)
    _were: list[Table] = field(default_factory=list, repr=False)
    _notes_read: list[str] = field(default_factory=list, repr=False)  # of files
    _sizes: list[int] = field(default_factory=list, repr=False)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables among the sources."""
        return tuple(head for head in self.heads if isinstance(head, Table))

    @property
    def chosen(self) -> tuple[tuple[str, tuple[str, ...], str | None], ...]:
        """Of each table its name, the columns of its text and that of its title."""
        return tuple((each.name, each.chosen.texts, each.chosen.title) for each in self.tables)

    @property
    def layout(self) -> Layout:
        """How the tables are written, so that their rows can be written alike."""
        marks = {each.separator for each in self.tables}
        codes = {each.seen.encoding for each in self.tables}
        same = len(marks) == len(codes) == 1 and len(self.tables) == len(self.heads)
        mark = marks.pop() if same else None
        return Layout(mark, codes.pop()) if mark is not None else Layout()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was mended of all that has been read, for people."""
        replaced = [(each.name, notes_on(each.seen.replaced)) for each in self._were]
        return (
            *(f"{name}: {said}" for name, notes in replaced for said in notes),
            *self._notes_read,
        )

    def share(self) -> float | None:
        """Return the share of the input that has been read, None if it is unknown."""
        whole = sum(self._sizes)
        if not whole or not all(self._sizes):
            return None
        now = self._now.size * self._now.share() if self._now is not None else 0.0
        return min(1.0, (self._done + now) / whole)

    def close(self) -> None:
        """Close what is open."""
        for each in self.tables:
            each.close()

    def batches(self) -> Iterator[Batch]:
        """Yield the rows of all, tables and files."""
        with closing(self):
            for some in self._runs():
                if isinstance(some, Table):
                    yield from (self._placed(each, some.name) for each in some.batches)
                else:
                    yield from _batches(some)

    def _placed(self, batch: Batch, name: str) -> Batch:
        """Return rows of a table with the name of that, in a column where there are several."""
        import pyarrow as pa

        cells = batch.cells
        if self._place is not None and self._place not in cells.schema.names:
            field_of = pa.field(self._place, pa.string())
            cells = pa.RecordBatch.from_arrays(
                [array_of([name] * len(batch), str), *cells.columns],
                schema=pa.schema([field_of, *cells.schema], cells.schema.metadata),
            )
        return replace(batch, cells=cells, path=name)

    def __iter__(self) -> Iterator[Found]:
        """Yield the postings one by one."""
        with closing(self):
            for some in self._runs():
                yield from _of_table(some) if isinstance(some, Table) else map(_of_file, some)

    def _runs(self) -> Iterator[Table | Iterator[Posting | JobclfError]]:
        """Yield tables as they are due, and runs of files between them."""
        waiting: list[tuple[str | _Lost, int]] = []
        for head, size in zip(self.heads, self._sizes, strict=True):
            if not isinstance(head, Table):
                waiting.append((head, size))
                continue
            if waiting:
                yield self._read(waiting)
                waiting = []
            self._now = head if _stays_open(head.name, self.heads) else self._opened(head)
            self._were.append(self._now)
            yield self._now
            self._now = None
            self._done += size
        if waiting:
            yield self._read(waiting)

    def _read(self, some: "Iterable[tuple[str | _Lost, int]]") -> Iterator[Posting | JobclfError]:
        for head, size in some:
            if isinstance(head, _Lost):
                yield head.error
            else:
                for each in documents.read(head):
                    notes = each.notes if isinstance(each, Posting) else ()
                    self._notes_read += [
                        f"{files.name(each.path or '.')}: {said}" for said in notes
                    ]
                    yield each
            self._done += size

    def _opened(self, head: Table) -> Table:
        from jobclf.tables import reader

        return reader.read(head.name, self.wanted)


@dataclass(frozen=True, slots=True)
class _Lost:
    """A table among others that cannot be opened."""

    error: JobclfError


def _stays_open(name: str, heads: Iterable[object]) -> bool:
    """Tell whether a table is kept open from its head on: a single one, or standard input."""
    return name == "-" or len(list(heads)) == 1


def open_postings(paths: AnyPath | Iterable[AnyPath], wanted: Wanted = Wanted()) -> Postings:  # noqa: B008
    """Open whatever names postings; their columns are known at once, the rows when asked for.

    Parameters
    ----------
    paths : path, or iterable of paths
        Files of one posting, pages, tables in any form, folders and patterns of them, `-`,
        addresses; several are read one after the other, and no more than one is open.
    wanted : Wanted
        The columns, sheet, table or form that the caller names.

    Raises
    ------
    DatasetError
        Where nothing can be read: a single table that cannot be opened, a folder without postings.
        One of several is a posting with a fault.
    """
    if frames.is_frame(paths):
        return _postings([frames.read(paths, wanted)], wanted, listing.Listing())
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    found = listing.files_of(given)
    names = found.names
    heads: list[Table | str | _Lost] = []
    for name in names:
        form = forms.form_of(name, wanted.form)
        if form == forms.DOCUMENT and not (name == "-" and wanted.texts):
            heads.append(name)
            continue
        try:
            heads.append(_head(name, wanted, keep=len(names) == 1 or name == "-"))
        except DatasetError as error:
            if len(names) == 1:
                raise
            heads.append(_Lost(error.at(path=name)))
    if len(heads) > 1 and all(isinstance(head, _Lost) for head in heads):
        raise heads[0].error  # type: ignore[union-attr]
    return _postings(heads, wanted, found)


def _head(name: str, wanted: Wanted, *, keep: bool) -> Table:
    from jobclf.tables import reader

    table = reader.read(name, wanted)
    if not keep:
        table.close()
        table = replace(table, batches=iter(()))
    return table


def _postings(
    heads: "list[Table | str | _Lost]", wanted: Wanted, found: listing.Listing
) -> Postings:
    tables = [head for head in heads if isinstance(head, Table)]
    if not tables:
        _check_no_column(found.names, wanted)
    columns = dict.fromkeys(column for each in tables for column in each.columns)
    if len(tables) < len(heads):
        columns = dict.fromkeys(DOCUMENT_COLUMNS) | columns
    place = None
    if len(heads) > 1 and tables:
        theirs = {column for each in tables for column in each.columns}
        place = next((each for each in _PLACES if each not in theirs), None)
        columns = {place: None} | columns if place is not None else columns
    schemas = [each.schema for each in tables] if len(tables) == len(heads) else []
    schema = schemas[0] if schemas else None
    if schema is None or any(each is None or not each.equals(schema) for each in schemas):
        schema = None
    if schema is not None and place is not None:
        import pyarrow as pa

        schema = pa.schema([pa.field(place, pa.string()), *schema], schema.metadata)
    notes = [f"{each.name}: {said}" for each in tables for said in (*each.said, _told(each))]
    notes += found.said
    notes = [*map(spelled, notes)]
    sizes = [head.size if isinstance(head, Table) else _size(head) for head in heads]
    return Postings(
        tuple(columns),
        tuple(heads),
        wanted,
        schema,
        tuple(notes),
        tuple(found.not_read),
        place,
        _sizes=sizes,
    )


def _told(table: Table) -> str:
    """Say which columns are read."""
    texts = ", ".join(map(repr, table.chosen.texts))
    title = table.chosen.title
    titled = f"the title from {title!r}" if title is not None else "no title"
    return f"the text is read from {texts}, {titled}"


def _size(head: "str | _Lost") -> int:
    try:
        return 1 if isinstance(head, _Lost) else max(1, os.stat(head).st_size)  # noqa: PTH116
    except (OSError, ValueError):
        return 0


def _check_no_column(names: list[str], wanted: Wanted) -> None:
    """Refuse columns that are named for files of one posting each."""
    text = wanted.texts[0] if wanted.texts else None
    columns = {"text_column": text, "title_column": wanted.title}
    for name, value in (columns | {"sheet": wanted.sheet, "table": wanted.table}).items():
        if value is not None:
            what = f"column {value!r}" if name in columns else f"{name} {value!r}"
            raise DatasetError(
                f"it is no table and has no {what}",
                f"leave out {option(name)}",
                reason=Reason.NO_COLUMN,
                path=names[0] if names else None,
            )


def _batches(found: Iterable[Posting | JobclfError]) -> Iterator[Batch]:
    """Put the postings of files into batches."""
    import pyarrow as pa

    source, first = iter(found), 1
    while some := list(islice(source, _AT_ONCE)):
        lost = {
            at: documents.as_posting_error(each)
            for at, each in enumerate(some)
            if isinstance(each, JobclfError)
        }
        read = [None if isinstance(each, JobclfError) else each for each in some]
        names = array_of([each.path for each in some], str)
        titles = array_of([each and each.title for each in read], str)
        yield Batch(
            pa.RecordBatch.from_arrays([names, titles], list(DOCUMENT_COLUMNS)),
            array_of([each and each.text for each in read], str),
            titles,
            lost,
            first,
            names,
        )
        first += len(some)


def _of_file(posting: Posting | JobclfError) -> Found:
    found = posting if isinstance(posting, Posting) else documents.as_posting_error(posting)
    return Found(posting.path or "", found)


def _of_table(table: Table) -> Iterator[Found]:
    label = table.chosen.label
    for row in table.rows:
        name = f"{table.name} row {row.number}"
        company = row.value(table.chosen.company)
        posting = Posting(row.text, row.title, company if isinstance(company, str) else None, name)
        found: Posting | PostingError = (
            posting if row.fault is None else row.fault.at(path=table.name)
        )
        yield Found(name, found, row.value(label), row.values)
