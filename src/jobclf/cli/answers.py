"""Answers shown on a terminal or printed for programs: of rows, and of single postings."""

from typing import TYPE_CHECKING, Any

import click

from jobclf.cli import terminal
from jobclf.errors import JobclfError, Reason, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobclf.batch.postings import AnsweredPosting
    from jobclf.batch.predictions import PredictedTable
    from jobclf.classifier.explanation import Explanation
    from jobclf.classifier.prediction import Prediction


def show_each(found: "PredictedTable", *, shown: bool, for_people: bool = False) -> list[str]:
    """Judge the rows and print them; if not, return what is wrong with files among them."""
    from jobclf.documents.files import name
    from jobclf.reports import render, summary_report

    lost = []
    for number, row in enumerate(found, 1):
        if shown and for_people:
            titles = [title for _, _, title in found.chosen if title in row] or ["path"]
            named = next((str(row[title]) for title in titles if row.get(title)), "")
            terminal.answer(
                summary_report.row_text(number, named, row, found.error_column[: -len("error")])
            )
        elif shown:
            terminal.answer(render.as_json(row))
        elif not found.chosen and (fault := row.get(found.error_column)) is not None:
            lost.append(f"{name(row['path'])}: {fault}")
    return lost


def show_rows(
    found: "PredictedTable", *, output: str | None, summary: bool, html: str | None, as_json: bool
) -> None:
    """Print what rows come to; say on stderr what was read and what could not be judged."""
    from jobclf.reports import render, summary_report

    counted = found.tally.summary()
    nothing = counted.failed == counted.postings > 0
    for note in () if nothing else (*found.notes, *found.remarks()):
        terminal.note(f"jobclf: {note}")
    if not counted.postings:
        terminal.complain("there are no rows below the names of the columns; give some")
    if output:
        terminal.note(f"written to {output}")
    if found.gate is not None:
        terminal.note(f"jobclf: {found.gate}")
    if counted.failed and not nothing:
        shown = "; their rows say why" if output or not summary else ""
        terminal.complain(f"{summary_report.refused_text(counted)}{shown}")
    if summary:
        fields = summary_report.summary_fields(counted)
        terminal.answer(render.as_json(fields) if as_json else summary_report.summary_text(counted))
    if nothing:
        reason = Reason(next(iter(counted.reasons)))
        raise JobclfError(summary_report.refused_text(counted), _remedy(found), reason=reason)
    if html:
        from jobclf.reports import page

        terminal.write(html, page.summary_page(counted))


def _remedy(found: "PredictedTable") -> str:
    """Say what to do where no row could be judged."""
    read = sorted({text for _, texts, _ in found.chosen for text in texts})
    if read:
        columns = ", ".join(map(repr, read))
        return f"the text was read from {columns}, name another column with --text-column"
    if found.columns:
        return "give files that hold a whole posting each"
    return "look at their rows, or name another column with --text-column"


def show_postings(
    answered: "Iterable[AnsweredPosting]",
    alone: set[str],
    paths: tuple[str, ...],
    *,
    explain: bool,
    html: str | None,
    as_json: bool,
) -> bool:
    """Print the answer for each posting in files, and what beside them is not read.

    Each is named but for what was named `alone`. Return whether one could not be answered.
    """
    from jobclf.api.postings import left_out
    from jobclf.classifier.prediction import Prediction
    from jobclf.documents import files

    explained, refused = [], list[str]()
    for posting in answered:
        found = posting.found
        name = posting.path if posting.path not in alone else None
        for note in posting.notes:
            terminal.note(f"jobclf: {files.name(posting.path or '-')}: {note}")
        if isinstance(found, JobclfError):
            terminal.complain(found)
            refused.append(str(found))
            if as_json and name:  # among others; alone there is no answer to print
                terminal.answer(_as_json(name, {"error": str(found), "error_reason": found.reason}))
            continue
        if not isinstance(found, Prediction):
            explained.append((posting.title or posting.path or "", found))
            found = found if explain else found.prediction
        click.echo(_shown(name, found, as_json=as_json))  # plain but for its colours
    if html and explained:
        from jobclf.reports import page

        terminal.write(html, page.explanation_page(explained, refused))
    elif html:
        terminal.note(f"{html} is not written: no posting could be judged")
    for note in left_out(paths):
        terminal.note(f"jobclf: {note}")
    return bool(refused)


def _as_json(name: str | None, fields: "dict[str, Any]") -> str:
    from jobclf.reports import render

    return render.as_json(({"path": name} if name else {}) | fields)


def _shown(name: str | None, found: "Prediction | Explanation", *, as_json: bool) -> str:
    """Return an answer with its file's name if there are several."""
    from jobclf.classifier.prediction import Prediction
    from jobclf.reports import render

    if as_json:
        return _as_json(name, found.to_dict())
    if isinstance(found, Prediction):
        text = render.prediction_text(found)
    else:
        from jobclf.reports import reasons

        text = reasons.explanation_text(found, terminal.paint())
    return f"{printable(name)}: {text}" if name else text
