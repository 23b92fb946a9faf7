"""Baselines answer on the folds they are given, from what they may learn from."""

from dataclasses import replace

import numpy as np

from jobclf.evaluation import baselines
from jobclf.roles import Role
from jobclf.training.splits import grouped_folds
from tests.factories import mixed_postings


def test_each_baseline_answers_what_is_judged_and_nothing_else() -> None:
    labelled = mixed_postings(12)
    gold = np.arange(len(labelled)) % 4 > 0
    labelled = replace(labelled, gold=gold)
    found = baselines.held_out(labelled, grouped_folds(labelled, 3))
    assert len(found) == 5
    for probabilities in found.values():
        assert np.array_equal(np.isnan(probabilities), ~gold)
        assert ((probabilities[gold] >= 0.0) & (probabilities[gold] <= 1.0)).all()


def test_baselines_do_not_see_the_labels_they_are_judged_on() -> None:
    labelled = mixed_postings(12)
    splits = grouped_folds(labelled, 3)
    held_out = splits[0][1]
    turned = list(labelled.roles)
    for at in held_out:
        turned[at] = Role.ML_ENGINEER
    before = baselines.held_out(labelled, splits[:1])
    after = baselines.held_out(replace(labelled, roles=tuple(turned)), splits[:1])
    for name in before:
        assert np.allclose(before[name][held_out], after[name][held_out]), name


def test_titles_alone_follow_how_often_a_claim_was_right() -> None:
    labelled = mixed_postings(30, other=False)
    found = baselines.held_out(labelled, grouped_folds(labelled, 3))[baselines.TITLE]
    role_probability = np.array(labelled.roles) == Role.ML_ENGINEER
    assert 0.55 < np.mean((found > 0.5) == role_probability) < 0.8  # two in three titles are right


def test_labels_that_count_little_are_not_learned_from() -> None:
    labelled = mixed_postings(12)
    noisy = np.arange(len(labelled)) % 2 == 0
    weights = np.where(noisy, 0.05, 1.0)
    roles = tuple(
        Role.ML_ENGINEER if wrong else role
        for role, wrong in zip(labelled.roles, noisy, strict=True)
    )
    splits = grouped_folds(labelled, 3)
    clean = baselines.held_out(replace(labelled, weights=weights), splits)
    turned = baselines.held_out(replace(labelled, weights=weights, roles=roles), splits)
    for name in clean:
        assert np.allclose(clean[name], turned[name]), name
