"""How accuracy and calibration go by month, and on months that nothing was learned from.

usage: python -m benchmarks.months CORPORA

Learned and calibrated on what was posted before March 2026 or is undated, of other companies than
those judged; judged on March to May 2026, by labels from content, titles hidden and shown. Before
that the months by what the folds held out.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import corpora
from benchmarks.accuracy import line, say
from benchmarks.train_base import MIN_DF
from jobclf.text import vocabulary
from jobclf.training import recipe
from jobclf.training.priors import seed_model

FIRST = "2026-03"  # the first month that nothing is learned from
FEWEST = 40  # postings of a month that is shown
_MONTH = re.compile(r"\b(20\d\d)[-/](\d\d)\b")


def main(folder: str) -> None:
    """Print accuracy, AUC and calibration error of each month."""
    corpus = corpora.load(Path(folder))
    postings = corpus.postings
    months = np.array([*map(month, postings.columns["posted"])])
    two = postings.in_scope & np.isin(corpus.why, (*corpora.RANDOM, corpora.RECENT))
    judged = two & (months >= FIRST)
    apart = ~np.isin(postings.groups, postings.groups[judged]) & ~(months >= FIRST)
    part = postings.part(np.flatnonzero(apart))
    prior = seed_model(vocabulary.load(), families=corpora.FAMILIES)
    trained = recipe.train(part, prior, min_df=MIN_DF, progress=say)
    role = np.full(len(postings), np.nan)
    shown = role.copy()
    if trained.held_out is not None:
        role[apart] = trained.held_out[:, 0]
    texts = [postings.texts[at] for at in np.flatnonzero(judged)]
    titles = [postings.titles[at] for at in np.flatnonzero(judged)]
    role[judged] = trained.model.probabilities(texts, [""] * len(texts))[0]
    shown[judged] = trained.model.probabilities(texts, titles)[0]
    print(f"learned from {len(part)} postings, none of March 2026 or later")
    line("March to May 2026, titles hidden", postings, role, judged)
    line("March to May 2026, titles shown", postings, shown, judged)
    print("\nBy month, titles hidden; those of 2025 and 2026 by the quarter and month")
    for name, those in _periods(months):
        among = two & those & ~np.isnan(role)
        if among.sum() >= FEWEST:
            line(name, postings, role, among)


def month(posted: str) -> str:
    """Return the month of a date, "" where there is none.

    >>> month("2026-03-14T00:00"), month("14 days ago")
    ('2026-03', '')
    """
    found = _MONTH.search(posted)
    return f"{found[1]}-{found[2]}" if found else ""


def _periods(months: NDArray[np.str_]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    years = np.array([each[:4] for each in months])
    for year in ("2020", "2021", "2022", "2023", "2024", "2025"):
        yield year, years == year
    for each in sorted({each for each in months if each > "2025-06"}):
        yield each, months == each
    yield "undated", months == ""


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
