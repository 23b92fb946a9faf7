"""Hash tables that NumPy builds and probes in rounds: whole arrays of keys at once."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Keys = NDArray[np.unsignedinteger[Any]]
Numbers = NDArray[np.int32]
Places = NDArray[np.int64]

FIRST_WORD_BYTE = ord("0")  # bytes below it separate words
_WINDOW = 8  # bytes of a word that are looked at together
_SPREAD = 0x9E3779B97F4A7C15  # odd: multiplying by it parts all keys


class HashTable:
    """Numbers for whole keys above zero, from 1 on; 0 is the number of every other key.

    `numbers` are those of the keys it was made of, equal keys having one; `places` says for each
    number where one of the keys that have it stood.
    """

    def __init__(self, keys: Keys) -> None:
        own = np.sort(keys)
        own = own[np.append(True, own[1:] != own[:-1])[: len(own)]]
        bits = max(4, (3 * len(own)).bit_length())  # at most a third full: few second looks
        width = 8 * keys.dtype.itemsize
        self._spread = keys.dtype.type(_SPREAD >> (64 - width) | 1)
        self._shift = keys.dtype.type(width - bits)
        self._last = (1 << bits) - 1
        self._keys = np.zeros(1 << bits, dtype=keys.dtype)
        self._numbers = np.zeros(1 << bits, dtype=np.int32)
        pending = np.arange(1, len(own) + 1, dtype=np.int32)
        slots = self._home(own)
        while len(pending):
            free = np.flatnonzero(self._numbers.take(slots) == 0)
            self._numbers[slots.take(free)] = pending.take(free)
            left = np.flatnonzero(self._numbers.take(slots) != pending)
            pending, slots = pending.take(left), (slots.take(left) + 1) & self._last
        used = np.flatnonzero(self._numbers)
        self._keys[used] = own.take(self._numbers.take(used) - 1)
        self.numbers: Numbers = self.find(keys)
        self.places: Places = np.zeros(len(own), dtype=np.int64)
        self.places[self.numbers - 1] = np.arange(len(keys))

    def __len__(self) -> int:
        return len(self.places)

    def find(self, keys: Keys) -> Numbers:
        """Return the number of each key, 0 where it is none of the table's."""
        slots, held = self._probe(keys)
        return self._numbers.take(slots) * held

    def hits(self, keys: Keys) -> tuple[Places, Numbers]:
        """Return which of the keys are the table's, and their numbers."""
        slots, held = self._probe(keys)
        at = np.flatnonzero(held)
        return at, self._numbers.take(slots.take(at))

    def _probe(self, keys: Keys) -> tuple[Places, NDArray[np.bool_]]:
        """Return where each key is or would be, and whether it is there."""
        slots = self._home(keys)
        there = self._keys.take(slots)
        held = there == keys
        at = np.flatnonzero(~held & (there != 0))  # another key's slot: look in the next one
        slot, key = slots.take(at), keys.take(at)
        while len(at):
            slot = (slot + 1) & self._last
            there = self._keys.take(slot)
            right = there == key
            hit = np.flatnonzero(right)
            held[at.take(hit)] = True
            slots[at.take(hit)] = slot.take(hit)
            more = np.flatnonzero(~right & (there != 0))
            at, slot, key = at.take(more), slot.take(more), key.take(more)
        return slots, held

    def _home(self, keys: Keys) -> Places:
        return ((keys * self._spread) >> self._shift).astype(np.int64)


