"""Measure the processor time from a page's bytes to its posting, and its walk against its parse.

usage: python -m benchmarks.pages [--rounds N] [PAGE...]

Without PAGE three pages of 100 kB are made: as boards write them (scripts, menus and cards around a
posting), boxes in boxes, and text alone. All figures are the least of the rounds, in processor time
on one core, so that what else the machine does blurs them little.
"""

import argparse
import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from jobclf.documents import files
from jobclf.documents.html import Flow, as_text, parse

SIZE = 100_000  # letters of a page
CELLS = 1000
_WORDS = (
    "we build models that predict demand and deploy them with docker your skills include python "
    "sql requirements years of experience in production data pipelines for our team of engineers"
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("pages", nargs="*", type=Path, metavar="PAGE")
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    made = {name: page().encode() for name, page in PAGES.items()}
    given = {path.name: path.read_bytes() for path in options.pages} or made
    print(
        f"{'page':<24}{'kB':>8}{'elements':>10}{'ms':>8}{'parse':>8}{'walk':>8}{'walk/parse':>12}"
    )
    for name, content in given.items():
        text = files.decode(content).text
        root = parse(text)
        whole = least(lambda: files.parsed(content, ".html", "page"), options.rounds)  # noqa: B023
        parsed = least(lambda: parse(text), options.rounds)  # noqa: B023
        walked = least(lambda: Flow(root), options.rounds)  # noqa: B023
        print(
            f"{name:<24}{len(content) / 1000:8.0f}{len(Flow(root).tags):10,}{whole:8.1f}"
            f"{parsed:8.1f}{walked:8.1f}{walked / parsed:12.2f}"
        )
    random = Random(4)  # noqa: S311
    cells = [f"<p>{prose(random, 40)}</p><ul><li>{prose(random, 30)}" for _ in range(CELLS)]
    taken = least(lambda: list(map(as_text, cells)), max(3, options.rounds // 10))
    print(f"the text of {CELLS:,} cells with HTML: {taken:.0f} ms")


def least(work: Callable[[], object], rounds: int) -> float:
    """Return the least milliseconds of processor time that some work takes."""
    work()
    gc.collect()
    found = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return 1000 * min(found)


def prose(random: Random, words: int) -> str:
    """Return some words that end in a full stop."""
    return " ".join(random.choice(_WORDS.split()) for _ in range(words)).capitalize() + "."


def of_a_board() -> str:
    """Return a page as boards write them: a fifth of it is the posting."""
    random = Random(1)  # noqa: S311
    menu = "".join(
        f'<li class="nav-item nav-{at}"><a class="nav-link" href="/jobs/{at}?source=menu" '
        f'data-testid="menu-{at}">{prose(random, 2)}</a></li>'
        for at in range(60)
    )
    cards = "".join(
        f'<div class="card job-card" data-id="{at}"><a href="/jobs/{at}"><h3>Engineer {at}</h3></a>'
        f"<span>Lisbon</span><span>{prose(random, 6)}</span></div>"
        for at in range(25)
    )
    style = "".join(f".c{at}{{margin:{at}px;padding:0}}" for at in range(900))
    script = ",".join(f'"k{at}":{{"id":{at},"on":true}}' for at in range(900))
    page = (
        "<!DOCTYPE html><html><head><title>ML Engineer | Example</title><meta charset=utf-8>"
        f"<style>{style}</style></head><body><header><nav><ul>{menu}</ul></nav></header><main>"
        f'<h1 class="job-title">ML Engineer</h1><div class="job-description">{body(random, 20)}'
        f'</div></main><aside class="similar"><h2>Similar jobs</h2>{cards}</aside>'
        f"<footer><ul>{menu}</ul></footer><script>window.state={{{script}}}</script></body></html>"
    )
    return page.replace("</head>", f"<script>{'f();' * ((SIZE - len(page)) // 4)}</script></head>")


def of_boxes() -> str:
    """Return a page of many small elements with names of classes."""
    random = Random(2)  # noqa: S311
    rows = (
        f'<div class="flex row-{at} text-sm"><div class="cell"><span class="label">'
        f"{prose(random, 5)}</span></div></div>"
        for at in range(SIZE)
    )
    return _filled(f"<html><body><main><h1>ML Engineer</h1>{body(random, 20)}", rows, "</main>")


def of_text() -> str:
    """Return a page of paragraphs and lists alone."""
    random = Random(3)  # noqa: S311
    rows = (body(random, 1) for _ in range(SIZE))
    return _filled("<html><body><main><h1>ML Engineer</h1>", rows, "</main>")


def body(random: Random, parts: int) -> str:
    """Return paragraphs and lists of a posting."""
    return "".join(
        f'<p class="MsoNormal" style="margin:0">{prose(random, 14)} <b>{prose(random, 3)}</b></p>'
        f"<ul><li><span>{prose(random, 9)}</span></li><li>{prose(random, 12)}</li></ul>"
        for _ in range(parts)
    )


def _filled(start: str, rows: Iterator[str], end: str) -> str:
    made = [start]
    size = len(start) + len(end)
    for row in rows:
        size += len(row)
        if size > SIZE:
            break
        made.append(row)
    return "".join([*made, end])


PAGES = {"of a board": of_a_board, "boxes in boxes": of_boxes, "text": of_text}

if __name__ == "__main__":
    main()
