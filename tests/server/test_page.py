"""The page in a real browser: every way of it, at three widths, by keyboard alone, for all."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="needs playwright, of the extra `test`")
pytest.importorskip("axe_playwright_python", reason="needs axe, of the extra `test`")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Dialog,
    Page,
    Route,
    expect,
    sync_playwright,
)

from jobclf.labeling.store import LabelsFile
from jobclf.roles import Role
from tests.conftest import Served
from tests.factories import mixed_posting, posting

CHROMIUM = shutil.which("chromium") or ""
FLAGS = [
    f"--{flag}"
    for flag in (
        "headless",
        "no-sandbox",
        "disable-gpu",
        "disable-quic",
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
    )
]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="there is no chromium; apt-get install chromium"),
]
ENGINEER = "Data Scientist\n\n" + posting(Role.ML_ENGINEER, 1)
EVIL = "<img src=x onerror=hit()><script>hit()</script><svg/onload=hit()>\"'><b>"
_PATIENCE = 60_000  # milliseconds: a busy machine is no fault
expect.set_options(timeout=_PATIENCE)
WIDTHS = {
    390: {"color_scheme": "light", "reduced_motion": "reduce"},
    1000: {"color_scheme": "dark", "reduced_motion": "no-preference"},
    1600: {"color_scheme": "light", "reduced_motion": "no-preference"},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium; the loop of its client ends with the module."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


class Seen:
    """What a page asked for, and whether a script of another ran in it."""

    def __init__(self, context: BrowserContext, served: Served) -> None:
        self.context, self.url, self.client = context, served.url, served.client
        self.allowed = [self.url, f"blob:{self.url}", "data:"]
        self.requests: list[str] = []
        self.hits: list[object] = []
        self.faults: list[str] = []
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        context.expose_function("hit", lambda *given: self.hits.append(given))
        context.on("dialog", self._dialog)

    def _dialog(self, dialog: Dialog) -> None:
        self.hits.append(dialog.message)
        dialog.dismiss()

    def page(self) -> Page:
        """Return the page, opened."""
        page = self.context.new_page()
        page.set_default_timeout(_PATIENCE)
        page.goto(self.url)
        return page

    def check(self) -> None:
        """Hold that nothing left the machine, no script of another ran and none of ours failed."""
        left = [each for each in self.requests if not each.startswith(tuple(self.allowed))]
        assert left == []
        assert self.hits == []
        assert self.faults == []

    def end(self) -> None:
        """Close all pages, and let the server forget their tables."""
        self.context.close()
        jobs = {
            found[1] for each in self.requests if (found := re.search(r"/tables/([^/?]+)", each))
        }
        for job in jobs:
            self.client.delete(f"/tables/{job}")


@pytest.fixture
def opened(browser: Browser, served: Served) -> Iterator[Callable[..., Seen]]:
    """Return a function that makes a context of its own, which is held to account at the end."""
    all_seen = []

    def make(width: int = 1000, **options: Any) -> Seen:
        height = 844 if width < 500 else 900
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        all_seen.append(Seen(context, served))
        return all_seen[-1]

    served.labels.unlink(missing_ok=True)
    yield make
    for seen in all_seen:
        seen.end()
    served.labels.unlink(missing_ok=True)
    for seen in all_seen:
        seen.check()


def look(page: Page) -> None:
    """Hold that a view fits its width and, on a telephone, that axe finds nothing serious."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    if (page.viewport_size or {"width": 0})["width"] != 390:
        return
    found = Axe().run(page).response["violations"]
    told = [
        (each["id"], node["html"][:200])
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]
    assert told == []


