"""Strings in, answers out: the same as a table's, for every engine that calls it."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

import jobclf
from jobclf.classifier.prediction import Prediction
from jobclf.roles import Role
from tests.factories import posting

TEXTS = [posting(role, number) for number in range(3) for role in Role]
TITLES = ["Data Scientist", None, "Baker"] * 3
HOLES = [TEXTS[0], None, TEXTS[1], "", "short", "nan"]


def fields(batch: Any) -> list[dict[str, Any]]:
    """Return the rows of a batch that has the columns that are promised."""
    assert batch.schema == jobclf.ARROW_SCHEMA
    found: list[dict[str, Any]] = batch.to_pylist()
    return found


def test_a_row_is_what_predict_says() -> None:
    found = fields(jobclf.predict_arrow(TEXTS, TITLES))
    for row, answer in zip(found, jobclf.predict_many(TEXTS, titles=TITLES), strict=True):
        assert isinstance(answer, Prediction)
        expected = answer.to_dict()
        assert {name: row[name] for name in expected if name in row} == {
            name: value for name, value in expected.items() if name in row
        }
        assert row["error"] is row["error_reason"] is None


def test_a_row_is_what_a_table_says(tmp_path: Any) -> None:
    texts = [*HOLES, "<p>" + "</p><p>".join(TEXTS[:2]) + "</p>"]
    titles = [None, "a", "Data Scientist", None, "nan", "ML Engineer", None]
    table = pa.table({"text": texts, "title": titles})
    (path := tmp_path / "in.parquet").write_bytes(b"")
    pa.parquet.write_table(table, path)
    rows = list(jobclf.predict_table(path, text_column="text", title_column="title"))
    for row, own in zip(rows, fields(jobclf.predict_arrow(texts, titles)), strict=True):
        row["error"] = row["error"] and row["error"].replace("column 'text': ", "")
        assert {name: row[name] for name in own} == own


@pytest.mark.parametrize(
    "given",
    [
        pa.array,
        lambda texts: pa.array(texts, pa.large_string()),
        lambda texts: pa.array(texts, pa.string_view()),
        lambda texts: pa.array(texts).dictionary_encode(),
        lambda texts: pa.chunked_array([texts[:1], [], texts[1:]], pa.string()),
        lambda texts: pa.array(["x", *texts]).slice(1),
        tuple,
        lambda texts: pytest.importorskip("numpy").array(texts, dtype=object),
        lambda texts: pytest.importorskip("pandas").Series(texts),
        lambda texts: pytest.importorskip("pandas").Series(texts, dtype="category"),
        lambda texts: pytest.importorskip("polars").Series(texts),
    ],
    ids=[
        "strings",
        "large strings",
        "views",
        "dictionary",
        "chunks",
        "slice",
        "tuple",
        "NumPy",
        "pandas",
        "categories",
        "Polars",
    ],
)
def test_strings_come_as_anything(given: Callable[[Any], Any]) -> None:
    found = jobclf.predict_arrow(given(HOLES), given([None, "a", None, None, None, None]))
    assert found.equals(jobclf.predict_arrow(HOLES))
    assert found.column("answer").is_valid().to_pylist() == [True, False, True, False, False, False]
    reasons = found.column("error_reason").to_pylist()
    assert reasons == [None, "empty", None, "empty", "too_short", "empty"]


@pytest.mark.parametrize("given", [[], pa.chunked_array([], pa.string()), pa.array([], pa.null())])
def test_nothing_is_answered_with_nothing(given: Any) -> None:
    assert fields(jobclf.predict_arrow(given)) == []


@pytest.mark.slow
def test_many_rows_come_as_one_batch_in_order() -> None:
    texts = [TEXTS[at % 9] for at in range(1200)]
    rows = fields(jobclf.predict_arrow(texts))
    assert rows == [rows[at % 9] for at in range(1200)]


def test_another_model_and_prevalence_are_used() -> None:
    rare = jobclf.predict_arrow(TEXTS, prevalence=1e-6)
    assert set(rare.column("answer").to_pylist()) == {"neither"}


@pytest.mark.parametrize(
    ("texts", "titles", "said"),
    [
        ("one text", None, "texts must be many, not one str"),
        ([1, 2], None, "texts must be strings and nulls, not int64"),
        (pa.array([b"bytes"]), None, "not binary"),
        ([TEXTS[0], 3], None, "texts must be strings and nulls"),
        (TEXTS[:1], [1.5], "titles must be strings and nulls"),
    ],
)
def test_what_is_no_strings_is_told(texts: Any, titles: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        jobclf.predict_arrow(texts, titles)


def test_titles_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="9 texts and 1 titles"):
        jobclf.predict_arrow(TEXTS, ["a"])


def test_in_polars() -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"id": range(6), "text": HOLES})
    found = frame.lazy().map_batches(
        lambda part: part.hstack(pl.from_arrow(jobclf.predict_arrow(part["text"]))),
        schema=frame.schema | pl.from_arrow(jobclf.ARROW_SCHEMA.empty_table()).schema,
    )
    counts = found.group_by("answer").len().sort("answer").collect()
    assert dict(counts.iter_rows()) == {None: 4, "data_scientist": 1, "ml_engineer": 1}


@pytest.mark.slow
def test_in_duckdb() -> None:
    duckdb = pytest.importorskip("duckdb")
    rows = pa.table({"id": range(6), "text": HOLES})
    with duckdb.connect() as connection:
        connection.register("rows", rows)
        connection.create_function(
            "answer", lambda texts: jobclf.predict_arrow(texts)["answer"], ["VARCHAR"], "VARCHAR",
            type="arrow", null_handling="special",
        )  # fmt: skip
        found = connection.sql("select id, answer(text) from rows order by id").fetchall()
    assert [answer for _, answer in found] == [
        "data_scientist", None, "ml_engineer", None, None, None,
    ]  # fmt: skip


@pytest.mark.slow
def test_in_dask() -> None:
    pd = pytest.importorskip("pandas")
    dd = pytest.importorskip("dask.dataframe")
    frame = dd.from_pandas(pd.DataFrame({"text": HOLES}), npartitions=2)
    found = frame.map_partitions(
        lambda part: part.join(jobclf.predict_arrow(part["text"]).to_pandas().set_index(part.index))
    )
    assert found.compute(scheduler="sync")["error_reason"].notna().sum() == 4
