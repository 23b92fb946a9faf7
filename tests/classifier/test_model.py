"""What a model says of a text, and when it says nothing."""

import math
import pickle
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import jobclf
from jobclf.classifier import model_file
from jobclf.classifier.heads import Head, TitleHead, calibrated
from jobclf.classifier.model_file import load_model
from jobclf.classifier.prediction import Prediction
from jobclf.errors import PostingError, Reason
from jobclf.roles import Role, grade
from tests.factories import posting

MODEL = load_model()
DS, MLE, OTHER = Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OTHER


@pytest.mark.parametrize("role", [DS, MLE])
@pytest.mark.parametrize("number", range(5))
def test_plain_work_is_named(role: Role, number: int) -> None:
    answer = MODEL.predict(posting(role, number))
    assert answer.role is role
    assert answer.in_scope
    assert answer.probability > 0.7


@pytest.mark.parametrize("number", range(5))
def test_other_work_is_neither(number: int) -> None:
    answer = MODEL.predict(posting(OTHER, number))
    assert not answer.in_scope
    assert answer.scope_probability < 0.5
    assert answer.role in {DS, MLE}


TITLES = {
    "the first line": ("ML Engineer\n", None, MLE),
    "given": ("", "Senior Data Scientist", DS),
    "the given one counts": ("ML Engineer\n", "Data Scientist", DS),
    "an empty one is none": ("ML Engineer\n", "", None),
    "another job": ("", "Head Chef", None),
    "no title": ("", None, None),
}


@pytest.mark.parametrize(("line", "title", "claimed"), TITLES.values(), ids=TITLES.keys())
def test_the_title_is_reported(line: str, title: str | None, claimed: Role | None) -> None:
    answer = MODEL.predict(line + posting(DS, 1), title=title)
    assert answer.title_role is claimed


WORK = {
    "data_engineer": "You build and maintain ETL pipelines in Spark and Airflow, model the tables "
    "of our data warehouse in Snowflake with dbt, tune SQL, ingest data from Kafka and keep the "
    "data lake on AWS reliable, documented and cheap for everybody who queries it. ",
    "data_analyst": "You build dashboards in Tableau and Power BI, write SQL queries for ad hoc "
    "reports, track the KPIs of our sales team in Excel, and explain to business stakeholders "
    "every week why the numbers moved and what the report should show. ",
    "software_engineer": "You develop backend services in Java and Spring Boot, write REST APIs, "
    "build React components with the frontend developers, write unit tests, review code and fix "
    "bugs of our web application in an agile scrum team. ",
}


@pytest.mark.parametrize("family", WORK)
def test_of_other_work_it_says_what_it_is_like(family: str) -> None:
    found = MODEL.predict(WORK[family] * 2)
    assert not found.in_scope
    assert found.family == family


@pytest.mark.parametrize("role", [DS, MLE])
def test_a_posting_of_either_role_is_of_its_family(role: Role) -> None:
    assert MODEL.predict(posting(role, 3)).family == role


def test_a_model_that_tells_no_kinds_apart_names_none() -> None:
    one = replace(
        MODEL.scope,
        families=("other",),
        weights=MODEL.scope.weights[:, :1],
        intercepts=MODEL.scope.intercepts[:1] + 100.0,
    )
    found = replace(MODEL, scope=one, ai=None).predict(posting(DS, 3))
    assert (found.in_scope, found.family) == (False, None)


def _logit(probability: float) -> float:
    return math.log(probability / (1.0 - probability))


@pytest.mark.parametrize("title", ["Data Scientist", "ML Engineer", "Machine Learning Engineer"])
@pytest.mark.parametrize("text", [posting(DS, 2), posting(MLE, 2), posting(OTHER, 2)], ids="DMO")
def test_a_title_adds_its_weight_and_the_answer_of_the_text_alone_stays(
    title: str, text: str
) -> None:
    free = replace(MODEL, role=replace(MODEL.role, calibrated_on=0))  # probabilities unbounded
    bare, titled = free.predict(text, title=""), free.predict(f"{title}\n{text}")
    assert bare.text_probability is None
    assert titled.text_probability is not None
    alone = bare.probability if titled.role is bare.role else 1.0 - bare.probability
    assert titled.text_probability == pytest.approx(alone, abs=1e-9)
    added = _logit(titled.probability) - _logit(titled.text_probability)
    side = 1.0 if titled.title_role is titled.role else -1.0
    assert added * side > 0.0


