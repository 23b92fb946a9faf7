"""The kernel counts what the tokeniser yields and gives scikit-learn's numbers, on any text."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobclf import features, scoring, text
from jobclf.hashing import Keys, Table, Words, multipliers
from jobclf.model import Head, ModelCard, RoleModel
from jobclf.scoring import Lexicon
from tests.test_scoring import other_work

TERMS = (
    "models", "model", "deploying models", "deploying", "machine learning", "machine", "data",
    "learning models", "a/b tests", "c++", "r", "c", "c#", "node.js", ".net", "ci/cd",
    "scikit-learn",
    "deploying models production", "deploying models production daily", "models production ready",
    "interdisciplinary responsibilities", "interdisciplinary", "responsibilities", "e-commerce",
    "internationalisation-free", "sign", "more", "job", "scientist", "the", "a", "the model",
    "pl/sql r", "r c++", "r&d team", "2024", "ÿÿÿ", "жж",
    "ж models", "supercalifragilisticexpialidocious", "|", "~",
    "A", "two  spaces", " ahead", "behind ", "line\nbreak", "", "данные", "c::",
    "supercalifragilisticexpialidociously",
)  # fmt: skip
SPELLED = (
    "models model deploying production daily ready machine learning data a/b tests r c c++ c# b x "
    "C/C++ Node.js .NET asp.net CI/CD scikit-learn interdisciplinary responsibilities e-commerce "
    "sign in show more less job description full apply now be among the first a an the of senior "
    "scientist engineers developer analyst head lead | || ~ ' ’ \0 \n \t , . - / + # & 2024 team "
    "r&d pl/sql t-sql é naïve Straße ﬁne 😀 данные 中文 \ud800 ｜ İ ² K 𝐛𝐨𝐥𝐝 two spaces line break "
    "supercalifragilisticexpialidocious supercalifragilisticexpialidociously A : ; aaaaaaaa"
)  # fmt: skip
PIECES = SPELLED.split(" ")


def reference(terms: Sequence[str], texts: Sequence[str]) -> list[tuple[dict[int, int], int, int]]:
    """Count with the tokeniser and a dictionary."""
    numbers = {term: at for at, term in enumerate(terms) if text.BREAK not in term}
    longest = max((term.count(" ") + 1 for term in terms), default=1)
    counted = []
    for posting in texts:
        words = text.tokenize(posting)
        inside = Counter(numbers[term] for term in text.ngrams(words, longest) if term in numbers)
        known = sum(word in numbers or word in text.FUNCTION_WORDS for word in words)
        counted.append((dict(inside), sum(word != text.BREAK for word in words), known))
    return counted


def kernel(lexicon: Lexicon, texts: Sequence[str]) -> list[tuple[dict[int, int], int, int]]:
    """Count with the kernel."""
    counts = lexicon.count(texts)
    assert len(counts.starts) == len(texts) + 1
    assert counts.starts[-1] == len(counts.terms) == len(counts.counts)
    counted = []
    for at, (start, end) in enumerate(zip(counts.starts[:-1], counts.starts[1:], strict=True)):
        terms = counts.terms[start:end].tolist()
        assert terms == sorted(set(terms))
        inside = dict(zip(terms, counts.counts[start:end].astype(int).tolist(), strict=True))
        counted.append((inside, int(counts.words[at]), int(counts.known[at])))
    return counted


LEXICON = Lexicon(TERMS)
built = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(("", " ", " ", " ", "/", "-"))), max_size=40
).map(lambda pieces: "".join(piece + gap for piece, gap in pieces))
wild = st.text(st.characters(exclude_categories=()), max_size=60)


@settings(max_examples=400, deadline=None)
@given(st.lists(built | wild, max_size=6))
def test_a_batch_is_counted_as_the_tokeniser_says(texts: list[str]) -> None:
    assert kernel(LEXICON, texts) == reference(TERMS, texts)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(built | wild, max_size=5),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(" ".join),
)
def test_any_terms_are_counted(texts: list[str], term: str) -> None:
    terms = sorted({term, *term.split(" "), *TERMS[:5]})
    assert kernel(Lexicon(terms), texts) == reference(terms, texts)


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
    expected = reference(TERMS, [posting, *texts[1::2], ""])
    place = {posting: 0, texts[1]: 1, texts[3]: 2, "": 3}
    assert kernel(LEXICON, texts) == [expected[place[each]] for each in texts]


def test_batches_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"deploying models {'data ' * at}" for at in range(9)]
    whole = kernel(LEXICON, texts)
    monkeypatch.setattr(scoring, "_CHARACTERS", 40)
    assert kernel(LEXICON, texts) == whole


def test_no_text_and_no_term_are_answered() -> None:
    assert kernel(LEXICON, []) == []
    assert kernel(Lexicon([]), ["deploying models"]) == [({}, 2, 0)]


def test_words_that_share_a_key_are_found_out_and_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[int] = []

    def weak(windows: int, attempt: int) -> Keys:
        # The first draw gives every word of more than eight letters that ends alike one key.
        attempts.append(attempt)
        drawn = multipliers(windows, attempt)
        if attempt == 0:
            drawn[0] = 1 << 63
        return drawn

    monkeypatch.setattr(scoring, "multipliers", weak)
    terms = ["responsible", "irresponsible", "aaaaaaaaxyz", "caaaaaaaxyz"]
    lexicon = Lexicon(terms)
    assert attempts == [0, 1]
    texts = ["aaaaaaaaxyz caaaaaaaxyz caaaaaaaxyz responsible"]
    assert kernel(lexicon, texts) == reference(terms, texts)


def test_a_full_table_finds_each_key_and_no_other() -> None:
    keys = np.arange(1, 5000, dtype=np.uint64) << np.uint64(17)
    table = Table(np.concatenate([keys, keys[::-1]]))
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
    terms = tuple(sorted(set(TERMS[:30])))
    role = Head(drawn.normal(size=len(terms)), np.ones(len(terms)), float(drawn.normal()))
    scope = other_work(drawn, len(terms))
    card = ModelCard("random", "", "", {}, "")
    return RoleModel(terms, drawn.uniform(1, 5, len(terms)), role, scope, card)


@settings(max_examples=60, deadline=None)
@given(st.lists(built | wild, min_size=1, max_size=5), st.integers(0, 3))
def test_scores_are_the_scikit_learn_pipelines(texts: list[str], seed: int) -> None:
    chosen = model(seed)
    scores = chosen.scores(chosen.lexicon.count(texts))
    expected = features.pipeline(chosen).decision_function(texts)
    np.testing.assert_allclose(scores[:, 0], expected, rtol=0, atol=1e-9)
    inside = features.scope_pipeline(chosen).predict_proba(texts)[:, 0]
    np.testing.assert_allclose(1.0 / (1.0 + np.exp(-scores[:, 1])), inside, rtol=0, atol=1e-9)
