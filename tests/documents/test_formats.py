"""One posting is read the same from whatever it is written in; so are folders and patterns."""

import io
import sys
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

import jobclf
from jobclf.documents import files
from jobclf.documents.posting import Posting
from jobclf.errors import PostingError, Reason
from jobclf.roles import Role

PAGES = Path(__file__).parents[1] / "pages"
TITLE = "Machine Learning Engineer"
LINES = [
    "We deploy machine learning models to production and monitor them.",
    "You write production-ready code, build data pipelines and scale model serving.",
    "Kubernetes, Docker, CI/CD and software engineering are your tools every day.",
    "You are on call for the platform, and you keep latency low for all our users.",
]
TEXT = "\n".join(LINES)


def pdf(lines: list[str]) -> bytes:
    """Return a PDF of one page that shows the lines, and one empty without any."""
    shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
    stream = f"BT /F1 10 Tf 40 700 Td {shown}ET" if lines else ""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    content, places = "%PDF-1.4\n", []
    for number, value in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{value}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    content += f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<</Size 6/Root 1 0 R>>\n"
    return f"{content}startxref\n{content.index('xref')}\n%%EOF\n".encode("latin-1")


def word(lines: list[str]) -> bytes:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    document = docx.Document()
    for line in lines[1:]:
        document.add_paragraph(line)
    if lines:
        document.add_table(1, 1).cell(0, 0).text = lines[0]
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def mail(*, html: bool = False) -> bytes:
    message = EmailMessage()
    message["Subject"] = f"Fwd: {TITLE}"
    message["From"] = "desk@example.org"
    message.set_content("See the posting as HTML." if html else TEXT)
    if html:
        message.add_alternative(f"<p>{'<p>'.join(LINES)}", subtype="html")
    message.add_attachment(
        b"We derive insights", maintype="text", subtype="plain", filename="a.txt"
    )
    return message.as_bytes()


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        pytest.param("a.txt", TEXT.encode(), None, id="text"),
        pytest.param("a.txt", TEXT.encode("utf-16"), None, id="utf-16"),
        pytest.param("a", TEXT.encode("utf-8-sig"), None, id="no-ending"),
        pytest.param("a.md", f"---\ntitle: {TITLE}\n---\n{TEXT}".encode(), TITLE, id="markdown"),
        pytest.param("a.html", f"<h1>{TITLE}</h1><p>{TEXT}".encode(), TITLE, id="html"),
        pytest.param("a.txt", f"<html><h1>{TITLE}</h1>{TEXT}".encode(), TITLE, id="html-as-txt"),
        pytest.param("a.eml", mail(), TITLE, id="mail"),
        pytest.param("a.eml", mail(html=True), TITLE, id="mail-html"),
        pytest.param("a", mail(), TITLE, id="mail-by-content"),
        pytest.param("a.pdf", pdf(LINES), None, id="pdf"),
        pytest.param("a.txt", pdf(LINES), None, id="pdf-as-txt"),
        pytest.param("a.docx", word(LINES), None, id="word"),
    ],
)
def test_every_form_gives_the_same_words(
    tmp_path: Path, name: str, content: bytes, title: str | None
) -> None:
    (tmp_path / name).write_bytes(content)
    (posting,) = files.read(tmp_path / name)
    assert set(TEXT.split()) <= set(posting.text.split())
    assert "insights" not in posting.text
    assert posting.title == title
    answer = jobclf.predict_file(tmp_path / name)
    assert answer.role is Role.ML_ENGINEER
    assert answer.in_scope
    assert answer.title_role == (Role.ML_ENGINEER if title else None)


