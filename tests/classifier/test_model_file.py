"""A model file is a document: read back as written, or refused in one line."""

import io
import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobclf import limits
from jobclf.classifier import kernel, model_document, model_file, terms
from jobclf.classifier.heads import TitleHead
from jobclf.classifier.model import UNNAMED, RoleModel
from jobclf.classifier.model_document import to_document
from jobclf.classifier.model_file import from_bytes, load_model, save_model
from jobclf.errors import ModelFileError, OutputError
from jobclf.text.tokens import JOINED, ngrams, tokenize
from tests import versions
from tests.factories import SMALL, TEXTS


def dumped(document: object) -> bytes:
    """Return the bytes of a model file that holds a document."""
    if isinstance(document, dict):
        return model_file.to_bytes(document)
    stream = io.BytesIO()
    joblib.dump(document, stream, protocol=4)
    return stream.getvalue()


SOUND = dumped(to_document(SMALL))


def same(one: RoleModel, other: RoleModel) -> bool:
    """Tell whether two models would be written as the same file."""
    return to_document(one) == to_document(other)


def test_a_model_read_back_is_the_model_written(tmp_path: Path) -> None:
    path = tmp_path / "model.joblib"
    written = save_model(SMALL, path)
    assert same(load_model(path), written)
    assert written.terms == SMALL.terms
    assert written.card == SMALL.card
    assert np.abs(written.role.weights - SMALL.role.weights).max() < 1e-6
    assert list(tmp_path.iterdir()) == [path]


