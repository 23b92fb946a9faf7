"""The kernel counts what the tokeniser yields and gives scikit-learn's numbers, on any text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobclf.classifier import kernel
from jobclf.classifier.hashing import HashTable, Keys, Words, multipliers
from jobclf.classifier.heads import Head
from jobclf.classifier.kernel import TermTables
from jobclf.classifier.lexicon import counted
from jobclf.classifier.model import ModelCard, RoleModel
from jobclf.text.tokens import normalize
from jobclf.training import features
from tests.factories import (
    ODD_LEXICON,
    ODD_PIECES,
    ODD_TERMS,
    kernel_counts,
    other_work,
    reference_counts,
)

built = st.lists(
    st.tuples(st.sampled_from(ODD_PIECES), st.sampled_from(("", " ", " ", " ", "/", "-"))),
    max_size=40,
).map(lambda pieces: "".join(piece + gap for piece, gap in pieces))
wild = st.text(st.characters(exclude_categories=()), max_size=60)


@given(st.lists(built | wild, max_size=6))
def test_a_batch_is_counted_as_the_tokeniser_says(texts: list[str]) -> None:
    assert kernel_counts(ODD_LEXICON, texts) == reference_counts(ODD_TERMS, texts)
    counts, normal = (
        ODD_LEXICON.count(texts),
        ODD_LEXICON.count([*map(normalize, texts)], normal=True),
    )
    for name in ("starts", "terms", "counts", "words", "known", "function"):
        np.testing.assert_array_equal(getattr(normal, name), getattr(counts, name))


@given(
    st.lists(built | wild, max_size=5),
    st.lists(st.sampled_from(ODD_PIECES), min_size=1, max_size=4).map(" ".join),
)
def test_any_terms_are_counted(texts: list[str], term: str) -> None:
    terms = sorted({term, *term.split(" "), *ODD_TERMS[:5]})
    assert kernel_counts(TermTables(terms), texts) == reference_counts(terms, texts)
    by_tokens, by_tables = counted(terms, texts), TermTables(terms).count(texts)
    for one, other in zip(by_tokens, by_tables, strict=True):
        assert one.dtype == other.dtype
        assert one.tolist() == other.tolist()


@pytest.mark.parametrize(
    "posting",
    [
        pytest.param("", id="empty"),
        pytest.param("\0" * 50, id="NULs"),
        pytest.param("models " * 150_000, id="a line of a megabyte"),
        pytest.param("x" * 1_000_000, id="a word of a megabyte"),
        pytest.param("data " * 100_000 + "scientist", id="a title of a hundred thousand words"),
        pytest.param("|" * 100_000, id="nothing but breaks"),
        pytest.param("😀 models \ud800 data 😀" * 1000, id="emoji and lone surrogates"),
        pytest.param("c++" * 1000 + " c++/c++/c++ " * 1000, id="marks"),
    ],
)
def test_hostile_texts_are_counted_anywhere_in_a_batch(posting: str) -> None:
    texts = [posting, "deploying models", posting, "data | scientist", ""]
    expected = reference_counts(ODD_TERMS, [posting, *texts[1::2], ""])
    place = {posting: 0, texts[1]: 1, texts[3]: 2, "": 3}
    assert kernel_counts(ODD_LEXICON, texts) == [expected[place[each]] for each in texts]


def test_batches_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"deploying models {'data ' * at}" for at in range(9)]
    whole = kernel_counts(ODD_LEXICON, texts)
    monkeypatch.setattr(kernel, "_CHARACTERS", 40)
    assert kernel_counts(ODD_LEXICON, texts) == whole


def test_no_text_and_no_term_are_answered() -> None:
    assert kernel_counts(ODD_LEXICON, []) == []
    assert kernel_counts(TermTables([]), ["deploying models"]) == [({}, 2, 0)]


def test_words_that_share_a_key_are_found_out_and_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[int] = []

    def weak(windows: int, attempt: int) -> Keys:
        # The first draw gives every word of more than eight letters that ends alike one key.
        attempts.append(attempt)
        drawn = multipliers(windows, attempt)
        if attempt == 0:
            drawn[0] = 1 << 63
        return drawn

    monkeypatch.setattr(kernel, "multipliers", weak)
    terms = ["responsible", "irresponsible", "aaaaaaaaxyz", "caaaaaaaxyz"]
    lexicon = TermTables(terms)
    assert attempts == [0, 1]
    texts = ["aaaaaaaaxyz caaaaaaaxyz caaaaaaaxyz responsible"]
    assert kernel_counts(lexicon, texts) == reference_counts(terms, texts)


def test_a_full_table_finds_each_key_and_no_other() -> None:
    keys = np.arange(1, 5000, dtype=np.uint64) << np.uint64(17)
    table = HashTable(np.concatenate([keys, keys[::-1]]))
    assert len(table) == len(keys)
    assert sorted(table.find(keys).tolist()) == list(range(1, 5000))
    assert not table.find(keys + np.uint64(1)).any()
    assert table.find(np.zeros(3, dtype=np.uint64)).tolist() == [0, 0, 0]


@given(st.lists(st.text("ab9", min_size=1, max_size=30), min_size=1, max_size=20))
def test_words_and_keys_agree(spelled: list[str]) -> None:
    """Equal words have equal keys, other words other keys, wherever they stand."""
    words = Words(np.frombuffer(f" {' '.join(spelled)} ".encode(), dtype=np.uint8))
    keys = words.keys(multipliers(words.windows(), 0)).tolist()
    assert [keys.index(key) for key in keys] == [spelled.index(word) for word in spelled]


def model(seed: int) -> RoleModel:
    drawn = np.random.default_rng(seed)
    terms = tuple(sorted(set(ODD_TERMS[:30])))
    role = Head(drawn.normal(size=len(terms)), np.ones(len(terms)), float(drawn.normal()))
    scope = other_work(drawn, len(terms))
    card = ModelCard("random", "", "", {}, "")
    return RoleModel(terms, drawn.uniform(1, 5, len(terms)), role, scope, card)


@given(st.lists(built | wild, min_size=1, max_size=5), st.integers(0, 3))
def test_scores_are_the_scikit_learn_pipelines(texts: list[str], seed: int) -> None:
    chosen = model(seed)
    scores = chosen.scores(chosen.lexicon.count(texts))
    expected = features.pipeline(chosen).decision_function(texts)
    np.testing.assert_allclose(scores[:, 0], expected, rtol=0, atol=1e-9)
    contained = features.scope_pipeline(chosen).predict_proba(texts)[:, 0]
    np.testing.assert_allclose(1.0 / (1.0 + np.exp(-scores[:, 1])), contained, rtol=0, atol=1e-9)
