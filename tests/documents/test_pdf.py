"""PDFs are read as their viewers show them, or refused for the right reason."""

import io
import zlib
from collections.abc import Iterable

import pytest

from jobclf.documents import files
from jobclf.documents.pdf_lines import is_unreadable, joined
from jobclf.documents.posting import Posting
from jobclf.errors import PostingError, Reason

pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed")

LINES = [
    "You keep the ovens of our bakery warm and the shelves of its shops full,",
    "develop new bread with our bakers and manage what the mills deliver to us.",
    "You have experience with dough, design recipes and build a team of five.",
]
FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
SCAN = "<</Type/XObject/Subtype/Image/Width 1700/Height 2200/Length 0>>\nstream\n\nendstream"


def shown(lines: Iterable[str]) -> str:
    return f"BT /F1 10 Tf 40 700 Td {''.join(f'({line}) Tj 0 -14 Td ' for line in lines)}ET"


def stream(content: str | bytes, entries: str = "") -> bytes:
    content = content.encode("latin-1") if isinstance(content, str) else content
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries.encode(), len(content), content)


def pdf(
    *pages: str | bytes,
    root: str = "",
    page: str = "",
    resources: str = "/Font<</F1 4 0 R>>",
    more: Iterable[str | bytes] = (),
    info: str = "",
) -> bytes:
    """Return a PDF of pages with this content; the further objects are numbered from 10."""
    kids = "".join(f"{100 + at} 0 R " for at in range(len(pages)))
    objects: dict[int, str | bytes] = {
        1: f"<</Type/Catalog/Pages 2 0 R{root}>>",
        2: f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        3: f"<<{info}>>",
        4: FONT,
        **dict(enumerate(more, 10)),
    }
    for at, content in enumerate(pages):
        objects[100 + at] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {300 + at} 0 R"
            f"/Resources<<{resources}>>{page}>>"
        )
        objects[300 + at] = stream(content)
    content, places = b"%PDF-1.4\n", {}
    for number, value in objects.items():
        places[number] = len(content)
        value_ = value.encode("latin-1") if isinstance(value, str) else value
        content += b"%d 0 obj\n%b\nendobj\n" % (number, value_)
    table = "".join(f"{at} 1\n{place:010} 00000 n \n" for at, place in places.items())
    end = f"xref\n0 1\n0000000000 65535 f \n{table}trailer\n<</Size 999/Root 1 0 R/Info 3 0 R>>\n"
    return content + f"{end}startxref\n{len(content)}\n%%EOF\n".encode()


def protected(content: bytes, user: str, owner: str = "mill", *, algorithm: str) -> bytes:
    pytest.importorskip("cryptography", reason="the library for encrypted PDFs is not installed")
    writer = pypdf.PdfWriter(pypdf.PdfReader(io.BytesIO(content)))
    writer.encrypt(user, owner, algorithm=algorithm)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def posting(content: bytes) -> Posting:
    (found,) = files.parsed(content, ".pdf", "a.pdf")
    return found


def refusal(content: bytes) -> PostingError:
    with pytest.raises(PostingError) as caught:
        posting(content)
    return caught.value


TEXT = shown(LINES)
ALGORITHMS = ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_pdf_that_opens_without_a_password_is_read(algorithm: str) -> None:
    assert posting(protected(pdf(TEXT), "", algorithm=algorithm)).text.split("\n")[:3] == LINES


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_pdf_that_wants_a_password_says_so(algorithm: str) -> None:
    error = refusal(protected(pdf(TEXT), "yeast", algorithm=algorithm))
    assert error.reason == Reason.PASSWORD
    assert "wants a password; save it without one" in str(error)


def test_a_pdf_protected_by_a_certificate_says_so() -> None:
    content = pdf(TEXT, more=["<</Filter/Adobe.PubSec/V 4>>"])
    content = content.replace(b"/Info 3 0 R", b"/ID[<aa><aa>]/Encrypt 10 0 R")
    assert refusal(content).reason == Reason.PASSWORD


def field(kind: str, value: str, name: str, more: str = "") -> str:
    return f"<</Subtype/Widget/FT/{kind}/V{value}/T({name}){more}>>"


