"""What jobclf knows and says of itself: models, the vocabulary, its outputs."""

from typing import TYPE_CHECKING, Any

from jobclf.classifier import model_file
from jobclf.classifier.model import ModelCard, RoleModel

if TYPE_CHECKING:
    from jobclf.atomic import AnyPath
    from jobclf.text.vocabulary import Seed


def load_model(path: "AnyPath | None" = None) -> RoleModel:
    """Read a model file, the one that comes with the package without a path."""
    return model_file.load_model(path)


def model_card(path: "AnyPath | None" = None) -> ModelCard:
    """Return the card of a model: what it was learned from and how it did."""
    return load_model(path).card


def seeds() -> "tuple[Seed, ...]":
    """Return the article's vocabulary, term by term."""
    from jobclf.text.vocabulary import load

    return load().terms


def json_schema(name: str | None = None) -> dict[str, Any]:
    """Return the JSON Schema of an output by its name, of all by name without one.

    >>> json_schema("prediction")["properties"]["answer"]["enum"]
    ['data_scientist', 'ml_engineer', 'neither']
    """
    from jobclf.schemas import outputs

    if name is None:
        return {each: outputs.json_schema(each) for each in outputs.NAMES}
    return outputs.json_schema(name)
