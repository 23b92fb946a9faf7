"""The audit finds labels that were made wrong, and says why."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import jobclf
from jobclf.classifier.model import RoleModel
from jobclf.errors import OutputError
from jobclf.evaluation import confident_learning, metrics
from jobclf.reports import audit_report
from jobclf.roles import Role
from jobclf.text import vocabulary
from jobclf.text.tokens import normalize
from jobclf.training import priors, recipe
from jobclf.training.dataset import LabeledPostings, collect
from tests.conftest import Run
from tests.factories import mixed_folder, mixed_posting, mixed_postings


@pytest.fixture(scope="module")
def prior() -> RoleModel:
    return priors.seed_model(vocabulary.load())


def _flipped(labelled: LabeledPostings, every: int) -> tuple[LabeledPostings, np.ndarray]:
    wrong = np.arange(len(labelled)) % every == 0
    others = {
        Role.DATA_SCIENTIST: Role.ML_ENGINEER,
        Role.ML_ENGINEER: Role.OTHER,
        Role.OTHER: Role.DATA_SCIENTIST,
    }
    roles = tuple(
        others[role] if flip else role for role, flip in zip(labelled.roles, wrong, strict=True)
    )
    return replace(labelled, roles=roles), wrong


def test_flipped_labels_rank_first(prior: RoleModel) -> None:
    flipped, wrong = _flipped(mixed_postings(40), 10)
    prepared = recipe.prepare(flipped.normal, prior)
    found = confident_learning.doubts(flipped, prior, prepared)
    assert metrics.auc(wrong, -found.margins) > 0.95
    assert wrong[np.argsort(found.margins)[: wrong.sum()]].mean() > 0.7
    assert wrong[found.suspect].mean() > 0.7


def test_a_suspect_names_the_right_role_and_words_of_its_posting(prior: RoleModel) -> None:
    clean = mixed_postings(30)
    flipped, wrong = _flipped(clean, 15)
    report = confident_learning.audit(flipped, prior)
    places = {name: at for at, name in enumerate(clean.names)}
    found = [suspect for suspect in report.suspects if wrong[places[suspect.posting]]]
    assert found
    for suspect in found:
        assert suspect.suggested is clean.roles[places[suspect.posting]]
        assert suspect.role is flipped.roles[places[suspect.posting]]
        words = normalize(clean.texts[places[suspect.posting]]).split()
        assert all(set(phrase.split()) <= set(words) for phrase in suspect.phrases)
        assert suspect.phrases
    margins = [suspect.margin for suspect in report.suspects]
    assert margins == sorted(margins)


def test_clean_labels_are_left_alone(prior: RoleModel) -> None:
    report = confident_learning.audit(mixed_postings(30), prior)
    assert len(report.suspects) <= 3
    assert not report.conflicts


def test_one_text_under_two_roles_is_listed_not_refused(tmp_path: Path) -> None:
    data = mixed_folder(tmp_path / "data")
    copied = mixed_posting(Role.ML_ENGINEER, 0)
    (data / "other" / "copied.txt").write_text(copied)
    (data / "other" / "near.txt").write_text(copied + " Apply before the end of May.")
    (data / "ml_engineer" / "copied.txt").write_text(copied)
    report = jobclf.audit(data, prior="seeds")
    pairs = [(*conflict.postings, conflict.same) for conflict in report.conflicts]
    assert pairs[0] == ("ml_engineer/000.txt", "other/copied.txt", True)
    assert ("ml_engineer/000.txt", "other/near.txt", False) in pairs
    assert report.duplicates == ("ml_engineer/copied.txt",)


def test_titles_that_the_text_contradicts_are_listed(prior: RoleModel) -> None:
    labelled = mixed_postings(30)
    report = confident_learning.audit(labelled, prior)
    places = {name: at for at, name in enumerate(labelled.names)}
    assert report.clashes
    for clash in report.clashes:
        assert clash.title_role is not clash.text_role
        assert clash.probability >= confident_learning.SURE
        assert clash.title_role.label in labelled.columns["title"][places[clash.posting]]


@given(st.lists(st.tuples(*[st.floats(0.0, 1.0)] * 2), min_size=1), st.booleans())
def test_role_probabilities_sum_to_one(
    heads: list[tuple[float, float]],
    scoped: bool,  # noqa: FBT001
) -> None:
    probabilities = confident_learning.class_probabilities(np.array(heads), scoped=scoped)
    assert np.allclose(probabilities.sum(axis=1), 1.0)
    assert (probabilities >= 0.0).all()


@given(st.lists(st.tuples(*[st.floats(0.01, 1.0)] * 3, st.integers(0, 2)), min_size=1, max_size=30))
def test_a_suspect_always_has_a_likelier_role(
    rows: list[tuple[float, float, float, int]],
) -> None:
    probabilities = np.array([row[:3] for row in rows])
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    labels = np.array([row[3] for row in rows])
    gold = np.arange(len(rows)) % 7 != 3
    suspect, margins, suggested = confident_learning.confident(probabilities, labels, gold)
    assert not suspect[~gold].any()
    assert (suggested != labels).all()
    assert (margins[suspect] < 0.0).all()
    assert (np.argmax(probabilities, axis=1)[suspect] == suggested[suspect]).all()


# The command, its twin and the page


def test_the_command_prints_what_the_function_returns(run: Run, tmp_path: Path) -> None:
    data = mixed_folder(tmp_path / "data")
    words = ["audit", str(data), "--prior", "seeds"]
    result = run(*words, "--json")
    assert result.code == 0, result.err
    report = jobclf.audit(data, prior="seeds")
    assert json.loads(result.out) == json.loads(json.dumps(audit_report.audit_fields(report)))
    assert run(*words).out == audit_report.audit_text(report) + "\n"


def test_a_page_is_not_written_into_a_folder(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        jobclf.audit(tmp_path, html=tmp_path)


def test_the_page_is_written_beside_the_answer(run: Run, tmp_path: Path) -> None:
    data, page = mixed_folder(tmp_path / "data"), tmp_path / "page.html"
    result = run("audit", str(data), "--prior", "seeds", "--html", str(page))
    assert result.code == 0, result.err
    assert page.read_text().startswith("<!DOCTYPE html>")


def test_conflicts_are_still_refused_where_a_model_is_trained() -> None:
    with pytest.raises(jobclf.DatasetError, match="delete the wrong one"):
        collect(["a", "b"], ["same words"] * 2, [Role.OTHER, Role.ML_ENGINEER])
    kept = collect(["a", "b"], ["same words"] * 2, [Role.OTHER, Role.ML_ENGINEER], conflicts="keep")
    assert len(kept) == 2
    assert kept.groups[0] == kept.groups[1]
