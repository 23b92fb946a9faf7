#!/usr/bin/env -S uv run --script
# /// script
# dependencies = ["nox>=2025.10.14"]
# ///
"""The usual tasks, each in an environment of its own: `nox -l` lists them."""

import nox

nox.needs_version = ">=2025.10.14"
nox.options.default_venv_backend = "uv|virtualenv"

PROJECT = nox.project.load_toml("pyproject.toml")


def _group(name: str) -> list[str]:
    return nox.project.dependency_groups(PROJECT, name)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; what follows `--` goes to pytest."""
    session.install("-e", ".[test]")
    session.run("pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types, layers, texts, workflows and habits."""
    session.install("-e", ".[test]", *_group("dev"))
    session.run("bash", ".ci/lint", external=True)


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """Build the documentation into docs/_build."""
    session.install("-e", ".[all]", *_group("docs"))
    session.run("sphinx-build", "-W", "-n", "--keep-going", "docs", "docs/_build")


@nox.session(default=False)
def gate(session: nox.Session) -> None:
    """Do all that must hold before a change is taken."""
    session.run("bash", ".ci/run", external=True)


if __name__ == "__main__":
    nox.main()
