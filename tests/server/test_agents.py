"""Tools for agents: a client of the SDK calls each over standard input and output."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

pytest.importorskip("mcp", reason="needs the extra `mcp`")

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp_types import CallToolResult, ListToolsResult

import jobclf
from jobclf import limits
from jobclf.errors import PostingError
from jobclf.reports import reasons, render
from jobclf.roles import Role
from jobclf.server import allowed
from tests.conftest import Run
from tests.factories import posting, spawn

ENGINEER = posting(Role.ML_ENGINEER, 1)
ANSWERED: dict[str, tuple[str, dict[str, Any]]] = {
    "predict": ("predict", {"text": ENGINEER, "title": "Data Scientist"}),
    "predict without a title": ("predict", {"text": ENGINEER, "title": None}),
    "explain": ("explain", {"text": ENGINEER}),
    "a file": ("predict_file", {"path": "below/job.html"}),
    "a link within the folder": ("predict_file", {"path": "link.txt"}),
}
REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "no such tool": ("train", {}, "not_found"),
    "no text": ("predict", {}, "bad_value"),
    "a text that is none": ("explain", {"text": 1}, "bad_value"),
    "a title that is none": ("predict", {"text": ENGINEER, "title": []}, "bad_value"),
    "what it does not take": ("predict", {"text": ENGINEER, "path": "job.txt"}, "bad_value"),
    "too short": ("predict", {"text": "We are hiring."}, "too_short"),
    "too short to explain": ("explain", {"text": "We are hiring."}, "too_short"),
    "another language": (
        "predict",
        {"text": "Wir suchen dich und du bist gut. " * 30},
        "not_english",
    ),
    "no path": ("predict_file", {}, "bad_value"),
    "above the folder": ("predict_file", {"path": "../secret.txt"}, "not_found"),
    "elsewhere": ("predict_file", {"path": "/etc/hostname"}, "not_found"),
    "a link out of the folder": ("predict_file", {"path": "out.txt"}, "not_found"),
    "a folder by a link": ("predict_file", {"path": "outside/secret.txt"}, "not_found"),
    "a file that is not there": ("predict_file", {"path": "none.txt"}, "not_found"),
    "a name that none can be": ("predict_file", {"path": "a\0b"}, "not_found"),
    "a name without end": ("predict_file", {"path": "a" * 5000}, "not_found"),
    "the folder itself": ("predict_file", {"path": "."}, "several"),
    "a folder in it": ("predict_file", {"path": "below"}, "several"),
    "a pipe": ("predict_file", {"path": "pipe"}, "unsupported"),
    "a table": ("predict_file", {"path": "jobs.csv"}, "several"),
    "a damaged file": ("predict_file", {"path": "job.pdf"}, "damaged"),
    "too large": ("predict_file", {"path": "large.txt"}, "too_large"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with files that may be read, and some that lead elsewhere."""
    outside = tmp_path_factory.mktemp("outside")
    folder = outside / "allowed"
    (folder / "below").mkdir(parents=True)
    (outside / "secret.txt").write_text(ENGINEER)
    (folder / "job.txt").write_text(ENGINEER)
    page = "".join(f"<p>{line}</p>" for line in ENGINEER.splitlines())
    (folder / "below" / "job.html").write_text(f"<html><h1>Job</h1>{page}</html>")
    (folder / "jobs.csv").write_text("text\na\n")
    (folder / "job.pdf").write_bytes(b"%PDF-1.4 damaged")
    (folder / "link.txt").symlink_to("job.txt")
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "outside").symlink_to(outside)
    os.mkfifo(folder / "pipe")
    with (folder / "large.txt").open("wb") as stream:
        stream.truncate(limits.FILE + 1)
    return folder


Called = dict[str, CallToolResult]


async def _session(arguments: list[str], names: Iterable[str]) -> tuple[ListToolsResult, Called]:
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "jobclf", "mcp", *arguments], env=dict(os.environ)
    )
    known = ANSWERED | REFUSED
    calls = {name: known[name][:2] for name in names}
    async with Client(stdio_client(server)) as client:
        tools = await client.list_tools()
        return tools, {name: await client.call_tool(*call) for name, call in calls.items()}


@pytest.fixture(scope="module")
def session(files: Path) -> tuple[ListToolsResult, Called]:
    """Return the tools and the results of all calls, of one session with a client of the SDK."""
    return asyncio.run(_session(["--allow", str(files)], [*ANSWERED, *REFUSED]))


def test_the_tools_say_when_to_use_them(session: tuple[ListToolsResult, Called]) -> None:
    tools = {tool.name: tool for tool in session[0].tools}
    assert list(tools) == ["predict", "explain", "predict_file"]
    for tool in tools.values():
        assert "Use it" in str(tool.description)
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)


