"""The options that several commands share."""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from jobclf.cli import terminal

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from jobclf.classifier.model import RoleModel

_FORMS = ("csv", "tsv", "json", "jsonl", "parquet", "excel", "sqlite", "feed", "text")


class _File(click.Path):
    """The name of a file, completed as one; what is wrong with it the library says."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the name; refuse what no system takes for one, which click does not."""
        try:
            return super().convert(value, param, ctx)
        except ValueError:
            self.fail(f"{value!r} is no name of a file", param, ctx)


FILE = _File(readable=False)
MODEL = click.option(
    "--model", type=FILE, metavar="FILE", help="Model file to use; the bundled one without it."
)
TEXT_COLUMN = click.option(
    "--text-column",
    multiple=True,
    metavar="NAME",
    help="Column of a table that holds the text, or a part of it; may be repeated.",
)
LABEL_COLUMN = click.option(
    "--label-column", metavar="NAME", help="Column of a table that holds the role."
)
TITLE_COLUMN = click.option(
    "--title-column", metavar="NAME", help="Column of a table that holds the title."
)
SHEET = click.option("--sheet", metavar="NAME", help="Sheet of a workbook that is read.")
TABLE = click.option("--table", metavar="NAME", help="Table or view of a database that is read.")
FORMAT = click.option(
    "--format",
    type=click.Choice(_FORMS),
    metavar="FORM",
    help=f"What to read as, whatever it looks like: {', '.join(_FORMS)}.",
)
MAPPING = click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="LABEL=ROLE",
    callback=lambda _ctx, _param, values: _mapping(values),
    help="What another label stands for: data_scientist, ml_engineer, other or drop; may be "
    "repeated.",
)
CONFLICTS = click.option(
    "--conflicts",
    type=click.Choice(["error", "drop"]),
    default="error",
    show_default=True,
    help="What becomes of a posting under two roles.",
)


def _mapping(values: tuple[str, ...]) -> dict[str, str]:
    """Return labels with their roles; refuse what names none."""
    pairs = [value.rpartition("=") for value in values]
    for value, (label, _, role) in zip(values, pairs, strict=True):
        if not (label and role):
            raise click.BadParameter(
                f"{value!r} is not LABEL=ROLE, as in 'AI Engineer=ml_engineer'"
            )
    return {label: role for label, _, role in pairs}


class Share(click.ParamType):  # type: ignore[type-arg]  # has none before click 8.3
    """A share between 0 and 1, neither of them itself, or one of some words."""

    name = "share"

    def __init__(self, *words: str) -> None:
        self._words = words

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | str:
        """Return the number or the word."""
        if value in self._words:
            return str(value)
        with suppress(ValueError):
            if 0.0 < (share := float(value)) < 1.0:
                return share
        words = "".join(f", nor {word}" for word in self._words)
        raise click.BadParameter(f"{value!r} is no number between 0 and 1{words}", ctx, param)


PREVALENCE = click.option(
    "--prevalence",
    type=Share("auto"),
    metavar="P|auto",
    help="Share of the two roles where the postings come from, 0 to 1; for tables auto estimates "
    "it from their rows.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, one value a line.")


_OWN_POSTINGS = "data/labeled_postings"  # of a clone of the repository


def _data(ctx: click.Context, _: click.Parameter, value: str | None) -> str | None:
    """Return what is named; in a clone its own postings without a name."""
    if value is not None or ctx.resilient_parsing:
        return value
    if not os.path.isdir(_OWN_POSTINGS):  # noqa: PTH112
        raise click.UsageError(
            "DATA is missing: name a folder with a folder for each role, or a table with a column "
            "of roles"
        )
    terminal.note(f"reading {_OWN_POSTINGS}, for no DATA is named")
    return _OWN_POSTINGS


DATA = click.argument("data", type=FILE, required=False, callback=_data, metavar="DATA")


def prior(text: str) -> Callable[[Any], Any]:
    """Return the option of what to start from, with its help."""
    return click.option(
        "--prior",
        default="jobclf",
        show_default=True,
        shell_complete=_complete_prior,
        metavar="jobclf|base|seeds|FILE",
        help=text,
    )


def loaded(path: str | None) -> "RoleModel":
    """Read the model that `--model` names; with -v say which it is."""
    import jobclf

    model = jobclf.load_model(path)
    card = model.card
    known = f"{len(model.terms):,} terms, from {sum(card.postings.values()):,} postings"
    terminal.detail(f"model {path or 'bundled'}: {card.name} of {card.trained}, {known}")
    return model


def _complete_prior(
    ctx: click.Context,  # noqa: ARG001  # click gives three
    param: click.Parameter,  # noqa: ARG001
    incomplete: str,
) -> "list[CompletionItem]":
    """Complete `jobclf`, `base`, `seeds` or the name of a file."""
    known = [name for name in ("jobclf", "base", "seeds") if name.startswith(incomplete)]
    from click.shell_completion import CompletionItem

    return [*map(CompletionItem, known), CompletionItem(incomplete, type="file")]


def server_part(name: str, what: str, extra: str) -> Any:
    """Return a module of the server; refuse where an extra that it needs is not installed."""
    from importlib import import_module

    from jobclf.errors import JobclfError, extra_missing

    try:
        return import_module(f"jobclf.server.{name}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("jobclf"):
            raise
        raise extra_missing(what, extra, kind=JobclfError) from None
