"""Tables of cells lose none of them."""

from pathlib import Path

from jobclf.tables import reader


def test_cells_too_many_are_not_lost(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n1,a,b\n2,c,\n")
    one, other = reader.read(tmp_path / "a.csv").rows
    assert one.values == {"id": "1", "text": "a,b"}
    assert (other.values, other.fault) == ({"id": "2", "text": "c"}, None)
