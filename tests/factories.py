"""Postings, models and files for the tests: the same ones every time."""

import csv
import gzip
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

import jobclf
from jobclf.classifier.heads import Head, ScopeHead
from jobclf.classifier.kernel import TermTables
from jobclf.classifier.model import ModelCard, RoleModel
from jobclf.roles import Role
from jobclf.text.tokens import (
    BOILERPLATE,
    BREAK,
    FUNCTION_WORDS,
    JOINED,
    TITLE_HEADS,
    TITLE_MODIFIERS,
    ngrams,
    tokenize,
)
from jobclf.training.dataset import LabeledPostings, collect

_PARTS = {
    Role.DATA_SCIENTIST: (
        "explore analyze visualize explain compare estimate forecast test interpret summarize",
        "churn,demand,pricing,customer surveys,clinical outcomes,claims,traffic,retention,"
        "campaign results,credit risk",
        "regression,hypothesis tests,causal inference,bayesian statistics,experiments,"
        "time series,clustering,data visualization,a/b tests,statistical analysis",
        "managers,product owners,clinicians,economists,the board,marketing,sales,auditors,"
        "policy makers,store leads",
    ),
    Role.ML_ENGINEER: (
        "deploy serve containerize scale monitor automate maintain optimize package release",
        "ranking models,training pipelines,feature stores,inference services,model registries,"
        "streaming jobs,recommendation systems,vision models,speech models,batch scoring",
        "kubernetes,docker,terraform,ci/cd,airflow,c++ services,production monitoring,"
        "gpu clusters,kafka,unit tests",
        "mobile apps,web search,payment gateways,robots,call centers,warehouses,ad auctions,"
        "game servers,sensors,edge devices",
    ),
    Role.OTHER: (
        "sell plan repair teach inspect deliver negotiate translate cook schedule",
        "office chairs,school lessons,hotel rooms,truck routes,building permits,legal contracts,"
        "garden tools,train tickets,winter coats,kitchen menus",
        "phone calls,paper forms,hand tools,weekly visits,a driving licence,patience,"
        "good handwriting,price lists,safety rules,shift plans",
        "families,tenants,drivers,pupils,guests,farmers,tourists,neighbours,shop owners,"
        "choir members",
    ),
}


def folder_of(role: Role) -> str:
    """Return what the folder of a role is called."""
    return "other" if role is Role.NEITHER else str(role)


def posting(role: Role, number: int, sentences: int = 12) -> str:
    """Return the text of one posting; the same role and number give the same text."""
    rng = random.Random(f"{folder_of(role)} {number}")  # noqa: S311
    verbs, things, means, people = (
        part.split(",") if "," in part else part.split() for part in _PARTS[role]
    )
    return "\n".join(
        f"- {rng.choice(verbs)} {rng.choice(things)} with {rng.choice(means)} "
        f"for {rng.choice(people)} and {rng.choice(people)}"
        for _ in range(sentences)
    )


def folder(path: Path, *, scientists: int = 12, engineers: int = 12, others: int = 8) -> Path:
    """Write a folder of labelled postings and return it."""
    counts = {
        Role.DATA_SCIENTIST: scientists,
        Role.ML_ENGINEER: engineers,
        Role.OTHER: others,
    }
    for role, count in counts.items():
        (path / folder_of(role)).mkdir(parents=True)
        for number in range(count):
            (path / folder_of(role) / f"{number:04}.txt").write_text(
                posting(role, number), encoding="utf-8"
            )
    return path


def postings_between(number: int = 1, sentences: int = 13) -> list[str]:
    """Return postings from all but Data Scientist to all but ML Engineer; some are doubtful."""
    return [
        "\n".join(
            [
                posting(Role.ML_ENGINEER, number, part),
                posting(Role.DATA_SCIENTIST, number, sentences - part),
            ]
        )
        for part in range(1, sentences)
    ]


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
_SURROUNDINGS = (
    "We offer a pension and a warm team in {place}.",
    "The office is near the station of {place} and has a garden.",
    "We have been in {place} for {years} years and like it there.",
    "Please send a letter and the names of {years} people who know you.",
    "Our founders met {years} years ago on a boat to {place}.",
)
_PLACES = ("Turku", "Ghent", "Porto", "Graz", "Odense", "Tartu", "Split", "Brno", "Cork", "Vaasa")


