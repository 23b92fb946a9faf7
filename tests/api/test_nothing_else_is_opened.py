"""What an input says makes no reader open another file, reach the network or run a program."""

import json
import os
import signal
import socket
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import jobclf
from jobclf.api.postings import is_table
from jobclf.documents import files
from jobclf.errors import JobclfError
from jobclf.reports import page
from jobclf.training import labeled_data
from tests.factories import mixed_folder
from tests.torture.seeds import (
    CATALOG,
    FONT,
    FORM,
    PAGE,
    PAGES,
    SHOWN,
    paragraph,
    pdf,
    stream,
    word,
)

for library in ("docx", "pypdf", "pyarrow"):
    pytest.importorskip(library, reason=f"{library} is not installed")

POSTING = "We deploy models to production and monitor them for our users every day. " * 10
LIBRARIES = tuple(
    os.path.realpath(place)
    for place in [
        *sysconfig.get_paths().values(),
        sys.base_prefix,
        *(str(Path(jobclf.__file__).parents[up] / name) for up, name in ((0, ""), (2, "models"))),
        *("/proc", "/sys", "/etc/localtime", "/dev/null", "/usr/share/zoneinfo", "/usr/lib"),
    ]
)
WATCHED = ("open", "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "urllib.")


def inputs(trap: str, far: str) -> Iterator[tuple[str, bytes]]:
    """Yield files that name another file and a place in the network in every way there is."""
    for number, place in enumerate((f"file://{trap}", trap, f"{far}/a", f"//{far[5:]}/b")):
        entity = (
            f'<!DOCTYPE a SYSTEM "{place}" [<!ENTITY e SYSTEM "{place}">'
            f'<!ENTITY % p SYSTEM "{place}"> %p;]>'
        )
        job = {
            "@context": place,
            "@id": place,
            "@type": "JobPosting",
            "image": place,
            "url": place,
            "description": f'<p>{POSTING}<img src="{place}">',
            "sameAs": place,
        }
        yield (
            f"{number}.html",
            f'<?xml-stylesheet href="{place}"?>{entity}<html manifest="{place}"><head>'
            f'<base href="{place}">'
            f'<meta http-equiv="refresh" content="0;url={place}">'
            f'<link rel=stylesheet href="{place}">'
            f'<style>@import url({place})</style></head><img src="{place}">'
            f'<iframe src="{place}"></iframe>'
            f'<object data="{place}"></object><script src="{place}"></script>'
            f"&e;<p>{POSTING}".encode(),
        )
        yield (
            f"{number}.ld.html",
            f'<html><script type="application/ld+json">{json.dumps(job)}</script>'.encode(),
        )
        yield (
            f"{number}.md",
            f"---\ntitle: {place}\n---\n![a]({place}) <{place}> {POSTING}".encode(),
        )
        yield (
            f"{number}.eml",
            b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: "
            b'message/external-body; access-type=URL; URL="%b"\n\n--x\nContent-Type: text/html\n\n'
            b'<img src="%b">%b\n--x--' % (place.encode(), place.encode(), POSTING.encode()),
        )
        relationship = (
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"
        ).format
        more = "".join(
            f'<Relationship Id="r{kind}" Type="{relationship(kind)}" Target="{place}" '
            f'TargetMode="{mode}"/>'
            for kind, mode in (("image", "External"), ("attachedTemplate", "External"))
        )
        body = paragraph(f"&e;{POSTING}") + f'<w:altChunk w:id="rimage" w:src="{place}"/>'
        yield f"{number}.docx", word(body, entity, more=more + "</Relationships>")
        yield f"{number}.b.docx", word(paragraph(POSTING), more=more + "</Relationships>")
        action = f"/OpenAction<</S/URI/URI({place})>>/AA<</WC<</S/Launch/F({place})>>>>".encode()
        file = f"<</Length 0/F({place})/FFilter/FlateDecode>>\nstream\n\nendstream".encode()
        outer = (
            f"<</Type/XObject/Subtype/Image/Filter/JBIG2Decode/F({place})/Length 4>>\n"
            "stream\nabcd\nendstream"
        )
        embedded = f"/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F({place})/FS/URL>>]>>>>"
        catalog = CATALOG.replace(b">>", action + embedded.encode() + b">>")
        yield f"{number}.pdf", pdf((catalog, PAGES, PAGE, stream(SHOWN), FONT, FORM))
        yield f"{number}.b.pdf", pdf((catalog, PAGES, PAGE, file, FONT, outer.encode()))
        yield f"{number}.txt", f"{place}\n{POSTING}".encode()
        yield (
            f"{number}.csv",
            f'text,title\n"{POSTING}<img src=""{place}""><p>","{place}"\n{place},a\n'.encode(),
        )
        yield (
            f"{number}.jsonl",
            json.dumps({"text": f"<p>{POSTING}<img src='{place}'>", "$ref": place}).encode(),
        )


def watched(work: Callable[[], None], allowed: set[str], said: Path) -> list[str]:
    """Return what work opens and calls beyond some files and the libraries, from a new process."""
    child = os.fork()
    if not child:
        signal.alarm(120)  # a pipe that is opened waits for ever
        seen: list[str] = []

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            if not event.startswith(WATCHED):
                return
            what = arguments[0] if arguments else None
            if event == "open" and isinstance(what, str | bytes):
                place = os.path.realpath(os.fsdecode(what))
                if place in allowed or place.startswith(LIBRARIES):
                    return
            if event != "open" or isinstance(what, str | bytes):
                seen.append(f"{event} {arguments!r}")

        sys.addaudithook(hook)
        allowed.add(str(said))
        try:
            work()
            said.write_text("\n".join(seen), encoding="utf-8")
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    return said.read_text(encoding="utf-8").splitlines()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_only_the_input_itself_is_opened(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    os.mkfifo(
        trap
    )  # the libraries' own C code is not seen by the hook; here it would wait for ever
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        far = f"http://127.0.0.1:{server.getsockname()[1]}"
        paths = []
        for name, content in inputs(str(trap), far):
            paths.append(tmp_path / name)
            paths[-1].write_bytes(content)

        def work() -> None:
            answered = 0
            for path in paths:
                try:
                    if is_table(path):
                        answered += len(list(jobclf.predict_table(path)))
                        continue
                    for each in files.read(path):
                        page.explanation_page([(path.name, jobclf.explain(each.text))])
                        answered += 1
                except JobclfError:
                    continue
            assert answered >= len(paths) // 2

        seen = watched(work, {os.path.realpath(path) for path in paths}, tmp_path / "said")
        assert seen == []
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_labelled_postings_open_only_what_is_in_their_folder(tmp_path: Path) -> None:
    data = mixed_folder(tmp_path / "data", 3)
    (data / "index.csv").write_text("file,source\n../../secret.txt,file:///etc/passwd\n")
    table = tmp_path / "table.csv"
    table.write_text(f"text,label\n{POSTING},mle\nfile:///etc/passwd,ds\n")

    def work() -> None:
        labeled_data.read(data)
        labeled_data.read(table)

    contained = {os.path.realpath(path) for path in [data, table, *data.rglob("*")]}
    assert watched(work, contained, tmp_path / "said") == []


def test_the_watch_sees_what_it_should(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("x")

    def work() -> None:
        (tmp_path / "other").read_text()
        with socket.socket() as reached:
            reached.connect_ex(("127.0.0.1", 9))

    seen = watched(work, set(), tmp_path / "said")
    assert any(each.startswith("open") and "other" in each for each in seen)
    assert any(each.startswith("socket.connect") for each in seen)
