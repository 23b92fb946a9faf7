"""The command line answers on standard output, complains on the other, and tells by its code."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

import jobclf
from jobclf.api import postings
from jobclf.classifier import model_document, model_file
from jobclf.cli import terminal
from jobclf.cli.main import main
from jobclf.roles import Role
from tests.conftest import Run
from tests.factories import folder, posting, spawn

pytestmark = pytest.mark.usefixtures("few_resamples")
DS, MLE, OTHER = Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OTHER


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a folder with one posting of each role and some bad files."""
    for role in Role:
        (tmp_path / f"{role}.txt").write_text(posting(role, 1), encoding="utf-8")
    (tmp_path / "short.txt").write_text("build models")
    (tmp_path / "binary.txt").write_bytes(bytes(500))
    return tmp_path


def test_the_answer_for_each_role(run: Run, files: Path) -> None:
    assert run("predict", files / "data_scientist.txt").out.startswith("Data Scientist, ")
    assert run("predict", files / "ml_engineer.txt").out.startswith("ML Engineer, ")
    neither = run("predict", files / "neither.txt").out.splitlines()
    assert neither[0].startswith("neither, ")


def test_a_title_that_says_otherwise_is_told(run: Run) -> None:
    ran = run("predict", "-", stdin=f"Data Scientist\n{posting(MLE, 1)}".encode())
    assert "the title says Data Scientist, the text says otherwise" in ran.out


def test_several_files_are_answered_though_one_is_bad(run: Run, files: Path) -> None:
    names = ["data_scientist.txt", "none.txt", "short.txt", "binary.txt", "ml_engineer.txt"]
    ran = run("predict", *(files / name for name in names))
    assert ran.code == 1
    assert [line.split(": ")[0] for line in ran.out.splitlines()] == [
        str(files / "data_scientist.txt"),
        str(files / "ml_engineer.txt"),
    ]
    assert len(ran.err.splitlines()) == 3
    for name, line in zip(names[1:4], ran.err.splitlines(), strict=True):
        assert line.startswith(f"jobclf: {files / name}")


def test_json_is_one_value_a_line_and_names_the_file_of_several(run: Run, files: Path) -> None:
    paths = [str(files / "data_scientist.txt"), str(files / "ml_engineer.txt")]
    answers = [json.loads(line) for line in run("predict", "--json", *paths).out.splitlines()]
    assert [answer["path"] for answer in answers] == paths
    assert [answer["role"] for answer in answers] == [DS, MLE]
    alone = json.loads(run("predict", "--json", paths[0]).out)
    assert list(alone) == [
        "answer",
        "confidence",
        "role",
        "probability",
        "in_scope",
        "scope_probability",
        "title_role",
        "text_probability",
        "family",
        "basis",
        "truncated",
    ]


FAULTS = {
    "missing posting": (["predict", "none.txt"], "none.txt: it does not exist"),
    "empty folder": (["predict", "empty"], "empty: it is empty"),
    "missing model": (["predict", "--model", "none.joblib", "data_scientist.txt"], "jobclf train"),
    "foreign model": (["predict", "--model", "short.txt", "data_scientist.txt"], "no usable model"),
    "missing card": (["model", "none.joblib"], "none.joblib: it does not exist"),
    "missing data": (["train", "none", "--output", "m.joblib"], "none: it does not exist"),
    "no data": (["train", "empty", "--output", "m.joblib"], "empty: it is empty"),
    "missing prior": (
        ["train", "data", "--prior", "none", "--output", "m"],
        "none: it does not exist",
    ),
    "no place": (["train", "data", "--output", "none/m.joblib"], "none does not exist; create"),
}


@pytest.mark.parametrize(("words", "fact"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_one_line_and_code_1(
    run: Run, files: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], fact: str
) -> None:
    monkeypatch.chdir(files)
    (files / "empty").mkdir()
    folder(files / "data")
    ran = run(*words)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("jobclf: ")
    assert ran.err.count("\n") == 1
    assert fact in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ["predict", "a text\nand more"],
        ["predict", "--bad"],
        ["bad"],
        ["model", "a", "b"],
        ["seeds", "a"],
    ],
)
def test_wrong_usage_is_code_2(run: Run, words: list[str]) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: " in ran.err


