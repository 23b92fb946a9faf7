"""Engines that are too heavy for the gate call `predict_arrow` on their batches."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import jobclf
from jobclf.roles import Role
from tests.factories import posting

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # of the engines

TEXTS = [posting(role, number) for number in range(20) for role in list(Role)[:2]] + [None, "a"]
WANTED = {"data_scientist": 20, "ml_engineer": 20, None: 2}


@pytest.fixture
def table(tmp_path: Path) -> str:
    """Return a table of texts, of which two have no answer."""
    path = tmp_path / "postings.parquet"
    parquet.write_table(pa.table({"text": TEXTS}), path, row_group_size=15)
    return str(path)


def test_in_spark(table: str) -> None:
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    building = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    with building.getOrCreate() as spark:

        def answered(batches: Iterator[Any]) -> Iterator[Any]:
            for batch in batches:
                yield jobclf.predict_arrow(batch["text"]).select(["answer", "error_reason"])

        frame = spark.read.parquet(table)
        predicted = frame.mapInArrow(answered, "answer string, error_reason string")
        found = {
            row["answer"]: row["count"] for row in predicted.groupBy("answer").count().collect()
        }
    assert found == WANTED


def test_in_ray(table: str) -> None:
    ray = pytest.importorskip("ray", reason="ray is not installed")
    data = pytest.importorskip("ray.data", reason="ray[data] is not installed")
    ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False)
    try:
        predicted = data.read_parquet(table).map_batches(
            lambda batch: pa.Table.from_batches([jobclf.predict_arrow(batch["text"])]),
            batch_format="pyarrow",
            batch_size=10,
        )
        answers = [row["answer"] for row in predicted.take_all()]
    finally:
        ray.shutdown()
    assert {each: answers.count(each) for each in answers} == WANTED
