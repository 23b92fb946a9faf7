"""Why a posting was judged as it was: its own phrases, and what each adds to the answer."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from jobclf.classifier.heads import Calibration, ScopeHead, scope_log_odds, shares
from jobclf.classifier.kernel import Floats, TermCounts, logits, tfidf
from jobclf.classifier.model import RoleModel
from jobclf.classifier.prediction import Prediction
from jobclf.errors import PostingError
from jobclf.roles import KINDS, Role
from jobclf.text.cleaning import clean
from jobclf.text.titles import title_in
from jobclf.text.tokens import BREAK, FUNCTION_WORDS, Token, tokens

MOST_TURNING = 12  # phrases; an answer that rests on more rests on the whole text


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
class Turn:
    """The fewest phrases found without which the answer would be another, strongest first."""

    phrases: tuple[Phrase, ...]
    answer: Role


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """A prediction taken apart: `intercept`, `title` and the contributions add up to `logit`.

    `text` is the posting with its characters cleaned, in which the phrases have their places.

    `logit` is ln(p / (1 - p)) of p, the calibrated probability of ML Engineer against Data
    Scientist before it is bounded; `scope_logit` that of being one of the two. `phrases` do not
    overlap and come strongest first. `turn` is None where no dozen phrases carry the answer.
    """

    text: str
    prediction: Prediction
    phrases: tuple[Phrase, ...]
    intercept: float
    title: float
    logit: float
    scope_intercept: float
    scope_title: float
    scope_logit: float
    turn: Turn | None

    def __repr__(self) -> str:
        return f"Explanation({self.answer.label}: {len(self.phrases)} phrases)"

    def __str__(self) -> str:
        from jobclf.reports import render

        return render.explanation_text(self)

    def _repr_html_(self) -> str:
        from jobclf.reports import page

        return page.explanation_part(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the prediction, the phrases and what they add as plain values."""
        from jobclf.reports import render

        return render.explanation_fields(self)

    @property
    def answer(self) -> Role:
        """The role, or `other` where the posting is in neither."""
        return answer(self.prediction)

    def support(self, phrase: Phrase) -> float:
        """Return how far a phrase speaks for the answer; negative where it speaks against it."""
        if self.answer is Role.OTHER:
            return -phrase.scope_contribution
        sign = 1.0 if self.answer is Role.ML_ENGINEER else -1.0
        return sign * phrase.contribution


class _Occurrence(NamedTuple):
    term: int
    words: tuple[int, ...]  # places among the words of the text


def explain(model: RoleModel, text: str, *, title: str | None = None) -> Explanation:
    """Take the answer for a text apart; raise `PostingError` if the text cannot be judged."""
    text = clean(text)
    title = (title_in(text) or "") if title is None else title
    prediction = model.predict(text, title=title)
    counts = model.lexicon.count([text])
    values = tfidf(counts, model.idf)
    raw = model.scores(counts)[0]
    found = model.combined(float(raw[0]), float(raw[1]), title)
    role = _by_term(counts, found.role.slope * values * model.role.weights[counts.terms])
    intercept = found.role.slope * model.role.intercept + found.role.offset
    scope, scope_intercept = _scope(counts, values, model.scope, found.scope)
    scope_intercept += model.prevalence_shift()
    explanation = Explanation(
        text=text,
        prediction=prediction,
        phrases=_phrases(model, text, role, scope),
        intercept=intercept,
        title=found.role.title,
        logit=intercept + found.role.title + sum(role.values()),
        scope_intercept=scope_intercept,
        scope_title=found.scope.title,
        scope_logit=scope_intercept + found.scope.title + sum(scope.values()),
        turn=None,
    )
    return replace(explanation, turn=_turn(model, explanation, title))


def answer(prediction: Prediction) -> Role:
    """Return the answer of a prediction."""
    return prediction.answer


def _by_term(counts: TermCounts, added: Floats) -> dict[int, float]:
    return dict(zip(counts.terms.tolist(), added.tolist(), strict=True))


