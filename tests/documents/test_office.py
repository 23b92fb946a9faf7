"""RTF, OpenDocument, Word as XML, web archives, mailboxes: what is shown, once, and the title."""

import io
import plistlib
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from jobclf.documents import files
from jobclf.documents.posting import Posting
from jobclf.errors import PostingError, Reason
from tests.factories import OPEN_DOCUMENT_SPACES

DUTY = "We deploy models for the bakery of our island each night."


def posting(content: bytes, ending: str = "") -> Posting:
    (found,) = files.parsed(content, ending, f"a{ending}")
    return found


def rtf(body: str, head: str = "") -> bytes:
    fonts = r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset2 Symbol;}{\f2\fcharset204 A;}}"
    return rf"{{\rtf1\ansi\ansicpg1252\deff0{fonts}{head}{body}}}".encode("cp1252")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"caf\'e9 na\u239?ve \ldblquote x\rdblquote\emdash y", "café naïve “x”—y"),
        (r"a\par b\line c\tab d\~e\_f co\-op", "a\nb\nc d e-f coop"),
        (r"\uc2\u26426 ??\uc0\u233 t\uc1\u-10179?\u-8704?", "机ét😀"),
        (r"{\f2\'ef\'f0\'e8} and {\f1\'b7} one", "при and • one"),
        ("broken\nli\r\nnes\\\nnext", "brokenlines\nnext"),
        (r"\{braces\} and \\ and {\b bold} a{\i  b}", "{braces} and \\ and bold a b"),
        (r"shown{\v  hidden}{\v\v0  again}{\deleted  gone}", "shown again"),
        (r"{\*\unknown x}{\header top}{\pict\bin5 ab}cd}{\comment y}in{\footer z}", "in"),
        (r'{\field{\*\fldinst HYPERLINK "https://a.example"}{\fldrslt our page}} x', "our page x"),
        (r"{\upr{plain}{\*\ud{un\u239?code}}} x", "unïcode x"),
        (r"x{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt in a box}}{\shprslt b}}", "xin a box"),
        (r"a{\super 1}{\footnote one} night\par", "a1 night\n\none"),
        (r"{\object{\objdata 00ff}{\result shown}} x", "shown x"),
        (
            r"\trowd\intbl Pay\cell Good\cell\row\trowd a\cell b\cell c\cell\row",
            "Pay: Good\na\nb\nc",
        ),
        (r"a} out of it", "a"),
    ],
)
def test_rtf_is_read_as_it_is_shown(body: str, expected: str) -> None:
    shown = posting(rtf(body), ".rtf").text
    assert shown.strip() == expected or shown.startswith(expected)


def test_rtf_is_told_by_what_it_holds_and_its_title_is_a_property() -> None:
    content = rtf(DUTY, r"{\info{\title Baking Engineer}{\author Cook}}")
    assert posting(content, ".doc") == Posting(DUTY, "Baking Engineer", path="a.doc")
    assert posting(rtf(rf"Data Scientist\par {DUTY}", r"{\info{\title Cook}}")).title is None


STYLES = (
    '<office:automatic-styles><style:style style:name="P1" style:parent-style-name="Title"/>'
    '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    "</office:automatic-styles>"
)


def content_of(body: str, more: str = "") -> str:
    return (
        f'<?xml version="1.0"?><office:document-content {OPEN_DOCUMENT_SPACES}>'
        f"{more}{STYLES}<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )


def odt(body: str, meta: str = "", manifest: str = "", kind: str = "text") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", content_of(body))
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        archive.writestr("meta.xml", f'<m xmlns:dc="http://purl.org/dc/elements/1.1/">{meta}</m>')
    return target.getvalue()


def p(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (p("a<text:tab/>b<text:s text:c='3'/>c<text:line-break/>d\n e"), "a b c\nd  e"),
        (p(f"a <text:span text:style-name='T1'>hidden </text:span>{DUTY}"), f"a {DUTY}"),
        (f"<text:list><text:list-item>{p('one')}</text:list-item></text:list>", "- one"),
        (
            p(
                "a<text:note><text:note-citation>1</text:note-citation><text:note-body>"
                + p("one")
                + "</text:note-body></text:note>b"
            ),
            "a b\n\none",
        ),
        (
            p(f"a<draw:frame><draw:text-box>{p('in a box')}</draw:text-box></draw:frame>b"),
            "ab\nin a box",
        ),
        (
            f"<table:table><table:table-row><table:table-cell>{p('Pay')}</table:table-cell>"
            f"<table:table-cell>{p('Good')}</table:table-cell></table:table-row></table:table>",
            "Pay: Good",
        ),
        (
            f"<text:tracked-changes>{p('gone')}</text:tracked-changes>"
            f"<office:forms>{p('form')}</office:forms>"
            + p(f"a<office:annotation>{p('why?')}</office:annotation>b<!-- c -->"),
            "ab",
        ),
    ],
)
def test_open_document_is_read_as_it_is_shown(body: str, expected: str) -> None:
    assert posting(odt(body), ".odt").text == expected
    flat = content_of(body).replace("document-content", "document")
    assert posting(flat.encode(), ".fodt").text == expected


