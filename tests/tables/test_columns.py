"""The columns of text and title are found by their names, or named and held to be there."""

from pathlib import Path

import pytest

from jobclf.errors import DatasetError
from jobclf.tables import reader
from jobclf.tables.columns import Wanted


def wanted(option: str, column: str) -> Wanted:
    return Wanted((column,)) if option == "text_column" else Wanted(title=column)


@pytest.mark.parametrize("option", ["text_column", "title_column"])
def test_a_named_column_must_be_there(tmp_path: Path, option: str) -> None:
    (tmp_path / "a.csv").write_text("id,text,other\n1,2,3\n")
    with pytest.raises(DatasetError, match=r"no column 'none' for .* one of id, text, other"):
        reader.read(tmp_path / "a.csv", wanted(option, "none"))
    table = reader.read(tmp_path / "a.csv", wanted(option, "other"))
    assert "other" in {*table.chosen.texts, table.chosen.title}
    table.close()


def test_long_names_are_cut_in_messages(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(f"id,{'x' * 50}\n1,2\n")
    with pytest.raises(DatasetError, match=f"id, {'x' * 40}…$"):
        reader.read(tmp_path / "b.csv")
