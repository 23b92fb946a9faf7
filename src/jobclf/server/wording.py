"""How sure an answer is, in words."""

from jobclf.classifier.prediction import GRADES


def grade(confidence: float) -> str:
    """Return the grade of doubt of an answer with this probability.

    >>> grade(0.97), grade(0.55)
    ('clearly', 'between the two')
    """
    return next(word for least, word in GRADES if confidence >= least)
