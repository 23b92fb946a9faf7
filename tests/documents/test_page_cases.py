"""Each page gives its posting whole, with its title and nothing of what stands around it.

The pages are in `cases/pages`, a line of `pages.tsv` for each: the title, and what comes out:
the number of postings, or the reason for which there is none.
"""

import csv
from pathlib import Path

import pytest

from jobclf.documents import pages
from jobclf.errors import PostingError

CASES = Path(__file__).parent / "cases" / "pages"
with (CASES / "pages.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t"))
POSTING = (
    "plans the crossings of forty ships between small islands.",
    "Train models that foretell how many cars wait at each pier",
    "Deploy them as services that the harbour offices ask every minute",
    "Watch the services for drift and repair them when they fail",
    "Three years of experience with Python and PyTorch",
    "Knowledge of Kubernetes, queues and feature stores",
    "Patience with ferries that come late",
    "Write to us before the winter timetable starts.",
)


@pytest.mark.parametrize("row", ROWS, ids=[row["file"].removesuffix(".html") for row in ROWS])
def test_a_page_gives_its_posting_and_nothing_else(row: dict[str, str]) -> None:
    page = (CASES / row["file"]).read_text(encoding="utf-8")
    if not row["outcome"].isdigit():
        with pytest.raises(PostingError) as refused:
            pages.postings(page)
        assert refused.value.reason == row["outcome"]
        return
    found = pages.postings(page)
    assert len(found) == int(row["outcome"])
    assert found[0].title == row["title"]
    for posting in found:
        assert [line for line in POSTING if line not in posting.text] == []
        assert "baker" not in posting.text.lower()
        assert posting.text.count(POSTING[0]) == 1


def test_every_page_is_in_the_table() -> None:
    assert {path.name for path in CASES.glob("*.html")} == {row["file"] for row in ROWS}
