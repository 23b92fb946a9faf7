"""Phrases are chosen by what they add at each place, the article's before all others."""

import numpy as np
import pytest

from jobclf.classifier.heads import Head
from jobclf.classifier.model import ModelCard, RoleModel
from jobclf.classifier.phrases import Phrase, taken_apart
from tests.factories import other_work

TERMS = ("dock gate", "harbour", "harbour light", "light tower")
DOCK, HARBOUR, LIGHT, TOWER = range(4)


def phrases(text: str, role: dict[int, float], kinds: bytes = bytes(4)) -> dict[str, Phrase]:
    head = Head(np.zeros(4), np.ones(4), 0.0)
    scope = other_work(np.random.default_rng(0), 4)
    model = RoleModel(TERMS, np.ones(4), head, scope, ModelCard("a", "", "", {}, ""), kinds)
    found, lines = taken_apart(model, text, role, dict.fromkeys(role, 0.5))
    for parts in (found, lines):
        assert sum(each.contribution for each in parts) == pytest.approx(sum(role.values()))
        assert sum(each.scope_contribution for each in parts) == pytest.approx(0.5 * len(role))
    return {each.text: each for each in found}


def test_of_phrases_that_overlap_the_one_that_adds_most_at_a_place_is_shown() -> None:
    text = "Harbour light tower, and a light tower."
    found = phrases(text, {HARBOUR: 0.0, LIGHT: 1.0, TOWER: 1.5})
    assert set(found) == {"Harbour light", "light tower"}
    assert found["Harbour light"].contribution == 1.0 + 0.75
    assert found["light tower"].places == ((27, 38),)


def test_a_phrase_of_the_article_is_shown_before_one_that_adds_more() -> None:
    found = phrases("Harbour light tower.", {HARBOUR: 0.0, LIGHT: 9.0, TOWER: 0.1}, b"\0\0\0\1")
    assert {text: each.kind for text, each in found.items()} == {
        "light tower": "shared",
        "Harbour": "learned",
    }


def test_a_phrase_may_begin_behind_what_was_dropped() -> None:
    assert set(phrases("Data scientist: harbour light", {HARBOUR: 0.0, LIGHT: 1.0})) == {
        "harbour light"
    }


def test_a_phrase_is_written_as_in_its_first_place() -> None:
    (found,) = phrases("a light tower.\nLight Tower", {TOWER: 1.0}).values()
    assert (found.text, found.places) == ("light tower", ((2, 13), (15, 26)))


def test_what_spans_two_lines_is_said_of_the_first_and_is_of_no_list() -> None:
    (found,) = phrases("we\na dock\ngate", {DOCK: 2.0}, b"\1\1\1\1").values()
    assert (found.text, found.kind, found.contribution) == ("dock", "learned", 2.0)
