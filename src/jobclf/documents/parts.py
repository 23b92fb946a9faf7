"""The parts of one posting put together, each once."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, NamedTuple

from jobclf.documents import rich_text
from jobclf.documents.html import has_markup, line, text_in, tidy
from jobclf.documents.names import (
    COMPANIES,
    HEADINGS,
    NAMINGS,
    OBJECTS,
    PART_OF,
    SAID,
    SAYINGS,
    SECTION_BODIES,
    SECTION_HEADINGS,
    SECTIONS,
    TEXT_IS_TITLE,
    TITLES,
    WRAPPERS,
    known_name,
    plain_name,
)
from jobclf.text.lines import Section, section_named

_DEEPEST = 6  # wrappers within wrappers, and lists in lists of a part


_LONGEST_TITLE = 250  # letters; what is longer is a text


_LONGEST_LITERAL = 100_000  # letters of a list written as text


_MOST_SECTIONS = 500


SECTION_PART = 2  # where sections stand that have a heading of their own


_LAST_PARTS = frozenset(map(HEADINGS.index, ("Benefits", "The team", "Company")))


_COVERED = 0.8  # share of a part's word triples in the text so far, from which it is said already


_STEM = 5  # letters that a word is known by in another form of a text


TITLE_RANKS = {name: rank for rank, name in enumerate(TITLES)}


COMPANY_RANKS = {name: rank for rank, name in enumerate(COMPANIES)}


LEAST_PROSE = 40  # letters of a text under a key that says nothing


_NO_TEXT = frozenset({"nan", "none", "null", "n/a", "[]", "{}", "-"})


class Joined(NamedTuple):
    """The parts of a posting put together, and the keys that they came from."""

    text: str
    title: str | None = None
    company: str | None = None
    used: tuple[str, ...] = ()


class _Part(NamedTuple):
    number: int  # in the table of parts
    heading: str
    value: Any
    key: str  # of the outermost mapping


def join_parts(fields: Mapping[str, Any]) -> Joined:
    r"""Put the text parts of one posting together, each once, benefits and the team last.

    What a key says of the company is left out where there is anything else.

    Parameters
    ----------
    fields : mapping
        Keys as a board or a table calls them, compared without case and marks; values of any kind:
        text, HTML, lists of texts, lists of sections, objects that hold a text.

    >>> joined = join_parts({"Job Title": "Baker", "Description": "We bake.", "Tasks": ["Knead"]})
    >>> joined.title, joined.text, joined.used
    ('Baker', 'We bake.\nResponsibilities\nKnead', ('Job Title', 'Description', 'Tasks'))
    """
    titles: dict[int, tuple[str, str]] = {}
    companies: dict[int, tuple[str, str]] = {}
    parts: list[_Part] = []
    by_text = text_is_title(fields)
    for key, name, value in named_fields(fields):
        if name in TITLE_RANKS or (name == "text" and by_text):
            if said := title_of(value):
                titles.setdefault(TITLE_RANKS.get(name, 0), (said, key))
        elif name in COMPANY_RANKS:
            if said := _name(value):
                companies.setdefault(COMPANY_RANKS[name], (said, key))
        elif name in PART_OF:
            parts.extend(sections_in(value, key) or [_Part(PART_OF[name], "", value, key)])
        elif name in SECTIONS:
            parts.extend(sections_in(value, key))
    text, used = _joined(parts)
    title, of_title = min(titles.items(), default=(0, (None, "")))[1]
    company, of_company = min(companies.items(), default=(0, (None, "")))[1]
    order = [key for key in fields if key in {*used, of_title, of_company}]
    return Joined(text, title, company, tuple(order))


def join_in_order(fields: Mapping[str, Any]) -> str:
    r"""Put texts together in the order given, each once, under the headings that are known.

    >>> join_in_order({"more": "We bake.", "Tasks": ["Knead"], "again": "we bake"})
    'We bake.\nResponsibilities\nKnead'
    """
    return _once([(_heading(key), _text(fields[key]), key) for key in fields])[0]


def _heading(key: str) -> str:
    """Return what stands above the text of a key: its part, or itself where it names one."""
    if part := HEADINGS[PART_OF.get(known_name(key), 0)]:
        return part
    return heading_in(key) if names_part(key) else ""


def heading_in(key: str) -> str:
    """Return a key as a heading.

    >>> heading_in("skills_they_must_have")
    'Skills they must have'
    """
    words = " ".join(re.findall(r"[^\W_]+(?:['\u2019]\w+)?", key))
    return words[:1].upper() + words[1:]


def names_part(key: str) -> bool:
    """Tell whether a key that is not known says that duties or requirements follow."""
    return section_named(heading_in(key)) in {Section.DUTIES, Section.REQUIREMENTS}


def text_is_title(fields: Mapping[Any, Any]) -> bool:
    """Tell whether an object is of a shape whose field `text` holds the title."""
    called = {plain_name(key) for key in fields if isinstance(key, str)}
    return any(shape <= called for shape in TEXT_IS_TITLE)


def named_fields(fields: Mapping[Any, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield the outermost key, known name and value of each field, those in wrappers last."""
    level: list[tuple[str, Mapping[Any, Any]]] = [("", fields)]
    for _ in range(_DEEPEST):
        inner: list[tuple[str, Mapping[Any, Any]]] = []
        for above, mapping in level:
            for key, value in mapping.items():
                if not isinstance(key, str) or value is None or isinstance(value, bool | float):
                    continue
                plain = plain_name(key)
                if isinstance(value, Mapping) and plain in WRAPPERS and _wraps(plain, value):
                    inner.append((above or key, value))
                else:
                    name = known_name(key) or plain
                    if isinstance(value, Mapping):
                        name = OBJECTS.get(name, name)
                    yield above or key, name, value
        level = inner


