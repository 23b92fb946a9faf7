"""An explanation adds up to the answer, and stands in the text."""

import math
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jobclf
from jobclf.classifier import explanation
from jobclf.classifier.counts import tfidf
from jobclf.classifier.heads import Calibration, Head, ScopeHead
from jobclf.errors import PostingError
from jobclf.roles import Role
from jobclf.text.tokens import BREAK, normalize
from tests.factories import SMALL

ENGINEER = (
    "Deploy machine learning models to production. Build data pipelines, model serving and "
    "monitoring. Own CI/CD, Kubernetes and Docker. Write production-ready code with code review. "
    "You know software engineering, and Python, and how to keep a platform up for all our users."
)
SCIENTIST = (
    "Analyze data and derive insights for business stakeholders. Design experiments, run "
    "statistical analysis, and present reports. You have a PhD in statistics, know R and SQL, and "
    "like data visualization. You will explore data with the marketing team and find trends."
)
NEITHER = (
    "You greet guests at the front desk, take bookings by phone, keep the lobby tidy and help "
    "with luggage. Early shifts and late shifts, two weekends a month. We give you a uniform, a "
    "room if you need one, and meals. You speak English and one other language and stay friendly. "
    "You are part of a small team that likes to help, and you have the time to learn all of it."
)
MIXED = (
    "You will analyze data, write reports and run experiments with our product team, and then "
    "deploy models to production and do code review. We look for people who know statistics and "
    "software engineering and who like to work with others on both sides. You will be part of the "
    "team from the first day."
)
WORDS = sorted({word for text in (ENGINEER, SCIENTIST, NEITHER) for word in text.split()})


@pytest.mark.parametrize("text", [ENGINEER, SCIENTIST, NEITHER, MIXED], ids="MDNx")
def test_contributions_and_intercept_are_the_logit(text: str) -> None:
    found = jobclf.explain(text)
    role, scope = found.intercept, found.scope_intercept
    role += math.fsum(phrase.contribution for phrase in found.phrases)
    scope += math.fsum(phrase.scope_contribution for phrase in found.phrases)
    assert role == pytest.approx(found.logit, abs=1e-9)
    assert scope == pytest.approx(found.scope_logit, abs=1e-9)
    answer = jobclf.predict(text)
    assert found.prediction == answer
    ml_engineer = answer.probability
    if answer.role is Role.DATA_SCIENTIST:
        ml_engineer = 1.0 - ml_engineer
    model = jobclf.load_model()
    assert _probability(found.logit, model.role) == pytest.approx(ml_engineer, abs=1e-9)
    scope = _probability(found.scope_logit, model.scope)
    assert scope == pytest.approx(answer.scope_probability, abs=1e-9)


def _probability(logit: float, head: Head | ScopeHead) -> float:
    least = 1.0 / (head.calibrated_on + 2)  # surer than that calibration cannot be
    return min(1.0 - least, max(least, 1.0 / (1.0 + math.exp(-logit))))


@pytest.mark.parametrize("title", ["Data Scientist", "ML Engineer"])
def test_of_a_text_that_says_too_little_the_title_alone_adds(title: str) -> None:
    found = jobclf.explain("We sail and build pipelines.", title=title)
    answer, model = found.prediction, jobclf.load_model()
    assert answer.basis == "title"
    assert found.intercept + found.title == pytest.approx(found.logit)
    scope = _probability(found.scope_intercept + found.scope_title, model.scope)
    assert scope == pytest.approx(answer.scope_probability, abs=1e-9)
    sign = 1.0 if answer.role is Role.ML_ENGINEER else -1.0
    assert _probability(sign * found.logit, model.role) == pytest.approx(answer.probability)


def test_the_words_taken_as_title_are_shown() -> None:
    found = jobclf.explain(f"Tidal Ltd\nML Engineer\n{MIXED}")
    assert found.title_text == found.to_dict()["title_text"] == "ML Engineer"
    assert f"the title \u201cML Engineer\u201d {found.title:+.2f}" in str(found)
    assert jobclf.explain(MIXED).title_text == ""


@pytest.mark.parametrize(("title", "sign"), [("Data Scientist", -1), ("ML Engineer", 1), ("", 0)])
def test_what_a_title_adds_is_part_of_the_sum(title: str, sign: int) -> None:
    found = jobclf.explain(MIXED, title=title)
    assert np.sign(found.title) == sign
    added = math.fsum(phrase.contribution for phrase in found.phrases)
    assert found.intercept + found.title + added == pytest.approx(found.logit, abs=1e-9)
    alone = jobclf.predict(MIXED, title=title)
    ml_engineer = alone.probability if alone.role is Role.ML_ENGINEER else 1.0 - alone.probability
    assert 1.0 / (1.0 + math.exp(-found.logit)) == pytest.approx(ml_engineer, abs=1e-9)


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from([*WORDS, "|", "\n", "\n\n", "•", "naïve", "𝐑"]), min_size=45, max_size=90
    )
)
def test_phrases_of_any_text_add_up_and_do_not_overlap(words: list[str]) -> None:
    text = " ".join(words)
    try:
        found = jobclf.explain(text)
    except PostingError:
        return
    for parts in (found.phrases, found.lines):
        whole = found.intercept + math.fsum(part.contribution for part in parts)
        assert whole == pytest.approx(found.logit, abs=1e-9)
        whole = found.scope_intercept + math.fsum(part.scope_contribution for part in parts)
        assert whole == pytest.approx(found.scope_logit, abs=1e-9)
    for line in found.lines:
        for start, end in (place for phrase in line.phrases for place in phrase.places):
            assert line.start <= start < end <= line.end
    places = sorted(place for phrase in found.phrases for place in phrase.places)
    assert all(one[1] <= other[0] for one, other in pairwise(places))
    for phrase in found.phrases:
        assert {normalize(found.text[start:end]) for start, end in phrase.places} != {""}
        assert " ".join(found.text[slice(*phrase.places[0])].split()) == phrase.text