def table(count: int = 60) -> dict[str, Any]:
    """Return an upload of a table, the last row without an answer."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["id", "title", "text"])
    titles = ["Data Scientist", "Senior ML Engineer", "Data Analyst"]
    for n in range(count):
        writer.writerow([n, titles[n % 3], mixed_posting(list(Role)[(n * 7) % 3], n) * 3])
    writer.writerow([count, EVIL, "short"])
    return {"name": "jobs.csv", "mimeType": "text/csv", "buffer": stream.getvalue().encode()}


def answer(page: Page, text: str = ENGINEER) -> None:
    page.fill("#text", text)
    page.click("text=Say what it is")
    expect(page.locator("#verdict")).to_be_focused()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_way_of_the_page(width: int, opened: Callable[..., Seen], served: Served) -> None:
    page = opened(width, **WIDTHS[width]).page()
    look(page)
    _one_posting(page, served)
    _files(page)
    _many(page)
    page.goto(f"{served.url}docs")
    look(page)


def _one_posting(page: Page, served: Served) -> None:
    page.click("text=Say what it is")
    expect(page.locator("#problem")).to_contain_text("Paste a posting, or choose a file.")
    answer(page)
    verdict = page.locator("#verdict")
    expect(verdict).to_contain_text("ML Engineer")
    expect(page.locator("#problem")).to_be_empty()
    expect(page.locator(".shares dt")).to_have_count(3)
    expect(page.locator("#answer")).to_contain_text("The title says Data Scientist")
    expect(page.locator("#answer mark").first).to_be_visible()
    look(page)
    before = verdict.inner_text()
    page.click(".strong button >> nth=0")
    expect(page.locator(".line.found")).to_be_visible()
    lines = page.locator(".line:not(.blank) input")
    for at in range(1, lines.count()):
        lines.nth(at).uncheck()
    expect(page.locator("#answer")).to_contain_text("this rests on the title")
    lines.nth(0).uncheck()
    expect(page.locator("#verdict")).to_have_text("No answer")
    expect(page.locator(".shares, .strong, #answer mark")).to_have_count(0)
    expect(page.locator(".tools")).to_contain_text("the posting is empty; tick a line again")
    page.click("text=All lines again")
    expect(page.locator("#verdict")).to_have_text(before)
    lines.nth(1).uncheck()
    expect(page.locator("#answer")).to_contain_text("Without 1 line")
    expect(page.locator(".tools [role=status]")).to_contain_text(" without 1 line")
    page.click("text=All lines again")
    expect(page.locator("#verdict")).to_have_text(before)
    page.click(".wrong button:text-is('Neither')")
    expect(page.locator("#kept")).to_contain_text("1 label kept in labels.jsonl")
    assert [each.role for each in LabelsFile(served.labels)] == [Role.NEITHER]
    page.click("text=Undo")
    expect(page.locator(".wrong")).to_contain_text("The label is gone.")
    expect(page.locator("#kept")).to_be_empty()
    page.click("text=Another posting")
    expect(page.locator("#text")).to_be_focused()
    page.fill("#text", "We are hiring.")
    page.click("text=Say what it is")
    expect(page.locator("#problem")).to_contain_text("short")
    look(page)


def _files(page: Page) -> None:
    lines = "".join(f"<p>{line}</p>" for line in ENGINEER.splitlines())
    upload = {"name": "job.html", "mimeType": "text/html", "buffer": f"<main>{lines}".encode()}
    page.set_input_files("#files", upload)  # type: ignore[arg-type]
    expect(page.locator("#answer .of")).to_have_text("job.html")
    expect(page.locator("#verdict")).to_contain_text("ML Engineer")
    page.click("text=Another posting")
    upload = {"name": "job.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 damaged"}
    page.set_input_files("#files", upload)  # type: ignore[arg-type]
    expect(page.locator("#problem")).to_contain_text("PDF")
    drop(page, {"drop.txt": ENGINEER})
    expect(page.locator("#answer .of")).to_have_text("drop.txt")
    page.click("text=Another posting")
    drop(page, {f"{n}.txt": posting(list(Role)[n % 3], n) for n in range(6)} | {"no.txt": "short"})
    expect(page.locator("table.rows tbody tr")).to_have_count(7)
    expect(page.locator("#many")).to_contain_text("Not judged: 1 too short")
    page.click("text=Other files")


def drop(page: Page, files: dict[str, str], times: int = 1) -> None:
    """Drop files on the page, the text of each repeated so many times."""
    given = page.evaluate_handle(
        """([files, times]) => { const data = new DataTransfer();
        for (const [name, text] of Object.entries(files)) {
          data.items.add(new File([text.repeat(times)], name));
        }
        return data; }""",
        [files, times],
    )
    for kind in ("dragenter", "dragover", "drop"):
        page.dispatch_event("body", kind, {"dataTransfer": given})


def _many(page: Page) -> None:
    page.set_input_files("#files", table())  # type: ignore[arg-type]
    rows = page.locator("table.rows tbody tr")
    expect(rows).to_have_count(50)
    expect(page.locator("#many-name")).to_be_focused()
    expect(page.locator("#many")).to_contain_text("61 postings")
    expect(page.locator("#many")).to_contain_text("The text is read from “text”")
    look(page)
    cells = page.locator("tbody tr td:nth-child(4)").all_inner_texts()
    sure = [int(cell.split()[0]) for cell in cells if "%" in cell]
    assert sure == sorted(sure)
    page.click("text=More rows")
    expect(rows).to_have_count(61)
    page.click(".counts button:has-text('Neither')")
    expect(page.locator(".rows td.N").first).to_be_visible()
    expect(page.locator(".rows td.M")).to_have_count(0)
    row = page.locator(".rows tbody button").nth(1)
    number = row.get_attribute("data-row")
    late: list[Route] = []  # rows that arrive once one of them is open

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/rows?*order=table*", hold)
    page.select_option("#order", "table")
    row.click()
    expect(page.locator("#verdict")).to_be_focused()
    expect(page.locator("#answer mark").first).to_be_visible()
    late[0].continue_()
    expect(page.locator(".rows tbody[aria-busy]")).to_have_count(0)
    page.click("text=Back to the rows")
    expect(page.locator(f".rows [data-row='{number}']")).to_be_focused()
    page.unroute("**/rows?*order=table*")
    _one_row(page, str(number))
    _some_rows(page)
    for name, start in {
        "Excel": b"PK",
        "CSV": b"id,",
        "Parquet": b"PAR1",
        "JSON lines": b"{",
    }.items():
        with page.expect_download() as taken:
            page.click(f".button:text-is('{name}')")
        assert taken.value.suggested_filename.startswith("jobs-judged.")
        assert Path(taken.value.path()).read_bytes().removeprefix(b"\xef\xbb\xbf").startswith(start)
    page.click("text=Read other columns")
    page.fill("#text-column", "none")
    page.click("text=Read these")
    expect(page.locator("#problem")).to_contain_text("Write the name of the column with the text")
    expect(page.locator("#problem")).not_to_contain_text("text_column")
    look(page)
    page.fill("#text-column", "text")
    page.click("text=Read these")
    expect(rows).to_have_count(50)
    page.click("text=Other files")
    expect(page.locator("#text")).to_be_focused()


def _one_row(page: Page, number: str) -> None:
    """Label a row, find the label again, and leave it by every way there is."""
    row = page.locator(f".rows [data-row='{number}']")
    row.click()
    page.click(".wrong button:text-is('Neither')")
    expect(page.locator(".wrong")).to_contain_text("Kept as neither")
    page.keyboard.press("Escape")
    marked = page.locator(f".rows td:has([data-row='{number}'])")
    expect(marked).to_contain_text("You: neither")
    row.click()
    expect(page.locator(".wrong [aria-pressed=true]")).to_have_text("Neither")
    page.click("text=Undo")
    expect(page.locator(".wrong")).to_contain_text("The label is gone.")
    name = page.locator("#answer .of")
    first = name.inner_text()
    page.click("text=Next")
    expect(name).not_to_have_text(first)
    page.keyboard.press("ArrowLeft")
    expect(name).to_have_text(first)
    page.go_back()
    expect(row).to_be_focused()
    expect(marked).not_to_contain_text("You:")
    page.go_forward()
    expect(name).to_have_text(first)
    page.go_back()
    expect(page.locator("table.rows")).to_be_visible()


def _some_rows(page: Page) -> None:
    """Take some rows away: those that are shown."""
    shown = page.locator("#many [role=status]").inner_text()
    count = int(shown.split()[0])
    assert shown == f"{count} rows judged neither"
    with page.expect_download() as taken:
        page.click(".button:text-is('CSV')")
    assert taken.value.suggested_filename == "jobs-judged-neither.csv"
    content = Path(taken.value.path()).read_text(encoding="utf-8")
    assert content.startswith("\ufeffid,")  # by which Excel knows letters that are not English
    assert {row["answer"] for row in csv.DictReader(io.StringIO(content))} == {"neither"}
    assert len(list(csv.DictReader(io.StringIO(content)))) == count
    page.click(".counts button:has-text('Title says otherwise')")
    expect(page.locator("#many [role=status]")).to_contain_text("whose title says otherwise")
    page.click(".counts button:has-text('Title says otherwise')")


def test_the_keyboard_alone_is_enough(opened: Callable[..., Seen]) -> None:
    page = opened(1000).page()
    press = page.keyboard.press

    def tab_to(what: str, most: int = 40) -> None:
        for _ in range(most):
            press("Tab")
            if page.evaluate("what => document.activeElement.matches(what)", what):
                outline = "getComputedStyle(document.activeElement).outlineStyle"
                shown = page.evaluate(
                    f"{outline} !== 'none' || !!document.activeElement.closest('.file')"
                )
                assert shown, what
                return
        raise AssertionError(f"{what} cannot be reached")

    tab_to("a.skip")
    tab_to("#text")
    page.keyboard.insert_text(ENGINEER)
    tab_to("#title")
    page.keyboard.insert_text("Data Scientist")
    tab_to("button.main")
    press("Enter")
    expect(page.locator("#verdict")).to_be_focused()
    tab_to(".wrong button")
    press("Enter")
    expect(page.locator("#kept")).to_contain_text("1 label")
    tab_to(".wrong p[role=status] button")
    press("Enter")
    expect(page.locator("#kept")).to_be_empty()
    tab_to(".strong button")
    press("Enter")
    expect(page.locator(".line.found input")).to_be_focused()
    press("ArrowUp")
    press("ArrowDown")
    expect(page.locator(".line.found input")).to_be_focused()
    press("Space")
    expect(page.locator("#answer")).to_contain_text("Without 1 line")
    press("Space")
    expect(page.locator(".tools [role=status]")).to_contain_text("Every line counts.")
    press("Shift+Tab")
    page.locator("#files").focus()
    page.locator("button:has-text('Another posting')").focus()
    press("Enter")
    expect(page.locator("#text")).to_be_focused()
    press("Control+Enter")
    expect(page.locator("#verdict")).to_be_focused()


def test_a_pasted_posting_is_answered_at_once(opened: Callable[..., Seen]) -> None:
    page = opened().page()
    page.evaluate(
        """text => { const area = document.getElementById('text'); area.focus();
        const data = new DataTransfer(); data.setData('text/plain', text);
        area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
        area.value = text; }""",
        ENGINEER,
    )
    expect(page.locator("#verdict")).to_contain_text("ML Engineer")
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData('text/plain', text);
        const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true });
        document.getElementById('verdict').dispatchEvent(event); }""",
        posting(Role.DATA_SCIENTIST, 1),
    )
    expect(page.locator("#verdict")).to_contain_text("Data Scientist")


