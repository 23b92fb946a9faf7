"""What is fuzzed, by form: bytes in, an answer or a refusal out, and anything else is a fault."""

import asyncio
import contextlib
import hashlib
import io
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jobclf
from jobclf import limits
from jobclf.classifier import model_file
from jobclf.documents import files
from jobclf.errors import JobclfError, PostingError
from jobclf.tables import excel, forms, reader, sqlite
from tests.torture.readers import all_seeds as seeds
from tests.torture.seeds import TEXT, Seeds

Target = Callable[[bytes], object]
FORMS = (*seeds(), "model", "server")
# A request in bytes: which route, which type, the rest of the address up to a line end, the body.
ROUTES = (
    ("POST", "/predict"),
    ("POST", "/explain"),
    ("POST", "/predict/batch"),
    ("POST", "/predict/table"),
    ("POST", "/labels"),
    ("PUT", "/tables/JOB/files"),
    ("POST", "/tables/JOB/start"),
    ("GET", "/tables/JOB/rows"),
    ("DELETE", "/labels/x"),
    ("GET", "/model"),
)
TYPES = (b"application/json", b"multipart/form-data; boundary=x", b"application/x-ndjson", b"text/")
_MOST_ANSWERS = 50  # of a table, for the kernel has its own tests


def target(form: str, place: Path) -> Target:
    """Return what is done with an input of a form; it may write below `place`."""
    made: dict[str, Target] = {
        "excel": _workbook,
        "sqlite": lambda content: _database(place / "input.db", content),
        "model": _model_file,
    }
    if form in made:
        return made[form]
    if form == "server":
        return _Server(place).ask
    path = place / f"input{seeds()[form].ending}"
    return lambda content: _file(path, content)


@cache
def _model() -> Any:
    return jobclf.load_model()


def _file(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    if forms.form_of(str(path)) != forms.DOCUMENT:
        _answer(row.text for row in reader.read(path).rows)
        return
    for found in files.read(path):
        jobclf.explain(found.text, title=found.title, model=_model())


def _answer(texts: Any) -> None:
    given = [text for _, text in zip(range(_MOST_ANSWERS), texts, strict=False)]
    for answer in _model().predict_many(given):
        if not isinstance(answer, PostingError) and not 0.5 <= answer.probability <= 1:
            raise ValueError(answer)


def _workbook(content: bytes) -> None:
    """Read a workbook as its process does, in this one, so that what it reaches is seen."""
    for value in excel.parsed(io.BytesIO(content), None):
        json.dumps(value)


def _database(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for value in sqlite.parsed(str(path), "mode=ro&immutable=1", None):
        json.dumps(value)


def _model_file(content: bytes) -> None:
    """Read a model file that is sealed anew, as whoever changes one on purpose would."""
    end = -model_file._SEAL - len(model_file._AFTER_SEAL)
    sealed = content[:end] + hashlib.sha256(content[:end]).digest() + model_file._AFTER_SEAL
    model = model_file.from_bytes(sealed)
    _ = model.lexicon
    json.dumps(jobclf.explain(TEXT, model=model).to_dict(), allow_nan=False)


class _Server:
    """The application with its workers in this process."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._app: Any = None
        self.fault: Exception | None = None

    def _made(self) -> Any:
        from jobclf.server import app, bounds, jobs, labels, security, state, tasks, work, workers

        here = self

        class Here(workers.Workers):
            async def do(self, head: dict[str, Any], body: bytes = b"", **_: Any) -> workers.Answer:
                task = work.Task(json.loads(json.dumps(head)), body, _model())
                try:
                    return workers.Answer(*tasks.TASKS[head["do"]](task))
                except JobclfError as error:
                    raise workers._error(error.to_dict()) from None
                except Exception as error:
                    here.fault = error
                    raise

        self.jobs = jobs.Jobs(Here(0, None))
        shared = state.State(
            Here(0, None),
            bounds.Gate(2),
            bounds.Gate(2),
            self.jobs,
            labels.LabelStore(self._place / "labels.jsonl"),
        )
        largest = {"/predict/batch": None, "/predict/table": limits.REQUEST_TABLE, "/tables/": None}
        return security.Guard(bounds.Limits(app.routes(shared), largest), security.Door())

    def ask(self, content: bytes) -> None:
        """Ask what some bytes say; an answer that is a fault of the server is raised."""
        if self._app is None:
            self._app = self._made()
            os.chdir(self._place)
        if len(content) > 1:
            self.fault = None
            status = asyncio.run(self._asked(content))
            if self.fault is not None:
                raise self.fault
            if status in {None, 500}:
                raise ValueError(f"the server answers {status}")

    async def _asked(self, content: bytes) -> int | None:
        method, path = ROUTES[content[0] % len(ROUTES)]
        query, _, body = content[2:].partition(b"\n")
        if "JOB" in path:
            job = await self.jobs.new()
            if method != "PUT":
                job.place("a.csv").write_bytes(body)
            path = path.replace("JOB", job.id)
        headers = [(b"host", b"localhost"), (b"content-type", TYPES[content[1] % len(TYPES)])]
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query,
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("localhost", 80),
        }
        status = None
        sent = False

        async def receive() -> dict[str, Any]:
            nonlocal sent
            if sent:
                await asyncio.sleep(3600)
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]

        try:
            await self._app(scope, receive, send)
            for job in self.jobs._all.values():
                if job.work is not None:
                    await job.work
        finally:
            await self.jobs.end()
        return status


def run(do: Target, content: bytes) -> str:
    """Return what came of an input: "answered", or the reason of its refusal; raise a fault."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            do(content)
    except JobclfError as error:
        if "\n" in str(error):
            raise ValueError(f"a message of several lines: {error}") from None
        return str(error.reason)
    return "answered"


def beginnings(form: str) -> Seeds:
    """Return the inputs that the first run of a form starts from, and what is put into them."""
    known = seeds()
    if form in known:
        return known[form]
    words = known["csv"].pieces
    if form == "model":
        content = model_file.to_bytes(_small())
        return Seeds(
            ".joblib", (content,), (b"\x94", b"K\x01", b"G\x7f\xf0" + bytes(6), b"}", b"(")
        )
    made = []
    for route in range(len(ROUTES)):
        for kind, body in enumerate((_JSON, _FORM, _LINES)):
            query = b"output=jsonl&name=a.csv&start=0&count=9"
            made.append(bytes((route, kind)) + query + b"\n" + body)
    return Seeds(
        "", tuple(made), (*known["json"].pieces, *words, b"--x\r\n", b"filename=", b"--x--")
    )


_JSON = json.dumps({"text": TEXT, "title": "ML Engineer"}).encode()
_LINES = b"\n".join((_JSON, b'{"text": "a"}', b"{", _JSON))
_FORM = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    b"title,text\nML,%b\n\r\n--x--\r\n" % TEXT[:300].replace(",", " ").replace("\n", " ").encode()
)


def _small() -> dict[str, Any]:
    """Return the document of a model with few terms."""
    from jobclf.classifier.model_document import to_document
    from tests.factories import small_model

    return to_document(small_model())
