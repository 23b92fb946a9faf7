"""What the package promises to those who import and install it."""

import inspect
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

import jobclf
from jobclf.classifier import model_file
from jobclf.errors import JobclfError
from jobclf.roles import Role
from tests.factories import folder, posting

REPOSITORY = Path(__file__).parents[1]

PUBLIC = {
    "ARROW_SCHEMA",
    "AuditReport",
    "DatasetError",
    "EvaluationReport",
    "Explanation",
    "JobclfError",
    "LabelingSession",
    "ModelCard",
    "ModelFileError",
    "OutputError",
    "Posting",
    "PostingError",
    "PredictedTable",
    "Prediction",
    "Reason",
    "Role",
    "RoleClassifier",
    "RoleModel",
    "Seed",
    "SeedError",
    "TrainingReport",
    "audit",
    "evaluate",
    "explain",
    "json_schema",
    "label",
    "load_model",
    "model_card",
    "predict",
    "predict_arrow",
    "predict_file",
    "predict_many",
    "predict_table",
    "read_postings",
    "seeds",
    "train",
}
HEAVY = {"sklearn", "scipy", "nltk", "joblib", "pandas", "pyarrow"}


def python(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own."""
    return subprocess.run(  # noqa: S603
        [sys.executable, *map(str, words)],
        capture_output=True,
        check=True,
        text=True,
        env=os.environ | environment,
    )


def imported(*words: object) -> set[str]:
    """Return the top-level packages that a Python process imports."""
    trace = python("-X", "importtime", *words).stderr
    return {name.split(".")[0] for name in re.findall(r"\| +([\w.]+)$", trace, re.MULTILINE)}


def test_what_is_public() -> None:
    assert set(jobclf.__all__) == PUBLIC
    assert list(jobclf.__all__) == sorted(jobclf.__all__)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_public_name_is_there_and_documented(name: str) -> None:
    assert name in dir(jobclf)
    assert inspect.getdoc(getattr(jobclf, name))


def functions() -> list[tuple[str, Callable[..., object]]]:
    """Return the public functions, and the public methods of public classes."""
    found: list[tuple[str, Callable[..., object]]] = []
    for name in PUBLIC:
        value = getattr(jobclf, name)
        if inspect.isfunction(value):
            found.append((name, value))
        elif inspect.isclass(value):
            found += [
                (f"{name}.{key}", each)
                for key, each in inspect.getmembers(value, inspect.isfunction)
                if not key.startswith("_") and each.__module__.startswith("jobclf")
            ]
    return found


def test_each_of_more_than_three_parameters_is_documented() -> None:
    several = 0
    for name, function in functions():
        parameters = [each for each in inspect.signature(function).parameters if each != "self"]
        if len(parameters) > 3:
            several += 1
            text = inspect.getdoc(function) or ""
            section = text.partition("Parameters\n----------\n")[2].partition("\n\n")[0]
            lines = re.findall(r"^(\w.*?) : .", section, re.MULTILINE)
            assert [each for line in lines for each in line.split(", ")] == parameters, name
    assert several >= 8


def test_another_name_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = jobclf.nonsense


def test_every_error_is_a_child_of_the_one_root() -> None:
    errors = [getattr(jobclf, name) for name in PUBLIC if name.endswith("Error")]
    assert all(issubclass(error, JobclfError) for error in errors)


def test_the_package_is_typed_and_brings_its_seeds() -> None:
    assert files("jobclf").joinpath("py.typed").is_file()
    assert files("jobclf.text").joinpath("seeds.toml").is_file()


def test_importing_needs_nothing_but_the_standard_library() -> None:
    found = imported("-c", "import jobclf")
    assert "jobclf" in found
    assert not found & (HEAVY | {"numpy", "click"})


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["predict", "--help"]], ids=" ".join)
def test_help_does_not_wait_for_numpy(words: list[str]) -> None:
    found = imported("-m", "jobclf", *words)
    assert "click" in found
    assert not found & (HEAVY | {"numpy"})


def test_python_m_jobclf_is_the_command() -> None:
    assert python("-m", "jobclf", "--version").stdout == f"jobclf, version {jobclf.__version__}\n"
    assert python("-m", "jobclf", "--help").stdout.startswith("Usage: jobclf [OPTIONS]")


def test_the_version_is_in_one_place() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" in project["dynamic"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", jobclf.__version__)


def test_nothing_depends_on_the_order_of_sets(tmp_path: Path) -> None:
    data = folder(tmp_path / "data", scientists=6, engineers=6, others=5)
    (tmp_path / "ours").mkdir()
    ours, theirs = tmp_path / "ours" / "my.joblib", tmp_path / "my.joblib"
    jobclf.train(data, prior="seeds", output=ours)
    code = "import sys, jobclf; jobclf.train(sys.argv[1], prior='seeds', output=sys.argv[2])"
    seed = str(1 + hash("a") % 1000)  # not the seed of this process
    python("-c", code, data, theirs, PYTHONHASHSEED=seed)
    assert ours.read_bytes() == theirs.read_bytes()


def test_answers_are_the_same_whatever_the_hash_seed(tmp_path: Path) -> None:
    paths = []
    for role in Role:
        paths.append(tmp_path / f"{role}.txt")
        paths[-1].write_text(posting(role, 1))
    answers = {
        python("-m", "jobclf", "predict", "--json", *paths, PYTHONHASHSEED=seed).stdout
        for seed in ("0", "1")
    }
    assert len(answers) == 1


@pytest.mark.skipif(not (REPOSITORY / "README.md").is_file(), reason="README.md is not here")
def test_the_readme_starts_with_two_commands() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert "jobclf predict" in blocks[0]
    assert "-m pytest" in blocks[1]
    named = re.search(r"data/labeled_postings/(\w+)/\w+\.txt", blocks[0])
    assert named is not None
    answer = jobclf.predict_file(REPOSITORY / named[0])
    assert answer.in_scope
    assert answer.role == named[1]


@pytest.mark.slow
def test_the_package_runs_from_a_zip(tmp_path: Path) -> None:
    package = Path(jobclf.__file__).parent
    with zipfile.ZipFile(tmp_path / "jobclf.zip", "w") as packed:
        for path in sorted(package.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                packed.write(path, path.relative_to(package.parent))
        for name in ("jobclf", "base"):
            packed.write(model_file.bundled(name), f"jobclf/models/{name}.joblib")
    (tmp_path / "posting.txt").write_text(posting(Role.ML_ENGINEER, 1))
    code = (
        "import jobclf\n"
        "assert '.zip' in jobclf.__file__\n"
        "print(jobclf.predict_file('posting.txt'))\n"
        "from jobclf.cli.main import main\n"
        "main(['predict', '--html', 'page.html', 'posting.txt'])\n"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "jobclf.zip")},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{jobclf.predict_file(tmp_path / 'posting.txt')}\nML Engineer, ")
    assert "<style>" in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "form"), [("CITATION.cff", "version: {}"), ("sbom.cdx.json", "pkg:pypi/jobclf@{}")]
)
def test_whatever_names_a_version_names_this_one(name: str, form: str) -> None:
    if not (REPOSITORY / name).exists():
        pytest.skip(f"{name} is not here")
    assert form.format(jobclf.__version__) in (REPOSITORY / name).read_text("utf-8")
