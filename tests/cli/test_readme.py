"""The consoles of the README and of the docs show what the commands print."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Run

README = Path(__file__).parents[2] / "README.md"
TEXT = "".join(
    path.read_text("utf-8")
    for path in (README, *sorted(README.parent.glob("docs/*.md")))
    if path.exists()
)
CONSOLES = re.findall(r"^```console\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
pytestmark = pytest.mark.skipif(not TEXT, reason="README.md is not here")
LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("console", CONSOLES, ids=lambda text: text.partition("\n")[0][2:60])
def test_a_console_shows_what_is_printed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, console: str
) -> None:
    """`...` stands for what is left out or differs from machine to machine."""
    (tmp_path / "data").symlink_to(README.parent / "data")
    monkeypatch.chdir(tmp_path)
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", console, re.MULTILINE):
        program, *words = shlex.split(command)
        assert program == "jobclf"
        ran = run(*words)
        found = ran.out + (ran.err if ran.code else "")
        assert doctest.OutputChecker().check_output(shown, found, LOOSE), f"{command}\n{found}"


def test_there_are_consoles() -> None:
    assert len(CONSOLES) >= 2
