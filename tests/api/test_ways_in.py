"""The same text gets the same probability by whichever way it comes in."""

import csv
import html
import json
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

import jobclf
from jobclf.roles import Role
from tests.conftest import Run, Served
from tests.factories import posting

PLAIN = (
    f"{posting(Role.ML_ENGINEER, 3, 6)}\n{posting(Role.DATA_SCIENTIST, 3, 5)}\n"
    "Workflows in PyTorch & scikit-learn, C++ and end-to-end A/B tests; it isn't naïve."
)
MARKUP = "<p>" + PLAIN.replace("&", "&amp;").replace("\n", "</p><p>") + "</p>"
TEXTS = {
    "plain": PLAIN,
    "line ends of Windows": PLAIN.replace("\n", "\r\n"),
    "a byte-order mark": f"\ufeff{PLAIN}",
    "no-break spaces": PLAIN.replace(" ", "\u00a0"),
    "soft hyphens": PLAIN.replace("o", "o\u00ad"),
    "zero-width marks": PLAIN.replace("e", "e\u200b").replace("n", "\u2060n"),
    "ligatures": PLAIN.replace("fl", "\ufb02"),
    "wide letters": PLAIN.replace("PyTorch", "ＰｙＴｏｒｃｈ"),
    "bold letters": PLAIN.replace("PyTorch", "𝗣𝘆𝗧𝗼𝗿𝗰𝗵"),
    "letters and marks apart": unicodedata.normalize("NFD", PLAIN),
    "hyphens that do not break": PLAIN.replace("-", "\u2011"),
    "decoded twice": PLAIN.replace("'", "â€™").replace("ï", "Ã¯"),
    "a footnote and a trade mark": PLAIN.replace("PyTorch", "PyTorch™² models"),
    "a run of marks": PLAIN.replace("isn't", "isn't e" + "\u0301" * 500),
    "Markdown escapes": PLAIN.replace("-", r"\-").replace("+", r"\+"),
    "written on one line": PLAIN.replace("\n", r"\n"),
    "control letters": PLAIN.replace(" ", "\x07", 3).replace(" ", "\x0b", 9),
    "brackets first": f"[Remote] {PLAIN}",
    "less than": f"{PLAIN}\nLatency < 5 ms and x > 3",
}
CODED = {
    "entities": PLAIN.replace("&", "&amp;").replace("'", "&#39;").replace("-", "&#8209;"),
    "entities of entities": PLAIN.replace("&", "&amp;amp;"),
    "HTML": MARKUP,
    "escaped HTML": html.escape(MARKUP),
}
Way = Callable[[Path, list[str]], Iterable[Any]]


def of_files(folder: Path, ending: str, texts: list[str]) -> list[Path]:
    paths = [folder / f"{at:03}{ending}" for at in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_bytes(text.encode())
    return paths


def by_files(folder: Path, texts: list[str]) -> Iterable[Any]:
    return map(jobclf.predict_file, of_files(folder, ".txt", texts))


def by_markdown(folder: Path, texts: list[str]) -> Iterable[Any]:
    return map(jobclf.predict_file, of_files(folder, ".md", texts))


def by_utf_16(folder: Path, texts: list[str]) -> Iterable[Any]:
    paths = of_files(folder, ".txt", texts)
    for path, text in zip(paths, texts, strict=True):
        path.write_bytes(text.encode("utf-16"))
    return map(jobclf.predict_file, paths)


def by_page(folder: Path, texts: list[str]) -> Iterable[Any]:
    pages = [
        f"<html><meta charset=utf-8><body><main><pre>{html.escape(text)}</pre></main></body></html>"
        for text in texts
    ]
    return map(jobclf.predict_file, of_files(folder, ".html", pages))


def by_folder(folder: Path, texts: list[str]) -> Iterable[Any]:
    of_files(folder, ".txt", texts)
    return jobclf.predict_table(folder)


def by_pattern(folder: Path, texts: list[str]) -> Iterable[Any]:
    of_files(folder, ".txt", texts)
    return jobclf.predict_table(f"{folder}/*.txt")


def by_csv(folder: Path, texts: list[str]) -> Iterable[Any]:
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["id", "text"], *enumerate(texts)])
    return jobclf.predict_table(folder / "a.csv")


