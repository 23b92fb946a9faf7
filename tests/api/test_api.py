"""The functions a program calls, and their twins on the command line."""

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

import jobclf
from jobclf.cli.main import main
from jobclf.errors import DatasetError, JobclfError, OutputError, PostingError, Reason
from jobclf.roles import Role
from tests.conftest import Run
from tests.factories import folder, posting

pytestmark = pytest.mark.usefixtures("few_resamples")
DS, MLE = Role.DATA_SCIENTIST, Role.ML_ENGINEER

COMMANDS: dict[str, Callable[..., Any]] = {
    "predict": jobclf.predict_table,
    "train": jobclf.train,
    "evaluate": jobclf.evaluate,
    "audit": jobclf.audit,
    "label": jobclf.label,
    "seeds": jobclf.seeds,
    "model": jobclf.model_card,
    "schema": jobclf.json_schema,
}
# What only the command line has (how an answer looks), and what only a program can give.
RENDERING = {"as_json", "explain", "html", "quiet", "summary", "verbose"}
FOR_PROGRAMS = {"progress"}
# Defaults of the command line: it writes what it trains, and knows the postings of a clone.
ONLY_HERE = {
    ("predict", "paths"): "None",  # standard input where nothing is named
    ("train", "output"): "my.joblib",
    ("train", "data"): "None",
    ("evaluate", "data"): "None",
    ("audit", "data"): "None",
}
FUNCTIONS = {"model": "model_card", "schema": "json_schema"}  # what is called otherwise in Python


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_its_function_have_the_same_parameters_and_defaults(name: str) -> None:
    parameters = {
        parameter.name: parameter
        for parameter in inspect.signature(COMMANDS[name]).parameters.values()
        if parameter.name not in FOR_PROGRAMS
    }
    options = {
        option.name: option
        for option in main.commands[name].params
        if option.name in parameters or option.name not in RENDERING
    }
    assert set(options) == set(parameters)
    for key, parameter in parameters.items():
        option = options[key]
        if (name, key) in ONLY_HERE:
            assert str(option.to_info_dict()["default"]) == ONLY_HERE[name, key]
            continue
        # An empty default is click's own marker; its `to_info_dict` says None for it.
        default = option.to_info_dict()["default"]
        if parameter.default is inspect.Parameter.empty:
            assert option.required, key
        elif parameter.default is None:
            assert default is None, key
        else:
            assert str(default) == str(parameter.default), key


FACES = {"mcp", "serve"}  # show the functions of others


def test_every_command_has_a_function_of_its_name() -> None:
    for name, command in main.commands.items():
        assert name in FACES or callable(getattr(jobclf, FUNCTIONS.get(name, name))), name
        assert isinstance(command, click.Command)


# One table through both faces: the bytes of a file, and the role or a part of the message.
INPUTS: dict[str, tuple[bytes, Role | str]] = {
    "data scientist": (posting(DS, 1).encode(), DS),
    "ml engineer": (posting(MLE, 1).encode(), MLE),
    "with a title": (f"ML Engineer\n{posting(DS, 1)}".encode(), DS),
    "other work": (posting(Role.OTHER, 1).encode(), Role.OTHER),
    "byte order mark": (posting(DS, 2).encode("utf-8-sig"), DS),
    "utf-16": (posting(MLE, 2).encode("utf-16"), MLE),
    "windows-1252": (f"Café €\n{posting(DS, 3)}".encode("cp1252"), DS),
    "windows lines": (posting(MLE, 3).replace("\n", "\r\n").encode(), MLE),
    "empty": (b"", "is empty"),
    "blank": (b" \n", "is empty"),
    "binary": (bytes(1000), "binary data"),
    "short": (b"build models", "the posting has 2 words and 30 are needed"),
    "not english": ("機械学習 エンジニア を 募集 ".encode() * 30, "hardly English"),
}


