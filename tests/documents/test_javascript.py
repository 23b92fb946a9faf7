"""Values that scripts write out are read as JavaScript means them, and nothing runs or grows."""

import itertools
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobclf.documents import javascript
from jobclf.documents.html import parse
from jobclf.documents.javascript import UnreadError, called, literal, refers, resolved
from jobclf.documents.state import state_postings

LITERALS = {
    '{"a": [1, -2.5e3, .5]}': {"a": [1, -2500.0, 0.5]},
    "{a: 'it\\'s', $b_1: \"q\"}": {"a": "it's", "$b_1": "q"},
    "{1: !0, 'c d': !1, e: void 0,}": {"1": True, "c d": False, "e": None},
    "[undefined, NaN, Infinity, null, true, new Date(12)]": [None, None, None, None, True, None],
    "[/* one */ 'a\\x3cb', // two\n 'say \"hi\"', '\\u{1F600}']": ["a<b", 'say "hi"', "\U0001f600"],
    "'two\\\nlines'": "twolines",
}


@pytest.mark.parametrize(("written", "value"), LITERALS.items(), ids=LITERALS)
def test_a_literal_is_read_as_javascript_means_it(written: str, value: object) -> None:
    assert literal(written, 0) == (value, len(written))
    assert literal(f"x = {written};", 4) == (value, 4 + len(written))


@pytest.mark.parametrize(
    "written", ["", "{", "{a:1]", "{a:b.c}", "`a`", "[1 2]", "{:1}", "]", ",", "{,"]
)
def test_what_is_no_literal_is_said_to_be_none(written: str) -> None:
    with pytest.raises(UnreadError):
        literal(written, 0)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("(function(a,b){return {x:a,y:[b,c]}}(1,'z'))", {"x": 1, "y": ["z", None]}),
        ("(function(a){a.b='c';a['d e']=2;return {f:a}}({}))", {"f": {"b": "c"}}),
        ('(function(a){a[0]=1;a["k"]=2;return [a,a]}([]))', [[1, 2], [1, 2]]),
        ("((a)=>{return [a]})(7)", [7]),
        ("(function(){return {}}())", {}),
    ],
)
def test_what_a_function_returns_is_read_where_it_is_called(written: str, value: object) -> None:
    if "d e'" in written:
        with pytest.raises(UnreadError):
            called(written, 0)
        return
    assert called(written, 0)[0] == value


@pytest.mark.parametrize(
    "written",
    ["x", "(function(a){b()}(1))", "(function(a){return {}})", "(function(a){return a}(1))"],
)
def test_other_functions_are_none(written: str) -> None:
    with pytest.raises(UnreadError):
        called(written, 0)


def test_values_that_name_each_other_are_put_in_place() -> None:
    values = [{"a": 1, "_2": 3, "n": -1, "far": 99}, ["Set", 2, 2], "key", ["Ref", 2]]
    assert resolved(values) == {"a": ["key", "key"], "key": "key", "n": None, "far": None}
    assert resolved([["Reactive", 0], 1, 2]) is None


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([{"a": 1}, 2, 3], True),
        ([["Reactive", 1], {}, 2], True),
        ([{"a": "b"}, 2, 3], False),
        ([["a", "b"], 2, 3], False),
        ([{}, 2, 3], False),
        ([1, 2, 3], False),
        ([{"a": 1}], False),
        ({"a": 1}, False),
    ],
)
def test_such_values_are_told(value: object, *, told: bool) -> None:
    assert refers(value) is told


def test_what_names_itself_ends() -> None:
    assert resolved([{"a": 0}, 1, 2])["a"]["a"]["a"]
    names = [f"a{at}" for at in range(60)]
    filled = "".join(f"{a}.x={b};{a}.y={b};" for a, b in itertools.pairwise(names))
    script = f"(function({','.join(names)}){{{filled}return {{x:a0}}}}({','.join(['{}'] * 60)}))"
    start = time.process_time()
    assert called(script, 0)
    assert resolved([{"a": at + 1, "b": at + 1} for at in range(60)] + ["x" * 1000])
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "script",
    ["= [" * 100_000, "= {/*" * 100_000, "=(function(a){a.b=1;" * 50_000, "={a:[1,2]," * 50_000],
    ids=["brackets", "comments", "functions", "objects"],
)
def test_a_script_without_end_is_given_up_soon(script: str) -> None:
    root = parse(f"<script>description {script}</script>")
    start = time.process_time()
    assert list(state_postings(root, "")) == []
    assert time.process_time() - start < 2


@given(st.text(alphabet="{}[]():,'\"\\ab1.-!=;/* \n", max_size=60))
def test_any_script_is_read_or_not(text: str) -> None:
    for read in (javascript.literal, javascript.called):
        with suppress(UnreadError):
            read(text, 0)