def _wraps(name: str, value: Mapping[Any, Any]) -> bool:
    """Tell whether an object holds parts of the posting around it, and is none itself."""
    if rich_text.is_document(value):
        return False
    keys = [key for key in value if isinstance(key, str)]
    parts = any(known_name(key) in PART_OF or plain_name(key) in SECTIONS for key in keys)
    if name in PART_OF and not parts:
        says = any(isinstance(value[key], str) and plain_name(key) in SAID for key in keys)
        return not says
    return not _says(value)


def _says(value: Mapping[Any, Any]) -> bool:
    """Tell whether an object says one thing, as `{"text": …}` does, and is no wrapper."""
    keys = {plain_name(key) for key in value if isinstance(key, str)}
    return bool(keys & {"text", "html", "plaintext", "@value", "en", "enus", "content"}) and not (
        keys & {"title", "jobtitle", "name"} - {"title"} or keys & {"description", "jobdescription"}
    )


def sections_in(value: Any, key: str) -> list[_Part]:
    """Return the sections in a list of objects that each have a heading and a text."""
    if not isinstance(value, list):
        return []
    found = []
    for each in value[:_MOST_SECTIONS]:
        if not isinstance(each, Mapping):
            return []
        names = {plain_name(name): name for name in each if isinstance(name, str)}
        heading = next((names[name] for name in SECTION_HEADINGS if name in names), None)
        body = next(
            (names[name] for name in SECTION_BODIES if name in names and names[name] != heading),
            None,
        )
        if heading is None or body is None:
            return []
        called = _name(each[heading]) or ""
        called = called[:1].upper() + called[1:]
        number = PART_OF.get(known_name(called), SECTION_PART)
        number = number if number in _LAST_PARTS or not number else SECTION_PART
        found.append(_Part(number, called if number else "", each[body], key))
    return found


def _is_of_posting(part: _Part) -> bool:
    """Tell a part from what a key says of the company; a section stands in the posting itself."""
    return bool(part.heading) or part.number != PART_OF["companydescription"]


def _joined(parts: list[_Part]) -> tuple[str, set[str]]:
    """Return the text of parts in their order, each once, and the keys of those that are in it."""
    said = [(part, text) for part in parts if (text := _text(part.value))]
    said = [each for each in said if _is_of_posting(each[0])] or said
    # Of several forms of one part the fullest comes first, and what it holds is left out.
    said.sort(key=lambda each: (each[0].number, -len(each[1]) if not each[0].heading else 0))
    return _once([(part.heading or HEADINGS[part.number], text, part.key) for part, text in said])