def test_nothing_of_an_input_runs(opened: Callable[..., Seen]) -> None:
    seen = opened()
    page = seen.page()
    page.fill("#title", EVIL)
    answer(page, f"{EVIL}\n{ENGINEER}\n{EVIL}")
    expect(page.locator("#answer")).to_contain_text("onerror=hit()")
    page.click("text=Another posting")
    drop(page, {f"{EVIL}.txt": f"{EVIL}\n{ENGINEER}"})
    expect(page.locator("#answer .of")).to_contain_text("onerror")
    page.click("text=Another posting")
    drop(page, {f"{EVIL}.pdf": "none"})
    expect(page.locator("#problem")).to_contain_text("onload=hit()")
    rows = [
        {EVIL: 1, "title": EVIL, "text": f"{ENGINEER}\n{EVIL}"},
        {"title": EVIL, "text": EVIL},
    ]
    drop(page, {f"{EVIL}.jsonl": "\n".join(map(json.dumps, rows))})
    expect(page.locator("table.rows tbody tr")).to_have_count(2)
    page.locator(".rows tbody button").first.click()
    expect(page.locator("#answer .of")).to_contain_text("onerror")
    seen.check()
    page.evaluate("const made = document.createElement('script'); made.textContent = 'hit()';"
                  "document.body.append(made)")  # fmt: skip
    assert seen.hits == []  # the policy holds even where markup gets in


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark")])
def test_narrow_and_enlarged_it_still_fits(
    width: int, scheme: str, opened: Callable[..., Seen]
) -> None:
    """320 px is a page of 640 px at 200 %, as well as the narrowest that WCAG asks for."""
    page = opened(width, color_scheme=scheme).page()
    look(page)
    answer(page)
    look(page)
    page.click("text=Another posting")
    page.set_input_files("#files", table(9))  # type: ignore[arg-type]
    expect(page.locator("table.rows tbody tr")).to_have_count(10)
    look(page)


