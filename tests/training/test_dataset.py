"""Labelled postings are checked and grouped before anything learns from them."""

import numpy as np
import pytest

from jobclf.errors import DatasetError, Reason
from jobclf.roles import Role
from jobclf.training.dataset import collect
from tests.factories import posting

DS, MLE, OTHER = Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OTHER


def test_the_digest_tells_texts_and_roles_apart() -> None:
    def digest(text: str, role: Role) -> str:
        return collect(["1"], [text], [role]).digest

    assert digest("build models", DS) == digest("build models", DS)
    assert digest("build models", DS) != digest("build models", MLE)
    assert digest("build models", DS) != digest("Build models", DS)


def test_an_exact_duplicate_is_left_out_and_named() -> None:
    found = collect(["1", "2", "3"], ["Build models!", "serve", "• build MODELS"], [DS, MLE, DS])
    assert found.names == ("1", "2")
    assert found.dropped == ("3",)


def test_postings_under_two_roles_are_refused_together() -> None:
    texts = ["build models", "serve", "Build models", "build models", "sell", "Sell!"]
    with pytest.raises(DatasetError) as error:
        collect(list("123456"), texts, [DS, MLE, MLE, DS, DS, OTHER])
    assert error.value.reason is Reason.CONFLICT
    assert str(error.value) == (
        "1 is data_scientist and 3, the same posting, is ml_engineer; 1 more posting stands under "
        "two roles; delete the wrong ones, see `jobclf audit`, or leave all out with "
        "conflicts='drop'"
    )


def test_postings_under_two_roles_can_be_dropped_or_kept() -> None:
    texts, roles = ["build models", "serve", "Build models", "build models"], [DS, MLE, MLE, DS]
    found = collect(list("1234"), texts, roles, conflicts="drop")
    assert (found.names, found.conflicting, found.dropped) == (("2",), ("1", "3", "4"), ())
    kept = collect(list("1234"), texts, roles, conflicts="keep")
    assert (kept.names, kept.conflicting, kept.dropped) == (("1", "2", "3"), (), ("4",))
    assert kept.groups[0] == kept.groups[2]
    with pytest.raises(DatasetError, match="the same posting"):
        collect(["1", "2"], ["serve"] * 2, [DS, MLE], conflicts="drop")


def test_near_duplicates_share_a_group() -> None:
    text = posting(DS, 1, sentences=20)
    found = collect(["1", "2", "3"], [text, posting(MLE, 1), text + "\nmore"], [DS, MLE, DS])
    assert found.groups.tolist() == [0, 1, 0]


def test_known_clusters_are_taken_as_given() -> None:
    texts = ["build", "serve", "sell"]
    found = collect(["1", "2", "3"], texts, [DS, MLE, OTHER], clusters=[7, 9, 7])
    assert found.groups.tolist() == [0, 1, 0]


def test_what_is_said_of_a_posting_stays_with_it_when_a_duplicate_goes() -> None:
    found = collect(
        ["1", "2", "3"],
        ["build", "build", "serve"],
        [DS, DS, MLE],
        weights=[1, 2, 3],
        gold=[True, True, False],
        companies=["Acme", "Globex", "Initech"],
    )
    assert found.weights.tolist() == [1, 3]
    assert found.gold.tolist() == [True, False]
    part = found.part(np.array([1]))
    assert (part.names, part.texts, part.roles) == (("3",), ("serve",), (MLE,))
    assert part.weights.tolist() == [3]


def test_texts_of_too_few_words_are_left_out_and_named() -> None:
    texts = ["kurz", "• n/a", "you train models and deploy them"]
    found = collect(["1", "2", "3"], texts, [DS, MLE, MLE], companies=["A", "B", "C"], min_words=5)
    assert (found.names, found.short, found.dropped) == (("3",), ("1", "2"), ())
    with pytest.raises(DatasetError, match="no posting has 5 words"):
        collect(["1"], ["kurz"], [DS], min_words=5)


def test_a_short_text_under_two_roles_is_no_conflict_where_it_is_left_out() -> None:
    texts = ["kurz", "kurz", "you train models and deploy them"]
    assert collect(["1", "2", "3"], texts, [DS, MLE, MLE], min_words=5).short == ("1", "2")


DUTIES = "We build models that forecast demand, and explain them to the people who buy the stock."


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        pytest.param(f"Data Scientist\n{DUTIES}", "", DUTIES, id="a first line that claims a role"),
        pytest.param(f"Quant, Ghent\n{DUTIES}", "Quant", DUTIES, id="the title as it is known"),
        pytest.param(
            f"Acme\nRole: MLE\n{DUTIES}", "", f"Acme\n{DUTIES}", id="a labelled line below"
        ),
        pytest.param(
            f"We seek an ML Engineer.\n{DUTIES}",
            "",
            DUTIES,
            id="a sentence that says who is sought",
        ),
        pytest.param(
            f"Quant\n{DUTIES}", "", f"Quant\n{DUTIES}", id="a first line that claims none"
        ),
        pytest.param(DUTIES, "Data Scientist", DUTIES, id="prose from the start"),
        pytest.param(f"\n \nMLE\n{DUTIES}", "", DUTIES, id="blank lines before"),
    ],
)
def test_an_untitled_text_lacks_the_title_alone(text: str, title: str, rest: str) -> None:
    assert collect(["a"], [text], [OTHER], columns={"title": [title]}).untitled_texts == (rest,)


def test_claims_follow_the_column_before_the_first_line() -> None:
    postings = collect(
        ["a", "b", "c"],
        [f"ML Engineer\n{DUTIES} {word}" for word in ("one", "two", "three")],
        [OTHER] * 3,
        columns={"title": ["Data Scientist", "", "Cook"]},
    )
    assert postings.claims.tolist() == [-1.0, 1.0, 0.0]


def test_a_family_column_wins_over_titles() -> None:
    postings = collect(
        ["a"], ["words"], [OTHER], columns={"family": ["nurse"], "title": ["Data Analyst"]}
    )
    assert postings.families.tolist() == ["nurse"]


def test_the_masks_follow_the_roles() -> None:
    postings = collect(["1", "2", "3"], ["build", "serve", "sell"], [DS, MLE, OTHER])
    assert postings.is_ml_engineer.tolist() == [False, True, False]
    assert postings.in_scope.tolist() == [True, True, False]


def test_what_is_known_of_language_models_counts_by_how_near_it_is() -> None:
    texts = [f"We build posting number {at + 1000}." for at in range(4)]
    given = collect(
        list("abcd"),
        texts,
        [Role.ML_ENGINEER] * 4,
        columns={"ai": ["yes", "no", "far", ""]},
    )
    assert given.is_ai_engineer.tolist() == [True, False, False, False]
    assert given.knows_ai.tolist() == [True, True, True, False]
    assert given.ai_weights[0] == given.ai_weights[1] > given.ai_weights[2] > 0.0
    bare = collect(list("abcd"), texts, [Role.ML_ENGINEER] * 4)
    assert not bare.knows_ai.any()