def test_what_is_filled_in_and_typed_upon_a_page_is_read() -> None:
    notes = [
        field("Tx", "(Head Baker)", "Job Title"),
        field("Ch", "(b)", "grade", "/Opt[[(a)(Apprentice)][(b)(Master of bread)]]"),
        "<</Subtype/Widget/Parent 19 0 R>>",
        "<</Subtype/Widget/Parent 19 0 R>>",
        field("Tx", "(not shown)", "x", "/F 2"),
        field("Btn", "/Yes", "box"),
        "<</Subtype/FreeText/Contents(We start at four.)>>",
        "<</Subtype/Text/Contents(a remark of an editor)>>",
        field("Tx", " 18 0 R", "long"),
        stream("We bake\r\neach night.").decode(),  # object 18 + 1
    ]
    more = [*notes[:8], notes[8].replace("18 0", "20 0"), "<</FT/Tx/V(Once)/T(y)>>", notes[9]]
    annots = "".join(f"{10 + at} 0 R " for at in range(9))
    found = posting(pdf(TEXT, page=f"/Annots[{annots}]", more=more))
    assert [line for line in found.text.split("\n") if line] == [
        *LINES, "Head Baker", "Master of bread", "Once", "We start at four.", "We bake",
        "each night.",
    ]  # fmt: skip
    assert found.title == "Head Baker"


def test_a_broken_form_does_not_lose_the_pages() -> None:
    root = "/AcroForm<</Fields[10 0 R 99 0 R]>>"
    more = ["<</FT/Btn/T(a)/Kids[11 0 R]/Ff 32768>>", "<</Parent 10 0 R>>"]
    content = pdf(TEXT, root=root, more=more, page="/Annots[11 0 R 99 0 R null]")
    assert posting(content).text.split("\n")[:3] == LINES


def test_a_form_that_one_viewer_alone_shows_is_named() -> None:
    wait = shown(["Please wait... If this message is not eventually replaced"])
    error = refusal(pdf(wait, root="/AcroForm<</XFA[(a) 4 0 R]/Fields[]>>"))
    assert "a form that only Adobe Reader shows; print it to PDF" in str(error)
    assert posting(pdf(TEXT * 3, root="/AcroForm<</XFA[(a) 4 0 R]/Fields[]>>")).text


def test_a_portfolio_is_named() -> None:
    assert "portfolio" in str(refusal(pdf(TEXT, root="/Collection<<>>")))


DRAWN = "/X Do"
WITH_SCAN = "/Font<</F1 4 0 R>>/XObject<</X 10 0 R>>"


@pytest.mark.parametrize(
    ("pages", "fact"),
    [
        ([DRAWN], "pictures and no text; run it through OCR"),
        (["0 0 m 9 9 l S " * 500], "pictures and no text"),
        ([shown(["Scanned by hand"]) + DRAWN], "1 of the 1 pages"),
        ([TEXT * 4, DRAWN], "1 of the 2 pages of the PDF are pictures"),
        ([TEXT, TEXT, DRAWN], None),
        ([shown(LINES[:1]), shown(LINES[:1]), DRAWN], "1 of the 3 pages"),
        ([TEXT + DRAWN], None),
    ],
)
def test_no_page_is_left_out_silently(pages: list[str], fact: str | None) -> None:
    content = pdf(*pages, resources=WITH_SCAN, more=[SCAN])
    if fact is None:
        assert LINES[2] in posting(content).text
    else:
        error = refusal(content)
        assert fact in str(error)
        assert error.reason == Reason.NO_TEXT


@pytest.mark.slow
def test_drawings_within_drawings_are_read_or_refused_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("jobclf.limits.PDF_DRAWINGS", 150)
    form = stream(TEXT, "/Type/XObject/Subtype/Form/Resources<</Font<</F1 4 0 R>>>>")
    assert LINES[2] in posting(pdf(DRAWN * 150, resources=WITH_SCAN, more=[form])).text
    error = refusal(pdf(DRAWN * 151, resources=WITH_SCAN, more=[form]))
    assert error.reason == Reason.TOO_LARGE