def _scope(
    counts: TermCounts, values: Floats, scope: ScopeHead, calibration: Calibration
) -> tuple[dict[int, float], float]:
    """Return what each term of the text adds to the calibrated logit of scope, and the rest of it.

    Each family counts by its share in the odds against either role; so the parts add up.
    """
    families = logits(counts, values, scope.weights, scope.intercepts)
    added = -calibration.slope * values * (scope.weights[counts.terms] @ shares(families)[0])
    rest = calibration.slope * float(scope_log_odds(families)[0])
    rest += calibration.offset - float(added.sum())
    return _by_term(counts, added), rest


def _occurrences(model: RoleModel, words: list[Token]) -> Iterator[_Occurrence]:
    """Yield every place of every known term, as `text.ngrams` finds them."""
    longest = max(term.count(" ") + 1 for term in model.terms)
    kept = [at for at, token in enumerate(words) if token.word not in FUNCTION_WORDS]
    for first in range(len(kept)):
        for end in range(first + 1, min(first + longest, len(kept)) + 1):
            if words[kept[end - 1]].word == BREAK:
                break
            scope_log_odds = tuple(kept[first:end])
            term = model.numbers.get(" ".join(words[at].word for at in scope_log_odds))
            if term is not None:
                yield _Occurrence(term, scope_log_odds)


def _phrases(
    model: RoleModel, text: str, role: dict[int, float], scope: dict[int, float]
) -> tuple[Phrase, ...]:
    """Choose phrases that do not overlap and share every contribution out among them.

    The terms overlap ("data", "data pipelines"). The article's are chosen first, the longer before
    the shorter, then learned ones by what each adds; a term not chosen gives what it adds to the
    phrases over its words.
    """
    words = tokens(text)
    found = list(_occurrences(model, words))
    times = Counter(each.term for each in found)
    kinds = model.kinds or bytes(len(model.terms))

    def rank(each: _Occurrence) -> tuple[bool, int, float]:
        share = (abs(role[each.term]) + abs(scope[each.term])) / times[each.term]
        seeded = kinds[each.term] > 0
        return (not seeded, -len(each.words) if seeded else 0, -share)

    owner: dict[int, _Occurrence] = {}  # of each word that is in a phrase
    for each in sorted(found, key=rank):
        if not any(at in owner for at in each.words):
            owner.update(dict.fromkeys(each.words, each))
    sums: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    places: dict[int, dict[tuple[int, int], None]] = defaultdict(dict)
    for each in found:
        owned = [owner[at].term for at in each.words if at in owner]
        for term in owned:
            for head, added in enumerate((role, scope)):
                sums[term][head] += added[each.term] / times[each.term] / len(owned)
        if owner.get(each.words[0]) is each:
            places[each.term][words[each.words[0]].start, words[each.words[-1]].end] = None
    phrases = [
        Phrase(
            text=" ".join(text[slice(*next(iter(places[term])))].split()),
            places=tuple(places[term]),
            contribution=added,
            scope_contribution=scope_added,
            role=KINDS[kinds[term]][0],
            kind=KINDS[kinds[term]][1],
        )
        for term, (added, scope_added) in sums.items()
    ]
    return tuple(sorted(phrases, key=lambda phrase: -abs(phrase.contribution)))


def _turn(model: RoleModel, before: Explanation, title: str) -> Turn | None:
    """Strike out the strongest phrase for the answer, judge anew, and so on until it turns."""
    struck = list(before.text)
    strongest = sorted(before.phrases, key=before.support, reverse=True)[:MOST_TURNING]
    for number, phrase in enumerate(strongest, 1):
        if before.support(phrase) <= 0.0:
            break
        for start, end in phrase.places:
            struck[start:end] = BREAK * (end - start)
        try:
            after = answer(model.predict("".join(struck), title=title))
        except PostingError:  # too little is left to judge
            break
        if after is not before.answer:
            return Turn(tuple(strongest[:number]), after)
    return None
