"""What several test modules share: a way to run the command line, and small postings."""

import io
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import settings

from jobclf import measures
from jobclf.cli import main

# The same examples every time: the gate must not fail by chance, and the machine may be busy.
settings.register_profile("gate", deadline=None, derandomize=True, database=None)
settings.load_profile("gate")


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make intervals rough and training quick, for tests that look at neither."""
    monkeypatch.setattr(measures, "RESAMPLES", 10)


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command line in this process, as a shell would."""

    def call(*words: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words], prog_name="jobclf")
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, *capsys.readouterr())

    return call
