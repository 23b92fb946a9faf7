"""Bytes become text by one rule, whatever they are in and however damaged."""

import codecs

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jobclf.documents.encodings import decode, repaired, stream_encoding
from tests.factories import LETTERS

TEXT = "Café “Zürich” – models €, and enough plain English beside them.\n"

READABLE = {
    "utf-8": (TEXT.encode(), "utf-8"),
    "utf-8 with a mark": (TEXT.encode("utf-8-sig"), "utf-8-sig"),
    "utf-16 little": (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16"),
    "utf-16 big": (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
    "utf-16 little, no mark": (TEXT.encode("utf-16-le"), "utf-16-le"),
    "utf-16 big, no mark": (TEXT.encode("utf-16-be"), "utf-16-be"),
    "utf-32": (TEXT.encode("utf-32"), "utf-32"),
    "utf-32 big, no mark": (TEXT.encode("utf-32-be"), "utf-32-be"),
    "windows-1252": (TEXT.encode("cp1252"), "cp1252"),
}


@pytest.mark.parametrize(("content", "encoding"), READABLE.values(), ids=READABLE.keys())
def test_an_encoding_is_read(content: bytes, encoding: str) -> None:
    assert decode(content) == (TEXT, encoding, 0)


@given(st.text(LETTERS), st.sampled_from(("utf-8-sig", "utf-16", "utf-32")))
def test_a_marked_text_comes_back(text: str, encoding: str) -> None:
    assume(not text.startswith("\0"))  # with it a mark of UTF-16 is one of UTF-32
    assert decode(text.encode(encoding)).text == text


DAMAGED = {
    "one bad byte in utf-8": (b"caf\xc3\xa9 and na\xefve", "café and naïve", 1),
    "a byte that nobody has": (b"caf\xc3\xa9 \x8d end", "café \ufffd end", 1),
    "a byte that nobody has, else ASCII": (b"models \x8d end", "models \ufffd end", 1),
    "cut at the end": ("models in Zürich — é".encode()[:-1], "models in Zürich — ", 0),
    "cut within three bytes": ("models in Łódź —".encode()[:-1], "models in Łódź ", 0),
    "cut, the only letter beyond ASCII": ("models —".encode()[:-1], "models ", 0),
    "begun within a letter": ("— café".encode()[1:], " café", 0),
    "windows-1252 with its last letter": (b"a na\xefve caf\xe9", "a naïve café", 0),
    "a windows-1252 letter alone at the end": (b"in a caf\xe9", "in a café", 0),
    "utf-16 cut within a letter": (TEXT.encode("utf-16")[:-1], TEXT[:-1], 0),
    "utf-16 with half a pair": (codecs.BOM_UTF16_LE + b"a\0\0\xd8b\0", "a\ufffdb", 1),
    "utf-16 that ends in half a pair": (codecs.BOM_UTF16_LE + b"a\0\0\xd8", "a", 0),
}


@pytest.mark.parametrize(("content", "text", "replaced"), DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_text_is_read_and_its_damage_counted(
    content: bytes, text: str, replaced: int
) -> None:
    found = decode(content)
    assert (found.text, found.replaced) == (text, replaced)


DECLARED = {
    "a page": ('<html><meta charset="windows-1251"><p>Ж', "cp1251"),
    "a page, the long way": (
        '<meta http-equiv=Content-Type content="text/html; charset=shift_jis">日本',
        "shift_jis",
    ),
    "xml": ('<?xml version="1.0" encoding="iso-8859-2"?><a>ł', "iso8859-2"),
    "latin-1 is what browsers take it for": ("<meta charset=iso-8859-1>“€”", "cp1252"),
}


@pytest.mark.parametrize(("text", "encoding"), DECLARED.values(), ids=DECLARED.keys())
def test_a_text_says_what_it_is_in(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding, 0)


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        pytest.param("ж".encode("koi8-r"), "KOI8-R", "ж", id="named"),
        pytest.param("日本".encode("iso-2022-jp"), "iso-2022-jp", "日本", id="seven-bits"),
        pytest.param("é".encode(), "iso-8859-1", "é", id="utf-8-whatever-is-said"),
        pytest.param(b"caf\xe9 ", "utf-8", "café ", id="not-what-is-said"),
        pytest.param(b"caf\xe9 ", "punycode", "café ", id="none-that-mails-are-in"),
        pytest.param(b"caf\xe9 ", "\0idna", "café ", id="none-at-all"),
        pytest.param(b"+AOk- ", "utf-7", "é ", id="utf-7"),
        pytest.param(b"<meta charset=utf-16>plain", None, "<meta charset=utf-16>plain", id="a-lie"),
    ],
)
def test_a_header_is_believed_where_it_can_be(
    content: bytes, charset: str | None, text: str
) -> None:
    assert decode(content, charset).text == text


@given(st.binary(max_size=300), st.sampled_from((None, "utf-7", "gbk", "iso-2022-jp", "utf-8")))
def test_any_bytes_are_text_that_can_be_written(content: bytes, charset: str | None) -> None:
    decode(content, charset).text.encode()


@given(st.lists(st.sampled_from([b"a", b"\xc3\xa9", b"\xe9 ", b"\x8d ", b"\x92t"])))
def test_a_stream_gives_the_same_text(pieces: list[bytes]) -> None:
    content = b"models \xc3\xa9 " + b"".join(pieces)
    assert stream_encoding(content) == "utf-8-sig"
    assert repaired(content.decode("utf-8-sig", "surrogateescape")) == decode(content).text
