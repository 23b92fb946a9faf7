"""The command line: parses, calls the twin in `api`, renders."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from jobclf import __version__
from jobclf.cli import terminal
from jobclf.cli.terminal import complain as _complain
from jobclf.cli.terminal import plain as _plain
from jobclf.errors import JobclfError, printable
from jobclf.roles import Role

if TYPE_CHECKING:
    from jobclf.batch.predictions import PredictedTable
    from jobclf.classifier.explanation import Explanation
    from jobclf.classifier.model import Prediction, RoleModel
    from jobclf.reports.render import Paint

_FILE = click.Path()  # completed as a name of a file; what is wrong with it the library says
_MODEL = click.option(
    "--model", type=_FILE, metavar="FILE", help="Model file to use; the bundled one without it."
)
_TEXT_COLUMN = click.option(
    "--text-column", metavar="NAME", help="Column of a table that holds the text."
)
_LABEL_COLUMN = click.option(
    "--label-column", metavar="NAME", help="Column of a table that holds the role."
)
_TITLE_COLUMN = click.option(
    "--title-column", metavar="NAME", help="Column of a table that holds the title."
)


def _prior(text: str) -> Callable[[Any], Any]:
    """Return the option of what to start from, with its help."""
    return click.option(
        "--prior",
        default="base",
        show_default=True,
        shell_complete=terminal.complete_prior,
        metavar="base|seeds|FILE",
        help=text,
    )


_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one value a line.")


def _answer(text: str) -> None:
    click.echo("\n".join(map(_plain, text.split("\n"))))


@click.group(
    cls=terminal.Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"{terminal.EXIT_CODES}\n\n{terminal.COMPLETION}",
)
@click.version_option(__version__, prog_name="jobclf")
def main() -> None:
    """Tell whether the work in a job posting is a Data Scientist's or an ML Engineer's."""


@main.command(epilog="Example: jobclf predict posting.txt")
@click.argument("paths", nargs=-1, required=True, type=_FILE, metavar="POSTING...")
@_MODEL
@click.option("--explain", is_flag=True, help="Say why: the phrases that moved the answer.")
@click.option("--summary", is_flag=True, help="Say what all answers come to.")
@click.option(
    "--html", type=_FILE, metavar="FILE", help="Write a page with the reasons, or the summary."
)
@click.option(
    "-o",
    "--output",
    type=_FILE,
    metavar="FILE",
    help="Write rows: .csv .tsv .jsonl .parquet, or a folder.",
)
@_TEXT_COLUMN
@_TITLE_COLUMN
@click.option(
    "--safe-csv",
    is_flag=True,
    help="Put ' before cells of CSV and TSV that a spreadsheet would run as a formula: those that "
    "begin with = + - @, also behind blanks or quotes, numbers apart.",
)
@click.option("--prefix", default="", help="Put before the names of the added columns.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes that judge rows.",
)
@click.option("--scheduler", metavar="tcp://…", help="Dask scheduler whose workers judge rows.")
@_JSON
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
    text_column: str | None,
    title_column: str | None,
    prefix: str,
    jobs: int,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Say what the work in each POSTING is.

    A POSTING is a text, Markdown, HTML, PDF, Word or mail file, a folder of them, a pattern such as
    'saved/*.html', or `-` for standard input. Or it is a table with a posting in each row: CSV,
    TSV, JSON lines, JSON or Parquet, also .gz and .zst, a file or an address such as s3://…; its
    rows come back as JSON lines with the answer added.

    The exit code is 1 if a posting could not be judged. With rows or a summary it is 1 if none at
    all could be; those that fail among others are told by their column `error`, or counted.
    """
    from jobclf import api, atomic

    in_rows = bool(
        summary
        or output
        or text_column
        or title_column
        or prefix
        or safe_csv
        or jobs > 1
        or scheduler
    )
    in_rows = in_rows or any(map(api.is_table, paths))
    if in_rows:
        if explain or (html and not summary):
            raise click.UsageError(
                "--explain and a page of reasons are for single postings, not for rows; "
                "for a page on all rows use --summary --html FILE"
            )
        if summary and (scheduler or (output and (output.endswith("/") or Path(output).is_dir()))):
            raise click.UsageError("--summary is not for a folder of parts; its manifest counts")
    if html:
        api.check_page(html, paths if model is None else (*paths, model))
    if output and model:
        atomic.check_not_read(output, [model])
    chosen = _loaded(model)
    if in_rows:
        # On a terminal that shows the rows themselves, a bar would stand between them.
        quiet = not (output or summary) and sys.stdout.isatty()
        with terminal.bar(hidden=quiet) as progress:
            found = api.predict_table(
                paths,
                text_column=text_column,
                title_column=title_column,
                prefix=prefix,
                output=output,
                jobs=jobs,
                scheduler=scheduler,
                safe_csv=safe_csv,
                model=chosen,
                progress=progress,
            )
            lost = [] if output else _each(found, shown=not summary)
        for line in lost:
            _complain(line)
        _rows(found, output=output, summary=summary, html=html, as_json=as_json)
    elif _postings(paths, chosen, explain=explain, html=html, as_json=as_json):
        ctx.exit(1)


