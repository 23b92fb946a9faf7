"""One posting over HTTP: in JSON or as a file, answered or refused with a reason."""

import json
from typing import Any

import httpx
import jsonschema
import pytest

import jobclf
from jobclf.reports import render
from jobclf.roles import Role
from tests.conftest import Served
from tests.factories import posting

ENGINEER = posting(Role.ML_ENGINEER, 1)


def test_the_answer_has_the_fields_of_the_command_line(served: Served) -> None:
    answer = served.client.post("/predict", json={"text": ENGINEER, "title": "Data Scientist"})
    expected = render.prediction_fields(jobclf.predict(ENGINEER, title="Data Scientist"))
    assert answer.status_code == 200
    assert answer.json() == json.loads(render.as_json(expected))


def test_reasons_come_with_the_text_that_their_places_are_in(served: Served) -> None:
    found = served.client.post("/explain", json={"text": ENGINEER}).json()
    assert found["text"] == ENGINEER
    first = found["phrases"][0]
    start, end = first["places"][0]
    assert " ".join(found["text"][start:end].split()) == first["text"]


def test_a_file_is_read_by_its_ending(served: Served) -> None:
    page = "".join(f"<p>{line}</p>" for line in ENGINEER.splitlines())
    files = {"file": ("../job.html", f"<html><h1>Title</h1>{page}</html>".encode())}
    answer = served.client.post("/predict", files=files)
    assert answer.json()["role"] == "ml_engineer"


REFUSED = {
    "no JSON": ({"content": b"{", "headers": {"content-type": "application/json"}}, 422, "damaged"),
    "deep JSON": (
        {"content": b"[" * 100_000, "headers": {"content-type": "application/json"}},
        422,
        "damaged",
    ),
    "no text": ({"json": {"title": "ML Engineer"}}, 422, "bad_value"),
    "a title that is none": ({"json": {"text": ENGINEER, "title": 3}}, 422, "bad_value"),
    "an unknown field": ({"json": {"text": ENGINEER, "tilte": ""}}, 422, "bad_value"),
    "another form": (
        {"content": b"a", "headers": {"content-type": "text/plain"}},
        415,
        "unsupported",
    ),
    "a form without a boundary": (
        {"content": b"a", "headers": {"content-type": "multipart/form-data"}},
        400,
        "bad_request",
    ),
    "a form without a file": ({"files": {"other": ("a.txt", b"a")}}, 422, "bad_value"),
    "a table": ({"files": {"file": ("a.csv", b"text\na\n")}}, 422, "several"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_a_problem_with_its_reason(name: str, served: Served) -> None:
    given, status, reason = REFUSED[name]
    answer = served.client.post("/predict", **given)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_a_refused_file_is_named(served: Served) -> None:
    answer = served.client.post("/predict", files={"file": ("a.pdf", b"%PDF-1.4 damaged")})
    assert answer.status_code == 422
    assert "a.pdf" in answer.json()["detail"]


def test_a_body_over_its_limit_is_not_read(served: Served) -> None:
    answer = served.client.post("/predict", content=(b" " * 2**20 for _ in range(40)))
    assert answer.status_code == 413


def test_nothing_is_left_of_an_upload(served: Served) -> None:
    files = {"file": ("secret-name.txt", ENGINEER.encode())}
    assert served.client.post("/predict", files=files).status_code == 200
    assert served.left() == []


def test_a_client_that_keeps_its_connection_is_answered_again(served: Served) -> None:
    with httpx.Client(base_url=served.url) as client:
        answers = [client.post("/predict", json={"text": ENGINEER}).json() for _ in range(5)]
    assert answers == answers[:1] * 5


def test_the_interface_is_described_on_a_page_that_loads_nothing(served: Served) -> None:
    page = served.client.get("/docs").text
    described = served.client.get("/openapi.json").json()
    for path in described["paths"]:
        assert path in page
    assert "problem" in described["components"]["schemas"]
    assert " src=" not in page
    assert "<script" not in page


def test_a_parameter_that_cannot_be_used_is_a_problem(served: Served) -> None:
    answer = served.client.get("/tables/none/rows", params={"start": "many"})
    assert (answer.status_code, answer.json()["reason"]) == (422, "bad_value")
    assert "'start' cannot be used" in answer.json()["detail"]


TURNED_AWAY: dict[str, tuple[int, str, str, dict[str, Any]]] = {
    "another origin": (403, "POST", "/predict", {"headers": {"origin": "https://a.example"}}),
    "no such address": (404, "GET", "/none", {}),
    "no such method": (405, "PUT", "/predict", {}),
    "no such form": (
        415,
        "POST",
        "/predict",
        {"content": b"a", "headers": {"content-type": "a/b"}},
    ),
    "a form": (415, "POST", "/predict/batch", {"data": {"text": "a"}}),
    "a number": (422, "POST", "/predict", {"json": {"text": 5}}),
    "a picture": (422, "POST", "/predict", {"files": {"file": ("a.png", b"\x89PNG\r\n\x1a\n")}}),
}


@pytest.mark.parametrize("name", TURNED_AWAY)
def test_every_refusal_has_all_its_members(name: str, served: Served) -> None:
    status, method, path, given = TURNED_AWAY[name]
    answer = served.client.request(method, path, **given)
    told = answer.json()
    jsonschema.validate(told, jobclf.json_schema("problem"))
    assert answer.status_code == told["status"] == status
    assert told["detail"].endswith(f"{told['fact']}; {told['remedy']}")
    if name == "a number":
        assert told["fact"] == "its `text` is no text but a number"
    if name == "a picture":  # a table of one posting is refused for the same
        again = served.client.post("/predict/table", **given).json()
        assert (again["fact"], again["remedy"]) == (told["fact"], told["remedy"])
