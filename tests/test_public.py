"""The public postings are found again in repositories, by hash, and become tables to learn from."""

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from jobclf.roles import Role
from tests.factories import posting

public: Any = pytest.importorskip("benchmarks.public", reason="benchmarks are not here")
corpora: Any = pytest.importorskip("benchmarks.corpora", reason="benchmarks are not here")

NAMES = ("posting_id", "source", "source_path", "row", "exact", "label", "confidence", "drawn")


def repository(place: Path, files: dict[str, str]) -> str:
    """Make a bare repository of some files, and return its commit."""
    work = place.parent / f"{place.name} work"
    for name, text in files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text, encoding="utf-8")

    def git(*words: str) -> str:
        named = ("-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false")
        command = ["git", *named, "-C", str(work), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603

    git("init", "--quiet")
    git("add", "-A")
    git("commit", "--quiet", "-m", "postings")
    git("clone", "--quiet", "--bare", ".", str(place))
    return git("rev-parse", "HEAD")


def table(path: Path, names: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerows([names, *rows])


def csv_text(rows: list[tuple[str, ...]]) -> str:
    return "".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows
    )


def test_labels_are_found_by_hash_and_the_rest_by_title(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scientist, ml_engineer = posting(Role.DATA_SCIENTIST, 1), posting(Role.ML_ENGINEER, 1)
    page, changed = posting(Role.ML_ENGINEER, 2), posting(Role.DATA_SCIENTIST, 2)
    unread = posting(Role.DATA_SCIENTIST, 3) * 3
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    first = repository(
        mirror / "one__jobs.git",
        {
            "jobs.csv": csv_text(
                [
                    ("Job Title", "Company", "Job Description"),
                    ("Data Scientist", "Acme", f"About the job\n<p>{scientist}</p> Show more"),
                    ("ML Engineer", "Brick", ml_engineer),
                    ("Data Scientist", "Cone", changed + " And this was added later."),
                    ("Senior Data Scientist", "Dome", unread),
                ]
            )
        },
    )
    second = repository(
        mirror / "two__pages.git",
        {
            "saved/1.html": '<html><script type="application/ld+json">'
            + json.dumps({"title": "MLE", "description": f"<p>{page}</p>"})
            + "</script></html>"
        },
    )
    found = {
        "a": ("one/jobs", "jobs.csv", scientist, "DS"),
        "b": ("one/jobs", "jobs.csv", ml_engineer, "MLE"),
        "c": ("one/jobs", "jobs.csv", changed, "DS"),
        "d": ("two/pages", "saved/1.html", page, "MLE"),
        "e": ("three/gone", "a.csv", posting(Role.ML_ENGINEER, 4), "MLE"),
    }
    labels, sources = tmp_path / "labels.csv", tmp_path / "sources.csv"
    rows: list[tuple[object, ...]] = [
        (name, source, path, "0", public.exact([text])[0], label, 3, "random")
        for name, (source, path, text, label) in found.items()
    ]
    table(labels, NAMES, rows)
    table(sources, ("source", "commit"), [("one/jobs", first), ("two/pages", second)])
    given = ["--labels", str(labels), "--sources", str(sources), "--mirror", str(mirror)]
    public.main([str(tmp_path / "corpora"), *given])
    told = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0].split() for line in told[:4]] == [
        ["66.7%", "2", "of", "3", "one/jobs"],
        ["100.0%", "1", "of", "1", "two/pages"],
        ["0.0%", "0", "of", "1", "three/gone"],
        ["60.0%", "3", "of", "5", "in", "all"],
    ]
    corpus = corpora.load(tmp_path / "corpora", labels=labels)
    by_name = dict(
        zip(corpus.postings.names, zip(corpus.why, corpus.titles, strict=True), strict=True)
    )
    assert by_name == {
        "a": ("random", "Data Scientist"),
        "b": ("random", "ML Engineer"),
        "d": ("random", "MLE"),
        "one__jobs::jobs.csv::2": ("title", "Data Scientist"),
        "one__jobs::jobs.csv::3": ("title", "Senior Data Scientist"),
    }


def test_each_label_has_a_hash_and_each_source_a_commit() -> None:
    labels = corpora.read_labels(corpora.LABELS)
    commits = {row["source"]: row["commit"] for row in corpora.read_labels(public.SOURCES)}
    assert all(row["exact"].isdigit() for row in labels)
    assert {row["source"] for row in labels} == set(commits)
    assert all(len(commit) == 40 for commit in commits.values())
