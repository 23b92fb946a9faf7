"""What is said of one posting."""

from dataclasses import dataclass
from typing import Any

from jobclf.roles import Role, grade


@dataclass(frozen=True, slots=True, repr=False)
class Prediction:
    """What the work in one posting is.

    `answer` is the likeliest of three, `confidence` its probability: P(scope) x P(role) for either
    role, 1 - P(scope) for neither. `role` is always one of the two, the nearer one where the answer
    is neither; `probability` is the calibrated probability of that role against the other,
    `scope_probability` that of being one of the two at all, `in_scope` whether that is one half or
    more. `title_role` is what the title claims, None where it claims neither or both;
    `text_probability` is the probability of `role` by the text alone, None where no title was
    weighed. `family` is the kind of job that the work is most like: `data_scientist`,
    `ml_engineer`, `ai_engineer` (systems on language models, which count as ML Engineer's work),
    `data_analyst`, `data_engineer`, `software_engineer` or `other`; None from a model that tells
    no kinds apart. `basis` is `title` where the text is too short and the title decides.
    `truncated` tells whether the text ends as one that is cut off does, so that the answer is about
    a part of the posting.
    """

    role: Role
    probability: float
    in_scope: bool
    scope_probability: float
    title_role: Role | None = None
    text_probability: float | None = None
    family: str | None = None
    basis: str = "text"
    truncated: bool = False

    @property
    def probabilities(self) -> dict[Role, float]:
        """The probability of each of the three answers; they sum to one."""
        other = Role.DATA_SCIENTIST if self.role is Role.ML_ENGINEER else Role.ML_ENGINEER
        found = {
            self.role: self.scope_probability * self.probability,
            other: self.scope_probability * (1.0 - self.probability),
            Role.NEITHER: 1.0 - self.scope_probability,
        }
        return {role: found[role] for role in Role}

    @property
    def answer(self) -> Role:
        """The likeliest of the three: one of the roles, or neither."""
        found = self.probabilities
        return max(found, key=found.__getitem__)

    @property
    def confidence(self) -> float:
        """The probability of the answer."""
        return max(self.probabilities.values())

    @property
    def grade(self) -> str:
        """How sure the answer is in words; what is right of each grade is in the model card."""
        return grade(self.confidence)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values, the answer first, probabilities to four places."""
        return {
            "answer": str(self.answer),
            "confidence": round(self.confidence, 4),
            "role": str(self.role),
            "probability": round(self.probability, 4),
            "in_scope": self.in_scope,
            "scope_probability": round(self.scope_probability, 4),
            "title_role": None if self.title_role is None else str(self.title_role),
            "text_probability": None
            if self.text_probability is None
            else round(self.text_probability, 4),
            "family": self.family,
            "basis": self.basis,
            "truncated": self.truncated,
        }

    def __repr__(self) -> str:
        return f"Prediction({self.answer}, {self.grade}, {self.confidence:.2f}: {self.family})"

    def __str__(self) -> str:
        from jobclf.reports import render

        return render.prediction_text(self)

    def _repr_html_(self) -> str:
        from jobclf.reports import page

        return page.prediction_part(self)

    def __reduce__(self) -> tuple[Any, ...]:  # answers come from other processes by the million
        return Prediction, (
            self.role,
            self.probability,
            self.in_scope,
            self.scope_probability,
            self.title_role,
            self.text_probability,
            self.family,
            self.basis,
            self.truncated,
        )