def _each(found: "PredictedTable", *, shown: bool) -> list[str]:
    """Judge the rows and print them; if not, return what is wrong with files among them."""
    from jobclf.reports import render

    lost = []
    for row in found:
        fault = row[found.columns[-1]]
        if shown:
            _answer(render.as_json(row))
        elif fault is not None and not found.chosen:
            lost.append(_of_file(row["path"], fault))
    return lost


def _of_file(path: str, fault: str) -> str:
    """Return a fault with the name of its file before it."""
    from jobclf.documents.files import name

    called = name(Path(path))
    return fault if fault.startswith(printable(called)) else f"{called}: {fault}"


def _loaded(path: str | None) -> "RoleModel":
    from jobclf import api

    model = api.load_model(path)
    card = model.card
    known = f"{len(model.terms):,} terms, from {sum(card.postings.values()):,} postings"
    terminal.detail(f"model {path or 'bundled'}: {card.name} of {card.trained}, {known}")
    return model


def _rows(
    found: "PredictedTable", *, output: str | None, summary: bool, html: str | None, as_json: bool
) -> None:
    """Print what rows come to; say on stderr what was read and what could not be judged."""
    from jobclf.reports import render

    counted = found.tally.summary()
    nothing = counted.failed == counted.postings > 0
    for name, text, title in () if nothing else found.chosen:
        titled = f"the title from {title!r}" if title is not None else "no title"
        told = f"{name}: the text is read from {text!r}, {titled}"
        terminal.note(f"jobclf: {told}")
    if output:
        terminal.note(f"written to {output}")
    if counted.failed and not nothing:
        shown = "; their rows say why" if output or not summary else ""
        _complain(f"{render.refused_text(counted)}{shown}")
    if summary:
        fields = render.summary_fields(counted)
        _answer(render.as_json(fields) if as_json else render.summary_text(counted))
    if nothing:
        raise JobclfError(f"{render.refused_text(counted)}; {_remedy(found)}")
    if html:
        from jobclf.reports import page

        _write(html, page.summary_page(counted))


def _remedy(found: "PredictedTable") -> str:
    """Say what to do where no row could be judged."""
    read = sorted({text for _, text, _ in found.chosen})
    if read:
        columns = ", ".join(map(repr, read))
        return f"the text was read from {columns}, name another column with --text-column"
    if found.columns:
        return "give files that hold a whole posting each"
    return "look at their rows, or name another column with --text-column"


