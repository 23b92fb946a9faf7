"""The model that training starts from: by name, from a file, or as it is."""

import os

from jobclf.classifier import model_file
from jobclf.classifier.model import RoleModel

NAMES = ("base", "seeds")


def load(prior: str | os.PathLike[str] | RoleModel, *, C: float | None = None) -> RoleModel:
    """Return the prior that is meant: `base`, `seeds`, a model file, or a model itself.

    `C` is the inverse strength of the penalty on what moves away from the seeds.
    """
    if isinstance(prior, RoleModel):
        return prior
    if prior == "base":
        return model_file.load_bundled("base")
    if prior == "seeds":
        from jobclf.text import vocabulary
        from jobclf.training import recipe

        return recipe.seed_model(vocabulary.load(), C=recipe.STRENGTH if C is None else C)
    return model_file.load_model(prior)
