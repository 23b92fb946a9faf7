"""More documents that fuzzing starts from: tables of office programs, data in pages, mailboxes."""

import io
import json
import plistlib
import sqlite3
import zipfile
from contextlib import closing
from html import escape

from tests.factories import OPEN_DOCUMENT_SPACES
from tests.torture.seeds import TEXT, Seeds

_ROW = {"id": 7, "title": "ML Engineer", "description": TEXT, "company": "Tallpine Maps"}
_MARKED = f"<p>{escape(TEXT)}</p><ul><li>one</li><li>two</li></ul>"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_START = '<?xml version="1.0" encoding="UTF-8"?>'
_XML = (
    b"<![CDATA[", b"]]>", b"&amp;", b"&lt;p&gt;", b"&x;", b"<!DOCTYPE a [<!ENTITY x 'y'>]>",
    b"<!--", b"-->", b'xml:space="preserve"', b"</", b"/>", b"<?x?>", b"encoding=", b"UTF-16",
)  # fmt: skip


def _boards() -> tuple[bytes, ...]:
    """Return the JSON of job boards in their shapes."""
    sections = {
        "jobDescription": {"title": "Job", "text": _MARKED},
        "qualifications": {"text": "R"},
    }
    shapes = (
        {"jobPostingInfo": {"title": "ML", "jobDescription": _MARKED}},
        {"name": "ML", "jobAd": {"sections": sections}},
        {"offers": [{"title": "ML", "description": _MARKED, "requirements": _MARKED}]},
        {"results": [{"name": "ML", "contents": _MARKED}]},
        {"jobs": [{"title": "ML", "content": escape(_MARKED)}]},
        [{"text": "ML", "descriptionPlain": "", "lists": [{"text": "Do", "content": _MARKED}]}],
        {"data": [{"attributes": {"title": "ML", "body": _MARKED}}]},
        {"title": {"0": "ML"}, "description": {"0": TEXT}},
        {"columns": ["title", "text"], "index": [0], "data": [["ML", TEXT]]},
        {"@graph": [{"@type": "JobPosting", "title": "ML", "description": _MARKED}]},
        {"hits": {"hits": [{"_source": _ROW}]}},
        {"children": [{"id": 1, "text": _MARKED, "children": []}]},
    )
    return tuple(json.dumps(each).encode() for each in shapes)


def _states() -> tuple[bytes, ...]:
    """Return pages whose posting is in a state object, an attribute or a comment."""
    state = json.dumps({"props": {"pageProps": {"job": _ROW | {"description": _MARKED}}}})
    quoted = escape(state, quote=True)
    flight = json.dumps(f'5:{{"job":{json.dumps(_ROW)}}}\n6:T4,text')
    bodies = (
        f'<script id="__NEXT_DATA__" type="application/json">{state}</script>',
        f"<script>window.__INITIAL_STATE__ = {state};</script>",
        f"<script>window.state = JSON.parse({json.dumps(state)});</script>",
        f"<script>self.__next_f.push([1,{flight}])</script>",
        f'<div id="app" data-page="{quoted}"></div>',
        f"<code><!--{state}--></code>",
        f"<div role=dialog><h1>Sign in</h1></div><aside><form>{_MARKED}</form></aside>",
        f"<ul>{'<li><a href=/1><h3>ML Engineer</h3></a> Lisbon' * 9}</ul><main>{_MARKED}</main>",
    )
    return tuple(
        f"<html><body><h1>ML Engineer</h1>{each}</body></html>".encode() for each in bodies
    )


def _frames() -> tuple[bytes, ...]:
    """Return pages whose posting is in a frame, or in one of several, or in a frame of a frame."""
    frame = f'<iframe srcdoc="{escape(_MARKED, quote=True)}"></iframe>'
    inner = f'<iframe srcdoc="{escape(frame, quote=True)}"></iframe>'
    others = "<iframe src='/ad'></iframe><frameset><frame src='a.html'></frameset>" * 3
    return tuple(
        f"<html><body><h1>Careers</h1>{each}</body></html>".encode()
        for each in (frame, f"{others}{frame * 3}", inner, f"<p>We bake.</p>{frame}{others}")
    )


