"""Which postings a model has learned from, told by marks of their texts that its file keeps."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jobclf.classifier.model import RoleModel
from jobclf.text.cleaning import clean

if TYPE_CHECKING:
    from jobclf.training.dataset import LabeledPostings

Marks = NDArray[np.uint32]
_MARK = np.dtype("<u4")  # four bytes a posting: one in 100,000 is taken for another by chance
_OTHERS = re.compile(r"[^a-z0-9]+")


def marks(cleaned: Iterable[str]) -> Marks:
    """Return a mark of each clean text, the same for texts that differ in no letter or digit."""
    plain = (_OTHERS.sub("", text.lower()).encode() for text in cleaned)
    found = b"".join(hashlib.sha256(text).digest()[: _MARK.itemsize] for text in plain)
    return np.frombuffer(found, dtype=_MARK)


def joined(before: bytes, new: Marks) -> bytes:
    """Return the marks that a model keeps once it has learned from more texts, ascending."""
    kept = np.frombuffer(before, dtype=_MARK)
    return np.union1d(kept, new).astype(_MARK).tobytes()


def learned_from(model: RoleModel, texts: Iterable[str]) -> NDArray[np.bool_]:
    """Return which texts a model has learned from, shape (texts,)."""
    return _known(model, marks(map(clean, texts)))


def _known(model: RoleModel, found: Marks) -> NDArray[np.bool_]:
    return np.isin(found, np.frombuffer(model.learned, dtype=_MARK))


def unseen(postings: "LabeledPostings", *models: RoleModel) -> "LabeledPostings":
    """Return the postings with those out of what is judged that a model has learned from."""
    known = np.zeros(len(postings), dtype=bool)
    for model in models:
        if model.learned:
            known |= _known(model, postings.marks)
    count = int((known & postings.gold).sum())
    if not count:
        return postings
    names = " or ".join(dict.fromkeys(model.card.name for model in models if model.learned))
    note = f"{count:,} of {len(postings):,} postings are not judged: {names} learned from them"
    return replace(postings, gold=postings.gold & ~known, notes=(*postings.notes, note))
