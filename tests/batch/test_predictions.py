"""Every row comes back whole, with the answer that its text alone would get."""

import json
from pathlib import Path
from typing import Any

import pytest

import jobclf
from jobclf.batch.names import ADDED
from jobclf.batch.predictions import Tally
from jobclf.classifier.prediction import Prediction
from jobclf.errors import DatasetError, JobclfError, PostingError, Reason
from jobclf.roles import Role
from tests.conftest import Run
from tests.factories import postings_between, read_back

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")

ENGINEER = "We deploy machine learning models to production and monitor them. " * 5
SCIENTIST = "We derive insights, run statistical analysis and present reports. " * 5
ROWS: list[dict[str, Any]] = [
    {"id": 1, "title": "Data Scientist", "description": ENGINEER, "tags": ["a", {"b": 1}]},
    {"id": 2, "title": "Analyst", "description": f"<p>{SCIENTIST}</p>", "tags": None},
    {"id": 3, "title": None, "description": "", "tags": []},
]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def test_rows_keep_their_columns_and_get_the_answer_of_their_text(lines: Path) -> None:
    rows = list(jobclf.predict_table(lines))
    assert [{key: row[key] for key in ROWS[0]} for row in rows] == ROWS
    alone = jobclf.predict(ENGINEER, title="Data Scientist")
    assert rows[0]["role"] == alone.role == "ml_engineer"
    assert rows[0]["probability"] == round(alone.probability, 4)
    assert rows[0]["title_role"] == "data_scientist"
    assert rows[1]["role"] == "data_scientist"
    assert rows[2]["role"] is None
    assert rows[2]["error"] == "column 'description': the cell is empty; fill it"


@pytest.mark.parametrize(
    "name", ["a.jsonl", "a.csv", "a.tsv", "a.parquet", "a.csv.gz", "a.jsonl.gz", "A.JSONL"]
)
def test_rows_are_written_by_the_ending(lines: Path, tmp_path: Path, name: str) -> None:
    found = jobclf.predict_table(lines, output=tmp_path / name, prefix="p_")
    if name == "A.JSONL":
        (tmp_path / name).rename(tmp_path / "b.jsonl")
        name = "b.jsonl"
    rows = read_back(tmp_path / name)
    assert [row["p_role"] or None for row in rows] == ["ml_engineer", "data_scientist", None]
    assert [str(row["id"]) for row in rows] == ["1", "2", "3"]
    assert [*rows[0]] == [*ROWS[0], *(f"p_{column}" for column in ADDED)]
    assert (found.tally.postings, found.tally.failed) == (3, 1)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_parquet_keeps_its_types_and_csv_its_letters(lines: Path, tmp_path: Path) -> None:
    jobclf.predict_table(lines, output=tmp_path / "one.parquet", prefix="p_")
    jobclf.predict_table(tmp_path / "one.parquet", output=tmp_path / "two.parquet")
    one, two = (parquet.read_table(tmp_path / f"{name}.parquet") for name in ("one", "two"))
    assert two.select(one.column_names).equals(one)
    assert str(two.schema.field("in_scope").type) == "bool"
    (tmp_path / "in.csv").write_text(f'zip,text\n007,"{ENGINEER}"\n')
    (row,) = jobclf.predict_table(tmp_path / "in.csv")
    assert row["zip"] == "007"


