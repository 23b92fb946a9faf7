"""A posting as every reader returns it, and how rows of its tables become lines."""

from dataclasses import dataclass

_LONGEST_LABEL = 40  # letters of the first of two cells that names the second
_PAIR = 2  # cells


@dataclass(frozen=True, slots=True)
class Posting:
    """The text of one posting, its title and company where they are named, and where it was found.

    `path` ends in `#2` for the second of several postings in one file, and is empty for what comes
    from no file. `notes` say what was mended to read it.
    """

    text: str
    title: str | None = None
    company: str | None = None
    path: str = ""
    notes: tuple[str, ...] = ()


def row_lines(cells: list[str]) -> str:
    r"""Return a row of a table in a document: a line a cell, or a name and what it names in one.

    >>> row_lines(["Title", "Baker"]), row_lines(["Mon", "", "Tue", "Wed"])
    ('Title: Baker\n', 'Mon\nTue\nWed\n')
    >>> row_lines(["", " "])
    ''
    """
    cells = [each for each in map(str.strip, cells) if each]
    if len(cells) == _PAIR and len(cells[0]) <= _LONGEST_LABEL and "\n" not in "".join(cells):
        cells[0] = f"{cells[0].rstrip(' :')}:"
    pieces = []
    for cell, after in zip(cells, [*cells, "\n"][1:], strict=True):
        named = cell.endswith(":") and "\n" not in cell and "\n" not in after
        pieces.append(f"{cell} " if named else f"{cell}\n")
    return "".join(pieces)