def _postings(
    paths: tuple[str, ...], model: "RoleModel", *, explain: bool, html: str | None, as_json: bool
) -> bool:
    """Print the answer for each posting in files; return whether one could not be given."""
    from jobclf import api
    from jobclf.classifier.model import Prediction
    from jobclf.documents.files import name as called

    judge = api.explain if explain or html else api.predict
    explained, refused = [], list[str]()
    for posting in api.read_postings(paths):
        try:
            if isinstance(posting, JobclfError):
                raise posting
            try:
                found = judge(posting.text, title=posting.title, model=model)
            except JobclfError as error:
                raise JobclfError(f"{called(Path(posting.path))}: {error}") from None
        except JobclfError as error:
            _complain(error)
            refused.append(str(error))
            continue
        name = None if paths == (posting.path,) else posting.path
        if not isinstance(found, Prediction):
            explained.append((posting.title or posting.path, found))
            found = found if explain else found.prediction
        click.echo(_shown(name, found, as_json=as_json))  # plain but for its colours
    if html and explained:
        from jobclf.reports import page

        _write(html, page.explanation_page(explained, refused))
    elif html:
        terminal.note(f"{html} is not written: no posting could be judged")
    return bool(refused)


def _shown(name: str | None, found: "Prediction | Explanation", *, as_json: bool) -> str:
    """Return an answer with its file's name if there are several."""
    from jobclf.classifier.model import Prediction
    from jobclf.reports import render

    if as_json:
        fields = (
            render.prediction_fields(found)
            if isinstance(found, Prediction)
            else render.explanation_fields(found)
        )
        return render.as_json(({"path": name} if name else {}) | fields)
    text = (
        render.prediction_text(found)
        if isinstance(found, Prediction)
        else render.explanation_text(found, _paint())
    )
    return f"{printable(name)}: {text}" if name else text


def _paint(stream: TextIO | None = None) -> "Paint | None":
    """Return how phrases are coloured on a stream; None where there is no colour."""
    if (
        not (stream or sys.stdout).isatty()
        or os.environ.get("NO_COLOR")
        or os.environ.get("TERM") == "dumb"
    ):
        return None
    colours = {Role.ML_ENGINEER: "bright_blue", Role.DATA_SCIENTIST: "yellow"}

    def paint(text: str, role: Role, strength: float) -> str:
        return click.style(text, fg=colours.get(role), bold=strength > 0.35, underline=True)  # noqa: PLR2004

    return paint


def _write(path: str, content: str) -> None:
    from jobclf import atomic

    atomic.write(path, content.encode("utf-8", "replace"))
    terminal.note(f"written to {path}")


@main.command(epilog="Example: jobclf train labels.jsonl -o my.joblib")
@click.argument("data", type=_FILE, default="data/labeled_postings")
@_prior("Model to start from.")
@click.option(
    "--unlabeled",
    type=_FILE,
    metavar="DATA",
    help="Postings without labels that --prior seeds learns from first.",
)
@click.option(
    "-o",
    "--output",
    type=_FILE,
    default="models/jobclf.joblib",
    show_default=True,
    metavar="FILE",
    help="Where the model is written.",
)
@_TEXT_COLUMN
@_LABEL_COLUMN
@_JSON
def train(
    data: str,
    *,
    prior: str,
    unlabeled: str | None,
    output: str,
    text_column: str | None,
    label_column: str | None,
    as_json: bool,
) -> None:
    """Learn from the labelled postings in DATA: a folder for each role, or a table.

    Texts of fewer than five words are left out, and rows without a label.
    """
    from jobclf import api
    from jobclf.reports import render

    page = api.train(
        data,
        prior=prior,
        unlabeled=unlabeled,
        output=output,
        text_column=text_column,
        label_column=label_column,
        progress=terminal.progress(),
    )
    if page.dropped:
        terminal.note(f"left out as duplicates: {', '.join(page.dropped)}")
    if left_out := render.left_out_text(page.short, page.unlabeled):
        terminal.note(left_out)
    if as_json:
        _answer(render.as_json(render.training_fields(page)))
    else:
        _answer(render.training_text(page))
        _answer(f"written to {output}")


