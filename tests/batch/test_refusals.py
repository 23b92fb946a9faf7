"""Why postings could not be judged is said in few words, and counted."""

from collections import Counter

import pytest

import jobclf
from jobclf.batch import refusals
from jobclf.errors import PostingError

MESSAGES = {
    "short": ("a.txt: 2 of its 9 words are known to the model; too short to judge", "too short"),
    "empty cell": ("the cell 'text' is empty", "empty"),
    "empty file": ("a.txt is empty; give the full text of a posting", "empty"),
    "missing": ("a.txt does not exist; check the path", "missing"),
    "cells": ("line 17 has 3 cells under 2 column names", "with too many or too few cells"),
    "quote": ("line 17 ends inside an open quote", "ends inside an open quote"),
    "line of JSON": ("line 9 is no JSON: it ends too soon", "no JSON"),
    "damaged": ("a.txt: the PDF is damaged (EOFError); save it again", "PDF is damaged (EOFError)"),
    "picture": ("a.txt: it is a picture; save the posting as text", "a picture"),
    "cell": ("the cell 'text' holds no text", "cell 'text' holds no text"),
    "nothing but a name": ("a.txt", "a.txt"),
}

GERMAN = "Wir suchen jemanden, der Berichte schreibt und Zahlen deutet, mit viel Sorgfalt. " * 6


@pytest.mark.parametrize(("message", "short"), MESSAGES.values(), ids=MESSAGES.keys())
def test_a_message_comes_to_few_words(message: str, short: str) -> None:
    assert refusals.reason(message, "a.txt") == short


@pytest.mark.parametrize(
    ("text", "short"),
    [("build models", "too short"), (GERMAN, "hardly English"), ("", "empty")],
)
def test_what_the_model_refuses_is_known(text: str, short: str) -> None:
    with pytest.raises(PostingError) as refused:
        jobclf.predict(text)
    assert refusals.reason(str(refused.value)) == short


def test_reasons_are_counted_and_never_too_many() -> None:
    counts = Counter[str]()
    for number in range(300):
        refusals.count(counts, f"fault {chr(97 + number % 26)}{chr(97 + number // 26)}")
    refusals.count(counts, "the cell 'text' is empty")
    refusals.count(counts, "fault aa")
    assert counts["fault aa"] == 2
    assert len(counts) == refusals.MOST + 1
    assert counts.total() == 302
    shown = refusals.told(counts).split(", ")
    assert len(shown) == refusals.SHOWN + 1
    assert shown[0] == f"{302 - refusals.MOST - 1} {refusals.OTHER}"
    assert refusals.told({}) == ""
