"""What many answers come to, as text and as fields."""

from typing import TYPE_CHECKING, Any

from jobclf.errors import printable
from jobclf.reports.render import percent, prediction_fields
from jobclf.roles import Role, grade

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobclf.batch.predictions import Doubt, Summary


_LISTED = 10  # doubtful postings in a summary for people


_NAME = 50  # letters of the name of each


def summary_fields(summary: "Summary") -> dict[str, Any]:
    """Return a summary as plain fields."""
    return {
        "postings": summary.postings,
        "failed": summary.failed,
        "reasons": summary.reasons,
        "roles": {str(role): count for role, count in summary.roles.items()},
        "titles": [
            {"title_role": str(claim), "answer": str(answer), "postings": count}
            for (claim, answer), count in sorted(summary.titles.items())
        ],
        "histogram": list(summary.histogram),
        "doubtful": [
            {"number": doubt.number, "name": doubt.name} | prediction_fields(doubt.prediction)
            for doubt in summary.doubtful
        ],
        "refused": [error.to_dict() for error in summary.refused],
        "not_read": list(summary.not_read),
    }


def count_rows(summary: "Summary") -> list[tuple[str, int, float]]:
    """Return name, count and share of all judged postings for each answer."""
    answered = max(1, summary.postings - summary.failed)
    return [(role.label, count, count / answered) for role, count in summary.roles.items()]


def title_rows(summary: "Summary") -> list[tuple[str, list[int]]]:
    """Return for each role that titles claim how many postings got each answer."""
    return [
        (claim.label, [summary.titles.get((claim, answer), 0) for answer in Role])
        for claim in (Role.DATA_SCIENTIST, Role.ML_ENGINEER)
    ]


def doubt_text(doubt: "Doubt") -> str:
    """Return why an answer is in doubt, in few words."""
    found = doubt.prediction
    answer = found.answer.label
    return (
        f"{answer}; {found.role.label} {percent(found.probability)}, "
        f"one of the two {percent(found.scope_probability)}"
    )


def reasons_text(counts: "Mapping[str, int]") -> str:
    """Return how often each reason was met, the most common first.

    >>> reasons_text({"not_english": 1, "too_short": 2})
    '2 too short, 1 not English'
    """
    ordered = sorted(counts.items(), key=lambda each: -each[1])
    return ", ".join(f"{number:,} {_reason(code)}" for code, number in ordered)


def _reason(code: str) -> str:
    return code.replace("_", " ").replace("english", "English")


def refused_text(summary: "Summary") -> str:
    """Say how many postings could not be judged, and why."""
    counted = f"{summary.failed:,} of {summary.postings:,} postings could not be judged"
    if summary.failed == summary.postings:
        counted = f"none of the {summary.postings:,} postings could be judged"
    if summary.postings == 1:
        counted = "the only posting could not be judged"
    why = reasons_text(summary.reasons)
    return f"{counted}: {why}" if why else counted


def summary_text(summary: "Summary") -> str:
    """Return a summary as a few small tables."""
    lines = [f"{summary.postings:,} postings, {summary.failed:,} could not be judged", ""]
    lines += [
        f"{name:15} {count:9,}  {100 * share:5.1f} %" for name, count, share in count_rows(summary)
    ]
    lines += ["", f"{'title says':15} " + " ".join(f"{role.label:>15}" for role in Role)]
    lines += [
        f"{name:15} " + " ".join(f"{count:15,}" for count in counts)
        for name, counts in title_rows(summary)
    ]
    if summary.doubtful:
        lines += ["", f"most doubtful (row, {summary.named}, answer)"]
        lines += [
            f"{doubt.number:9,}  {_cut(doubt.name, summary.named):{_NAME}}  {doubt_text(doubt)}"
            for doubt in summary.doubtful[:_LISTED]
        ]
    return "\n".join(lines)


def row_text(number: int, name: str, row: "Mapping[str, Any]", prefix: str = "") -> str:
    """Return a row of a table in one line: its number, its name, and its answer or why none.

    >>> row_text(7, "Data Scientist", {"answer": "data_scientist", "confidence": 0.87})
    '      7  Data Scientist                                      Data Scientist, probably (87 %)'
    """
    answer = row.get(f"{prefix}answer")
    if answer is None:
        said = printable(str(row.get(f"{prefix}error")))
    else:
        found = float(row[f"{prefix}confidence"])
        said = f"{Role(answer).label}, {grade(found)} ({percent(found)})"
    return f"{number:7,}  {_cut(name, 'title'):{_NAME}}  {said}"


def _cut(name: str, named: str) -> str:
    """Return as much of a name as there is room for: of a title the start, of a path the end."""
    plain = printable(name)
    if len(plain) <= _NAME:
        return plain
    return f"…{plain[1 - _NAME :]}" if named == "file" else f"{plain[: _NAME - 1]}…"
