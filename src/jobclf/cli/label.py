"""`jobclf label`: labels given in a dialogue."""

import sys

import click

from jobclf.cli import options, terminal


@click.command(
    cls=terminal.Command,
    epilog=terminal.examples(
        "label postings.csv -o labels.jsonl",
        "label saved_pages/ --prior my.joblib",
        "label jobs.parquet --text-column description",
    ),
)
@click.argument("data", type=options.FILE, metavar="TABLE")
@click.option(
    "-o",
    "--output",
    type=options.FILE,
    default="labels.jsonl",
    show_default=True,
    metavar="FILE",
    help="Where the labels are kept; a file that is there is gone on with.",
)
@options.prior("Model to start from.")
@options.TEXT_COLUMN
@options.TITLE_COLUMN
@options.SHEET
@options.TABLE
@options.FORMAT
@options.JSON
def label(
    data: str,
    *,
    output: str,
    prior: str,
    text_column: tuple[str, ...],
    title_column: str | None,
    sheet: str | None,
    table: str | None,
    format: str | None,  # noqa: A002  # the option's name
    as_json: bool,
) -> None:
    """Label postings of TABLE, or of a folder, one by one, chosen by doubt and variety.

    Keys: 1 Data Scientist, 2 ML Engineer, 3 neither, s skip, b back, e explain, q quit. From a pipe
    they are read letter by letter.

    Each answer is on the disk before the next posting is shown, and the same command goes on where
    it stopped. `jobclf train FILE` learns from the labels as they are. The model's answer and the
    title beside a text are not shown, so that they do not sway you; e shows the answer and the
    phrases behind it. After each ten labels the model learns anew, and a line says how it moved.
    """
    import jobclf
    from jobclf.cli import dialogue
    from jobclf.reports import render, training_report

    session = jobclf.label(
        data,
        output=output,
        prior=prior,
        text_column=text_column,
        title_column=title_column,
        sheet=sheet,
        table=table,
        format=format,
        progress=terminal.progress(),
    )
    for line in dialogue.opening(session):
        terminal.note(line)
    dialogue.ask(session, terminal.paint(sys.stderr))
    fields = training_report.labeling_fields(session)
    terminal.answer(render.as_json(fields) if as_json else training_report.labeling_text(session))