def test_several_tables_are_one_and_a_column_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"text,place\n{ENGINEER},here\n")
    (tmp_path / "b.csv").write_text(f'body,title\n"{SCIENTIST}",Analyst\n')
    found = jobclf.predict_table([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert found.columns == ("path", "text", "place", "body", "title", *ADDED)
    rows = list(found)
    assert [row["role"] for row in rows] == ["ml_engineer", "data_scientist"]
    assert [Path(row["path"]).name for row in rows] == ["a.csv", "b.csv"]
    assert [chosen[1:] for chosen in found.chosen] == [(("text",), None), (("body",), "title")]


@pytest.mark.parametrize(("own", "named"), [("place", "path"), ("path", "source_path")])
def test_rows_of_several_tables_name_theirs_in_every_form(
    tmp_path: Path, own: str, named: str
) -> None:
    for name in "ab":
        row = pa.table({own: ["here"], "text": [ENGINEER]})
        parquet.write_table(row, tmp_path / f"{name}.parquet")
    jobclf.predict_table(f"{tmp_path}/*.parquet", output=tmp_path / "out.parquet")
    found = parquet.read_table(tmp_path / "out.parquet")
    assert found.schema.names[:3] == [named, own, "text"]
    assert [Path(each).name for each in found[named].to_pylist()] == ["a.parquet", "b.parquet"]
    assert found[own].to_pylist() == ["here"] * 2


def test_what_is_refused_is_listed_with_its_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"text\n{ENGINEER}\nshort\n")
    (tmp_path / "b.pdf").write_bytes(b"none")
    (tmp_path / "c.png").write_bytes(b"none")
    found = json.loads(run("predict", tmp_path, "--summary", "--json").out)
    assert [
        (Path(each["path"]).name, each.get("row"), each["reason"]) for each in found["refused"]
    ] == [("a.csv", 2, "too_short"), ("b.pdf", None, "damaged")]
    assert [Path(each).name for each in found["not_read"]] == ["c.png"]


def test_a_pattern_names_tables(run: Run, tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(f"text\n{ENGINEER}\n")
    result = run("predict", f"{tmp_path}/*.csv")
    assert len(result.out.splitlines()) == 2, result.err
    (tmp_path / "c.txt").write_text(ENGINEER)


def test_files_can_be_rows_as_well(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ENGINEER)
    (tmp_path / "b.txt").write_text("")
    good, bad = jobclf.predict_table(tmp_path)
    assert (Path(good["path"]).name, good["role"], good["error"]) == ("a.txt", "ml_engineer", None)
    assert "is empty" in bad["error"]


def test_columns_that_are_there_are_kept_beside_the_added_ones(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"role,error,description\nNurse,7,{ENGINEER}\n")
    found = jobclf.predict_table(tmp_path / "a.csv")
    (row,) = found
    assert (row["role"], row["error"]) == ("Nurse", "7")
    assert (row["answer"], row["jobclf_role"]) == ("ml_engineer", "ml_engineer")
    assert row["jobclf_error"] is None
    assert found.tally.failed == 0
    ran = run("predict", tmp_path / "a.csv", "--columns", "role,jobclf_role")
    assert json.loads(ran.out) == {"role": "Nurse", "jobclf_role": "ml_engineer"}
    assert "columns of its own called 'role' (ours: 'jobclf_role'), 'error' (ours:" in ran.err


def test_a_table_without_rows_is_said_to_have_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("title,description\n")
    ran = run("predict", tmp_path / "a.csv")
    assert (ran.code, ran.out) == (0, "")
    assert "no rows below the names of the columns; give some" in ran.err


def test_columns_that_are_there_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,role,jobclf_role\na,b,c\n")
    with pytest.raises(DatasetError, match="'jobclf_role' already; keep both with prefix"):
        jobclf.predict_table(tmp_path / "a.csv")
    with pytest.raises(DatasetError, match="'jobclf_role' already; keep both with prefix"):
        jobclf.predict_table(tmp_path / "a.csv", prefix="jobclf_")


@pytest.mark.parametrize("name", ["a.xls", "a", "a.parquet.gz"])
def test_an_unknown_ending_is_refused_before_anything_is_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(JobclfError, match="no ending that rows can be written by"):
        jobclf.predict_table(tmp_path / "none.csv", output=tmp_path / name)


def test_files_and_tables_make_rows_together(run: Run, lines: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ENGINEER)
    found = jobclf.predict_table([tmp_path / "a.txt", lines])
    first, *others = found
    assert (first["path"], first["role"]) == (str(tmp_path / "a.txt"), "ml_engineer")
    assert [row["path"] for row in others] == [str(lines)] * 3
    assert [row["role"] for row in others] == [row["role"] for row in jobclf.predict_table(lines)]
    ran = run("predict", tmp_path / "a.txt", lines)
    assert [json.loads(line)["role"] for line in ran.out.splitlines()] == [
        row["role"] for row in (first, *others)
    ]


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_late_column_is_refused_and_nothing_is_written(tmp_path: Path, ending: str) -> None:
    first = json.dumps({"text": ENGINEER}) + "\n"
    (tmp_path / "in.jsonl").write_text(first * 300 + json.dumps({"text": "a", "late": 1}))
    target = tmp_path / f"out{ending}"
    with pytest.raises(JobclfError, match="column 'late': it first comes far down"):
        jobclf.predict_table(tmp_path / "in.jsonl", output=target)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_column_that_changes_its_type_is_named_for_parquet(tmp_path: Path) -> None:
    first = json.dumps({"text": "a", "pay": 1}) + "\n"
    (tmp_path / "in.jsonl").write_text(first * 1100 + json.dumps({"text": "a", "pay": "x"}))
    with pytest.raises(JobclfError, match="changes its type"):
        jobclf.predict_table(tmp_path / "in.jsonl", output=tmp_path / "out.parquet")


def test_the_command_prints_rows_and_says_what_it_read(run: Run, lines: Path) -> None:
    result = run("predict", str(lines))
    assert result.code == 0
    assert [json.loads(line) for line in result.out.splitlines()] == list(
        jobclf.predict_table(lines)
    )
    assert "the text is read from 'description', the title from 'title'" in result.err
    assert "1 of 3 postings could not be judged: 1 empty; their rows say why" in result.err


def test_the_command_writes_rows_and_a_summary(run: Run, lines: Path, tmp_path: Path) -> None:
    arguments = ["predict", str(lines), "--summary", "--output", str(tmp_path / "out.csv")]
    page = tmp_path / "page.html"
    result = run(*arguments, "--html", str(page))
    assert result.code == 0, result.err
    assert result.out.startswith("3 postings, 1 could not be judged\n")
    assert (tmp_path / "out.csv").exists()
    assert "3 postings" in page.read_text(encoding="utf-8")
    fields = json.loads(run(*arguments, "--json").out)
    assert fields["roles"] == {"data_scientist": 1, "ml_engineer": 1, "neither": 0}
    assert fields["titles"] == [
        {"title_role": "data_scientist", "answer": "ml_engineer", "postings": 1}
    ]


def test_explanations_are_not_for_rows(run: Run, lines: Path) -> None:
    for option in ("--explain", "--html=page.html"):
        result = run("predict", str(lines), option)
        assert (result.code, result.out) == (2, "")
        assert "use --summary --html FILE" in result.err


@pytest.mark.parametrize("option", ["text_column", "title_column"])
def test_a_single_posting_has_no_columns(run: Run, tmp_path: Path, option: str) -> None:
    (tmp_path / "a.txt").write_text(ENGINEER)
    with pytest.raises(
        DatasetError, match=r"a\.txt: it is no table and has no column 'jd'; leave out"
    ):
        jobclf.predict_table(tmp_path / "a.txt", **{option: "jd"})  # type: ignore[call-overload]
    ran = run("predict", tmp_path / "a.txt", f"--{option.replace('_', '-')}", "jd")
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)


def test_the_tally_counts_and_puts_doubt_first() -> None:
    tally = Tally()
    for number in range(600):
        sure = 0.5 + number / 1300
        tally.add(
            f"posting {number}",
            Prediction(Role.ML_ENGINEER, sure, in_scope=True, scope_probability=0.999),
        )
    outside = Prediction(
        Role.DATA_SCIENTIST,
        0.9,
        in_scope=False,
        scope_probability=0.4999,
        title_role=Role.ML_ENGINEER,
    )
    tally.add("neither", outside)
    tally.add("bad", PostingError("no text", reason=Reason.NO_TEXT))
    summary = tally.summary()
    assert (summary.postings, summary.failed) == (602, 1)
    assert summary.roles == {Role.DATA_SCIENTIST: 1, Role.ML_ENGINEER: 599, Role.OTHER: 1}
    assert summary.titles == {(Role.ML_ENGINEER, Role.OTHER): 1}
    assert sum(summary.histogram) == 600
    assert summary.reasons == {"no_text": 1}
    assert [doubt.name for doubt in summary.doubtful[:2]] == ["posting 0", "posting 1"]
    assert len(summary.doubtful) == 393  # those below the confidence that leaves no real doubt


@pytest.mark.parametrize("names", ["in.parquet in.jsonl", "in.jsonl in.parquet"])
@pytest.mark.parametrize("output", ["out.csv", "out.jsonl", "out.parquet", None])
def test_tables_of_several_kinds_are_one_in_any_order(
    lines: Path, tmp_path: Path, names: str, output: str | None
) -> None:
    rows = [{key: row[key] for key in ("id", "title", "description")} for row in ROWS]
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows))
    arrow = pytest.importorskip("pyarrow")
    parquet.write_table(arrow.Table.from_pylist(rows), tmp_path / "in.parquet")
    target = output and tmp_path / output
    found = jobclf.predict_table([tmp_path / name for name in names.split()], output=target)
    predicted = read_back(target) if target else list(found)
    assert [row["role"] or None for row in predicted] == ["ml_engineer", "data_scientist", None] * 2
    assert [str(row["id"]) for row in predicted] == ["1", "2", "3"] * 2
    assert [row["error"] for row in predicted[2::3]] == [
        "column 'description': the cell is empty; fill it"
    ] * 2


