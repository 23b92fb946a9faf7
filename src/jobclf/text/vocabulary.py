"""The article's vocabulary: what it gives to either role, and what it asks of both."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jobclf import limits
from jobclf.errors import Reason, SeedError
from jobclf.roles import SEED_LISTS, Role
from jobclf.text.tokens import BREAK, tokenize

_LONGEST = 4  # words in a seed term


@dataclass(frozen=True, slots=True)
class Seed:
    """One term of the article: `role` is None for what it asks of both roles."""

    term: str
    role: Role | None
    kind: str
    section: str


@dataclass(frozen=True, slots=True)
class Seeds:
    """The checked vocabulary, and words that share a seed's stem but not its sense.

    `general` are terms of it that postings of every kind use: no prior is made of them. `source`
    names the article that it comes from, "" where the file does not say.
    """

    terms: tuple[Seed, ...]
    not_forms: frozenset[str]
    source: str = ""
    general: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[Seed]:
        return iter(self.terms)

    def __len__(self) -> int:
        return len(self.terms)


@cache
def load(path: Path | None = None) -> Seeds:
    """Read and check a seed file; without a path, the one that comes with the package."""
    import tomllib
    from importlib.resources import files

    source = path or files("jobclf.text").joinpath("seeds.toml")
    try:
        return parse(tomllib.loads(source.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise SeedError(
            "it does not exist",
            "name a seed file that does",
            reason=Reason.NOT_FOUND,
            path=str(source),
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        fact = f"it is no readable TOML: {error}"
        raise SeedError(fact, "correct it", path=str(source)) from None
    except SeedError as error:
        raise error.at(path=str(source)) from None


def parse(content: dict[str, Any]) -> Seeds:
    """Check the content of a seed file and return it as seeds."""
    found: list[Seed] = []
    for role, kind in SEED_LISTS:
        found += _listed(_table(content, role, kind), role, kind)
    found += _listed(content.get("shared", {}), None, "shared")
    if not any(seed.role for seed in found):
        raise SeedError("there is no term for either role", "add some under [data_scientist.*]")
    _check_unique(found)
    return Seeds(
        tuple(found),
        _not_forms(content.get("stems", {})),
        _source(content),
        _general(content.get("general", {}), found),
    )


def _general(table: Any, found: list[Seed]) -> frozenset[str]:
    terms = table.get("terms", []) if isinstance(table, dict) else None
    if not isinstance(terms, list):
        raise SeedError("[general] does not hold `terms`, a list", "write them as a list")
    general = frozenset(map(_checked, terms))
    if unknown := general - {seed.term for seed in found}:
        raise SeedError(f"{min(unknown)!r} is general and in no list", "add it to one")
    return general


def _source(content: dict[str, Any]) -> str:
    table = content.get("source", {})
    names = ("title", "publisher")
    parts = [table.get(name, "") for name in names] if isinstance(table, dict) else [None]
    if not all(isinstance(part, str) for part in parts):
        raise SeedError("[source] holds what is no text", "write `title` and `publisher` in quotes")
    return ", ".join(filter(None, parts))


def _not_forms(table: Any) -> frozenset[str]:
    words = table.get("not_forms", []) if isinstance(table, dict) else None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise SeedError("[stems] does not hold `not_forms`, a list", "write words as a list")
    return frozenset(words)


def _table(content: dict[str, Any], role: Role, kind: str) -> Any:
    try:
        return content[role][kind]
    except (KeyError, TypeError):
        raise SeedError(f"there is no [{role}.{kind}]", "add it") from None


def _listed(table: Any, role: Role | None, kind: str) -> Iterator[Seed]:
    if not isinstance(table, dict):
        raise SeedError(f"[{kind}] does not hold sections", "write lists of terms by section")
    for section, terms in table.items():
        if not isinstance(terms, list):
            raise SeedError(f"{kind}.{section} is no list", "write its terms as a list")
        for term in terms:
            yield Seed(_checked(term), role, kind, section)


def _checked(term: object) -> str:
    if not isinstance(term, str):
        raise SeedError(f"{term!r} is no text", "write terms in quotes")
    words = tokenize(term)
    if BREAK in words:
        raise SeedError(f"{term!r} holds a role title or page boilerplate", "leave it out")
    if not words:
        raise SeedError(f"{term!r} has no word that the tokeniser keeps", "leave it out")
    if len(words) > _LONGEST:
        raise SeedError(f"{term!r} is longer than {_LONGEST} words", "shorten it")
    joined = " ".join(words)
    if len(joined) > limits.TERM:
        fact = f"{joined[:20]!r}… is longer than {limits.TERM} characters"
        raise SeedError(fact, "shorten it")
    return joined


def _check_unique(found: list[Seed]) -> None:
    seen: dict[str, Seed] = {}
    for seed in found:
        other = seen.setdefault(seed.term, seed)
        if other is not seed:
            where = f"{other.role or 'shared'} and {seed.role or 'shared'}"
            raise SeedError(f"{seed.term!r} stands twice ({where})", "keep one")
