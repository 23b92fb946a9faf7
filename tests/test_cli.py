"""The command line answers on standard output, complains on the other, and tells by its code."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

import jobclf
from jobclf import cli
from jobclf.cli import main


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a folder with one posting of each role and some bad files."""
    for role in Role:
        (tmp_path / f"{role}.txt").write_text(posting(role, 1), encoding="utf-8")
    (tmp_path / "short.txt").write_text("build models")
    (tmp_path / "binary.txt").write_bytes(bytes(500))
    return tmp_path


def test_a_missing_posting_is_one_line_on_stderr(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["predict", str(tmp_path / "none.txt")])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "does not exist" in result.stderr


def test_several_postings_are_named(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("We deploy models to production and monitor them. " * 6)
    (tmp_path / "c.txt").write_bytes(b"")
    result = CliRunner().invoke(main, ["predict", str(tmp_path)])
    assert [line.split(": ")[0] for line in result.stdout.splitlines()] == [
        str(tmp_path / "a.txt"),
        str(tmp_path / "b.txt"),
    ]
    assert result.exit_code == 1
    assert "is empty" in result.stderr


POSTING = "We deploy machine learning models to production and monitor them. " * 5


def test_explain_shows_the_phrases_and_html_is_a_page(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(POSTING + "\x1b[2J")
    page = tmp_path / "a.html"
    arguments = ["predict", str(tmp_path / "a.txt"), "--explain", "--html", str(page)]
    result = CliRunner().invoke(main, arguments, color=True)
    assert result.exit_code == 0, result.stderr
    assert "[machine learning]M" in result.stdout
    assert "\x1b" not in result.stdout
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_explain_as_json_is_the_explanation(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(POSTING)
    result = CliRunner().invoke(main, ["predict", "--explain", "--json", str(tmp_path / "a.txt")])
    fields = json.loads(result.stdout)
    found = jobclf.explain(POSTING)
    assert fields["logit"] == found.logit
    assert len(fields["phrases"]) == len(found.phrases)


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"NO_COLOR": ""}, True)],
)
def test_colour_is_for_terminals_that_want_it(
    variables: dict[str, str], *, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True))
    assert (cli._paint() is not None) is coloured


@pytest.mark.parametrize("arguments", [["a.txt"], ["a.txt", "--explain"], ["a.csv"]])
def test_predicting_loads_numpy_and_little_else(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "a.txt").write_text(POSTING)
    (tmp_path / "a.csv").write_text(f"text\n{POSTING}\n")
    arguments = [str(tmp_path / arguments[0]), *arguments[1:]]
    code = (
        "import sys; from jobclf.cli import main\n"
        f"main(['predict', *{arguments!r}], standalone_mode=False)\n"
        "heavy = 'sklearn scipy nltk pandas pyarrow lxml pypdf docx fsspec joblib email'.split()\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {*heavy}))"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.stdout.endswith("[]\n"), done.stderr
