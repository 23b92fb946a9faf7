"""The command line answers on standard output, complains on the other, and tells by its code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import jobclf
from jobclf import api
from jobclf.roles import Role
from tests.conftest import Run
from tests.written import folder, posting

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


def test_a_missing_posting_is_one_line_on_stderr(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["predict", str(tmp_path / "none.txt")])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "does not exist" in result.stderr


def test_several_postings_are_named(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("We deploy models to production and monitor them. " * 6)
    (tmp_path / "c.txt").write_bytes(b"")
    result = CliRunner().invoke(main, ["predict", str(tmp_path)])
    assert [line.split(": ")[0] for line in result.stdout.splitlines()] == [
        str(tmp_path / "a.txt"),
        str(tmp_path / "b.txt"),
    ]
    assert result.exit_code == 1
    assert "is empty" in result.stderr
