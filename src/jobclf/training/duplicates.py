"""Near duplicates, and the groups of postings that must not be parted."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from jobclf.text.tokens import BREAK

Runs = NDArray[np.uint64]

SHINGLE = 6  # words in a run that two near duplicates share
_MIX = np.uint64(0x9E3779B97F4A7C15)  # odd: multiplying by it loses no bit
SKETCH = 48  # smallest run hashes kept for each posting
NEAR = 0.25  # share of the sketch in common that makes two postings near duplicates
_COMMON = 60  # a run in more postings than this is boilerplate, or of many copies
# What boards write where the company is not told.
_NO_COMPANY = (
    "confidential confidentialcompany companyconfidential undisclosed notdisclosed anonymous "
    "private privatecompany unknown none null nan na notavailable notspecified unspecified hidden "
    "client ourclient stealth stealthstartup stealthmode various"
)
_NOT_COMPANIES = frozenset(_NO_COMPANY.split())


def group(pairs: Iterable[tuple[int, int]], companies: Sequence[str | None]) -> NDArray[np.int64]:
    """Give near duplicates, and postings of one company, the same number.

    A company of more than half of the postings is what they are about: held out whole, it would
    leave too little to learn from, so it holds nothing together.
    """
    parents = list(range(len(companies)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    keys = list(map(_company_key, companies))
    sizes = Counter(keys)
    by_company: dict[str, int] = {}
    for at, key in enumerate(keys):
        if key and 2 * sizes[key] <= len(keys):
            parents[root(at)] = root(by_company.setdefault(key, at))
    for one, other in pairs:
        parents[root(one)] = root(other)
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(root(at), len(numbers)) for at in range(len(companies))])


def _company_key(company: str | None) -> str:
    """Return what tells companies apart, "" where none is named."""
    key = "".join(filter(str.isalnum, (company or "").split("\n")[0].lower()))
    return key if len(key) > 1 and key not in _NOT_COMPANIES else ""


def near_duplicates(normal: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of normalised texts that share a quarter of their runs of six words.

    The share is estimated from the smallest hashes of each text's runs (bottom-k MinHash), and
    counted where the estimate is not far above a quarter.
    """
    hashes: dict[str, int] = {}
    sketches = [frozenset(_runs(text, hashes)[:SKETCH].tolist()) for text in normal]
    pairs = []
    for one, other in _candidates(sketches):
        common = sketches[one] & sketches[other]
        if len(common) < NEAR * max(len(sketches[one]), len(sketches[other])):
            continue  # which no choice among the smallest of both can make up for
        smallest = sorted(sketches[one] | sketches[other])[:SKETCH]
        both = len(common.intersection(smallest))
        if both >= 2 * NEAR * len(smallest) or (
            both >= NEAR * len(smallest)
            and _share(_runs(normal[one], hashes), _runs(normal[other], hashes)) >= NEAR
        ):
            pairs.append((one, other))
    return pairs


def _candidates(sketches: Sequence[frozenset[int]]) -> Iterator[tuple[int, int]]:
    """Yield pairs that may share enough; of a common run neighbours alone, which chain its copies.

    Most pairs share one run or two: these are counted, and never made.
    """
    times = Counter(run for sketch in sketches for run in sketch)
    holders: dict[int, list[int]] = defaultdict(list)
    for other, sketch in enumerate(sketches):
        shared = Counter[int]()
        frequent = 0  # of which not all holders are counted
        for run in sketch:
            before = holders[run]
            if times[run] > _COMMON:
                frequent += 1
                shared.update(before[-1:])
            else:
                shared.update(before)
            before.append(other)
        least = NEAR * len(sketch) - frequent
        yield from ((one, other) for one, count in shared.items() if count >= least)


def _share(one: Runs, other: Runs) -> float:
    """Return the share of all runs that two texts have in common."""
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)


def _runs(text: str, hashes: dict[str, int]) -> Runs:
    """Return the hashes of the runs of words, ascending; `hashes` keeps those of the words."""
    found = words(text)
    for word in set(found).difference(hashes):
        hashes[word] = zlib.crc32(word.encode())
    each = np.fromiter(map(hashes.__getitem__, found), np.uint64, len(found))
    size = min(SHINGLE, len(found))
    count = len(found) - size + 1
    runs = np.full(count, size, np.uint64)
    for place in range(size):
        runs = (runs ^ each[place : place + count]) * _MIX
        runs ^= runs >> np.uint64(29)
    runs *= _MIX
    runs ^= runs >> np.uint64(32)
    return np.unique(runs)


def words(text: str) -> list[str]:
    """Return the words of a normalised text."""
    return [word for word in text.split() if word != BREAK]