def test_without_a_title_that_claims_a_role_nothing_is_added() -> None:
    text = posting(DS, 2)
    assert MODEL.predict(text, title="Blah") == MODEL.predict(text, title="")


TEXTS = [*(posting(role, number) for role in Role for number in range(3)), "", "too short"]


@pytest.mark.slow
@given(st.lists(st.sampled_from(TEXTS), max_size=12))
def test_many_answers_come_in_order_and_are_those_of_one(texts: list[str]) -> None:
    answers = list(MODEL.predict_many(texts))
    assert len(answers) == len(texts)
    for text, answer in zip(texts, answers, strict=True):
        if isinstance(answer, PostingError):
            with pytest.raises(PostingError, match=re.escape(str(answer))):
                MODEL.predict(text)
        else:
            alone = MODEL.predict(text)
            assert answer.role is alone.role
            assert answer.probability == pytest.approx(alone.probability, abs=1e-12)
            assert answer.scope_probability == pytest.approx(alone.scope_probability, abs=1e-12)


def test_answers_do_not_depend_on_where_a_batch_ends() -> None:
    texts = [TEXTS[at % len(TEXTS)] for at in range(600)]
    answers = [
        answer if isinstance(answer, Prediction) else str(answer)
        for answer in MODEL.predict_many(texts)
    ]
    assert len(answers) == 600
    assert len(set(answers)) == len(TEXTS)


def test_answers_come_while_texts_are_still_to_come() -> None:
    def endless() -> object:
        while True:
            yield posting(DS, 1)

    assert isinstance(next(MODEL.predict_many(endless())), Prediction)  # type: ignore[arg-type]


def test_titles_go_with_their_texts() -> None:
    titles = ["ML Engineer", None, "Data Scientist"]
    answers = list(MODEL.predict_many([posting(DS, 1)] * 3, titles))
    assert [answer.title_role for answer in answers if isinstance(answer, Prediction)] == [
        MLE,
        None,
        DS,
    ]


def test_too_few_titles_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer titles than texts"):
        list(MODEL.predict_many([posting(DS, 1)] * 3, ["Data Scientist"]))


@pytest.mark.slow
@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3), st.floats(-100, 100))
def test_calibrated_scores_are_probabilities(score: float, slope: float, offset: float) -> None:
    head = Head(np.ones(1), np.ones(1), 0.0, slope=slope, offset=offset)
    (found,) = calibrated(np.array([score]), head)
    assert 0.0 <= found <= 1.0


@pytest.mark.parametrize("count", [0, 1, 98, 9998])
def test_no_probability_is_surer_than_calibration_can_tell(count: int) -> None:
    head = Head(np.ones(1), np.ones(1), 0.0, calibrated_on=count)
    low, middle, high = calibrated(np.array([-800.0, 0.0, 800.0]), head)
    least = 1 / (count + 2) if count else 0.0
    assert (low, middle, high) == pytest.approx((least, 0.5, 1 - least), abs=1e-12)


def test_calibration_changes_no_order_and_never_the_raw_score() -> None:
    flat = replace(MODEL, role=replace(MODEL.role, slope=1.0, offset=0.0))
    texts = TEXTS[:9]
    raw = [model.scores(model.lexicon.count(texts))[:, 0] for model in (MODEL, flat)]
    assert (raw[0] == raw[1]).all()
    order = np.argsort(raw[0])
    assert (np.diff(calibrated(raw[0][order], MODEL.role)) >= 0).all()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Senior Data Scientist, Berlin", Role.DATA_SCIENTIST),
        ("Machine Learning Engineer", Role.ML_ENGINEER),
        ("ML Engineer\nWe are hiring in Rome.", Role.ML_ENGINEER),
    ],
)
def test_where_the_text_says_little_the_title_says_it(text: str, answer: Role) -> None:
    found = jobclf.predict(text)
    assert (found.basis, found.answer) == ("title", answer)


