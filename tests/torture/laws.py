"""Answers that must stay: changes to a posting that change nothing of the work in it."""

import html
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import jobclf
from jobclf.classifier.model import RoleModel
from jobclf.classifier.prediction import Prediction
from jobclf.documents import pages
from jobclf.errors import PostingError
from jobclf.text.stated_titles import title_in
from jobclf.training import labeled_data

OWN = Path(__file__).parents[2] / "data" / "labeled_postings"
SAME = 1e-9  # between probabilities that are the same
STUFFING = ("Kubernetes", "Docker", "MLOps", "statistics", "A/B tests", "machine learning")

BENEFITS = (
    "What we offer\n- Thirty days of leave, and your birthday off\n- Health, dental and vision "
    "insurance from the first day\n- A pension plan to which we add five percent\n- A yearly budget"
    " for books, courses and conferences\n- Fresh fruit, good coffee and a bicycle lease",
    "Benefits: competitive salary and bonus, stock options, flexible hours, paid parental leave of "
    "twenty weeks, a home office allowance, free lunch on Wednesdays, and a gym membership.",
    "Why you will like it here\n• Work from home three days a week\n• Relocation support and help "
    "with visas\n• Childcare vouchers\n• Team trips twice a year\n• 401(k) with a match",
)
EQUAL = (
    "We are an equal opportunity employer. All applicants are considered without regard to race, "
    "colour, religion, sex, gender identity, sexual orientation, national origin, disability, age "
    "or veteran status. If you need an accommodation during the interviews, please tell us.",
    "Diversity makes us better. We hire people for who they are and what they can do, and we do "
    "not discriminate on the basis of background, belief, age, family status or disability. "
    "Applicants with criminal records will be considered in line with local law.",
)
_BULLET = re.compile(r"^\s*(?:[-*\u2022\u00b7\u25aa\u25e6\u2023\u2013o]|\d{1,2}[.)])\s+")
_SENTENCE = re.compile(r"(?<=[a-z)][.!?])\s+(?=[A-Z])")


class Posting(NamedTuple):
    """A text and the name of its company, None where that is unknown."""

    text: str
    company: str | None


@dataclass
class Flips:
    """How many answers a change turned over."""

    law: str
    compared: int = 0
    in_scope: int = 0  # in scope before and after, of which some have another role
    role: int = 0
    scope: int = 0
    moved: float = 0.0  # the mean change of either probability

    def add(self, before: Prediction, after: Prediction | PostingError) -> None:
        """Compare two answers."""
        self.compared += 1
        if isinstance(after, PostingError) or before.in_scope != after.in_scope:
            self.scope += 1
            return
        self.moved += abs(_role_probability(before) - _role_probability(after)) / 2
        self.moved += abs(before.scope_probability - after.scope_probability) / 2
        if before.in_scope:
            self.in_scope += 1
            self.role += before.role is not after.role

    @property
    def share(self) -> float:
        """Return the share of answers that are others."""
        return (self.role + self.scope) / max(1, self.compared)

    def line(self) -> str:
        """Return the figures as a line."""
        return (
            f"{self.law:24} {self.compared:5,} judged, role {self.role:3} of {self.in_scope:5,}, "
            f"scope {self.scope:3}: {100 * self.share:5.2f} % flipped, probabilities moved by "
            f"{self.moved / max(1, self.compared):.4f}"
        )


def _role_probability(answer: Prediction) -> float:
    sure = answer.probability
    return sure if answer.role is jobclf.Role.ML_ENGINEER else 1.0 - sure


def _benefits(posting: Posting, rng: random.Random) -> str:
    return "\n\n".join([posting.text, rng.choice(BENEFITS), rng.choice(EQUAL)])


def _company(posting: Posting, _: random.Random) -> str | None:
    name = (posting.company or "").split("\n", maxsplit=1)[0].strip()
    if len(name) < 4 or name not in posting.text:
        return None
    return posting.text.replace(name, "Quillhaven")


def _prose(posting: Posting, _: random.Random) -> str:
    lines = [_BULLET.sub("", line).strip() for line in posting.text.split("\n")]
    return " ".join(
        line if line.endswith((".", ":", "!")) else f"{line}." for line in lines if line
    )


def _bullets(posting: Posting, _: random.Random) -> str:
    lines = (line for part in posting.text.split("\n") for line in _SENTENCE.split(part))
    return "\n".join(f"• {line.strip()}" for line in lines if line.strip())


def _page(posting: Posting, _: random.Random) -> str | None:
    lines = [html.escape(line) for line in posting.text.split("\n") if line.strip()]
    body = "".join(f"<p>{line}</p>" for line in lines)
    page = f"<html><body><nav><a href='/'>Home</a></nav><main>{body}</main></body></html>"
    try:
        return pages.postings(page)[0].text
    except PostingError:  # a few lines of a page may be refused, which is no other answer
        return None


