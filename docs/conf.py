"""How the documentation is built: `sphinx-build -W -n docs docs/_build`."""

import re
from pathlib import Path

from sphinx.application import Sphinx

from jobclf import __version__

DOCS = Path(__file__).parent
REPOSITORY = DOCS.parent

project = "jobclf"
author = "The jobclf maintainers"
copyright = f"2026, {author}"  # noqa: A001
release = version = __version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_click"]
exclude_patterns = ["_build", "SKILL.md", "conf.py"]
html_theme = "furo"
html_title = f"jobclf {version}"
html_static_path = ["_static"]
html_copy_source = False

# The notebook is Python with cells, which a test runs as well; its results are made here.
source_suffix = {".md": "myst-nb", ".py": "myst-nb"}
nb_custom_formats = {".py": ["jupytext.reads", {"fmt": "py:percent"}]}
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 600
nb_merge_streams = True

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_use_rtype = False
# Types of other libraries are named and not linked: nothing is looked up while this is built.
nitpick_ignore_regex = [("py:.*", ".*")]

# Pages of the repository that are shown as they are, and where each is shown.
SHOWN = {
    "CHANGELOG.md": "project/changes",
    "CONTRIBUTING.md": "project/contributing",
    "SECURITY.md": "project/security",
    "CODE_OF_CONDUCT.md": "project/conduct",
    "models/README.md": "project/model_card",
    "data/README.md": "project/labels",
    "data/labeled_postings/README.md": "project/postings",
    "docs/SKILL.md": "how-to/agents",
}
# Files that are no page: named, and not linked.
LINK = re.compile(r"\[([^\]]+)\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")


def relink(_app: Sphinx, path: Path, _page: str, content: list[str]) -> None:
    """Turn links between files of the repository into links between pages."""
    # Paths of Sphinx are relative to the folder of the documentation.
    source = Path(REPOSITORY / path if Path(path).is_absolute() else DOCS / path).resolve()
    here = source.parent

    def linked(match: re.Match[str]) -> str:
        text, target, anchor = match[1], match[2], match[3] or ""
        file = (here / target).resolve()
        if not file.is_relative_to(REPOSITORY):
            return match[0]
        name = file.relative_to(REPOSITORY).as_posix()
        page = SHOWN.get(name) or (
            name.removeprefix("docs/").removesuffix(".md") if name.startswith("docs/") else ""
        )
        if not page:
            return f"{text} (`{name}`)"
        return f"[{text}](/{page}.md{anchor})"

    content[0] = LINK.sub(linked, content[0])


def escape(_app: Sphinx, _context: object, lines: list[str]) -> None:
    """Let an asterisk in the help of a command be one."""
    lines[:] = [line.replace("*", r"\*") for line in lines]


def setup(app: Sphinx) -> None:
    """Add these steps to the build."""
    app.connect("include-read", relink)
    app.connect("sphinx-click-process-description", escape)
