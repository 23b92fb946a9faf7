"""CSV is read as it is met: no row is lost, and none is made of two."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobclf.tables import csv_dialect, csv_reader, reader
from jobclf.tables.csv_rows import Rows

DUTY = "We grow barley, hops and yeast; we weigh them | and write it down"


LONG = "We bake, " * 40


def rows_of(content: str | bytes, separator: str | None = None) -> list[dict[str, Any]]:
    """Return the rows that a file of this content has."""
    content = content if isinstance(content, bytes) else content.encode()
    found = csv_reader.read(io.BufferedReader(io.BytesIO(content)), "a.csv", separator)
    return [row for cells, _ in found.batches for row in cells.to_pylist()]


def faults_of(content: str) -> dict[int, str]:
    """Return what is wrong with rows, by their number."""
    found = csv_reader.read(io.BufferedReader(io.BytesIO(content.encode())), "a.csv")
    faults, first = {}, 1
    for cells, wrong in found.batches:
        faults.update({first + at: fault.fact for at, fault in wrong.items()})
        first += cells.num_rows
    return faults


@pytest.mark.parametrize(
    ("content", "columns", "row"),
    [
        pytest.param("a;b\n1;x, y\n", ["a", "b"], ["1", "x, y"], id="semicolon"),
        pytest.param("a|b\n1|x, y\n2|z, y, x\n", ["a", "b"], ["1", "x, y"], id="pipe"),
        pytest.param("a\tb\n1\tx, y\n", ["a", "b"], ["1", "x, y"], id="tab"),
        pytest.param("sep=;\na;b\n1;x, y\n", ["a", "b"], ["1", "x, y"], id="sep-line"),
        pytest.param("\ufeffsep=\t\r\na\tb\r\n1\tx\r\n", ["a", "b"], ["1", "x"], id="sep-bom-crlf"),
        pytest.param('"sep=,"\na,b\n1,x\n', ["a", "b"], ["1", "x"], id="sep-line-in-quotes"),
        pytest.param('"a; b",c\n"x; y",z\n', ["a; b", "c"], ["x; y", "z"], id="quoted-name"),
        pytest.param("a (b; c; d),e\nx,z\n", ["a (b; c; d)", "e"], ["x", "z"], id="marks-in-name"),
        pytest.param('a;b\n1;"a,b,c"\n2;"a,b"\n', ["a", "b"], ["1", "a,b,c"], id="quoted-commas"),
        pytest.param("text,,\nx,,\ny,,\n", ["text", "B", "C"], ["x", "", ""], id="empty-names"),
        pytest.param(",text\n0,x\n", ["A", "text"], ["0", "x"], id="pandas-index"),
        pytest.param("text,text\nx,y\n", ["text", "text (B)"], ["x", "y"], id="name-twice"),
        pytest.param("b,c\n1,x,2\n2,y,3\n", ["A", "b", "c"], ["1", "x", "2"], id="row-names-of-R"),
        pytest.param("\n\na,b\n\n1,x\n\n", ["a", "b"], ["1", "x"], id="blank-lines"),
        pytest.param(" a , b\n1,x\n", ["a", "b"], ["1", "x"], id="blanks-in-names"),
        pytest.param("a,b\r1,x\r2,y\r", ["a", "b"], ["1", "x"], id="old-mac"),
        pytest.param('a,b\n1, "x, y"\n', ["a", "b"], ["1", "x, y"], id="blank-before-quote"),
        pytest.param('a,b\n1,"x" \n', ["a", "b"], ["1", "x"], id="blank-after-quote"),
        pytest.param('a,b\n1,5" wide\n', ["a", "b"], ["1", '5" wide'], id="quote-within-a-cell"),
        pytest.param('a,b\n"say "hi" all",x\n', ["a", "b"], ['say "hi" all', "x"], id="undoubled"),
        pytest.param('a,b\n"a \\"b\\" c",x\n', ["a", "b"], ['a "b" c', "x"], id="backslash"),
        pytest.param('a,b\n"1\n "h" all\n2",x\n3,y\n', ["a", "b"], ['1\n "h" all\n2', "x"],
                     id="not-doubled-on-lines"),
        pytest.param("a,b,c\n1,x\n2,y,z\n", ["a", "b", "c"], ["1", "x", None], id="short-row"),
        pytest.param("a,b\n1,x,,\n", ["a", "b"], ["1", "x"], id="empty-cells-behind"),
        pytest.param(f"text\n{DUTY}\n", ["text"], [DUTY], id="one-column"),
        pytest.param(f"Jobs of May\n\nref,text\n7,{DUTY.replace(',', '')}\n8,x\n", ["ref", "text"],
                     ["7", DUTY.replace(",", "")], id="a-line-above-the-names"),
        pytest.param(f'7,"{LONG}",here\n', ["A", "B", "C"], ["7", LONG, "here"], id="no-names"),
        pytest.param("a,b\n,\n1,x\n", ["a", "b"], ["", ""], id="empty-row-is-a-row"),
        pytest.param("a,b\n1,x", ["a", "b"], ["1", "x"], id="no-last-line-end"),
    ],
)  # fmt: skip
def test_a_table_is_parted_as_it_was_meant(
    content: str, columns: list[str], row: list[str | None]
) -> None:
    first = rows_of(content)[0]
    assert [*first] == columns
    if row:
        assert [*first.values()] == row


@pytest.mark.parametrize(
    ("content", "want"),
    [
        pytest.param("naïve".encode("cp1252"), "naïve", id="cp1252"),
        pytest.param("naïve".encode(), "naïve", id="utf-8"),
        pytest.param("naïve ".encode() + b"\xef\xe9", "naïve ïé", id="utf-8-and-cp1252"),
    ],
)
def test_bytes_are_read_as_letters_whatever_they_are(content: bytes, want: str) -> None:
    assert rows_of(b"id,text\n1," + content + b"\n2,b\n")[0] == {"id": "1", "text": want}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_that_begin_with_a_mark(encoding: str) -> None:
    mark = "" if encoding in {"utf-8-sig", "utf-16"} else "\ufeff"
    content = f"{mark}id;text\n1;naïve\n".encode(encoding)
    assert rows_of(content) == [{"id": "1", "text": "naïve"}]


@pytest.mark.parametrize("block", [200, 1 << 20])
def test_quotes_after_backslashes_are_of_their_cell(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_reader, "_BLOCK", block)
    row = '"{0}","We say \\"bake\\", then\nrest, \\\\ and \\"rise\\"; {0}\\\nends"\n'
    found = rows_of("id,text\n" + "".join(map(row.format, range(60))))
    assert [each["id"] for each in found] == [*map(str, range(60))]
    assert found[7]["text"] == 'We say "bake", then\nrest, \\ and "rise"; 7\nends'


def test_a_backslash_at_the_end_of_a_clean_cell_is_a_letter() -> None:
    found = rows_of('path,text\n"C:\\jobs\\","x, y"\n"D:\\","z"\n')
    assert found == [{"path": "C:\\jobs\\", "text": "x, y"}, {"path": "D:\\", "text": "z"}]


def table(broken: str, count: int = 30) -> str:
    """Return a table with a broken line after its seventh row."""
    lines = [f'{at},"{DUTY} {at}",town {at}\n' for at in range(count)]
    lines[7] = broken
    return "".join(["ref,text,place\n", *lines])


@pytest.mark.parametrize(
    ("broken", "lost"),
    [
        pytest.param('7,"We weigh barley,town 7\n', 1, id="opens"),
        pytest.param('7,"We weigh, barley, hops,town 7\n', 1, id="opens-with-commas"),
        pytest.param('7,We weigh barley",town 7\n', 0, id="closes"),
        pytest.param('7,"We weigh barley"s,town 7\n', 0, id="letters-behind"),
        pytest.param('"7,We weigh barley,town 7\n', 1, id="first-cell"),
        pytest.param('7,We weigh barley,"town 7\n', 1, id="last-cell"),
        pytest.param('7,"""We weigh barley,town 7\n', 1, id="three"),
        pytest.param('7,"We weigh\nmalt and "hops, yeast\nand rye,town 7\n', 1, id="on-lines"),
        pytest.param('7,"We "weigh" barley",town 7\n', 0, id="not-doubled"),
        pytest.param('7,"We "weigh"\n\nbarley",town 7\n', 0, id="not-doubled-on-lines"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("block", [200, 1 << 20])
def test_a_stray_quote_costs_its_own_row(
    broken: str, lost: int, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_reader, "_BLOCK", block)
    monkeypatch.setattr(csv_reader, "_START", 150)
    rows = rows_of(table(broken))
    others = [row for at, row in enumerate(rows) if at != 7]
    assert [row["ref"] for row in others] == [str(at) for at in range(30) if at != 7]
    assert {row["text"][: len(DUTY)] for row in others} == {DUTY}
    faults = faults_of(table(broken))
    assert len(faults) == lost
    if lost:
        assert faults[8].startswith("line 9: ")


def test_every_row_may_have_a_stray_quote() -> None:
    content = "id,text\n" + "".join(f'{at},"{DUTY.replace(",", "")}\n' for at in range(500))
    assert len(rows_of(content)) == 500
    assert len(faults_of(content)) == 500


def test_a_row_of_too_many_cells_is_whole_and_marked(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n1,a,b\n2,c,\n")
    one, other = reader.read(tmp_path / "a.csv").rows
    assert one.values == {"id": "1", "text": "a,b"}
    assert "line 2: it has 3 cells under 2" in str(one.fault)
    assert (other.values, other.fault) == ({"id": "2", "text": "c"}, None)


def test_a_text_without_quotes_over_lines_is_not_judged_in_part() -> None:
    content = f"id,title,text,town\n1,x,{DUTY.replace(',', '') * 3}\nand so on,y\n2,x,z,here\n"
    assert 1 in faults_of(content)


def test_a_long_cell_is_read_over_many_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_reader, "_BLOCK", 64)
    monkeypatch.setattr(csv_reader, "_START", 64)
    long = 'line "one"\n, two' * 100
    out = io.StringIO()
    csv.writer(out).writerows([["id", "text"], ["1", long], ["2", "x"]])
    assert rows_of(out.getvalue()) == [{"id": "1", "text": long}, {"id": "2", "text": "x"}]


CELLS = st.text(st.sampled_from('ab ,;"\n\r\té😀'), max_size=6)


@pytest.mark.slow
@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=8)
    ),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_clean_files_are_read_alike_by_care_and_by_pyarrow(
    rows: list[list[str]], mark: str, line_end: str
) -> None:
    width = len(rows[0]) if rows else 1
    out = io.StringIO()
    # A cell with a carriage return alone is written unquoted, and read as two rows.
    quoting = (
        csv.QUOTE_ALL if any("\r" in cell for row in rows for cell in row) else csv.QUOTE_MINIMAL
    )
    writer = csv.writer(out, delimiter=mark, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows(rows)
    content = out.getvalue()
    names = tuple(f"c{at}" for at in range(width))
    dialect = csv_dialect.Dialect(mark, names, 0, ())
    import pyarrow as pa

    schema = pa.schema([(name, pa.string()) for name in names])
    encoded = content.encode()
    end = csv_reader._clean_end(encoded, mark, is_whole=True)
    fast = csv_reader._fast(encoded, dialect, schema) if end == len(encoded) else None
    parts, careful, at = Rows(mark, width), list[list[str]](), 0
    parts.look_at(content, is_whole=True)
    while at < len(content):
        row = parts.part(at)
        assert row is not None
        if content[at : row.end].strip("\r\n"):
            assert row.fault is None
            careful.append(row.cells)
        at = row.end
    assert careful == rows
    if fast is not None:
        assert [[*row.values()] for cells in fast for row in cells.to_pylist()] == careful


@pytest.mark.slow
@given(st.text(st.sampled_from('a1 ,;"\n\r'), max_size=40))
def test_any_file_is_read_to_its_end(content: str) -> None:
    found = csv_dialect.tell(content, "a.csv", is_whole=True)
    if found is not None:
        json.dumps(rows_of(content))