def by_json_lines(folder: Path, texts: list[str]) -> Iterable[Any]:
    lines = [json.dumps({"text": text}) for text in texts]
    (folder / "a.jsonl").write_text("\n".join(lines))
    return jobclf.predict_table(folder / "a.jsonl")


def by_json(folder: Path, texts: list[str]) -> Iterable[Any]:
    rows = {"jobs": [{"title": "", "description": text} for text in texts]}
    (folder / "a.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return jobclf.predict_table(folder / "a.json")


def by_parquet(folder: Path, texts: list[str]) -> Iterable[Any]:
    from pyarrow import parquet, table

    parquet.write_table(table({"text": texts}), folder / "a.parquet")
    return jobclf.predict_table(folder / "a.parquet")


def by_workbook(folder: Path, texts: list[str]) -> Iterable[Any]:
    xlsxwriter = pytest.importorskip("xlsxwriter", reason="needs the extra `excel`")
    pytest.importorskip("python_calamine", reason="needs the extra `excel`")
    with xlsxwriter.Workbook(folder / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for row, text in enumerate(["text", *texts]):
            sheet.write_string(row, 0, text)
    return jobclf.predict_table(folder / "a.xlsx")


def by_database(folder: Path, texts: list[str]) -> Iterable[Any]:
    base = sqlite3.connect(folder / "a.db")
    with base:
        base.execute("CREATE TABLE jobs (text TEXT)")
        base.executemany("INSERT INTO jobs VALUES (?)", [(text,) for text in texts])
    base.close()
    return jobclf.predict_table(folder / "a.db")


def by_frame(_: Path, texts: list[str]) -> Iterable[Any]:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    answered = jobclf.predict_table(pandas.DataFrame({"text": texts}))
    found: list[dict[str, Any]] = answered.to_dict("records")
    return found


def by_arrow(_: Path, texts: list[str]) -> Iterable[Any]:
    found: list[dict[str, Any]] = jobclf.predict_arrow(texts).to_pylist()
    return found


def by_many(_: Path, texts: list[str]) -> Iterable[Any]:
    return jobclf.predict_many(texts)


def by_explanation(_: Path, texts: list[str]) -> Iterable[Any]:
    return (jobclf.explain(text).prediction for text in texts)


WAYS: list[Way] = [
    by_files, by_markdown, by_utf_16, by_page, by_folder, by_pattern, by_csv, by_json_lines,
    by_json, by_parquet, by_workbook, by_database, by_frame, by_arrow, by_many, by_explanation,
]  # fmt: skip


def rounded(answer: Any) -> float:
    found: float = answer["probability"] if isinstance(answer, dict) else answer.probability
    return round(found, 4)


def expected(texts: list[str]) -> list[float]:
    return [rounded(jobclf.predict(text)) for text in texts]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_same_text_gets_the_same_probability(tmp_path: Path, way: Way) -> None:
    texts = list(TEXTS.values())
    if way is not by_page:
        texts += CODED.values()
    assert list(map(rounded, way(tmp_path, texts))) == expected(texts)


def test_what_looks_alike_is_judged_alike() -> None:
    changed = {"a footnote and a trade mark", "brackets first", "less than"}
    alike = [text for name, text in (TEXTS | CODED).items() if name not in changed]
    assert set(expected(alike)) == set(expected([PLAIN]))


def test_standard_input_is_cleaned_as_files_are(run: Run) -> None:
    texts = [*TEXTS.values(), *CODED.values()]
    found = [run("predict", "--json", stdin=text.encode()).out for text in texts]
    assert list(map(rounded, map(json.loads, found))) == expected(texts)


def test_what_comes_over_http_is_cleaned_as_files_are(served: Served) -> None:
    texts = [*TEXTS.values(), *CODED.values()]
    found = [served.client.post("/predict", json={"text": text}).json() for text in texts]
    assert list(map(rounded, found)) == expected(texts)
