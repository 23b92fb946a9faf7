"""Pages of postings that are gone are told by what they say, and no posting is."""

import pytest

from jobclf.documents.notices import is_closed, may_be_closed
from jobclf.documents.pages import postings
from jobclf.errors import PostingError, Reason
from jobclf.roles import Role
from tests.factories import posting

GONE = [
    "This job is no longer available",
    "404",
    "Error 404: page not found",
    "Page not found",
    "Sorry, we can\u2019t find that page. It may have moved.",
    "The vacancy you requested was unpublished by the company.",
    "The job you clicked on is not live any longer.",
    "Diese Stelle ist leider nicht mehr verf\u00fcgbar",
    "Diese Stellenanzeige wurde bereits besetzt.",
]
OPEN = [
    "The page not found by users is yours to mend.",
    "We can find the page in a second.",
    "You answer 404 questions a day.",
    "You keep what was unpublished by the press.",
    "Our shop is not live any longer than a day without you.",
]


@pytest.mark.parametrize("line", GONE)
def test_a_posting_that_is_gone_is_refused_whatever_is_recommended(line: str) -> None:
    assert may_be_closed(line)
    assert is_closed(f"Careers\n{line}")
    shown = posting(Role.ML_ENGINEER, 1).replace("\n", "<br>")
    page = f"<html><body><h1>{line}</h1><h2>ML Engineer</h2><div>{shown}</div></body></html>"
    with pytest.raises(PostingError) as refused:
        postings(page)
    assert refused.value.reason is Reason.CLOSED


@pytest.mark.parametrize("line", OPEN)
def test_what_resembles_a_notice_is_none(line: str) -> None:
    assert not is_closed(line)
