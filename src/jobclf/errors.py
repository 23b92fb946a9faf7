"""What can go wrong in the world, each with the thing, the fact and the remedy in its message."""


class JobclfError(Exception):
    """The root of all errors that jobclf raises on purpose."""


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
