"""The share of the two roles is estimated from scores alone, and changes what is in scope."""

import json
from pathlib import Path

import numpy as np
import pytest

import jobclf
from jobclf.batch import prevalence
from jobclf.classifier.heads import log_odds
from jobclf.classifier.prediction import Prediction
from jobclf.roles import Role
from tests.conftest import Run
from tests.factories import posting


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.9])
def test_the_share_is_found_again_from_scores(share: float) -> None:
    rng = np.random.default_rng(0)
    within = rng.random(20_000) < share
    # Two normals of unit variance, 2 apart: their log odds for an even mix are 2 x.
    logits = 2.0 * (rng.normal(size=within.size) + np.where(within, 1.0, -1.0))
    found = prevalence.likeliest(1.0 / (1.0 + np.exp(-logits)))
    assert found == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("scores", [[], [0.5], [1.0, 1.0], [0.0]])
def test_the_share_is_never_nothing_or_all(scores: list[float]) -> None:
    assert 0.0 < prevalence.likeliest(np.array(scores)) < 1.0


def test_rows_without_an_answer_do_not_count() -> None:
    model = jobclf.load_model()
    texts = [posting(Role.ML_ENGINEER, number) for number in range(5)]
    alone = prevalence.estimate(model, texts, [None] * 5)
    assert prevalence.estimate(model, [*texts, None, "short"], [None] * 7) == alone


def test_a_model_expects_what_it_is_told() -> None:
    model, text = jobclf.load_model(), posting(Role.ML_ENGINEER, 1)
    rare = model.expecting(0.01)
    answer = rare.predict(text)
    assert answer == model.predict(text, prevalence=0.01) == jobclf.predict(text, prevalence=0.01)
    (other,) = jobclf.predict_many([text], prevalence=0.01)
    assert other == answer
    assert isinstance(other, Prediction)
    assert other.scope_probability < jobclf.predict(text).scope_probability
    moved = rare.prevalence_shift() - model.prevalence_shift(0.5)
    assert moved == pytest.approx(log_odds(0.01))
    assert jobclf.explain(text, model=rare).prediction == answer
    assert rare.fingerprint != model.fingerprint


@pytest.mark.parametrize("share", [0.0, 1.0, -1.0, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="prevalence must be between 0 and 1"):
        jobclf.predict(posting(Role.ML_ENGINEER, 1), prevalence=share)


def _table(path: Path) -> Path:
    rows = [posting(Role.NEITHER, at) for at in range(18)]
    rows += [posting(Role.ML_ENGINEER, at) for at in range(2)]
    lines = [json.dumps({"text": text}) for text in rows]
    (path / "a.jsonl").write_text("\n".join(lines))
    return path / "a.jsonl"


def test_a_table_tells_its_own_prevalence(run: Run, tmp_path: Path) -> None:
    table = _table(tmp_path)
    found = jobclf.predict_table(table, prevalence="auto")
    rows = list(found)
    assert found.notes[-1].startswith("the share of the two roles is estimated at 0.")
    ran = run("predict", table, "--prevalence", "auto")
    assert [json.loads(line) for line in ran.out.splitlines()] == rows
    fixed = list(jobclf.predict_table(table, prevalence=0.05))
    usual = list(jobclf.predict_table(table))
    for low, high in zip(fixed, usual, strict=True):
        assert low["scope_probability"] <= high["scope_probability"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a.jsonl", "--prevalence", "1.5"), "'1.5' is no number between 0 and 1, nor auto"),
        (("a.txt", "--prevalence", "auto"), "--prevalence auto is for tables"),
        (("-", "--text-column", "text", "--prevalence", "auto"), "standard input is read once"),
    ],
)
def test_what_gives_no_prevalence_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    _table(tmp_path)
    (tmp_path / "a.txt").write_text(posting(Role.ML_ENGINEER, 1))
    monkeypatch.chdir(tmp_path)
    ran = run("predict", *words)
    assert ran.code != 0
    assert said in ran.err


def test_one_posting_is_judged_by_its_prevalence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(posting(Role.ML_ENGINEER, 1))
    ran = run("predict", tmp_path / "a.txt", "--json", "--prevalence", "0.001")
    text = posting(Role.ML_ENGINEER, 1)
    assert json.loads(ran.out) == jobclf.predict(text, prevalence=0.001).to_dict()
