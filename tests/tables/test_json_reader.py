"""JSON of any kind is read to its rows, whatever it is called, as far as memory is safe."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from jobclf import limits
from jobclf.errors import DatasetError
from jobclf.tables import json_reader, reader
from jobclf.tables.json_tables import rows_in

BREAD = "We bake bread and rolls for forty shops and teach two apprentices a year."
GLASS = "We blow glass for lamps, repair old windows and sell what is left over."
ROWS: list[dict[str, Any]] = [
    {"position": "Baker", "pay": 10, "description": BREAD},
    {"position": "Glazier", "pay": 12, "description": GLASS},
]


def read(content: str | bytes) -> list[tuple[dict[str, Any], str | None]]:
    """Return the rows in JSON, with what is wrong with each."""
    content = content.encode() if isinstance(content, str) else content
    found = json_reader.read(io.BufferedReader(io.BytesIO(content)), "a.json").rows
    return [(row, None if fault is None else fault.fact) for row, fault in found]


@pytest.mark.parametrize("index", [[0, 1], ["x", "y"], [20250101, 20250102]], ids=str)
@pytest.mark.parametrize("orient", ["records", "split", "index", "columns", "table"])
def test_what_pandas_writes_is_read(orient: str, index: list[Any]) -> None:
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pd.DataFrame(ROWS, index=index)
    rows = rows_in(json.loads(frame.to_json(orient=orient)))
    assert [{key: row[key] for key in ROWS[0]} for row in rows] == ROWS


def test_what_pandas_writes_without_names_is_read() -> None:
    values = [[*row.values()] for row in ROWS]
    assert rows_in(values)[0] == {"A": "Baker", "B": 10, "C": BREAD}
    named = [["position", "description"], ["Baker", BREAD]]
    assert rows_in(named) == [{"position": "Baker", "description": BREAD}]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(ROWS, id="records"),
        pytest.param({"jobs": ROWS}, id="jobs"),
        pytest.param({"meta": {"count": 2}, "data": {"results": ROWS}}, id="results"),
        pytest.param({"status": "OK", "made_by_me": ROWS}, id="any-key"),
        pytest.param([{"page": 1, "jobs": ROWS[:1]}, {"page": 2, "jobs": ROWS[1:]}], id="pages"),
        pytest.param({"a1": ROWS[0], "a2": ROWS[1]}, id="by-number"),
        pytest.param({"7": ROWS[0], "9": ROWS[1]}, id="by-index"),
        pytest.param({name: [row[name] for row in ROWS] for name in ROWS[0]}, id="lists"),
        pytest.param({"hits": {"hits": [{"_source": row} for row in ROWS]}}, id="search-engine"),
    ],
)
def test_the_rows_are_found(value: Any) -> None:
    rows = [row.get("_source", row) for row in rows_in(value)]
    assert rows == ROWS


def test_notes_on_a_posting_are_no_posting() -> None:
    rows = [{**row, "title": "x", "notes": {"title": "h1", "description": "p"}} for row in ROWS]
    assert rows_in({"summary": {"jobs": 2}, "jobs": rows}) == rows
    for row in rows:
        del row["description"]
    assert rows_in({"summary": {"jobs": 2}, "jobs": rows}) == rows


def test_no_row_of_a_list_is_lost_for_want_of_a_text() -> None:
    rows = [*ROWS, {"position": "Weaver", "pay": 9, "description": ""}]
    assert rows_in({"jobs": rows, "similarJobs": ROWS[:1]}) == rows


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("".join(json.dumps(row) + "\n" for row in ROWS), id="lines"),
        pytest.param("\n\n".join(json.dumps(row) for row in ROWS), id="blank-lines"),
        pytest.param("".join(json.dumps(row) for row in ROWS), id="no-line-ends"),
        pytest.param("\n".join(json.dumps(row, indent=2) for row in ROWS), id="indented-values"),
        pytest.param("[" + ",\n".join(json.dumps(row) for row in ROWS) + "]", id="list-on-lines"),
        pytest.param(json.dumps(ROWS, indent=1), id="indented"),
        pytest.param("\ufeff" + json.dumps(ROWS), id="mark"),
        pytest.param(json.dumps(ROWS).encode("utf-16"), id="utf-16"),
        pytest.param("".join(json.dumps(row) + "\n" for row in ROWS).encode("utf-16"), id="wide"),
        pytest.param("\n".join(json.dumps({"jobs": [row]}) for row in ROWS), id="answers-on-lines"),
        pytest.param("\n".join(json.dumps([row]) for row in ROWS), id="lists-on-lines"),
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_lines_and_values_are_read_under_any_name(
    tmp_path: Path, content: str | bytes, name: str
) -> None:
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    rows = list(reader.read(tmp_path / name).rows)
    assert [row.values for row in rows] == ROWS
    assert [row.text for row in rows] == [BREAD, GLASS]
    assert [row.title for row in rows] == ["Baker", "Glazier"]


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        pytest.param(["{oops", '{"a": 1}'], ["line 1 is no JSON", None], id="first"),
        pytest.param(['{"a": 1}', "[1]"], [None, "line 2 is no JSON object"], id="list"),
        pytest.param(['{"a": 1}', "7"], [None, "line 2 is no JSON object"], id="number"),
        pytest.param(
            ['{"a": 1}', "", '{"a": "b'],
            [None, "line 3 is no JSON: it ends too soon"],
            id="cut-off",
        ),
    ],
)
def test_a_broken_line_costs_its_row(lines: list[str], faults: list[str | None]) -> None:
    assert [fault for _, fault in read("\n".join(lines))] == faults


def test_bytes_that_are_no_utf_8_cost_nothing() -> None:
    content = b'{"text": "na\xefve"}\n{"text": "caf\xc3\xa9"}\n'
    assert [row["text"] for row, _ in read(content)] == ["naïve", "café"]


def test_lone_surrogates_are_read_as_question_marks() -> None:
    assert read('{"text": "a\\ud800"}\n{"text": "\\ud83d\\ude00"}')[0][0] == {"text": "a?"}


def test_values_of_all_kinds_come_back_as_they_were(tmp_path: Path) -> None:
    rows = [
        {"text": BREAD, "tags": ["a", {"b": [1, None]}], "n": 1, "mixed": 1, "big": 2**70},
        {"text": GLASS, "tags": None, "n": 2, "mixed": "two", "only": None},
        {"text": BREAD, "n": 3.5, "mixed": [3], "yes": True},
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert [row.values for row in reader.read(tmp_path / "a.jsonl").rows] == rows


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "JSON_LINE", 1000)
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n' + '"' + "x" * 2000)
    with pytest.raises(DatasetError, match="line 2 is over"):
        list(reader.read(tmp_path / "a.jsonl").rows)
    (tmp_path / "a.jsonl").write_text("x" * 2000)
    with pytest.raises(DatasetError, match="line 1 is over"):
        list(reader.read(tmp_path / "a.jsonl").rows)


def test_a_list_on_one_long_line_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.json").write_text(json.dumps(ROWS))
    monkeypatch.setattr(limits, "JSON_LINE", 40)
    assert [row.values for row in reader.read(tmp_path / "a.json").rows] == ROWS
    monkeypatch.setattr(limits, "JSON", 100)
    with pytest.raises(DatasetError, match="write it as JSON lines"):
        reader.read(tmp_path / "a.json")


WHOLE = '[{"text": "a", "pay": 10}, {"text": "b", "tags": []}]'


@pytest.mark.parametrize("size", [1, 2, 9, 12, 26, 27, 50, len(WHOLE) - 1])
def test_json_that_ends_too_soon_is_told(tmp_path: Path, size: int) -> None:
    (tmp_path / "a.json").write_text(WHOLE[:size] + "\n")
    with pytest.raises(DatasetError, match=r"a\.json: it is no JSON: it ends too soon; fetch or"):
        reader.read(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        ('{"text": a, "b": 1}', "it is no JSON; write one object a line"),
        ("", "it is empty"),
        ("\n\n", "it is empty"),
        ("[]", "no row can be read: it is empty"),
    ],
)
def test_json_that_is_none_is_told(tmp_path: Path, content: str, fact: str) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(DatasetError, match=fact):
        reader.read(tmp_path / "a.json")
