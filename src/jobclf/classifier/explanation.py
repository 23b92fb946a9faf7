"""Why a posting was judged as it was: its own lines and phrases, and what each adds."""

from dataclasses import dataclass, replace
from typing import Any

from jobclf.classifier.counts import Floats, TermCounts, logits, tfidf
from jobclf.classifier.heads import Calibration, ScopeHead, scope_log_odds, shares, unsaid
from jobclf.classifier.model import RoleModel
from jobclf.classifier.phrases import ExplainedLine, Phrase, taken_apart
from jobclf.classifier.prediction import Prediction
from jobclf.errors import PostingError
from jobclf.roles import Role
from jobclf.text import vocabulary
from jobclf.text.cleaning import clean
from jobclf.text.stated_titles import title_in
from jobclf.text.tails import without_others
from jobclf.text.tokens import BREAK

MOST_TURNING = 12  # phrases; an answer that rests on more rests on the whole text


@dataclass(frozen=True, slots=True)
class Turn:
    """The fewest phrases found without which the answer would be another, strongest first."""

    phrases: tuple[Phrase, ...]
    answer: Role


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """A prediction taken apart: `intercept`, `title` and the contributions add up to `logit`.

    `text` is the posting with its characters cleaned, in which lines and phrases have their places.
    `lines` are the duties, requirements and other lines that add anything, strongest first for what
    decided; the contributions of all lines and those of all phrases are the same in sum.

    `logit` is ln(p / (1 - p)) of p, the calibrated probability of ML Engineer against Data
    Scientist before it is bounded; `scope_logit` that of being one of the two. `phrases` do not
    overlap and come strongest first. `turn` is None where no dozen phrases carry the answer.
    `article` names what the vocabulary comes from. `title_text` is the title that was weighed: the
    one given, else the one that the text states, "" for none.
    """

    text: str
    prediction: Prediction
    lines: tuple[ExplainedLine, ...]
    phrases: tuple[Phrase, ...]
    intercept: float
    title: float
    logit: float
    scope_intercept: float
    scope_title: float
    scope_logit: float
    turn: Turn | None
    article: str = ""
    title_text: str = ""

    def __repr__(self) -> str:
        return f"Explanation({self.answer.label}: {len(self.lines)} lines)"

    def __str__(self) -> str:
        from jobclf.reports import reasons

        return reasons.explanation_text(self)

    def _repr_html_(self) -> str:
        from jobclf.reports import page

        return page.explanation_part(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the prediction, the lines and phrases and what they add as plain values."""
        from jobclf.reports import reasons

        return reasons.explanation_fields(self)

    @property
    def answer(self) -> Role:
        """The role, or `other` where the posting is in neither."""
        return answer(self.prediction)

    def support(self, part: Phrase | ExplainedLine) -> float:
        """Return how far a part speaks for the answer; negative where it speaks against it."""
        if self.answer is Role.OTHER:
            return -part.scope_contribution
        sign = 1.0 if self.answer is Role.ML_ENGINEER else -1.0
        return sign * part.contribution


def explain(model: RoleModel, text: str, *, title: str | None = None) -> Explanation:
    """Take the answer for a text apart; raise `PostingError` if the text cannot be judged."""
    text = without_others(clean(text))
    title = (title_in(text) or "") if title is None else title
    prediction = model.predict(text, title=title)
    counts = model.lexicon.count([text])
    values = tfidf(counts, model.idf)
    raw = model.scores(counts)[0]
    found = model.combined(float(raw[0]), float(raw[1]), title)
    role = _by_term(counts, found.role.slope * values * model.role.weights[counts.terms])
    intercept = found.role.slope * model.role.intercept + found.role.offset
    scope, scope_intercept = _scope(counts, values, model.scope, found.scope)
    if prediction.basis == "title":  # what the text holds is not weighed
        nothing = unsaid(model.role, model.scope)
        role, scope = dict.fromkeys(role, 0.0), dict.fromkeys(scope, 0.0)
        intercept = found.role.slope * nothing[0] + found.role.offset
        scope_intercept = found.scope.slope * nothing[1] + found.scope.offset
    scope_intercept += model.prevalence_shift()
    phrases, lines = taken_apart(model, text, role, scope)
    if prediction.answer is Role.NEITHER:
        lines = tuple(sorted(lines, key=lambda line: -abs(line.scope_contribution)))
    explanation = Explanation(
        text=text,
        prediction=prediction,
        lines=lines,
        phrases=phrases,
        intercept=intercept,
        title=found.role.title,
        logit=intercept + found.role.title + sum(role.values()),
        scope_intercept=scope_intercept,
        scope_title=found.scope.title,
        scope_logit=scope_intercept + found.scope.title + sum(scope.values()),
        turn=None,
        article=vocabulary.load().source,
        title_text=title,
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
            after = model.predict("".join(struck), title=title)
        except PostingError:  # too little is left to judge
            break
        if after.basis != before.prediction.basis:
            break
        if after.answer is not before.answer:
            return Turn(tuple(strongest[:number]), after.answer)
    return None
