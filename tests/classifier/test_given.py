"""What is given as a text is a text, or is told from one by what takes it."""

import pytest

from jobclf.classifier.given import check_str, is_share


@pytest.mark.parametrize("value", [0.001, 0.5, 0.999])
def test_a_share_lies_between_nought_and_one(value: float) -> None:
    assert is_share(value)


@pytest.mark.parametrize("value", [-0.5, 0, 0.0, 1, 1.0, 1.5, float("nan"), "0.5", None])
def test_nothing_else_is_a_share(value: object) -> None:
    assert not is_share(value)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (b"a", ""),
        (bytearray(b"a"), ""),
        (7, ""),
        (["a"], "; predict_many takes many texts, predict_table a frame"),
        ({"a"}, "; predict_many takes many texts, predict_table a frame"),
    ],
    ids=str,
)
def test_what_is_no_text_is_told_what_takes_it(value: object, hint: str) -> None:
    with pytest.raises(TypeError) as refused:
        check_str(value, "text")
    assert str(refused.value) == f"text must be str, not {type(value).__name__}{hint}"


def test_a_title_may_be_missing_and_a_text_may_not() -> None:
    check_str(None, "title", optional=True)
    with pytest.raises(TypeError, match=r"^title must be str or None, not int$"):
        check_str(1, "title", optional=True)
    with pytest.raises(TypeError, match=r"^text must be str, not NoneType$"):
        check_str(None, "text")
