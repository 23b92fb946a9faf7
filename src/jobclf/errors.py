"""What can go wrong in the world, each with the thing, the fact and the remedy in its message."""

_LONGEST = 1000  # letters of a message


class JobclfError(Exception):
    r"""The root of all errors that jobclf raises on purpose; its message is one plain line.

    >>> str(JobclfError("no column 'a\nb\x1b[2J'"))
    "no column 'a�b�[2J'"
    """

    def __str__(self) -> str:
        # Messages quote what the world wrote: names of files, columns and roles.
        whole = super().__str__()
        return printable(whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST]}…")


class PostingError(JobclfError):
    """A posting that cannot be read or judged."""


class DatasetError(JobclfError):
    """Labelled postings that cannot be learned from."""


class SeedError(JobclfError):
    """A seed vocabulary that contradicts itself."""


class OutputError(JobclfError):
    """A file or folder that cannot be written."""


class ModelFileError(JobclfError):
    """A model file that is missing, foreign, newer, damaged or hostile."""


def printable(text: str) -> str:
    r"""Return what the world wrote in a form that cannot steer a terminal.

    >>> printable("posting\x1b[2J.txt")
    'posting�[2J.txt'
    """
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
