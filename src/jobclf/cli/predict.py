"""`jobclf predict`: answers for single postings and for rows."""

import os
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from jobclf.cli import answers, options, terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobclf.batch.postings import AnsweredPosting

_LONGEST_NAME = 255  # letters that systems allow
_NO_REASONS = (
    "--explain and a page of reasons are for single postings, not for rows; "
    "for a page on all rows use --summary --html FILE"
)
_WORDS = 4  # from which on what is no file, no pattern and has no ending is likelier a text


class _Command(terminal.Command):
    """The command, which tells a posting that is pasted from the name of one, and from options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments."""
        for before, word in zip(["", *args], args, strict=False):
            sure = "\n" in word.strip() or (len(word) > _LONGEST_NAME and " " in word)
            if (sure or (before[:2] != "--" and _like_a_text(word))) and not os.path.lexists(word):
                fact = (
                    "this is the text of a posting and not the name of a file"
                    if sure
                    else "there is no file of this name, which may be the text of a posting"
                )
                raise click.UsageError(
                    f"{fact}: {word[:40]}…; pipe it in, as in: jobclf predict < posting.txt", ctx
                )
        return super().parse_args(ctx, args)


def _like_a_text(word: str) -> bool:
    """Tell whether a word of the command line reads like some words of a posting."""
    if len(word.split()) < _WORDS or word.startswith(("-", "/", ".", "~")):
        return False
    from jobclf.documents.files import suffix

    ending = suffix(word)
    return not ((ending and " " not in ending) or "*" in word or "://" in word)


