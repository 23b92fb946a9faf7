"""One normaliser, one tokeniser: what they keep, what they drop, and the laws they hold."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobclf.text.cleaning import letters
from jobclf.text.tokens import (
    BOILERPLATE,
    BREAK,
    FUNCTION_WORDS,
    JOINED,
    fold,
    ngrams,
    normalize,
    tokenize,
    tokens,
)
from tests.factories import TEXTS

CASES = {
    "plus signs": ("C++, C++; c++", "c++ c++ c++"),
    "sharps": ("C# and F#", "c# and f#"),
    "two languages at a slash": ("C/C++", "c c++"),
    "r alone": ("R, SQL", "r sql"),
    "r in brackets": ("statistics (R)", "statistics r"),
    "single letters are crumbs": ("s t u v", ""),
    "ci/cd": ("CI/CD pipelines", "ci/cd pipelines"),
    "a/b": ("A/B-tests", "a/b tests"),
    "another slash parts": ("train/serve", "train serve"),
    "scikit-learn": ("scikit-learn, Scikit-Learn", "scikit-learn scikit-learn"),
    "another hyphen parts": ("end-to-end", "end to end"),
    "node.js": ("Node.js.", "node.js"),
    ".net": ("ASP.NET and .NET", "asp.net and .net"),
    "r&d": ("R&D", "r&d"),
    "another ampersand parts": ("terms&conditions", "terms conditions"),
    "full stop": ("models. Deploy", "models deploy"),
    "numbers": ("12+ years, 10x", "12 years 10x"),
    "bullets": ("• build\n‣ test\n● ship\n◦ run\n- mend\n* keep", "build test ship run mend keep"),
    "dashes": ("build – test — ship", "build test ship"),
    "smart quotes": ("“we’re” ‘bold’", "we re bold"),
    "straight quotes": ("\"we're\" 'bold'", "we re bold"),
    "non-breaking space": ("machine\u00a0vision", "machine vision"),
    "zero width space": ("pipe\u200blines", "pipelines"),
    "soft hyphen": ("pipe\u00adlines", "pipelines"),
    "no-break hyphen": ("scikit\u2011learn", "scikit-learn"),
    "Markdown escapes": (r"C\+\+, scikit\-learn", "c++ scikit-learn"),
    "byte order mark": ("\ufeffmodels", "models"),
    "accents": ("Café Zürich naïve São Łódź", "cafe zurich naive sao lodz"),
    "accents apart": ("cafe\u0301", "cafe"),
    "full width": ("ＳＱＬ", "sql"),
    "bold letters": ("\U0001d5e0\U0001d5ff", "mr"),
    "another script": ("日本 naÿf", "жж nayf"),
    "emoji": ("build 🚀 fast", "build fast"),
    "a title": ("Data Scientist", "|"),
    "a title among words": ("we seek a Senior Data Scientist now", "we seek | now"),
    "a long title": ("Lead Machine Learning Platform Engineer wanted", "| wanted"),
    "the plural": ("our data scientists decide", "our | decide"),
    "a bare engineer": ("with engineers and scientists", "with | and |"),
    "a developer with a modifier": ("software developers here", "| here"),
    "a bare analyst stays": ("an analyst here", "an analyst here"),
    "engineering stays": ("software engineering", "software engineering"),
    "data science stays": ("data science", "data science"),
    "furniture": ("build models Show more", "build models |"),
    "furniture in capitals": ("APPLY NOW\nship", "| ship"),
    "half of furniture stays": ("show results", "show results"),
    "nothing": ("", ""),
    "spaces": (" \t\r\n ", ""),
    "marks alone": ("+ # / - . & ++ --", ""),
}


@pytest.mark.parametrize(("text", "words"), CASES.values(), ids=CASES.keys())
def test_normalize(text: str, words: str) -> None:
    assert normalize(text) == words


@pytest.mark.parametrize("term", JOINED)
def test_a_joined_term_is_one_word_in_a_sentence(term: str) -> None:
    assert tokenize(f"We use {term.upper()}, daily") == ["we", "use", term, "daily"]


@pytest.mark.parametrize("phrase", BOILERPLATE)
def test_boilerplate_of_pages_is_dropped(phrase: str) -> None:
    assert tokenize(f"alpha {phrase.title()} beta") == ["alpha", BREAK, "beta"]


TERMS = {
    "function words are passed over": ("deploy a model to the cloud", 2, "deploy model"),
    "and do not end a term": ("analysis of the trends", 2, "analysis trends"),
    "three words": ("build data pipelines", 3, "build data pipelines"),
}


@pytest.mark.parametrize(("text", "longest", "term"), TERMS.values(), ids=TERMS.keys())
def test_a_term_is_found(text: str, longest: int, term: str) -> None:
    assert term in list(ngrams(tokenize(text), longest))


def test_no_term_crosses_a_break() -> None:
    found = list(ngrams(tokenize("build Data Scientist models"), 3))
    assert found == ["build", "models"]


def test_no_term_is_a_function_word() -> None:
    assert not list(ngrams(sorted(FUNCTION_WORDS), 2))


@given(TEXTS)
@example("c/c++")
@example("|data| scientist")
@example(".c++")
def test_normalizing_twice_is_normalizing_once(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


@given(TEXTS)
def test_fold_gives_one_byte_a_character_and_a_space_on_both_sides(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text) + 2
    assert folded[:1] == folded[-1:] == b" "


@given(TEXTS)
def test_every_token_points_at_its_word(text: str) -> None:
    (text,) = letters([text])
    last = 0
    for token in tokens(text):
        assert last <= token.start < token.end <= len(text)
        last = token.end
        if token.word != BREAK:
            assert len(token.word) == token.end - token.start
            assert tokenize(text[token.start : token.end])[:1] == [token.word] or any(
                mark in token.word for mark in "+#/-.&"
            )


@given(TEXTS)
def test_case_does_not_matter_in_plain_english(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert normalize(plain.upper()) == normalize(plain.lower())


@given(TEXTS, st.integers(1, 4))
def test_terms_are_made_of_the_words_of_the_text(text: str, longest: int) -> None:
    words = tokenize(text)
    for term in ngrams(words, longest):
        parts = term.split(" ")
        assert len(parts) <= longest
        assert set(parts) <= set(words) - FUNCTION_WORDS - {BREAK}


BLOCKS = [(0x250, 0x2000), (0x2C00, 0x3000), (0x3040, 0xD800), (0xF900, 0xFE00)]


def test_letters_of_other_scripts_are_letters_and_all_else_is_a_space() -> None:
    """One by one and many at a time, where a table is looked up."""
    codes = [code for block in BLOCKS for edge in block for code in (edge - 1, edge)]
    codes += [0x2AF, 0x2B0, 0x36F, 0x370, 0x1E00, 0x1F00, 0x1D7FF, 0x1D801, 0x1F600, 0x10FFFF]
    one_by_one = [fold(chr(code)) for code in codes]
    many = "".join(map(chr, codes)) * 10
    assert fold(many) == b" " + b"".join(each[1:-1] for each in one_by_one) * 10 + b" "
    letters = {code for code, each in zip(codes, one_by_one, strict=True) if each == b" \xff "}
    within = {code for code in codes if any(code in range(*block) for block in BLOCKS)}
    assert letters == (within | {0x24F}) - {*range(0x2B0, 0x370), 0x1E00}
    assert fold(chr(0x1E00)) == b" a "
