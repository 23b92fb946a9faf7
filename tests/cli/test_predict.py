"""What `jobclf predict` prints goes by what it is given, by --output and by --json."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import jobclf
from jobclf.errors import Reason
from jobclf.roles import Role
from tests.conftest import Run
from tests.factories import posting

TEXTS = {
    "engineer.txt": posting(Role.ML_ENGINEER, 1),
    "scientist.txt": posting(Role.DATA_SCIENTIST, 1),
    "short.txt": "build models",
}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in TEXTS.items():
        Path(name).write_text(text)
    rows = "".join(json.dumps({"text": text}) + "\n" for text in TEXTS.values())
    Path("rows.jsonl").write_text(rows)
    return tmp_path


GIVEN = {
    "files": list(TEXTS),
    "reasons": ["engineer.txt", "scientist.txt", "--explain"],
    "reasons in JSON": ["engineer.txt", "short.txt", "--explain", "--json"],
    "a missing file": ["engineer.txt", "none.txt"],
    "rows": ["rows.jsonl"],
    "a summary of files": [*TEXTS, "--summary"],
}


@pytest.mark.slow
@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("words", GIVEN.values(), ids=GIVEN.keys())
def test_more_processes_print_the_same(run: Run, words: list[str]) -> None:
    assert run("predict", *words, "--jobs", 2) == run("predict", *words)


@pytest.mark.usefixtures("files")
def test_in_json_an_error_stands_in_its_place_with_its_code(run: Run) -> None:
    ran = run("predict", "--json", *TEXTS)
    ml_engineer, scientist, short = map(json.loads, ran.out.splitlines())
    assert (ml_engineer["role"], scientist["role"]) == ("ml_engineer", "data_scientist")
    assert short == {
        "path": "short.txt",
        "error": ran.err.removeprefix("jobclf: ").rstrip("\n"),
        "error_reason": "too_short",
    }
    assert ran.code == 1


@pytest.mark.usefixtures("files")
def test_rows_have_the_error_and_its_code_beside_each_other(run: Run) -> None:
    rows = [json.loads(line) for line in run("predict", "rows.jsonl").out.splitlines()]
    assert [row["error_reason"] for row in rows] == [None, None, Reason.TOO_SHORT]
    assert "too short" in rows[2]["error"]
    assert list(rows[0])[-2:] == ["error", "error_reason"]


def test_without_a_name_standard_input_is_read(run: Run) -> None:
    ran = run("predict", stdin=TEXTS["engineer.txt"].encode())
    assert (ran.code, ran.out) == (0, run("predict", "-", stdin=TEXTS["engineer.txt"].encode()).out)
    assert ran.out.startswith("ML Engineer, ")


@pytest.mark.skipif(os.name != "posix", reason="terminals are the system's")
@pytest.mark.parametrize("given", ["closed", "a terminal"])
def test_without_a_name_and_without_input_a_name_is_asked_for(given: str) -> None:
    import pty

    leader, terminal = pty.openpty()
    command = f'"{sys.executable}" -m jobclf predict'
    ran = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", f"{command} <&-" if given == "closed" else command],
        stdin=terminal,
        capture_output=True,
        text=True,
        check=False,
    )
    for end in (leader, terminal):
        os.close(end)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "name a posting, or pipe one in" in ran.stderr


PASTED = {
    "lines": TEXTS["scientist.txt"],
    "one long line": TEXTS["engineer.txt"].replace("\n", " "),
    "two lines": "Data Scientist\nYou build models",
    "a few words": "We deploy models to production, with node.js and Docker. Apply",
    "a sentence": "You will build models for us.",
    "not English": "Wir suchen jemanden, der Modelle baut. " * 10,
}


@pytest.mark.parametrize("text", PASTED.values(), ids=PASTED.keys())
def test_a_pasted_text_is_answered_with_how_to_pipe_it(run: Run, text: str) -> None:
    ran = run("predict", text)
    assert (ran.code, ran.out) == (2, "")
    assert "pipe it in, as in: jobclf predict < posting.txt" in ran.err
    assert text[:20].split("\n", maxsplit=1)[0] in ran.err


def test_words_after_an_option_and_names_are_no_text(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (
        ("t.csv", "--text-column", "what the job is about"),
        ("all the saved pages of mine.html",),
        ("all the saved pages/*",),
    ):
        ran = run("predict", *words)
        assert (ran.code, "pipe it in" in ran.err) == (1, False)
    (tmp_path / "the saved pages of mine").write_text(TEXTS["engineer.txt"])
    assert run("predict", "the saved pages of mine").code == 0


def test_a_file_may_have_a_long_name_with_blanks(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = f"{'a long name ' * 19}.txt"
    folders = "/".join(["a folder"] * 10)
    Path(folders).mkdir(parents=True)
    Path(folders, name).write_text(TEXTS["engineer.txt"])
    assert run("predict", f"{folders}/{name}").code == 0


@pytest.mark.slow
def test_progress_goes_on_where_all_is_read_and_processes_still_judge(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"text": text}) + "\n" for text in TEXTS.values()) * 700
    (tmp_path / "rows.jsonl").write_text(rows)
    told: list[float | None] = []
    found = jobclf.predict_table(
        tmp_path / "rows.jsonl",
        jobs=2,
        output=tmp_path / "out.jsonl",
        progress=lambda _, share: told.append(share),
    )
    assert found.tally.postings == 2100
    assert told[-1] == 1.0


@pytest.mark.usefixtures("files")
def test_what_a_folder_holds_beside_postings_is_named(run: Run) -> None:
    Path("rows.jsonl").unlink()
    Path("picture.png").write_bytes(b"\x89PNG")
    os.mkfifo("pipe.txt")
    ran = run("predict", ".")
    assert len(ran.out.splitlines()) == 2
    assert "2 files are not read (1 .png, 1 special files)" in ran.err


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("option", ["--output", "--rest", "--html", "--model", "--text-column"])
@pytest.mark.parametrize("given", [["rows.jsonl"], ["engineer.txt"]], ids=["rows", "file"])
@pytest.mark.parametrize("name", ["x" * 300, "x" * 5000], ids=["300", "5000"])
def test_a_name_that_no_system_takes_is_refused_on_a_line(
    run: Run, given: list[str], option: str, name: str
) -> None:
    ran = run("predict", *given, option, name)
    assert ran.code in {1, 2}
    assert "Traceback" not in ran.err
