"""Two models on the same postings: what differs is named, and worse is exit code 1."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import jobclf
from jobclf.evaluation.against import compare
from jobclf.evaluation.measurement import HeldOut, passed
from jobclf.roles import Role
from jobclf.training.dataset import collect
from tests.conftest import Run
from tests.factories import folder, posting

ROLES = [*Role] * 8
TEXTS = [posting(role, number) for number, role in enumerate(ROLES)]
LABELLED = collect([f"{at}.txt" for at in range(len(ROLES))], TEXTS, ROLES)
MODEL = jobclf.load_model()
RARE = MODEL.expecting(1e-9)  # answers neither to everything


def test_a_model_is_as_good_as_itself() -> None:
    found = compare(LABELLED, MODEL, MODEL)
    assert found.flips == ()
    assert (found.difference.value, found.p_value) == (0.0, 1.0)
    assert not found.is_worse


def test_flips_are_named_with_what_predict_says() -> None:
    found = compare(LABELLED, RARE, MODEL)
    assert found.is_worse
    assert found.p_value < 0.01
    assert {flip.rank for flip in found.flips} == {0}
    for flip in found.flips:
        text = TEXTS[LABELLED.names.index(flip.posting)]
        answer, before = RARE.predict(text), MODEL.predict(text)
        assert (flip.answer, flip.before) == (answer.answer, before.answer)
        assert flip.confidence == pytest.approx(answer.confidence, abs=1e-4)
        assert flip.confidence_before == pytest.approx(before.confidence, abs=1e-4)
    assert {flip.rank for flip in compare(LABELLED, MODEL, RARE).flips} == {2}


@pytest.mark.usefixtures("few_resamples")
def test_the_command_exits_1_where_the_model_is_worse(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = folder(tmp_path / "data")
    MODEL.save("same.joblib")
    role = replace(MODEL.role, weights=-MODEL.role.weights, intercept=-MODEL.role.intercept)
    replace(MODEL, role=role).save("worse.joblib")
    words = ("evaluate", data, "--prior", "seeds", "--against", "same.joblib")
    same = run(*words)
    assert same.code == 0, same.err
    assert "difference, paired          +0.000" in same.out
    worse = run(*words, "--model", "worse.joblib")
    assert worse.code == 1
    assert "answers differ and are now wrong" in worse.out
    fields = json.loads(run(*words, "--model", "worse.joblib", "--json").out)["against"]
    assert len(fields["flips"]) == 24
    assert fields["difference"]["value"] == -0.75


def test_a_gate_counts_what_it_keeps_and_loses() -> None:
    roles = [Role.ML_ENGINEER, Role.ML_ENGINEER, Role.DATA_SCIENTIST, Role.NEITHER]
    labelled = collect([*"abcd"], [posting(Role.NEITHER, at) for at in range(4)], roles)
    role = np.array([0.95, 0.7, 0.9, 0.9])
    scope = np.array([1.0, 1.0, 1.0, 0.9])
    found = passed(labelled, HeldOut(role, scope, role), labelled.gold)
    rows = {row.confidence: row for row in found}
    assert [rows[least].kept for least in (0.0, 0.8, 0.95)] == [4, 3, 1]
    assert [rows[least].right for least in (0.0, 0.8)] == pytest.approx([1 / 2, 1 / 3])
    assert [rows[least].lost for least in (0.0, 0.8)] == pytest.approx([1 / 3, 2 / 3])


@pytest.mark.usefixtures("few_resamples")
def test_a_rare_mix_moves_answers_to_neither(tmp_path: Path) -> None:
    data = folder(tmp_path / "data")
    usual = jobclf.evaluate(data, prior="seeds", prevalence=0.5)
    rare = jobclf.evaluate(data, prior="seeds", prevalence=1e-6)
    assert rare.scope is None or usual.scope is None or rare.scope.kept_at_half == 0.0
    assert rare.figures == usual.figures
    with pytest.raises(ValueError, match="prevalence must be between 0 and 1"):
        jobclf.evaluate(data, prior="seeds", prevalence=2.0)