def mixed_posting(role: Role, number: int) -> str:
    """Return a posting of a role; another number gives another posting."""
    draw = random.Random(f"{folder_of(role)} {number}")  # noqa: S311
    duties = draw.sample(_SENTENCES[role], 3)
    other = draw.choice([r for r in _SENTENCES if r is not role])
    filler = [
        line.format(place=draw.choice(_PLACES), years=draw.randint(2, 90))
        for line in draw.sample(_SURROUNDINGS, 3)
    ]
    lines = [*duties, draw.choice(_SENTENCES[other]), *filler, f"Reference {number} {role[:2]}."]
    draw.shuffle(lines)
    return " ".join(lines)


def mixed_postings(each: int = 20, *, other: bool = True) -> LabeledPostings:
    """Return as many postings of each role, with titles of which a third claims the wrong role."""
    roles = [role for role in Role if other or role is not Role.OTHER for _ in range(each)]
    names = [f"{folder_of(role)}/{number:03}.txt" for number, role in enumerate(roles)]
    titles = [
        "ML Engineer" if (role is Role.ML_ENGINEER) == (number % 3 > 0) else "Data Scientist"
        for number, role in enumerate(roles)
    ]
    levels = ["Senior" if number % 2 else "Junior" for number in range(len(roles))]
    return collect(
        names,
        [mixed_posting(role, number) for number, role in enumerate(roles)],
        roles,
        clusters=list(range(len(roles))),
        columns={
            "title": [" ".join(pair) for pair in zip(levels, titles, strict=True)],
            "source": ["board" if number % 2 else "page" for number in range(len(roles))],
        },
    )


def mixed_folder(path: Path, each: int = 12) -> Path:
    """Write labelled postings as a folder for each role."""
    for role in Role:
        (path / folder_of(role)).mkdir(parents=True)
        for number in range(each):
            (path / folder_of(role) / f"{number:03}.txt").write_text(mixed_posting(role, number))
    return path


def read_back(path: Path) -> list[dict[str, Any]]:
    """Return the rows that a file holds."""
    from pyarrow import parquet

    if path.suffix == ".parquet":
        return list(parquet.read_table(path).to_pylist())
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    if ".jsonl" in path.name:
        return [json.loads(line) for line in text.splitlines()]
    return list(csv.DictReader(text.splitlines(), delimiter="\t" if "tsv" in path.name else ","))


