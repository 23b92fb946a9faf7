"""Tables of JSON are read as far as memory is safe."""

from pathlib import Path

import pytest

from jobclf.errors import DatasetError
from jobclf.tables import json_reader, reader


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "LARGEST_LINE", 1000)
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n' + '"' + "x" * 2000)
    with pytest.raises(DatasetError, match="line 2 is over"):
        list(reader.read(tmp_path / "a.jsonl").rows)


WHOLE = '[{"text": "a", "pay": 10}, {"text": "b", "tags": []}]'


@pytest.mark.parametrize("size", [0, 1, 2, 9, 12, 26, 27, 50, len(WHOLE) - 1])
def test_json_that_ends_too_soon_is_told(tmp_path: Path, size: int) -> None:
    (tmp_path / "a.json").write_text(WHOLE[:size] + "\n")
    with pytest.raises(DatasetError, match=r"a\.json is no JSON: it ends too soon; fetch or save"):
        reader.read(tmp_path / "a.json")
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n{"text": "b')
    *_, last = reader.read(tmp_path / "a.jsonl").rows
    assert "line 2 is no JSON: it ends too soon" in str(last.fault)


def test_json_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"text": a, "b": 1}')
    with pytest.raises(DatasetError, match=r"is no JSON; write one object a line"):
        reader.read(tmp_path / "a.json")
