"""The examples of docstrings print what they show."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import jobclf

SOURCES = Path(jobclf.__file__).parent
LEARNING = {"evaluation", "labeling", "training"}  # packages that import scikit-learn
EXAMPLES = [
    pytest.param(name, marks=[pytest.mark.slow] if path.parent.name in LEARNING else [])
    for path in sorted(SOURCES.rglob("*.py"))
    if b">>> " in path.read_bytes()
    for name in [".".join(("jobclf", *path.relative_to(SOURCES).with_suffix("").parts))]
]


@pytest.mark.parametrize("module", EXAMPLES)
def test_an_example_of_a_docstring_prints_what_it_shows(module: str) -> None:
    assert doctest.testmod(import_module(module)).failed == 0