def _feeds() -> tuple[bytes, ...]:
    skills = "<skills><s>R</s><s>SQL</s></skills>"
    item = f"<title>ML Engineer</title><description>{escape(_MARKED)}</description>"
    entry = f'<entry><title>ML</title><content type="html">{escape(_MARKED)}</content></entry>'
    return tuple(
        (_START + each).encode()
        for each in (
            f"<rss><channel><title>Jobs</title>{f'<item>{item}</item>' * 3}</channel></rss>",
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Jobs</title>{entry * 2}</feed>',
            f"<jobs>{f'<job>{item}{skills}</job>' * 3}</jobs>",
        )
    )


def _workbook() -> bytes:
    import xlsxwriter

    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        for name in ("Notes", "Jobs"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Jobs of May"] if name == "Notes" else list(_ROW))
            for at in range(1, 4):
                sheet.write_row(at, 0, [at, 1.5, True] if name == "Notes" else list(_ROW.values()))
    return held.getvalue()


def _open(kind: str, body: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"{_START}<office:document-content {OPEN_DOCUMENT_SPACES}>"
            f"<office:body>{body}</office:body></office:document-content>",
        )
    return target.getvalue()


def _open_table() -> bytes:
    def row(cells: list[str]) -> str:
        made = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(each)}</text:p>'
            "</table:table-cell>"
            for each in cells
        )
        return f"<table:table-row>{made}</table:table-row>"

    rows = row(list(_ROW)) + row([str(each) for each in _ROW.values()]) * 2
    table = f'<table:table table:name="Jobs">{rows}</table:table>'
    return _open("spreadsheet", f"<office:spreadsheet>{table}</office:spreadsheet>")


def _open_body() -> str:
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in TEXT.split("\n"))
    return (
        f"<office:text><text:tracked-changes>{lines}</text:tracked-changes>{lines}<text:list>"
        "<text:list-item><text:p>one<text:s text:c='3'/>two<text:note><text:note-body><text:p>note"
        "</text:p></text:note-body></text:note></text:p></text:list-item></text:list><table:table>"
        "<table:table-row><table:table-cell><text:p>Pay</text:p></table:table-cell>"
        "<table:table-cell><text:p>Good</text:p></table:table-cell></table:table-row></table:table>"
        "<text:p>a<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>b"
        "</text:p></office:text>"
    )


def _documents_of_xml() -> tuple[bytes, ...]:
    lines = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in TEXT.split("\n"))
    old = "http://schemas.microsoft.com/office/word/2003/wordml"
    return tuple(
        (_START + each).encode()
        for each in (
            '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"><pkg:part>'
            f'<pkg:xmlData><w:document xmlns:w="{_WORD}"><w:body>{lines}</w:body></w:document>'
            "</pkg:xmlData></pkg:part></pkg:package>",
            f'<w:wordDocument xmlns:w="{old}"><w:body>{lines}</w:body></w:wordDocument>',
            f"<office:document {OPEN_DOCUMENT_SPACES}><office:body>{_open_body()}</office:body>"
            "</office:document>",
        )
    )


def _rich() -> tuple[bytes, ...]:
    shown = "".join(each if ord(each) < 128 else f"\\u{ord(each)}?" for each in TEXT)
    shown = shown.replace("\n", "\\par\n")
    head = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}"
    more = (
        r"{\info{\title ML Engineer}}{\*\generator x}{\pict\bin4 abcd}{\field{\*\fldinst HYPERLINK "
        r'"a"}{\fldrslt b}}\trowd\intbl Pay\cell Good\cell\row{\footnote one}{\v hidden}'
        r"{\f1\'ef\'f0}{\*\shpinst{\shptxt box}}{\upr{a}{\*\ud{b}}}\uc2\u960 ??"
    )
    return (f"{head}{shown}}}".encode(), f"{head}{more}{shown}}}".encode())


def _framed() -> bytes:
    parts = "".join(
        f"--B0\nContent-Type: text/html\nContent-ID: <frame-{at}@mhtml.blink>\n"
        f"Content-Location: cid:{at}\n\n<html><body>{part}</body></html>\n"
        for at, part in enumerate(
            ("<iframe src='cid:1'></iframe>We bake.", f"<h1>ML</h1>{_MARKED}")
        )
    )
    head = 'MIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="B0"'
    return f"From: <Saved by Blink>\nSubject: Careers\n{head}\n\n{parts}--B0--\n".encode()