@pytest.mark.parametrize(
    ("probability", "scope", "doubtful"),
    [
        (0.80, 0.99, True),
        (0.82, 0.99, False),
        (0.99, 0.80, True),
        (0.99, 0.82, False),
        (0.5, 0.19, False),
        (0.99, 0.21, True),
    ],
)
def test_only_real_doubt_is_listed(probability: float, scope: float, *, doubtful: bool) -> None:
    tally = Tally()
    tally.add("a", Prediction(Role.ML_ENGINEER, probability, scope >= 0.5, scope))
    assert bool(tally.summary().doubtful) is doubtful


def test_files_are_listed_by_their_paths_and_rows_by_their_titles(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    far = Path("a" * 30) / ("b" * 30)
    far.mkdir(parents=True)
    rows = []
    for number, text in enumerate(postings_between()):
        (far / f"{number}.md").write_text(f"---\ntitle: Analyst\n---\n{text}")
        rows.append(json.dumps({"text": text, "title": "Analyst"}) + "\n")
    Path("rows.jsonl").write_text("".join(rows))
    files = run("predict", far, "--summary", "--html", "files.html").out
    table = run("predict", "rows.jsonl", "--summary", "--html", "rows.html").out
    assert "most doubtful (row, file, answer)" in files
    assert "most doubtful (row, title, answer)" in table
    assert "Analyst" not in files
    assert "…" in files
    assert ".md " in files
    assert "  Analyst  " in table
    assert ">File</th>" in Path("files.html").read_text("utf-8")
    assert str(far) in Path("files.html").read_text("utf-8")
    assert ">Title</th>" in Path("rows.html").read_text("utf-8")


def test_a_summary_counts_the_reasons_and_names_the_files(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {"a": ENGINEER, "b": "build models", "c": "deploy", "d": ""}.items():
        Path(f"{name}.txt").write_text(text)
    names = [f"{name}.txt" for name in "abcd"]
    plain = run("predict", *names)
    ran = run("predict", *names, "--summary")
    assert (plain.code, ran.code) == (1, 0)
    *each, last = ran.err.splitlines()
    assert each[:2] == plain.err.splitlines()[:2]
    assert last.startswith("jobclf: 3 of 4 postings could not be judged: 2 too short, 1 ")
    fields = json.loads(run("predict", *names, "--summary", "--json").out)
    assert fields["reasons"]["too_short"] == 2
    table = run("predict", *names, "--summary", "-o", "out.csv")
    assert table.err.splitlines()[-1] == f"{last}; their rows say why"
    assert len(table.err.splitlines()) == 2


NOTHING = {
    "rows": (["a.csv"], "the text was read from 'text', name another"),
    "a column named": (["a.csv", "--text-column", "id"], "the text was read from 'id', name an"),
    "output": (["a.csv", "-o", "out.jsonl"], "--text-column"),
    "a folder of parts": (["a.csv", "-o", "parts/"], "--text-column"),
    "summary": (["a.csv", "--summary", "--html", "page.html"], "--text-column"),
    "summary of files": (["b.txt", "--summary", "--html", "page.html"], "whole posting"),
    "rows of files": (["b.txt", "-o", "out.csv"], "give files that hold a whole posting"),
    "page": (["b.txt", "--html", "page.html"], "too short to judge"),
}


@pytest.mark.parametrize(("words", "remedy"), NOTHING.values(), ids=NOTHING.keys())
def test_where_nothing_could_be_judged_the_code_is_1_and_there_is_no_page(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], remedy: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text("id,text\n1,build models\n2,\n")
    Path("b.txt").write_text("build models")
    ran = run("predict", *words)
    assert ran.code == 1
    assert remedy in ran.err
    assert not Path("page.html").exists()
    if words[0] == "a.csv":
        assert run("predict", "-q", *words, *(["--prefix", "p_"])).err.count("\n") == 1
    Path("none.csv").write_text("id,text\n")
    assert run("predict", "none.csv", "--summary").code == 0


def test_the_help_says_when_the_code_is_1(run: Run) -> None:
    assert "The exit code is 1 if" in run("predict", "-h").out
