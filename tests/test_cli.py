"""The command line answers, and complains in one line."""

from pathlib import Path

from tests.conftest import Run


def test_predict_names_the_role_of_a_posting(run: Run, tmp_path: Path) -> None:
    posting = tmp_path / "posting.txt"
    posting.write_text("We deploy machine learning models to production and monitor them. " * 5)
    ran = run("predict", posting)
    assert ran.code == 0
    assert ran.out.startswith("ML Engineer")


def test_a_missing_posting_is_one_line_on_stderr(run: Run, tmp_path: Path) -> None:
    ran = run("predict", tmp_path / "none.txt")
    assert ran.code == 1
    assert ran.out == ""
    assert "does not exist" in ran.err
