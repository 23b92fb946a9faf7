"""A posting as every reader returns it."""

from dataclasses import dataclass


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
