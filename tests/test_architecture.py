"""The layout is as `docs/architecture.md` tells it, small, and in the field's words."""

import ast
import importlib
import re
import tokenize
import tomllib
from functools import reduce
from pathlib import Path

import pytest

import jobclf

REPOSITORY = Path(__file__).parents[1]
PACKAGE = Path(jobclf.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
LONGEST = 350  # lines of a module
MOST_NAMES = 20  # at the top of the package
TEXT = REPOSITORY / "docs" / "architecture.md"
# Words that mean nothing in the field, or something else there.
PRIVATE = frozenset(
    {
        "twin",
        "twins",
        "floor",
        "floors",
        "stranger",
        "strangers",
        "furniture",
        "asking",
        "choosing",
        "chance",
        "chances",
        "inside",
        "judge",
        "judged",
        "judging",
        "fewest",
        "afar",
        "mend",
        "mends",
        "mended",
        "crumb",
        "crumbs",
    }
)

in_a_clone = pytest.mark.skipif(not TEXT.is_file(), reason="docs are not here")


def _named() -> list[str]:
    """Return the modules and functions that the text names."""
    tops = "|".join(path.stem for path in PACKAGE.iterdir() if path.suffix in {"", ".py"})
    found = re.findall(rf"`((?:{tops})(?:\.\w+)+)(?:\(.*?\))?`", TEXT.read_text(encoding="utf-8"))
    return sorted({name for name in found if not name.endswith((".py", ".toml", ".css"))})


def _resolved(name: str) -> object:
    parts = name.split(".")
    for size in range(len(parts), 0, -1):
        try:
            module = importlib.import_module(".".join(["jobclf", *parts[:size]]))
        except ModuleNotFoundError:
            continue
        return reduce(getattr, parts[size:], module)
    raise AssertionError(name)


@in_a_clone
def test_every_module_and_function_that_is_named_exists() -> None:
    names = _named()
    assert len(names) > 80
    for name in names:
        assert _resolved(name) is not None, name


@in_a_clone
def test_every_file_and_constant_that_is_named_exists() -> None:
    text = TEXT.read_text(encoding="utf-8")
    for path in re.findall(r"`((?:\w+/)+\w*(?:\.\w+)?)`", text):
        places = (REPOSITORY / path, PACKAGE / path)
        assert path == "documents/rtf.py" or any(place.exists() for place in places), path
    for constants, path in re.findall(r"((?:`[A-Z]+`(?:, )?)+) in `(\w+/\w+\.py)`", text):
        source = (PACKAGE / path).read_text(encoding="utf-8")
        for constant in re.findall("[A-Z]+", constants):
            assert f"\n{constant} = " in source, constant


@in_a_clone
def test_the_packages_are_told_in_the_order_of_the_contract() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    assert len(layers) <= 13
    order = {
        name.strip(): at for at, layer in enumerate(layers) for name in re.split("[:|]", layer)
    }
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", TEXT.read_text(encoding="utf-8"), re.MULTILINE)
    told = [name for row in rows for name in re.findall(r"\w+", row)][: len(order) - 1]
    assert set(told) == set(order) - {"__main__"}
    assert [order[name] for name in told] == sorted(order[name] for name in told)


def test_every_module_is_short() -> None:
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert {path: count for path, count in lines.items() if count > LONGEST} == {}


def test_no_assertion_guards_anything() -> None:
    # `python -O` leaves them out.
    sources = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    assert len(sources) > len(MODULES)
    for path, source in sources.items():
        nodes = ast.walk(ast.parse(source if "assert" in source else ""))
        assert not any(isinstance(node, ast.Assert) for node in nodes), path


def test_few_names_stand_at_the_top() -> None:
    names = {path.stem for path in PACKAGE.iterdir() if path.suffix in {"", ".py"}}
    assert len(names - {"__pycache__", "models"}) <= MOST_NAMES


def test_a_package_is_one_sentence() -> None:
    for path in PACKAGE.glob("*/__init__.py"):
        (statement,) = ast.parse(path.read_text(encoding="utf-8")).body
        assert isinstance(statement, ast.Expr)
        assert path.read_text(encoding="utf-8").count("\n") == 1, path


@pytest.mark.slow
def test_no_name_is_made_of_private_words() -> None:
    private = re.compile("|".join(PRIVATE), re.IGNORECASE)
    others = [path for top in ("tests", "benchmarks") for path in (REPOSITORY / top).rglob("*.py")]
    for path in [*MODULES, *others]:
        if not private.search(f"{path.stem} {path.read_text(encoding='utf-8')}"):
            continue
        with path.open("rb") as stream:
            names = {
                token.string
                for token in tokenize.tokenize(stream.readline)
                if token.type == tokenize.NAME and not token.string.startswith("test_")
            }
        for name in names | {path.stem}:
            snake = name if name.isupper() else re.sub("(?<=[a-z])(?=[A-Z])", "_", name)
            assert not PRIVATE & set(snake.lower().split("_")), f"{path}: {name}"
            assert name != "engineer", path  # for a probability


@in_a_clone
def test_no_heading_is_made_of_private_words() -> None:
    for path in [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("[dm]*/**/*.md")]:
        for heading in re.findall("^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert not PRIVATE & set(re.findall(r"\w+", heading.lower())), f"{path}: {heading}"
