"""The consoles and the Python of the README and of the documentation run, and print what they show.

A page is run from its top in a folder of its own, beside the repository's data. `...` stands for
what is left out or differs from machine to machine. With JOBCLF_LONG as many rows as written.
"""

import doctest
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import jobclf
from jobclf.evaluation import metrics
from tests.conftest import LONG, Run

REPOSITORY = Path(__file__).parents[1]
PAGES = sorted(
    path.relative_to(REPOSITORY).as_posix()
    for path in (REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md"))
    if path.exists() and "_build" not in path.parts
)
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*\n(?:>.*\n)*)((?:(?!\$ ).*\n)*)", re.MULTILINE)
LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
ELSEWHERE = {"pyspark", "ray"}  # what a page shows and the tests do not install
PORT = 8731  # of the page on REST


def blocks(page: str) -> list[tuple[str, str]]:
    return BLOCK.findall((REPOSITORY / page).read_text("utf-8"))


def imported(code: str) -> set[str]:
    return set(re.findall(r"^(?:import|from) (\w+)", code, re.MULTILINE))


class Page:
    """What runs the blocks of a page, one after the other."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.run, self.names = run, {"__name__": "docs"}
        self.started: list[subprocess.Popen[bytes]] = []
        tools = folder.parent / "tools"
        tools.mkdir()
        (tools / "jobclf").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m jobclf "$@"\n')
        (tools / "jobclf").chmod(0o755)
        self.environment = os.environ | {
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(REPOSITORY / "src"),
        }

    def python(self, code: str) -> None:
        """Run Python; its names stay for the blocks below."""
        exec(compile(code, "docs", "exec"), self.names)  # noqa: S102

    def console(self, text: str) -> None:
        """Run commands and compare what they print."""
        for command, shown in COMMAND.findall(text):
            found = self.printed(re.sub(r"^> ?", "", command, flags=re.MULTILINE).strip())
            right = doctest.OutputChecker().check_output(shown, found, LOOSE)
            assert right, f"{command}\n{found}"

    def printed(self, command: str) -> str:
        """Return what a command prints, what went wrong with it."""
        if command.endswith(" &"):
            words = shlex.split(command.removesuffix(" &"))
            started = subprocess.Popen(words, env=self.environment)  # noqa: S603
            self.started.append(started)
            return ""
        if command.startswith("jobclf ") and not re.search("[|<>]", command):
            ran = self.run(*shlex.split(command)[1:])
            return ran.out + (ran.err if ran.code else "")
        done = subprocess.run(  # noqa: S603
            ["bash", "-c", command],  # noqa: S607
            capture_output=True,
            check=False,
            encoding="utf-8",
            env=self.environment,
            timeout=600,
        )
        return done.stdout + (done.stderr if done.returncode else "")

    def close(self) -> None:
        """End what was started in the background."""
        for each in self.started:
            each.terminate()
            each.wait(60)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of libraries that a page shows
@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)])
def test_a_page_does_what_it_shows(
    page: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    for name in ("data", "docs", "models"):
        (folder / name).symlink_to(REPOSITORY / name)
    monkeypatch.chdir(folder)
    if not LONG:
        monkeypatch.setattr(metrics, "RESAMPLES", 100)
    whole = "".join(text for _, text in blocks(page))
    if "curl" in whole and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    if f":{PORT}" in whole:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", PORT)) == 0:
                pytest.skip(f"port {PORT} is taken")
    runner = Page(folder, run)
    try:
        for kind, text in blocks(page):
            if kind == "console":
                runner.console(text)
            elif all(find_spec(name) for name in imported(text) & ELSEWHERE):
                runner.python(text if LONG else text.replace("1_000_000", "1_000"))
    finally:
        runner.close()


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md", "models/README.md", *PAGES])
def test_a_page_names_files_and_commands_that_exist(page: str) -> None:
    if not (REPOSITORY / "benchmarks").exists() or not (REPOSITORY / page).exists():
        pytest.skip("the whole repository is not here")
    text = (REPOSITORY / page).read_text("utf-8")
    named = re.findall(r"(?<![\w/.-])((?:src|tests|docs|data|benchmarks|models)/[\w./*?-]+)", text)
    named += [
        module.replace(".", "/") for module in re.findall(r"-m ((?:benchmarks|tests)[\w.]+)", text)
    ]
    missing = [name for name in named if not any(REPOSITORY.glob(name.rstrip(".") + "*"))]
    assert [name for name in missing if not re.search("PACKAGE|my_", name)] == []


def test_each_public_name_is_in_the_reference() -> None:
    page = REPOSITORY / "docs" / "reference" / "python.md"
    if not page.exists():
        pytest.skip("the documentation is not here")
    shown = set(re.findall(r"auto(?:function|class|exception):: (\w+)", page.read_text("utf-8")))
    constants = {"ARROW_SCHEMA", "Reason", "__version__"}  # each told on a page of its own
    assert shown | constants == set(jobclf.__all__) | constants


def test_there_are_pages_that_show_something() -> None:
    if not (REPOSITORY / "docs").exists():
        pytest.skip("the documentation is not here")
    assert sum(bool(blocks(page)) for page in PAGES) > 10