class Words:
    """The words in a row of bytes: where each stands, and its bytes eight at a time."""

    def __init__(self, codes: Bytes) -> None:
        """Find the words; the row begins and ends with a separator."""
        in_word = codes >= FIRST_WORD_BYTE
        edges = np.flatnonzero(in_word[1:] != in_word[:-1]) + 1
        self.starts: Places = edges[0::2]
        self.lengths: Places = edges[1::2] - self.starts
        padded = np.zeros(len(codes) // _WINDOW * _WINDOW + 3 * _WINDOW, dtype=np.uint8)
        padded[: len(codes)] = codes
        self._blocks = padded.view("<u8")

    def windows(self) -> int:
        """Return how many windows the longest word fills."""
        return -(-int(self.lengths.max(initial=1)) // _WINDOW)

    def reaching(self, number: int) -> Places:
        """Return which words reach into a window, the first being 0."""
        return np.flatnonzero(self.lengths > number * _WINDOW)

    def window(self, number: int, words: Places | slice) -> Keys:
        """Return the bytes that some words have in a window which they reach, as a number."""
        starts = self.starts[words] + number * _WINDOW
        blocks = starts >> 3
        skipped = ((starts & 7) << 3).view(np.uint64)
        low = self._blocks.take(blocks) >> skipped
        blocks += 1
        high = (self._blocks.take(blocks) << np.uint64(1)) << (np.uint64(63) - skipped)
        left = np.minimum(self.lengths[words] - number * _WINDOW, _WINDOW)
        found: Keys = (low | high) & _MASKS.take(left)
        return found

    def same(self, others: Places) -> bool:
        """Say whether each word is the same as another one given for it, which shares its key."""
        if not np.array_equal(self.lengths, self.lengths.take(others)):
            return False
        for number in range(self.windows()):
            words = self.reaching(max(number, 1))  # shorter words that share a key are the same
            words = words[others[words] != words]
            if not np.array_equal(self.window(number, words), self.window(number, others[words])):
                return False
        return True

    def keys(self, multipliers: Keys) -> Keys:
        """Return a 64-bit key of each word, 0 for words of more windows than there are multipliers.

        Two words of up to eight letters never share a key; others do with a chance of 2^-64.
        """
        keys: Keys = self.window(0, slice(None)) * multipliers[0]
        words = self.reaching(1)
        for number, multiplier in enumerate(multipliers[1:], 1):
            keys[words] += self.window(number, words) * multiplier
            words = words[self.lengths.take(words) > (number + 1) * _WINDOW]
        keys[words] = 0
        return keys


_MASKS = np.array([(1 << 8 * size) - 1 for size in range(_WINDOW + 1)], dtype=np.uint64)


def multipliers(windows: int, attempt: int) -> Keys:
    """Return odd numbers to key words with, others for each attempt (SplitMix64)."""
    state = np.arange(1, windows + 1, dtype=np.uint64) + np.uint64(attempt << 32)
    state *= np.uint64(_SPREAD)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (state ^ (state >> np.uint64(31))) | np.uint64(1)


class Phrases:
    """Runs of two words or more, found by their words' numbers, one word after the other."""

    def __init__(self, words: Numbers, sizes: Places, most: int) -> None:
        """Take the words of all phrases in a row, how many belong to each, and the largest word."""
        self._kind = np.dtype(
            np.uint32 if (max(most, len(sizes)) + 1) * (most + 1) < 1 << 32 else np.uint64
        )
        self._stride = self._kind.type(most + 1)
        self._levels: list[tuple[HashTable, Numbers, NDArray[np.bool_]]] = []
        names = np.flatnonzero(sizes > 1)
        starts = (np.cumsum(sizes) - sizes)[names]
        sizes = sizes[names]
        left = words[starts]
        level = 2
        while len(starts):
            table = HashTable(self._pairs(left, words[starts + level - 1]))
            whole = sizes == level
            named = np.full(len(table) + 1, -1, dtype=np.int32)
            named[table.numbers[whole]] = names[whole]
            longer = np.zeros(len(table) + 1, dtype=bool)
            longer[table.numbers[~whole]] = True
            self._levels.append((table, named, longer))
            left = table.numbers[~whole]
            names, starts, sizes = names[~whole], starts[~whole], sizes[~whole]
            level += 1

    def find(self, words: Numbers, at: Places | None = None) -> Iterator[tuple[Places, Numbers]]:
        """Yield, for two words, then for three and so on, where phrases begin and their names.

        They are looked for at some places or everywhere. No phrase may hold the last of the words.
        """
        left, right = (
            (words[:-1], words[1:]) if at is None else (words.take(at), words.take(at + 1))
        )
        for size, (table, named, longer) in enumerate(self._levels, 2):
            hits, found = table.hits(self._pairs(left, right))
            at = hits if at is None else at.take(hits)
            names = named.take(found)
            whole = np.flatnonzero(names >= 0)
            yield at.take(whole), names.take(whole)
            more = np.flatnonzero(longer.take(found))
            if not len(more):
                return
            at, left = at.take(more), found.take(more)
            right = words.take(at + size)

    def _pairs(self, left: Numbers, right: Numbers) -> Keys:
        keys: Keys = left.astype(self._kind) * self._stride + right.astype(self._kind)
        return keys
