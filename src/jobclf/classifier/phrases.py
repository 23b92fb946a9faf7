"""The phrases and lines of a posting, and what each adds to the answer."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from jobclf.classifier.model import RoleModel
from jobclf.roles import KINDS, Role
from jobclf.text.lines import lines
from jobclf.text.tokens import BREAK, FUNCTION_WORDS, Token, tokens

_BULLETS = " \t#*_>\u2022\u25cf\u25aa\u25e6\u00b7\u27a2\u2713-\u2013\u2014"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the posting, and what all its places together add to the two logits.

    `text` is as it stands in the first place, `places` are half-open ranges of characters.
    `contribution` is for ML Engineer where positive and for Data Scientist where negative,
    `scope_contribution` for being one of the two. `kind` is `responsibilities`, `skills` (the
    article's, of `role`), `shared` (what it asks of both) or `learned`.
    """

    text: str
    places: tuple[tuple[int, int], ...]
    contribution: float
    scope_contribution: float
    role: Role | None
    kind: str


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A duty, requirement or other line of the posting, and what it adds to the two logits.

    `start` and `end` are its range of characters, `section` is `duties`, `requirements`, `offer`,
    `company`, `notices` or "" where no heading says. `phrases` are those in it, with their places
    in it and what they add there; their sums are the line's.
    """

    text: str
    start: int
    end: int
    section: str
    contribution: float
    scope_contribution: float
    phrases: tuple[Phrase, ...]


class _Occurrence(NamedTuple):
    term: int
    words: tuple[int, ...]  # places among the words of the text


class _Place(NamedTuple):
    line: int
    phrase: int  # the number of its term, or ~number for the part of a term that spans two lines


def taken_apart(
    model: RoleModel, text: str, role: dict[int, float], scope: dict[int, float]
) -> tuple[tuple[Phrase, ...], tuple[ExplainedLine, ...]]:
    """Choose phrases that do not overlap and share every contribution out among them.

    The terms overlap ("data", "data pipelines"). The article's are chosen first, the longer before
    the shorter, then learned ones by what each adds; a term not chosen gives what it adds to the
    phrases over its words. No phrase reaches from one line into another. The strongest for or
    against ML Engineer come first.

    Parameters
    ----------
    model : RoleModel
        The model that judged.
    text : str
        The posting, cleaned.
    role, scope : dict of int to float
        What each term of the text adds to the logit of each head.
    """
    words = tokens(text)
    spans = lines(text)
    line_of = list(_line_numbers(words, [span.end for span in spans]))
    found = list(_occurrences(model, words))
    times = Counter(each.term for each in found)
    kinds = model.kinds or bytes(len(model.terms))
    owner, ranges = _chosen(found, words, line_of, kinds, times, (role, scope))
    sums: dict[_Place, list[float]] = {place: [0.0, 0.0] for place in ranges}
    for each in found:
        owned = [owner[at] for at in each.words if at in owner]
        for place in owned:
            for head, added in enumerate((role, scope)):
                sums[place][head] += added[each.term] / times[each.term] / len(owned)

    def phrase(number: int, at: list[tuple[int, int]], added: float, in_scope: float) -> Phrase:
        said, kind = KINDS[kinds[number]] if number >= 0 else KINDS[0]
        shown = " ".join(text[slice(*at[0])].split())
        return Phrase(shown, tuple(at), added, in_scope, said, kind)

    whole: dict[int, list[_Place]] = defaultdict(list)
    by_line: dict[int, list[Phrase]] = defaultdict(list)
    for place, at in ranges.items():
        whole[place.phrase].append(place)
        by_line[place.line].append(phrase(place.phrase, at, *sums[place]))
    phrases = [
        phrase(
            number,
            sorted(at for place in places for at in ranges[place]),
            sum(sums[place][0] for place in places),
            sum(sums[place][1] for place in places),
        )
        for number, places in whole.items()
    ]
    explained = [
        ExplainedLine(
            text=" ".join(text[spans[line].start : spans[line].end].lstrip(_BULLETS).split()),
            start=spans[line].start,
            end=spans[line].end,
            section=str(spans[line].section),
            contribution=sum(each.contribution for each in within),
            scope_contribution=sum(each.scope_contribution for each in within),
            phrases=tuple(within),
        )
        for line, within in by_line.items()
    ]
    return (
        tuple(sorted(phrases, key=lambda each: -abs(each.contribution))),
        tuple(sorted(explained, key=lambda each: -abs(each.contribution))),
    )


def _line_numbers(words: list[Token], ends: list[int]) -> Iterator[int]:
    line = 0
    for word in words:
        while word.start >= ends[line]:
            line += 1
        yield line


def _occurrences(model: RoleModel, words: list[Token]) -> Iterator[_Occurrence]:
    """Yield every place of every known term, as `text.ngrams` finds them."""
    kept = [at for at, token in enumerate(words) if token.word not in FUNCTION_WORDS]
    for first in range(len(kept)):
        for end in range(first + 1, min(first + model.lexicon.longest, len(kept)) + 1):
            if words[kept[end - 1]].word == BREAK:
                break
            places = tuple(kept[first:end])
            term = model.numbers.get(" ".join(words[at].word for at in places))
            if term is not None:
                yield _Occurrence(term, places)


def _chosen(
    found: list[_Occurrence],
    words: list[Token],
    line_of: list[int],
    kinds: bytes,
    times: Counter[int],
    heads: tuple[dict[int, float], dict[int, float]],
) -> tuple[dict[int, _Place], dict[_Place, list[tuple[int, int]]]]:
    """Return the phrase of each word that is in one, and the ranges of each phrase in each line."""
    owner: dict[int, _Place] = {}
    ranges: dict[_Place, list[tuple[int, int]]] = defaultdict(list)

    def rank(each: _Occurrence) -> tuple[bool, int, float]:
        share = sum(abs(head[each.term]) for head in heads) / times[each.term]
        seeded = kinds[each.term] > 0
        return (not seeded, -len(each.words) if seeded else 0, -share)

    def take(number: int, places: tuple[int, ...]) -> None:
        place = _Place(line_of[places[0]], number)
        owner.update(dict.fromkeys(places, place))
        ranges[place].append((words[places[0]].start, words[places[-1]].end))

    within = [each for each in found if line_of[each.words[0]] == line_of[each.words[-1]]]
    for each in sorted(within, key=rank):
        if not any(at in owner for at in each.words):
            take(each.term, each.words)
    # What a term adds that stands across lines, and of which no word is in any phrase, is said of
    # the words of its first line.
    for each in found:
        if not any(at in owner for at in each.words):
            first = tuple(at for at in each.words if line_of[at] == line_of[each.words[0]])
            take(~each.term, first)
    for places in ranges.values():
        places.sort()
    return owner, ranges
