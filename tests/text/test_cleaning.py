"""Characters are cleaned alike wherever a text comes from, once, and in little time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jobclf
from jobclf.text import cleaning
from jobclf.text.cleaning import clean, letters
from jobclf.text.stated_titles import title_in
from jobclf.text.titles import title_role
from jobclf.text.tokens import fold, tokenize
from tests.factories import TEXTS

PAIR = "\ud83d" + "\ude00"

CASES = {
    "plain": ("Data & AI: R&D, C++, 50% off #1", "Data & AI: R&D, C++, 50% off #1"),
    "soft hyphen": ("signi\xadficant", "significant"),
    "ligatures": ("e\ufb03cient work\ufb02ows, \ufb01nd", "efficient workflows, find"),
    "ligatures of old fonts": ("\uf001nd work\uf002ows", "find workflows"),
    "wide letters": ("ＳＱＬ　＆　Ｃ＋＋", "SQL & C++"),
    "bold letters": ("\U0001d5e0\U0001d5df engineer", "ML engineer"),
    "roman number": ("Engineer Ⅱ", "Engineer II"),
    "zero-width": ("pipe\u200blines\u200d and\u2060 \ufeffmodels", "pipelines and models"),
    "marks of direction": ("\u202amodels\u202c\u200f", "models"),
    "no-break hyphen": ("scikit\u2011learn, T\u2010SQL", "scikit-learn, T-SQL"),
    "no-break spaces": ("data\xa0science\u202f2", "data science 2"),
    "selectors of a shape": ("a\ufe00\ufe0f\U000e0100\U000e01efb\ufe10", "ab\ufe10"),
    "line separators": ("duties\u2028skills\x0bpay\x85", "duties\nskills\npay…"),
    "accents apart": ("cafe\u0301", "café"),
    "a mark stays a mark": ("Kubernetes™, m², ½", "Kubernetes™, m², ½"),
    "dots and dashes stay": ("and more… – — •", "and more… – — •"),
    "bullets of symbol fonts": ("\uf0b7 deploy", "  deploy"),
    "windows-1252 read as latin-1": ("we\x92re \x93bold\x94", "we’re “bold”"),
    "decoded twice": ("youâ€™ll, cafÃ©,\xc2\xa0A/B", "you’ll, café, A/B"),
    "decoded thrice": ("youÃ¢â‚¬â„¢ll", "you’ll"),
    "Portuguese": ("São José, â, Ã", "São José, â, Ã"),
    "entities": ("R&amp;D&nbsp;&lt;3 &bull; it&#8217;s &#x41;", "R&D <3 • it’s A"),
    "entity of an entity": ("R&amp;amp;D &amp;nbsp; &amp;#38; x", "R&D   & x"),
    "entity without an end": ("a&nbsp b &amp", "a  b &"),
    "no entity": ("AT&T; R&D &copy &x; a&b=1", "AT&T; R&D &copy &x; a&b=1"),
    "entity of many digits": (f"a&#{'9' * 5000};b&#x{'f' * 5000};", "a\ufffdb\ufffd"),
    "entity of a control": ("a&#0;b&#7;", "a\ufffdb "),
    "Markdown escapes": (r"scikit\-learn, C\+\+, R\&D, 1\. \*", "scikit-learn, C++, R&D, 1. *"),
    "a backslash that escapes nothing": (r"a\b \ c", r"a\b \ c"),
    "line ends as text": (r"duties\n- build\r\n\tit", "duties\n- build\n\tit"),
    "line ends as text beside real ones": ("a\nb\\nc", "a\nb\\nc"),
    "codes as text": (r"it\u2019s \xe2\x80\xa2 \\u00e9", "it’s • é"),
    "a pair apart": (f"build {PAIR}", "build 😀"),
    "half a pair": ("build \ud800", "build \ufffd"),
    "controls": ("a\0b\x07c\x7f", "a b c "),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "cleaned"), CASES.values(), ids=CASES.keys())
def test_characters_are_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


# fmt: off
_PIECES = st.sampled_from((
    "&amp;", "&lt;", "&#108;", "&", "amp;", "#38;", "lt;", "&nbsp", "&#xad;", "&#92;", "\\", "\\n",
    "\\t", "\\u0026", "\\xe2\\x80\\x99", "n", "-", "+", "é", "e\u0301", "\u0301", "か", "\u3099",
    "\u0345", "ﬁ", "Ⅳ", "\u200b", "\xad", "\u2011", "＆", "ｌ", "；", "â€™", "Ã¢â‚¬â„¢", "Ã", "‚",
    "\x80", "\x92", "\0", "\x0b", "…", "™", "\uf0b7", "\U0001d5e0", "\ud83d", "\ude00",
))
# fmt: on
DIRTY = TEXTS | st.lists(_PIECES | st.text(st.characters(codec=None), max_size=3)).map("".join)


@given(DIRTY)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode()


@given(DIRTY, DIRTY)
def test_a_clean_text_has_the_same_words(text: str, other: str) -> None:
    assert tokenize(clean(text)) == tokenize(text)
    assert letters([other, text, other])[1] == letters([text])[0]


def test_every_letter_is_cleaned_as_far_as_it_makes_words() -> None:
    changed = [chr(code) for code in (*range(0x80, 0xD800), *range(0xE000, 1 << 16))]
    texts = [f"a{each}b" for each in changed if cleaning._spelling(each) != each]
    quick = letters(texts)
    found = {text: fold(quick[at]).split() for at, text in enumerate(texts)}
    assert found == {text: fold(clean(text)).split() for text in texts}


@pytest.mark.parametrize("code", [*range(32), 127])
def test_a_control_is_a_space_or_an_end_of_line(code: int) -> None:
    kept = {9: "\t", 10: "\n", 11: "\n", 12: "\n", 13: "\r"}
    assert clean(f"a{chr(code)}b") == f"a{kept.get(code, ' ')}b"


def test_a_letter_has_eight_marks_at_most() -> None:
    assert clean("x" + "\u0316" * 20 + "y") == "x" + "\u0316" * 8 + "y"


HURTFUL = {
    "marks on a letter": "a" + "\u0301\u0316" * 300_000,
    "entities in entities": "&" + "amp;" * 500_000,
    "ampersands": "&" * 1_000_000 + "#38;" * 100_000,
    "backslashes": "\\" * 1_000_000 + "n" + "\\" * 1_000_000 + "x4",
    "digits": "&#" + "1" * 1_000_000,
    "names": "&a" * 500_000,
    "decoded twice": "â€" * 500_000,
    "everything there is": "".join(map(chr, range(0x80, 0xD7FF))) * 10,
}


@pytest.mark.slow
@pytest.mark.parametrize("text", HURTFUL.values(), ids=HURTFUL.keys())
def test_no_text_takes_more_than_its_length(text: str) -> None:
    assert len(clean(text)) <= len(text)


POSTING = (
    "We look for a colleague who finds significant effects and deploys efficient workflows with "
    "scikit-learn and C++; you serve models in production & monitor them for our R&D. " * 3
)
DISGUISES = {
    "soft hyphens": POSTING.replace("ci", "c\xadi"),
    "ligatures": POSTING.replace("fi", "ﬁ").replace("fl", "ﬂ"),
    "zero-width spaces": POSTING.replace("o", "o\u200b"),
    "no-break hyphens and spaces": POSTING.replace("-", "\u2011").replace(" ", "\xa0"),
    "entities": POSTING.replace("&", "&amp;").replace(" ", "&nbsp;"),
    "escapes": POSTING.replace("-", r"\-").replace("+", r"\+").replace("&", r"\&"),
}


@pytest.mark.parametrize("text", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_string_in_disguise_is_answered_alike(text: str) -> None:
    assert jobclf.predict(text) == jobclf.predict(POSTING)
    assert list(jobclf.predict_many([text, POSTING])) == [jobclf.predict(POSTING)] * 2
    found = jobclf.explain(text)
    assert found.text == POSTING
    for phrase in found.phrases:
        start, end = phrase.places[0]
        assert phrase.text == " ".join(found.text[start:end].split())


def test_titles_are_cleaned_too() -> None:
    assert title_role("Data\xa0Scien\xadtist") is jobclf.Role.DATA_SCIENTIST
    assert (
        title_in("\u200b\nData\xa0Scientist &amp; Analyst\nYou do.") == "Data Scientist & Analyst"
    )