@pytest.mark.parametrize("source", ["file", "standard input"])
@pytest.mark.parametrize(("content", "expected"), INPUTS.values(), ids=INPUTS.keys())
def test_both_faces_give_the_same_answer(
    run: Run, tmp_path: Path, source: str, content: bytes, expected: Role | str
) -> None:
    path = tmp_path / "posting.txt"
    path.write_bytes(content)
    ran = run("predict", "--json", path if source == "file" else "-", stdin=content)
    if isinstance(expected, Role):
        answer = jobclf.predict_file(path)
        assert answer.answer is expected
        assert ran.code == 0
        assert ran.err == ""
        fields = json.loads(ran.out)
        assert fields["role"] == answer.role
        assert fields["probability"] == round(answer.probability, 4)
        assert fields["in_scope"] == answer.in_scope
        assert fields["scope_probability"] == round(answer.scope_probability, 4)
        assert fields["title_role"] == answer.title_role
    else:
        with pytest.raises(PostingError, match=expected) as refused:
            jobclf.predict_file(path)
        message = str(refused.value)
        assert message.startswith(str(path))
        called = message if source == "file" else message.replace(str(path), "standard input")
        assert (ran.code, ran.err) == (1, f"jobclf: {called}\n")
        assert ran.out == ""


def test_a_text_is_never_taken_for_a_path(tmp_path: Path) -> None:
    path = tmp_path / "posting.txt"
    path.write_text(posting(DS, 1))
    with pytest.raises(PostingError, match="too short to judge"):
        jobclf.predict(str(path))


@pytest.mark.parametrize(
    "given", [None, b"x", 3.5, Path("a")], ids=lambda each: type(each).__name__
)
def test_what_is_no_text_is_a_type_error_in_words(given: Any) -> None:
    kind = type(given).__name__
    for classifier in (jobclf.predict, jobclf.explain):
        with pytest.raises(TypeError, match=f"^text must be str, not {kind}$"):
            classifier(given)
    with pytest.raises(TypeError, match=f"^text must be str, not {kind}$"):
        jobclf.load_model().predict(given)


@pytest.mark.parametrize("given", [b"x", 3.5, Path("a")], ids=lambda each: type(each).__name__)
def test_what_is_no_text_among_many_is_a_type_error_in_words(given: Any) -> None:
    with pytest.raises(TypeError, match=f"^text 2 must be str or None, not {type(given).__name__}"):
        list(jobclf.predict_many([posting(DS, 1), given]))


@pytest.mark.parametrize("title", [b"ML Engineer", 7], ids=["bytes", "number"])
def test_what_is_no_title_is_a_type_error_in_words(title: Any) -> None:
    for classifier in (jobclf.predict, jobclf.explain):
        with pytest.raises(TypeError, match=r"^title must be str or None, not "):
            classifier(posting(DS, 1), title=title)
    with pytest.raises(TypeError, match=r"^title 2 must be str or None, not "):
        list(jobclf.predict_many([posting(DS, 1)] * 2, titles=[None, title]))


@pytest.mark.parametrize(
    "given",
    [
        list,
        lambda texts: iter([*texts[:1], float("nan"), *texts[2:]]),
        lambda texts: pytest.importorskip("numpy").array(texts, dtype=object),
        lambda texts: pytest.importorskip("pandas").Series(texts),
        lambda texts: pytest.importorskip("pandas").Series(texts, dtype="string"),
        lambda texts: pytest.importorskip("polars").Series(texts),
        lambda texts: pytest.importorskip("pyarrow").chunked_array([texts]),
    ],
    ids=["list", "NaN", "NumPy", "pandas", "pandas strings", "Polars", "Arrow"],
)
def test_what_is_missing_has_an_error_and_ends_nothing(given: Callable[[Any], Any]) -> None:
    texts, titles = [posting(DS, 1), None, posting(DS, 2)], [None, None, "Data Scientist"]
    first, missing, last = jobclf.predict_many(given(texts), titles=given(titles))
    assert isinstance(missing, PostingError)
    assert missing.reason is jobclf.Reason.EMPTY
    assert first == jobclf.predict(texts[0] or "")
    assert last == jobclf.predict(texts[2] or "", title="Data Scientist")


def test_a_frame_is_not_taken_for_a_column() -> None:
    frame = pytest.importorskip("pandas").DataFrame({"text": [posting(DS, 1)]})
    with pytest.raises(TypeError, match="one column and not a DataFrame; name one of its columns"):
        jobclf.predict_many(frame)


def test_one_text_is_not_taken_for_many() -> None:
    with pytest.raises(TypeError, match="not one str; use predict"):
        jobclf.predict_many(posting(DS, 1))


