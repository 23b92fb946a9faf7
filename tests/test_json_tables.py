"""Tables of JSON are read as far as memory is safe."""

from pathlib import Path

import pytest

from jobclf import json_tables, tables
from jobclf.errors import DatasetError


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_tables, "LARGEST_LINE", 1000)
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n' + '"' + "x" * 2000)
    with pytest.raises(DatasetError, match="line 2 is over"):
        list(tables.read(tmp_path / "a.jsonl").rows)
