"""`--safe-csv` against cells that spreadsheets run, and cells that come back as they were."""

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobclf.tables import lines, values, writer
from tests.factories import LETTERS

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")

# Known kinds (DDE, functions that load, other signs, unseen letters, other separators), one a cell.
PAYLOADS: list[str] = json.loads(
    (Path(__file__).parent / "formulas.json").read_text(encoding="utf-8")
)
MARKS = (",", ";", "\t", "|")
UNSEEN = "".join(map(chr, (*range(0x21), *range(0x7F, 0xA1), 0xAD, 0x34F, 0x61C, 0x180E)))
UNSEEN += "".join(
    map(chr, (*range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x205F, 0x2070)))
)
UNSEEN += "\u3000\ufeff\u1680"
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
SOFFICE = shutil.which("soffice")
CELLS = st.text(LETTERS, max_size=9) | st.text(alphabet="a1 =+-@,;|\t\r\n\"'\u200b", max_size=12)


def _written(path: Path, cells: list[str], mark: str, *, safe: bool) -> str:
    layout = writer.Layout("," if mark == "\t" else mark)
    place = path / ("a.tsv" if mark == "\t" else "a.csv")
    rows = [{"id": str(at), "note": cell, "end": "x"} for at, cell in enumerate(cells)]
    writer.write_rows(place, ["id", "note", "end"], rows, safe_csv=safe, layout=layout)
    return place.read_bytes().decode()


def _fields(text: str, mark: str) -> Iterator[str]:
    """Yield what programs may take for cells: with quotes heeded, and with none."""
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
        yield from row
    for line in re.split(r"[\r\n]", text):
        yield from line.split(mark)


def _is_run(field: str) -> bool:
    seen = field.lstrip(UNSEEN + '"')
    runs = seen[:1] in set("=+-@＝＋－＠") and seen != "" and not NUMBER.fullmatch(seen.strip(' "'))
    return runs or field.lower().startswith("sep=")


def test_there_are_many_payloads_and_each_would_run() -> None:
    assert len(set(PAYLOADS)) >= 200
    for cell in PAYLOADS:
        batch = values.record_batch([{"note": cell}])
        text = "".join(lines.separated([batch], ["note"], ","))
        assert any(_is_run(field) for mark in MARKS for field in _fields(text, mark)), cell


@pytest.mark.parametrize("mark", MARKS[:3])
def test_no_payload_is_run_whatever_the_separator(tmp_path: Path, mark: str) -> None:
    text = _written(tmp_path, PAYLOADS, mark, safe=True)
    assert [field for other in MARKS for field in _fields(text, other) if _is_run(field)] == []


@given(st.lists(CELLS, min_size=1, max_size=4), st.sampled_from(MARKS[:3]))
def test_no_cell_at_all_is_run(cells: list[str], mark: str) -> None:
    rows = [[writer.harmless(cell) for cell in cells]]
    batch = values.record_batch([dict(zip(map(str, range(len(cells))), rows[0], strict=True))])
    text = "".join(lines.separated([batch], batch.schema.names, mark))
    assert [field for other in MARKS for field in _fields(text, other) if _is_run(field)] == []


@given(st.lists(CELLS, min_size=1, max_size=4), st.sampled_from(MARKS[:3]))
def test_what_is_read_is_what_was_written(cells: list[str], mark: str) -> None:
    from pyarrow import csv as arrow_csv

    names = [f"c{at}" for at in range(len(cells))]
    batch = values.record_batch([dict(zip(names, cells, strict=True))])
    text = "".join(lines.separated([batch], names, mark))
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=mark)) == [names, cells]
    found = arrow_csv.read_csv(
        io.BytesIO(text.encode()),
        parse_options=arrow_csv.ParseOptions(delimiter=mark, newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
    if cells != [""]:  # of which pyarrow makes no row
        assert [list(row.values()) for row in found.to_pylist()] == [cells]


def _formulas(place: Path, mark: str, *names: str) -> list[bool]:
    """Tell which tables hold a formula where LibreOffice opens them."""
    options = f"CSV:{ord(mark)},34,76,1,,0,false,true,false,false,false,-1,true"
    command = [SOFFICE or "", f"-env:UserInstallation=file://{place}/profile", "--headless"]
    command += [f"--infilter={options}", "--convert-to", "fods", "--outdir", str(place)]
    command += [str(place / f"{name}.csv") for name in names]
    subprocess.run(command, check=True, capture_output=True, timeout=300)  # noqa: S603
    opened = [(place / f"{name}.fods").read_text(encoding="utf-8") for name in names]
    return ["table:formula" in each for each in opened]


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_runs_none(tmp_path: Path) -> None:
    (tmp_path / "run.csv").write_text(_written(tmp_path, ["=1+1"], ",", safe=False))
    cells = [cell for cell in PAYLOADS if "\0" not in cell]
    (tmp_path / "safe.csv").write_text(_written(tmp_path, cells, ",", safe=True), newline="")
    assert _formulas(tmp_path, ",", "run", "safe") == [True, False]
    assert _formulas(tmp_path, ";", "safe") == [False]
