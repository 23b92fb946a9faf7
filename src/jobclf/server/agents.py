"""`jobclf mcp`: tools for agents over standard input and output (Model Context Protocol)."""

import asyncio
import io
import json
import re
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from jobclf import __version__, limits
from jobclf.errors import JobclfError, PostingError, Reason
from jobclf.schemas import outputs
from jobclf.server import allowed
from jobclf.server.workers import Workers

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_AT_ONCE = 2  # calls that are answered at the same time
_INSTRUCTIONS = (
    "Tells from the text of a job posting whether the work is a Data Scientist's, an ML "
    "Engineer's, or neither, whatever the title says. English postings only. It judges postings, "
    "never people. Runs on this machine; nothing is sent anywhere."
)
_TEXT = {
    "type": "string",
    "description": "The whole posting as plain text: duties, skills, the rest. Not a path, not an "
    "address, not a summary.",
}
_TITLE = {
    "type": ["string", "null"],
    "description": "The posting's title, if it does not stand in the first line of the text.",
}


@dataclass(frozen=True, slots=True)
class _Tool:
    """What a tool is for, what it takes, and which output it gives."""

    title: str
    description: str
    output: str
    takes: dict[str, Any]
    needs: str

    def shown(self, name: str) -> types.Tool:
        """Return the tool as clients list it."""
        return types.Tool(
            name=name,
            title=self.title,
            description=self.description,
            input_schema={
                "type": "object",
                "properties": self.takes,
                "required": [self.needs],
                "additionalProperties": False,
            },
            output_schema=_versioned(outputs.json_schema(self.output)),
            annotations=types.ToolAnnotations(
                read_only_hint=True, idempotent_hint=True, open_world_hint=False
            ),
        )


