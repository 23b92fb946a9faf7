"""A row gives the text and the title to judge, whoever wrote it."""

import json
from pathlib import Path
from typing import Any

import pytest

from jobclf import limits
from jobclf.tables import reader

DUTY = "You knead the dough of our bread and see that the oven is never cold. " * 5


@pytest.mark.parametrize(
    ("row", "text", "title"),
    [
        pytest.param(
            {"title": "ML Engineer", "content": "&lt;p&gt;Deploy &amp;amp; serve&lt;/p&gt;"},
            "Deploy & serve",
            "ML Engineer",
            id="greenhouse",
        ),
        pytest.param(
            {
                "text": "ML Engineer",
                "descriptionPlain": "About us",
                "lists": [{"text": "Duties", "content": "<li>Deploy</li><li>Serve</li>"}],
                "additionalPlain": "Benefits",
            },
            "About us\nDuties\n- Deploy\n- Serve\nFurther\nBenefits",
            "ML Engineer",
            id="lever",
        ),
        pytest.param(
            {
                "title": "ML Engineer",
                "descriptionHtml": "<p>Deploy</p>",
                "descriptionPlain": "Deploy",
            },
            "Deploy",
            "ML Engineer",
            id="ashby",
        ),
    ],
)
def test_rows_of_boards_work_as_they_come(
    tmp_path: Path, row: dict[str, Any], text: str, title: str
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    (found,) = reader.read(tmp_path / "a.jsonl").rows
    assert (found.text, found.title, found.values) == (text, title, row)


def test_a_document_in_a_cell_is_opened(tmp_path: Path) -> None:
    documents = [
        {"job": {"title": "Baker", "description": f"<p>{DUTY}</p>"}, "views": 5},
        {"Item": {"title": {"S": "Smith"}, "description": {"S": DUTY}}},
        {"job": {"salary": "a lot", "views": DUTY}},
        [{"title": "Baker", "description": DUTY}, {"title": "Smith", "description": DUTY}],
    ]
    rows = [{"id": 1, "stored": json.dumps(each)} for each in documents]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    found = list(reader.read(tmp_path / "a.json").rows)
    assert [row.title for row in found[:2]] == ["Baker", "Smith"]
    assert [row.text for row in found[:2]] == [DUTY.strip()] * 2
    assert [row.fault and row.fault.fact for row in found[2:]] == [
        "what the cell lists names no text of a posting",
        "the cell holds 2 postings",
    ]


def test_a_huge_cell_is_kept_and_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TEXT_CELL", 1000)
    huge = "word " * 400_000
    (tmp_path / "a.csv").write_text(f"id,text\n1,{huge}\n2,short\n")
    one, other = reader.read(tmp_path / "a.csv").rows
    assert one.values["text"] == huge
    assert "as no posting is" in str(one.fault)
    assert other.text == "short"
