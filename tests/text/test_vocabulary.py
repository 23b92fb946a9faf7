"""A seed file is sound or refused, with the term or table named."""

import re
from pathlib import Path
from typing import Any

import pytest

from jobclf import limits
from jobclf.errors import SeedError
from jobclf.roles import Role
from jobclf.text.tokens import BREAK, tokenize
from jobclf.text.vocabulary import load, parse
from jobclf.training import features


def content(**lists: list[Any]) -> dict[str, Any]:
    """Return the content of a sound seed file with some of its lists replaced."""
    return {
        "data_scientist": {
            "responsibilities": {"duties": lists.get("ds_duties", ["explore data"])},
            "skills": {"skillset": lists.get("ds_skills", ["statistics"])},
        },
        "ml_engineer": {
            "responsibilities": {"duties": lists.get("mle_duties", ["deploy models"])},
            "skills": {"skillset": lists.get("mle_skills", ["docker"])},
        },
        "shared": {"both": lists.get("shared", ["python"])},
    }


def test_a_sound_file_gives_its_terms_with_role_kind_and_section() -> None:
    seeds = parse(content())
    assert len(seeds) == 5
    assert next((seed.term, seed.role, seed.kind, seed.section) for seed in seeds) == (
        "explore data",
        Role.DATA_SCIENTIST,
        "responsibilities",
        "duties",
    )
    assert next(seed for seed in seeds if seed.term == "python").role is None


REFUSED = {
    "empty": ({"ds_duties": [""]}, "'' has no word"),
    "marks alone": ({"ds_duties": ["--"]}, "'--' has no word"),
    "a crumb": ({"ds_duties": ["x"]}, "'x' has no word"),
    "too long": ({"mle_duties": ["put the models in production"]}, "longer than 4 words"),
    "a title": ({"mle_skills": ["ML engineer"]}, "'ML engineer' holds a role title"),
    "furniture": ({"mle_skills": ["apply now"]}, "'apply now' holds a role title or page"),
    "a number": ({"ds_skills": [7]}, "7 is no text"),
    "in both roles": ({"mle_skills": ["Statistics"]}, "'statistics' stands twice"),
    "role and shared": ({"shared": ["docker"]}, "'docker' stands twice"),
    "twice in one role": ({"ds_duties": ["statistics"]}, "'statistics' stands twice"),
    "no list": ({"ds_skills": "statistics"}, "skills.skillset is no list"),
    "nothing": (
        {"ds_duties": [], "ds_skills": [], "mle_duties": [], "mle_skills": []},
        "no term for either role",
    ),
}


@pytest.mark.parametrize(("lists", "fact"), REFUSED.values(), ids=REFUSED.keys())
def test_a_fault_is_named(lists: dict[str, Any], fact: str) -> None:
    with pytest.raises(SeedError, match=re.escape(fact)):
        parse(content(**lists))


@pytest.mark.parametrize("role", ["data_scientist", "ml_engineer"])
@pytest.mark.parametrize("kind", ["responsibilities", "skills"])
def test_a_missing_table_is_named(role: str, kind: str) -> None:
    broken = content()
    del broken[role][kind]
    with pytest.raises(SeedError, match=rf"no \[{role}\.{kind}\]"):
        parse(broken)


@pytest.mark.parametrize(
    "broken",
    [
        {"data_scientist": 3},
        {"shared": ["python"]},
        {"stems": 3},
        {"stems": {"not_forms": 3}},
        {"source": 3},
        {"source": {"title": 3}},
        {"general": 3},
        {"general": {"terms": 3}},
    ],
    ids=str,
)
def test_a_table_of_the_wrong_kind_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(SeedError, match=r"does not hold|holds what|there is no"):
        parse(content() | broken)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"none\.toml: it does not exist"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize("text", [b"[data_scientist", b"\xff\xfe\x00"], ids=["toml", "encoding"])
def test_an_unreadable_file_is_named(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(text)
    with pytest.raises(SeedError, match=r"broken\.toml: it is no readable TOML"):
        load(path)


def test_a_folder_is_no_seed_file(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match="no readable TOML"):
        load(tmp_path)


def test_the_shipped_seeds_serve_both_roles_and_both_kinds() -> None:
    seeds = load()
    assert {(seed.role, seed.kind) for seed in seeds} == {
        *((role, kind) for role in (Role.DATA_SCIENTIST, Role.ML_ENGINEER)
          for kind in ("responsibilities", "skills")),
        (None, "shared"),
    }  # fmt: skip


def test_the_shipped_seeds_are_written_as_the_tokeniser_sees_them() -> None:
    for seed in load():
        assert " ".join(tokenize(seed.term)) == seed.term
        assert BREAK not in seed.term
        assert seed.section


def test_a_general_term_is_of_the_vocabulary_and_makes_no_prior() -> None:
    with pytest.raises(SeedError, match="'teamwork' is general and in no list"):
        parse(content() | {"general": {"terms": ["teamwork"]}})
    seeds = parse(content() | {"general": {"terms": ["Docker"]}})
    assert {"docker"} == seeds.general < {seed.term for seed in seeds}
    assert features.seed_signs(seeds, ["docker", "statistics"]).tolist() == [0.0, -1.0]
    assert "docker" not in features.seed_terms(seeds)


def test_a_term_is_as_long_as_a_model_may_know() -> None:
    letters = "x" * limits.TERM
    assert letters in {seed.term for seed in parse(content() | {"shared": {"a": [letters]}})}
    with pytest.raises(SeedError, match=f"'{'x' * 20}'… is longer than {limits.TERM} characters"):
        parse(content() | {"shared": {"a": [letters + "x"]}})
