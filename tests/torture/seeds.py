"""Documents that fuzzing starts from: a few of every form, and the words that hurt each."""

import io
import json
import random
import zipfile
import zlib
from email.message import EmailMessage
from typing import NamedTuple

from jobclf.roles import Role
from tests.factories import posting

TEXT = (
    "Senior ML Engineer – Café “Zürich”\nWe deploy models to production & monitor them. C++/C#, "
    "Node.js, CI/CD, A/B tests, R&D.\n• You build data pipelines\u00a0and feature stores\n"
    "Show more | Apply now\n" + posting(Role.ML_ENGINEER, 1, 3)
)
HURTFUL = (
    "\0",
    "\ufeff",
    "\u202e",
    "\u2066",
    "\u200d",
    "\u0301" * 50,
    "\U0001d400",
    "😀",
    "ﬁ",
    "İ",
    "ß",
    "\x1b[2J",
    "\x9b",
    "\r",
    "\u2028",
    "\x0b",
    "|",
    "~",
    "||||",
    "c++",
    "c++/c#",
    " " * 200,
    "a" * 500,
    "data scientist ",
    "机器",
    "=1+1",
    "-" * 99,
    "9" * 400,
    "\t",
    '"',
    "'",
    ",",
    ";",
    "\\",
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


class Seeds(NamedTuple):
    """Documents of one form, its ending, and pieces that mean something in it."""

    ending: str
    documents: tuple[bytes, ...]
    pieces: tuple[bytes, ...]


def word(
    body: str, doctype: str = "", *, packing: int = zipfile.ZIP_DEFLATED, more: str = ""
) -> bytes:
    """Return a Word file of three parts; `more` are further relationships of the document."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONSHIPS)
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?>{doctype}<w:document {W}><w:body>{body}</w:body></w:document>',
        )
        if more:
            start = _RELATIONSHIPS.partition("<Relationship ")[0]
            archive.writestr("word/_rels/document.xml.rels", start + more)
    return target.getvalue()


def paragraph(text: str) -> str:
    """Return a paragraph of a Word file."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def pdf(objects: tuple[bytes, ...]) -> bytes:
    """Return a PDF of numbered objects, the first being its root."""
    content, places = b"%PDF-1.4\n", []
    for number, value in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, value)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        content
        + b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
        + b"trailer\n<</Size %d/Root 1 0 R>>\n" % (len(objects) + 1)
        + b"startxref\n%d\n%%%%EOF\n" % len(content)
    )


def stream(content: bytes, *, packed: int = 0) -> bytes:
    """Return a stream of a PDF, deflated so many times."""
    for _ in range(packed):
        content = zlib.compress(content, 9)
    filters = b"/Filter[%b]" % (b"/FlateDecode" * packed) if packed else b""
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(content), filters, content)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
    b"/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>>>"
)
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
FORM = b"<</Type/XObject/Subtype/Form/Length 12>>\nstream\nBT (f) Tj ET\nendstream"
SHOWN = b"BT /F1 10 Tf 40 700 Td [(We deploy) -3 (models)] TJ %bET /X Do" % b"".join(
    b"0 -14 Td (%b) Tj " % line.encode() for line in posting(Role.ML_ENGINEER, 1, 6).split("\n")
)


def mail(*, html: bool = False, charset: str = "utf-8") -> bytes:
    message = EmailMessage()
    message["Subject"] = "Fwd: ML Engineer – Zürich"
    message["From"] = "desk@example.org"
    message.set_content("See the posting." if html else TEXT, charset=charset)
    if html:
        message.add_alternative(f"<h1>ML Engineer</h1><p>{TEXT}", subtype="html")
        message.add_attachment(b"a", maintype="text", subtype="plain", filename="a.txt")
    return message.as_bytes()