def test_open_document_has_its_title_from_the_style_or_a_property() -> None:
    assert posting(odt(p("Head Baker and Engineer", "P1") + p(DUTY)), ".odt").title == (
        "Head Baker and Engineer"
    )
    assert posting(odt(p(DUTY), "<dc:title>Cook and Engineer</dc:title>"), ".odt").title == (
        "Cook and Engineer"
    )


@pytest.mark.parametrize(
    ("content", "fact", "reason"),
    [
        (odt(p(DUTY), manifest="<encryption-data/>"), "password; save it", Reason.PASSWORD),
        (odt(""), "has no text", Reason.NO_TEXT),
        (odt("<"), "is damaged", Reason.DAMAGED),
    ],
)
def test_open_document_that_is_not_read_says_why(content: bytes, fact: str, reason: Reason) -> None:
    with pytest.raises(PostingError, match=fact) as caught:
        posting(content, ".odt")
    assert caught.value.reason == reason


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FLAT = f"""<?xml version="1.0"?><?mso-application progid="Word.Document"?>
<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">
<pkg:part pkg:name="/word/document.xml"><pkg:xmlData><w:document xmlns:w="{WORD}"><w:body><w:p><w:r>
<w:t>{DUTY}</w:t><w:footnoteReference w:id="2"/></w:r></w:p></w:body></w:document></pkg:xmlData>
</pkg:part><pkg:part pkg:name="/word/footnotes.xml"><pkg:xmlData><w:footnotes xmlns:w="{WORD}">
<w:footnote w:id="1"><w:p><w:r><w:t>no</w:t></w:r></w:p></w:footnote><w:footnote w:id="2"><w:p><w:r>
<w:t>At night.</w:t></w:r></w:p></w:footnote></w:footnotes></pkg:xmlData></pkg:part>
<pkg:part pkg:name="/docProps/core.xml"><pkg:xmlData><c xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Head Baker and Engineer</dc:title></c></pkg:xmlData></pkg:part></pkg:package>"""
OLDER = f"""<?xml version="1.0"?><w:wordDocument xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><o:DocumentProperties><o:Title>Head
Baker and Engineer</o:Title></o:DocumentProperties><w:body><w:p><w:r><w:t>{DUTY}</w:t></w:r></w:p>
</w:body></w:wordDocument>"""


@pytest.mark.parametrize("ending", [".xml", ".doc", ".docx", ""])
def test_word_as_one_file_of_xml_is_read(ending: str) -> None:
    found = posting(FLAT.encode(), ending)
    assert found.text.split("\n") == [f"{DUTY} ", "", "At night."]
    assert found.title == "Head Baker and Engineer"
    assert posting(OLDER.encode(), ending) == Posting(
        DUTY, "Head Baker and Engineer", path=f"a{ending}"
    )


PAGE = f"<html><body><h1>Head Baker</h1><p>{DUTY}</p><p>{DUTY * 3}</p></body></html>"


def test_a_web_archive_is_read_with_its_frames() -> None:
    def part(text: str, kind: str = "text/html") -> dict[str, object]:
        return {"WebMainResource": {"WebResourceData": text.encode(), "WebResourceMIMEType": kind}}

    shell = part("<html><body>We are a bakery.</body></html>")
    framed = plistlib.dumps(shell | {"WebSubframeArchives": [part(PAGE)]}, fmt=plistlib.FMT_BINARY)
    assert posting(framed, ".webarchive").title == "Head Baker"
    picture = plistlib.dumps(part("x", "image/png"), fmt=plistlib.FMT_BINARY)
    with pytest.raises(PostingError, match="holds no page; save the posting as text"):
        posting(picture, ".webarchive")


def message(text: str, subject: str) -> str:
    made = EmailMessage()
    made["Subject"] = subject
    made.set_content(text)
    return f"From desk@a.example Sat Nov 28 09:00:00 2026\n{made.as_bytes().decode()}\n"


def test_a_mailbox_is_read_message_by_message(tmp_path: Path) -> None:
    text = f"{DUTY}\n\nFrom 09:00 to noon we bake.\n\n>From the oven.\n{DUTY}"
    box = message(text, "Head Baker") + message("", "nothing") + message(DUTY * 2, "Fwd: Cook")
    for name in ("a.mbox", "a", "a.eml"):
        (tmp_path / name).write_text(box)
        first, second = files.read(tmp_path / name)
        assert (first.title, second.title) == ("Head Baker", "Cook")
        assert "From 09:00" in first.text
        assert first.notes == (
            "1 of 3 messages hold no posting that can be read (message 2: the message has no text)",
        )
        assert second.path == f"{tmp_path / name}#2"


def test_a_mailbox_of_too_many_messages_is_refused() -> None:
    with pytest.raises(PostingError, match="over 1,000 messages; split it"):
        files.parsed(message("x", "y").encode() * 1001, ".mbox", "a.mbox")
