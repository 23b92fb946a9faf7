"""An error is a value: where, why, what to do; its text is made last."""

import ast
import pickle
import re
import shlex
import sys
from importlib import metadata
from pathlib import Path

import pytest

import jobclf
from jobclf.errors import (
    DatasetError,
    JobclfError,
    ModelFileError,
    OutputError,
    PostingError,
    Reason,
    SeedError,
    as_on_command_line,
    extra_missing,
    option,
)
from tests.conftest import Run

TEXTS = {
    "fact": ({"fact": "it is empty"}, "it is empty"),
    "remedy": ({"fact": "it is empty", "remedy": "fill it"}, "it is empty; fill it"),
    "path": ({"fact": "it is empty", "path": "a.txt"}, "a.txt: it is empty"),
    "row": ({"fact": "it is empty", "path": "a.csv", "row": 1200}, "a.csv row 1,200: it is empty"),
    "column": ({"fact": "it is empty", "row": 3, "column": "t"}, "row 3 column 't': it is empty"),
    "escapes": ({"fact": "x\x1b[2J", "path": "a\nb"}, "a�b: x�[2J"),
    "long": ({"fact": "x" * 2000, "remedy": "cut it"}, "x" * 1000 + "…; cut it"),
}


@pytest.mark.parametrize(("fields", "text"), TEXTS.values(), ids=TEXTS.keys())
def test_the_text_is_made_of_the_fields(fields: dict[str, object], text: str) -> None:
    assert str(JobclfError(**fields)) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (PostingError, Reason.UNREADABLE),
        (DatasetError, Reason.UNREADABLE),
        (SeedError, Reason.BAD_SEEDS),
        (OutputError, Reason.UNWRITABLE),
        (ModelFileError, Reason.BAD_MODEL),
        (JobclfError, Reason.OTHER),
    ],
)
def test_a_kind_has_its_usual_reason(kind: type[JobclfError], reason: Reason) -> None:
    assert kind("fact").reason is reason
    assert kind("fact", reason=Reason.EMPTY).reason is Reason.EMPTY


def test_an_error_comes_from_another_process_whole() -> None:
    error = PostingError("it is empty", "fill it", reason=Reason.EMPTY, path="a", row=2, column="t")
    again = pickle.loads(pickle.dumps(error))  # made here
    assert type(again) is PostingError
    assert again.to_dict() == error.to_dict()
    assert set(error.to_dict()) == {"reason", "message", "fact", "remedy", "path", "row", "column"}
    assert set(PostingError("fact").to_dict()) == {"reason", "message", "fact"}


def test_a_place_is_added_and_never_lost() -> None:
    error = PostingError("it is empty", path="page.html#2")
    assert error.at(path="a.html", row=3).place == "page.html#2 row 3"
    assert error.at(row=3).reason is error.reason


REQUIRES = [
    "click>=8.1",
    'pypdf>=7.0; extra == "documents"',
    'python-docx>=1.1.2; extra == "documents"',
    'pyarrow>=16; extra == "tables"',
    'distributed>=2024.2; extra == "cluster"',
    'jobclf[tables]; extra == "cluster"',
]
EXTRAS = {
    "documents": ["pypdf>=7.0", "python-docx>=1.1.2"],
    "cluster": ["distributed>=2024.2", "pyarrow>=16"],
}


@pytest.mark.parametrize(("extra", "needed"), EXTRAS.items(), ids=EXTRAS.keys())
def test_a_missing_extra_names_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, extra: str, needed: list[str]
) -> None:
    monkeypatch.setattr(metadata, "requires", lambda _: REQUIRES)
    error = extra_missing("reading PDF", extra)
    assert error.reason is Reason.EXTRA_MISSING
    assert error.fact == f"reading PDF needs the extra '{extra}'"
    words = shlex.split(error.remedy.removeprefix("install it: "))
    assert words == [sys.executable, "-m", "pip", "install", *needed]


def test_a_missing_extra_names_the_clone_that_runs_uninstalled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(_: str) -> None:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "requires", missing)
    assert extra_missing("x", "report").remedy.endswith("[report]'")


KINDS = {"JobclfError", *(kind.__name__ for kind in JobclfError.__subclasses__()), "kind"}


@pytest.mark.slow
def test_every_error_is_raised_with_a_fact_and_a_remedy() -> None:
    found = 0
    for path in Path(jobclf.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
                continue
            if call.func.id in KINDS:
                found += 1
                named = {keyword.arg for keyword in call.keywords}
                given = call.args[1:2] or named & {"remedy", None}  # None for `**` of all fields
                place = f"{path.name}:{call.lineno}: {ast.unparse(call)}"
                assert given, place
                assert "''" not in map(ast.unparse, call.args[:2]), place
    assert found > 200


def test_an_option_is_named_as_it_is_where_its_message_is_read() -> None:
    dropped, forced = option("conflicts", "drop"), option("force", value=True)
    remedy = f"use {option('text_column')}, {dropped} or {forced}"
    error = pickle.loads(pickle.dumps(DatasetError("it is so", remedy).at(path="a.csv")))
    assert str(error) == "a.csv: it is so; use text_column, conflicts='drop' or force=True"
    with as_on_command_line():
        assert error.remedy == "use --text-column, --conflicts drop or --force"
        assert error.to_dict()["message"] == f"a.csv: it is so; {error.remedy}"
    assert error.remedy.startswith("use text_column")


def test_options_are_named_by_their_parameters_outside_the_command_line() -> None:
    source = Path(jobclf.__file__).parent
    only_there = {source / "server/launch.py", source / "server/allowed.py"}  # of serve and mcp
    for path in sorted(source.rglob("*.py")):
        if path.parent.name in {"cli", "schemas"} or path in only_there:
            continue
        texts = [
            line for line in path.read_text().splitlines() if re.search(r"\"[^\"`]*--[a-z]", line)
        ]
        assert not texts, path


def test_the_command_line_names_its_own_options(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,role,jobclf_role\nWe care.,nurse,x\n")
    assert "keep both with --prefix" in run("predict", tmp_path / "a.csv").err
    with pytest.raises(DatasetError, match="keep both with prefix"):
        jobclf.predict_table(tmp_path / "a.csv")


def test_the_documentation_lists_every_reason_with_what_it_is_for() -> None:
    docs = Path(__file__).parents[1] / "docs" / "reference" / "errors.md"
    if not docs.exists():
        pytest.skip("docs/reference/errors.md is not here")
    source = Path(str(sys.modules[Reason.__module__].__file__)).read_text(encoding="utf-8")
    found = re.findall(
        r'^    [A-Z_]+ = "(\w+)"(?:  # noqa: \w+)?(?:  # (.+))?$', source, re.MULTILINE
    )
    assert [name for name, _ in found] == [*map(str, Reason)]
    listed = re.findall(r"^\| `(\w+)` \|(?: (.+))? \|$", docs.read_text("utf-8"), re.MULTILINE)
    assert listed == found


def test_the_repr_of_an_error_names_options_as_they_are_written() -> None:
    error = JobclfError("the name is taken", f"keep both with {option('prefix')}", path="a.csv")
    assert repr(error) == "JobclfError('a.csv: the name is taken; keep both with prefix')"
