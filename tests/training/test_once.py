"""No text is cleaned, tokenised or normalised twice on its way."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import jobclf
from jobclf.classifier import kernel
from jobclf.roles import Role
from jobclf.text import cleaning, tokens
from tests.factories import mixed_posting

ROLES = [role for role in Role for _ in range(8)]
# Each has something to clean, far from its title.
TEXTS = [f"{mixed_posting(role, at)}\n{'We ask. ' * 99}caf\ufb01" for at, role in enumerate(ROLES)]
CLEAN = [text.replace("\ufb01", "fi") for text in TEXTS]
Calls = Counter[tuple[str, str]]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Count what is done to which of the texts, clean or not, by its end."""
    places = {text: str(at) for texts in (TEXTS, CLEAN) for at, text in enumerate(texts)}
    found: Calls = Counter()

    def watched(module: object, name: str, work: str) -> None:
        real = getattr(module, name)

        def call(given: Any, *args: Any, **options: Any) -> Any:
            texts = given if isinstance(given, list | tuple) else [given]
            found.update((work, places[text]) for text in texts if text in places)
            return real(given, *args, **options)

        monkeypatch.setattr(module, name, call)

    watched(cleaning, "_cleaned", "cleaned")
    watched(tokens, "tokenize", "tokenised")
    watched(kernel, "letters", "tokenised")
    return found


def once(*works: str) -> Calls:
    return Counter({(work, str(at)): 1 for work in works for at in range(len(TEXTS))})


def saved(folder: Path, texts: list[str]) -> list[Path]:
    paths = [folder / str(role) / f"{at:03}.txt" for at, role in enumerate(ROLES)]
    for path, text in zip(paths, texts, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return paths


def test_a_posting_is_cleaned_and_tokenised_once(tmp_path: Path, calls: Calls) -> None:
    for path in saved(tmp_path, TEXTS):
        jobclf.predict_file(path)
    assert calls == once("cleaned", "tokenised")


def test_a_row_is_cleaned_and_tokenised_once(calls: Calls) -> None:
    assert len(list(jobclf.predict_arrow(TEXTS).column("answer"))) == len(TEXTS)
    assert calls == once("cleaned", "tokenised")


def test_a_label_is_cleaned_and_tokenised_once(tmp_path: Path, calls: Calls) -> None:
    saved(tmp_path, TEXTS)
    jobclf.train(tmp_path, prior="seeds")
    assert calls == once("cleaned", "tokenised")