@pytest.mark.parametrize("content", [TEXT.encode(), mail(), pdf(LINES), f"<p>{TEXT}".encode()])
def test_standard_input_is_read_by_what_it_holds(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    (posting,) = files.read(Path("-"))
    assert "production-ready" in posting.text


@pytest.mark.parametrize(
    ("page", "roles", "title", "company"),
    [
        ("greenhouse", "d", "Data Scientist, Pricing", "Birchwater Grocers"),
        ("lever", "m", "Platform Colleague", "Tallpine Maps"),
        ("ashby", "d", "Research Analyst, Outcomes", "Harrow Clinic Trust"),
        ("workable", "m", "ML Platform Engineer", "Osterlund Freight"),
        ("linkedin", "m", "Machine Learning Engineer", None),
        ("indeed", "d", "Quantitative Analyst", None),
        ("careers", "m", "Machine Learning Engineer (Routing)", None),
        ("several", "dmm", "Data Scientist, Pricing", "Birchwater Grocers"),
    ],
)
def test_saved_pages_are_answered_as_they_come(
    page: str, roles: str, title: str, company: str | None
) -> None:
    found = files.read(PAGES / f"{page}.html")
    assert (found[0].title, found[0].company) == (title, company)
    answers = [jobclf.predict(posting.text, title=posting.title) for posting in found]
    assert "".join(answer.role[0] for answer in answers) == roles
    assert all(answer.in_scope for answer in answers)


def zipped(name: str, content: bytes = b"x") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


def open_document(kind: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", "x")
    return target.getvalue()


OLE = b"\xd0\xcf\x11\xe0" * 9


def old(name: str) -> bytes:
    """Return a file as old Office programs write them, with a stream of that name."""
    return OLE + name.encode("utf-16-le")


@pytest.mark.parametrize(
    ("name", "content", "fact"),
    [
        pytest.param("a.txt", b" \n ", "is empty", id="empty"),
        pytest.param("a.txt", b"\x00\x01\x02\x03" * 99, "binary", id="binary"),
        pytest.param("a.pdf", pdf([]), "pictures and no text; run it through OCR", id="scanned"),
        pytest.param("a.pdf", b"%PDF-1.4 nothing", "PDF is damaged; save it", id="damaged-pdf"),
        pytest.param("a.pdf", TEXT.encode(), "ends in .pdf and is none", id="no-pdf"),
        pytest.param("a.docx", TEXT.encode(), "ends in .docx and is none", id="no-docx"),
        pytest.param("a.docx", b"PK\x03\x04 nothing", "Word file is damaged", id="damaged-word"),
        pytest.param("a.docx", zipped("word/document.xml"), "is damaged", id="hollow-word"),
        pytest.param("a.docx", word([]), "has no text", id="empty-word"),
        pytest.param("a.zip", zipped("a.txt"), "is a zip archive", id="zip"),
        pytest.param("a.doc", OLE, "old Office file; save it as .docx or PDF", id="old-office"),
        pytest.param(
            "a.doc", old("WordDocument"), "old Word file; save it as .docx", id="old-word"
        ),
        pytest.param(
            "a.msg", old("__substg1.0_"), "Outlook message; save it as .eml", id="outlook"
        ),
        pytest.param("a.ppt", old("PowerPoint Document"), "presentation; save it", id="old-slides"),
        pytest.param("a.xls", old("Workbook"), "Excel file", id="old-excel"),
        pytest.param("a.doc", old("WordDocument Book"), "Word", id="book"),
        pytest.param("a.xlsx", zipped("xl/workbook.xml"), "Excel file; save it as CSV", id="excel"),
        pytest.param("a.odt", open_document("text"), "OpenDocument text is damaged", id="odt"),
        pytest.param("a.odt", TEXT.encode(), "ends in .odt and is none", id="no-odt"),
        pytest.param("a.odp", open_document("presentation"), "save it as PDF", id="odp"),
        pytest.param("a.pages", zipped("Index/Document.iwa"), "export it as .docx", id="pages"),
        pytest.param("a.epub", zipped("META-INF/container.xml"), "is an e-book", id="e-book"),
        pytest.param("~$a.docx", b"\x05me" + bytes(159), "open in an office", id="lock"),
        pytest.param(".~lock.a.odt#", b",me,here,", "name the document", id="lock-of-libreoffice"),
        pytest.param("a.webarchive", b"bplist00" + bytes(9), "is damaged", id="web-archive"),
        pytest.param("a.ods", open_document("spreadsheet"), "table; save it as CSV", id="ods"),
        pytest.param("a.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "is a picture", id="png"),
        pytest.param("a.jpg", b"\xff\xd8\xff\xe0" + bytes(50), "is a picture", id="jpeg"),
        pytest.param("a", b"GIF89a" + bytes(50), "is a picture; save the posting", id="gif"),
        pytest.param("a.txt", b"RIFF\n\0\0\0WEBPVP8 ", "is a picture", id="webp"),
        pytest.param("a.rtf", rb"{\rtf1 {\info x}\par}", "RTF has no text", id="rtf"),
        pytest.param("a.mbox", b"From a 09:00\nSubject: x\n\n", "has no text", id="empty-mailbox"),
        pytest.param("a.html", b"<html><body></body></html>", "has no text", id="empty-page"),
        pytest.param("a.eml", b"MIME-Version: 1.0\nSubject: x\n\n", "has no text", id="empty-mail"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, fact: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(PostingError, match=fact) as caught:
        files.read(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_word_file_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobclf.limits.ARCHIVE", 1000)
    (tmp_path / "a.docx").write_bytes(zipped("word/document.xml", b"0" * 1001))
    with pytest.raises(PostingError, match="unpacks to more"):
        files.read(tmp_path / "a.docx")


def test_a_missing_library_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    (tmp_path / "a.pdf").write_bytes(pdf(LINES))
    with pytest.raises(PostingError, match="reading PDF needs the extra 'documents'") as caught:
        files.read(tmp_path / "a.pdf")
    assert caught.value.reason == Reason.EXTRA_MISSING


def test_ligatures_are_read_as_letters(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("e\ufb03cient work\ufb02ows co\xadop", encoding="utf-8")
    assert files.read(tmp_path / "a.txt") == (
        Posting("efficient workflows coop", path=str(tmp_path / "a.txt")),
    )


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").write_text(TEXT)
    bad, good = jobclf.read_postings([tmp_path])
    assert isinstance(bad, PostingError)
    assert isinstance(good, Posting)


def archived(*parts: str, kind: str = "text/html") -> bytes:
    """Return a page saved by a browser as one file, a frame in each part but the first."""
    body = "".join(
        f"--B0\nContent-Type: {kind}\nContent-ID: <frame-{at}@mhtml.blink>\n"
        f"Content-Transfer-Encoding: 8bit\n\n{part}\n"
        for at, part in enumerate(parts)
    )
    start = 'MIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="B0"'
    return f"From: <Saved by Blink>\nSubject: Careers\n{start}\n\n{body}--B0--\n".encode()


SHELL = "<html><title>Careers</title><body><main>We are a bakery with forty shops.</main>"
FRAME = f"<html><body><h1>{TITLE}</h1><p>{'</p><p>'.join(LINES * 2)}</p>"


@pytest.mark.parametrize("name", ["a.mhtml", "a.mht", "a.doc", "a"])
@pytest.mark.parametrize("parts", [(SHELL, FRAME), (FRAME, SHELL), (SHELL, SHELL, FRAME)])
def test_a_saved_page_is_read_in_the_frame_that_holds_the_posting(
    tmp_path: Path, name: str, parts: tuple[str, ...]
) -> None:
    (tmp_path / name).write_bytes(archived(*parts))
    (posting,) = files.read(tmp_path / name)
    assert posting.title == TITLE
    assert "production-ready" in posting.text
    assert "bakery" not in posting.text


def attached(body: str, *named: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["Subject"] = "Fwd: our talk"
    message.set_content(body)
    for name, content in named:
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message.as_bytes()


POINTING = "Hello, please find the posting attached. Kind regards, your desk"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("job.pdf", pdf(LINES)),
        ("job.docx", word(LINES)),
        ("job.html", FRAME.encode()),
        ("job.txt", TEXT.encode()),
        ("Anlage für Sie.TXT", TEXT.encode("utf-16")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_attached_posting_is_read(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(attached(POINTING, ("logo.png", b"\x89PNG"), (name, content)))
    (posting,) = files.read(path)
    assert set(TEXT.split()) <= set(posting.text.split())
    assert "regards" not in posting.text


def test_a_message_that_holds_the_posting_is_read_whatever_is_attached(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(attached("\n".join(LINES * 3), ("about us.txt", b"We bake bread. " * 400)))
    (posting,) = files.read(path)
    assert "bake" not in posting.text


def test_a_message_whose_attachment_cannot_be_read_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(attached("", ("job.pdf", pdf([]))))
    with pytest.raises(PostingError, match=r"a\.eml.*pictures and no text"):
        files.read(path)


@pytest.mark.parametrize("at", [0, 40, -1], ids=["first", "middle", "last"])
def test_a_bad_byte_costs_no_more_than_itself(tmp_path: Path, at: int) -> None:
    content = bytearray("\n".join(["Café", *LINES]).encode())
    content.insert(at if at >= 0 else len(content), 0x8D)
    (tmp_path / "a.txt").write_bytes(content)
    (posting,) = files.read(tmp_path / "a.txt")
    assert posting.text.replace("\ufffd", "") == "\n".join(["Café", *LINES])