def _archive() -> bytes:
    def part(text: str) -> dict[str, object]:
        return {"WebResourceData": text.encode(), "WebResourceMIMEType": "text/html"}

    frames = [{"WebMainResource": part(_MARKED)}]
    whole = {"WebMainResource": part("<html>We bake."), "WebSubframeArchives": frames}
    return plistlib.dumps(whole, fmt=plistlib.FMT_BINARY)


def _database(*statements: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute("CREATE TABLE jobs (id INTEGER PRIMARY KEY, title TEXT, description TEXT)")
        base.executemany("INSERT INTO jobs VALUES (?, 'ML', ?)", [(at, TEXT) for at in range(4)])
        for statement in statements:
            base.execute(statement)
        base.commit()
        return base.serialize()


def seeds(messages: tuple[bytes, ...]) -> dict[str, Seeds]:
    """Return the documents by form; `messages` are those of a mailbox."""
    begin = b"From a@b.example Sat Nov 28 09:00:00 2026\n"
    box = b"".join(begin + each + b"\n\n" for each in messages)
    rich = (
        b"{", b"}", b"\\u", b"\\'", b"\\bin", b"\\*", b"\\uc", b"\\f1", b"\\par", b"\\cell",
        b"\\row", b"\\trowd", b"{\\fonttbl", b"\\v", b"\\footnote", b"{\\upr", b"\\fcharset",
        b"\\ansicpg65001",
    )  # fmt: skip
    tags = (
        b"<text:p>", b"</text:p>", b"<text:note>", b"<draw:text-box>", b"<table:table-row>",
        b"<table:table-cell>", b"content.xml", b'text:style-name="Title"', b"<style:style>",
    )  # fmt: skip
    cells = (b"<c ", b"<v>", b't="s"', b'r="XFD1048576"', b"<row>", b"<sheet ", b"PK\x05\x06")
    scripts = (
        b"{", b"}", b"[", b"]", b'"', b"\\", b"&quot;", b"</script>", b"<script>", b"JSON.parse(",
        b"__next_f.push([1,", b"<!--{", b"}-->", b"srcdoc=", b"description", b"null",
    )  # fmt: skip
    lines = (
        begin, b"\n\n", b"--B0\n", b"--B0--", b"Content-ID: <frame-0@mhtml.blink>\n", b"text/html",
        b"Content-Transfer-Encoding: base64\n", b"multipart/mixed; boundary=B0", b"Subject: ",
        b">From ",
    )  # fmt: skip
    pages = (
        b"SQLite format 3\0",
        b"CREATE VIEW",
        b"WITHOUT ROWID",
        b"\r\0\0\0",
        b"\x05",
        b"\xff\xff",
    )
    return {
        "boards": Seeds(".json", _boards(), scripts),
        "state": Seeds(".html", _states(), scripts),
        "frames": Seeds(
            ".html",
            _frames(),
            (*scripts, b"<iframe", b"</iframe>", b"<frame ", b"src=", b"&lt;p&gt;"),
        ),
        "feed": Seeds(".xml", _feeds(), (*_XML, b"<item>", b"</item>", b"<job>", b"<title>")),
        "excel": Seeds(".xlsx", (_workbook(), _open_table()), (*_XML, *cells)),
        "sqlite": Seeds(
            ".db",
            (
                _database(),
                _database("CREATE VIEW v AS SELECT title FROM jobs", "CREATE TABLE b (x, y)"),
            ),
            pages,
        ),
        "odt": Seeds(".odt", (_open("text", _open_body()),), (*_XML, *tags)),
        "xml": Seeds(".fodt", _documents_of_xml(), (*_XML, *tags, b"<w:p>", b"<w:t>", b"<w:tr>")),
        "rtf": Seeds(".rtf", _rich(), rich),
        "mhtml": Seeds(".mhtml", (_framed(),), lines),
        "mbox": Seeds(".mbox", (box,), lines),
        "webarchive": Seeds(
            ".webarchive", (_archive(),), (b"bplist00", b"\x5f\x10", b"\xd2", b"\0")
        ),
    }
