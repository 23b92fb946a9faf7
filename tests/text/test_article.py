"""The vocabulary is the article's, whole: so many terms a list and section, all of them in it."""

import os
import re
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from jobclf.text.tokens import FUNCTION_WORDS
from jobclf.text.vocabulary import load

ARTICLE = os.environ.get("JOBCLF_ARTICLE")

# Where each section of the article begins.
HEADINGS = {
    "who_are_they": "- Who Are They?",
    "growth_trends": "Jobs and Growth Trends",
    "roles_and_responsibilities": "- Roles and Responsibilities",
    "skillset": "- The Skillset",
    "salary": "Machine Learning Engineer Salary vs",
    "differences": "-The Differences",
    "similarities": "-The Similarities",
    "top_job_roles": "- Top Job Roles",
    "": "About the Author",
}

COUNTS = {
    "data_scientist, responsibilities": (
        "who_are_they 13 roles_and_responsibilities 32 differences 4 top_job_roles 8"
    ),
    "data_scientist, skills": (
        "growth_trends 1 roles_and_responsibilities 2 skillset 9 salary 1 differences 6"
    ),
    "ml_engineer, responsibilities": (
        "who_are_they 18 roles_and_responsibilities 28 skillset 25 differences 9 top_job_roles 7"
    ),
    "ml_engineer, skills": ("growth_trends 3 skillset 18 salary 3 differences 7"),
    "both, shared": (
        "growth_trends 4 skillset 25 similarities 4 roles_and_responsibilities 5 differences 1"
    ),
}


def test_the_counts_by_list_and_section() -> None:
    found = Counter((seed.role, seed.kind, seed.section) for seed in load())
    shown = {
        f"{role or 'both'}, {kind}": " ".join(
            f"{section} {number}"
            for (of, what, section), number in found.items()
            if (of, what) == (role, kind)
        )
        for role, kind, _ in found
    }
    assert shown == COUNTS


@pytest.mark.skipif(not ARTICLE, reason="JOBCLF_ARTICLE names no copy of the article")
def test_every_term_stands_in_its_section_of_the_article_in_these_words_or_a_form() -> None:
    from nltk.stem.snowball import SnowballStemmer

    stem = SnowballStemmer("english").stem
    source = tomllib.loads(files("jobclf.text").joinpath("seeds.toml").read_text("utf-8"))
    spelling = source["spelling"]

    def stems(text: str) -> set[str]:
        words = re.findall("[a-z]+", text.lower())
        return {stem(word) for word in words if word not in FUNCTION_WORDS}

    article = Path(str(ARTICLE)).read_text(encoding="utf-8")
    ends = [article.rindex(heading) for heading in HEADINGS.values()]
    sentences = {
        section: [stems(each) for each in re.split(r"(?<=[.?!])\s|\n", article[start:end])]
        for section, start, end in zip(HEADINGS, ends, ends[1:], strict=False)
    }
    assert source["source"]["sections"] == [section for section in HEADINGS if section]
    missing = [
        f"{seed.term} ({seed.section})"
        for seed in load()
        if not any(
            stems(" ".join(spelling.get(word, word) for word in seed.term.split())) <= sentence
            for sentence in sentences[seed.section]
        )
    ]
    assert missing == []