def _pages() -> tuple[bytes, ...]:
    job = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": "ML Engineer",
        "description": f"<p>{TEXT}</p><ul><li>one</li></ul>",
        "skills": ["R", "SQL"],
        "hiringOrganization": {"@type": "Organization", "name": "Tallpine Maps"},
    }
    whole = [
        f"<!DOCTYPE html><html><head><title>x</title></head><body><nav><a href=/>Jobs</a></nav>"
        f"<main><h1>ML Engineer</h1><p>{TEXT}</p><ul><li>one<li>two</ul><table><tr><td>a<td>b"
        f"</table></main><footer>c</footer></body></html>",
        f"<html><div itemscope itemtype='https://schema.org/JobPosting'><h1 itemprop=title>ML</h1>"
        f"<div itemprop='description skills'><p>{TEXT}</p></div><span itemprop=hiringOrganization "
        f"itemscope><b itemprop=name>Tallpine</b></span></div></html>",
        f"<div class='job-description'><header>{TEXT}</header><p hidden>x</p>{TEXT}</div>",
    ]
    whole += [
        f'<html><script type="application/ld+json">{json.dumps(value)}</script><p>x</html>'
        for value in (job, {"@graph": [job, job | {"title": "Other"}]})
    ]
    return tuple(page.encode() for page in whole)


def _parquets() -> tuple[bytes, ...]:
    import pyarrow as pa
    from pyarrow import parquet

    rows = [
        {
            "id": number,
            "title": "ML",
            "text": TEXT,
            "tags": ["a"],
            "pay": 1.5,
            "more": {"a": number},
        }
        for number in range(5)
    ]
    found = []
    for packing in ("none", "snappy", "zstd"):
        target = io.BytesIO()
        parquet.write_table(pa.Table.from_pylist(rows), target, compression=packing)
        found.append(target.getvalue())
    return tuple(found)


def parquet_of_any_kind(rng: random.Random) -> bytes:
    """Return a Parquet file with columns of types and values that nobody expects."""
    import pyarrow as pa
    from pyarrow import parquet

    columns = {"text": pa.array([TEXT] * 3)}
    for number in range(rng.randint(1, 3)):
        bits = [rng.choice((0, 1, -1, 2**31 - 1, 2**63 - 1, -(2**63))) for _ in range(3)]
        kinds = (
            pa.timestamp("ns"),
            pa.timestamp("s", "Europe/Berlin"),
            pa.timestamp("ms"),
            pa.date64(),
            pa.duration("us"),
            pa.time64("ns"),
            pa.int64(),
            pa.timestamp("us", "Nowhere/None"),
        )
        array = pa.array(bits).cast(rng.choice(kinds), safe=False)
        match rng.randint(0, 5):
            case 0:
                array = pa.array([rng.randbytes(5) for _ in range(3)])
            case 1:
                array = pa.array([rng.randbytes(5) for _ in range(3)]).view(pa.string())
            case 2:
                array = pa.StructArray.from_arrays([array, array], ["a", "a"])
            case 3:
                array = pa.array(["a", None, rng.choice(HURTFUL)]).dictionary_encode()
            case 4:
                array = pa.array([float("nan"), float("inf"), None])
            case _:
                pass
        columns[rng.choice(("title", "text ", "", "a", "lists", "\x1b[2J")) + str(number)] = array
    target = io.BytesIO()
    try:
        parquet.write_table(pa.table(columns), target)
    except pa.ArrowException:  # a value that it cannot hold
        return parquet_of_any_kind(rng)
    return target.getvalue()


_CSV = (
    'id,title,text,role\n1,ML,"deploy, ""serve""\nmodels",mle\n2,,"' + TEXT + '",ds\n3,x,y,other\n'
)
_ROWS = [
    {"id": 1, "title": "ML", "text": TEXT, "role": "mle"},
    {"id": 2, "title": None, "text": f"<p>{TEXT}</p>", "role": "ds", "lists": [{"text": "a"}]},
]
_TAGS = tuple(
    f"<{tag}>".encode()
    for tag in (
        "div",
        "/div",
        "p",
        "main",
        "article",
        "ul",
        "li",
        "table",
        "td",
        "script",
        "style",
        "header",
        "form",
        "template",
        "svg",
        "math",
        "plaintext",
        "!--",
        "!DOCTYPE",
        "pre",
        "select",
        "p hidden",
        "div itemscope itemtype=schema.org/JobPosting",
        "p itemprop=description",
        "script type=application/ld+json",
        "/script",
        "br/",
        "a",
    )
)