def expected(name: str) -> dict[str, Any]:
    tool, given = ANSWERED[name]
    if tool == "explain":
        return reasons.reasons_fields(jobclf.explain(given["text"]))
    title = given.get("title") if tool == "predict" else "Job"
    return jobclf.predict(ENGINEER, title=title).to_dict()


@pytest.mark.parametrize("name", ANSWERED)
def test_a_call_is_answered_as_the_command_line_does(
    name: str, session: tuple[ListToolsResult, Called]
) -> None:
    tools = {tool.name: tool for tool in session[0].tools}
    found = session[1][name]
    assert not found.is_error
    schema = tools[ANSWERED[name][0]].output_schema
    assert schema is not None
    jsonschema.validate(found.structured_content, schema)
    told = dict(found.structured_content)
    assert told.pop("schema") == schema["$id"]
    if not name.startswith("a "):
        assert told == json.loads(render.as_json(expected(name)))
    assert told["answer"] == "ml_engineer"
    assert json.loads(found.content[0].text) == found.structured_content  # type: ignore[union-attr]


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_why_and_what_to_do(
    name: str, session: tuple[ListToolsResult, Called]
) -> None:
    found = session[1][name]
    assert found.is_error
    told = dict(found.structured_content)
    schema = jobclf.json_schema("failure")
    assert told.pop("schema") == schema["$id"]
    jsonschema.validate(told, schema)
    assert told["error_reason"] == REFUSED[name][2], told["error"]
    assert "; " in told["error"]
    assert "/predict/table" not in told["error"]  # which is no tool


def test_a_lone_surrogate_is_answered_and_keeps_the_rest_of_a_text() -> None:
    said = {"text": ENGINEER + " caf\xe9 \ud83d\ude00 \ud800"}
    about = {"clientInfo": {"name": "a", "version": "1"}, "capabilities": {}}
    calls: dict[str, dict[str, Any]] = {
        "initialize": about | {"protocolVersion": "2025-06-18"},
        "notifications/initialized": {},
        "tools/call": {"name": "predict", "arguments": said},
    }
    lines = [
        json.dumps({"jsonrpc": "2.0", "method": method, "params": given})[:-1]
        + ("}" if method.startswith("n") else f', "id": {number}}}')
        for number, (method, given) in enumerate(calls.items())
    ]
    with spawn("mcp", stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write("".join(f"{line}\n" for line in lines).encode())
        child.stdin.flush()
        child.stdout.readline()  # of the start
        answer = json.loads(child.stdout.readline())
        child.stdin.close()
    assert answer["id"] == 2
    assert answer["result"]["structuredContent"]["answer"] == "ml_engineer"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(("streams", "said"), [("<&-", "is closed"), (">/dev/full", "No space")])
def test_streams_that_are_closed_or_full_are_one_line(streams: str, said: str) -> None:
    given = {"clientInfo": {"name": "a", "version": "1"}, "capabilities": {}}
    call = {"jsonrpc": "2.0", "id": 0, "method": "initialize"}
    line = json.dumps(call | {"params": given | {"protocolVersion": "2025-06-18"}})
    command = f"exec {sys.executable} -m jobclf mcp {streams}"
    ran = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", command], input=line + "\n", capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr.count("\n"), said in ran.stderr) == (1, 1, True)


def test_without_a_folder_there_is_no_tool_for_files() -> None:
    tools, called = asyncio.run(_session([], ["a file", "predict"]))
    assert [tool.name for tool in tools.tools] == ["predict", "explain"]
    told = called["a file"].structured_content
    assert "start jobclf mcp with --allow FOLDER" in told["error"]
    assert not called["predict"].is_error


def test_what_is_no_folder_is_refused_at_the_start(run: Run, files: Path) -> None:
    ran = run("mcp", "--allow", files / "job.txt")
    assert (ran.code, ran.out) == (1, "")
    assert "job.txt: it is no folder; allow one that is there" in ran.err


def swap_for_link(folder: Path) -> None:
    (folder / "below" / "job.html").rename(folder / "below" / "old.html")
    (folder / "below" / "job.html").symlink_to(folder.parent / "secret.txt")


def swap_folder(folder: Path) -> None:
    (folder / "below").rename(folder / "old")
    (folder / "below").symlink_to(folder.parent)


@pytest.mark.parametrize("swap", [swap_for_link, swap_folder])
def test_what_becomes_a_link_meanwhile_is_not_followed(
    swap: Callable[[Path], None], tmp_path: Path
) -> None:
    folder = tmp_path / "allowed"
    (folder / "below").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "job.html").write_text("secret")
    (folder / "below" / "job.html").write_text("open")
    parts = ("below", "job.html")
    assert allowed._content(folder, parts) == b"open"
    swap(folder)
    with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
        allowed._content(folder, parts)
    with pytest.raises(PostingError, match="no such file"):
        allowed.read("below/job.html", [folder.resolve()])
