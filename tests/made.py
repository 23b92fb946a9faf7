"""Labelled postings put together from sentences, for tests that need many."""

import random
from pathlib import Path

from jobclf.postings import LabeledPostings, collect
from jobclf.roles import Role

_SENTENCES = {
    Role.DATA_SCIENTIST: (
        "You analyse how customers behave and explain what you find to managers.",
        "You design experiments and read A/B tests with sound statistics.",
        "You build forecasts of demand and present insights every month.",
        "Causal inference and hypothesis testing are your daily work.",
        "You turn vague questions into models that support decisions.",
        "You write reports and dashboards that stakeholders understand.",
        "Regression, clustering and survival models hold no secrets for you.",
        "Your R and SQL notebooks show the reasoning behind each recommendation.",
    ),
    Role.ML_ENGINEER: (
        "You deploy models to production and monitor them around the clock.",
        "You build feature pipelines and serve predictions at low latency.",
        "Docker, Kubernetes and CI/CD are the tools you reach for first.",
        "You scale training jobs over many GPUs and keep them reliable.",
        "You own the MLOps platform and its model registry.",
        "You write clean Python services with tests and code review.",
        "Inference cost and throughput are on your scorecard.",
        "You automate retraining and roll back models that drift.",
    ),
    Role.OTHER: (
        "You keep the ledgers and close the books at the end of each month.",
        "You answer calls from guests and plan the shifts of the kitchen.",
        "You maintain the invoicing database and its backups.",
        "You weld frames by drawing and check the seams.",
        "You care for patients on the night ward with two colleagues.",
        "You sell our spare parts to garages in the region.",
        "You teach chemistry to classes of twenty pupils.",
        "You drive the delivery van and load it in the morning.",
    ),
}
_FILLER = (
    "We offer a pension and a warm team in {place}.",
    "The office is near the station of {place} and has a garden.",
    "We have been in {place} for {years} years and like it there.",
    "Please send a letter and the names of {years} people who know you.",
    "Our founders met {years} years ago on a boat to {place}.",
)
_PLACES = ("Turku", "Ghent", "Porto", "Graz", "Odense", "Tartu", "Split", "Brno", "Cork", "Vaasa")


def text(role: Role, number: int) -> str:
    """Return a posting of a role; another number gives another posting."""
    draw = random.Random(f"{role} {number}")  # noqa: S311
    duties = draw.sample(_SENTENCES[role], 3)
    other = draw.choice([r for r in _SENTENCES if r is not role])
    filler = [
        line.format(place=draw.choice(_PLACES), years=draw.randint(2, 90))
        for line in draw.sample(_FILLER, 3)
    ]
    lines = [*duties, draw.choice(_SENTENCES[other]), *filler, f"Reference {number} {role[:2]}."]
    draw.shuffle(lines)
    return " ".join(lines)


def postings(each: int = 20, *, other: bool = True) -> LabeledPostings:
    """Return as many postings of each role, with titles of which a third claims the wrong role."""
    roles = [role for role in Role if other or role is not Role.OTHER for _ in range(each)]
    names = [f"{role}/{number:03}.txt" for number, role in enumerate(roles)]
    titles = [
        "ML Engineer" if (role is Role.ML_ENGINEER) == (number % 3 > 0) else "Data Scientist"
        for number, role in enumerate(roles)
    ]
    levels = ["Senior" if number % 2 else "Junior" for number in range(len(roles))]
    return collect(
        names,
        [text(role, number) for number, role in enumerate(roles)],
        roles,
        clusters=list(range(len(roles))),
        columns={
            "title": [" ".join(pair) for pair in zip(levels, titles, strict=True)],
            "source": ["board" if number % 2 else "page" for number in range(len(roles))],
        },
    )


def folder(path: Path, each: int = 12) -> Path:
    """Write labelled postings as a folder for each role."""
    for role in Role:
        (path / role).mkdir(parents=True)
        for number in range(each):
            (path / role / f"{number:03}.txt").write_text(text(role, number))
    return path