FIVE = "five such paragraphs"  # more than most postings have: not held to the bar of the others
LAWS: dict[str, Callable[[Posting, random.Random], str | None]] = {
    "benefits and equality": _benefits,
    FIVE: lambda posting, _: "\n\n".join([posting.text, *BENEFITS, *EQUAL]),
    "another company": _company,
    "upper case": lambda posting, _: posting.text.upper(),
    "lower case": lambda posting, _: posting.text.lower(),
    "prose for bullets": _prose,
    "bullets for prose": _bullets,
    "HTML for text": _page,
}
EXACT: dict[str, Callable[[str], str]] = {
    "CR LF": lambda text: text.replace("\r", "").replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\r", "").replace("\n", "\r"),
    "byte order mark": lambda text: f"\ufeff{text}",
    "blank lines and blanks": lambda text: "\n\n" + text.replace("\n", " \n\n\t"),
}


def own() -> list[Posting]:
    """Return the project's own postings."""
    found = labeled_data.read(OWN, conflicts="keep")
    firms = found.columns.get("company", ("",) * len(found))
    return [Posting(text, firm) for text, firm in zip(found.texts, firms, strict=True)]


def public(folder: Path, count: int) -> list[Posting]:
    """Return some of the public postings that were drawn without bias, and of their negatives."""
    from pyarrow import parquet

    rows = parquet.read_table(folder / "read.parquet", columns=["text", "company", "why"])
    drawn = [
        Posting(row["text"], row["company"])
        for row in rows.to_pylist()
        if row["why"].startswith(("random", "neg"))
    ]
    random.Random(1).shuffle(drawn)  # noqa: S311
    return drawn[:count]


def flips(model: RoleModel, given: list[Posting]) -> list[Flips]:
    """Return what each law finds."""
    # What a change does to the text is the question: the title stays what it was.
    titles = [title_in(posting.text) or "" for posting in given]
    before = list(model.predict_many([posting.text for posting in given], titles))
    found = []
    for law, change in LAWS.items():
        rng = random.Random(law)  # noqa: S311
        pairs = [
            (answer, changed, title)
            for posting, answer, title in zip(given, before, titles, strict=True)
            if isinstance(answer, Prediction) and (changed := change(posting, rng)) is not None
        ]
        found.append(Flips(law))
        after = model.predict_many(
            [changed for _, changed, _ in pairs], [title for _, _, title in pairs]
        )
        for (answer, _, _), other in zip(pairs, after, strict=True):
            found[-1].add(answer, other)
    return found


def same(one: Prediction | PostingError, other: Prediction | PostingError) -> bool:
    """Tell whether two answers are the same."""
    if isinstance(one, PostingError) or isinstance(other, PostingError):
        return str(one) == str(other)
    return (
        (one.role, one.in_scope, one.title_role) == (other.role, other.in_scope, other.title_role)
        and abs(one.probability - other.probability) <= SAME
        and abs(one.scope_probability - other.scope_probability) <= SAME
    )


def different(model: RoleModel, texts: list[str]) -> Iterator[tuple[str, int]]:
    """Yield the name of each exact law and how many answers break it."""
    answers = list(model.predict_many(texts))
    for law, change in EXACT.items():
        others = model.predict_many(map(change, texts))
        yield law, sum(not same(*pair) for pair in zip(answers, others, strict=True))
    order = list(range(len(texts)))
    random.Random(1).shuffle(order)  # noqa: S311
    shuffled = model.predict_many(texts[at] for at in order)
    broken = sum(not same(answers[at], other) for at, other in zip(order, shuffled, strict=True))
    yield "place in a batch", broken
    alone = (next(model.predict_many([text])) for text in texts)
    yield "alone", sum(not same(*pair) for pair in zip(answers, alone, strict=True))


def surest(model: RoleModel, given: list[Posting]) -> tuple[float, dict[str, float]]:
    """Return the surest answer for postings, and for each word said 200 times."""
    answers = model.predict_many(posting.text for posting in given)
    most = max(each.probability for each in answers if isinstance(each, Prediction))
    return most, {word: model.predict(f"{word} " * 200).probability for word in STUFFING}


_SEEDED = """
import hashlib, sys
from tests.torture import laws
model = laws.jobclf.load_model()
texts = [posting.text for posting in laws.own()]
print(hashlib.sha256(repr([str(each) for each in model.predict_many(texts)]).encode()).hexdigest())
"""


def digests() -> set[str]:
    """Return the digests of all answers under several hash seeds."""
    return {
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", _SEEDED],
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "2")
    }


def run(folder: Path, count: int = 2000) -> list[str]:
    """Measure every law and return the figures, a line each."""
    model = jobclf.load_model()
    there = (folder / "read.parquet").is_file()
    given = public(folder, count) if there else own()
    lines = [f"laws on {len(given):,} {'public' if there else 'own'} postings"]
    lines += [found.line() for found in flips(model, given)]
    lines += [
        f"{law:24} {broken} of {len(given):,} answers differ"
        for law, broken in different(model, [posting.text for posting in given])
    ]
    lines.append(f"answers under three hash seeds: {len(digests())} kind")
    most, stuffed = surest(model, given)
    lines.append(f"surest answer for a posting: {most:.5f}")
    lines += [f"  200 times {word}: {sure:.5f}" for word, sure in stuffed.items()]
    return lines