def _named(ctx: click.Context, _: click.Parameter, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is named; what comes through a pipe or from a file where nothing is."""
    if ctx.resilient_parsing:
        return paths
    if paths:
        return paths
    if sys.stdin is None or sys.stdin.isatty():
        raise click.UsageError("name a posting, or pipe one in: jobclf predict posting.txt")
    return ("-",)


def _only(found: "Iterator[AnsweredPosting]", *, rows: bool) -> "Iterator[AnsweredPosting]":
    """Return postings, of rows the only one; refuse several of those."""
    if not rows:
        return found
    first = list(islice(found, 2))
    if len(first) > 1:
        raise click.UsageError(_NO_REASONS)
    return iter(first)


def _unnamed(paths: tuple[str, ...]) -> set[str]:
    """Return what a posting may be called whose answer needs no name, as it is the only one."""
    from jobclf.documents.files import name

    alone = {paths[0], name(paths[0])} if len(paths) == 1 else set[str]()
    return alone | {f"{each} row 1" for each in alone}


@click.command(
    cls=_Command,
    epilog=terminal.examples(
        "predict posting.txt --explain",
        "predict jobs.xlsx -o judged.xlsx --summary",
        "predict jobs.csv --keep ml_engineer -o kept.csv --rest rest.csv",
    ),
)
@click.argument("paths", nargs=-1, type=options.FILE, callback=_named, metavar="POSTING...")
@options.MODEL
@click.option("--explain", is_flag=True, help="Say why: the lines that moved the answer.")
@click.option("--summary", is_flag=True, help="Say what all answers come to.")
@click.option(
    "--html",
    type=options.FILE,
    metavar="FILE",
    help="Write a page with the reasons, or the summary.",
)
@click.option(
    "-o",
    "--output",
    type=options.FILE,
    metavar="FILE",
    help="Write rows: .csv .tsv .jsonl .parquet .xlsx, or a folder.",
)
@options.TEXT_COLUMN
@options.TITLE_COLUMN
@options.SHEET
@options.TABLE
@options.FORMAT
@click.option(
    "--safe-csv",
    is_flag=True,
    help="Put ' before cells of CSV and TSV that a spreadsheet would run as a formula: those that "
    "begin with = + - @, also behind blanks, quotes or a separator, numbers apart.",
)
@click.option(
    "--columns",
    metavar="NAME,…",
    help="Columns that come out, in this order; all without it. One more is there for the asking: "
    "model, which says which model answered.",
)
@click.option(
    "--keep",
    metavar="ROLE,…",
    help="Rows that come out: those whose answer is one of these roles.",
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0.0, 1.0),
    metavar="P",
    help="Rows that come out: those whose answer is as sure, 0 to 1.",
)
@click.option("--rest", type=options.FILE, metavar="FILE", help="Write the other rows here.")
@click.option(
    "--prefix",
    default="",
    help="Put before the names of the added columns; jobclf_ before those that the table has.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes that judge rows.",
)
@click.option("--scheduler", metavar="tcp://…", help="Dask scheduler whose workers judge rows.")
@options.PREVALENCE
@options.JSON
@click.pass_context
def predict(
    ctx: click.Context,
    paths: tuple[str, ...],
    *,
    model: str | None,
    explain: bool,
    summary: bool,
    html: str | None,
    output: str | None,
    safe_csv: bool,
    text_column: tuple[str, ...],
    title_column: str | None,
    sheet: str | None,
    table: str | None,
    format: str | None,  # noqa: A002  # the option's name
    columns: str | None,
    keep: str | None,
    min_confidence: float | None,
    rest: str | None,
    prefix: str,
    jobs: int,
    scheduler: str | None,
    prevalence: Any,
    as_json: bool,
) -> None:
    """Say what the work in each POSTING is.

    A POSTING is a text, Markdown, HTML, PDF, Word or mail file, a folder of them, a pattern such as
    'saved/*.html', or `-` for standard input. Or it is a table with a posting in each row: CSV,
    TSV, JSON lines, JSON, Parquet, Excel, SQLite or a feed, also .gz, .zst and .zip, a file or an
    address such as s3://…; its rows come back as JSON lines with the answer added, on a terminal as
    lines for people and a summary.

    The exit code is 1 if a posting could not be judged. With rows or a summary it is 1 if none at
    all could be; those that fail among others are told by their column `error`, or counted.
    """
    import jobclf
    from jobclf.api.postings import check_page, is_table, predict_files

    in_rows = bool(
        summary
        or output
        or text_column
        or title_column
        or sheet
        or table
        or prefix
        or columns
        or keep
        or rest
        or min_confidence is not None
        or safe_csv
        or scheduler
    )
    explaining = explain or bool(html and not summary)
    alone = explaining and not in_rows and len(paths) == 1  # a table of one posting is one
    in_rows = in_rows or (not alone and any(is_table(path, format=format) for path in paths))
    if html:
        check_page(html, paths if model is None else (*paths, model))
    if in_rows:
        from jobclf.batch import fragments

        if explaining:
            raise click.UsageError(_NO_REASONS)
        if summary and (scheduler or (output and fragments.is_folder(output))):
            raise click.UsageError("--summary is not for a folder of parts; its manifest counts")
    if output and model:
        from jobclf import atomic

        atomic.check_not_read(output, [model])
    chosen = options.loaded(model)
    if in_rows:
        # On a terminal that shows the rows themselves, a bar would stand between them.
        quiet = not (output or summary) and terminal.is_terminal(sys.stdout)
        with terminal.bar(hidden=quiet) as progress:
            found = jobclf.predict_table(
                paths,
                text_column=text_column,
                title_column=title_column,
                sheet=sheet,
                table=table,
                format=format,
                prefix=prefix,
                columns=columns,
                keep=keep,
                min_confidence=min_confidence,
                output=output,
                rest=rest,
                jobs=jobs,
                scheduler=scheduler,
                safe_csv=safe_csv,
                prevalence=prevalence,
                model=chosen,
                progress=progress,
            )
            for_people = terminal.is_terminal(sys.stdout) and not (as_json or columns)
            lost = (
                [] if output else answers.show_each(found, shown=not summary, for_people=for_people)
            )
        for line in lost:
            terminal.complain(line)
        summary |= for_people and not output
        answers.show_rows(found, output=output, summary=summary, html=html, as_json=as_json)
        return
    if prevalence == "auto":
        raise click.UsageError("--prevalence auto is for tables; give a number for single postings")
    answered = predict_files(
        paths,
        format=format,
        reasons=explain or bool(html),
        jobs=jobs,
        model=chosen.expecting(prevalence),
    )
    answered = _only(answered, rows=alone and is_table(paths[0], format=format))
    if answers.show_postings(
        answered, _unnamed(paths), paths, explain=explain, html=html, as_json=as_json
    ):
        ctx.exit(1)
