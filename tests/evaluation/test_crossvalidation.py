"""Evaluation is leak-free by construction, and its report says what was measured."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import jobclf
from jobclf.classifier.model import RoleModel
from jobclf.errors import DatasetError, OutputError
from jobclf.evaluation import crossvalidation, metrics
from jobclf.evaluation.results import EvaluationReport
from jobclf.reports import evaluation_report
from jobclf.roles import Role
from jobclf.text import vocabulary
from jobclf.training import priors, recipe
from jobclf.training.dataset import collect
from jobclf.training.labeled_data import read
from jobclf.training.splits import grouped_folds
from tests.conftest import Run
from tests.factories import mixed_folder, mixed_posting, mixed_postings


@pytest.fixture(scope="module", autouse=True)
def _few_resamples() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(metrics, "RESAMPLES", 20)
        yield


@pytest.fixture(scope="module")
def prior() -> RoleModel:
    return priors.seed_model(vocabulary.load())


@pytest.fixture(scope="module")
def report(prior: RoleModel) -> EvaluationReport:
    return crossvalidation.evaluate(mixed_postings(20), prior, curve=True)


def test_a_fold_learns_what_its_own_postings_alone_would_teach(prior: RoleModel) -> None:
    """Counting all texts at once gives the model that the fold's texts give by themselves."""
    labelled = mixed_postings(12)
    ((fit, held_out), *_) = splits = grouped_folds(labelled, 3)
    prepared = recipe.prepare(labelled.normal, prior)
    fold = next(recipe.fold_models(prepared, labelled, splits))
    part = labelled.part(fit)
    everything = np.arange(len(part))
    alone = next(
        recipe.fold_models(recipe.prepare(part.normal, prior), part, [(everything, everything)])
    )
    assert fold.model.terms == alone.model.terms
    assert np.allclose(fold.model.idf, alone.model.idf)
    assert np.allclose(fold.model.role.weights, alone.model.role.weights, atol=1e-6)
    assert np.allclose(fold.model.scope.weights, alone.model.scope.weights, atol=1e-6)
    assert np.array_equal(fold.held_out, held_out)


def test_a_label_has_no_say_in_its_own_probability(prior: RoleModel) -> None:
    labelled = mixed_postings(12)
    splits = grouped_folds(labelled, 3)
    held_out = splits[1][1]
    turned = replace(
        labelled,
        roles=tuple(
            Role.ML_ENGINEER if at in held_out else role for at, role in enumerate(labelled.roles)
        ),
    )
    prepared = recipe.prepare(labelled.normal, prior)
    found, again = (
        crossvalidation.cross_validated(each, prior, prepared, splits)
        for each in (labelled, turned)
    )
    raw, raw_again = (
        next(recipe.fold_models(prepared, each, splits[1:2])).scores for each in (labelled, turned)
    )
    assert np.array_equal(raw, raw_again)
    others = np.setdiff1d(np.arange(len(labelled)), held_out)
    assert not np.allclose(found.role_probability[others], again.role_probability[others])


