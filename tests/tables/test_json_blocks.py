"""Lines of JSON by pyarrow are the rows that Python reads of them."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobclf import limits
from jobclf.tables import json_blocks, reader, rows

PLAIN = {"id": 7, "text": "We deploy models.", "remote": True}
STRINGS = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    ["2026-01-02T03:04:05Z", "1e5", "\x00", "\u2028", '"', "\\", "\U0001f680", "null"]
)
ROWS = st.fixed_dictionaries(
    {"id": st.integers(-(2**63), 2**63 - 1), "text": STRINGS, "remote": st.booleans()}
)
ODD = st.sampled_from(
    [
        "", "  ", "{", "[]", "{}", "null", "7", '{"id": 1, "text": "cut', 'x{"id": 1}',
        '{"id": 1, "text": "a", "remote": true} {"id": 2, "text": "b", "remote": true}',
        '{"id": 1, "text": "a", "remote": true}, ', '{"id": 1.0, "text": "a", "remote": true}',
        '{"id": 1e3, "text": "a", "remote": true}', '{"id": -0, "text": "a", "remote": true}',
        '{"id": 18446744073709551616, "text": "a", "remote": true}',
        '{"id": NaN, "text": "a", "remote": true}', '{"id": "1", "text": 2, "remote": 0}',
        '{"id": 1, "text": null, "remote": true}', '{"id": 1, "text": "a"}',
        '{"remote": false, "text": "a", "id": 5}',
        '{"id": 1, "id": 2, "text": "a", "remote": true}',
        '{"id": 1, "text": "a", "remote": true, "more": [1]}',
        '{"id": 01, "text": "a", "remote": true}',
        '{"id": 1, "text": "\\ud800", "remote": true}',
        '{"id": 1, "text": "\\udc00", "remote": true}',
        '{"id": 1, "text": "\\ud83d\\ude80 \\u00e9\\/\\b", "remote": true}',
        '{"id": 1, "text": "a\tb\x01", "remote": true}',
        '{"id": 1, "text": ["a"], "remote": true}',
        '\ufeff{"id": 1, "text": "a", "remote": true}',
        '{"id": 1, "text": "a", "remote": true}\r', ' {"id": 1, "text": "a", "remote": true}',
        "{'id': 1}", '{"id": 1, "text": "}", "remote": true}', '{"id": 1} null {"id": 2}',
        '{"jobs": [{"text": "a"}]}',
    ]
)  # fmt: skip
LINES = ROWS.map(json.dumps) | ROWS.map(lambda row: json.dumps(row, ensure_ascii=False)) | ODD


def rows_of(path: Path) -> list[tuple[int, dict[str, Any], str | None]]:
    """Return number, cells and fault of each row of a table."""
    return [
        (row.number, row.values, None if row.fault is None else row.fault.fact)
        for row in reader.read(path).rows
    ]


def alike(rows: list[tuple[int, dict[str, Any], str | None]]) -> list[str]:
    """Return what can be compared: NaN is not itself, and a whole number beside others is one."""
    return [
        repr(
            (
                number,
                {key: float(cell) if type(cell) is int else cell for key, cell in cells.items()},
                fault,
            )
        )
        for number, cells, fault in rows
    ]


@given(st.lists(LINES, max_size=8), st.sampled_from([1, 60, 1 << 20]), st.sampled_from(["", "\n"]))
def test_rows_are_those_that_are_read_with_care(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], block: int, end: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.jsonl"
    content = "\n".join([json.dumps(PLAIN), json.dumps(PLAIN), *lines]) + end
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "AHEAD_ROWS", 2)
        patch.setattr(json_blocks, "_BLOCK", block)
        found = rows_of(path)
        patch.setattr(json_blocks, "schema_of", lambda *_: None)
        assert alike(found) == alike(rows_of(path))


@pytest.mark.parametrize("end", [b"\xff", b"\xe9 caf"])
def test_bytes_that_are_no_utf_8_are_read_with_care(tmp_path: Path, end: bytes) -> None:
    rows = [json.dumps(PLAIN).encode()] * 201
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join([*rows, json.dumps(PLAIN).encode().replace(b"models", end)]))
    table = reader.read(path)
    assert len(list(table.rows)) == 202
    assert table.seen.beyond


def test_plain_rows_are_read_by_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(PLAIN | {"id": at}) + "\n" for at in range(900)))
    monkeypatch.setattr(rows, "batches", _only(200, rows.batches))
    assert [row.values["id"] for row in reader.read(path).rows] == list(range(900))


def _only(most: int, batches: Any) -> Any:
    """Return a function that puts no more rows together with care."""

    def limited(found: Any, *rest: Any) -> Any:
        given = list(found)
        assert len(given) <= most
        return batches(given, *rest)

    return limited


def test_rows_with_values_that_the_two_read_in_another_way_are_left_to_python() -> None:
    assert json_blocks.schema_of([PLAIN], tuple(PLAIN)) == pa.schema(
        [("id", pa.int64()), ("text", pa.string()), ("remote", pa.bool_())]
    )
    for odd in ({"id": 1.5}, {"text": None}, {"text": ["a"]}):
        assert json_blocks.schema_of([PLAIN, PLAIN | odd], tuple(PLAIN)) is None
