"""`jobclf seeds` and `model`: what the answers rest on."""

import click

from jobclf.cli import options, terminal


@click.command(
    cls=terminal.Command,
    epilog=terminal.examples(
        "seeds",
        "seeds --json",
        "seeds | less",
    ),
)
@options.JSON
def seeds(as_json: bool) -> None:  # noqa: FBT001
    """Print the article's vocabulary: what it gives to either role, and to both."""
    from jobclf import api
    from jobclf.reports import render

    if as_json:
        for seed in api.seeds():
            fields = {"term": seed.term, "role": seed.role, "kind": seed.kind}
            terminal.answer(render.as_json(fields | {"section": seed.section}))
    else:
        terminal.answer(render.seeds_text(api.seeds()))


@click.command(
    "model",
    cls=terminal.Command,
    epilog=terminal.examples(
        "model",
        "model my.joblib",
        "model --json | jq .scores",
    ),
)
@click.argument("path", type=options.FILE, required=False)
@options.JSON
def model(path: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Print the card of the model in PATH, of the bundled one without it."""
    from jobclf import api
    from jobclf.reports import render

    card = api.model_card(path)
    terminal.answer(render.as_json(card.to_dict()) if as_json else render.card_text(card))