@pytest.mark.parametrize(
    "words",
    [["--help"], ["-h"], *([name, "-h"] for name in main.commands)],
)
def test_help_is_an_answer(run: Run, words: list[str]) -> None:
    ran = run(*words)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Usage: jobclf ")


def test_the_version(run: Run) -> None:
    assert run("--version").out == f"jobclf, version {jobclf.__version__}\n"


def test_seeds_are_printed(run: Run) -> None:
    rows = [json.loads(line) for line in run("seeds", "--json").out.splitlines()]
    assert [(row["term"], row["role"]) for row in rows] == [
        (seed.term, seed.role) for seed in jobclf.seeds()
    ]
    text = run("seeds").out
    assert text.startswith("Data Scientist: responsibilities\n")
    assert all(seed.term in text for seed in jobclf.seeds())


def test_the_card_is_printed(run: Run) -> None:
    card = jobclf.model_card()
    assert json.loads(run("model", "--json").out)["digest"] == card.digest
    assert card.digest in run("model").out


@pytest.mark.slow
def test_training_prints_scores_and_writes_a_model_that_predicts(run: Run, files: Path) -> None:
    data, output = folder(files / "data"), files / "my.joblib"
    (data / "other" / "copy.txt").write_text(posting(OTHER, 0))
    ran = run("train", data, "--prior", "seeds", "--output", output)
    assert ran.code == 0
    assert ran.out.startswith("held out: 24 postings of the two roles, 32 in all")
    assert ran.out.endswith(f"written to {output}; use it with --model {output}\n")
    assert ran.err == "left out as duplicates: other/copy.txt\n"
    answered = run("predict", "--model", output, files / "data_scientist.txt")
    assert answered.out.startswith("Data Scientist, ")
    assert json.loads(run("model", "--json", output).out)["prior"] == "seeds"


@pytest.mark.slow
def test_training_in_json_is_json_alone(run: Run, files: Path) -> None:
    data, output = folder(files / "data"), files / "my.joblib"
    ran = run("train", data, "--prior", "seeds", "--output", output, "--json")
    figures = json.loads(ran.out)
    assert figures["output"] == str(output)
    assert 0 <= figures["held_out"]["accuracy"] <= 1


@pytest.mark.slow
def test_two_labelled_postings_are_enough_and_said_to_be_few(run: Run, files: Path) -> None:
    data, output = folder(files / "few", scientists=1, engineers=1, others=0), files / "my.joblib"
    ran = run("train", data, "--output", output)
    assert ran.code == 0, ran.err
    assert "learned from 2 postings, too few to hold any out" in ran.out
    assert run("predict", "--model", output, files / "data_scientist.txt").code == 0
    again = run("train", data, "--output", output, "--force", "--json")
    assert json.loads(again.out)["held_out"] is None


@pytest.mark.slow
def test_seeds_learn_from_postings_without_labels_first(run: Run, files: Path) -> None:
    data, output = folder(files / "data"), files / "my.joblib"
    unlabeled = folder(files / "more", scientists=30, engineers=30)
    words = ("train", data, "--output", output, "--unlabeled", unlabeled)
    ran = run(*words, "--prior", "seeds")
    assert ran.code == 0, ran.err
    card = json.loads(run("model", "--json", output).out)
    assert card["prior"] == "seeds and 68 unlabelled postings"
    refused = run(*words)
    assert (refused.code, refused.out) == (1, "")
    assert "use --prior seeds" in refused.err