POSTING = """What you'll do
Build data
pipelines and deploy models to production. Monitoring
Machine
learning models serve our users
- Code review

Requirements
Software engineering, Python and data structures, as a minimum for the work on our platform and
cloud computing"""


def test_a_line_is_a_duty_or_a_requirement_and_no_phrase_leaves_it() -> None:
    found = jobclf.explain(POSTING, title="")
    lines = {line.text: line.section for line in found.lines}
    assert lines == {
        "What you'll do": "duties",
        "Build data": "duties",
        "pipelines and deploy models to production.": "duties",
        "Monitoring": "duties",
        "Machine": "duties",
        "learning models serve our users": "duties",
        "Code review": "duties",
        "Software engineering, Python and data structures, as a minimum for the work on our "
        "platform and cloud computing": "requirements",
    }
    assert not {"data pipelines", "Machine learning"} & {each.text for each in found.phrases}
    added = [abs(line.contribution) for line in found.lines]
    assert added == sorted(added, reverse=True)


def test_a_neither_is_explained_by_what_speaks_for_other_work_first() -> None:
    found = jobclf.explain(NEITHER.replace(". ", ".\n"))
    added = [abs(line.scope_contribution) for line in found.lines]
    assert added == sorted(added, reverse=True)
    assert found.support(found.lines[0]) > 0.0


def test_an_answer_that_rests_on_the_title_says_so() -> None:
    found = jobclf.explain("We deploy models and monitor them.", title="Machine Learning Engineer")
    assert found.prediction.basis == "title"
    assert "it rests on the title" in str(found)
    assert found.prediction.answer is Role.ML_ENGINEER
    assert found.logit == pytest.approx(found.intercept + found.title)
    odds = found.prediction.probability / (1.0 - found.prediction.probability)
    assert found.logit == pytest.approx(math.log(odds))


@pytest.mark.slow
@pytest.mark.parametrize(
    "show", [str, lambda found: found._repr_html_(), lambda found: found.to_dict()],
    ids=["text", "page", "fields"],
)  # fmt: skip
def test_the_work_grows_with_the_length_and_not_faster(show: Callable[[Any], Any]) -> None:
    def calls(times: int) -> int:
        lines = (f"{ENGINEER} Team {at} owns {at * 7} models{at}." for at in range(times))
        text, counted = "\n".join(lines), 0

        def count(*_: Any) -> None:
            nonlocal counted
            counted += 1

        sys.setprofile(count)
        try:
            show(jobclf.explain(text))
        finally:
            sys.setprofile(None)
        return counted

    calls(1)
    assert calls(80) < 2.5 * calls(40)


def test_the_phrases_of_the_article_are_named_so() -> None:
    kinds = {each.text.lower(): (each.role, each.kind) for each in jobclf.explain(MIXED).phrases}
    assert kinds["deploy models"] == (Role.ML_ENGINEER, "responsibilities")
    assert kinds["analyze data"] == (Role.DATA_SCIENTIST, "responsibilities")
    assert kinds["statistics"] == (Role.DATA_SCIENTIST, "skills")
    assert (None, "learned") in kinds.values()
    python = {each.text: each.kind for each in jobclf.explain(ENGINEER).phrases}["Python"]
    assert python == "shared"


@pytest.mark.parametrize("text", [ENGINEER, SCIENTIST, NEITHER, MIXED], ids="MDNx")
def test_without_the_turning_phrases_the_answer_is_the_one_foretold(text: str) -> None:
    found = jobclf.explain(text)
    if found.turn is None:
        pytest.skip("this answer rests on the whole text")
    struck = list(text)
    for phrase in found.turn.phrases:
        for start, end in phrase.places:
            struck[start:end] = BREAK * (end - start)
    after = explanation.answer(jobclf.predict("".join(struck)))
    assert after is found.turn.answer
    assert after is not found.answer


def test_a_mixed_posting_can_be_turned() -> None:
    assert jobclf.explain(MIXED).turn is not None


def test_support_is_for_the_answer() -> None:
    found = jobclf.explain(SCIENTIST)
    insights = next(each for each in found.phrases if "insights" in each.text)
    assert found.answer is Role.DATA_SCIENTIST
    assert insights.contribution < 0.0 < found.support(insights)


def test_a_model_without_kinds_explains_by_what_it_learned() -> None:
    bare = replace(jobclf.load_model(), kinds=b"")
    assert {each.kind for each in jobclf.explain(MIXED, model=bare).phrases} == {"learned"}


def test_a_text_that_cannot_be_judged_is_not_explained() -> None:
    with pytest.raises(PostingError, match="needed"):
        jobclf.explain("We deploy models.")


def test_what_a_term_adds_to_scope_is_its_weight_by_the_share_of_its_families() -> None:
    counts = SMALL.lexicon.count(["Build data pipelines, serve models, and build."])
    values, calibration = tfidf(counts, SMALL.idf), Calibration(2.0, 0.5, 0.0, 0.0)
    added, rest = explanation._scope(counts, values, SMALL.scope, calibration)
    odds = np.exp(values @ SMALL.scope.weights[counts.terms] + SMALL.scope.intercepts)
    per_term = -2.0 * values[:, None] * SMALL.scope.weights[counts.terms]
    expected = (per_term * odds / odds.sum()).sum(axis=1)
    assert list(added.values()) == pytest.approx(expected.tolist())
    assert rest + math.fsum(added.values()) == pytest.approx(0.5 - 2.0 * math.log(odds.sum()))
