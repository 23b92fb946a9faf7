"""What a model has learned from is told by marks in its file, and is not judged."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import jobclf
from jobclf.classifier.model_document import from_document, to_document
from jobclf.errors import DatasetError, ModelFileError, Reason
from jobclf.evaluation import confident_learning, crossvalidation
from jobclf.roles import Role
from jobclf.text import vocabulary
from jobclf.training import overlap, recipe
from jobclf.training.priors import seed_model
from tests.factories import mixed_folder, mixed_postings


def test_a_text_has_one_mark_however_it_is_set() -> None:
    one, other, third = overlap.marks(
        ["Deploy: models\n\nNow", "deploy models now.", "deploy model"]
    )
    assert one == other != third


def test_marks_are_kept_in_order_and_once() -> None:
    both = overlap.joined(overlap.joined(b"", overlap.marks("ab")), overlap.marks("bc"))
    found = np.frombuffer(both, dtype="<u4")
    assert len(found) == 3
    assert (np.diff(found.astype(np.int64)) > 0).all()


def test_a_trained_model_knows_what_it_learned_from_and_its_prior_did() -> None:
    first, then = mixed_postings(6), mixed_postings(12)
    start = recipe.train(first, seed_model(vocabulary.load())).model
    model = recipe.train(then, start).model
    for postings in (first, then):
        assert overlap.learned_from(model, postings.texts).all()
    assert not overlap.learned_from(model, ["Another text."]).any()
    assert from_document(to_document(model)).learned == model.learned


@pytest.mark.parametrize("way", ["model", "prior"])
def test_what_was_learned_from_is_left_out_of_what_is_judged(way: str) -> None:
    labelled = mixed_postings(14)
    some = np.arange(0, len(labelled), 3)
    prior = seed_model(vocabulary.load())
    known = recipe.train(labelled.part(some), prior, name="mine").model
    model = known if way == "model" else None
    report = crossvalidation.evaluate(labelled, known if way == "prior" else prior, model=model)
    assert report.gold == len(labelled) - len(some)
    assert "14 of 42 postings are not judged: mine learned from them" in str(report)


def test_an_audit_doubts_no_label_that_its_prior_learned() -> None:
    labelled = mixed_postings(24)
    wrong = np.arange(0, len(labelled), 9)
    swapped = list(labelled.roles)
    for at in wrong:
        swapped[at] = Role.ML_ENGINEER if swapped[at] is not Role.ML_ENGINEER else Role.NEITHER
    labelled = replace(labelled, roles=tuple(swapped))
    prior = seed_model(vocabulary.load())
    known = recipe.train(labelled.part(np.arange(0, 72, 2)), prior, name="mine").model
    left_out = overlap.learned_from(known, labelled.texts)
    report = confident_learning.audit(labelled, known)
    doubted = {suspect.posting for suspect in report.suspects}
    assert doubted >= {labelled.names[at] for at in wrong[1::2]}
    assert doubted.isdisjoint(labelled.names[::2])
    assert {clash.posting for clash in report.clashes}.isdisjoint(labelled.names[::2])
    assert f"{left_out.sum()} of 72 postings are not judged: mine learned from them" in str(report)
    assert "mine learned from them" in report._repr_html_()
    with pytest.raises(DatasetError, match="exactly these postings"):
        confident_learning.audit(labelled, recipe.train(labelled, prior).model)


def test_too_few_that_are_left_are_refused() -> None:
    labelled = mixed_postings(12)
    prior = seed_model(vocabulary.load())
    known = recipe.train(labelled.part(np.arange(30)), prior, name="mine").model
    with pytest.raises(DatasetError, match="30 of 36 postings are not judged") as refused:
        crossvalidation.evaluate(labelled, prior, model=known)
    assert refused.value.reason is Reason.OVERLAP


def test_training_says_what_its_prior_knew(tmp_path: Path) -> None:
    folder = mixed_folder(tmp_path / "data")
    first = jobclf.train(folder, prior="seeds")
    assert first.notes == ()
    first.model.save(tmp_path / "first.joblib")
    again = jobclf.train(folder, prior=str(tmp_path / "first.joblib"))
    assert again.held_out is None
    assert again.notes[-1] == "36 of 36 postings are not judged: first learned from them"


@pytest.mark.parametrize(
    "marks", [b"abc", bytes(8), b"\2\0\0\0\1\0\0\0"], ids=["odd", "twice", "order"]
)
def test_marks_that_are_none_are_refused(marks: bytes) -> None:
    document = to_document(replace(jobclf.load_model(), learned=b"")) | {"learned": marks}
    with pytest.raises(ModelFileError, match="'learned' are no marks"):
        from_document(document)
