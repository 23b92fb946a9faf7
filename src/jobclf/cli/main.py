"""The entry point: the group of all commands."""

import click

from jobclf import __version__
from jobclf.cli import terminal


@click.group(
    cls=terminal.Group,
    commands=terminal.Commands(
        {
            "predict": "predict",
            "train": "learn",
            "evaluate": "learn",
            "audit": "learn",
            "label": "label",
            "seeds": "inspect",
            "model": "inspect",
            "schema": "inspect",
            "serve": "serve",
            "mcp": "serve",
        }
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"{terminal.EXIT_CODES}\n\n{terminal.COMPLETION}",
)
@click.version_option(__version__, "-V", "--version", prog_name="jobclf")
def main() -> None:
    """Tell whether the work in a job posting is a Data Scientist's or an ML Engineer's."""
