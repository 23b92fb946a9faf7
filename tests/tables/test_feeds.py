"""Feeds: a posting an item, whatever the items are called; entities and addresses stay unread."""

import gc
import io
from typing import Any

import pytest

from jobclf import limits
from jobclf.errors import DatasetError, Reason
from jobclf.tables import feeds

TWO = [
    {"title": "Engineer", "description": "<p>You deploy models.</p>"},
    {"title": "Analyst", "description": "<p>You test hypotheses.</p>"},
]


def rows_of(content: str | bytes) -> list[dict[str, Any]]:
    held = content.encode() if isinstance(content, str) else content
    return [values for values, _ in feeds.read(io.BytesIO(held), "a.xml")[1]]


def items(name: str, around: str = "", after: str = "") -> str:
    contained = "".join(
        f"<{name}><title>{each['title']}</title><description><![CDATA[{each['description']}]]>"
        f"</description></{name}>"
        for each in TWO
    )
    return f"<?xml version='1.0'?>{around}{contained}{after}"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            items("item", "<rss><channel><title>Jobs</title><link>x</link>", "</channel></rss>"),
            id="RSS",
        ),
        pytest.param(items("job", "<source><publisher>B</publisher>", "</source>"), id="source"),
        pytest.param(items("JOB", "<jobs total='2'>", "</jobs>"), id="capitals"),
        pytest.param(items("job_posting", "<a><b>", "</b></a>"), id="joined by _"),
        pytest.param(items("jp:vacancy", "<x xmlns:jp='urn:y'>", "</x>"), id="a namespace"),
        pytest.param(items("rolle", "<seite><kopf>x</kopf>", "</seite>"), id="an unknown name"),
        pytest.param(items("item", "<rss><channel>"), id="cut off"),
    ],
)
def test_each_item_is_a_row(content: str) -> None:
    assert rows_of(content) == TWO
    assert feeds.is_feed(content.encode())


def test_atom_is_read() -> None:
    content = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Jobs</title><entry><title>Engineer</title>"
        "<link href='https://a.example/1'/><author><name>Ann</name></author>"
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>You <b>deploy</b></p>"
        "</div></content></entry></feed>"
    )
    (row,) = rows_of(content)
    assert row["link"] == "https://a.example/1"
    assert row["author.name"] == "Ann"
    assert "<p>You <b>deploy</b></p>" in row["content"]


def test_headed_parts_are_one_text() -> None:
    parts = "".join(
        f"<part><name>{name}</name><value><![CDATA[<p>{text}</p>]]></value></part>"
        for name, text in [("Tasks & duties".replace("&", "&amp;"), "Deploy."), ("You", "Python.")]
    )
    (row,) = rows_of(f"<positions><position><parts>{parts}</parts></position></positions>")
    assert row == {"parts": "Tasks &amp; duties\n<p>Deploy.</p>\nYou\n<p>Python.</p>"}


def test_what_is_within_and_what_is_repeated_is_kept() -> None:
    (row,) = rows_of(
        "<jobs><job id='7'><place><city>Rome</city></place><skill>SQL</skill><skill>R</skill>"
        "<skill>SQL</skill><text>Pay &lt; <br/> none<p>more</p></text><note/></job></jobs>"
    )
    assert row == {
        "id": "7",
        "place.city": "Rome",
        "skill": "SQL\nR",
        "text": "Pay &lt; <br> none<p>more</p>",
        "note": None,
    }


def test_words_around_what_is_no_xml_are_kept() -> None:
    (row,) = rows_of("<rss><item><a>R&D &amp; caf&eacute;&nbsp;bar</a><b>x \x0b y</b></item></rss>")
    assert row == {"a": "R&D & café\xa0bar", "b": "x  y"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings_are_read(encoding: str) -> None:
    content = (
        f"<?xml version='1.0' encoding='{encoding}'?><rss><item><t>café & bar</t></item></rss>"
    )
    assert rows_of(content.encode(encoding)) == [{"t": "café & bar"}]


def test_marked_text_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "_PIECE", 7)
    monkeypatch.setattr(limits, "FEED_START", 7)
    content = "<rss><item><t>a &lt; b & c</t><d><![CDATA[<p>R&D &amp; > x</p>]]></d></item></rss>"
    assert rows_of(content) == [{"t": "a < b & c", "d": "<p>R&D &amp; > x</p>"}]


BOMB = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {chr(98 + at)} '{f'&{chr(97 + at)};' * 10}'>" for at in range(9)
)


def test_entities_are_not_read() -> None:
    for doctype in (f"{BOMB}]>", "<!DOCTYPE a [<!ENTITY j SYSTEM 'file:///etc/passwd'>]>"):
        (row,) = rows_of(f"<?xml version='1.0'?>{doctype}<rss><item><t>x &j; y</t></item></rss>")
        assert row == {"t": "x &j; y"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param("<rss>" + "<a>" * 500 + "</a>" * 500, Reason.DAMAGED, id="deep"),
        pytest.param("<rss><channel><title>none</title></channel></rss>", Reason.NOT_POSTING,
                     id="no items"),
        pytest.param("no XML at all", Reason.NOT_POSTING, id="text"),
        pytest.param("<?xml version='1.0'?>", Reason.DAMAGED, id="nothing but the start"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_one_error(content: str, reason: Reason) -> None:
    with pytest.raises(DatasetError) as error:
        rows_of(content)
    assert error.value.reason is reason
    assert error.value.path == "a.xml"


@pytest.mark.slow
def test_memory_does_not_grow_with_the_feed() -> None:
    class Endless(io.RawIOBase):
        """An endless feed."""

        def read(self, size: int = -1) -> bytes:
            return (b"<item><t>" + b"word " * 200 + b"</t></item>") * (size // 1000)

    stream = io.BufferedReader(io.BytesIO(b"<rss>"))
    held = Endless()
    pieces = iter([stream.read()])

    class Joined(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return next(pieces, None) or held.read(size)

    _, rows = feeds.read(Joined(), "a.xml")  # type: ignore[arg-type]
    import tracemalloc

    peaks = []
    tracemalloc.start()
    try:
        for _ in range(3):  # what a run holds does not grow from one to the next
            gc.collect()
            tracemalloc.reset_peak()
            held_before = tracemalloc.get_traced_memory()[0]
            for _ in zip(range(2_000), rows, strict=False):
                pass
            peaks.append(tracemalloc.get_traced_memory()[1] - held_before)
    finally:
        tracemalloc.stop()
    assert peaks[-1] < peaks[0] + (4 << 20)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", False),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD'><html>", False),
        (b"<?xml version='1.0'?><!-- made by <html> --><jobs>", True),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<jobs>", True),
        ("\ufeff<?xml version='1.0'?><jobs>".encode("utf-16-le"), True),
        (b"<rss version='2.0'>", True),
        (b"<!doctype html><html>", False),
        (b"We look for <rss> people", False),
        (b"", False),
    ],
)
def test_feeds_are_told_from_pages(start: bytes, expected: bool) -> None:  # noqa: FBT001
    assert feeds.is_feed(start) is expected