def test_the_name_of_a_file_gets_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("posting.txt").write_text("posting.txt")
    with pytest.raises(PostingError, match=r"; to read a file use predict_file$"):
        jobclf.predict("posting.txt")
    with pytest.raises(PostingError, match=r"; to read a file use read_postings$"):
        jobclf.explain("posting.txt")
    for text in ("none.txt", "a\0b", "posting.txt\nposting.txt", ""):
        with pytest.raises(PostingError) as refused:
            jobclf.predict(text)
        assert "predict_file" not in str(refused.value)
    with pytest.raises(PostingError) as refused:
        jobclf.predict_file("posting.txt")
    assert "predict_file" not in str(refused.value)


def test_a_table_of_answers_shows_no_postings(tmp_path: Path) -> None:
    data = _table(tmp_path / "lab.jsonl")
    found = jobclf.predict_table(data)
    rows = list(found)
    assert len(rows) == 6
    assert repr(found) == "PredictedTable(15 columns: 6 rows so far, 0 not judged)"
    assert rows[0]["text"][:20] not in repr(found)


def test_predict_and_predict_file_and_predict_many_agree(tmp_path: Path) -> None:
    path = tmp_path / "posting.txt"
    path.write_text(posting(DS, 1))
    answer = jobclf.predict(posting(DS, 1))
    assert jobclf.predict_file(path) == jobclf.predict_file(str(path)) == answer
    assert list(jobclf.predict_many([posting(DS, 1)])) == [answer]


def test_results_are_frozen() -> None:
    answer = jobclf.predict(posting(DS, 1))
    with pytest.raises(AttributeError):
        answer.role = MLE  # type: ignore[misc]


@pytest.mark.slow
def test_a_model_of_ones_own_is_used(tmp_path: Path) -> None:
    report = jobclf.train(folder(tmp_path / "data"), prior="seeds", output=tmp_path / "my.joblib")
    mine = jobclf.load_model(tmp_path / "my.joblib")
    assert report.output == tmp_path / "my.joblib"
    text = posting(MLE, 1)
    assert jobclf.predict(text, model=mine) == report.model.predict(text)
    assert jobclf.predict(text, model=mine) != jobclf.predict(text)
    assert jobclf.model_card(tmp_path / "my.joblib") == report.model.card


@pytest.mark.slow
def test_training_keeps_a_model_in_memory_if_asked(tmp_path: Path) -> None:
    data = folder(tmp_path / "data")
    report = jobclf.train(data, prior="seeds", output=None)
    assert report.output is None
    assert list(tmp_path.iterdir()) == [data]


@pytest.mark.slow
def test_training_goes_on_from_a_file(tmp_path: Path) -> None:
    data = folder(tmp_path / "data")
    jobclf.train(data, prior="seeds", output=tmp_path / "one.joblib")
    report = jobclf.train(data, prior=str(tmp_path / "one.joblib"), output=None)
    assert report.model.card.prior == "one"


def test_a_place_that_cannot_be_written_is_named_before_training(tmp_path: Path) -> None:
    data = tmp_path / "empty"  # would be refused later
    data.mkdir()
    with pytest.raises(OutputError, match="none does not exist; create it first"):
        jobclf.train(data, output=tmp_path / "none" / "my.joblib")
    with pytest.raises(OutputError, match="is a folder"):
        jobclf.train(data, output=tmp_path)