def _versioned(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a result that names its schema, the version in it."""
    named = {"const": schema["$id"], "description": "The schema of this result and its version."}
    required, properties = schema["required"], schema["properties"]
    return schema | {
        "required": ["schema", *required],
        "properties": {"schema": named, **properties},
    }


TOOLS = {
    "predict": _Tool(
        "Classify a job posting",
        "Say whether the work in ONE job posting is a Data Scientist's, an ML Engineer's, or "
        "neither. Use it when you have the posting's text and need its role, for instance to sort, "
        "filter or check a title against the duties. `answer` is the result and `confidence` its "
        "probability: from 0.95 clear, from 0.8 probable, below 0.6 undecided: say so then. For "
        "reasons call `explain`; for a file on disk call `predict_file`; for a table of postings "
        "run the command `jobclf predict TABLE -o OUTPUT` instead of calling this for each row.",
        "prediction",
        {"text": _TEXT, "title": _TITLE},
        "text",
    ),
    "explain": _Tool(
        "Explain the role of a job posting",
        "Say the same as `predict` with the reasons: the phrases of the posting that weigh most "
        "(`contribution` above 0 speaks for ML Engineer, below 0 for Data Scientist; "
        "`scope_contribution` above 0 for being one of the two at all) and, in `turn`, the phrases "
        "without which the answer would be another. Use it when somebody asks why, or doubts the "
        "answer; otherwise `predict` is shorter.",
        "reasons",
        {"text": _TEXT, "title": _TITLE},
        "text",
    ),
    "predict_file": _Tool(
        "Classify a job posting in a file",
        "Say the same as `predict` for a file that holds one posting: text, Markdown, HTML, PDF, "
        "Word or mail. Use it in place of reading the file yourself. Only files below the folders "
        "that the user allowed are read, 32 MB at most.",
        "prediction",
        {"path": {"type": "string", "description": "Absolute, or from an allowed folder on."}},
        "path",
    ),
}


@dataclass(frozen=True)
class Agents:
    """The tools, and what they work with.

    Parameters
    ----------
    workers : Workers
        Processes that read and judge, bounded in time and memory.
    allowed : tuple of Path
        Folders, by their real paths, below which files are read.
    """

    workers: Workers
    allowed: tuple[Path, ...] = field(default=())

    async def listed(self, *_: Any) -> types.ListToolsResult:
        """Return the tools; that for files where some may be read."""
        shown = [each.shown(name) for name, each in TOOLS.items()]
        return types.ListToolsResult(tools=shown if self.allowed else shown[:-1])

    async def called(self, _: Any, call: types.CallToolRequestParams) -> types.CallToolResult:
        """Answer a call; what cannot be answered is a result that says why and what to do."""
        try:
            tool = _checked(call.name, call.arguments or {})
            found = await self._answered(call.name, call.arguments or {})
            return _result(tool.output, found, failed=False)
        except JobclfError as error:
            told = {"error": str(error), "error_reason": str(error.reason)}
            return _result("failure", told, failed=True)

    async def _answered(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        if name == "predict_file":
            content = await asyncio.to_thread(allowed.read, given["path"], self.allowed)
            head = {"do": "predict", "name": given["path"]}
            try:
                answer = await self.workers.do(head, content, seconds=limits.FILE_WITHIN)
            except JobclfError as error:
                if error.reason is not Reason.SEVERAL:
                    raise
                command = "run the command `jobclf predict FILE -o OUTPUT.csv`, a row a posting"
                raise PostingError(
                    error.fact, command, reason=error.reason, path=given["path"]
                ) from None
        else:
            task = {"predict": "predict", "explain": "reasons"}[name]
            body = json.dumps(given).encode()
            answer = await self.workers.do({"do": task}, body, seconds=limits.TEXT_WITHIN)
        found: dict[str, Any] = json.loads(answer.body)
        return found


def _checked(name: str, given: dict[str, Any]) -> _Tool:
    """Return the tool of a name; refuse what it does not take."""
    tool = TOOLS.get(name)
    if tool is None:
        raise PostingError(
            f"there is no tool {name[:100]!r}",
            f"call one of {', '.join(TOOLS)}",
            reason=Reason.NOT_FOUND,
        )
    if unknown := sorted(given.keys() - tool.takes):
        raise PostingError(
            f"it takes no {unknown[0][:100]!r}",
            f"give {' and '.join(tool.takes)} alone",
            reason=Reason.BAD_VALUE,
        )
    if not isinstance(given.get(tool.needs), str):
        raise PostingError(
            f"it has no `{tool.needs}`", f"give {tool.needs} as text", reason=Reason.BAD_VALUE
        )
    return tool


def _result(output: str, fields: dict[str, Any], *, failed: bool) -> types.CallToolResult:
    named = {"schema": outputs.identifier(output)} | fields
    text = types.TextContent(type="text", text=json.dumps(named))
    return types.CallToolResult(content=[text], structured_content=named, is_error=failed)


def serve(model: str | None = None, allow: Sequence[str] = ()) -> None:
    """Answer one client over standard input and output until it closes them.

    Parameters
    ----------
    model : str or None
        Model file, the bundled one without it.
    allow : sequence of str
        Folders below which `predict_file` may read.

    Raises
    ------
    JobclfError
        Where a folder is none, or there is nobody to speak with.
    """
    roots = allowed.folders(allow)
    if sys.stdin is None or sys.stdout is None:
        raise JobclfError(
            "standard input or output is closed",
            "have a client start it, which speaks over both",
            reason=Reason.UNREADABLE,
        )
    try:
        asyncio.run(_serve(None if model is None else str(Path(model).absolute()), roots))
    except BaseExceptionGroup as group:  # what one of the SDK's tasks came to
        raise _first(group) from None


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


async def _serve(model: str | None, roots: tuple[Path, ...]) -> None:
    workers = Workers(_AT_ONCE, model)
    agents = Agents(workers, roots)
    server: Server[Any] = Server(
        "jobclf",
        version=__version__,
        title="Data Scientist or ML Engineer?",
        instructions=_INSTRUCTIONS,
        on_list_tools=agents.listed,
        on_call_tool=agents.called,
    )
    workers.start()
    try:
        # The SDK does no more with the input than iterate over its lines.
        async with stdio_server(stdin=_lines()) as (  # type: ignore[arg-type]
            incoming,
            outgoing,
        ):
            await server.run(incoming, outgoing, server.create_initialization_options())
    finally:
        await workers.end()


async def _lines() -> AsyncIterator[str]:
    """Yield what the client says, a lone surrogate replaced: the SDK gives no answer to one."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    async for line in anyio.wrap_file(sys.stdin):
        yield _without_surrogates(line) if _SURROGATE.search(line) else line


def _without_surrogates(line: str) -> str:
    try:
        value = json.dumps(json.loads(line), ensure_ascii=False)
    except (ValueError, RecursionError):
        return line
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
