r"""The one decoder of bytes: files, cells, JSON, mail and labels are all decoded here.

A text is UTF-8 (with or without a byte-order mark), UTF-16 or UTF-32, what it says of itself, or
Windows-1252. One bad byte is never a reason to refuse it.
"""

import codecs
import re
from dataclasses import dataclass
from typing import NamedTuple

from jobclf.text.patterns import pattern

_START = 4096  # bytes looked at for what a text says of itself
_MOST_BAD = 1 << 18  # bytes that are decoded run by run
_MARKS = (  # the longer first, for the shorter begin them
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZEROS = (  # by which of four bytes are zero in most letters of English
    ((False, True, False, True), "utf-16-le"),
    ((True, False, True, False), "utf-16-be"),
    ((False, True, True, True), "utf-32-le"),
    ((True, True, True, False), "utf-32-be"),
)
_DECLARED = pattern(
    rb"""<meta\b[^>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})"""
    rb"""|<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)
# The charsets that mails and pages are in; Python knows others, some of which take their time.
_CHARSETS = pattern(
    r"utf-?[78]|(?:iso-?)?(?:8859|latin)[-_]?\d{1,2}|(?:us-?)?ascii"
    r"|(?:windows|cp)-?(?:125\d|932|949|936|950|874|437|850)|koi8-?[rut]|mac-?(?:roman|intosh)"
    r"|(?:shift|s)[-_]?jis|euc[-_]?(?:jp|kr|cn)|iso-2022-(?:jp|kr)|gb(?:2312|k|18030)"
    r"|big5(?:hkscs)?|ks_c_5601-1987",
    re.IGNORECASE,
)
_SEVEN_BITS = ("utf-7", "iso2022")  # codecs of texts whose bytes are all ASCII
_SHIFT = b"\x1b$"  # what they begin other letters with
_WINDOWS = frozenset({"ascii", "iso8859-1"})  # what browsers read as Windows-1252
_HIGH = bytes(range(0x80, 0x100))
_BAD = pattern("[\udc80-\udcff]+")
_CUT_START = pattern("[\udc80-\udcbf]{1,3}")
_CUT_END = pattern(
    "(?:[\udcc2-\udcf4]|[\udce0-\udcf4][\udc80-\udcbf]|[\udcf0-\udcf4][\udc80-\udcbf]{2})\\Z"
)


class Decoded(NamedTuple):
    """A text, the encoding it was in, and how many bytes of it were none of that encoding."""

    text: str
    encoding: str
    replaced: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What was mended, for people; nothing where all was right."""
        return said(self.replaced)


def said(replaced: int) -> tuple[str, ...]:
    """Say how many bytes were none of the encoding of a text.

    >>> said(1), said(0)
    (('1 byte is of no letter in its encoding, and was replaced',), ())
    """
    if not replaced:
        return ()
    are, were = ("byte is", "was") if replaced == 1 else ("bytes are", "were")
    return (f"{replaced:,} {are} of no letter in its encoding, and {were} replaced",)


def decode(content: bytes, charset: str | None = None) -> Decoded:
    r"""Decode bytes, whatever they are; `charset` is what a header says that they are in.

    Bytes that are no UTF-8, in a text that is, are read as Windows-1252, or become U+FFFD where
    that has no letter for them. A letter cut in two by the start or the end is left out.

    >>> decode("Zürich".encode("utf-16"))
    Decoded(text='Zürich', encoding='utf-16', replaced=0)
    >>> decode(b"caf\xc3\xa9, na\xefve, \x8d")
    Decoded(text='café, naïve, �', encoding='utf-8', replaced=2)
    """
    codec = stream_encoding(content[:_START])
    if codec != "utf-8-sig":
        width = 4 if codec.startswith("utf-32") else 2
        return _replaced(content[: len(content) // width * width], codec)
    marked = content.startswith(codecs.BOM_UTF8)
    if (charset is not None or _SHIFT in content) and content.isascii():
        known = _declared(content, charset)
        if known is not None and known.startswith(_SEVEN_BITS):
            return _replaced(content, known)
    try:
        if marked:  # Python has to load the codec that passes over a mark
            return Decoded(content.decode(codec), codec)
        return Decoded(content.decode(), "utf-8")
    except UnicodeDecodeError:
        known = None if marked else _declared(content, charset)
    if known is not None and known != "utf-8":
        return _replaced(content, known)
    return _mixed(content.removeprefix(codecs.BOM_UTF8), codec if marked else "utf-8")


@dataclass(slots=True)
class Seen:
    """What the bytes of a stream turn out to be while it is read.

    Parameters
    ----------
    codec : str
        What it begins as, `utf-8` without a mark where nothing says more.
    bad : int
        Bytes that are of no letter in it.
    beyond : bool
        Whether it has letters beyond ASCII.
    """

    codec: str = "utf-8"
    bad: int = 0
    beyond: bool = False

    @property
    def encoding(self) -> str:
        """What it is in, as far as it was read."""
        return "cp1252" if self.codec == "utf-8" and self.bad and not self.beyond else self.codec

    @property
    def replaced(self) -> int:
        """How many bytes were of no letter."""
        return self.bad if self.encoding == self.codec else 0

    def repair(self, text: str) -> bytes:
        """Return what was decoded by `stream_encoding` as UTF-8, and count what was mended."""
        try:
            content = text.encode()
        except UnicodeEncodeError:
            rest = _BAD.sub("", text)
            self.bad += len(text) - len(rest)
            self.beyond = self.beyond or not rest.isascii()
            return repaired(text).encode("utf-8", "replace")
        self.beyond = self.beyond or not text.isascii()
        return content


def stream_encoding(start: bytes) -> str:
    """Return the codec for a stream that begins with these bytes, `utf-8-sig` if nothing is plain.

    Decode UTF-8 with the errors `surrogateescape` and give what is read to `repaired`, others with
    `replace`.
    """
    for mark, codec in _MARKS:
        if start.startswith(mark):
            return codec
    sample = start[: min(len(start), 400) // 4 * 4]
    if sample.count(0) > len(sample) // 4:
        most = tuple(2 * sample[at::4].count(0) > len(sample) // 4 for at in range(4))
        return next((codec for zeros, codec in _ZEROS if zeros == most), "utf-8-sig")
    return "utf-8-sig"


def repaired(text: str) -> str:
    r"""Return a text with the bytes that its decoder let pass as surrogates read as Windows-1252.

    >>> repaired(b"na\xefve".decode("utf-8", "surrogateescape"))
    'naïve'
    """
    if text.isascii():
        return text
    codec = _western_codec(text)

    def western(bad: re.Match[str]) -> str:
        return bad.group().encode("utf-8", "surrogateescape").decode(codec, "replace")

    return _BAD.sub(western, text)


def _western_codec(text: str | bytes) -> str:
    """Return the codec of a text that is no UTF-8: only old Macs ended lines with returns alone."""
    end, new = ("\r", "\n") if isinstance(text, str) else (b"\r", b"\n")
    return "mac_roman" if end in text and new not in text else "cp1252"  # type: ignore[operator]


def _declared(content: bytes, charset: str | None) -> str | None:
    """Return the codec that a header or the text itself names, None for none that is known."""
    names = [] if charset is None else [charset]
    if b"<" in content[:_START]:
        found = _DECLARED.search(content, 0, _START)
        names += [] if found is None else [(found.group(1) or found.group(2)).decode("ascii")]
    for name in names:
        if _CHARSETS.fullmatch(name.strip()):
            try:
                codec = codecs.lookup(name.strip()).name
            except LookupError:
                continue
            return "cp1252" if codec in _WINDOWS else codec
    return None


def _replaced(content: bytes, codec: str) -> Decoded:
    try:
        return Decoded(content.decode(codec), codec)
    except UnicodeDecodeError as error:
        if error.end == len(content) and error.reason in {
            "unexpected end of data",
            "incomplete multibyte sequence",
        }:
            return Decoded(content[: error.start].decode(codec, "replace"), codec)
    text = content.decode(codec, "replace")
    return Decoded(text, codec, text.count("\ufffd"))


def _mixed(content: bytes, codec: str) -> Decoded:
    """Decode what is not quite UTF-8: Windows-1252, or UTF-8 with some of it in between."""
    text = content.decode("utf-8", "surrogateescape")
    bad = len(content) - len(text.encode("utf-8", "ignore"))
    letters = len(text) - bad - len(content.translate(None, _HIGH))  # that are UTF-8 beyond ASCII
    cut = _CUT_END.search(text)
    if letters == 0 and not (cut and bad == cut.end() - cut.start() > 1):
        return _replaced(content, _western_codec(content))
    if bad > max(_MOST_BAD, letters):
        return _replaced(content, "cp1252")
    if bad > _MOST_BAD:
        return Decoded(content.decode("utf-8", "replace"), codec, bad)
    begun = _CUT_START.match(text)
    text = text[begun.end() if begun else 0 : cut.start() if cut else None]
    bad -= (begun.end() if begun else 0) + (cut.end() - cut.start() if cut else 0)
    return Decoded(repaired(text), codec, bad)
