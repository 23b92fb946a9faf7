"""What all commands share: exit codes, -q and -v, notes on stderr, closed pipes."""

import errno
import gc
import io
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, TextIO

import click

from jobclf.cli import ending
from jobclf.errors import JobclfError, OutputError, as_on_command_line, printable
from jobclf.roles import Role

if TYPE_CHECKING:
    from jobclf.reports.reasons import Paint

_BY_SIGNAL = 128  # and the number of the signal is what a shell says of a program that one ended
EXIT_CODES = (
    "\b\nExit codes: 0 answered, 1 something could not be read, judged or written,\n"
    "2 wrong usage, 130 interrupted, 143 and 129 ended by SIGTERM and SIGHUP."
)
COMPLETION = (
    "\b\nCompletion: put one of these into the start file of your shell\n"
    '  bash  eval "$(_JOBCLF_COMPLETE=bash_source jobclf)"\n'
    '  zsh   eval "$(_JOBCLF_COMPLETE=zsh_source jobclf)"\n'
    "  fish  _JOBCLF_COMPLETE=fish_source jobclf | source"
)
_LEVEL = "jobclf.terminal.level"
_SELDOM = 100_000  # objects made between two looks, where Python says 700
_QUIET, _VERBOSE = -1, 1


def examples(*lines: str) -> str:
    """Return the examples at the end of a help, a line each."""
    return "\b\nExamples:\n" + "\n".join(f"  jobclf {line}" for line in lines)


def _level(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if value:
        ctx.meta[_LEVEL] = _QUIET if parameter.name == "quiet" else _VERBOSE


def _levels() -> list[click.Option]:
    options = {
        "quiet": "Print no progress and no notes, only answers and errors.",
        "verbose": "Say on stderr which model is used and how long each step takes.",
    }
    return [
        click.Option(
            [f"-{name[0]}", f"--{name}"],
            is_flag=True,
            expose_value=False,
            callback=_level,
            help=text,
        )
        for name, text in options.items()
    ]


class Command(click.Command):
    """A command with -q and -v, whose help ends with an example."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.params += _levels()

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002  # it is never cut
        """Return the first sentence of the help, which is wrapped where it is long."""
        return super().get_short_help_str(1000)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; with -v say how long it took."""
        begun = time.perf_counter()
        try:
            return super().invoke(ctx)
        finally:
            detail(f"done in {time.perf_counter() - begun:.2f} s")


class Commands(dict[str, Any]):
    """Commands by name, made of the modules that they are in: each is loaded when asked for."""

    def __getitem__(self, name: str) -> click.Command:
        module = super().__getitem__(name)
        command: click.Command = getattr(import_module(f"jobclf.cli.{module}"), name)
        return command

    def get(self, name: str, default: Any = None) -> Any:
        """Return a command, or what is given for none."""
        return self[name] if name in self else default  # noqa: SIM401  # what it would call

    def values(self) -> Any:
        """Return all commands."""
        return [self[name] for name in self]

    def items(self) -> Any:
        """Return all commands with their names."""
        return [(name, self[name]) for name in self]


class Group(click.Group):
    """The one place that turns errors into exit codes: 0 answer, 1 `JobclfError`, 2 usage."""

    command_class = Command

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Run the command line; as the program, without words given here, end with it at once."""
        try:
            return super().__call__(*args, **options)
        except SystemExit as ended:
            if not args:
                ending.end(ended.code)
            raise

    def main(self, *args: Any, **options: Any) -> Any:
        """Run the command line; looking for circles to throw away would be a tenth of a start."""
        gc.set_threshold(_SELDOM)
        try:
            with as_on_command_line():
                return super().main(*args, **options)
        except OSError as error:  # of the help, which is no command
            sys.exit(_unwritten(error))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; where there is none by that name, say what may be meant."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            ctx.fail(_meant(name, args[1:], self.commands))
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options before the command."""
        with _usage():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command and turn what went wrong into one line and a code."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")  # a letter it lacks ends no answer
        code = 1
        try:
            with _usage(), ending.cleared_away():
                return super().invoke(ctx)
        except JobclfError as error:
            code = _told(error)
        except KeyboardInterrupt as error:
            number = error.args[0] if isinstance(error, ending.EndedError) else signal.SIGINT
            with suppress(OSError):  # a terminal that has been closed
                click.echo("\njobclf: interrupted", err=True)
            code = _BY_SIGNAL + number
        except OSError as error:
            code = _unwritten(error)
        if code == 0:
            ending.drop_unread()
        raise click.exceptions.Exit(code)


