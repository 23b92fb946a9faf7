"""How the program ends: as Python ends, in less time."""

import subprocess
import sys

import pytest

PROGRAM = (
    "import atexit, sys; from jobclf.cli.main import main\n"
    "class Last:\n"
    "    def __del__(self): print('freed')\n"
    "last = Last(); atexit.register(print, 'done')\n"
    "sys.argv = ['jobclf', *{words!r}]\n{before}\nmain({given})"
)


def ended(words: list[str], before: str = "", given: str = "") -> tuple[str, int]:
    """Return what a program prints that ends with the command line, and its exit code."""
    code = PROGRAM.format(words=words, before=before, given=given)
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    return done.stdout, done.returncode


@pytest.mark.parametrize(("words", "code"), [(["-V"], 0), (["predict", "none.txt"], 1), (["x"], 2)])
def test_the_program_does_what_is_due_at_its_end_and_frees_nothing(
    words: list[str], code: int
) -> None:
    out, returned = ended(words)
    assert (out.endswith("done\n"), returned) == (True, code)


@pytest.mark.parametrize(
    ("before", "given"),
    [
        ("sys.setprofile(eval('lambda *_: None', {}))", ""),
        ("import threading, time; threading.Thread(target=time.sleep, args=(1,)).start()", ""),
        ("", "['-V']"),
    ],
    ids=["looked at", "with a thread", "within another program"],
)
def test_what_may_go_on_ends_as_python_has_it(before: str, given: str) -> None:
    out, returned = ended(["-V"], before, given)
    assert (out.endswith("done\nfreed\n"), returned) == (True, 0)
