"""A table while it is read: Arrow record batches with the text, title and fault of each row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from jobclf.documents.encodings import Seen
from jobclf.errors import PostingError
from jobclf.tables import values
from jobclf.tables.columns import Columns, listed, path_in


@dataclass(frozen=True, slots=True)
class Row:
    """One row as Python objects: all its cells, and what it is judged by.

    `text` is empty where `fault` says why. `number` counts the rows of the table from 1.
    """

    number: int
    values: dict[str, Any]
    text: str
    title: str | None
    fault: PostingError | None = None

    def value(self, path: str | None) -> Any:
        """Return the cell of a column, or what a dotted path finds in it; None for nothing."""
        return None if path is None else path_in(self.values, path)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some hundred rows.

    Parameters
    ----------
    cells : pyarrow.RecordBatch
        All columns as they came. `values.rows_of` makes Python rows of it, as `rows` does.
    texts, titles : pyarrow.Array of string
        What each row is judged by, null where there is none. `texts` is clean of markup, and
        every null in it has a fault.
    faults : dict of int to PostingError
        Why rows cannot be judged, by their place in the batch; `row` counts in the table.
    first : int
        The number of the first row in the table, from 1.
    names : pyarrow.Array of string, optional
        What rows go by where that is not their title: the files that postings stand in.
    path : str, optional
        The table that they are from.
    """

    cells: Any
    texts: Any
    titles: Any
    faults: dict[int, PostingError] = field(default_factory=dict)
    first: int = 1
    names: Any = None
    path: str | None = None

    def __len__(self) -> int:
        return len(self.texts)

    def placed(self, at: int, fault: PostingError) -> PostingError:
        """Return what is wrong with a row as an error that says where it stands."""
        if self.names is not None:
            return fault.at(path=self.names[at].as_py())
        return fault.at(path=self.path, row=self.first + at)

    def rows(self) -> Iterator[Row]:
        """Yield the rows as Python objects."""
        cells = values.rows_of(self.cells)
        texts, titles = self.texts.to_pylist(), self.titles.to_pylist()
        for at, (row, text, title) in enumerate(zip(cells, texts, titles, strict=True)):
            yield Row(self.first + at, row, text or "", title, self.faults.get(at))


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is read while it is asked for, once; its last row closes it.

    Parameters
    ----------
    name : str
        The file, address or `standard input`.
    columns : tuple of str
        The names of the columns; rows of JSON may bring more, further down.
    chosen : Columns
        Which of them hold the texts, the title, the company and the label.
    batches : iterator of Batch
        The rows.
    schema : pyarrow.Schema, optional
        The Arrow types of the columns where all batches have the same; None for rows of JSON.
    size : int
        Bytes, 0 if unknown.
    """

    name: str
    columns: tuple[str, ...]
    chosen: Columns
    batches: Iterator[Batch] = field(repr=False)
    schema: Any = None
    size: int = 0
    share: Callable[[], float] = field(default=lambda: 0.0, repr=False)  # of it that has been read
    close: Callable[[], None] = field(default=lambda: None, repr=False)
    said: tuple[str, ...] = ()  # what was chosen of it and what left out, for people
    separator: str | None = None  # what stands between its cells, if something does
    seen: Seen = field(default_factory=Seen)  # what its bytes were, as far as they are read

    @property
    def rows(self) -> Iterator[Row]:
        """The rows one by one as Python objects."""
        for batch in self.batches:
            yield from batch.rows()

    @property
    def listed(self) -> str:
        """The names of the columns, the first twenty at most, for messages."""
        return listed(self.columns)