def test_groups_are_never_parted() -> None:
    labelled = replace(mixed_postings(20), groups=np.arange(60) // 3)
    for fit, held_out in grouped_folds(labelled, 5):
        assert not set(labelled.groups[fit]) & set(labelled.groups[held_out])


def test_the_report_covers_every_posting_once(report: EvaluationReport) -> None:
    assert (report.postings, report.gold, report.in_scope) == (60, 60, 40)
    assert sum(map(sum, report.confusion)) == 60
    assert sum(row.postings for row in report.reliability) == 40
    assert [step.share for step in report.coverage] == [1.0, 0.9, 0.8, 0.7]
    assert report.coverage[0].accuracy == report.figures.accuracy
    assert {row.name for row in report.baselines} == {
        "commoner role",
        "title alone",
        "seeds alone",
        "TF-IDF + LogisticRegression",
        "TF-IDF + LinearSVC, sigmoid",
    }
    assert {row.kind for row in report.slices} >= {"source", "seniority"}
    assert report.scope is not None
    assert sum(row.postings for row in report.scope.refusals) == 20
    assert [step.postings for step in report.learning_curve][:2] == [10, 20]


def test_what_is_easy_is_learned(report: EvaluationReport) -> None:
    assert report.figures.accuracy.value > 0.9
    assert report.scope is not None
    assert report.scope.auc.value > 0.9
    assert report.comparison.difference.value >= -0.05


def test_a_random_difference_has_a_large_p_value(
    report: EvaluationReport,
) -> None:
    assert 0.0 <= report.comparison.p_value <= 1.0
    if report.comparison.difference.value == 0.0:
        assert report.comparison.p_value == 1.0


def test_no_report_holds_the_text_of_a_posting(report: EvaluationReport) -> None:
    told = json.dumps(evaluation_report.evaluation_fields(report))
    told += evaluation_report.evaluation_text(report)
    for posting in mixed_postings(20).texts:
        for sentence in posting.split(". "):
            assert sentence not in told


def test_a_report_is_sound_json(report: EvaluationReport) -> None:
    fields = evaluation_report.evaluation_fields(report)
    again = json.loads(json.dumps(fields, allow_nan=False))
    assert again["figures"]["accuracy"]["value"] == round(report.figures.accuracy.value, 4)
    assert json.dumps(evaluation_report._plain({"low": float("nan")})) == '{"low": null}'


@pytest.mark.parametrize("way", ["model", "prior"])
def test_what_was_learned_from_the_postings_is_not_judged_on_them(
    prior: RoleModel, way: str
) -> None:
    labelled = mixed_postings(12)
    known = replace(prior, card=replace(prior.card, name="mine", digest=labelled.digest))
    start, model = (prior, known) if way == "model" else (known, None)
    with pytest.raises(DatasetError, match="mine was learned from exactly these"):
        crossvalidation.evaluate(labelled, start, model=model)


def test_a_model_is_judged_as_it_is(prior: RoleModel) -> None:
    labelled = mixed_postings(12)
    report = crossvalidation.evaluate(labelled, prior, model=prior)
    answers = list(prior.predict_many(labelled.texts))
    right = [
        not isinstance(answer, jobclf.PostingError) and answer.role is role
        for answer, role in zip(answers, labelled.roles, strict=True)
        if role is not Role.OTHER
    ]
    assert report.method == "the model seeds as it is"
    if not any(isinstance(answer, jobclf.PostingError) for answer in answers):
        assert report.figures.accuracy.value == pytest.approx(np.mean(right))


def test_without_others_there_is_no_scope_to_measure(prior: RoleModel) -> None:
    report = crossvalidation.evaluate(mixed_postings(12, other=False), prior)
    assert report.scope is None
    assert "neither" in evaluation_report.evaluation_text(report)


def test_exact_duplicates_are_reported(prior: RoleModel) -> None:
    base = mixed_postings(8)
    labelled = collect(
        [*base.names, "copy.txt"],
        [*base.texts, base.texts[0].upper()],
        [*base.roles, base.roles[0]],
    )
    report = crossvalidation.evaluate(labelled, prior, folds=3)
    assert report.duplicates == ("copy.txt",)
    assert "copy.txt" in evaluation_report.evaluation_text(report)


def test_near_duplicates_share_a_group() -> None:
    base = mixed_postings(8)
    labelled = collect(
        [*base.names, "near.txt"],
        [*base.texts, base.texts[0] + " Apply soon."],
        [*base.roles, base.roles[0]],
    )
    assert labelled.groups[0] == labelled.groups[-1]


def test_too_few_postings_are_refused(prior: RoleModel) -> None:
    with pytest.raises(DatasetError, match="are needed"):
        crossvalidation.evaluate(mixed_postings(3), prior)


def test_mistakes_are_the_surest_first(report: EvaluationReport) -> None:
    probabilities = [wrong.probability for wrong in report.mistakes]
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(wrong.role is not wrong.answer for wrong in report.mistakes)


# The command and its twin


def test_the_command_prints_what_the_function_returns(run: Run, tmp_path: Path) -> None:
    data = mixed_folder(tmp_path / "data")
    result = run("evaluate", str(data), "--prior", "seeds", "--json")
    assert result.code == 0, result.err
    expected = evaluation_report.evaluation_fields(jobclf.evaluate(data, prior="seeds"))
    assert json.loads(result.out) == json.loads(json.dumps(expected))


def test_the_command_draws_pictures(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need the extra `report`")
    data = mixed_folder(tmp_path / "data")
    result = run("evaluate", str(data), "--prior", "seeds", "--plots", str(tmp_path / "plots"))
    assert result.code == 0, result.err
    assert sorted(path.name for path in (tmp_path / "plots").iterdir()) == [
        "confusion.png",
        "coverage.png",
        "learning_curve.png",
        "reliability.png",
    ]
    assert "Accuracy after learning from" in result.out


def test_pictures_without_matplotlib_are_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(OutputError, match=r"needs the extra .report"):
        jobclf.evaluate(tmp_path, plots=tmp_path / "plots")


def test_pictures_are_not_written_into_a_file(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="pictures need the extra `report`")
    (tmp_path / "plots").write_text("")
    with pytest.raises(OutputError, match="name another"):
        jobclf.evaluate(tmp_path, plots=tmp_path / "plots")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(
            "name,title\na.txt,Cook\n", "index.csv: there is no column 'file'", id="no file column"
        ),
        pytest.param(b"\xff\xfe\x00", "index.csv: there is no column 'file'", id="no table"),
    ],
)
def test_a_faulty_index_is_one_line(
    run: Run, tmp_path: Path, content: str | bytes, fault: str
) -> None:
    data = mixed_folder(tmp_path / "data", each=1)
    (data / "index.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    result = run("evaluate", str(data))
    assert result.code == 1
    assert fault in result.err
    assert result.err.count("\n") == 1


def test_an_index_gives_columns_and_companies(tmp_path: Path) -> None:
    data = mixed_folder(tmp_path / "data", each=2)
    (data / "index.csv").write_text(
        "file,role,title,company\n"
        "other/000.txt,other,Cook,Inn\nother/001.txt,other,Waiter,Inn\n"
        "gone/000.txt,other,Nobody,None\n"
    )
    labelled = read(data)
    places = [at for at, role in enumerate(labelled.roles) if role is Role.OTHER]
    assert [labelled.columns["title"][at] for at in places] == ["Cook", "Waiter"]
    assert len({labelled.groups[at] for at in places}) == 1
    assert mixed_posting(Role.OTHER, 0) in labelled.texts