def _unwritten(error: OSError) -> int:
    """Say that an answer cannot be written, and return the exit code; raise what is not of that."""
    if error.errno == errno.EPIPE:  # the reader has what it wanted
        return 0
    if error.filename is not None:
        raise error
    ending.drop(sys.stdout)
    return _told(OutputError(f"the answer cannot be written: {error.strerror}", "make room for it"))


def _meant(name: str, rest: list[str], commands: Iterable[str]) -> str:
    """Return what to say of a word that is no command."""
    import difflib
    import shlex
    from pathlib import Path

    if name == "help":
        about = f" {rest[0]}" if rest[:1] and rest[0] in commands else ""
        return f"there is no command 'help'; use: jobclf{about} --help"
    if os.path.lexists(name) or Path(name).suffix:
        return f"{name!r} is no command; to judge a file use: jobclf predict {shlex.quote(name)}"
    near = difflib.get_close_matches(name, list(commands), 1)
    hint = f"did you mean {near[0]!r}?" if near else f"the commands are {', '.join(commands)}"
    return f"{name!r} is no command; {hint}"


@contextmanager
def _usage() -> Iterator[None]:
    """Mend what click says of wrong usage: it quotes words, which may be names of files."""
    try:
        yield
    except click.UsageError as error:
        if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
            raise  # the help itself; before click 8.2 it is no error
        lines = error.format_message().split("\n")
        raise click.UsageError("\n".join(map(plain, lines)), error.ctx) from None


def _told(error: JobclfError) -> int:
    try:
        complain(error)
    except OSError:  # closed, or on a full disk
        ending.drop(sys.stderr)
    return 1


def plain(text: object) -> str:
    """Return what the world wrote without what could steer the terminal."""
    return printable(str(text))


def answer(text: str) -> None:
    """Print an answer, the only thing on standard output."""
    click.echo("\n".join(map(plain, text.split("\n"))))


def complain(error: JobclfError | str) -> None:
    """Say on stderr what is wrong."""
    click.echo(f"jobclf: {plain(error)}", err=True)


def note(text: str) -> None:
    """Say on stderr what is good to know, unless -q is given."""
    if _given() != _QUIET:
        click.echo(plain(text), err=True)


def detail(text: str) -> None:
    """Say on stderr what only -v asks for."""
    if _given() == _VERBOSE:
        click.echo(plain(text), err=True)


def _given() -> int:
    ctx = click.get_current_context(silent=True)
    return ctx.meta.get(_LEVEL, 0) if ctx is not None else 0


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether people read a stream; one that is closed nobody does."""
    return stream is not None and stream.isatty()


def quiet() -> bool:
    """Tell whether -q was given."""
    return _given() == _QUIET


def progress() -> Callable[[str], None] | None:
    """Return how steps are shown: on a terminal, or with -v and the seconds gone; else None."""
    level = _given()
    if level == _QUIET or (level != _VERBOSE and not is_terminal(sys.stderr)):
        return None
    begun = time.perf_counter()

    def show(step: str) -> None:
        gone = f"{time.perf_counter() - begun:6.1f} s  " if level == _VERBOSE else ""
        click.echo(f"{gone}{plain(step)} …", err=True)

    return show


@contextmanager
def bar(*, hidden: bool) -> Iterator[Callable[[int, float | None], None] | None]:
    """Show on a terminal how many rows are judged, how fast, and how long it will take."""
    if hidden or quiet() or not is_terminal(sys.stderr):
        yield None
        return
    begun = time.monotonic()
    with click.progressbar(
        length=1000, item_show_func=lambda item: item and str(item), file=sys.stderr
    ) as shown:

        def tell(rows: int, share: float | None) -> None:
            rate = rows / max(time.monotonic() - begun, 1e-3)
            reached = round(1000 * share) if share is not None else 0
            shown.update(max(reached - shown.pos, 0), f"{rows:,} postings, {rate:,.0f} a second")
            shown.render_progress()

        yield tell


def paint(stream: TextIO | None = None) -> "Paint | None":
    """Return how phrases are coloured on a stream; None where there is no colour."""
    if (
        not is_terminal(stream or sys.stdout)
        or os.environ.get("NO_COLOR")
        or os.environ.get("TERM") == "dumb"
    ):
        return None
    colours = {Role.ML_ENGINEER: "bright_blue", Role.DATA_SCIENTIST: "yellow"}

    def painted(text: str, role: Role, strength: float) -> str:
        return click.style(text, fg=colours.get(role), bold=strength > 0.35, underline=True)  # noqa: PLR2004

    return painted


def write(path: str, content: str) -> None:
    """Write a page and say so."""
    from jobclf import atomic

    atomic.write(path, content.encode("utf-8", "replace"))
    note(f"written to {path}")
