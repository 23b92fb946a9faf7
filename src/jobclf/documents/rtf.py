r"""RTF: the text that is shown, in one walk over the control words.

No library that is kept reads text boxes, footnotes and the title, or ends soon on hostile input.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from jobclf.documents.page_title import title_beside
from jobclf.documents.posting import Posting, row_lines
from jobclf.errors import PostingError, Reason

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+"
    rb"|([^\\{}\r\n]+)"
)
# Groups that show nothing; a group that begins with `\*` and is not known shows nothing either.
_UNSHOWN = frozenset({
    "annotation", "atnauthor", "atnid", "atrfend", "atrfstart", "author", "bkmkend", "bkmkstart",
    "buptim", "category", "colortbl", "comment", "company", "creatim", "datafield", "do", "doccomm",
    "filetbl", "fldinst", "fonttbl", "footer", "footerf", "footerl", "footerr", "ftncn", "ftnsep",
    "ftnsepc", "aftncn", "aftnsep", "aftnsepc", "generator", "header", "headerf", "headerl",
    "headerr", "info", "keywords", "listtable", "listoverridetable", "manager", "nonesttables",
    "nonshppict", "object", "operator", "pict", "pntxta", "pntxtb", "private", "printim", "revtim",
    "revtbl", "rsidtbl", "rxe", "shppict", "shprslt", "sp", "stylesheet", "subject", "tc",
    "themedata", "txe", "upr", "userprops", "xe",
})  # fmt: skip
_SHOWN = frozenset({"result", "shptxt", "dptxbxtext", "ud", "fldrslt"})  # in groups of another kind
_LETTERS = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "column": "\n", "tab": " ",
    "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip
_MARKS = {
    b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n", b"\t": " ",
}  # fmt: skip
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250",
}  # fmt: skip
_SYMBOLS = "symbols"  # of fonts whose letters are bullets
_SYMBOL_CHARSET = 2
_PAGES = frozenset({437, 850, 852, 866, 874, 932, 936, 949, 950, *range(1250, 1259)})


class _State(NamedTuple):
    """What a group hands down to the groups in it."""

    sink: "list[str] | None"  # where its text goes; None for what is not shown
    codec: str = "cp1252"
    skipped: int = 1  # bytes that stand for a letter in old readers
    hidden: bool = False
    in_fonts: bool = False


@dataclass(slots=True)
class _Reader:
    """The text of a document, its notes and its title, piece by piece."""

    text: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    state: _State = field(default_factory=lambda: _State(None))
    _groups: list[_State] = field(default_factory=list)
    _fonts: dict[int, str] = field(default_factory=dict)
    _font: int = 0
    _page: str = "cp1252"
    _bytes: bytearray = field(default_factory=bytearray)
    _skip: int = 0
    _starred: bool = False
    _cells: list[int] = field(default_factory=list)  # where the cells of the row at hand begin

    def read(self, content: bytes) -> None:
        """Walk over the whole document."""
        self.state = _State(self.text)
        at, end = 0, len(content)
        while at < end:
            match = _TOKEN.match(content, at)
            if match is None:  # a backslash at the very end
                break
            at = match.end()
            word, number, pair, mark, brace, plain = match.groups()
            if plain is not None or pair is not None:
                self._add(plain if pair is None else bytes((int(pair, 16),)))
            elif word is not None:
                count = None if number is None else int(number)
                if word == b"bin":
                    at += max(0, count or 0)
                else:
                    self._word(word.decode("ascii"), count)
            elif brace is not None:
                self._brace(opens=brace == b"{")
                if not self._groups:  # what stands after the end is no part of the document
                    break
            elif mark == b"*":
                self._starred = True
            elif mark is not None:
                self._show(_MARKS.get(mark, ""))
        self._flush()

    def _add(self, content: bytes) -> None:
        skipped = min(self._skip, len(content))
        self._skip -= skipped
        if not self.state.hidden and self.state.sink is not None:
            self._bytes += content[skipped:]

    def _flush(self) -> None:
        if self._bytes and self.state.sink is not None:
            codec = self.state.codec
            if codec == _SYMBOLS:
                shown = "".join("•" if each > 0x7F else chr(each) for each in self._bytes)  # noqa: PLR2004
            else:
                shown = self._bytes.decode(codec, "replace")
            self.state.sink.append(shown)
        self._bytes.clear()

    def _show(self, letters: str) -> None:
        self._flush()
        self._skip = 0
        if not self.state.hidden and self.state.sink is not None:
            self.state.sink.append(letters)

    def _brace(self, *, opens: bool) -> None:
        self._flush()
        self._skip, self._starred = 0, False
        if opens:
            self._groups.append(self.state)
        elif self._groups:
            self.state = self._groups.pop()

    def _word(self, word: str, number: int | None) -> None:
        self._flush()
        self._skip = 0
        starred, self._starred = self._starred, False
        if self.state.in_fonts:
            self._declare(word, number)
        elif word in _LETTERS:
            self._show(_LETTERS[word])
        elif word == "u" and number is not None:
            self._show(chr(number % 0x10000))
            self._skip = self.state.skipped
        elif not self._destination(word, starred=starred):
            self._property(word, number)

    def _destination(self, word: str, *, starred: bool) -> bool:
        """Turn to where the text of a group goes; tell whether the word is of that kind."""
        if word in _SHOWN:
            self.state = self.state._replace(sink=self.text)
        elif word == "footnote":
            self.notes.append("\n")
            self.state = self.state._replace(sink=self.notes)
        elif word == "title" and self._groups:
            self.state = self.state._replace(sink=self.title)
        elif word in _UNSHOWN or starred:
            self.state = self.state._replace(sink=None, in_fonts=word == "fonttbl")
        else:
            return False
        return True

    def _property(self, word: str, number: int | None) -> None:
        if word in {"v", "deleted"}:
            self.state = self.state._replace(hidden=number != 0)
        elif word == "plain":
            self.state = self.state._replace(hidden=False)
        elif word == "f":
            self.state = self.state._replace(codec=self._fonts.get(number or 0, self._page))
        elif word == "uc":
            self.state = self.state._replace(skipped=max(0, number or 0))
        elif word == "ansicpg" and number in _PAGES:
            self._page = f"cp{number}"
            self.state = self.state._replace(codec=self._page)
        elif word == "mac":
            self._page = "mac_roman"
            self.state = self.state._replace(codec=self._page)
        elif self.state.sink is self.text:
            self._table(word)

    def _declare(self, word: str, number: int | None) -> None:
        """Note the code page of a font."""
        if word == "f":
            self._font = number or 0
        elif word == "fcharset" and number is not None:
            known = _SYMBOLS if number == _SYMBOL_CHARSET else _CHARSETS.get(number)
            if known is not None:
                self._fonts[self._font] = known

    def _table(self, word: str) -> None:
        """Put the cells of a row into lines once it ends."""
        if word == "trowd" and not self._cells:
            self._cells = [len(self.text)]
        elif word in {"cell", "nestcell"}:
            self.text.append("\n")
            self._cells.append(len(self.text))
        elif word in {"row", "nestrow"} and self._cells:
            starts = self._cells if len(self._cells) > 1 else [*self._cells, len(self.text)]
            cells = ["".join(self.text[a:b]) for a, b in pairwise(starts)]
            del self.text[starts[0] :]
            self.text.append(row_lines(cells))
            self._cells = []


def read(content: bytes) -> Posting:
    """Read a document in RTF: what is shown, its footnotes at the end.

    Raises
    ------
    PostingError
        For one without text.
    """
    reader = _Reader()
    reader.read(content)
    text = _whole([*reader.text, *reader.notes]).strip("\n")
    if not text.strip():
        raise PostingError("the RTF has no text", "save the posting as text", reason=Reason.NO_TEXT)
    return Posting(text, title_beside(_whole(reader.title), text))


def _whole(pieces: list[str]) -> str:
    """Join pieces, and the halves of letters that were written as two numbers."""
    return "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
