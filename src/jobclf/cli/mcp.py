"""`jobclf mcp`: tools for agents."""

import click

from jobclf.cli import options, terminal


@click.command(
    cls=terminal.Command,
    epilog=terminal.examples(
        "mcp",
        "mcp --allow ~/postings",
        "mcp --model my.joblib --allow saved --allow mails",
    ),
)
@options.MODEL
@click.option(
    "--allow",
    multiple=True,
    type=options.FILE,
    metavar="FOLDER",
    help="Folder whose files agents may have read; may be repeated. None without it.",
)
def mcp(model: str | None, allow: tuple[str, ...]) -> None:
    """Offer tools to an agent over standard input and output (Model Context Protocol).

    The tools are predict, explain, and predict_file for files below the folders of --allow. The
    agent's program starts this command; its settings name it, as in
    {"mcpServers": {"jobclf": {"command": "jobclf", "args": ["mcp"]}}}.
    """
    options.loaded(model)  # what is wrong with it should be said before an agent asks
    agents = options.server_part("agents", "the server for agents", "mcp")
    agents.serve(model, allow)
