"""What every command does alike: help with an example, -q and -v, exit codes, closed pipes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from jobclf.cli.main import main
from jobclf.roles import Role
from tests.conftest import Run
from tests.factories import mixed_folder, posting, spawn

pytestmark = pytest.mark.usefixtures("few_resamples")
COMMANDS = sorted(main.commands)
SHELLS = ("bash", "zsh", "fish")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "posting.txt"
    path.write_text(posting(Role.ML_ENGINEER, 1))
    return path


def test_help_names_the_exit_codes_and_how_to_complete(run: Run) -> None:
    text = run("-h").out
    for code in ("0 answered", "1 something", "2 wrong usage", "130 interrupted"):
        assert code in text
    for shell in SHELLS:
        assert f"_JOBCLF_COMPLETE={shell}_source jobclf" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_the_same_switches(name: str) -> None:
    options = {
        option.name: option.opts
        for option in main.commands[name].params
        if isinstance(option, click.Option)
    }
    assert options["quiet"] == ["-q", "--quiet"]
    assert options["verbose"] == ["-v", "--verbose"]
    assert options.get("as_json", ["--json"]) == ["--json"]  # a server prints no answer
    assert options.get("output", ["-o", "--output"]) == ["-o", "--output"]


def test_verbose_tells_the_model_and_the_time(run: Run, file: Path) -> None:
    plain, told = run("predict", file), run("predict", "-v", file)
    assert (plain.out, plain.err) == (told.out, "")
    first, last = told.err.splitlines()
    assert first.startswith("model bundled: jobclf of ")
    assert " terms, from " in first
    assert last.startswith("done in ")
    assert last.endswith(" s")


@pytest.mark.slow
def test_verbose_tells_the_steps_and_quiet_none(run: Run, tmp_path: Path) -> None:
    data, model = mixed_folder(tmp_path / "data", 6), tmp_path / "my.joblib"
    words = ["train", data, "--prior", "seeds", "-o", model, "--force"]
    told = run(*words, "-v").err
    assert "s  fitting on everything …" in told
    copy = data / "other" / "copy.txt"
    copy.write_text((data / "other" / "000.txt").read_text())
    assert "left out as duplicates" in run(*words).err
    silent = run(*words, "-q")
    assert (silent.code, silent.err) == (0, "")


def test_quiet_leaves_errors(run: Run, tmp_path: Path, file: Path) -> None:
    table = tmp_path / "a.jsonl"
    table.write_text(json.dumps({"text": file.read_text()}))
    assert "the text is read from" in run("predict", table).err
    assert run("predict", "-q", table).err == ""
    assert "does not exist" in run("predict", "-q", tmp_path / "none.txt").err


@pytest.mark.slow
def test_training_as_json_is_the_report(run: Run, tmp_path: Path) -> None:
    data, model = mixed_folder(tmp_path / "data", 6), tmp_path / "my.joblib"
    found = json.loads(run("train", data, "--prior", "seeds", "-o", model, "--json").out)
    assert list(found) == ["output", "dropped", "short", "unlabeled", "held_out", "card"]
    assert found["card"] == json.loads(run("model", model, "--json").out)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="pipes are the system's")
@pytest.mark.parametrize(
    ("name", "both"),
    [("seeds", False), ("rows", False), ("rows", True), ("summary", False), ("files", True)],
)
def test_a_pipe_closed_early_is_no_error(
    tmp_path: Path,
    file: Path,
    name: str,
    both: bool,  # noqa: FBT001
) -> None:
    table = tmp_path / "a.jsonl"
    table.write_text((json.dumps({"text": file.read_text()}) + "\n") * 500)
    commands: dict[str, list[object]] = {
        "seeds": ["seeds"],
        "rows": ["predict", "-v", table],
        "summary": ["predict", "--summary", table],
        "files": ["predict", "-v", *[file] * 40],
    }
    words = commands[name]
    reader, writer = os.pipe()
    os.close(reader)
    process = spawn(*words, stdout=writer, stderr=writer if both else subprocess.PIPE)
    os.close(writer)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"Traceback" not in (err or b"")
    assert b"Exception" not in (err or b"")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("jobclf la", "plain,label"),
        ("jobclf train --prior s", "plain,seeds"),
        ("jobclf predict po", "file,po"),
        ("jobclf label --output l", "file,l"),
        ("jobclf seeds --j", "plain,--json"),
    ],
)
def test_commands_options_and_files_are_completed(words: str, expected: str) -> None:
    environment = os.environ | {
        "_JOBCLF_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    out, _ = spawn(env=environment).communicate(timeout=60)
    assert expected in out.decode().splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_its_script(shell: str) -> None:
    out, _ = spawn(env=os.environ | {"_JOBCLF_COMPLETE": f"{shell}_source"}).communicate()
    if shell == "bash" and not out:
        pytest.skip("bash is not here or too old for click")
    assert f"{shell}_complete" in out.decode()


@pytest.mark.slow
def test_completing_waits_for_nothing_heavy() -> None:
    environment = os.environ | {"_JOBCLF_COMPLETE": "fish_complete", "COMP_WORDS": "jobclf "}
    command = [sys.executable, "-X", "importtime", "-m", "jobclf"]
    done = subprocess.run(  # noqa: S603
        command, env=environment | {"COMP_CWORD": ""}, capture_output=True, text=True, check=False
    )
    assert "predict" in done.stdout
    assert "| numpy" not in done.stderr.replace("|   numpy", "| numpy")


def test_without_a_command_the_help_is_shown_line_by_line(run: Run) -> None:
    bare, asked = run(), run("-h")
    assert (bare.out + bare.err).rstrip() == asked.out.rstrip()
    assert "\ufffd" not in bare.err


@pytest.mark.parametrize("columns", ["80", "60"])
def test_no_line_of_the_help_is_cut(
    run: Run, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    text = run("-h").out
    assert "..." not in text.replace("[ARGS]...", "")
    shown = " ".join(text.split())
    for command in main.commands.values():
        first, stop, _ = " ".join((command.help or "").split()).partition(".")
        assert first + stop in shown


def test_wrong_usage_keeps_its_lines_and_loses_what_steers(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise click.UsageError("one\x1b[2J\nother")

    monkeypatch.setattr(main.commands["seeds"], "callback", refuse)
    ran = run("seeds")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("Error: one\ufffd[2J\nother\n")
