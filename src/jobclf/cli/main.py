"""The entry point: the group of all commands."""

import click

from jobclf import __version__
from jobclf.cli import inspect, label, learn, predict, serve, terminal


@click.group(
    cls=terminal.Group,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"{terminal.EXIT_CODES}\n\n{terminal.COMPLETION}",
)
@click.version_option(__version__, "-V", "--version", prog_name="jobclf")
def main() -> None:
    """Tell whether the work in a job posting is a Data Scientist's or an ML Engineer's."""


for _command in (
    predict.predict,
    learn.train,
    learn.evaluate,
    learn.audit,
    label.label,
    inspect.seeds,
    inspect.model,
    inspect.schema,
    serve.serve,
    serve.mcp,
):
    main.add_command(_command)
