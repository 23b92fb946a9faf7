"""Make the pictures of the page that the docs show, in Chromium.

usage: python -m benchmarks.screenshots [FOLDER]

Written are FOLDER/page.png, a posting with its reasons, and FOLDER/phone.png, a table on a phone;
FOLDER is docs/_static without it. Needs playwright, and Debian's chromium.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.serving import POSTINGS, server

_POSTING = POSTINGS / "ml_engineer" / "0901.txt"
_FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking"


def _posting(page: Page) -> None:
    page.fill("#text", _POSTING.read_text(encoding="utf-8"))
    page.click("#ask button.main")
    page.wait_for_selector("#verdict")


def _table(page: Page) -> None:
    files = [path for role in sorted(POSTINGS.iterdir()) for path in sorted(role.glob("*.txt"))[:9]]
    page.set_input_files("#files", files)
    page.wait_for_selector("table.rows tbody tr")


def main() -> None:
    """Take the pictures."""
    folder = Path(sys.argv[1] if sys.argv[1:] else "docs/_static")
    pictures = (
        ("page.png", {"width": 1200, "height": 800}, _posting),
        ("phone.png", {"width": 390, "height": 844}, _table),
    )
    with server() as at, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=_FLAGS.split()
        )
        for name, size, shown in pictures:
            context = browser.new_context(viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(f"http://{at.host}:{at.port}/")
            shown(page)
            page.mouse.move(0, 0)
            page.screenshot(path=folder / name)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
