"""The functions a program calls, and their twins on the command line."""

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

import jobclf
from jobclf import api
from jobclf.cli import main
from jobclf.errors import JobclfError, ModelFileError, PostingError
from jobclf.roles import Role
from tests.conftest import Run
from tests.written import folder, posting

pytestmark = pytest.mark.usefixtures("few_resamples")
DS, MLE = Role.DATA_SCIENTIST, Role.ML_ENGINEER

TWINS: dict[str, Callable[..., Any]] = {
    "predict": api.predict_table,
    "train": api.train,
    "evaluate": api.evaluate,
    "label": api.label,
    "seeds": api.seeds,
    "model": api.model,
}
# What only the command line has (how an answer looks), and what only a program can give.
RENDERING = {"as_json", "explain", "html", "quiet", "summary", "verbose"}
FOR_PROGRAMS = {"progress"}


@pytest.mark.parametrize("name", TWINS)
def test_a_command_and_its_twin_have_the_same_parameters_and_defaults(name: str) -> None:
    options = {
        option.name: option for option in main.commands[name].params if option.name not in RENDERING
    }
    parameters = {
        parameter.name: parameter
        for parameter in inspect.signature(TWINS[name]).parameters.values()
        if parameter.name not in FOR_PROGRAMS
    }
    assert set(options) == set(parameters)
    for key, parameter in parameters.items():
        option = options[key]
        # An empty default is click's own marker; its `to_info_dict` says None for it.
        default = option.to_info_dict()["default"]
        if parameter.default is inspect.Parameter.empty:
            assert option.required, key
        elif parameter.default is None:
            assert default is None, key
        else:
            assert str(default) == str(parameter.default), key


def test_every_command_has_a_twin_of_its_name() -> None:
    for name, command in main.commands.items():
        assert callable(getattr(api, name)), name
        assert isinstance(command, click.Command)


# One table through both faces: the bytes of a file, and the role or a part of the message.
INPUTS: dict[str, tuple[bytes, Role | str]] = {
    "data scientist": (posting(DS, 1).encode(), DS),
    "ml engineer": (posting(MLE, 1).encode(), MLE),
    "with a title": (f"ML Engineer\n{posting(DS, 1)}".encode(), DS),
    "other work": (posting(Role.OTHER, 1).encode(), Role.OTHER),
    "byte order mark": (posting(DS, 2).encode("utf-8-sig"), DS),
    "utf-16": (posting(MLE, 2).encode("utf-16"), MLE),
    "windows-1252": (f"Café €\n{posting(DS, 3)}".encode("cp1252"), DS),
    "windows lines": (posting(MLE, 3).replace("\n", "\r\n").encode(), MLE),
    "empty": (b"", "is empty"),
    "blank": (b" \n", "is empty"),
    "binary": (bytes(1000), "binary data"),
    "short": (b"build models", "2 of its 2 words are known to the model and 30 are needed"),
    "not english": ("機械学習 エンジニア を 募集 ".encode() * 30, "hardly English"),
}


@pytest.mark.parametrize("source", ["file", "standard input"])
@pytest.mark.parametrize(("content", "expected"), INPUTS.values(), ids=INPUTS.keys())
def test_both_faces_give_the_same_answer(
    run: Run, tmp_path: Path, source: str, content: bytes, expected: Role | str
) -> None:
    path = tmp_path / "posting.txt"
    path.write_bytes(content)
    ran = run("predict", "--json", path if source == "file" else "-", stdin=content)
    if isinstance(expected, Role):
        answer = jobclf.predict_file(path)
        assert (answer.role if answer.in_scope else Role.OTHER) is expected
        assert ran.code == 0
        assert ran.err == ""
        fields = json.loads(ran.out)
        assert fields["role"] == answer.role
        assert fields["probability"] == round(answer.probability, 4)
        assert fields["in_scope"] == answer.in_scope
        assert fields["scope_probability"] == round(answer.scope_probability, 4)
        assert fields["title_role"] == answer.title_role
    else:
        with pytest.raises(PostingError, match=expected) as refused:
            jobclf.predict_file(path)
        message = str(refused.value)
        assert message.startswith(str(path))
        called = message if source == "file" else message.replace(str(path), "standard input")
        assert (ran.code, ran.out, ran.err) == (1, "", f"jobclf: {called}\n")


def test_a_text_is_never_taken_for_a_path(tmp_path: Path) -> None:
    path = tmp_path / "posting.txt"
    path.write_text(posting(DS, 1))
    with pytest.raises(PostingError, match="too short to judge"):
        jobclf.predict(str(path))


def test_predict_and_predict_file_and_predict_many_agree(tmp_path: Path) -> None:
    path = tmp_path / "posting.txt"
    path.write_text(posting(DS, 1))
    answer = jobclf.predict(posting(DS, 1))
    assert jobclf.predict_file(path) == jobclf.predict_file(str(path)) == answer
    assert list(jobclf.predict_many([posting(DS, 1)])) == [answer]


def test_results_are_frozen() -> None:
    answer = jobclf.predict(posting(DS, 1))
    with pytest.raises(AttributeError):
        answer.role = MLE  # type: ignore[misc]


def test_a_model_of_ones_own_is_used(tmp_path: Path) -> None:
    report = jobclf.train(folder(tmp_path / "data"), prior="seeds", output=tmp_path / "my.joblib")
    mine = jobclf.load_model(tmp_path / "my.joblib")
    assert report.output == tmp_path / "my.joblib"
    text = posting(MLE, 1)
    assert jobclf.predict(text, model=mine) == report.model.predict(text)
    assert jobclf.predict(text, model=mine) != jobclf.predict(text)
    assert api.model(tmp_path / "my.joblib") == report.model.card


def test_training_keeps_a_model_in_memory_if_asked(tmp_path: Path) -> None:
    data = folder(tmp_path / "data")
    report = jobclf.train(data, prior="seeds", output=None)
    assert report.output is None
    assert list(tmp_path.iterdir()) == [data]


def test_training_goes_on_from_a_file(tmp_path: Path) -> None:
    data = folder(tmp_path / "data")
    jobclf.train(data, prior="seeds", output=tmp_path / "one.joblib")
    report = jobclf.train(data, prior=str(tmp_path / "one.joblib"), output=None)
    assert report.model.card.prior == "jobclf"


def test_a_place_that_cannot_be_written_is_named_before_training(tmp_path: Path) -> None:
    data = tmp_path / "none"  # would be refused later
    with pytest.raises(ModelFileError, match="is no folder; create it first"):
        jobclf.train(data, output=tmp_path / "none" / "my.joblib")
    with pytest.raises(ModelFileError, match="is a folder"):
        jobclf.train(data, output=tmp_path)


def test_an_unknown_prior_is_named(tmp_path: Path) -> None:
    with pytest.raises(JobclfError, match="no_such_prior does not exist"):
        jobclf.train(folder(tmp_path / "data"), prior="no_such_prior", output=None)
