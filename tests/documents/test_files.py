"""Bytes become text, or a `PostingError` says what they are."""

import codecs
import io
import sys
from pathlib import Path

import pytest

import jobclf
from jobclf import limits
from jobclf.documents import files
from jobclf.documents.files import decode, read
from jobclf.errors import PostingError, Reason
from jobclf.roles import Role
from tests.conftest import Run
from tests.factories import posting

TEXT = "Café “Zürich” – models €\n"

READABLE = {
    "utf-8": TEXT.encode(),
    "utf-8 with a mark": TEXT.encode("utf-8-sig"),
    "utf-16 little": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16 big": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "utf-16 little, no mark": TEXT.encode("utf-16-le"),
    "utf-16 big, no mark": TEXT.encode("utf-16-be"),
    "windows-1252": TEXT.encode("cp1252"),
}


@pytest.mark.parametrize("content", READABLE.values(), ids=READABLE.keys())
def test_an_encoding_is_read(content: bytes) -> None:
    assert decode(content).text == TEXT


BINARY = bytes(range(256)) * 4
REFUSED = {
    "empty": (b"", "is empty"),
    "blank": (b" \r\n\t", "is empty"),
    "a mark alone": (codecs.BOM_UTF8, "is empty"),
    "a utf-16 mark alone": (codecs.BOM_UTF16_LE, "is empty"),
    "all bytes": (BINARY, "binary data"),
    "zeros": (bytes(500), "binary data"),
    "zip": (b"PK\x03\x04" + bytes(range(1, 30)) * 9, "binary data"),
    "control characters": (b"\x01\x02\x03 models", "binary data"),
    "broken utf-16": (codecs.BOM_UTF16_LE + b"\x00\xd8", "is empty"),
}


@pytest.mark.parametrize(("content", "fact"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_text_is_refused(content: bytes, fact: str) -> None:
    with pytest.raises(PostingError, match=fact) as refused:
        decode(content)
    assert "\n" not in str(refused.value)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "posting.txt"
    path.write_text(TEXT, encoding="utf-8", newline="")
    assert [found.text for found in read(path)] == [TEXT]


def test_bad_bytes_are_counted_and_said(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "posting.txt"
    path.write_bytes(posting(Role.ML_ENGINEER, 1).encode() + "Größe".encode() + b"\xff \x8d\n")
    (found,) = read(path)
    assert found.notes == ("2 bytes are of no letter in its encoding, and were replaced",)
    assert f"jobclf: {path}: {found.notes[0]}" in run("predict", path).err


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PostingError, match=r"none\.txt: it does not exist; check the path"):
        read(tmp_path / "none.txt")


def test_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(PostingError, match="is a folder"):
        read(tmp_path)


@pytest.mark.parametrize("name", ["a\0b.txt", f"{'long' * 200}.txt"], ids=["zero byte", "long"])
def test_an_impossible_name_is_refused(name: str) -> None:
    with pytest.raises(PostingError, match=r"cannot be read|does not exist"):
        read(Path(name))


def test_a_file_that_no_posting_could_be_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FILE", 2**20)
    path = tmp_path / "large.txt"
    path.write_bytes(b"word " * 2**18)
    with pytest.raises(PostingError, match="over 1 MB"):
        read(path)


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert [found.text for found in read(Path("-"))] == [TEXT]


def test_standard_input_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(PostingError, match=r"^standard input: it is empty"):
        read(Path("-"))


def test_closed_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(PostingError, match=r"^standard input: it is closed"):
        read(Path("-"))


@pytest.mark.parametrize(
    ("address", "fact"),
    [
        ("https://example.org/jobs/1.html", "web address; save the page and give the file"),
        ("HTTP://example.org/?jobs=*", "web address; save the page and give the file"),
        ("s3://bucket/a.txt", "is an address and no table; copy the file"),
    ],
)
def test_an_address_is_refused_by_its_whole_name(address: str, fact: str) -> None:
    with pytest.raises(PostingError, match=fact) as caught:
        jobclf.predict_file(address)
    assert str(caught.value).startswith(address)
    (error,) = jobclf.read_postings([address])
    assert str(error).startswith(address)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ending", "content"),
    [(".txt", TEXT.encode("utf-16")), (".html", f"<h1>Baker</h1><p>{TEXT * 9}".encode())],
)
def test_a_large_file_is_read_alike_in_a_process_of_its_own(
    monkeypatch: pytest.MonkeyPatch, ending: str, content: bytes
) -> None:
    here = files.parsed(content, ending, "a")
    monkeypatch.setattr(limits, "ORDINARY_FILE", 10)
    assert files.parsed(content, ending, "a") == here


def test_what_ends_the_process_that_reads_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ORDINARY_FILE", 10)
    monkeypatch.setattr(limits, "PARSER_MEMORY", 100 << 20)
    with pytest.raises(PostingError, match=r"^a: it (?:is damaged|is not read)") as caught:
        files.parsed(b"<html>" + b"<p>word" * 2**17, ".html", "a")
    assert caught.value.reason == Reason.STOPPED


SEVERAL = {
    "Machine Learning Engineer": "You will build pipelines and deploy models to production, "
    "monitor them with Prometheus, and maintain services in Docker and Kubernetes.\n",
    "Data Scientist": "You will analyse customer data, design experiments, and communicate what "
    "you find with statistics and regression to those who decide.\n",
}


@pytest.mark.parametrize(("ending", "mark"), [("md", "## "), ("txt", "Position: ")])
def test_whole_postings_under_their_titles_are_judged_one_by_one(
    tmp_path: Path, ending: str, mark: str
) -> None:
    path = tmp_path / f"jobs.{ending}"
    path.write_text("".join(f"{mark}{title}\n{line * 4}\n" for title, line in SEVERAL.items()))
    found = read(path)
    assert [(each.path, each.title) for each in found] == [
        (f"{path}#{number}", title) for number, title in enumerate(SEVERAL, 1)
    ]
    assert [jobclf.predict(each.text).answer for each in found] == ["ml_engineer", "data_scientist"]


def test_excerpts_of_several_postings_are_refused_as_a_list() -> None:
    text = "".join(f"## {title}\n{line}" for title, line in SEVERAL.items())
    with pytest.raises(PostingError, match="2 postings") as refused:
        jobclf.predict(text)
    assert refused.value.reason is Reason.LIST


def test_a_subject_that_names_no_job_hides_no_title_of_the_text() -> None:
    mail = (Path(__file__).parents[1] / "cases" / "subject_says_nothing.eml").read_bytes()
    assert files.parsed(mail, ".eml", "a.eml")[0].title is None


@pytest.mark.parametrize("kind", ["message/rfc822", "application/octet-stream"])
def test_messages_in_messages_end(kind: str) -> None:
    message = b"Subject: Baker\n\nhello"
    for depth in range(30):
        head = f"Content-Type: multipart/mixed; boundary={depth}\n\n--{depth}\n"
        head += f"Content-Type: {kind}\nContent-Disposition: attachment; filename=a.eml\n\n"
        message = head.encode() + message + f"\n--{depth}--\n".encode()
    with pytest.raises(PostingError, match="no text"):
        files.parsed(message, ".eml", "a.eml")
