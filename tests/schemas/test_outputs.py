"""Every JSON output holds what its schema says, and nothing else."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import jobclf
from jobclf.batch.names import ADDED
from jobclf.errors import JobclfError
from jobclf.roles import Role
from jobclf.schemas import outputs
from tests.conftest import Run, Served
from tests.factories import folder, mixed_posting, posting

KEPT = Path(__file__).parents[2] / "docs" / "schema"
ENGINEER = posting(Role.ML_ENGINEER, 1)


def closed(schema: Any) -> Any:
    """Return a schema that allows no other fields, as those who write a result have to hold it."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(part) for name, part in schema.items()}
    if "properties" in schema and schema.get("type") == "object":
        found.setdefault("additionalProperties", False)
    return found


def check(name: str, value: Any, *, others: bool = False) -> None:
    """Hold a value against a schema; with `others` it may have more fields at its top."""
    schema = closed(jobclf.json_schema(name))
    if others:
        del schema["additionalProperties"]
    jsonschema.Draft202012Validator(schema).validate(value)


@pytest.mark.parametrize("name", outputs.NAMES)
def test_a_schema_is_sound_and_kept_in_the_docs(name: str) -> None:
    schema = jobclf.json_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:jobclf:schema:{name}:{outputs.VERSION}"
    if KEPT.exists():
        again = "write it anew as docs/schema/README.md says"
        assert json.loads((KEPT / f"{name}.json").read_text()) == schema, again
        assert f"| [{name}]({name}.json) | {outputs.where(name)} |" in (
            (KEPT / "README.md").read_text()
        )


def test_all_are_returned_by_name() -> None:
    assert list(jobclf.json_schema()) == list(outputs.NAMES)
    with pytest.raises(JobclfError, match="there is no output 'none'; name one of prediction"):
        jobclf.json_schema("none")


def test_rows_have_the_fields_of_an_answer() -> None:
    assert list(jobclf.json_schema("row")["properties"]) == list(ADDED)
    answer = list(jobclf.json_schema("prediction")["properties"])
    assert list(ADDED)[:-2] == answer[: len(ADDED) - 2]


def lines(content: str | bytes) -> Iterator[Any]:
    return map(json.loads, content.splitlines())


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder, made the working one, with postings, a table and labelled postings."""
    monkeypatch.chdir(tmp_path)
    Path("one.txt").write_text(ENGINEER)
    Path("short.txt").write_text("Too short.")
    folder(tmp_path / "data", scientists=8, engineers=8, others=6)
    with Path("jobs.csv").open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "title", "text"])
        rows.writerows(
            [n, "Data Scientist", mixed_posting(list(Role)[n % 3], n) * 3] for n in range(9)
        )
        rows.writerow([9, "", "short"])
    return tmp_path


PRINTED: dict[str, tuple[str, ...]] = {
    "prediction": ("predict", "--json", "one.txt"),
    "explanation": ("predict", "--explain", "--json", "one.txt"),
    "summary": ("predict", "--summary", "--json", "jobs.csv"),
    "training": ("train", "data", "--prior", "seeds", "--json"),
    "evaluation": ("evaluate", "data", "--prior", "seeds", "--json"),
    "audit": ("audit", "data", "--prior", "seeds", "--json"),
    "seed": ("seeds", "--json"),
    "model": ("model", "--json"),
}


@pytest.mark.slow
@pytest.mark.usefixtures("files", "few_resamples")
@pytest.mark.parametrize("name", PRINTED)
def test_what_a_command_prints(name: str, run: Run) -> None:
    ran = run(*PRINTED[name])
    assert ran.code == 0
    found = list(lines(ran.out))
    assert found
    for value in found:
        check(name, value)


@pytest.mark.usefixtures("files")
def test_lines_of_several_postings(run: Run) -> None:
    answer, failure = lines(run("predict", "--json", "one.txt", "short.txt").out)
    check("prediction", answer)
    check("failure", failure)


@pytest.mark.usefixtures("files")
def test_rows_and_folders_of_parts(run: Run) -> None:
    for row in lines(run("predict", "jobs.csv").out):
        assert list(row)[:3] == ["id", "title", "text"]
        check("row", row, others=True)
    run("predict", "jobs.csv", "-o", "judged.jsonl")
    for row in lines(Path("judged.jsonl").read_text()):
        check("row", row, others=True)
    run("predict", "jobs.csv", "-o", "parts/")
    check("manifest", json.loads(Path("parts/_manifest.json").read_text()))


@pytest.mark.usefixtures("files")
def test_a_session_of_labelling(run: Run) -> None:
    ran = run("label", "jobs.csv", "--json", stdin=b"1sq")
    check("labeling", json.loads(ran.out))
    for label in lines(Path("labels.jsonl").read_text()):
        check("label", label)


ASKED: dict[str, tuple[str, Callable[[Served], Any]]] = {
    "/predict": ("prediction", lambda s: s.client.post("/predict", json={"text": ENGINEER})),
    "/explain": ("explanation", lambda s: s.client.post("/explain", json={"text": ENGINEER})),
    "/model": ("model", lambda s: s.client.get("/model")),
    "/labels": ("labels", lambda s: s.client.get("/labels")),
    "a refusal": ("problem", lambda s: s.client.post("/predict", json={"text": "short"})),
    "no such page": ("problem", lambda s: s.client.get("/none")),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_the_server_answers(name: str, served: Served) -> None:
    output, asked = ASKED[name]
    check(output, asked(served).json())


def test_lines_that_the_server_answers(served: Served) -> None:
    content = b"".join(
        json.dumps({"id": 1, "text": text}).encode() + b"\n" for text in (ENGINEER, "short")
    )
    kind = {"content-type": "application/x-ndjson"}
    answer, failure = lines(
        served.client.post("/predict/batch", content=content, headers=kind).text
    )
    check("prediction", answer, others=True)
    check("failure", failure, others=True)


def test_a_label_that_the_server_keeps(served: Served) -> None:
    kept = served.client.post("/labels", json={"text": ENGINEER, "label": "neither"}).json()
    check("labels", kept)
    check("label", next(lines(served.labels.read_text())))
    check("labels", served.client.delete(f"/labels/{kept['posting']}").json())


def test_the_command_lists_and_prints_schemas(run: Run) -> None:
    listed = run("schema").out.splitlines()
    assert [line.split()[0] for line in listed] == list(outputs.NAMES)
    assert json.loads(run("schema", "row").out) == jobclf.json_schema("row")
    ran = run("schema", "none")
    assert (ran.code, ran.out) == (1, "")
    assert "too_short" in jobclf.json_schema("failure")["properties"]["error_reason"]["enum"]
