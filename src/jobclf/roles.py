"""The roles and the names people give them."""

import re
from enum import StrEnum

from jobclf.errors import DatasetError, Reason


class Role(StrEnum):
    """What the work in a posting is: one of the two roles, or neither."""

    DATA_SCIENTIST = "data_scientist"
    ML_ENGINEER = "ml_engineer"
    NEITHER = "neither"
    OTHER = "neither"  # the same, as label folders call it

    @property
    def label(self) -> str:
        """The role as people write it."""
        return _LABELS[self]


_LABELS = {
    Role.DATA_SCIENTIST: "Data Scientist",
    Role.ML_ENGINEER: "ML Engineer",
    Role.NEITHER: "neither",
}

SEED_LISTS: tuple[tuple[Role, str], ...] = (
    (Role.DATA_SCIENTIST, "responsibilities"),
    (Role.DATA_SCIENTIST, "skills"),
    (Role.ML_ENGINEER, "responsibilities"),
    (Role.ML_ENGINEER, "skills"),
)
# What a term of a model can be; its place here is the number that a model keeps for the term.
KINDS: tuple[tuple[Role | None, str], ...] = ((None, "learned"), (None, "shared"), *SEED_LISTS)

_NAMES = {
    Role.DATA_SCIENTIST: "ds datascientist datascience datascientists",
    Role.ML_ENGINEER: (
        "mle mlengineer machinelearningengineer mlengineers machinelearningengineers "
        "machinelearning ml aimlengineer mlops"
    ),
    Role.OTHER: "other others neither none no outofscope",
}
_BY_NAME = {name: role for role, names in _NAMES.items() for name in names.split()}


def parse_role(name: str) -> Role:
    """Return the role that a name such as `Data Scientist`, `MLE` or `neither` stands for.

    >>> parse_role("Machine Learning Engineer")
    <Role.ML_ENGINEER: 'ml_engineer'>
    """
    role = _BY_NAME.get(re.sub(r"[^a-z]", "", name.lower()))
    if role is None:
        raise DatasetError(
            f"{name!r} is no role that jobclf knows",
            "use data_scientist, ml_engineer or other",
            reason=Reason.BAD_LABEL,
        )
    return role


GRADES: tuple[tuple[float, str], ...] = (
    (0.95, "clearly"),
    (0.8, "probably"),
    (0.6, "perhaps"),
    (0.0, "between the two"),
)
NEAR_SCOPE = 0.2  # probability of being either role from which on a "neither" names the nearer one


def grade(confidence: float) -> str:
    """Return how sure an answer is in words, by its probability in whole percent as it is shown.

    >>> grade(0.87)
    'probably'
    """
    return next(word for least, word in GRADES if round(confidence, 2) >= least)
