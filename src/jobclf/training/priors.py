"""The model that training starts from: by name, from a file, or as it is."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from jobclf.classifier import model_file
from jobclf.classifier.counts import Floats
from jobclf.classifier.heads import Head, ScopeHead, TitleHead
from jobclf.classifier.model import ModelCard, RoleModel
from jobclf.errors import ModelFileError, Reason
from jobclf.text.vocabulary import Seeds
from jobclf.text.vocabulary import load as load_seeds
from jobclf.training import features

AnyHead = TypeVar("AnyHead", Head, ScopeHead)

NAMES = ("jobclf", "base", "seeds")


def load(prior: str | os.PathLike[str] | RoleModel, *, C: float | None = None) -> RoleModel:
    """Return the prior that is meant: `jobclf`, `base`, `seeds`, a file, or a model itself.

    `C` is the inverse strength of the penalty on what moves away from the seeds.
    """
    if isinstance(prior, RoleModel):
        return prior
    if prior in NAMES[:2]:
        return model_file.load_bundled(prior)
    if prior == "seeds":
        return seed_model(load_seeds(), C=STRENGTH if C is None else C)
    try:
        return model_file.load_model(prior)
    except ModelFileError as error:
        if error.reason is not Reason.NOT_FOUND or os.path.dirname(prior):  # noqa: PTH120
            raise
        raise ModelFileError(
            "it does not exist",
            f"name {', '.join(NAMES)} or a model file",
            reason=Reason.NOT_FOUND,
            path=os.fspath(prior),
        ) from None


# Measured by `python -m benchmarks.accuracy`: see the model card.
STRENGTH = 10.0  # C, the inverse strength of the penalty on weights that nothing is known of


SEED_WEIGHT = 0.7  # prior mean of a seed's weight on the role head


ONE_FAMILY = ("other",)  # of work that is neither role's, where no more is known of it


def seed_model(
    seeds: Seeds,
    terms: Sequence[str] = (),
    families: tuple[str, ...] = ONE_FAMILY,
    *,
    C: float = STRENGTH,
) -> RoleModel:
    """Return the model that knows the article and nothing else.

    `terms` are other terms that people use, without labels: those that are forms of a seed join in.
    `families` are the kinds of other work that what is learned from it will tell apart.
    """
    own = dict.fromkeys(features.seed_terms(seeds))
    everything = sorted(own | dict.fromkeys(terms))
    signs = features.seed_signs(seeds, everything)
    kept = [term for term, sign in zip(everything, signs, strict=True) if sign or term in own]
    kinds = features.seed_kinds(seeds, kept)
    role = SEED_WEIGHT * features.signs(kinds)
    flat = np.full(len(kept), 1.0 / C)
    return RoleModel(
        terms=tuple(kept),
        idf=np.ones(len(kept)),
        role=Head(weights=role, precision=flat, intercept=0.0),
        scope=ScopeHead(
            families=families,
            weights=np.zeros((len(kept), len(families))),
            precision=np.full((len(kept), len(families)), 1.0 / C),
            intercepts=np.zeros(len(families)),
            intercept_precision=np.zeros(len(families)),
        ),
        card=ModelCard("seeds", "", "nothing", {}, ""),
        kinds=kinds.tobytes(),
    )


@dataclass(frozen=True)
class Start:
    """A prior model over its own terms and new ones, in the order of `terms`.

    The idf of a term is NaN where the prior has not learned one.
    """

    terms: tuple[str, ...]
    idf: Floats
    role: Head
    scope: ScopeHead
    kinds: NDArray[np.uint8]  # of which seeds each term is a form
    ai: Head | None = None
    titles: TitleHead | None = None
    C: float = STRENGTH

    @property
    def signs(self) -> Floats:
        """What the seeds say of each term, for pruning: seeds always stay."""
        return features.signs(self.kinds)


def started(
    normal: Sequence[str], prior: RoleModel, min_df: int, C: float = STRENGTH
) -> tuple[Start, Any]:
    """Return the prior over its terms and the new ones of normalised texts, and their counts."""
    new = features.select_terms(normal, min_df=min_df)
    terms = tuple(sorted(dict.fromkeys(prior.terms) | dict.fromkeys(new)))
    place = {term: at for at, term in enumerate(terms)}
    places = np.array([place[term] for term in prior.terms])
    kinds = features.seed_kinds(load_seeds(), terms)
    fresh = np.zeros(len(terms))
    if not prior.card.postings:  # the prior is the article itself: every form of a seed is one
        fresh = SEED_WEIGHT * features.signs(kinds)
    idf = np.full(len(terms), np.nan)
    if prior.card.postings:
        idf[places] = prior.idf
    start = Start(
        terms=terms,
        idf=idf,
        role=_spread(prior.role, places, fresh, C),
        scope=_spread(prior.scope, places, np.zeros((len(terms), len(prior.scope.families))), C),
        kinds=kinds,
        ai=None if prior.ai is None else _spread(prior.ai, places, np.zeros(len(terms)), C),
        titles=prior.titles,
        C=C,
    )
    return start, features.count_matrix(normal, terms)


def _spread(head: AnyHead, places: NDArray[np.int64], weights: Floats, C: float) -> AnyHead:
    weights = weights.copy()
    weights[places] = head.weights
    precision = np.full(weights.shape, 1.0 / C)
    precision[places] = head.precision
    return replace(head, weights=weights, precision=precision)