def mapped(names: int, drawn: str, *, to: str = "0001") -> bytes:
    """Return a PDF whose fonts of so many names map all letters there are."""
    ranges = f"begincmap\n1 beginbfrange\n<0000> <FFFE> <{to}>\nendbfrange\nendcmap"
    fonts = "".join(f"/F{at} 11 0 R" for at in range(names))
    own = f"/Font<<{fonts}>>"
    form = stream(TEXT, f"/Type/XObject/Subtype/Form/Resources<<{own}>>")
    font = "<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 12 0 R/DescendantFonts[]>>"
    resources = own if drawn == TEXT else "/XObject<</X 10 0 R>>"
    return pdf(drawn, resources=resources, more=[form, font, stream(ranges)])


@pytest.mark.parametrize(("names", "drawn"), [(60, TEXT), (1, DRAWN * 60)])
def test_fonts_that_map_too_much_are_refused_before_they_are_read(
    names: int, drawn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobclf.limits.PDF_MAPPED", 100_000)
    error = refusal(mapped(names, drawn))
    assert error.reason == Reason.TOO_LARGE
    assert "letters in its fonts" in str(error)


def test_fonts_that_map_all_letters_to_themselves_are_read() -> None:
    content = mapped(60, TEXT, to="0000")
    glyphs = "".join(f"{ord(letter):04x}" for letter in LINES[0])
    shows = f"BT /F1 10 Tf 40 700 Td <{glyphs}> Tj ET"
    content = content.replace(stream(TEXT), stream(shows + " " * (len(TEXT) - len(shows))))
    assert LINES[0] in posting(content).text


def test_letters_that_are_mapped_one_by_one_are_no_ranges() -> None:
    pairs = "".join(f"<{at:02X}> <{at:04X}{at:04X}>\n" for at in range(33, 127))
    mapping = f"begincmap\n94 beginbfchar\n{pairs}endbfchar\nendcmap"
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 11 0 R>>"
    fonts = "/Font<<" + "".join(f"/F{at} 10 0 R" for at in range(1, 40)) + ">>"
    content = pdf(shown(["oven"]) * 20, resources=fonts, more=[font, stream(mapping)])
    assert "oovveenn" in posting(content).text


def test_what_is_to_be_read_is_read_for_what_is_shown() -> None:
    page = (
        "BT /F1 10 Tf 40 700 Td (e) Tj /Span<</ActualText<FEFF006600660069>>>BDC (x) Tj (y) Tj EMC "
        "16 0 Td (cient) Tj -16 -14 Td /Span/P1 BDC (-) Tj EMC ( bread) Tj "
        "/Artifact BMC ( too) Tj EMC ET"
    )
    properties = "/Font<</F1 4 0 R>>/Properties<</P1<</ActualText(with)>>>>"
    lines = posting(pdf(page, resources=properties)).text.split("\n")
    assert lines[:2] == ["efficient", "with bread too"]


def test_words_that_are_each_set_on_their_own_are_a_line() -> None:
    words = [(40, "Senior"), (74, "Baker"), (106, "Manager")]
    page = "1 0 0 -1 0 800 cm " + "".join(
        f"BT /F1 10 Tf 1 0 0 -1 {x} .5 Tm 0 -14.5 Td ({word}) Tj ET " for x, word in words
    )
    assert posting(pdf(page + "BT /F1 10 Tf 1 0 0 -1 40 30 Tm 0 -14.5 Td (next) Tj ET")).text.split(
        "\n"
    )[:2] == ["Senior Baker Manager", "next"]


def test_words_in_a_font_without_a_space_are_apart() -> None:
    pairs = "".join(f"<{ord(each):04X}> <{ord(each):04X}>\n" for each in "BakerSnio")
    mapping = f"begincmap\n9 beginbfchar\n{pairs}endbfchar\nendcmap"
    font = (
        "<</Type/Font/Subtype/Type0/Encoding/Identity-H/ToUnicode 11 0 R/DescendantFonts"
        "[<</Type/Font/Subtype/CIDFontType2/DW 500/W[32[1400]]>>]>>"
    )
    words = [(40, 30, "Senior"), (72, 30, "Baker"), (40, 60, "Baker")]
    page = "1 0 0 -1 0 800 cm " + "".join(
        f"BT /F1 10 Tf 1 0 0 -1 {x} {y} Tm 0 -9 Td "
        f"<{''.join(f'{ord(each):04X}' for each in word)}> Tj ET "
        for x, y, word in words
    )
    content = pdf(page, resources="/Font<</F1 10 0 R>>", more=[font, stream(mapping)])
    assert posting(content).text.split("\n")[:2] == ["Senior Baker", "Baker"]


def test_letters_that_a_font_does_not_name_are_no_text() -> None:
    font = "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[]>>"
    glyphs = "".join(f"{ord(letter) - 29:04x}" for letter in " ".join(LINES))
    content = pdf(
        f"BT /F1 10 Tf 40 700 Td <{glyphs}> Tj ET", resources="/Font<</F1 10 0 R>>", more=[font]
    )
    assert "which letters its fonts show; run it through OCR" in str(refusal(content))


@pytest.mark.parametrize(
    ("text", "unreadable"),
    [
        ("", False),
        ("\uf0b7 bake bread for our shops\n\uf0b7 sell it to those who come\n", False),
        ("(cid:12)(cid:7) bread", True),
        ("/g12/g43/g5/g1", True),
        ("\x03\x04\x05 bake", True),
        ("Zürich – 面包师", False),
        ("with A/B tests, CI/CD, and vitamin/C1 in our bread", False),
    ],
)
def test_unreadable_letters_are_told_from_rare_ones(text: str, unreadable: bool) -> None:  # noqa: FBT001
    assert is_unreadable(text) is unreadable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("experi-\nence with", "experience\nwith"),
        ("experi\xad\nence", "experience\n"),
        ("experi\u2010\n ence", "experience\n"),
        ("data-\ndriven", "data-driven\n"),
        ("bread-\nbased", "bread-based\n"),
        ("oven-\nsafe, an oven-safe bowl", "oven-safe\n, an oven-safe bowl"),
        ("over-\nnight work, overnight", "overnight\nwork, overnight"),
        ("night-\nbaker", "night-baker\n"),
        ("manage-\nment and kneadi-\nsch", "management\nand kneadisch\n"),
        ("manage-\nment of bread-\nsticks, bread", "management\nof bread-sticks\n, bread"),
        ("bread -\nthe best", "bread -\nthe best"),
        ("A-\nB tests", "A-\nB tests"),
        ("Baden-\nBaden", "Baden-\nBaden"),
        ("2024-\nnow", "2024-\nnow"),
    ],
)
def test_words_that_were_broken_are_whole(text: str, expected: str) -> None:
    assert joined(text) == expected


