"""`jobclf train`, `evaluate` and `audit`: what is done with labelled postings."""

from typing import Any, Literal

import click

from jobclf.cli import options, terminal


@click.command(
    cls=terminal.Command,
    epilog=terminal.examples(
        "train labels.jsonl -o my.joblib",
        "train labels.csv --map 'AI Engineer=ml_engineer' --conflicts drop",
        "train labels.jsonl --prior seeds --unlabeled postings.csv",
    ),
)
@options.DATA
@options.prior("Model to start from.")
@click.option(
    "--unlabeled",
    type=options.FILE,
    metavar="DATA",
    help="Postings without labels that --prior seeds learns from first.",
)
@click.option(
    "-o",
    "--output",
    type=options.FILE,
    default="my.joblib",
    show_default=True,
    metavar="FILE",
    help="Where the model is written.",
)
@click.option("--force", is_flag=True, help="Write over a model that is there.")
@options.TEXT_COLUMN
@options.TITLE_COLUMN
@options.LABEL_COLUMN
@options.SHEET
@options.TABLE
@options.FORMAT
@options.MAPPING
@options.CONFLICTS
@options.JSON
def train(
    data: str,
    *,
    prior: str,
    unlabeled: str | None,
    output: str,
    force: bool,
    text_column: tuple[str, ...],
    title_column: str | None,
    label_column: str | None,
    sheet: str | None,
    table: str | None,
    format: str | None,  # noqa: A002  # the option's name
    mapping: dict[str, str],
    conflicts: Literal["error", "drop"],
    as_json: bool,
) -> None:
    """Learn from the labelled postings in DATA: a folder for each role, or a table.

    Texts of fewer than five words are left out, and rows without a label.
    """
    import shlex

    import jobclf
    from jobclf.reports import render, training_report

    page = jobclf.train(
        data,
        prior=prior,
        unlabeled=unlabeled,
        output=output,
        force=force,
        text_column=text_column,
        title_column=title_column,
        label_column=label_column,
        sheet=sheet,
        table=table,
        format=format,
        mapping=mapping,
        conflicts=conflicts,
        progress=terminal.progress(),
    )
    if page.dropped:
        terminal.note(f"left out as duplicates: {', '.join(page.dropped)}")
    for note in page.notes:
        terminal.note(note)
    left_out = training_report.left_out_text(
        page.short, page.unlabeled, page.rejected, page.unread, page.conflicting
    )
    if left_out:
        terminal.note(left_out)
    if as_json:
        terminal.answer(render.as_json(training_report.training_fields(page)))
    else:
        terminal.answer(training_report.training_text(page))
        terminal.answer(f"written to {output}; use it with --model {shlex.quote(output)}")


@click.command(
    cls=terminal.Command,
    epilog=terminal.examples(
        "evaluate my_postings/",
        "evaluate held_out.jsonl --model my.joblib",
        "evaluate held_out.jsonl --model new.joblib --against old.joblib",
    ),
)
@options.DATA
@options.prior(
    "Model that each fold starts from; seeds where DATA may be among the public postings that "
    "base was learned from."
)
@click.option(
    "--model",
    type=options.FILE,
    metavar="FILE",
    help="Judge this model as it is, without cross-validation.",
)
@click.option(
    "--against",
    type=options.FILE,
    metavar="FILE",
    help="Compare --model with this model, or with `bundled`; exit code 1 where it is worse.",
)
@click.option(
    "--prevalence",
    type=options.Share(),
    metavar="P",
    help="Share of the two roles, 0 to 1, that probabilities are to hold for.",
)
@click.option(
    "--plots",
    type=options.FILE,
    metavar="DIR",
    help="Write pictures and measure the learning curve.",
)
@options.TEXT_COLUMN
@options.TITLE_COLUMN
@options.LABEL_COLUMN
@options.SHEET
@options.TABLE
@options.FORMAT
@options.MAPPING
@options.CONFLICTS
@options.JSON
@click.pass_context
def evaluate(
    ctx: click.Context,
    data: str,
    *,
    prior: str,
    model: str | None,
    against: str | None,
    prevalence: Any,
    plots: str | None,
    text_column: tuple[str, ...],
    title_column: str | None,
    label_column: str | None,
    sheet: str | None,
    table: str | None,
    format: str | None,  # noqa: A002  # the option's name
    mapping: dict[str, str],
    conflicts: Literal["error", "drop"],
    as_json: bool,
) -> None:
    """Measure how right the recipe is on the labelled postings in DATA, leak-free.

    Near duplicates and companies stay in one fold, and each fold learns anew from the prior. With
    --model FILE that model is judged as it is; it must not have learned from DATA.
    """
    import jobclf
    from jobclf.reports import evaluation_report, render

    classifier = None if model is None else options.loaded(model)
    page = jobclf.evaluate(
        data,
        prior=prior,
        model=classifier,
        against=None
        if against is None
        else options.loaded(None if against == "bundled" else against),
        prevalence=prevalence,
        plots=plots,
        text_column=text_column,
        title_column=title_column,
        label_column=label_column,
        sheet=sheet,
        table=table,
        format=format,
        mapping=mapping,
        conflicts=conflicts,
        progress=terminal.progress(),
    )
    if as_json:
        terminal.answer(render.as_json(evaluation_report.evaluation_fields(page)))
    else:
        terminal.answer(evaluation_report.evaluation_text(page))
    if plots is not None:
        terminal.note(f"pictures are in {plots}")
    if page.against is not None and page.against.is_worse:
        ctx.exit(1)


@click.command(
    cls=terminal.Command,
    epilog=terminal.examples(
        "audit labels.jsonl",
        "audit labels.jsonl --html audit.html",
        "audit labels.csv --prior my.joblib --json",
    ),
)
@options.DATA
@options.prior("Model that each fold starts from.")
@click.option(
    "--html", type=options.FILE, metavar="FILE", help="Write the whole report as one page."
)
@options.TEXT_COLUMN
@options.TITLE_COLUMN
@options.LABEL_COLUMN
@options.SHEET
@options.TABLE
@options.FORMAT
@options.MAPPING
@options.JSON
def audit(
    data: str,
    *,
    prior: str,
    html: str | None,
    text_column: tuple[str, ...],
    title_column: str | None,
    label_column: str | None,
    sheet: str | None,
    table: str | None,
    format: str | None,  # noqa: A002  # the option's name
    mapping: dict[str, str],
    as_json: bool,
) -> None:
    """Find labels in DATA that are probably wrong, with the terms that say so.

    Also near duplicates with different labels, and titles that the text contradicts. No file in
    DATA is changed.
    """
    import jobclf
    from jobclf.reports import audit_report, render

    page = jobclf.audit(
        data,
        prior=prior,
        html=html,
        text_column=text_column,
        title_column=title_column,
        label_column=label_column,
        sheet=sheet,
        table=table,
        format=format,
        mapping=mapping,
        progress=terminal.progress(),
    )
    if as_json:
        terminal.answer(render.as_json(audit_report.audit_fields(page)))
    else:
        terminal.answer(audit_report.audit_text(page))
    if html is not None:
        terminal.note(f"written to {html}")
