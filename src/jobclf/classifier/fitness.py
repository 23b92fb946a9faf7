"""What a text must be to be judged: long enough, English, no other document and no list of jobs.

Length is the text's own, and so is its language: what a model does not know is no reason to refuse.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jobclf import limits
from jobclf.classifier.counts import Integers, TermCounts
from jobclf.errors import PostingError, Reason
from jobclf.text.forms import is_cv
from jobclf.text.job_lists import Position, is_job_list, positions
from jobclf.text.other_documents import is_of_company, other_document
from jobclf.text.patterns import pattern
from jobclf.text.stated_titles import names_file, title_in
from jobclf.text.titles import title_kind

MIN_POSTING_WORDS = 30  # below which a text says too little to be judged
# English has a good share of "the", "and", "of"; a terse list of skills has none, but known words.
ENGLISH_FUNCTION_SHARE = 0.13
ENGLISH_KNOWN_SHARE = 0.5
_LEAST_KNOWN_SHARE = 0.05  # of a terse list, by a model that knows little
_OTHER_FUNCTION_WORDS = (  # of European languages
    "der die das und mit für von wir ist ein eine zu den dem im sie oder auf bei als zur zum sind "
    "le la les et des du une pour dans vous nous sur avec est qui au aux par votre notre que ou "
    "el los las y en con para por una del se su que un es al lo como o de da do dos das em um uma "
    "os na no com il di che e per sono della nel gli het een van voor met je wij zijn bij aan te "
    "och att det som på av för är i w z na do się oraz jest"
)
_MOST_OTHER = 2.0  # of them for each English function word
_LEAST_OTHER = 0.08  # of words, above which they tell another language that is full of known terms
_SAMPLE = 5000  # letters that tell a language
_OTHER_SCRIPT = pattern(r"[^\W\d_\x00-\u036f\u1d00-\u2e7f\ua640-\uabff\ud800-\U0010ffff]")
_MOST_OTHER_SCRIPT = 0.15  # of letters; terms alone are written in those of English then
_WORDS = pattern(r"[^\W\d_]+")


def likely_unfit(words: Integers, function: Integers) -> Integers:
    """Return the places of the texts that `unfit` may refuse; it passes all others.

    A text that is too long has no words here.
    """
    english = function >= ENGLISH_FUNCTION_SHARE * words
    return np.flatnonzero((words < MIN_POSTING_WORDS) | ~english)


def unfit(text: str, words: int, known: int, function: int) -> PostingError | None:
    """Return why a text cannot be judged, None if it can.

    Parameters
    ----------
    text : str
        The text of the posting.
    words, known, function : int
        How many words it has, how many of them the model knows, how many are function words.
    """
    if len(text) > limits.TEXT:
        fact = f"the posting has over {limits.TEXT:,} letters"
        return PostingError(fact, "give one posting alone", reason=Reason.TOO_LARGE)
    if words == 0:
        return PostingError("the posting is empty", "give its full text", reason=Reason.EMPTY)
    if words < MIN_POSTING_WORDS:
        counted = f"{words} {'word' if words == 1 else 'words'}"
        fact = f"the posting has {counted} and {MIN_POSTING_WORDS} are needed"
        remedy = "too short to judge, give all of it"
        return PostingError(fact, remedy, reason=Reason.TOO_SHORT)
    if not _is_english(text, words, known, function):
        counted = f"{known} of {words} words {'is' if known == 1 else 'are'} known"
        if known >= ENGLISH_KNOWN_SHARE * words:  # terms of the field, in any language
            counted = f"{function} of {words} words are such as 'the' and 'of'"
        fact = f"only {counted}, so it is hardly English"
        return PostingError(fact, "translate it", reason=Reason.NOT_ENGLISH)
    return None


def refusals(
    texts: Sequence[str], counts: TermCounts, claims: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], dict[int, PostingError]]:
    """Return which texts say too little, so that the title decides, and why others are refused.

    `claims` tells whose title claims a role, which the name of a file does not.
    """
    by_title, faults = np.zeros(len(texts), bool), {}
    for at in likely_unfit(counts.words, counts.function).tolist():
        words, known = int(counts.words[at]), int(counts.known[at])
        fault = unfit(texts[at], words, known, int(counts.function[at]))
        if fault is None:
            continue
        little = fault.reason in {Reason.TOO_SHORT, Reason.EMPTY} and bool(texts[at].strip())
        if little and claims[at] and not names_file(texts[at]):
            by_title[at] = True
        else:
            faults[at] = fault
    return by_title, faults


def other_form(text: str, title: str | None = None) -> PostingError | None:
    """Return what a text is that is no posting by its form, None if it may be one.

    Parameters
    ----------
    text : str
        The text of the posting.
    title : str or None
        Its title; looked for in the first lines without one.
    """
    if is_cv(text):
        fact = "the text is a CV, by its headings and spans of years"
        return PostingError(fact, "give a posting", reason=Reason.NOT_POSTING)
    if kind := other_document(text):
        fact = f"the text is {kind}"
        return PostingError(fact, "give the posting itself", reason=Reason.NOT_POSTING)
    if is_job_list(text):
        fact = "the text is a list of jobs"
        return PostingError(fact, "give one posting alone", reason=Reason.LIST)
    if found := positions(text):
        fact = f"the text holds {len(found)} postings, the first two are {_quoted(found[:2])}"
        return PostingError(fact, "give each alone", reason=Reason.LIST)
    if is_of_company(text):
        stated = title_in(text) if title is None else title
        if title_kind(stated or "") is None:
            fact = "the text says what a company is and nothing of a job"
            return PostingError(fact, "give the posting itself", reason=Reason.NOT_POSTING)
    return None


def _quoted(found: Sequence[Position]) -> str:
    return " and ".join(repr(each.title) for each in found)


def _is_english(text: str, words: int, known: int, function: int) -> bool:
    if function >= ENGLISH_FUNCTION_SHARE * words:
        return True
    if known < _LEAST_KNOWN_SHARE * words:
        return False
    found = _WORDS.findall(text[:_SAMPLE].lower())
    those = frozenset(_OTHER_FUNCTION_WORDS.split())
    foreign = sum(word in those for word in found) / max(len(found), 1)
    script = len(_OTHER_SCRIPT.findall(text[:_SAMPLE]))
    if script > _MOST_OTHER_SCRIPT * sum(map(len, found)):
        return False
    if known >= ENGLISH_KNOWN_SHARE * words:
        return foreign <= max(_LEAST_OTHER, function / words)
    return foreign <= _MOST_OTHER * max(function, 1) / words