def test_colours_and_motion_are_as_the_person_wants_them(opened: Callable[..., Seen]) -> None:
    style = "name => getComputedStyle(document.querySelector('.ground span'))[name]"
    for scheme, motion, moves in (("light", "reduce", False), ("dark", "no-preference", True)):
        page = opened(color_scheme=scheme, reduced_motion=motion).page()
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(15, 19, 23)")
        answer(page)
        assert (page.evaluate(style, "transitionDuration") != "0s") is moves


def test_a_table_at_work_is_stopped(opened: Callable[..., Seen]) -> None:
    seen = opened()
    page = seen.page()
    row = json.dumps({"text": mixed_posting(Role.ML_ENGINEER, 1) * 3}) + "\n"
    drop(page, {f"{n}.jsonl": row for n in range(20)}, times=2000)
    expect(page.locator("#many")).to_contain_text("posting")
    expect(page.locator("progress")).to_be_visible()
    page.wait_for_function("/\\d postings/.test(document.getElementById('many').innerText)")
    page.go_back()
    expect(page.locator("#text")).to_be_focused()
    page.go_forward()
    page.click("text=Stop")
    expect(page.locator("#many")).to_contain_text("Stopped: these are the rows so far")
    expect(page.locator("table.rows tbody tr")).to_have_count(50)
    count = page.locator("#many-name").inner_text().split()[0]
    expect(page.locator("#many [role=status]")).to_have_text(f"{count} rows")
    with page.expect_download() as taken:
        page.click(".button:text-is('JSON lines')")
    assert taken.value.suggested_filename == "postings-judged.jsonl"
    lines = Path(taken.value.path()).read_bytes().count(b"\n")
    assert lines == int(count.replace(",", ""))
    drop(page, {"1.txt": ENGINEER, "2.txt": ENGINEER})  # which is not to take its place unasked
    expect(page.locator("#many-name")).to_have_text(f"{count} postings")
    assert len(seen.hits) == 1
    assert "instead of the table that is shown" in str(seen.hits.pop())


