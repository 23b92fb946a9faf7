"""A folder of labelled postings is read, checked and grouped before anything learns from it."""

from pathlib import Path

import numpy as np
import pytest

from jobclf.errors import DatasetError
from jobclf.roles import Role
from jobclf.training.dataset import collect, read
from tests.factories import folder, posting

DS, MLE, OTHER = Role.DATA_SCIENTIST, Role.ML_ENGINEER, Role.OTHER


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    read_back = read(folder(tmp_path, scientists=2, engineers=1, others=1))
    assert read_back.names == (
        "data_scientist/0000.txt",
        "data_scientist/0001.txt",
        "ml_engineer/0000.txt",
        "other/0000.txt",
    )
    assert read_back.roles == (DS, DS, MLE, OTHER)
    assert read_back.texts[2] == posting(MLE, 0)
    assert read_back.counts() == {"data_scientist": 2, "ml_engineer": 1, "neither": 1}
    assert read_back.gold.all()
    assert (read_back.weights == 1.0).all()


def test_hidden_folders_and_other_files_are_passed_over(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "README.md").write_text("notes")
    (tmp_path / "other" / "notes.md").write_text("notes")
    assert len(read(tmp_path)) == 32


def test_role_folders_go_by_any_name_of_the_role(tmp_path: Path) -> None:
    for name in ("DS", "Machine Learning Engineer"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.txt").write_text(f"posting of {name} work")
    assert read(tmp_path).roles == (DS, MLE)


def test_the_digest_tells_texts_and_roles_apart() -> None:
    def digest(text: str, role: Role) -> str:
        return collect(["1"], [text], [role]).digest

    assert digest("build models", DS) == digest("build models", DS)
    assert digest("build models", DS) != digest("build models", MLE)
    assert digest("build models", DS) != digest("Build models", DS)


@pytest.mark.parametrize("name", ["none", "file.txt", f"{'long' * 200}"])
def test_what_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.txt").write_text("build models")
    with pytest.raises(DatasetError, match=r"does not exist|is a file|cannot be read"):
        read(tmp_path / name)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="holds no postings"):
        read(tmp_path)


def test_an_unknown_role_folder_is_refused_with_its_path(tmp_path: Path) -> None:
    (folder(tmp_path) / "chefs").mkdir()
    with pytest.raises(DatasetError, match=r"'chefs' is no role") as refused:
        read(tmp_path)
    assert str(tmp_path) in str(refused.value)


BAD_FILES = {
    "not utf-8": (b"caf\xe9 models", "is not UTF-8"),
    "empty": (b"", "has no words"),
    "no words": ("•".encode(), "has no words"),
}


