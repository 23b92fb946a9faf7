"""What a caller names of a table: its columns, sheet, form."""

from collections.abc import Iterable
from typing import Any, NamedTuple

Names = str | Iterable[str] | None  # of columns: one, or some in order


class Wanted(NamedTuple):
    """What a caller names: columns, by their names or dotted paths; empty for what is usual.

    With `labeled`, the column of labels is looked for by what it holds, and is no title. `sheet` is
    one of a workbook, `table` one of a database, and `form` what a file is read as.
    """

    texts: tuple[str, ...] = ()
    title: str | None = None
    company: str | None = None
    label: str | None = None
    labeled: bool = False
    sheet: str | None = None
    table: str | None = None
    form: str | None = None

    @classmethod
    def of(
        cls,
        texts: Names = None,
        title: str | None = None,
        **others: Any,
    ) -> "Wanted":
        """Return what options say: one column of text or several, or none."""
        named = () if texts is None else (texts,) if isinstance(texts, str) else tuple(texts)
        return cls(named, title, **others)

    @property
    def names_nothing(self) -> bool:
        """Whether it says nothing of a table, at most what form is read."""
        return self == Wanted(form=self.form)
