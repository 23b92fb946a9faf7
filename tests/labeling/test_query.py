"""What is chosen next is in doubt, of a common kind, and unlike what is labelled."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jobclf.labeling.query import QueryStrategy, doubt
from jobclf.roles import Role
from tests.factories import mixed_posting

TEXTS = [mixed_posting(role, number) for number in range(8) for role in Role]
EVEN = np.full(len(TEXTS), 0.5)


@given(st.floats(0.0, 1.0))
def test_doubt_is_greatest_for_a_coin_flip_and_the_same_both_ways(rng: float) -> None:
    found, turned, even = doubt(np.array([rng, 1.0 - rng, 0.5]))
    assert abs(found - turned) < 1e-9
    assert 0.0 <= found <= even == 1.0


def test_the_one_in_doubt_is_chosen() -> None:
    role_probability = np.full(len(TEXTS), 0.999)
    role_probability[7] = 0.5
    assert QueryStrategy(TEXTS).best(np.arange(len(TEXTS)), role_probability) == 7


def test_what_was_labelled_and_its_copies_come_last() -> None:
    texts = [*TEXTS, TEXTS[3] + " A closing line."]
    probabilities = np.full(len(texts), 0.5)
    chooser = QueryStrategy(texts)
    everything = np.arange(len(texts))
    order = []
    while len(everything):
        at = chooser.best(everything, probabilities)
        chooser.add(at)
        order.append(at)
        everything = everything[everything != at]
    assert sorted(order) == list(range(len(texts)))
    first, second = sorted((order.index(3), order.index(len(TEXTS))))
    assert second - first > len(texts) // 3


def test_labels_from_elsewhere_count_as_near() -> None:
    alone, known = QueryStrategy(TEXTS), QueryStrategy(TEXTS, [TEXTS[5]])
    among = np.arange(len(TEXTS))
    chosen = alone.best(among, EVEN)
    assert QueryStrategy(TEXTS, [TEXTS[chosen]]).best(among, EVEN) != chosen
    assert known.best(np.array([5, 6]), EVEN) == 6


def test_a_pool_of_one_will_do() -> None:
    assert QueryStrategy(TEXTS[:1]).best(np.array([0]), EVEN[:1]) == 0
