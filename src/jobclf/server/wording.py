"""How sure an answer is, in words."""

GRADES: tuple[tuple[float, str], ...] = (
    (0.95, "clearly"),
    (0.8, "probably"),
    (0.6, "perhaps"),
    (0.0, "between the two"),
)


def grade(confidence: float) -> str:
    """Return the grade of doubt of an answer with this probability.

    >>> grade(0.97), grade(0.55)
    ('clearly', 'between the two')
    """
    return next(word for least, word in GRADES if confidence >= least)
