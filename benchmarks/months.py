"""How accuracy and calibration go by month, and on months that nothing was learned from.

usage: python -m benchmarks.months CORPORA

Learned and calibrated on what was posted before March 2026 or is undated, of other companies than
those of later; judged on March to May 2026, by labels from content, titles hidden and shown. The
months before are those of the fifth that the model was calibrated on and has not learned from.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import corpora
from benchmarks.accuracy import line, say
from benchmarks.adaptation import base_without
from benchmarks.train_base import MIN_DF
from jobclf.classifier.heads import calibrated
from jobclf.text import vocabulary
from jobclf.training import calibration, features, fitting, recipe
from jobclf.training.priors import seed_model

FIRST = "2026-03"  # the first month that nothing is learned from
MIN_POSTINGS = 40  # postings of a month that is shown
_MONTH = re.compile(r"\b(20\d\d)[-/](\d\d)\b")


def main(folder: str) -> None:
    """Print accuracy, AUC and calibration error of each month."""
    corpus = corpora.load(Path(folder))
    postings = corpus.postings
    months = np.array([*map(month, postings.columns["posted"])])
    two = postings.in_scope & np.isin(corpus.why, (*corpora.RANDOM, corpora.RECENT))
    gold = two & (months >= FIRST)
    later = months >= FIRST
    prior = seed_model(vocabulary.load(), families=corpora.FAMILIES)
    prepared = recipe.prepare(postings.normal, prior, min_df=MIN_DF)
    say("learning")
    model, held_out = base_without(postings, prepared, later)
    role = np.full(len(postings), np.nan)
    at = np.union1d(held_out, np.flatnonzero(gold))
    normal = [postings.normal[each] for each in at]
    scores = fitting.raw_scores(model, features.count_matrix(normal, model.terms))
    role[at] = calibrated(scores[:, 0], model.role)
    part = postings.part(held_out)
    own = scores[np.searchsorted(at, held_out)]
    model = replace(model, titles=calibration.title_head(own, part, model))
    shown, new = role.copy(), np.flatnonzero(gold)
    titles = [postings.titles[each] for each in new]
    shown[new] = model.probabilities([postings.texts[each] for each in new], titles)[0]
    learned = sum(model.card.postings.values())
    print(f"learned from {learned} postings, calibrated on {len(part)} more, all of before")
    line("March to May 2026, hidden", postings, role, gold)
    line("March to May 2026, shown", postings, shown, gold)
    print("\nBy year, the last ones by month, titles hidden")
    for name, those in _periods(months):
        among = two & those & ~np.isnan(role)
        if among.sum() >= MIN_POSTINGS:
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
