"""A frame in is a frame of the same kind out, with what predict says and nothing else changed."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import jobclf
from jobclf.batch.names import ADDED
from jobclf.roles import Role
from tests.factories import posting

TEXTS = [posting(Role.ML_ENGINEER, 1), None, "short", posting(Role.DATA_SCIENTIST, 1)]
COLUMNS: dict[str, list[Any]] = {
    "id": [4, 3, 2, 1],
    "title": [None, "a", "b", "Data Scientist"],
    "text": TEXTS,
}
ANSWERS = ["ml_engineer", None, None, "data_scientist"]
REASONS = [None, "empty", "too_short", None]


def pandas(columns: dict[str, Any], **options: Any) -> Any:
    """Return a frame of pandas."""
    return pytest.importorskip("pandas").DataFrame(columns, **options)


def polars(columns: dict[str, Any]) -> Any:
    """Return a frame of Polars."""
    return pytest.importorskip("polars").DataFrame(columns)


def views(columns: dict[str, Any]) -> Any:
    """Return a table of Arrow whose strings are views."""
    made = pa.table(columns)
    return made.set_column(2, "text", made["text"].cast(pa.string_view()))


@pytest.mark.parametrize(
    "made",
    [pandas, polars, pa.table, pa.RecordBatch.from_pydict],
    ids=["pandas", "Polars", "Arrow table", "Arrow batch"],
)
def test_a_frame_comes_back_as_its_kind(made: Callable[[Any], Any]) -> None:
    frame = made(COLUMNS)
    found = jobclf.predict_table(frame)
    assert type(found) is type(frame)
    assert names_of(found) == [*COLUMNS, *ADDED]
    assert as_list(found["id"]) == COLUMNS["id"]
    assert as_list(found["answer"]) == ANSWERS
    assert as_list(found["error_reason"]) == REASONS


def test_answers_of_pandas_can_be_chosen_by_where_some_are_missing() -> None:
    frame = pandas(COLUMNS)
    found = jobclf.predict_table(frame)
    assert {str(found[name].dtype) for name in ("in_scope", "truncated")} == {"boolean"}
    assert list(found[found["in_scope"] & ~found["truncated"]]["id"]) == [4, 1]


def nearly(name: str) -> Any:
    """Return what is nearly a frame, or one that is not there yet."""
    if name == "LazyFrame":
        return polars(COLUMNS).lazy()
    return {"Series": pandas(COLUMNS)["text"], "column": pa.chunked_array([TEXTS])}.get(
        name, COLUMNS
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [("LazyFrame", "collect.. it"), ("Series", "the texts to predict_many"),
     ("column", "one column and no frame"), ("dict", "make one of it")],
)  # fmt: skip
@pytest.mark.parametrize("function", [jobclf.predict_table, jobclf.train, jobclf.evaluate])
def test_what_is_nearly_a_frame_is_told_what_to_make_of_it(
    function: Callable[[Any], Any], name: str, said: str
) -> None:
    with pytest.raises(TypeError, match=said):
        function(nearly(name))


@pytest.mark.parametrize(
    ("name", "said"),
    [("Series", "not Series; predict_many takes many texts"),
     ("LazyFrame", "not LazyFrame; predict_table takes frames")],
)  # fmt: skip
@pytest.mark.parametrize("function", [jobclf.predict, jobclf.explain])
def test_many_where_one_text_is_asked_for_are_told_where_they_go(
    function: Callable[[Any], Any], name: str, said: str
) -> None:
    with pytest.raises(TypeError, match=said):
        function(nearly(name))


def names_of(frame: Any) -> list[str]:
    """Return the names of the columns of a frame."""
    arrow = isinstance(frame, pa.Table | pa.RecordBatch)
    return list(frame.schema.names if arrow else frame.columns)


def as_list(column: Any) -> list[Any]:
    """Return a column as Python values, None for what is missing."""
    values = next(
        getattr(column, name)() for name in ("to_pylist", "to_list") if hasattr(column, name)
    )
    return [None if each is None or each != each else each for each in values]  # noqa: PLR0124


def test_the_index_is_kept_though_it_repeats() -> None:
    frame = pandas(COLUMNS, index=["x", "y", "x", "z"])
    found = jobclf.predict_table(frame, prefix="judged_")
    assert found.index.equals(frame.index)
    assert found[list(frame.columns)].equals(frame)
    assert as_list(found["judged_answer"]) == ANSWERS


@pytest.mark.parametrize(
    "column",
    [
        ["a", 1, None, {"b": 2}],
        [b"bytes", None, None, None],
        [2**70, 0, 0, 0],
        [object(), object(), None, None],
    ],
    ids=["mixed", "bytes", "large", "objects"],
)
def test_other_columns_may_hold_anything(column: list[Any]) -> None:
    frame = pandas({**COLUMNS, "other": column})
    found = jobclf.predict_table(frame)
    assert list(found["other"]) == column
    assert as_list(found["answer"]) == ANSWERS


@pytest.mark.parametrize("kind", ["category", "string", "large_string[pyarrow]"])
def test_texts_may_be_of_any_type_of_pandas(kind: str) -> None:
    frame = pandas(COLUMNS).astype({"text": kind})
    assert as_list(jobclf.predict_table(frame)["answer"]) == ANSWERS


def test_columns_need_no_names_of_letters_or_of_their_own() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame([[1, text, 2] for text in TEXTS], columns=[0, "text", 0])
    assert as_list(jobclf.predict_table(frame)["answer"]) == ANSWERS


def test_columns_are_named() -> None:
    frame = pandas({"a": TEXTS, "b": COLUMNS["title"]})
    found = jobclf.predict_table(frame, text_column="a", title_column="b")
    assert as_list(found["title_role"]) == [None, None, None, "data_scientist"]
    with pytest.raises(jobclf.DatasetError, match="no column 'c'"):
        jobclf.predict_table(frame, text_column="c")


@pytest.mark.parametrize("made", [pandas, polars, pa.table], ids=["pandas", "Polars", "Arrow"])
def test_no_rows_are_no_answers(made: Callable[[Any], Any]) -> None:
    found = jobclf.predict_table(made({"id": [], "text": []}), text_column="text")
    assert len(found) == 0
    assert "answer" in (found.schema.names if isinstance(found, pa.Table) else found.columns)


def test_names_that_are_taken_are_refused() -> None:
    with pytest.raises(jobclf.DatasetError, match="has a column 'p_role' already"):
        jobclf.predict_table(pandas({**COLUMNS, "p_role": ["", "", "", ""]}), prefix="p_")


@pytest.mark.parametrize("option", [{"output": "a.csv"}, {"safe_csv": True}, {"scheduler": "a"}])
def test_a_frame_is_not_written(option: dict[str, Any]) -> None:
    with pytest.raises(jobclf.OutputError, match="a frame comes back as a frame"):
        jobclf.predict_table(pandas(COLUMNS), **option)


@pytest.mark.parametrize(
    ("made", "ending", "jobs"),
    [
        pytest.param(pandas, "csv", 1, id="pandas"),
        pytest.param(polars, "parquet", 1, id="Polars"),
        pytest.param(pa.table, "csv", 1, id="Arrow table"),
        pytest.param(pa.RecordBatch.from_pydict, "parquet", 1, id="Arrow batch"),
        pytest.param(views, "csv", 1, id="views"),
        pytest.param(pandas, "parquet", 2, id="two processes", marks=pytest.mark.slow),
    ],
)
def test_rows_are_kept_or_in_the_rest(
    made: Callable[[Any], Any], ending: str, jobs: int, tmp_path: Path
) -> None:
    count = 260 if jobs > 1 else 2
    frame = made({name: values * count for name, values in COLUMNS.items()})
    rest = tmp_path / f"rest.{ending}"
    options: dict[str, Any] = {"keep": "mle", "min_confidence": 0.5, "rest": rest, "jobs": jobs}
    found = jobclf.predict_table(frame, columns="answer,id,text,model", **options)
    assert type(found) is type(frame)
    assert as_list(found["id"]) == [4] * count
    assert as_list(found["answer"]) == ["ml_engineer"] * count
    assert as_list(found["model"])[0].startswith("jobclf ")
    assert names_of(found) == ["answer", "id", "text", "model"]
    left = list(jobclf.predict_table(rest, prefix="again_"))
    assert [int(row["id"]) for row in left] == [3, 2, 1] * count
    assert [row["answer"] or None for row in left] == ANSWERS[1:] * count


def test_the_rows_that_are_kept_keep_their_index() -> None:
    frame = pandas(COLUMNS, index=["x", "y", "x", "z"])
    found = jobclf.predict_table(frame, keep="data_scientist")
    assert found.index.tolist() == ["z"]
    assert list(found.columns) == [*COLUMNS, *ADDED]
    assert len(jobclf.predict_table(frame, keep="neither")) == 0
    with pytest.raises(jobclf.DatasetError, match="no column 'wage' to come out"):
        jobclf.predict_table(frame, columns="wage")
    with pytest.raises(jobclf.OutputError, match="all rows are kept"):
        jobclf.predict_table(frame, rest="a.csv")


@pytest.mark.slow
def test_no_other_library_is_imported_for_a_frame() -> None:
    code = (
        "import sys, pyarrow as pa, jobclf; "
        "from jobclf.tables.values import array_of; "  # as `pa.array` imports pandas
        "jobclf.predict_table(pa.table([array_of(['a', None], str)], ['text'])); "
        "print({'pandas', 'polars', 'sklearn'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout == "set()\n"