@main.command(epilog="Example: jobclf evaluate my_postings/")
@click.argument("data", type=_FILE, default="data/labeled_postings")
@_prior(
    "Model that each fold starts from; seeds where DATA may be among the public postings that "
    "base was learned from."
)
@click.option(
    "--model",
    type=_FILE,
    metavar="FILE",
    help="Judge this model as it is, without cross-validation.",
)
@click.option(
    "--plots", type=_FILE, metavar="DIR", help="Write pictures and measure the learning curve."
)
@_TEXT_COLUMN
@_LABEL_COLUMN
@_JSON
def evaluate(
    data: str,
    *,
    prior: str,
    model: str | None,
    plots: str | None,
    text_column: str | None,
    label_column: str | None,
    as_json: bool,
) -> None:
    """Measure how right the recipe is on the labelled postings in DATA, leak-free.

    Near duplicates and companies stay in one fold, and each fold learns anew from the prior. With
    --model FILE that model is judged as it is; it must not have learned from DATA.
    """
    from jobclf import api
    from jobclf.reports import evaluation_report, render

    judged = None if model is None else _loaded(model)
    page = api.evaluate(
        data,
        prior=prior,
        model=judged,
        plots=plots,
        text_column=text_column,
        label_column=label_column,
        progress=terminal.progress(),
    )
    if as_json:
        _answer(render.as_json(evaluation_report.evaluation_fields(page)))
    else:
        _answer(evaluation_report.evaluation_text(page))
    if plots is not None:
        terminal.note(f"pictures are in {plots}")


@main.command(epilog="Example: jobclf audit labels.jsonl --html audit.html")
@click.argument("data", type=_FILE, default="data/labeled_postings")
@_prior("Model that each fold starts from.")
@click.option("--html", type=_FILE, metavar="FILE", help="Write the whole report as one page.")
@_TEXT_COLUMN
@_LABEL_COLUMN
@_JSON
def audit(
    data: str,
    *,
    prior: str,
    html: str | None,
    text_column: str | None,
    label_column: str | None,
    as_json: bool,
) -> None:
    """Find labels in DATA that are probably wrong, with the terms that say so.

    Also near duplicates with different labels, and titles that the text contradicts. No file in
    DATA is changed.
    """
    from jobclf import api
    from jobclf.reports import audit_report, render

    page = api.audit(
        data,
        prior=prior,
        html=html,
        text_column=text_column,
        label_column=label_column,
        progress=terminal.progress(),
    )
    if as_json:
        _answer(render.as_json(audit_report.audit_fields(page)))
    else:
        _answer(audit_report.audit_text(page))
    if html is not None:
        terminal.note(f"written to {html}")


@main.command(epilog="Example: jobclf label postings.csv -o labels.jsonl")
@click.argument("data", type=_FILE, metavar="TABLE")
@click.option(
    "-o",
    "--output",
    type=_FILE,
    default="labels.jsonl",
    show_default=True,
    metavar="FILE",
    help="Where the labels are kept; a file that is there is gone on with.",
)
@_prior("Model to start from.")
@_TEXT_COLUMN
@_TITLE_COLUMN
@_JSON
def label(
    data: str,
    *,
    output: str,
    prior: str,
    text_column: str | None,
    title_column: str | None,
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
    from jobclf import api
    from jobclf.cli import dialogue
    from jobclf.reports import render

    session = api.label(
        data,
        output=output,
        prior=prior,
        text_column=text_column,
        title_column=title_column,
        progress=terminal.progress(),
    )
    for line in dialogue.opening(session):
        terminal.note(line)
    dialogue.ask(session, _paint(sys.stderr))
    fields = render.labeling_fields(session)
    _answer(render.as_json(fields) if as_json else render.labeling_text(session))


@main.command(epilog="Example: jobclf seeds --json")
@_JSON
def seeds(as_json: bool) -> None:  # noqa: FBT001
    """Print the article's vocabulary: what it gives to either role, and to both."""
    from jobclf import api
    from jobclf.reports import render

    if as_json:
        for seed in api.seeds():
            fields = {"term": seed.term, "role": seed.role, "kind": seed.kind}
            _answer(render.as_json(fields | {"section": seed.section}))
    else:
        _answer(render.seeds_text(api.seeds()))


@main.command(name="model", epilog="Example: jobclf model my.joblib")
@click.argument("path", type=_FILE, required=False)
@_JSON
def model_(path: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Print the card of the model in PATH, of the bundled one without it."""
    from dataclasses import asdict

    from jobclf import api
    from jobclf.reports import render

    card = api.model(path)
    _answer(render.as_json(asdict(card)) if as_json else render.card_text(card))
