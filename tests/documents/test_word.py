"""Word documents are read as Word shows them, whatever wrote them."""

import io
import zipfile
from collections.abc import Iterable

import pytest

from jobclf.documents import files
from jobclf.documents.posting import Posting
from jobclf.errors import PostingError, Reason

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NAMES = (
    f'xmlns:w="{MAIN}" xmlns:r="{OFFICE}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
DUTY = "You keep the ovens of our bakery warm and the shelves of its shops full."


def relations(*found: tuple[str, str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in found
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def packed(
    body: str,
    parts: dict[str, str | bytes] | None = None,
    related: Iterable[tuple[str, str, str]] = (),
    *,
    main: str = "word/document.xml",
    office: str = OFFICE,
    names: str = NAMES,
    kind: str = "document",
) -> bytes:
    """Return a Word file with a body, further parts, and what the main part relates to."""
    folder, _, base = main.rpartition("/")
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Override '
        f'PartName="/{main}" ContentType="{TYPE}.{kind}.main+xml"/></Types>',
        "_rels/.rels": relations(("a", f"{office}/officeDocument", main)),
        main: f"<w:document {names}><w:body>{body}</w:body></w:document>",
        f"{folder}/_rels/{base}.rels": relations(*related),
        **(parts or {}),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            if content:
                archive.writestr(name, content)
    return target.getvalue()


def p(*runs: str, before: str = "") -> str:
    return f"<w:p>{before}{''.join(runs)}</w:p>"


def r(text: str, before: str = "") -> str:
    return f"<w:r>{before}<w:t>{text}</w:t></w:r>"


def posting(content: bytes, ending: str = ".docx") -> Posting:
    (found,) = files.parsed(content, ending, f"a{ending}")
    return found


def field(kind: str, inner: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{inner}</w:fldChar></w:r>'


BOX = f"<w:txbxContent>{p(r('In a box'))}</w:txbxContent>"
CODE = "<w:r><w:instrText>IF</w:instrText></w:r>"
BODIES = {
    "lines": (p(r("a"), "<w:r><w:br/></w:r>", r("b"), "<w:r><w:tab/></w:r>", r("c")), "a\nb c"),
    "no-break hyphen": (
        p("<w:r><w:t>time</w:t><w:noBreakHyphen/><w:t>series</w:t></w:r>"),
        "time-series",
    ),
    "soft hyphen": (p("<w:r><w:t>pro</w:t><w:softHyphen/><w:t>duction</w:t></w:r>"), "production"),
    "symbol": (p("<w:r><w:t>a</w:t><w:sym/><w:t>b</w:t></w:r>"), "a b"),
    "list": (
        p(r("bake"), before="<w:pPr><w:numPr/></w:pPr>")
        + p(r("sell"), before='<w:pPr><w:pStyle w:val="ListBullet2"/></w:pPr>'),
        "- bake\n- sell",
    ),
    "insertions and deletions": (
        p(
            f"<w:ins>{r('new ')}</w:ins>",
            "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>",
            f"<w:moveFrom>{r('from')}</w:moveFrom><w:moveTo>{r('to')}</w:moveTo>",
        ),
        "new to",
    ),
    "a deleted paragraph mark": (
        p(r("one "), before="<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>") + p(r("line")),
        "one line",
    ),
    "a deleted row": (
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{p(r('gone'))}</w:tc></w:tr>"
        f"<w:tr><w:tc>{p(r('kept'))}</w:tc></w:tr></w:tbl>",
        "kept",
    ),
    "hidden": (p(r("shown"), r("hidden", "<w:rPr><w:vanish/></w:rPr>")), "shown"),
    "not hidden": (p(r("shown", '<w:rPr><w:vanish w:val="0"/></w:rPr>')), "shown"),
    "prompt": (
        p(f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>{r('Click here')}</w:sdt>", r("text")),
        "text",
    ),
    "content control": (f"<w:sdt><w:sdtContent>{p(r('text'))}</w:sdtContent></w:sdt>", "text"),
    "link": (p(f"<w:hyperlink>{r('our site')}</w:hyperlink>"), "our site"),
    "field": (p(field("begin"), CODE, field("separate"), r("shown"), field("end")), "shown"),
    "fields in the code of a field": (
        p(field("begin"), CODE, field("begin"), CODE, field("separate"), r("1"), field("end"))
        + p(field("separate"), r("shown"), field("end")),
        "shown",
    ),
    "field without a result": (p(r("a"), field("begin"), r("code"), field("end")), "a"),
    "field that never ends": (p(field("begin"), CODE, r("kept")), "kept"),
    "simple field": (p(f'<w:fldSimple w:instr="TITLE">{r("shown")}</w:fldSimple>'), "shown"),
    "drop-down list": (
        p(
            field(
                "begin",
                '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="Baker"/>'
                '<w:listEntry w:val="Cook"/></w:ddList></w:ffData>',
            ),
            CODE,
            field("end"),
        ),
        "Cook",
    ),
    "a box in both forms, once": (
        p(
            r("We are "),
            f"<w:r><mc:AlternateContent><mc:Choice><wps:txbx>{BOX}</wps:txbx></mc:Choice>"
            f"<mc:Fallback><v:textbox>{BOX}</v:textbox></mc:Fallback></mc:AlternateContent></w:r>",
            r("bakers"),
        ),
        "We are bakers\nIn a box",
    ),
    "a box in the older form alone": (
        p(
            "<w:r><mc:AlternateContent><mc:Choice><wps:wsp/></mc:Choice>"
            f"<mc:Fallback><v:textbox>{BOX}</v:textbox></mc:Fallback></mc:AlternateContent></w:r>"
        )
        + p(r("b")),
        "In a box\nb",
    ),
    "word art": (p('<w:r><w:pict><v:textpath string="Head Baker"/></w:pict></w:r>'), "Head Baker"),
    "a name and what it names": (
        f"<w:tbl><w:tr><w:tc>{p(r('Job Title'))}</w:tc><w:tc>{p(r('Baker'))}</w:tc></w:tr></w:tbl>",
        "Job Title: Baker",
    ),
    "names and what they name": (
        f"<w:tbl><w:tr><w:tc>{p(r('Title:'))}</w:tc><w:tc>{p(r('Baker'))}</w:tc>"
        f"<w:tc>{p(r('Grade:'))}</w:tc><w:tc>{p(r('7'))}</w:tc></w:tr></w:tbl>",
        "Title: Baker\nGrade: 7",
    ),
    "cells": (
        f"<w:tbl><w:tr><w:tc>{p(r('Duties'))}</w:tc><w:tc>{p(r('bake'))}{p(r('sell'))}</w:tc>"
        "</w:tr></w:tbl>",
        "Duties\nbake\nsell",
    ),
    "a table in a table": (
        f"<w:tbl><w:tr><w:tc>{p(r('a'))}<w:tbl><w:tr><w:tc>{p(r('b'))}</w:tc></w:tr></w:tbl>"
        f"{p(r('c'))}</w:tc></w:tr></w:tbl>",
        "a\nb\nc",
    ),
    "a cell in a content control": (
        "<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc>"
        f"{p(r('a'))}</w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>",
        "a",
    ),
    "comment": (p(r("a"), "<w:r><w:commentReference/></w:r>", "<!-- b --><?c d?>"), "a"),
}


@pytest.mark.parametrize(("body", "text"), BODIES.values(), ids=BODIES)
def test_the_text_is_what_word_shows(body: str, text: str) -> None:
    # A second paragraph, for what is at the end of a text is stripped.
    assert posting(packed(body + p(r(DUTY)))).text == f"{text}\n{DUTY}"


STRICT_NAMES = NAMES.replace(MAIN, f"{STRICT}/wordprocessingml/main")
WHOLE = p(r(DUTY))
PACKAGES = {
    "another name": packed(WHOLE, main="word/document2.xml"),
    "another folder": packed(WHOLE, main="content/main.xml"),
    "in capitals": packed(WHOLE, main="Word/Document.xml").replace(b"/Document", b"/DOCUMENT"),
    "macros": packed(WHOLE, kind="document.macroEnabled"),
    "template": packed(WHOLE, kind="template"),
    "strict": packed(WHOLE, names=STRICT_NAMES, office=f"{STRICT}/officeDocument/relationships"),
    "no relationships": packed(WHOLE, {"_rels/.rels": ""}, main="word/document3.xml"),
    "relationships alone": packed(WHOLE, {"[Content_Types].xml": ""}, main="word/d.xml"),
    "a part that is missing": packed(WHOLE, related=[("s", f"{OFFICE}/styles", "styles.xml")]),
    "a part that is elsewhere": packed(
        WHOLE, related=[("s", f"{OFFICE}/attachedTemplate", "file:///c:/normal.dotm")]
    ),
}


@pytest.mark.parametrize("content", PACKAGES.values(), ids=PACKAGES)
@pytest.mark.parametrize("ending", [".docx", ".docm", ".dotx", ".doc", ""])
def test_the_main_part_is_found(content: bytes, ending: str) -> None:
    assert posting(content, ending).text == DUTY


HTML = f"<html><body><p>{DUTY}</p></body></html>"
MAIL = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
CHUNKS: dict[str, tuple[str, str | bytes]] = {
    "html": ("chunk.html", HTML),
    "html in Windows-1252": ("chunk.htm", HTML.replace("warm", "wärm").encode("cp1252")),
    "page saved as one": ("chunk.mht", f"{MAIL}Content-Type: text/html\n\n{HTML}\n--b--\n"),
    "text": ("chunk.txt", DUTY),
    "word": ("chunk.docx", packed(WHOLE)),
    "word in word": (
        "chunk.docx",
        packed(
            '<w:altChunk r:id="c"/>',
            {"word/d.docx": packed(WHOLE)},
            [("c", f"{OFFICE}/aFChunk", "d.docx")],
        ),
    ),
    "xml": ("chunk.xml", f"<w:document {NAMES}><w:body>{WHOLE}</w:body></w:document>"),
}


@pytest.mark.parametrize(("name", "content"), CHUNKS.values(), ids=CHUNKS)
def test_a_file_within_the_document_is_read_where_it_stands(
    name: str, content: str | bytes
) -> None:
    body = f'{p(r("Head Baker"))}<w:altChunk r:id="c"/>{p(r("Apply."))}'
    related = [("c", f"{OFFICE}/aFChunk", name)]
    text = posting(packed(body, {f"word/{name}": content}, related)).text.replace("ä", "a")
    assert text.split("\n") == ["Head Baker", DUTY, "Apply."]


def test_notes_stand_at_the_end_and_comments_nowhere() -> None:
    notes = "".join(
        f'<w:footnote w:id="{key}">{p(r(text))}</w:footnote>'
        for key, text in (("0", "unused"), ("2", "The night shift."))
    )
    content = packed(
        p(r(DUTY), '<w:r><w:footnoteReference w:id="2"/></w:r>') + p(r("Apply.")),
        {
            "word/footnotes.xml": f"<w:footnotes {NAMES}>{notes}</w:footnotes>",
            "word/comments.xml": f"<w:comments {NAMES}>{p(r('Really?'))}</w:comments>",
        },
        [
            ("f", f"{OFFICE}/footnotes", "footnotes.xml"),
            ("c", f"{OFFICE}/comments", "/word/comments.xml"),
        ],
    )
    lines = [line.strip() for line in posting(content).text.split("\n") if line]
    assert lines == [DUTY, "Apply.", "The night shift."]


def titled(body: str, title: str) -> str | None:
    core = "http://purl.org/dc/elements/1.1/"
    kind = f"{PACKAGE}/relationships/metadata/core-properties"
    properties = f'<c:p xmlns:c="c" xmlns:dc="{core}"><dc:title>{title}</dc:title></c:p>'
    main = relations(
        ("a", f"{OFFICE}/officeDocument", "word/document.xml"), ("b", kind, "core.xml")
    )
    return posting(packed(body, {"_rels/.rels": main, "core.xml": properties})).title


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Head Baker / Cook Manager", "Head Baker / Cook Manager"),
        ("Job Description: Data_Scientist.docx", "Data Scientist"),
        ("Microsoft Word - Baking Engineer", "Baking Engineer"),
        ("Our bakery", None),
        ("Document1", None),
        ("", None),
    ],
)
def test_a_property_is_the_title_where_it_names_a_job(title: str, expected: str | None) -> None:
    assert titled(WHOLE, title) == expected


def test_a_title_in_the_text_is_before_one_in_the_properties() -> None:
    assert titled(p(r("Data Scientist")) + WHOLE, "Retail Manager") is None
    styled = p(r("Baker and Engineer"), before='<w:pPr><w:pStyle w:val="Title"/></w:pPr>')
    assert titled(WHOLE + styled, "Retail Manager") == "Baker and Engineer"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "fact", "reason"),
    [
        pytest.param(
            OLE + "EncryptedPackage".encode("utf-16-le"), "password", Reason.PASSWORD, id="password"
        ),
        pytest.param(
            OLE + "WordDocument".encode("utf-16-le"),
            "old Word file; save it as .docx",
            Reason.UNSUPPORTED,
            id="old",
        ),
        pytest.param(
            packed('<w:altChunk r:id="c"/>', {"c": b"{\\rtf1"}, [("c", f"{OFFICE}/aFChunk", "/c")]),
            "the RTF has no text",
            Reason.NO_TEXT,
            id="rtf without text in it",
        ),
        pytest.param(packed(""), "no text", Reason.NO_TEXT, id="empty"),
        pytest.param(packed("<w:p>"), "is damaged", Reason.DAMAGED, id="damaged"),
        pytest.param(
            packed("", {"word/document.xml": ""}), "no Word file", Reason.UNSUPPORTED, id="no main"
        ),
    ],
)
def test_what_is_not_read_says_why(content: bytes, fact: str, reason: Reason) -> None:
    with pytest.raises(PostingError, match=fact) as caught:
        posting(content)
    assert caught.value.reason == reason


def nested(depth: int) -> bytes:
    content = packed(WHOLE)
    for _ in range(depth):
        related = [("c", f"{OFFICE}/aFChunk", "d.docx")]
        content = packed('<w:altChunk r:id="c"/>', {"word/d.docx": content}, related)
    return content


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(packed(p(r("x" * 9 * 2**20)), main="word/main.bin"), id="by another name"),
        pytest.param(packed(WHOLE, {"x.bin": bytes(129 * 2**20)}), id="in all"),
        pytest.param(nested(9), id="documents in each other"),
        pytest.param(
            packed('<w:altChunk r:id="c"/>' * 600, {"c": "x"}, [("c", f"{OFFICE}/aFChunk", "/c")]),
            id="files",
        ),
        pytest.param(
            packed(
                '<w:altChunk r:id="c"/>' * 20,
                {"c": b" " * 2**20},
                [("c", f"{OFFICE}/aFChunk", "/c")],
            ),
            id="one file many times",
        ),
    ],
)
def test_what_unpacks_to_too_much_is_refused(content: bytes) -> None:
    assert len(content) < 2**18
    with pytest.raises(PostingError) as caught:
        posting(content)
    assert caught.value.reason == Reason.TOO_LARGE
