"""Every result is public, is one short line as a value, and shows what the command line prints."""

import inspect
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import jobclf
from jobclf.errors import as_on_command_line
from jobclf.roles import Role
from tests.conftest import Run
from tests.factories import folder, posting

pytestmark = pytest.mark.usefixtures("few_resamples")
FUNCTIONS = [name for name in jobclf.__all__ if inspect.isfunction(getattr(jobclf, name))]
MADE_OF = {"Any", "Iterator", "dict", "tuple", "None", "str", "RecordBatch"}
LONGEST = 200  # characters of a repr


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_a_public_function_returns_is_public(name: str) -> None:
    said = str(inspect.signature(getattr(jobclf, name)).return_annotation)
    names = set(re.findall(r"\b[A-Za-z]\w+\b(?!\.)", said)) - {"class"}
    assert names - MADE_OF <= set(jobclf.__all__), said


def test_no_public_name_is_a_module() -> None:
    package = Path(jobclf.__file__).parent
    modules = {path.stem for path in package.iterdir()}
    assert not modules & set(jobclf.__all__)
    for name in jobclf.__all__:
        assert not inspect.ismodule(getattr(jobclf, name)), name


def _table(tmp_path: Path) -> jobclf.PredictedTable:
    (tmp_path / "a.csv").write_text(f'text\n"{posting(Role.ML_ENGINEER, 1)}"\n')
    table = jobclf.predict_table(tmp_path / "a.csv")
    assert len(list(table)) == 1
    return table


TEXT = posting(Role.ML_ENGINEER, 1)
RESULTS: dict[str, Callable[[Path], Any]] = {
    "prediction": lambda _: jobclf.predict(TEXT),
    "explanation": lambda _: jobclf.explain(TEXT),
    "model": lambda _: jobclf.load_model(),
    "card": lambda _: jobclf.model_card(),
    "seed": lambda _: jobclf.seeds()[0],
    "table": _table,
    "summary": lambda path: _table(path).tally.summary(),
    "training": lambda path: jobclf.train(folder(path / "data"), prior="seeds"),
    "evaluation": lambda path: jobclf.evaluate(folder(path / "data"), prior="seeds"),
    "audit": lambda path: jobclf.audit(folder(path / "data"), prior="seeds"),
    "session": lambda path: jobclf.label(
        folder(path / "data"), output=path / "labels.jsonl", prior="seeds"
    ),
}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """Return a function that makes each result once."""
    return cache(lambda name: RESULTS[name](tmp_path_factory.mktemp(name)))


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_one_short_line(result: Callable[[str], Any], name: str) -> None:
    said = repr(result(name))
    assert "\n" not in said
    assert len(said) <= LONGEST


SHOWN = {
    "training": ("train", "data", "--prior", "seeds", "-o", "my.joblib"),
    "evaluation": ("evaluate", "data", "--prior", "seeds"),
    "audit": ("audit", "data", "--prior", "seeds"),
    "card": ("model",),
    "prediction": ("predict", "a.txt"),
    "explanation": ("predict", "a.txt", "--explain"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_printing_a_result_is_what_the_command_prints(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    result: Callable[[str], Any],
    name: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(TEXT)
    folder(tmp_path / "data")
    made, ran = result(name), run(*SHOWN[name])
    assert ran.code == 0, ran.err
    with as_on_command_line():  # where options are spelled otherwise than in Python
        assert ran.out.startswith(f"{made}\n")
    if hasattr(made, "_repr_html_"):
        assert made._repr_html_().startswith(("<pre>", '<div class="jobclf">'))
        assert isinstance(made.to_dict(), dict)


def test_a_model_is_saved_and_not_written_over(tmp_path: Path) -> None:
    model = jobclf.load_model()
    model.save(tmp_path / "my.joblib")
    assert jobclf.load_model(tmp_path / "my.joblib").card == model.card
    with pytest.raises(jobclf.OutputError, match="there is a model already"):
        model.save(tmp_path / "my.joblib")
    model.save(tmp_path / "my.joblib", force=True)


@pytest.mark.parametrize("name", ["prediction", "explanation", "model", "card", "summary", "audit"])
def test_a_notebook_shows_the_parts_of_a_page(result: Callable[[str], Any], name: str) -> None:
    shown = result(name)._repr_html_()
    assert shown.startswith('<div class="jobclf"><style>.jobclf{')
    assert ":root" not in shown
    assert "<script" not in shown
