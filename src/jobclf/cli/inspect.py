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
    import jobclf
    from jobclf.reports import render

    if as_json:
        for seed in jobclf.seeds():
            fields = {"term": seed.term, "role": seed.role, "kind": seed.kind}
            terminal.answer(render.as_json(fields | {"section": seed.section}))
    else:
        terminal.answer(render.seeds_text(jobclf.seeds()))


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
    import jobclf
    from jobclf.reports import render, training_report

    card = jobclf.model_card(path)
    terminal.answer(render.as_json(card.to_dict()) if as_json else training_report.card_text(card))


@click.command(
    cls=terminal.Command,
    epilog=terminal.examples(
        "schema",
        "schema prediction",
        "schema row | jq .properties",
    ),
)
@click.argument("name", required=False)
def schema(name: str | None) -> None:
    """Print the JSON Schema of the output that NAME says; without it what there is.

    The end of `$id` is the version: it goes up where a field goes or comes to mean something else,
    and stays where one is added.
    """
    import json

    import jobclf
    from jobclf.schemas import outputs

    if name is None:
        width = max(map(len, outputs.NAMES))
        for each in outputs.NAMES:
            terminal.answer(f"{each:{width}}  {outputs.where(each)}")
    else:
        terminal.answer(json.dumps(jobclf.json_schema(name), indent=2))
