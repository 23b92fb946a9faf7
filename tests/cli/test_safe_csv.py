"""`--safe-csv` holds whatever writes the table: one process, several, or parts in a folder."""

import csv
from pathlib import Path

import pytest

import jobclf
from jobclf.roles import Role
from tests.conftest import Run
from tests.factories import posting


@pytest.mark.parametrize("target", ["out.csv", "parts/"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_no_part_holds_a_formula(tmp_path: Path, target: str, jobs: int) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    rows = "".join(f'=1+{number},"{posting(Role.ML_ENGINEER, number)}"\n' for number in range(9))
    (tmp_path / "in.csv").write_text(f"note,text\n{rows}")
    output = f"{tmp_path}/{target}"
    jobclf.predict_table(tmp_path / "in.csv", output=output, jobs=jobs, safe_csv=True)
    found = [*Path(output).glob("part-*.csv")] if target.endswith("/") else [Path(output)]
    assert len(found) == 1
    with found[0].open(newline="") as stream:
        assert [row["note"] for row in csv.DictReader(stream)] == [f"'=1+{at}" for at in range(9)]


def test_the_command_says_and_does_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f'note,text\n=1,"{posting(Role.ML_ENGINEER, 1)}"\n')
    ran = run("predict", tmp_path / "in.csv", "--safe-csv", "-o", tmp_path / "out.csv")
    assert ran.code == 0
    assert "'=1" in (tmp_path / "out.csv").read_text()
    assert "formula" in run("predict", "--help").out
