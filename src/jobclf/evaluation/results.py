"""What evaluation and training come to, as values that show themselves."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from jobclf.classifier.model import RoleModel
from jobclf.reports.markup import preformatted
from jobclf.roles import Role


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure and its 95 % interval; all three are NaN where nothing can be measured."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True, slots=True)
class Bin:
    """One row of a reliability table: how sure the answers were, and how many of them right."""

    low: float
    high: float
    postings: int
    sure: float  # mean probability of the named class
    right: float  # share of answers that were right


@dataclass(frozen=True, slots=True)
class Figures:
    """The measures of one way to tell the two roles apart, on postings of the two roles."""

    name: str
    accuracy: Measure
    macro_f1: Measure
    auc: Measure
    brier: Measure
    ece: Measure


@dataclass(frozen=True, slots=True)
class Comparison:
    """The model against the best baseline on the same postings.

    `difference` is in accuracy, with a paired interval over groups; `p_value` is
    McNemar's, exact and two-sided.
    """

    baseline: str
    difference: Measure
    p_value: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """Accuracy on the share of postings with the surest answers."""

    share: float
    accuracy: Measure


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is refused of one kind of postings that are neither role.

    `at_kept` goes by the threshold that keeps 95 % of the two roles, `at_half` by one half, which
    is what `predict` does.
    """

    family: str
    postings: int
    at_kept: float
    at_half: float


@dataclass(frozen=True, slots=True)
class Scope:
    """How well postings of the two roles are told from all others."""

    postings: int
    auc: Measure
    kept_at_half: float
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """Accuracy on one part of the postings."""

    kind: str
    value: str
    postings: int
    accuracy: Measure


@dataclass(frozen=True, slots=True)
class Titles:
    """What titles give: texts as they come, without the title, and the title as evidence beside.

    `weight` is the log odds that a title's claim is worth beside the text.
    """

    claiming: int  # postings whose title claims one of the roles
    hidden: Measure
    shown: Measure
    weight: float


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong answer, by the name of its posting."""

    posting: str
    role: Role
    answer: Role
    probability: float  # that the model gave its answer


@dataclass(frozen=True, slots=True)
class Step:
    """Accuracy after learning from so many postings."""

    postings: int
    accuracy: Measure


@dataclass(frozen=True, slots=True)
class Passed:
    """What a gate lets pass that keeps the answers of the two roles from a confidence on.

    `right` is the share of the kept whose answer is the label, `lost` the share of the postings of
    the two roles that are not kept under their own role; NaN where there are none.
    """

    confidence: float
    kept: int
    right: float
    lost: float


@dataclass(frozen=True, slots=True)
class Flip:
    """A posting to which two models give different answers."""

    posting: str
    role: Role
    before: Role
    answer: Role
    confidence_before: float
    confidence: float

    @property
    def rank(self) -> int:
        """0 where the answer has become wrong, 1 where both are, 2 where it has become right."""
        return 0 if self.before is self.role else 2 if self.answer is self.role else 1


@dataclass(frozen=True, slots=True)
class Against:
    """A model against another on the same postings, by whether the answer is the label.

    `difference` is how much more often the model is right, with a paired interval over groups;
    `p_value` is McNemar's.
    """

    model: str
    other: str
    postings: int
    accuracy: Measure
    other_accuracy: Measure
    difference: Measure
    p_value: float
    flips: tuple[Flip, ...]

    @property
    def is_worse(self) -> bool:
        """Whether the whole interval of the difference is below zero."""
        return self.difference.high < 0.0


@dataclass(frozen=True, slots=True, repr=False)
class EvaluationReport:
    """How right a recipe or a model is on labelled postings; intervals are over 95 %.

    `gold` postings are measured, `in_scope` of them are of the two roles. No group (near
    duplicates, postings of one company) is parted between learning and judging. `confusion` counts
    answers: rows are the labels, columns the answers, both in the order of `answers`.
    """

    method: str
    postings: int
    gold: int
    in_scope: int
    groups: int
    grouped: int  # postings that share their group
    duplicates: tuple[str, ...]
    folds: int
    figures: Figures
    baselines: tuple[Figures, ...]
    comparison: Comparison
    coverage: tuple[Coverage, ...]
    reliability: tuple[Bin, ...]
    scope: Scope | None
    titles: Titles
    slices: tuple[Slice, ...]
    answers: tuple[Role, ...]
    confusion: tuple[tuple[int, ...], ...]
    mistakes: tuple[Mistake, ...]
    learning_curve: tuple[Step, ...]
    short: tuple[str, ...] = ()  # left out for their few words, by name
    unlabeled: int = 0  # rows left out for they had no label
    gate: tuple[Passed, ...] = ()
    against: Against | None = None
    notes: tuple[str, ...] = ()  # what else was left out of what is judged, for people

    def __repr__(self) -> str:
        measured = f"{self.in_scope} of {self.postings} postings, accuracy {self.figures.accuracy}"
        return f"EvaluationReport({self.method}: {measured})"

    def __str__(self) -> str:
        from jobclf.reports import evaluation_report

        return evaluation_report.evaluation_text(self)

    def _repr_html_(self) -> str:
        return preformatted(str(self))

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values."""
        from jobclf.reports import evaluation_report

        return evaluation_report.evaluation_fields(self)


