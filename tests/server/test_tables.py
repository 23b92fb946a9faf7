"""Many postings over HTTP: judged whole, looked at row by row, taken away in any form."""

import csv
import io
import json
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import jobclf
from jobclf.reports import render
from jobclf.roles import Role
from jobclf.server.jobs import Job
from tests.conftest import Served
from tests.factories import mixed_posting, posting

ROLES = list(Role)
ROWS = [
    {"id": str(n), "title": f"Job {n}", "text": mixed_posting(ROLES[n % 3], n) * 3}
    for n in range(30)
] + [{"id": "30", "title": "=1+1", "text": "too short"}]


def table() -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, ["id", "title", "text"])
    writer.writeheader()
    writer.writerows(ROWS)
    return stream.getvalue().encode()


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def started(served: Served, files: dict[str, bytes]) -> str:
    """Upload files, have them judged, and return the id of the job once it is at its end."""
    job = str(served.client.post("/tables").json()["id"])
    for name, content in files.items():
        put = served.client.put(f"/tables/{job}/files", params={"name": name}, content=content)
        assert put.status_code == 200
    begin(served, job)
    return job


def begin(served: Served, job: str, **columns: str) -> None:
    """Have the uploads of a job judged, and return once that is at its end."""
    begun = served.client.post(f"/tables/{job}/start", params=columns)
    assert begun.json()["state"] == "running"
    while served.client.get(f"/tables/{job}").json()["state"] == "running":
        time.sleep(0.02)


def test_a_table_comes_back_with_its_answers(served: Served) -> None:
    answer = served.client.post("/predict/table", files={"file": ("jobs.csv", table())})
    assert answer.headers["content-disposition"] == 'attachment; filename="jobs-judged.csv"'
    found = read(answer.content)
    assert [row["id"] for row in found] == [row["id"] for row in ROWS]
    expected = jobclf.predict(ROWS[0]["text"], title=ROWS[0]["title"])
    assert found[0]["role"] == expected.role
    assert found[-1]["error"]
    assert served.left() == []


@pytest.mark.parametrize("output", ["csv", "jsonl", "parquet"])
def test_it_is_what_the_command_line_writes(output: str, served: Served, tmp_path: Path) -> None:
    source = tmp_path / "jobs.csv"
    source.write_bytes(table())
    jobclf.predict_table(source, output=tmp_path / f"out.{output}")
    params = {"output": output}
    answer = served.client.post(
        "/predict/table", params=params, files={"file": ("jobs.csv", table())}
    )
    assert answer.content == (tmp_path / f"out.{output}").read_bytes()


def test_cells_that_a_spreadsheet_would_run_are_made_safe_on_request(served: Served) -> None:
    params = {"safe_csv": "true"}
    answer = served.client.post("/predict/table", params=params, files={"file": ("a.csv", table())})
    assert read(answer.content)[-1]["title"] == "'=1+1"


def test_a_table_that_is_none_is_refused_by_its_own_name(served: Served) -> None:
    answer = served.client.post("/predict/table", files={"file": ("../a.csv", b"one\ntwo\n")})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("a.csv")
    assert served.left() == []


def test_rows_are_looked_at_by_doubt(served: Served) -> None:
    job = started(served, {"jobs.csv": table()})
    told = served.client.get(f"/tables/{job}").json()
    assert told["state"] == "done"
    assert (told["summary"]["postings"], told["summary"]["failed"]) == (31, 1)
    found = served.client.get(f"/tables/{job}/rows", params={"count": 31}).json()
    confidences = [row["confidence"] for row in found["rows"]]
    assert found["total"] == 31
    assert confidences[:-1] == sorted(confidences[:-1])
    assert (confidences[-1], found["rows"][-1]["answer"]) == (None, "error")
    in_order = served.client.get(f"/tables/{job}/rows", params={"order": "table"}).json()["rows"]
    assert [row["number"] for row in in_order] == list(range(1, 32))
    assert in_order[3]["title"] == "Job 3"
    some = served.client.get(f"/tables/{job}/rows", params={"answer": "neither"}).json()
    assert 0 < some["total"] == sum(row["answer"] == "neither" for row in found["rows"])
    served.client.delete(f"/tables/{job}")
    assert served.left() == []
    assert served.client.get(f"/tables/{job}").status_code == 404


def test_a_row_is_explained_and_the_file_taken_away(served: Served) -> None:
    job = started(served, {"jobs.csv": table()})
    row = served.client.get(f"/tables/{job}/rows/5").json()
    text, title = ROWS[4]["text"], ROWS[4]["title"]
    assert (row["text"], row["given"]) == (text, title)
    expected = render.prediction_fields(jobclf.predict(text, title=title))
    assert json.loads(render.as_json(expected)).items() <= row.items()
    assert served.client.get(f"/tables/{job}/rows/31").status_code == 422
    assert served.client.get(f"/tables/{job}/rows/99").status_code == 422
    assert served.client.get(f"/tables/{job}/rows/0").status_code == 404
    file = served.client.get(f"/tables/{job}/file", params={"output": "jsonl"})
    assert len(file.content.splitlines()) == 31
    served.client.delete(f"/tables/{job}")


