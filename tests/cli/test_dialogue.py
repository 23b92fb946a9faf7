"""Labels are asked for key by key, from a terminal or from a pipe."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from jobclf.cli import dialogue
from jobclf.labeling.store import LabelsFile
from jobclf.roles import Role
from tests.conftest import Run
from tests.factories import posting as text

pytestmark = pytest.mark.usefixtures("few_resamples")
DS, MLE, OTHER = Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OTHER


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a small table, and go where it is."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "table.jsonl"
    texts = [text(role, number) + "\x1b[2J\x9b" for number in range(6) for role in Role]
    rows = [{"text": each, "title": "Data Scientist (title)"} for each in texts]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def roles(path: Path) -> list[Role | None]:
    return [label.role for label in LabelsFile(path)]


def test_keys_from_a_pipe_become_labels(run: Run, table: Path) -> None:
    ran = run("label", table, stdin=b"1\n2 3\nS x q2")
    assert ran.code == 0, ran.err
    assert ran.out == (
        "3 labels (1 Data Scientist, 1 ML Engineer, 1 neither), 1 skipped: labels.jsonl\n"
    )
    assert roles(Path("labels.jsonl")) == [DS, MLE, OTHER, None]
    assert "3 labelled, 14 left" in ran.err


def test_one_label_is_one_label(run: Run, table: Path) -> None:
    assert run("label", table, stdin=b"1").out.startswith("1 label (1 Data Scientist, ")
    assert "going on from 1 label in labels.jsonl" in run("label", table, stdin=b"q").err


@pytest.mark.parametrize("first", ["Data Scientist (title)", "  DATA scientist (TITLE) "])
def test_a_first_line_that_is_the_title_is_not_shown(run: Run, table: Path, first: str) -> None:
    row = {"text": f"\n{first}\n{text(DS, 1)}", "title": "Data Scientist (title)"}
    table.write_text(json.dumps(row) + "\n")
    ran = run("label", table, stdin=b"1b")
    assert "(title)" not in ran.err.lower()
    assert text(DS, 1).splitlines()[0] in ran.err
    assert first in next(iter(LabelsFile(Path("labels.jsonl")))).text


@pytest.mark.parametrize(
    ("shown", "title"),
    [("Data Scientist for maps\nrest", "Data Scientist"), ("We need you\nrest", None), ("a", "")],
)
def test_another_first_line_is_shown(shown: str, title: str | None) -> None:
    assert dialogue._without_title(shown, title) == shown


@pytest.mark.parametrize(
    ("output", "fact"),
    [
        ("none/labels.jsonl", "none does not exist; create"),
        ("/sys/kernel/labels.jsonl", "written: "),
    ],
)
def test_a_place_that_cannot_be_written_is_named_before_the_first_question(
    run: Run, table: Path, output: str, fact: str
) -> None:
    ran = run("label", table, "-o", output, stdin=b"1")
    assert (ran.code, ran.out) == (1, "")
    assert fact in ran.err
    assert ran.err.count("\n") == 1


def test_the_end_of_the_pipe_is_the_end(run: Run, table: Path) -> None:
    assert run("label", table, stdin=b"12").code == 0
    ran = run("label", table, "--json", stdin=b"2")
    assert json.loads(ran.out) == {
        "output": "labels.jsonl",
        "labels": {"data_scientist": 1, "ml_engineer": 2, "neither": 0},
        "skipped": 0,
        "left": 15,
    }
    assert "going on from 2 labels in labels.jsonl" in ran.err


def test_back_shows_the_label_and_another_takes_its_place(run: Run, table: Path) -> None:
    ran = run("label", table, stdin=b"b 12b3bb n 1 q")
    assert roles(Path("labels.jsonl")) == [DS, OTHER, DS]
    assert "this one is ML Engineer; n keeps it and goes on" in ran.err


def test_the_answer_is_not_shown_until_it_is_asked_for(run: Run, table: Path) -> None:
    plain = run("label", table, stdin=b"q").err
    assert "clearly" not in plain
    assert "(title)" not in plain
    asked = run("label", table, stdin=b"e q").err
    assert re.search("clearly|probably|perhaps|between the two", asked)
    assert "Marked: M for ML Engineer" in asked


def test_nothing_in_a_posting_steers_the_terminal(run: Run, table: Path) -> None:
    ran = run("label", table, stdin=b"1e2eq")
    assert not set(ran.out + ran.err) & {"\x1b", "\x9b"}


def test_after_ten_it_says_how_the_model_moved_and_at_last_that_none_is_left(
    run: Run, table: Path
) -> None:
    ran = run("label", table, "--prior", "seeds", stdin=b"12" * 9)
    assert "10 labels: " in ran.err
    assert " of 8 answers changed (" in ran.err
    assert "no posting is left" in ran.err
    again = run("label", table, "--prior", "seeds", stdin=b"1")
    assert "no posting is left" in again.err
    assert len(roles(Path("labels.jsonl"))) == 18
    trained = run("train", "labels.jsonl", "--prior", "seeds", "--output", "my.joblib")
    assert trained.code == 0, trained.err


def test_quiet_leaves_the_questions_and_no_notes(run: Run, table: Path) -> None:
    assert "postings to choose from" in run("label", table, stdin=b"q").err
    assert "postings to choose from" not in run("label", table, "-q", stdin=b"q").err


def test_a_line_cut_off_is_told(run: Run, table: Path) -> None:
    run("label", table, stdin=b"12")
    labels = Path("labels.jsonl")
    labels.write_bytes(labels.read_bytes()[:-9])
    ran = run("label", table, stdin=b"3")
    assert "the last line of labels.jsonl was cut off and has been dropped" in ran.err
    assert roles(labels) == [DS, OTHER]


def test_a_folder_will_do_as_well(run: Run, tmp_path: Path, table: Path) -> None:
    folder = table.parent / "saved"
    folder.mkdir()
    (folder / "a.txt").write_text(text(DS, 1))
    (folder / "b.md").write_text(text(MLE, 1))
    assert run("label", folder, stdin=b"11").code == 0
    assert len(roles(tmp_path / "labels.jsonl")) == 2


def test_standard_input_cannot_be_both(run: Run, table: Path) -> None:
    ran = run("label", "-", stdin=table.read_bytes())
    assert (ran.code, ran.out) == (1, "")
    assert "standard input is where the answers come from" in ran.err


def test_a_terminal_gives_key_after_key(
    monkeypatch: pytest.MonkeyPatch, run: Run, table: Path
) -> None:
    keys = iter("1Eq")
    monkeypatch.setattr(click, "getchar", lambda: next(keys))
    asked = dialogue._key

    def key() -> str:
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        return asked()

    monkeypatch.setattr(dialogue, "_key", key)
    ran = run("label", table)
    assert ran.code == 0, ran.err
    assert roles(Path("labels.jsonl")) == [DS]


def test_the_end_of_a_terminal_is_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def end() -> str:
        raise EOFError

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(click, "getchar", end)
    monkeypatch.setattr(sys, "stdin", Terminal())
    assert dialogue._key() == ""
    monkeypatch.setattr(sys, "stdin", None)
    assert dialogue._key() == ""


@pytest.mark.skipif(os.name != "posix", reason="signals are the system's")
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)],
    ids=["Ctrl-C", "kill"],
)
def test_an_interrupt_loses_no_answer(table: Path, number: signal.Signals, code: int) -> None:
    pipe = subprocess.PIPE
    # What runs in the background ignores Ctrl-C, and so would all that it starts.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    program = heard + "from jobclf.cli.main import main; main(prog_name='jobclf')"
    command = [sys.executable, "-c", program, "label", str(table), "--prior", "seeds"]
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)  # noqa: S603
    assert process.stdin is not None
    process.stdin.write(b"123\n")
    process.stdin.flush()
    labels = table.with_name("labels.jsonl")
    end = time.monotonic() + 60
    while not labels.exists() or labels.read_bytes().count(b"\n") < 3:
        assert time.monotonic() < end
        time.sleep(0.02)
    time.sleep(0.2)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert b"Traceback" not in err
    assert out == b""
    assert roles(labels) == [DS, MLE, OTHER]