def test_nothing_in_a_name_or_a_model_steers_the_terminal(run: Run, files: Path) -> None:
    from dataclasses import replace

    good, bad = files / "good\x1b[2J.txt", files / "bad\x1b[2J.txt"
    good.write_text(posting(DS, 1))
    model = jobclf.load_model()
    card = replace(model.card, name="jobclf\x1b[2J", trained="never\x9b")
    document = model_document.to_document(replace(model, card=card))
    (files / "evil.joblib").write_bytes(model_file.to_bytes(document))
    for ran in (run("predict", good, bad), run("model", files / "evil.joblib")):
        assert not set(ran.out + ran.err) & {"\x1b", "\x9b"}


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="only there can a name be no text")
def test_a_name_that_is_no_text_is_answered(files: Path) -> None:
    odd = os.fsencode(files) + b"/caf\xe9.txt"
    Path(os.fsdecode(odd)).write_text(posting(DS, 1))
    good = os.fsencode(files / "ml_engineer.txt")
    for flags in (list[str](), ["--json"]):
        command: list[str | bytes] = [sys.executable, "-m", "jobclf", "predict"]
        command += [*flags, odd, good]
        ran = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert len(ran.stdout.splitlines()) >= 2


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("flag", [[], ["--json"]], ids=["text", "json"])
def test_any_encoding_of_standard_output_will_do(
    files: Path, encoding: str, flag: list[str]
) -> None:
    path = files / "日本é.txt"
    path.write_text(posting(DS, 1))
    words = ["predict", *flag, path, files / "ml_engineer.txt", files / "none é.txt"]
    process = spawn(*words, env=os.environ | {"PYTHONIOENCODING": encoding})
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert b"Traceback" not in err
    # Where the terminal claims ASCII, click answers in UTF-8.
    lines = out.decode("utf-8" if encoding == "ascii" else encoding).splitlines()
    if flag:
        assert json.loads(lines[0])["path"] == str(path)
    else:
        assert "Data Scientist" in lines[0]