def test_saving_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    again = save_model(save_model(SMALL, tmp_path / "one"), tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert same(again, load_model(tmp_path / "one"))


def test_a_model_of_ones_own_is_called_by_its_file(tmp_path: Path) -> None:
    unnamed = replace(SMALL, card=replace(SMALL.card, name=UNNAMED))
    unnamed.save(tmp_path / "my.joblib")
    assert load_model(tmp_path / "my.joblib").card.name == "my"
    SMALL.save(tmp_path / "other.joblib")
    assert load_model(tmp_path / "other.joblib").card.name == SMALL.card.name


def test_a_file_holds_plain_builtins_alone() -> None:
    def check(value: object) -> None:
        assert type(value) in {dict, str, bytes, int, float}
        if isinstance(value, dict):
            for key, inner in value.items():
                check(key)
                check(inner)

    check(to_document(load_model()))


@pytest.mark.parametrize("name", ["jobclf", "base"])
def test_the_bundled_models_are_sound(name: str) -> None:
    model = load_model(model_file.bundled(name))
    assert model.card.name == name
    assert len(model.terms) > 1000


# What a hostile file may ask to run. Each would leave a mark, if it were run.
class _Calling:
    """An object whose pickle calls something when it is loaded."""

    def __init__(self, function: Callable[..., Any], *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        return self.call


def _hostile(canary: Path) -> dict[str, object]:
    return {
        "os.mkdir": _Calling(os.mkdir, str(canary)),
        "eval": _Calling(eval, f"__import__('os').mkdir({str(canary)!r})"),
        "exec": _Calling(exec, f"import os; os.mkdir({str(canary)!r})"),
        "io.open": _Calling(open, str(canary), "w"),
        "joblib.load": _Calling(joblib.load, str(canary)),
        "getattr": _Calling(getattr, "text", "upper"),
        "an array": np.ones(3),
        "a numpy number": np.float64(1),
        "a path": canary,
        "a class": Path,
        "a model": SMALL,
    }


@pytest.mark.parametrize("name", _hostile(Path("canary")))
@pytest.mark.parametrize("place", ["alone", "inside"])
@pytest.mark.parametrize("protocol", [0, 4])
def test_a_file_that_names_anything_is_refused_and_runs_nothing(
    tmp_path: Path, name: str, place: str, protocol: int
) -> None:
    canary = tmp_path / "canary"
    hostile = _hostile(canary)[name]
    document = to_document(SMALL) | {"card": hostile} if place == "inside" else hostile
    path = tmp_path / "model.joblib"
    path.write_bytes(pickle.dumps(document, protocol))
    fact = (
        "may name nothing|in no model file" if protocol == 4 else "begin as|its pickle protocol is"
    )
    with pytest.raises(ModelFileError, match=f"is no usable model file: .*({fact})"):
        load_model(path)
    assert not canary.exists()


def test_a_persistent_object_is_refused() -> None:
    with pytest.raises(ModelFileError, match="outside object"):
        from_bytes(b"\x80\x04Pthing\n.")


def test_an_extension_code_is_refused() -> None:
    with pytest.raises(ModelFileError):
        from_bytes(b"\x80\x02\x82\x01.")


@given(st.integers(0, len(SOUND) - 1))
def test_a_truncated_file_is_refused(length: int) -> None:
    with pytest.raises(ModelFileError):
        from_bytes(SOUND[:length])


@given(st.integers(0, len(SOUND) - 1), st.integers(0, 7))
def test_any_flipped_bit_is_refused(at: int, bit: int) -> None:
    changed = bytearray(SOUND)
    changed[at] ^= 1 << bit
    with pytest.raises(ModelFileError):
        from_bytes(bytes(changed))


@pytest.mark.slow
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(ModelFileError):
        from_bytes(content)


def _given(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is None."""
    return {name: value for name, value in document.items() if value is not None}


def _head(**changes: object) -> dict[str, Any]:
    document = to_document(SMALL)
    return {"role": _given(document["role"] | changes)}


def _scope(**changes: object) -> dict[str, Any]:
    document = to_document(SMALL)
    return {"scope": _given(document["scope"] | changes)}


def _card(**changes: object) -> dict[str, Any]:
    document = to_document(SMALL)
    return {"card": _given(document["card"] | changes)}


SIZE = len(SMALL.terms)
NAN = np.full(SIZE, np.nan, dtype="<f4").tobytes()
ZEROS = bytes(4 * SIZE)
FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "newer format": ({"format": 99}, "its format is 99 and this jobclf reads 2; upgrade"),
    "no format": ({"format": None}, "'format' is missing"),
    "foreign": ({"magic": "something"}, "not written by jobclf"),
    "terms missing": ({"terms": None}, "'terms' is missing"),
    "terms a list": ({"terms": ["build"]}, "opcode 0x5d .* is in no model file"),
    "a term twice": ({"terms": "\n".join(["build"] * SIZE)}, "a term stands twice"),
    "an empty term": (
        {"terms": "\n".join([*SMALL.terms[1:], ""])},
        "no posting can hold its term ''",
    ),
    "a term fewer": ({"terms": "\n".join(SMALL.terms[1:])}, f"where {4 * SIZE - 4} belong"),
    "a term more": ({"terms": "\n".join([*SMALL.terms, "zoo"])}, f"where {4 * SIZE + 4} belong"),
    "idf too short": ({"idf": b"1234"}, f"has 4 bytes where {4 * SIZE} belong"),
    "idf not finite": ({"idf": NAN}, "not finite"),
    "idf zero": ({"idf": ZEROS}, "'idf' holds a number that is not positive"),
    "weights too short": (_head(weights=b""), "'weights' has 0 bytes"),
    "weights a list": (_head(weights=[0.0] * SIZE), "in no model file"),
    "weights not finite": (_head(weights=NAN), "not finite"),
    "precision zero": (_head(precision=ZEROS), "'precision' holds a number that is not positive"),
    "intercept an int": (_head(intercept=1), "'intercept' is missing or not float"),
    "intercept infinite": (_head(intercept=float("inf")), "'intercept' is not a finite"),
    "intercept precision negative": (_head(intercept_precision=-1.0), "is negative"),
    "slope zero": (_head(slope=0.0), "a calibration slope is not positive"),
    "slope nan": (_head(slope=float("nan")), "'slope' is not a finite"),
    "calibrated on nothing": (_head(calibrated_on=-1), "no number of postings"),
    "calibrated on truth": (_head(calibrated_on=True), "opcode 0x88"),
    "families without a name": (_scope(families="one\n\nthree"), "are none, too many"),
    "a family fewer": (_scope(families="one\ntwo"), "'intercept_precision' has 12 bytes where 8"),
    "families too many": (_scope(families="\n".join(map(str, range(101)))), "are none, too many"),
    "families a number": (_scope(families=3), "'families' is missing or not str"),
    "intercepts too short": (_scope(intercepts=b"1234"), "'intercepts' has 4 bytes where 12"),
    "firmness negative": (_scope(intercept_precision=b"\0\0\x80\xbf" * 3), "is negative"),
    "slope of scope zero": (_scope(slope=0.0), "a calibration slope is not positive"),
    "scope weights too short": (_scope(weights=b""), "'weights' has 0 bytes"),
    "a family of a long name": (_scope(families=f"one\ntwo\n{'x' * 101}"), "longer than names"),
    "card of a long fact": (_card(prior="x" * 1001), "a text of its card is longer than any"),
    "no head": ({"scope": None}, "'scope' is missing"),
    "no card": ({"card": None}, "'card' is missing"),
    "card without name": (_card(name=None), "'name' is missing"),
    "card counts below none": (_card(postings={"other": -1}), "no numbers of postings"),
    "card counts text": (_card(postings={"other": "3"}), "its postings are not of the right"),
    "card scores not finite": (_card(scores={"auc": float("nan")}), "scores are not all finite"),
}


TITLED = replace(
    SMALL,
    titles=TitleHead(("other",), np.ones(1), np.zeros(1), 1.0, 0.5, 2.0, -0.5, 9),
    learned=bytes([1, 0, 0, 0, 2, 0, 0, 0]),
    scope=replace(SMALL.scope, prevalence=0.25),
)


def test_what_a_title_adds_and_what_was_learned_are_kept() -> None:
    found = from_bytes(dumped(to_document(TITLED)))
    assert to_document(found) == to_document(TITLED)
    assert (found.learned, found.scope.prevalence) == (TITLED.learned, 0.25)
    assert found.titles is not None
    assert "learned" not in to_document(SMALL)


def test_names_and_facts_may_be_as_long_as_they_may() -> None:
    families = ("one", "two", "x" * limits.MODEL_NAME)
    card = replace(SMALL.card, prior="x" * limits.MODEL_FACT)
    model = replace(SMALL, scope=replace(SMALL.scope, families=families), card=card)
    found = from_bytes(dumped(to_document(model)))
    assert (found.scope.families, found.card) == (families, card)


def test_a_model_is_saved_over_another_only_if_told(tmp_path: Path) -> None:
    path = tmp_path / "a.joblib"
    SMALL.save(path)
    with pytest.raises(OutputError, match=r"there is a model already; .*force=True"):
        SMALL.save(path)
    SMALL.save(path, force=True)


def _titles(**changes: object) -> dict[str, Any]:
    return {"titles": to_document(TITLED)["titles"] | changes}


FAULTS |= {
    "a mark in part": ({"learned": bytes(3)}, "no marks in order"),
    "marks in no order": ({"learned": TITLED.learned[::-1]}, "no marks in order"),
    "a mark twice": ({"learned": bytes(8)}, "no marks in order"),
    "slope of titles zero": (_titles(role_slope=0.0), "a slope of its titles is not positive"),
    "slope of titles negative": (_titles(scope_slope=-0.5), "a slope of its titles"),
    "more than all in scope": (_scope(prevalence=1.5), "no share"),
    "less than none in scope": (_scope(prevalence=-0.5), "no share"),
    "a kind of seeds of none": ({"kinds": bytes([99] * SIZE)}, "do not fit its terms"),
    "something unknown": ({"code": "x"}, "it holds an unknown 'code'"),
}


@pytest.mark.parametrize(("changes", "fact"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_named(tmp_path: Path, changes: dict[str, Any], fact: str) -> None:
    path = tmp_path / "model.joblib"
    path.write_bytes(dumped(_given(to_document(SMALL) | changes)))
    with pytest.raises(ModelFileError, match=fact) as refused:
        load_model(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("document", [3, 0.5, "text", b"raw", {"magic": "x"}], ids=repr)
def test_another_document_is_foreign(document: object) -> None:
    with pytest.raises(ModelFileError, match="not written by jobclf"):
        from_bytes(dumped(document))


def test_a_compressed_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.joblib.gz"
    joblib.dump(to_document(SMALL), path, compress=("gzip", 3))
    with pytest.raises(ModelFileError, match="it is compressed"):
        load_model(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        ModelFileError, match=r"none\.joblib: it does not exist; run `jobclf train`"
    ):
        load_model(tmp_path / "none.joblib")


@pytest.mark.parametrize("name", ["m", "it", "is", "model file", "damaged"])
def test_a_file_is_named_whatever_it_is_called(tmp_path: Path, name: str, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(b"hello")
    with pytest.raises(ModelFileError, match="damaged or foreign") as refused:
        load_model(name)
    assert refused.value.path == name
    assert str(refused.value).startswith(f"{name}: it is no usable model file: ")


def test_a_folder_is_no_model_file(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="is a folder"):
        load_model(tmp_path)


@pytest.mark.parametrize("name", ["a\0b", "long" * 200], ids=["zero byte", "long"])
def test_an_impossible_name_is_refused(name: str) -> None:
    with pytest.raises(ModelFileError, match=r"cannot be read|does not exist"):
        load_model(name)
    with pytest.raises(OutputError, match="cannot be written"):
        save_model(SMALL, name)


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.joblib"
    save_model(SMALL, path)
    monkeypatch.setattr(limits, "MODEL", 100)
    with pytest.raises(ModelFileError, match="larger than any model file"):
        load_model(path)


def _full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("fault", "raised"), [(_full_disk, OutputError), (_interrupt, KeyboardInterrupt)]
)
def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    fault: Callable[..., None],
    raised: type[BaseException],
) -> None:
    path = tmp_path / "model.joblib"
    path.write_bytes(b"the old model")
    monkeypatch.setattr(os, step, fault)
    with pytest.raises(raised):
        save_model(SMALL, path)
    assert path.read_bytes() == b"the old model"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_reads_back_otherwise_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.joblib"
    other = load_model()
    monkeypatch.setattr(model_file, "from_bytes", lambda _: other)
    with pytest.raises(OutputError, match="did not read back as written"):
        save_model(SMALL, path)
    assert not list(tmp_path.iterdir())


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.joblib").mkdir()
    with pytest.raises(OutputError, match=r"model\.joblib: it is a folder"):
        save_model(SMALL, tmp_path / "model.joblib")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="none does not exist; create it first"):
        save_model(SMALL, tmp_path / "none" / "model.joblib")


@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe"])
def test_what_is_no_plain_file_is_not_written_over(tmp_path: Path, kind: str) -> None:
    (tmp_path / "in").mkdir()
    path, elsewhere = tmp_path / "in" / "model.joblib", tmp_path / "elsewhere"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(elsewhere)
    if kind == "link":
        elsewhere.write_bytes(b"old")
    with pytest.raises(OutputError, match=r"it is a (link that leads out|pipe)"):
        save_model(SMALL, path)
    assert path.is_symlink() or path.is_fifo()
    assert not elsewhere.exists() or elsewhere.read_bytes() == b"old"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ModelFileError, match="is a pipe or device"):
        load_model(tmp_path / "pipe")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model.joblib"
    old = save_model(SMALL, path)
    tmp_path.chmod(0o555)
    os.seteuid(65534)
    try:
        with pytest.raises(OutputError, match="cannot be written: Permission denied"):
            save_model(SMALL, path)
    finally:
        os.seteuid(0)
    assert same(load_model(path), old)


TERMS_OF_TEXTS = st.lists(
    st.sampled_from((*JOINED, "x", "r", "the", "engineer", "/", " ", "a/bc", "data")), max_size=8
).map("".join)


@pytest.mark.slow
@given(st.one_of(TEXTS, TERMS_OF_TEXTS))
def test_every_term_of_a_text_may_stand_in_a_model(text: str) -> None:
    made = {term for term in ngrams(tokenize(text), 3) if term.isascii()}
    assert not made or terms.read("\n".join(sorted(made))) == tuple(sorted(made))


ODD_TERMS = ["the", "engineer", "a", "x", "Build", "a_b", "build ", "build  it", "x|y", "c+", "x++"]


@pytest.mark.parametrize("term", ODD_TERMS)
def test_a_term_the_tokeniser_never_makes_is_refused(term: str) -> None:
    with pytest.raises(ModelFileError, match="no posting can hold its term"):
        terms.read(f"build\n{term}\nmodels")


@pytest.mark.parametrize("number", range(1, model_document.FORMAT + 1))
def test_a_kept_file_of_each_format_is_read_for_ever(number: int) -> None:
    """No file in tests/kept is ever written anew; a new format gets a folder of its own."""
    kept = Path(__file__).parents[1] / "kept" / f"format-{number}"
    assert versions.difference(kept) <= versions.SAME


@pytest.mark.slow
def test_a_model_written_now_is_read_with_equal_answers(tmp_path: Path) -> None:
    versions.write(tmp_path)
    assert versions.difference(tmp_path) <= versions.SAME


def test_terms_that_no_keys_tell_apart_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "multipliers", lambda windows, _: np.ones(windows, np.uint64))
    document = to_document(SMALL)
    made = ["aaaaaaabaaaaaaaa", "aaaaaaaaaaaaaaab"]  # equal sums of their halves
    document["terms"] = "\n".join(sorted([*document["terms"].split("\n")[2:], *made]))
    (tmp_path / "made.joblib").write_bytes(dumped(document))
    with pytest.raises(ModelFileError, match="cannot be told apart"):
        load_model(tmp_path / "made.joblib")
