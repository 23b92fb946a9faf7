"""What training starts from, and what of it stays."""

import numpy as np
import pytest

import jobclf
from jobclf.classifier import model_file
from jobclf.training import priors, recipe
from tests.factories import mixed_postings, postings_between


def test_training_starts_from_the_model_that_predicts() -> None:
    assert priors.load("jobclf").card == jobclf.load_model().card
    assert priors.load("base").card == model_file.load_bundled("base").card


@pytest.mark.slow
def test_labels_of_the_two_roles_alone_leave_what_is_refused_as_it_was() -> None:
    """Who labels the two roles alone goes on refusing what the bundled model refuses."""
    prior = priors.load("jobclf")
    adapted = recipe.train(mixed_postings(20, other=False), prior).model
    assert adapted.role.weights.tolist() != prior.role.weights.tolist()
    titles = ["", "Product Manager, Data Science", "Data Scientist"]
    for text in postings_between(20):
        before, after = (model.answers([text] * 3, titles).scope for model in (prior, adapted))
        np.testing.assert_allclose(after, before, rtol=1e-12)
