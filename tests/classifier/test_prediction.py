"""A prediction says the same in each of its forms."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from jobclf.classifier.answers import Answers
from jobclf.classifier.prediction import Prediction
from jobclf.errors import PostingError
from jobclf.roles import Role

DS, MLE = Role.DATA_SCIENTIST, Role.ML_ENGINEER
SURE = Prediction(MLE, 0.9, in_scope=True, scope_probability=0.8)
TITLED = replace(
    SURE, role=DS, title_role=MLE, text_probability=0.123456, family="ai_engineer", truncated=True
)
OUT = Prediction(DS, 0.75, in_scope=False, scope_probability=0.25, title_role=DS, basis="title")
ALL = (SURE, TITLED, OUT)


def test_probabilities_are_shares_of_one() -> None:
    assert SURE.probabilities == pytest.approx({DS: 0.08, MLE: 0.72, Role.NEITHER: 0.2})
    assert TITLED.probabilities == pytest.approx({DS: 0.72, MLE: 0.08, Role.NEITHER: 0.2})
    assert OUT.probabilities == pytest.approx({DS: 0.1875, MLE: 0.0625, Role.NEITHER: 0.75})
    assert [each.answer for each in ALL] == [MLE, DS, Role.NEITHER]
    assert [each.confidence for each in ALL] == pytest.approx([0.72, 0.72, 0.75])


def test_plain_values_are_the_fields() -> None:
    assert TITLED.to_dict() == {
        "answer": "data_scientist",
        "confidence": 0.72,
        "role": "data_scientist",
        "probability": 0.9,
        "in_scope": True,
        "scope_probability": 0.8,
        "title_role": "ml_engineer",
        "text_probability": 0.1235,
        "family": "ai_engineer",
        "basis": "text",
        "truncated": True,
    }
    empty = SURE.to_dict()
    assert [empty[name] for name in ("title_role", "text_probability", "family")] == [None] * 3


def test_predictions_and_columns_of_them_are_one() -> None:
    fault = PostingError("the posting is empty", "give its full text")
    answers = Answers.of([*ALL, fault])
    assert list(answers) == [*ALL, fault]
    assert list(answers.taken([3, 0, 2])) == [fault, SURE, OUT]
    assert answers.valid().tolist() == [True, True, True, False]
    expected = [[each.probabilities[role] for each in ALL] for role in Role]
    np.testing.assert_allclose(answers.taken([0, 1, 2]).probabilities(), expected)
    other = PostingError("it is cut", "give all of it")
    assert list(answers.failing({0: fault, 3: other})) == [fault, *ALL[1:], other]
    assert pickle.loads(pickle.dumps(ALL)) == ALL