@pytest.mark.parametrize("output", ["csv", "xlsx", "parquet"])
def test_the_rows_that_are_looked_at_are_taken_away(output: str, served: Served) -> None:
    titles = ["Data Scientist", "ML Engineer", "Data Scientist"]
    rows = [{"id": n, "title": titles[n % 3], "text": row["text"]} for n, row in enumerate(ROWS)]
    content = "\n".join(map(json.dumps, rows)).encode()
    job = started(served, {"jobs.jsonl": content})
    for which in ({"answer": "neither"}, {"title_role": "ml_engineer"}, {"disagree": "true"}):
        params: dict[str, Any] = {"count": 40, "order": "table", **which}
        shown = served.client.get(f"/tables/{job}/rows", params=params).json()["rows"]
        assert 0 < len(shown) < len(rows)
        answer = served.client.get(f"/tables/{job}/file", params=which | {"output": output})
        assert answer.headers["content-disposition"].count("jobs-judged-") == 1
        assert [int(row["id"]) + 1 for row in opened(answer.content, output)] == [
            row["number"] for row in shown
        ]
    served.client.delete(f"/tables/{job}")


def opened(content: bytes, form: str) -> list[dict[str, Any]]:
    import pandas as pd

    reads = {
        "csv": pd.read_csv,
        "xlsx": partial(pd.read_excel, engine="calamine"),
        "parquet": pd.read_parquet,
    }
    found: list[dict[str, Any]] = reads[form](io.BytesIO(content)).to_dict("records")
    return found


def test_files_go_by_their_names_whatever_those_are(served: Served) -> None:
    names = ["saved/a.txt", "saved/../../a.txt", "/b*.txt", "-", "ä ö.txt", "A.txt", "saved/A.txt"]
    files = {name: posting(ROLES[at % 3], at).encode() for at, name in enumerate(names)}
    job = started(served, files)
    rows = served.client.get(f"/tables/{job}/rows", params={"order": "table"}).json()["rows"]
    assert [row["path"] for row in rows] == [
        "saved/a.txt", "saved/_../_../a.txt", "b_.txt", "_-", "ä ö.txt", "A.txt", "saved_2/A.txt",
    ]  # fmt: skip
    assert all(row["error"] is None for row in rows)
    served.client.delete(f"/tables/{job}")


def test_columns_named_as_the_answers_are_kept(served: Served) -> None:
    content = b"role,text\n" + b"".join(f"a,{row['text']}\n".encode() for row in ROWS[:3])
    job = started(served, {"jobs.csv": content})
    assert served.client.get(f"/tables/{job}").json()["state"] == "done"
    file = served.client.get(f"/tables/{job}/file")
    assert {"role", "jobclf_role"} <= set(read(file.content)[0])
    served.client.delete(f"/tables/{job}")


def test_what_cannot_be_read_is_told_with_its_place(served: Served) -> None:
    job = started(served, {"jobs.csv": b"one\ntwo\n"})
    told = served.client.get(f"/tables/{job}").json()
    assert told["state"] == "failed"
    assert told["error"]["message"].startswith("jobs.csv")
    assert served.client.get(f"/tables/{job}/rows").status_code == 409
    begin(served, job, text_column="one")
    assert served.client.get(f"/tables/{job}").json()["summary"]["failed"] == 1
    served.client.delete(f"/tables/{job}")


def test_nothing_starts_without_files_and_none_comes_late(served: Served) -> None:
    empty = served.client.post("/tables").json()["id"]
    assert served.client.post(f"/tables/{empty}/start").status_code == 409
    job = started(served, {"jobs.csv": table()})
    late = served.client.put(f"/tables/{job}/files", params={"name": "b.csv"}, content=b"a")
    assert late.status_code == 422
    for each in (empty, job):
        served.client.delete(f"/tables/{each}")


def test_a_file_of_a_folder_goes_by_the_folder(served: Served) -> None:
    text = posting(Role.ML_ENGINEER, 1).encode()
    for names, stem in (
        (["saved/a.txt", "saved/b/c.txt"], "saved"),
        (["a.txt", "b.txt"], "postings"),
    ):
        job = started(served, dict.fromkeys(names, text))
        answer = served.client.get(f"/tables/{job}/file", params={"output": "jsonl"})
        assert answer.headers["content-disposition"].endswith(f'"{stem}-judged.jsonl"')
        assert answer.headers["content-type"] == "application/x-ndjson"
        served.client.delete(f"/tables/{job}")


@pytest.mark.slow
def test_a_table_is_stopped_and_its_rows_stay(served: Served) -> None:
    rows: list[dict[str, Any]] = [{"text": mixed_posting(ROLES[n % 3], n) * 3} for n in range(2000)]
    content = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    job = str(served.client.post("/tables").json()["id"])
    for name in range(20):
        url = f"/tables/{job}/files"
        served.client.put(url, params={"name": f"{name}.jsonl"}, content=content)
    served.client.post(f"/tables/{job}/start")
    while not served.client.get(f"/tables/{job}").json().get("rows"):
        time.sleep(0.02)
    told = served.client.post(f"/tables/{job}/stop").json()
    assert (told["state"], told["summary"]["stopped"]) == ("done", True)
    found = served.client.get(f"/tables/{job}/rows").json()
    assert 0 < found["total"] == told["summary"]["postings"] < 40_000
    file = served.client.get(f"/tables/{job}/file", params={"output": "jsonl"})
    assert file.content.count(b"\n") == found["total"]
    served.client.delete(f"/tables/{job}")


def test_more_jobs_than_are_kept_push_out_the_oldest(served: Served) -> None:
    jobs = [served.client.post("/tables").json()["id"] for _ in range(9)]
    assert served.client.get(f"/tables/{jobs[0]}").status_code == 404
    assert served.client.get(f"/tables/{jobs[8]}").status_code == 200
    for job in jobs[1:]:
        served.client.delete(f"/tables/{job}")
    assert served.left() == []


def test_names_are_counted_where_capitals_are_not_told_apart(tmp_path: Path) -> None:
    job = Job(folder=tmp_path)
    assert [job.place(name).name for name in ("a.txt", "A.txt", "a.txt")] == [
        "a.txt", "2_A.txt", "3_a.txt",
    ]  # fmt: skip