def test_the_name_of_a_file_is_no_title() -> None:
    with pytest.raises(PostingError) as refused:
        jobclf.predict("postings/data_scientist/one.txt")
    assert refused.value.reason is Reason.TOO_SHORT


def test_the_grade_is_that_of_the_percent_that_are_shown() -> None:
    assert (grade(0.7951), grade(0.7949)) == ("probably", "perhaps")


def test_the_first_posting_is_judged_without_tables_and_the_same() -> None:
    model = model_file.from_bytes(model_file.bundled("jobclf").read_bytes(), trusted=True)
    assert model.lexicon._tables is None
    first = model.predict(posting(MLE, 1))
    assert model.lexicon._tables is None
    assert model.predict(posting(MLE, 1)) == first
    assert len(model.lexicon.tables) == len(model.terms)
    assert pickle.loads(pickle.dumps(model)).predict(posting(MLE, 1)) == first
    checked = model_file.from_bytes(model_file.bundled("jobclf").read_bytes())
    assert checked.terms == model.terms


@pytest.mark.parametrize(("known", "moved"), [(0.2, True), (0.0, False), (1.0, False)])
def test_scope_is_moved_from_the_share_that_it_was_calibrated_for(
    known: float, *, moved: bool
) -> None:
    model = replace(MODEL, scope=replace(MODEL.scope, prevalence=known))
    before = math.log(0.2 / 0.8)
    expected = (math.log(0.7 / 0.3) - before, math.log(0.4 / 0.6) - before)
    found = (model.prevalence_shift(), model.prevalence_shift(0.4))
    assert found == pytest.approx(expected if moved else (0.0, 0.0))


NAMED = ["Data Scientist", "ML Engineer", "Data Engineer", "Captain of the harbour", "", None]


@pytest.mark.parametrize("titles", [MODEL.titles, None], ids=["kinds", "claims alone"])
def test_many_are_combined_with_their_titles_as_one_is(titles: TitleHead | None) -> None:
    model = replace(MODEL, titles=titles, role=replace(MODEL.role, title=0.75))
    raw, scope = np.linspace(-2.0, 3.0, len(NAMED)), np.linspace(1.0, -1.0, len(NAMED))
    role, within, claimed, weighed = model._combined(raw, scope, NAMED)
    for at, name in enumerate(NAMED):
        one = model.combined(float(raw[at]), float(scope[at]), name)
        assert one.role.logit == pytest.approx(role[at])
        assert one.scope.logit == pytest.approx(within[at])
        assert one.claimed is ([*Role][claimed[at]] if claimed[at] >= 0 else None)
        assert one.weighed == weighed[at]
    assert weighed.tolist() == [True, True, titles is not None, False, False, False]


@pytest.mark.parametrize("prevalence", [None, 0.2])
def test_probabilities_are_those_of_the_answers(prevalence: float | None) -> None:
    texts = [posting(role, 3) for role in Role]
    role, scope = MODEL.probabilities(texts, prevalence=prevalence)
    answers = [MODEL.predict(text, prevalence=prevalence) for text in texts]
    sure = np.where(role > 0.5, role, 1.0 - role)
    assert sure.tolist() == pytest.approx([each.probability for each in answers])
    assert [each.role is Role.ML_ENGINEER for each in answers] == (role > 0.5).tolist()
    assert scope.tolist() == pytest.approx([each.scope_probability for each in answers])


def test_a_fingerprint_is_of_all_that_answers_follow_from() -> None:
    made = [MODEL, replace(MODEL), MODEL.expecting(0.5), replace(MODEL, idf=2.0 * MODEL.idf)]
    found = [each.fingerprint for each in made]
    assert found[0] == found[1]
    assert len({*found}) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in found)
