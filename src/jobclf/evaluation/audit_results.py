"""What an audit comes to, as values that show themselves."""

from dataclasses import dataclass
from typing import Any

from jobclf.roles import Role


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label that is probably wrong, and the terms of the posting that say so.

    `margin` is the held-out probability of the label less that of the suggestion, -1 to 1: the
    lower, the more suspect.
    """

    posting: str
    role: Role
    suggested: Role
    margin: float
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two near duplicates with different labels; `same` when they are the same text."""

    postings: tuple[str, str]
    roles: tuple[Role, Role]
    same: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """A posting whose title claims one role while its text plainly says another."""

    posting: str
    role: Role
    title_role: Role
    text_role: Role
    probability: float  # of what the text says
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class AuditReport:
    """What is doubtful in labelled postings, most doubtful first."""

    postings: int
    prior: str
    duplicates: tuple[str, ...]
    suspects: tuple[Suspect, ...]
    conflicts: tuple[Conflict, ...]
    clashes: tuple[Clash, ...]
    notes: tuple[str, ...] = ()  # what was left out and why, for people

    def __repr__(self) -> str:
        found = f"{len(self.suspects)} suspects, {len(self.conflicts)} conflicts"
        return f"AuditReport({self.postings} postings: {found}, {len(self.clashes)} clashes)"

    def __str__(self) -> str:
        from jobclf.reports import audit_report

        return audit_report.audit_text(self)

    def _repr_html_(self) -> str:
        from jobclf.reports import audit_report

        return audit_report.audit_part(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values."""
        from jobclf.reports import audit_report

        return audit_report.audit_fields(self)
