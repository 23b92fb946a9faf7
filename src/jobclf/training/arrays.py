"""What scikit-learn passes around, as texts, titles and roles."""

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import _check_feature_names, _check_n_features, column_or_1d

from jobclf.documents.names import PART_OF, TITLES, known_name
from jobclf.errors import DatasetError
from jobclf.roles import Role, parse_role
from jobclf.tables.values import is_missing

_SHOWN = 5  # places named in messages
_NUMBERED = (Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.NEITHER)  # in alphabetical order


def texts_and_titles(
    X: Any, estimator: Any, *, reset: bool
) -> tuple[list[str], list[str | None] | None]:
    """Return the texts in `X`, and the titles if it has a second column.

    Columns of a frame that is named the other way round are taken by their names.

    Parameters
    ----------
    X : sequence of str, array or frame
        Of shape (postings,), or (postings, 1 or 2).
    estimator : estimator
        Takes note of the columns where `reset`, and is held to them else.
    """
    if isinstance(X, str | bytes):
        raise ValueError(  # noqa: TRY004  # as scikit-learn has it
            f"X must be many texts, not one {type(X).__name__}; give [text]"
        )
    _check_feature_names(estimator, X, reset=reset)
    # As objects, for NumPy would write what is no str as one.
    cells = np.asarray(X.to_pylist() if hasattr(X, "to_pylist") else X, dtype=object)
    if cells.ndim == 1:
        return _texts(cells), None
    if cells.ndim != 2 or cells.shape[1] not in {1, 2}:  # noqa: PLR2004
        raise ValueError(
            f"X has the shape {cells.shape} and must be (postings,), or (postings, 2) for texts "
            "and titles"
        )
    _check_n_features(estimator, cells, reset=reset)
    if cells.shape[1] == 1:
        return _texts(cells[:, 0]), None
    names = [str(name) for name in getattr(estimator, "feature_names_in_", ())]
    turned = bool(names) and known_name(names[0]) in TITLES and known_name(names[1]) in PART_OF
    texts, titles = (1, 0) if turned else (0, 1)
    given = [None if is_missing(title) else str(title) for title in cells[:, titles].tolist()]
    return _texts(cells[:, texts]), given


def _texts(cells: NDArray[Any]) -> list[str]:
    if not len(cells):
        raise ValueError("Found array with 0 sample(s); X must hold a text at least")
    found: list[Any] = cells.tolist()
    missing = [at for at, text in enumerate(found) if is_missing(text)]
    if missing:
        raise ValueError(
            f"X has no text (NaN, None) in {_places(missing)}; leave these out, or fill them"
        )
    other = next((each for each in found if not isinstance(each, str)), None)
    if other is not None:
        raise ValueError(f"X must hold str, and not {type(other).__name__}")
    return found


def roles_of(y: Any) -> tuple[NDArray[Any], tuple[Role, ...], list[Role]]:
    """Return the labels there are, in order, the role of each, and the role of each posting.

    Whole numbers are the places of the names in alphabetical order, as scikit-learn writes labels
    where it has a classifier learn on its behalf.
    """
    if y is None:
        raise ValueError("fit requires y to be passed: the label of each posting")
    given = column_or_1d(np.asarray(y), warn=True).tolist()
    missing = [at for at, label in enumerate(given) if is_missing(label)]
    if missing:
        raise ValueError(f"y has no label (NaN, None) in {_places(missing)}; leave these out")
    if all(isinstance(label, Integral) for label in given):
        return _numbered([int(label) for label in given])
    labels = sorted(set(map(str, given)))
    roles: dict[str, Role] = {}
    for label in labels:
        try:
            role = parse_role(label)
        except DatasetError as error:
            raise ValueError(f"Unknown label type: {error}") from None
        same = next((other for other, known in roles.items() if known is role), None)
        if same is not None:
            raise ValueError(f"y has {same!r} and {label!r} for one role; spell it in one way")
        roles[label] = role
    return np.array(labels), tuple(roles.values()), [roles[str(label)] for label in given]


def _numbered(given: list[int]) -> tuple[NDArray[Any], tuple[Role, ...], list[Role]]:
    numbers = sorted(set(given))
    if other := [number for number in numbers if not 0 <= number < len(_NUMBERED)]:
        names = ", ".join(f"{number} {role}" for number, role in enumerate(_NUMBERED))
        raise ValueError(f"Unknown label type: {other[0]} is no role; of numbers use {names}")
    roles = tuple(_NUMBERED[number] for number in numbers)
    return np.array(numbers), roles, [_NUMBERED[number] for number in given]


def _places(places: Sequence[int]) -> str:
    """Return some places, counted from 0 as arrays are, for messages."""
    shown = ", ".join(map(str, places[:_SHOWN]))
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    return f"{'row' if len(places) == 1 else 'rows'} {shown}{more}"