def test_a_page_that_offers_a_posting_is_heard_after_a_click(opened: Callable[..., Seen]) -> None:
    seen = opened()
    page = seen.context.new_page()
    seen.allowed.append("https://jobs.example/")  # played by the browser
    shown = f"<title>ML Engineer at Acme</title><main>{ENGINEER}</main>"
    page.route(
        "https://jobs.example/**", lambda route: route.fulfill(body=shown, content_type="text/html")
    )
    page.goto("https://jobs.example/1")
    with seen.context.expect_page() as coming:
        page.evaluate(_bookmarklet().replace("http://127.0.0.1:8765", seen.url.rstrip("/")))
    ours = coming.value
    expect(ours.locator("#offer")).to_contain_text("https://jobs.example offers")
    expect(ours.locator("#answer")).to_be_hidden()
    look(ours)
    ours.click("text=Take it")
    expect(ours.locator("#verdict")).to_contain_text("ML Engineer")
    page.goto(f"{seen.url}#offer")  # as a site does that cuts off what it opens
    expect(page.locator("#problem")).to_contain_text("Copy the posting there and paste it here")


def _bookmarklet() -> str:
    docs = Path(__file__).parents[2] / "docs" / "bookmarklet.md"
    if not docs.exists():
        pytest.skip("docs/bookmarklet.md is not here")
    code = next(line for line in docs.read_text().splitlines() if line.startswith("javascript:"))
    return code.removeprefix("javascript:")
