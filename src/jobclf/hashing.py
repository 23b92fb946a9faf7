"""Hash tables that NumPy builds and probes in rounds: whole arrays of keys at once."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Keys = NDArray[np.uint64]
Numbers = NDArray[np.int32]
Places = NDArray[np.int64]

FIRST_WORD_BYTE = ord("0")  # bytes below it separate words
_WINDOW = 8  # bytes of a word that are looked at together
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # odd: multiplying by it parts all keys


class Table:
    """Numbers for 64-bit keys, from 1 on; 0 is the number of every other key.

    `numbers` are those of the keys it was made of, equal keys having one; `first` says for each
    number which of them had it first.
    """

    def __init__(self, keys: Keys) -> None:
        bits = max(4, (4 * len(keys)).bit_length())  # at most a quarter full: few second looks
        self._shift = np.uint64(64 - bits)
        self._last = (1 << bits) - 1
        owners = np.full(1 << bits, -1, dtype=np.int64)
        settled = np.zeros(len(keys), dtype=np.int64)
        pending = np.arange(len(keys))
        slots = self._home(keys)
        while len(pending):
            free = owners[slots] < 0
            owners[slots[free]] = pending[free]
            done = keys[owners[slots]] == keys[pending]
            settled[pending[done]] = slots[done]
            pending, slots = pending[~done], (slots[~done] + 1) & self._last
        used = np.flatnonzero(owners >= 0)
        self._slots = np.zeros(1 << bits, dtype=np.int32)
        self._slots[used] = np.arange(1, len(used) + 1)
        self._keys = np.append(np.zeros(1, dtype=np.uint64), keys[owners[used]])
        self.numbers: Numbers = self._slots[settled]
        self.first: Places = owners[used]

    def __len__(self) -> int:
        return len(self.first)

    def find(self, keys: Keys) -> Numbers:
        """Return the number of each key, 0 where it is none of the table's."""
        slots = self._home(keys)
        found = self._slots.take(slots)
        right = self._keys.take(found) == keys
        at = np.flatnonzero(~right)
        at = at[found.take(at) != 0]  # the slot is another key's: look in the next one
        found *= right
        slots, keys = slots.take(at), keys.take(at)
        while len(at):
            slots = (slots + 1) & self._last
            tried = self._slots.take(slots)
            right = self._keys.take(tried) == keys
            found[at[right]] = tried[right]
            more = ~right & (tried != 0)
            at, slots, keys = at[more], slots[more], keys[more]
        return found

    def _home(self, keys: Keys) -> Places:
        return ((keys * _SPREAD) >> self._shift).view(np.int64)


class Words:
    """The words in a row of bytes: where each stands, and its bytes eight at a time."""

    def __init__(self, codes: Bytes) -> None:
        """Find the words; the row begins and ends with a separator."""
        inside = codes >= FIRST_WORD_BYTE
        edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
        self.starts: Places = edges[0::2]
        self.lengths: Places = edges[1::2] - self.starts
        # Eight copies, each shifted by a byte: every window is one aligned 64-bit number in one.
        width = len(codes) // 8 + 2
        copies = np.empty((8, width * 8), dtype=np.uint8)
        for shift in range(8):
            size = max(len(codes) - shift, 0)
            copies[shift, :size] = codes[len(codes) - size :]
        self._copies = copies.reshape(-1).view("<u8")
        self._places = (self.starts & 7) * width + (self.starts >> 3)

    def windows(self) -> int:
        """Return how many windows the longest word fills."""
        return -(-int(self.lengths.max(initial=1)) // _WINDOW)

    def window(self, number: int) -> Keys:
        """Return the bytes of one window of each word as a number, 0 past its end."""
        return self._window(number, slice(None))

    def keys(self, multipliers: Keys) -> Keys:
        """Return a 64-bit key of each word, 0 for words of more windows than there are multipliers.

        Two words of up to eight letters never share a key; others do with a chance of 2^-64.
        """
        keys = self._window(0, slice(None)) * multipliers[0]
        some: slice | Places = slice(None)
        for number, multiplier in enumerate(multipliers[1:], 1):
            if number > 1:  # few words are that long
                some = np.flatnonzero(self.lengths > number * _WINDOW)
            keys[some] += self._window(number, some) * multiplier
        keys[self.lengths > len(multipliers) * _WINDOW] = 0
        return keys

    def _window(self, number: int, some: slice | Places) -> Keys:
        left = np.clip(self.lengths[some] - number * _WINDOW, 0, _WINDOW)
        ends = np.where(left > 0, self._places[some] + number, 0)
        found: Keys = self._copies.take(ends) & _MASKS.take(left)
        return found


_MASKS = np.array([(1 << 8 * size) - 1 for size in range(_WINDOW + 1)], dtype=np.uint64)


def multipliers(windows: int, attempt: int) -> Keys:
    """Return odd numbers to key words with, others for each attempt (SplitMix64)."""
    state = np.arange(1, windows + 1, dtype=np.uint64) + np.uint64(attempt << 32)
    state = state * _SPREAD
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (state ^ (state >> np.uint64(31))) | np.uint64(1)


class Phrases:
    """Runs of two words or more, found by their words' numbers, one word after the other."""

    def __init__(self, words: Numbers, sizes: Places, names: Places) -> None:
        """Take the words of all phrases in a row, how many belong to each, and their names."""
        self._levels: list[tuple[Table, Numbers, NDArray[np.bool_]]] = []
        names = names[sizes > 1]
        starts = (np.cumsum(sizes) - sizes)[sizes > 1]
        sizes = sizes[sizes > 1]
        left = words[starts]
        level = 2
        while len(starts):
            table = Table(_pairs(left, words[starts + level - 1]))
            whole = sizes == level
            named = np.full(len(table) + 1, -1, dtype=np.int32)
            named[table.numbers[whole]] = names[whole]
            longer = np.zeros(len(table) + 1, dtype=bool)
            longer[table.numbers[~whole]] = True
            self._levels.append((table, named, longer))
            left = table.numbers[~whole]
            names, starts, sizes = names[~whole], starts[~whole], sizes[~whole]
            level += 1

    def find(self, words: Numbers, at: Places) -> Iterator[tuple[int, Places, Numbers]]:
        """Yield for each size the places among `at` where a phrase begins, and its name.

        The last of the words must belong to no phrase, and not be among `at`.
        """
        left = words.take(at)
        for size, (table, named, longer) in enumerate(self._levels, 2):
            found = table.find(_pairs(left, words.take(at + (size - 1))))
            some = np.flatnonzero(found)
            at, left = at.take(some), found.take(some)
            names = named.take(left)
            whole = names >= 0
            yield size, at[whole], names[whole]
            more = np.flatnonzero(longer.take(left))
            if not len(more):
                return
            at, left = at.take(more), left.take(more)


def _pairs(left: Numbers, right: Numbers) -> Keys:
    return (left.astype(np.uint64) << np.uint64(32)) | right.astype(np.uint64)
