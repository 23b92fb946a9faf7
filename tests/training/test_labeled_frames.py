"""Labelled frames are read as the same table in a file is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest

import jobclf
from jobclf.roles import Role
from jobclf.tables.wanted import Wanted
from jobclf.training import labeled_data
from tests.factories import posting

pytestmark = pytest.mark.usefixtures("few_resamples")
ROLES = [role for role in Role for _ in range(6)]
ROWS = {
    "text": [posting(role, at) for at, role in enumerate(ROLES)],
    "role": [str(role) for role in ROLES],
}
MADE: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": lambda rows: pytest.importorskip("pandas").DataFrame(rows, index=[7] * len(ROLES)),
    "Polars": lambda rows: pytest.importorskip("polars").DataFrame(rows),
    "Arrow": pa.table,
}


@pytest.mark.parametrize("made", MADE.values(), ids=MADE.keys())
def test_a_frame_is_read_as_its_file(tmp_path: Path, made: Callable[[Any], Any]) -> None:
    pa.csv.write_csv(pa.table(ROWS), tmp_path / "a.csv")
    frame = labeled_data.read(made(ROWS), Wanted())
    file = labeled_data.read(tmp_path / "a.csv", Wanted())
    assert (frame.texts, frame.roles) == (file.texts, file.roles)
    assert frame.digest == file.digest


def test_missing_labels_and_texts_are_left_out() -> None:
    rows: dict[str, list[Any]] = {name: [*cells, None] for name, cells in ROWS.items()}
    rows["text"][0], rows["role"][1] = None, float("nan")
    found = labeled_data.read(pytest.importorskip("pandas").DataFrame(rows), Wanted())
    assert len(found) == len(ROLES) - 2
    assert found.unlabeled == 2


def test_a_frame_is_trained_on_evaluated_and_audited() -> None:
    frame = MADE["pandas"](ROWS)
    report = jobclf.train(frame, prior="seeds")
    assert sum(report.model.card.postings.values()) == len(ROLES)
    assert jobclf.evaluate(frame, prior="seeds").postings == len(ROLES)
    assert jobclf.audit(frame, prior="seeds").postings == len(ROLES)


def test_a_frame_without_labels_is_told() -> None:
    frame = MADE["pandas"]({"text": ROWS["text"]})
    with pytest.raises(jobclf.DatasetError, match="DataFrame: no column is known as the label"):
        jobclf.train(frame)
    with pytest.raises(jobclf.DatasetError, match="1 label is no role: 'Baker'"):
        jobclf.train(MADE["pandas"](ROWS | {"role": ["Baker", *ROWS["role"][1:]]}))
