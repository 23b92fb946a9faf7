"""`jobclf serve` and `jobclf mcp`: the page and the REST interface, and tools for agents."""

import click

from jobclf.cli import options, terminal
from jobclf.errors import as_on_command_line


@click.command(
    cls=terminal.Command,
    epilog=terminal.examples(
        "serve --open",
        "serve --port 9000",
        "serve --host 0.0.0.0 --token-file token.txt",
    ),
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, metavar="N")
@click.option("--open/--no-open", "opened", help="Open the page in the browser.")
@options.MODEL
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Processes that do the work; one for each processor without it.",
)
@click.option(
    "--labels",
    type=options.FILE,
    default="labels.jsonl",
    show_default=True,
    metavar="FILE",
    help="Where labels given on the page are kept, for `jobclf train`.",
)
@click.option(
    "--token-file",
    type=options.FILE,
    metavar="FILE",
    help="File with the token that every request must bring.",
)
def serve(
    host: str,
    port: int,
    *,
    opened: bool,
    model: str | None,
    workers: int | None,
    labels: str,
    token_file: str | None,
) -> None:
    """Answer on a page and over HTTP, on this machine alone unless --host says otherwise.

    The page takes postings and tables and shows answers with their reasons. Programs ask by
    `POST /predict` and the like; /docs shows how. Where --host is not this machine itself, each
    request must bring a token, which is printed with the address.

    Ctrl-C or SIGTERM ends it with exit code 0, once what it has begun is answered. It is 1 where it
    cannot listen, or the model, token or file of labels cannot be read.
    """
    options.loaded(model)  # what is wrong with it should be said before the server stands
    launch = options.server_part("launch", "the server", "server")

    def started(url: str) -> None:
        terminal.answer(f"jobclf answers at {url}")
        if opened:
            import webbrowser

            webbrowser.open(url)

    listening = launch.listen(
        host,
        port,
        model=model,
        workers=workers,
        labels=labels,
        token_file=token_file,
        started=started,
    )
    with as_on_command_line(on=False):  # what asks it has fields, by the names of parameters
        listening.serve()


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
    with as_on_command_line(on=False):
        agents.serve(model, allow)