def spawn(*words: object, **options: object) -> subprocess.Popen[bytes]:
    """Start the command line as a process of its own."""
    command = [sys.executable, "-m", "jobclf", *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen(command, **pipes)  # type: ignore[call-overload,no-any-return]  # noqa: S603


def regrouped(folder: Path, rows: int) -> None:
    """Write the tables anew in row groups of some rows."""
    from pyarrow import parquet

    for path in folder.iterdir():
        parquet.write_table(parquet.read_table(path), path, row_group_size=rows)


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of all parts in a folder."""
    return [row for path in sorted(folder.glob("part-*")) for row in read_back(path)]


def one_process(folder: Path) -> list[dict[str, Any]]:
    """Return the rows that one process gives for the tables in a folder, without their paths."""
    found = jobclf.predict_table(sorted(folder.iterdir()))
    return [{name: row[name] for name in row if name != "path"} for row in found]


SMALL_TERMS = (
    "a/b", "build", "build data pipelines", "c", "c++", "ci/cd", "data", "data pipelines",
    "deploy", "deploy models", "models", "node.js", "pipelines", "r", "scikit-learn", "serve",
)  # fmt: skip


def other_work(rng: np.random.Generator, terms: int) -> ScopeHead:
    """Return a head of scope with three families and weights drawn at random."""
    return ScopeHead(
        families=("one", "two", "three"),
        weights=rng.normal(size=(terms, 3)),
        precision=np.ones((terms, 3)),
        intercepts=rng.normal(size=3),
        intercept_precision=np.zeros(3),
    )


def small_model() -> RoleModel:
    """Return a model of a few terms with weights drawn once."""
    rng = np.random.default_rng(1)
    ones = np.ones(len(SMALL_TERMS))
    return RoleModel(
        terms=SMALL_TERMS,
        idf=rng.uniform(1, 5, len(SMALL_TERMS)),
        role=Head(rng.normal(size=len(SMALL_TERMS)), ones, 0.3),
        scope=other_work(rng, len(SMALL_TERMS)),
        card=ModelCard("small", "2026-01-01", "nothing", {}, ""),
    )


SMALL = small_model()


# All that can be encoded: as Hypothesis' own, which first tries each letter of Unicode.
LETTERS = st.characters(exclude_categories=["Cs"])
TOKEN_PIECES = (
    *JOINED,
    *BOILERPLATE,
    *sorted(TITLE_HEADS),
    *sorted(TITLE_MODIFIERS),
    *" \n\t+#/-.&|•’“\u00a0\ufeff",
    *("a", "r", "c", "é", "ß", "ﬁ", "İ", "日本", "\ud800", "the", "models", "42"),
)
TEXTS = st.one_of(
    st.text(st.characters(codec=None)),
    st.lists(st.sampled_from(TOKEN_PIECES)).map("".join),
    st.lists(st.sampled_from(TOKEN_PIECES)).map(" ".join),
)


ODD_TERMS = (
    "models", "model", "deploying models", "deploying", "machine learning", "machine", "data",
    "learning models", "a/b tests", "c++", "r", "c", "c#", "node.js", ".net", "ci/cd",
    "scikit-learn",
    "deploying models production", "deploying models production daily", "models production ready",
    "interdisciplinary responsibilities", "interdisciplinary", "responsibilities", "e-commerce",
    "internationalisation-free", "sign", "more", "job", "scientist", "the", "a", "the model",
    "pl/sql r", "r c++", "r&d team", "2024", "ÿÿÿ", "жж",
    "ж models", "supercalifragilisticexpialidocious", "|", "~",
    "A", "two  spaces", " ahead", "behind ", "line\nbreak", "", "данные", "c::",
    "supercalifragilisticexpialidociously",
)  # fmt: skip
_SPELLED = (
    "models model deploying production daily ready machine learning data a/b tests r c c++ c# b x "
    "C/C++ Node.js .NET asp.net CI/CD scikit-learn interdisciplinary responsibilities e-commerce "
    "sign in show more less job description full apply now be among the first a an the of senior "
    "scientist engineers developer analyst head lead | || ~ ' ’ \0 \n \t , . - / + # & 2024 team "
    "r&d pl/sql t-sql é naïve Straße ﬁne 😀 данные 中文 \ud800 ｜ İ ² K 𝐛𝐨𝐥𝐝 two spaces line break "
    "supercalifragilisticexpialidocious supercalifragilisticexpialidociously A : ; aaaaaaaa"
)  # fmt: skip
ODD_PIECES = _SPELLED.split(" ")


def reference_counts(
    terms: Sequence[str], texts: Sequence[str]
) -> list[tuple[dict[int, int], int, int]]:
    """Count with the tokeniser and a dictionary."""
    numbers = {term: at for at, term in enumerate(terms) if BREAK not in term}
    longest = max((term.count(" ") + 1 for term in terms), default=1)
    counted = []
    for posting in texts:
        words = tokenize(posting)
        contained = Counter(numbers[term] for term in ngrams(words, longest) if term in numbers)
        known = sum(word in numbers or word in FUNCTION_WORDS for word in words)
        counted.append((dict(contained), sum(word != BREAK for word in words), known))
    return counted


def kernel_counts(
    lexicon: TermTables, texts: Sequence[str]
) -> list[tuple[dict[int, int], int, int]]:
    """Count with the kernel."""
    counts = lexicon.count(texts)
    assert len(counts.starts) == len(texts) + 1
    assert counts.starts[-1] == len(counts.terms) == len(counts.counts)
    counted = []
    for at, (start, end) in enumerate(zip(counts.starts[:-1], counts.starts[1:], strict=True)):
        terms = counts.terms[start:end].tolist()
        assert terms == sorted(set(terms))
        contained = dict(zip(terms, counts.counts[start:end].astype(int).tolist(), strict=True))
        counted.append((contained, int(counts.words[at]), int(counts.known[at])))
    return counted


ODD_LEXICON = TermTables(ODD_TERMS)


# Names of OpenDocument's elements, as its files declare them.
OPEN_DOCUMENT_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {
        "office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style",
    }.items()
)  # fmt: skip