@pytest.mark.parametrize(
    ("info", "lines", "title"),
    [
        ("/Title(Head Baker Manager)", LINES, "Head Baker Manager"),
        ("/Title(Microsoft Word - Baker_Assistant.docx)", LINES, "Baker Assistant"),
        ("/Title(Untitled)", LINES, None),
        ("/Title(Retail Manager)", ["Data Scientist", *LINES], None),
        (
            "/Title(Bread for all - Chief Baker)/Producer(Skia/PDF m1)",
            LINES,
            "Chief Baker",
        ),
        ("/Title(Careers)/Producer(Skia/PDF m1)", LINES, None),
        ("/Title 12", LINES, None),
    ],
)
def test_a_property_is_the_title_where_it_names_a_job(
    info: str, lines: list[str], title: str | None
) -> None:
    assert posting(pdf(shown(lines), info=info)).title == title


def test_the_line_that_a_browser_prints_above_a_page_names_its_title() -> None:
    above = "10/18/26, 3:33 PM Senior Baker Manager - Ovens - Leeds at Bread for All"
    assert posting(pdf(shown([above, *LINES]))).title == "Senior Baker Manager"


def test_pages_come_in_order_and_packed() -> None:
    page = zlib.compress(TEXT.encode())
    content = pdf(TEXT, shown(["The second page."]), shown(["The third page."]))
    text = posting(content).text
    assert text.index(LINES[0]) < text.index("second") < text.index("third")
    packed = pdf(TEXT).replace(stream(TEXT), stream(page, "/Filter/FlateDecode"))
    assert posting(packed).text.strip().split("\n") == LINES