@dataclass(frozen=True, slots=True)
class Scores:
    """How a model did on postings it had not seen.

    `postings` in scope are judged for the role, `scope_postings` for being in scope; a measure is
    None where one side is missing. `majority` is the accuracy of always naming the commoner role.
    """

    postings: int
    scope_postings: int
    majority: float
    accuracy: Measure
    auc: Measure
    brier: Measure
    ece: Measure
    accuracy_at_90: Measure  # on the 90 % of postings it is surest of
    scope_auc: Measure | None

    def figures(self) -> dict[str, float]:
        """Return the plain numbers, for a model card; what could not be measured is left out."""
        found = {
            "postings": float(self.postings),
            "scope_postings": float(self.scope_postings),
            "majority": self.majority,
        }
        for name in ("accuracy", "auc", "brier", "ece", "accuracy_at_90", "scope_auc"):
            measure = getattr(self, name)
            if measure is not None:
                found |= {
                    name: measure.value,
                    f"{name}_low": measure.low,
                    f"{name}_high": measure.high,
                }
        return {name: round(float(value), 4) for name, value in found.items() if np.isfinite(value)}

    def __str__(self) -> str:
        from jobclf.reports import training_report

        return training_report.scores_text(self)


@dataclass(frozen=True, slots=True, repr=False)
class TrainingReport:
    """What training made: the model, where it was written, and how it did on held-out postings.

    `held_out` is None where there were fewer than five postings of a role: none were held out.
    Left out were `dropped`, duplicates of others, and `short` ones of fewer than five words, by
    name; as many rows as `unlabeled` says, and as `rejected` says for somebody called their label
    wrong; `unread` ones by name and why, and `conflicting` ones that stood under two roles. `notes`
    say what was read and what was not.
    """

    model: RoleModel
    output: Path | None
    dropped: tuple[str, ...]
    held_out: Scores | None
    short: tuple[str, ...] = ()
    unlabeled: int = 0
    rejected: int = 0
    unread: tuple[str, ...] = ()
    conflicting: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        learned = sum(self.model.card.postings.values())
        right = "not measured" if self.held_out is None else f"accuracy {self.held_out.accuracy}"
        return f"TrainingReport({learned} postings, {right}, output={self.output})"

    def __str__(self) -> str:
        from jobclf.reports import training_report

        return training_report.training_text(self)

    def _repr_html_(self) -> str:
        return preformatted(str(self))

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values."""
        from jobclf.reports import training_report

        return training_report.training_fields(self)