def seeds() -> dict[str, Seeds]:
    """Return the documents by form."""
    encodings = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "latin-1", "utf-7")
    texts = tuple(TEXT.replace("“", '"').encode(each, "replace") for each in encodings)
    marks = (b"--", b"<!--", b"-->", b"&lt;p&gt;", b"&amp;", b"&#0;", b"&#xd800;", b"--->", b"]]>")
    objects = (CATALOG, PAGES, PAGE, stream(SHOWN), FONT, FORM)
    lines = "".join(json.dumps(row) + "\n" for row in _ROWS).encode()
    plain = b"".join(b'{"id": %d, "text": "We \\"deploy\\" {models}."}\n' % at for at in range(9))
    values = (
        b"[",
        b"]",
        b"{",
        b"}",
        b":",
        b",",
        b'"',
        b"null",
        b"1e999",
        b"NaN",
        b"\\ud800",
        b"\\",
        b"true",
        b'"text"',
        b'"title"',
        b"-0",
        b"\xef\xbb\xbf",
        b"9" * 5000,
        b"[" * 300,
    )
    numbers = (
        b"0 R",
        b"99999999999",
        b"-1",
        b"1 0 R",
        b"3 0 R",
        b"/Kids[",
        b"/Parent 3 0 R",
        b"<<",
        b">>",
        b"/FlateDecode",
        b"/ASCIIHexDecode",
        b"/LZWDecode",
        b"BT ",
        b" ET",
        b"Tj",
        b"(",
        b")",
        b"/Encrypt 5 0 R",
        b"/Prev 9",
        b"stream\n",
        b"endstream",
        b"endobj",
        b"/Type",
    )
    headers = (
        b"\nContent-Type: multipart/mixed; boundary=x\n\n--x\n",
        b"--x--\n",
        b"\n\n",
        b"=?utf-8?",
        b"?=",
        b"charset=idna",
        b"charset=utf-7",
        b"base64",
        b"quoted-printable",
        b"uuencode",
        b"; ",
        b"\r\n ",
        b"=\xff",
        b"message/rfc822",
        b"Subject: ",
        b"MIME-Version:",
    )
    xml = (
        b"<w:p>",
        b"</w:p>",
        b"<w:t>",
        b"<w:br/>",
        b"&amp;",
        b"&x;",
        b"<!DOCTYPE a>",
        b"<w:tab/>",
        b'xmlns:w="x"',
        b"word/document.xml",
        b"..",
        b"PK\x01\x02",
        b"PK\x05\x06",
        b"<![CDATA[",
    )
    return {
        "text": Seeds(".txt", texts, marks),
        "markdown": Seeds(
            ".md",
            (f"---\ntitle: 'ML'\n---\n# ML\n[a](b) {TEXT}".encode(),),
            (b"---\n", b"title:", b"](", b"[", b"]", b"# ", b"<p>", b"```"),
        ),
        "html": Seeds(".html", _pages(), (*_TAGS, *marks)),
        "mail": Seeds(
            ".eml", (mail(), mail(html=True), mail(html=True, charset="cp1252")), headers
        ),
        "pdf": Seeds(
            ".pdf",
            (pdf(objects), pdf((*objects[:3], stream(SHOWN, packed=1), FONT, FORM))),
            numbers,
        ),
        "word": Seeds(
            ".docx",
            (
                word(paragraph(TEXT.replace("&", "&amp;")), packing=zipfile.ZIP_STORED),
                word(f"<w:tbl><w:tr><w:tc>{paragraph('a<w:br/>b')}</w:tc></w:tr></w:tbl>"),
            ),
            xml,
        ),
        "csv": Seeds(
            ".csv",
            (_CSV.encode(), _CSV.encode("utf-16"), _CSV.replace(",", ";").encode()),
            (b",", b";", b'"', b'""', b"\n", b"\r", b"\0", b"text", b"=1+1", b"," * 999),
        ),
        "tsv": Seeds(
            ".tsv", (_CSV.replace(",", "\t").encode(),), (b"\t", b'"', b"\n", b"\0", b"text")
        ),
        "jsonl": Seeds(".jsonl", (lines, plain), (*values, b"} null", b"\n{", b"}\n")),
        "json": Seeds(
            ".json", (json.dumps(_ROWS).encode(), json.dumps({"jobs": _ROWS}).encode()), values
        ),
        "parquet": Seeds(
            ".parquet", _parquets(), (b"PAR1", b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x15\x02")
        ),
    }