def _once(said: list[tuple[str, str, str]]) -> tuple[str, set[str]]:
    """Join texts, each with its heading and key, but for those that are said already."""
    said = [each for each in said if each[1] and each[1].lower() not in _NO_TEXT]
    pieces: list[str] = []
    used: set[str] = set()
    triples: set[tuple[str, ...]] = set()
    stems: set[str] = set()
    for number, (heading, text, key) in enumerate(said):
        words = re.findall(r"\w+", text.lower()) if len(said) > 1 else []
        words = words[:-1] if text.endswith(("…", "...")) else words  # cut within a word
        own = {tuple(words[at : at + 3]) for at in range(max(1, len(words) - 2))}
        # Another form of the whole text may be without its small words and endings.
        begun = set() if heading else {word[:_STEM] for word in words if len(word) >= _STEM}
        again = len(own & triples) >= _COVERED * len(own)
        again = again or (not heading and len(begun & stems) >= _COVERED * len(begun))
        if number and again:
            continue
        triples |= own
        stems |= begun
        if pieces and heading and not text.lower().startswith(heading.lower()):
            pieces.append(heading)
        pieces.append(text)
        used.add(key)
    return "\n".join(pieces), used


def _text(value: Any) -> str:
    """Return the text of a value of any kind, HTML as its text, a line for each of a list."""
    texts = [text for text in strings_in(value, 0) if text.strip()]
    if not any(map(has_markup, texts)):
        return tidy(text_in("\n".join(texts)))
    # Parsed once, however many there are.
    return text_in(
        "<br>".join(
            text if has_markup(text) or len(texts) == 1 else escape(text).replace("\n", "<br>")
            for text in texts
        )
    )


def strings_in(value: Any, depth: int) -> Iterator[str]:
    """Yield the texts in a value: of an object what it says, of a list what each says."""
    if depth >= _DEEPEST:
        return
    if isinstance(value, str):
        inner = literal_in(value)
        if inner is None:
            yield value
        else:
            yield from strings_in(inner, depth + 1)
    elif isinstance(value, list | dict) and (lines := rich_text.lines_in(value)) is not None:
        yield from lines
    elif isinstance(value, list | tuple):
        for each in value:
            yield from (each,) if isinstance(each, str) else strings_in(each, depth + 1)
    elif isinstance(value, Mapping):
        yield from _said_in(value, depth)


def _said_in(value: Mapping[Any, Any], depth: int) -> Iterator[str]:
    """Yield what an object says under the keys for that, else its texts that are long enough."""
    names = {plain_name(key): key for key in value if isinstance(key, str)}
    for group in SAYINGS:
        said = [
            each
            for name in group
            if name in names
            for each in strings_in(value[names[name]], depth + 1)
        ]
        if said:
            yield from said
            return
    for each in value.values():
        texts = [*strings_in(each, depth + 1)]
        if sum(map(len, texts)) >= LEAST_PROSE:
            yield from texts


def literal_in(text: str) -> Any:
    """Return the list or object that a text writes out, as exports of tables do; None for none."""
    text = text.strip()
    if text[:1] + text[-1:] not in {"[]", "{}"}:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        try:
            value = ast.literal_eval(text) if len(text) <= _LONGEST_LITERAL else None
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    return value if isinstance(value, list | dict) else None


def title_of(value: Any) -> str | None:
    """Return the title that a value names; what is long is a text, what names a part a heading."""
    said = _name(value)
    if said is None or len(said) > _LONGEST_TITLE or known_name(said) in PART_OF:
        return None
    return said


def _name(value: Any) -> str | None:
    """Return the title or company that a value names; a number is none."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, Mapping):
        names = {plain_name(key): key for key in value if isinstance(key, str)}
        value = [value[names[name]] for name in NAMINGS if name in names]
    for text in strings_in(value, 0):
        said = line(text_in(text[: 4 * _LONGEST_TITLE]))
        if said and said.lower() not in _NO_TEXT and not said.isdigit():
            return said
    return None