def test_an_interrupt_gives_no_traceback(
    run: Run, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(postings, "predict_files", interrupt)
    ran = run("predict", files / "data_scientist.txt")
    assert (ran.code, ran.out, ran.err.strip()) == (130, "", "jobclf: interrupted")


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="pipes are the system's")
def test_a_reader_that_goes_away_gives_no_traceback() -> None:
    process = spawn("seeds", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(timeout=60)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        process = spawn("seeds", stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.startswith(b"jobclf: the answer cannot be written: ")
    assert err.count(b"\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_is_printed(shell: str) -> None:
    environment = os.environ | {"_JOBCLF_COMPLETE": f"{shell}_source"}
    process = spawn(env=environment)
    out, _ = process.communicate(timeout=60)
    if shell == "bash" and process.returncode:
        pytest.skip("bash is not here or too old for click")
    assert process.returncode == 0
    assert b"_JOBCLF_COMPLETE" in out


def test_commands_are_completed() -> None:
    environment = os.environ | {
        "_JOBCLF_COMPLETE": "bash_complete",
        "COMP_WORDS": "jobclf pre",
        "COMP_CWORD": "1",
    }
    process = spawn(env=environment)
    out, _ = process.communicate(timeout=60)
    assert out == b"plain,predict\n"


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
    assert [line["text"] for line in fields["lines"]] == [line.text for line in found.lines]
    assert "ProjectPro" in fields["article"]


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
    assert (terminal.paint() is not None) is coloured


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "needed"),
    [(["a.txt", "--explain"], []), (["a.csv"], ["pyarrow"])],
)
def test_predicting_loads_numpy_and_little_else(
    tmp_path: Path, arguments: list[str], needed: list[str]
) -> None:
    (tmp_path / "a.txt").write_text(POSTING)
    (tmp_path / "a.csv").write_text(f"text\n{POSTING}\n")
    arguments = [str(tmp_path / arguments[0]), *arguments[1:]]
    code = (
        "import sys; from jobclf.cli.main import main\n"
        f"main(['predict', *{arguments!r}], standalone_mode=False)\n"
        "heavy = 'sklearn scipy nltk pandas pyarrow lxml pypdf docx fsspec joblib email'.split()\n"
        "found = {name.split('.')[0] for name in sys.modules} & {*heavy}\n"
        "print(sorted(found - ({'pandas'} if 'pyarrow' in found else set())))"  # it imports pandas
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.stdout.endswith(f"{needed}\n"), done.stderr


def test_predicting_a_text_loads_what_it_needs_and_nothing_else(tmp_path: Path) -> None:
    """A start is most of what one posting costs: each of these would be a hundredth of it or more.

    `python -m benchmarks.speed` says what it takes beside `import numpy, click`.
    """
    (tmp_path / "a.txt").write_text(f"Data Scientist, Berlin\n{POSTING}")
    code = (
        "import sys, click, numpy; theirs = {*sys.modules}\n"
        "from jobclf.cli.main import main\n"
        f"main(['predict', {str(tmp_path / 'a.txt')!r}], standalone_mode=False)\n"
        "print(*sorted({*sys.modules} - theirs))"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    tables = {name for name in loaded if name.startswith("jobclf.tables.")}
    assert tables == {
        f"jobclf.tables.{name}" for name in ("documents", "forms", "listing", "postings", "wanted")
    }
    commands = {name for name in loaded if name.startswith("jobclf.cli.")}
    assert commands == {
        f"jobclf.cli.{name}"
        for name in ("main", "predict", "options", "answers", "terminal", "ending")
    }
    standard = (
        "concurrent decimal difflib fractions glob hashlib html json logging pathlib random "
        "sqlite3 statistics string subprocess tempfile urllib xml zipfile"
    )
    assert not loaded & {*standard.split(), "jobclf.processes", "jobclf.classifier.terms"}
    assert not loaded & {f"jobclf.{name}" for name in ("atomic", "classifier.kernel")}


OVERWRITING = {
    "page over the posting": ["a.html", "--html", "a.html"],
    "page over a file of a folder": [".", "--html", "./a.html"],
    "page over one of a pattern": ["*.html", "--html", "a.html"],
    "page over a link to it": ["a.html", "--explain", "--html", "link.html"],
    "page over the model": ["a.txt", "--model", "model.html", "--html", "model.html"],
    "summary over a posting": ["a.html", "a.txt", "--summary", "--html", "a.html"],
    "rows over the table": ["a.jsonl", "-o", "a.jsonl"],
    "rows over one of the tables": ["b.jsonl", "a.jsonl", "-o", "a.jsonl"],
    "rows over the model": ["a.jsonl", "--model", "model.csv", "-o", "model.csv"],
    "page over a text": ["b.jsonl", "--summary", "--html", "a.txt"],
    "page over the text": ["a.txt", "--html", "a.txt"],
}


@pytest.mark.parametrize("words", OVERWRITING.values(), ids=OVERWRITING.keys())
def test_nothing_that_is_read_is_written_over(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    model = model_file.bundled("jobclf")
    for name in ("a.txt", "a.html", "a.jsonl", "b.jsonl"):
        content = json.dumps({"text": POSTING}) if name.endswith("jsonl") else POSTING
        (tmp_path / name).write_text(content)
    for name in ("model.html", "model.csv"):
        (tmp_path / name).write_bytes(model.read_bytes())
    (tmp_path / "link.html").symlink_to("a.html")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    ran = run("predict", *words)
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1), ran
    assert "is what is read; name another" in ran.err or "does not end in .html" in ran.err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", [*main.commands])
def test_a_help_ends_with_three_examples_that_parse(run: Run, name: str) -> None:
    shown = run(name, "--help").out
    lines = [line.strip() for line in shown.partition("Examples:\n")[2].splitlines()]
    assert len(lines) == 3
    for line in lines:
        words = shlex.split(line.partition("|")[0])
        assert words[:2] == ["jobclf", name]
        command = main.commands[name]
        options, _, _ = command.make_parser(click.Context(command)).parse_args(words[2:])
        assert set(options) <= {option.name for option in command.params} | {"help"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.txt"], "use: jobclf predict a.txt"),
        (["my jobs.csv", "--json"], "use: jobclf predict 'my jobs.csv'"),
        (["help"], "use: jobclf --help"),
        (["help", "train"], "use: jobclf train --help"),
        (["predcit"], "did you mean 'predict'?"),
        (["xyz"], "the commands are predict, train"),
    ],
)
def test_what_is_no_command_gets_a_hint(run: Run, words: list[str], said: str) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert said in " ".join(ran.err.split())


def test_the_version_has_a_short_option(run: Run) -> None:
    assert run("-V").out == run("--version").out == f"jobclf, version {jobclf.__version__}\n"


def test_the_one_posting_of_a_table_is_explained_as_a_text_is(tmp_path: Path) -> None:
    row = {"title": "Baker of models", "description": POSTING}
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    one.write_text(json.dumps(row))
    two.write_text(json.dumps([row, row]))
    result = CliRunner().invoke(main, ["predict", "--explain", str(one)])
    assert (result.exit_code, "[machine learning]M" in result.stdout) == (0, True)
    assert "row 1" not in result.stdout
    result = CliRunner().invoke(main, ["predict", "--explain", str(two)])
    assert (result.exit_code, "single postings" in result.stderr) == (2, True)