@pytest.mark.parametrize(
    ("options", "said"),
    [({"prior": "bse"}, "bse: it does not exist; name jobclf, base, seeds or a model file"),
     ({"conflicts": "drp"}, "conflicts must be 'error' or 'drop', not 'drp'")],
)  # fmt: skip
@pytest.mark.parametrize("function", [jobclf.train, jobclf.evaluate])
def test_a_misspelled_value_is_told_which_there_are(
    function: Callable[..., object], tmp_path: Path, options: dict[str, str], said: str
) -> None:
    with pytest.raises((ValueError, JobclfError), match=said):
        function(folder(tmp_path / "data"), **options)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [({"prevalence": "aut"}, ValueError, "between 0 and 1, or 'auto', not 'aut'"),
     ({"model": "my.joblib"}, TypeError, "not str; load_model reads a file")],
)  # fmt: skip
def test_what_a_table_is_judged_by_is_checked(
    tmp_path: Path, options: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        jobclf.predict_table(tmp_path, **options)


def test_an_unknown_prior_is_named(tmp_path: Path) -> None:
    with pytest.raises(JobclfError, match="no_such_prior: it does not exist"):
        jobclf.train(folder(tmp_path / "data"), prior="no_such_prior", output=None)


def _table(path: Path, each: int = 3) -> Path:
    """Write a table of labelled postings."""
    rows = [{"text": posting(role, at), "label": role} for role in (DS, MLE) for at in range(each)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


READERS: dict[str, Callable[[Path, Path], object]] = {
    "train": lambda data, output: jobclf.train(data, prior="seeds", output=output),
    "audit": lambda data, output: jobclf.audit(data, prior="seeds", html=output),
    "evaluate": lambda data, output: jobclf.evaluate(data, prior="seeds", plots=output),
    "label": lambda data, output: jobclf.label(data, prior="seeds", output=output),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_what_is_read_is_never_written_over(tmp_path: Path, name: str) -> None:
    if name == "evaluate":
        pytest.importorskip("matplotlib", reason="pictures need the extra `report`")
    data = _table(tmp_path / "lab.jsonl")
    before = data.read_bytes()
    (tmp_path / "link.jsonl").symlink_to(data.name)
    for output in (data, tmp_path / "link.jsonl"):
        with pytest.raises(JobclfError, match=r"jsonl: .*; name another"):
            READERS[name](data, output)
    assert data.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lab.jsonl", "link.jsonl"]


@pytest.mark.parametrize("name", ["train", "label"])
def test_what_is_read_is_named_as_such(tmp_path: Path, name: str) -> None:
    data = _table(tmp_path / "lab.jsonl")
    with pytest.raises(OutputError, match=r"lab\.jsonl: it is what is read; name another output"):
        READERS[name](data, data)


def test_unlabelled_postings_are_not_written_over(tmp_path: Path) -> None:
    data, more = _table(tmp_path / "lab.jsonl"), _table(tmp_path / "more.jsonl")
    with pytest.raises(OutputError, match=r"more\.jsonl: it is what is read"):
        jobclf.train(data, prior="seeds", unlabeled=more, output=more)


def test_a_page_is_no_file_of_another_kind(tmp_path: Path) -> None:
    data = _table(tmp_path / "lab.jsonl")
    with pytest.raises(OutputError, match=r"notes\.csv: it does not end in \.html"):
        jobclf.audit(data, html=tmp_path / "notes.csv")


@pytest.mark.parametrize("content", [b"my thesis", b"\x80\x04\x95 another pickle"])
def test_a_model_takes_the_place_of_no_other_file(tmp_path: Path, content: bytes) -> None:
    data, other = _table(tmp_path / "lab.jsonl"), tmp_path / "thesis.doc"
    other.write_bytes(content)
    with pytest.raises(OutputError, match="is no jobclf model, and would be lost; name another"):
        jobclf.train(data, prior="seeds", output=other, force=True)
    assert other.read_bytes() == content


@pytest.mark.slow
def test_a_model_takes_the_place_of_an_empty_file_and_of_a_model_by_force(tmp_path: Path) -> None:
    data, output = _table(tmp_path / "lab.jsonl"), tmp_path / "my.joblib"
    output.touch()
    jobclf.train(data, prior="seeds", output=output)
    before = output.read_bytes()
    with pytest.raises(OutputError, match="there is a model already; name another") as refused:
        jobclf.train(data, prior=str(output), output=output)
    assert refused.value.reason is Reason.EXISTS
    assert output.read_bytes() == before
    jobclf.train(data, prior=str(output), output=output, force=True)
    assert jobclf.load_model(output).card.prior == "my"


@pytest.mark.slow
def test_nothing_is_written_where_no_output_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = _table(tmp_path / "lab.jsonl")
    assert jobclf.train(data, prior="seeds").output is None
    assert list(tmp_path.iterdir()) == [data]


@pytest.mark.slow
def test_in_a_clone_training_leaves_the_bundled_model_alone(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder(tmp_path / "data" / "labeled_postings")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "jobclf.joblib").write_bytes(b"the model of predict")
    ran = run("train", "--prior", "seeds")
    assert ran.code == 0
    assert ran.out.endswith("written to my.joblib; use it with --model my.joblib\n")
    assert "data/labeled_postings" in ran.err
    assert (tmp_path / "models" / "jobclf.joblib").read_bytes() == b"the model of predict"
    written = (tmp_path / "my.joblib").read_bytes()
    again = run("train", "--prior", "seeds")
    assert (again.code, again.out) == (1, "")
    assert "my.joblib: there is a model already" in again.err
    assert (tmp_path / "my.joblib").read_bytes() == written
    assert run("train", "--prior", "seeds", "--force").code == 0


@pytest.mark.parametrize("name", ["train", "evaluate", "audit"])
def test_without_data_it_is_asked_for(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(name)
    assert (ran.code, ran.out) == (2, "")
    assert "DATA is missing: name a folder" in ran.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["train", "evaluate", "audit"])
def test_data_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(DatasetError, match=r"^nope: it does not exist; name a folder or table"):
        getattr(jobclf, name)("nope")


def test_what_learns_starts_from_the_same_model_by_default() -> None:
    priors = {
        name: inspect.signature(getattr(jobclf, name)).parameters["prior"].default
        for name in ("train", "evaluate", "audit", "label")
    }
    assert set(priors.values()) == {"jobclf"}


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="there is no /sys here")
@pytest.mark.parametrize("output", ["a.joblib", "a.html", "a.jsonl"])
def test_a_folder_without_room_is_named_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    from jobclf.evaluation import confident_learning
    from jobclf.labeling import session
    from jobclf.training import recipe

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    for module, name in ((recipe, "train"), (session, "draw"), (confident_learning, "audit")):
        monkeypatch.setattr(module, name, never)
    name = {"a.joblib": "train", "a.html": "audit", "a.jsonl": "label"}[output]
    with pytest.raises(JobclfError, match=r"/sys/kernel/.*: it cannot be written: "):
        READERS[name](_table(tmp_path / "lab.jsonl"), Path("/sys/kernel", output))


@pytest.mark.slow
def test_what_is_not_learned_from_is_told(run: Run, tmp_path: Path) -> None:
    data = _table(tmp_path / "lab.jsonl", each=6)
    with data.open("a") as stream:
        for text, label in (("kurz", DS), (posting(DS, 90), ""), (posting(DS, 91), None)):
            stream.write(json.dumps({"text": text, "label": label}) + "\n")
    report = jobclf.train(data, prior="seeds", output=None)
    assert (report.short, report.unlabeled) == ((f"{data} row 13",), 2)
    ran = run("train", data, "--prior", "seeds", "-o", tmp_path / "my.joblib", "--json")
    told = f"2 rows without a label; 1 posting of too few words ({data} row 13)"
    assert ran.err.splitlines() == [
        f"{data}: the text is read from 'text', no title",
        f"{data}: the labels are read from 'label'",
        f"left out: {told}",
    ]
    assert json.loads(ran.out)["unlabeled"] == 2
    printed = run("evaluate", data, "--prior", "seeds").out
    assert f"left out as too short: 1 ({data} row 13)" in printed
    assert "left out as rows without a label: 2" in printed


@pytest.mark.slow
@pytest.mark.usefixtures("few_resamples")
@pytest.mark.parametrize("name", ["evaluate", "audit"])
def test_columns_of_ones_own_are_read_by_every_command(run: Run, tmp_path: Path, name: str) -> None:
    data = tmp_path / "own.jsonl"
    rows = [{"advert": posting(role, at), "who": role} for role in (DS, MLE) for at in range(6)]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(JobclfError, match="name one with label_column: advert, who"):
        getattr(jobclf, name)(data, prior="seeds")
    report = getattr(jobclf, name)(data, prior="seeds", text_column="advert", label_column="who")
    assert report.postings == 12
    columns = ["--text-column", "advert", "--label-column", "who"]
    ran = run(name, str(data), "--prior", "seeds", *columns, "--json")
    assert ran.code == 0
    assert json.loads(ran.out)["postings"] == 12


def test_a_table_is_no_single_posting(tmp_path: Path) -> None:
    with pytest.raises(PostingError, match="is a table, not one posting; use `predict_table`"):
        jobclf.predict_file(_table(tmp_path / "jobs.csv"))
