"""The command line answers, and complains in one line."""

from pathlib import Path

from click.testing import CliRunner

from jobclf.cli import main


def test_predict_names_the_role_of_a_posting(tmp_path: Path) -> None:
    posting = tmp_path / "posting.txt"
    posting.write_text("We deploy machine learning models to production and monitor them. " * 5)
    result = CliRunner().invoke(main, ["predict", str(posting)])
    assert result.exit_code == 0
    assert result.stdout.startswith("ML Engineer")


def test_a_missing_posting_is_one_line_on_stderr(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["predict", str(tmp_path / "none.txt")])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "does not exist" in result.stderr
