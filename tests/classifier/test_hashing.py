"""Tables, words and phrases are what plain Python makes of the same bytes and numbers."""

import re
from itertools import pairwise

import numpy as np
import pytest

from jobclf.classifier.hashing import HashTable, Phrases, Words, multipliers

SPREAD = 0x9E3779B97F4A7C15
WHOLE = (1 << 64) - 1
RANDOM = np.random.default_rng(16)


def split_mix(number: int) -> int:
    """Return a number of SplitMix64 (Steele, Lea and Flood, 2014), made odd."""
    state = number * SPREAD & WHOLE
    state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & WHOLE
    state = (state ^ state >> 27) * 0x94D049BB133111EB & WHOLE
    return state ^ state >> 31 | 1


@pytest.mark.parametrize("attempt", [0, 1, 99])
def test_multipliers_are_those_of_split_mix(attempt: int) -> None:
    expected = [split_mix(number + (attempt << 32)) for number in range(1, 6)]
    assert multipliers(5, attempt).tolist() == expected


@pytest.mark.parametrize("kind", [np.uint32, np.uint64])
@pytest.mark.parametrize("size", [0, 1, 5, 300])
def test_a_table_is_a_dict_that_numbers_its_keys(kind: type[np.uint32], size: int) -> None:
    keys = RANDOM.integers(1, 1 << 20, size).astype(kind) * kind(4096)
    keys = np.append(keys, keys[: size // 2])  # some twice
    table = HashTable(keys)
    known = {key: number for number, key in enumerate(sorted(set(keys.tolist())), 1)}
    assert len(table) == len(known)
    assert table.numbers.tolist() == [known[key] for key in keys.tolist()]
    assert keys[table.places].tolist() == list(known)
    tried = np.append(keys, RANDOM.integers(1, 1 << 32, 200).astype(kind))
    expected = [known.get(key, 0) for key in tried.tolist()]
    assert table.find(tried).tolist() == expected
    at, numbers = table.hits(tried)
    assert at.tolist() == [place for place, number in enumerate(expected) if number]
    assert numbers.tolist() == [number for number in expected if number]


@pytest.mark.parametrize("kind", [np.uint32, np.uint64])
@pytest.mark.parametrize("size", [1, 5, 6, 100, 1365, 1366])
def test_a_table_is_at_most_a_third_full_and_keys_go_where_multiplying_puts_them(
    kind: type[np.uint32], size: int
) -> None:
    keys = np.arange(1, size + 1, dtype=kind)
    table = HashTable(keys)
    width, bits = 8 * keys.dtype.itemsize, max(4, (3 * size).bit_length())
    assert table._last == (1 << bits) - 1
    assert len(table._keys) == len(table._numbers) == 1 << bits
    spread = SPREAD >> 64 - width | 1
    expected = [(key * spread & (1 << width) - 1) >> width - bits for key in keys.tolist()]
    assert table._home(keys).tolist() == expected


@pytest.mark.parametrize("slot", [0, 13, 14, 15])
def test_keys_of_one_home_are_told_apart(slot: int) -> None:
    table = HashTable(np.arange(1, 6, dtype=np.uint64))
    home = table._home(np.arange(1, 4000, dtype=np.uint64))
    same = (np.flatnonzero(home == slot) + 1).astype(np.uint64)
    crowded = HashTable(same[:5])  # they go on from the last slot in the first
    assert crowded.find(same[:9]).tolist() == [1, 2, 3, 4, 5, 0, 0, 0, 0]
    assert crowded.hits(same[:9])[0].tolist() == [0, 1, 2, 3, 4]


TEXT = " a 0 to learn12 abcdefgh abcdefghi " + "x" * 16 + " " + "y" * 17 + "\n  " + "z" * 40 + " a "


def of(text: str) -> Words:
    return Words(np.frombuffer(text.encode(), dtype=np.uint8))


def test_words_are_where_they_are_and_their_windows_hold_their_bytes() -> None:
    words, found = of(TEXT), list(re.finditer("[0-z]+", TEXT))
    assert words.starts.tolist() == [match.start() for match in found]
    assert words.lengths.tolist() == [len(match[0]) for match in found]
    assert words.windows() == 5
    assert of(" ").windows() == 1
    for number in range(5):
        reached = [at for at, match in enumerate(found) if len(match[0]) > 8 * number]
        assert words.reaching(number).tolist() == reached
        expected = [found[at][0].encode()[8 * number : 8 * number + 8] for at in reached]
        held = words.window(number, words.reaching(number)).tolist()
        assert held == [int.from_bytes(each, "little") for each in expected]


def test_a_key_is_the_sum_of_multiplied_windows_and_none_for_longer_words() -> None:
    words, factors = of(TEXT), multipliers(3, 0)
    expected = []
    for match in re.finditer("[0-z]+", TEXT):
        parts = [match[0].encode()[at : at + 8] for at in range(0, len(match[0]), 8)]
        numbers = [int.from_bytes(part, "little") for part in parts]
        pairs = zip(numbers, factors.tolist(), strict=False)
        key = sum(number * factor for number, factor in pairs) & WHOLE
        expected.append(key if len(parts) <= 3 else 0)
    assert words.keys(factors).tolist() == expected


SAME = {
    "the same": ("build abcdefghij build abcdefghij ", [2, 3, 0, 1], True),
    "itself": ("build abcdefghij ", [0, 1], True),
    "another length": ("abcdefghi abcdefghij ", [1, 0], False),
    "another window": ("abcdefghX0 abcdefghY0 ", [1, 0], False),
    "a window far behind": ("a" * 24 + "X " + "a" * 24 + "Y ", [1, 0], False),
}


@pytest.mark.parametrize(("text", "others", "same"), SAME.values(), ids=SAME)
def test_words_that_share_a_key_are_compared(text: str, others: list[int], same: bool) -> None:  # noqa: FBT001
    assert of(" " + text).same(np.array(others)) is same


PHRASES = [[1, 2], [2, 3], [1, 2, 3], [4], [5, 5, 5, 5], [3, 1], [2, 3, 1, 4], [1, 2, 4]]


@pytest.mark.parametrize("most", [6, 70_000])
def test_phrases_are_found_wherever_they_stand(most: int) -> None:
    words = np.array([word for phrase in PHRASES for word in phrase], dtype=np.int32)
    phrases = Phrases(words, np.array([len(phrase) for phrase in PHRASES]), most)
    assert phrases._kind == (np.uint32 if most == 6 else np.uint64)
    text = np.append(RANDOM.integers(0, 7, 500), [0] * 4).astype(np.int32)
    text[50:56] = [2, 3, 1, 4, 0, 5]
    text[60:66] = 5
    expected = {
        (at, name)
        for name, phrase in enumerate(PHRASES)
        for at in range(len(text))
        if len(phrase) > 1 and text[at : at + len(phrase)].tolist() == phrase
    }
    rounds = list(phrases.find(text))
    found = [(at, name) for places, names in rounds for at, name in zip(places, names, strict=True)]
    assert len(found) == len(set(found))
    assert set(found) == expected
    sizes = [{len(PHRASES[name]) for name in names} for _, names in rounds]
    assert sizes == [{2}, {3}, {4}]
    some = np.arange(40, 70)
    there = [
        pair
        for places, names in phrases.find(text, some)
        for pair in zip(places, names, strict=True)
    ]
    assert set(there) == {(at, name) for at, name in expected if 40 <= at < 70}


def test_numbers_of_phrases_are_as_wide_as_they_must_be() -> None:
    pair, one = np.array([1, 2], dtype=np.int32), np.array([2])
    widths = [Phrases(pair, one, most)._kind for most in (65_534, 65_535)]
    assert widths == [np.dtype(np.uint32), np.dtype(np.uint64)]
    assert [int(Phrases(pair, one, most)._stride) for most in (2, 65_535)] == [3, 65_536]
    assert not list(pairwise(Phrases(pair[:1], one - 1, 1)._levels))