@pytest.mark.parametrize(("content", "fact"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_is_named(tmp_path: Path, content: bytes, fact: str) -> None:
    (folder(tmp_path) / "other" / "bad.txt").write_bytes(content)
    with pytest.raises(DatasetError, match=rf"bad\.txt {fact}"):
        read(tmp_path)


def test_a_folder_named_like_a_posting_is_refused(tmp_path: Path) -> None:
    (folder(tmp_path) / "other" / "bad.txt").mkdir()
    with pytest.raises(DatasetError, match=r"bad\.txt cannot be read"):
        read(tmp_path)


def test_an_exact_duplicate_is_left_out_and_named() -> None:
    found = collect(["1", "2", "3"], ["Build models!", "serve", "• build MODELS"], [DS, MLE, DS])
    assert found.names == ("1", "2")
    assert found.dropped == ("3",)


def test_one_posting_with_two_roles_is_refused() -> None:
    with pytest.raises(DatasetError, match="2 is ml_engineer and 1, the same posting, is data_sci"):
        collect(["1", "2"], ["build models", "Build models"], [DS, MLE])


def test_near_duplicates_share_a_group() -> None:
    text = posting(DS, 1, sentences=20)
    found = collect(["1", "2", "3"], [text, posting(MLE, 1), text + "\nmore"], [DS, MLE, DS])
    assert found.groups.tolist() == [0, 1, 0]


def test_known_clusters_are_taken_as_given() -> None:
    texts = ["build", "serve", "sell"]
    found = collect(["1", "2", "3"], texts, [DS, MLE, OTHER], clusters=[7, 9, 7])
    assert found.groups.tolist() == [0, 1, 0]


def test_what_is_said_of_a_posting_stays_with_it_when_a_duplicate_goes() -> None:
    found = collect(
        ["1", "2", "3"],
        ["build", "build", "serve"],
        [DS, DS, MLE],
        weights=[1, 2, 3],
        gold=[True, True, False],
        companies=["Acme", "Globex", "Initech"],
    )
    assert found.weights.tolist() == [1, 3]
    assert found.gold.tolist() == [True, False]
    part = found.part(np.array([1]))
    assert (part.names, part.texts, part.roles) == (("3",), ("serve",), (MLE,))
    assert part.weights.tolist() == [3]


def test_texts_of_too_few_words_are_left_out_and_named() -> None:
    texts = ["kurz", "• n/a", "you train models and deploy them"]
    found = collect(["1", "2", "3"], texts, [DS, MLE, MLE], companies=["A", "B", "C"], min_words=5)
    assert (found.names, found.short, found.dropped) == (("3",), ("1", "2"), ())
    with pytest.raises(DatasetError, match="no posting has 5 words"):
        collect(["1"], ["kurz"], [DS], min_words=5)


def test_a_short_text_under_two_roles_is_no_conflict_where_it_is_left_out() -> None:
    texts = ["kurz", "kurz", "you train models and deploy them"]
    assert collect(["1", "2", "3"], texts, [DS, MLE, MLE], min_words=5).short == ("1", "2")


DUTIES = "We build models that forecast demand, and explain them to the people who buy the stock."


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        pytest.param(f"Data Scientist\n{DUTIES}", "", DUTIES, id="a first line that claims a role"),
        pytest.param(f"Quant, Ghent\n{DUTIES}", "Quant", DUTIES, id="the title as it is known"),
        pytest.param(
            f"Acme\nRole: MLE\n{DUTIES}", "", f"Acme\n{DUTIES}", id="a labelled line below"
        ),
        pytest.param(
            f"We seek an ML Engineer.\n{DUTIES}",
            "",
            DUTIES,
            id="a sentence that says who is sought",
        ),
        pytest.param(
            f"Quant\n{DUTIES}", "", f"Quant\n{DUTIES}", id="a first line that claims none"
        ),
        pytest.param(DUTIES, "Data Scientist", DUTIES, id="prose from the start"),
        pytest.param(f"\n \nMLE\n{DUTIES}", "", DUTIES, id="blank lines before"),
    ],
)
def test_an_untitled_text_lacks_the_title_alone(text: str, title: str, rest: str) -> None:
    assert collect(["a"], [text], [OTHER], columns={"title": [title]}).untitled_texts == (rest,)


def test_claims_follow_the_column_before_the_first_line() -> None:
    postings = collect(
        ["a", "b", "c"],
        [f"ML Engineer\n{DUTIES} {word}" for word in ("one", "two", "three")],
        [OTHER] * 3,
        columns={"title": ["Data Scientist", "", "Cook"]},
    )
    assert postings.claims.tolist() == [-1.0, 1.0, 0.0]


def test_a_family_column_wins_over_titles() -> None:
    postings = collect(
        ["a"], ["words"], [OTHER], columns={"family": ["nurse"], "title": ["Data Analyst"]}
    )
    assert postings.families.tolist() == ["nurse"]


def test_the_masks_follow_the_roles() -> None:
    postings = collect(["1", "2", "3"], ["build", "serve", "sell"], [DS, MLE, OTHER])
    assert postings.is_ml_engineer.tolist() == [False, True, False]
    assert postings.in_scope.tolist() == [True, True, False]
