"""HTML: the job postings in a page, and the text in a piece of it."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from jobclf.documents.html import line, parse, text_in, tidy
from jobclf.documents.posting import Posting
from jobclf.errors import PostingError

# fmt: off
# Elements that never hold the text of a posting.
_SKIPPED = frozenset({
    "script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "head",
    "button", "select", "option", "textarea", "input", "label", "dialog",
})
_FRAME = frozenset({
    "nav", "header", "footer", "aside", "form",
})  # the page around its main text
_FRAME_ROLES = frozenset({
    "navigation", "banner", "contentinfo", "complementary", "search", "dialog",
})
_BLOCKS = frozenset({
    "address", "article", "blockquote", "body", "dd", "div", "dl", "dt", "fieldset", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
    "ol", "p", "pre", "section", "table", "tbody", "thead", "tr", "ul", "br",
})
_LISTS = frozenset({
    "ul", "ol", "dl", "table",
})
# fmt: on
_LINKED = 0.6  # share of a list's letters in links above which it is a menu
_LEAST = 300  # letters below which an element is not the main text
_MOST_POSTINGS = 1000  # of a page
_LARGEST_SCRIPT = 4 * 2**20  # letters of JSON-LD; read as JSON it takes many times as much

# Where well-known job boards put a posting, the surest first.
_DESCRIPTIONS = (
    "//*[@id='jobDescriptionText']",
    "//*[contains(@class,'show-more-less-html__markup')]",
    "//*[contains(@class,'jobs-description__content')]",
    "//*[@data-ui='job-description' or @data-qa='job-description']",
    "//*[contains(@class,'job__description') or contains(@class,'job-description')]",
    "//*[contains(@class,'_descriptionText')]",
)
_AFTER = re.compile(
    r"\n(?:similar|related|other|more|recommended) (?:jobs|openings|roles|positions|vacancies)\b"
    r"|\n(?:people also viewed|you may also like|jobs you may like)\b",
    re.IGNORECASE,
)
_LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?>.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body|main|article|div"
    r"|section|script|p|h[1-6]|ul|table|span)\b",
    re.IGNORECASE | re.DOTALL,
)
_MORE_FIELDS = (
    "responsibilities", "qualifications", "skills", "experienceRequirements",
    "educationRequirements",
)  # fmt: skip


def is_page(text: str) -> bool:
    """Tell whether a text starts as an HTML page does."""
    return _LOOKS_LIKE_HTML.match(text[:4000]) is not None


def postings(page: str) -> tuple[Posting, ...]:
    """Return the postings of a page: its JSON-LD, else its microdata, else its main text."""
    root = parse(page)
    for reader in (_json_ld, _microdata, _main):
        found = tuple(islice(reader(root), _MOST_POSTINGS + 1))
        if len(found) > _MOST_POSTINGS:
            raise PostingError(f"the page holds over {_MOST_POSTINGS:,} postings; split it")
        if found:
            return tuple(dict.fromkeys(found))
    raise PostingError("the page has no text; save it again once it has loaded")


def _json_ld(root: Any) -> Iterator[Posting]:
    import json

    for script in root.iter("script"):
        content = script.text or ""
        if "ld+json" not in (script.get("type") or "").lower() or len(content) > _LARGEST_SCRIPT:
            continue
        content = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[)|(?:-->|//\]\]>)\s*$", "", content)
        try:
            value = json.loads(content.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _job_items(value):
            posting = _from_item(item)
            if posting is not None:
                yield posting


def _job_items(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the `JobPosting` objects inside any JSON, in order."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            kinds = here.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(str(name).rsplit("/", 1)[-1] == "JobPosting" for name in names):
                yield here
            else:
                waiting.extend(reversed(here.values()))
        elif isinstance(here, list):
            waiting.extend(reversed(here))


def _from_item(item: dict[str, Any]) -> Posting | None:
    text = _value_text(item.get("description"))
    if not text:
        return None
    for name in _MORE_FIELDS:
        more = _value_text(item.get(name))
        if more and more not in text:
            text = f"{text}\n{more}"
    organisation = item.get("hiringOrganization")
    if isinstance(organisation, dict):
        organisation = organisation.get("name")
    title = _value_text(item.get("title")) or _value_text(item.get("name"))
    return Posting(text, line(title), line(_value_text(organisation)))


def _value_text(value: Any) -> str:
    texts, waiting = [], [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, list):
            waiting.extend(reversed(here))
        elif isinstance(here, str):
            texts.append(text_in(here))
    return "\n".join(filter(None, texts))


def _microdata(root: Any) -> Iterator[Posting]:
    wanted = {"description", *_MORE_FIELDS, "title", "name", "hiringOrganization"}
    of_jobs = "@itemscope and contains(@itemtype, 'schema.org/JobPosting')"
    for item in root.xpath(f"//*[{of_jobs}][not(ancestor::*[{of_jobs}])]"):
        fields: dict[str, list[str]] = {}
        inside: dict[Any, set[str]] = {item: set()}  # the names that each element stands in
        for element in item.iterdescendants("*"):
            above = inside[element.getparent()]
            names = wanted.intersection((element.get("itemprop") or "").split()) - above
            scope = element.get("itemscope") is not None
            inside[element] = wanted if scope else above | names if names else above
            if names:
                named = scope and element.xpath(".//*[@itemprop='name']")  # of an organisation
                text = element.get("content") or _bare_text(named[0] if named else element)
                for name in names:
                    fields.setdefault(name, []).append(text)
        if any(fields.get("description", ())):
            names_of_text = ("description", *_MORE_FIELDS)
            texts = dict.fromkeys(text for name in names_of_text for text in fields.get(name, ()))
            title = (fields.get("title") or fields.get("name") or [""])[0]
            company = (fields.get("hiringOrganization") or [""])[0]
            yield Posting("\n".join(texts), line(title), line(company))


def _main(root: Any) -> Iterator[Posting]:
    for path in _DESCRIPTIONS:
        text = "\n".join(_own_text(element) for element in _outermost(root.xpath(path)))
        if len(text) >= _LEAST:
            break
    else:
        mains = _outermost(root.xpath("//main | //*[@role='main'] | //article"))
        text = max(map(_own_text, mains), key=len, default="")
        if len(text) < _LEAST:
            text = _own_text(root)
    after = _AFTER.search(text, min(_LEAST, len(text)))
    text = text[: after.start()] if after else text
    if text:
        yield Posting(text, _heading(root))


def _bare_text(element: Any) -> str:
    return tidy("".join(_pieces(element, frozenset())))


def _outermost(elements: list[Any]) -> list[Any]:
    chosen = set(elements)
    return [each for each in elements if not any(up in chosen for up in each.iterancestors())]


def _own_text(element: Any) -> str:
    return tidy("".join(_pieces(element, frozenset(_menus(element)))))


def _heading(root: Any) -> str | None:
    for path in ("//h1", "//title"):
        for element in root.xpath(path):
            text = line(" ".join(element.itertext()))
            if text:
                return text
    return None


def _menus(root: Any) -> Iterator[Any]:
    """Yield the lists that are mostly links."""
    letters: dict[Any, list[int]] = {}
    for element in reversed(list(root.iter("*"))):  # children before their parents
        own, linked = letters.setdefault(element, [0, 0])
        own += len((element.text or "").strip())
        linked = own if element.tag == "a" else linked
        if element.tag in _LISTS and linked > _LINKED * own:
            yield element
        parent = element.getparent()
        if parent is not None:
            above = letters.setdefault(parent, [0, 0])
            above[0] += own + len((element.tail or "").strip())
            above[1] += linked


def _pieces(element: Any, menus: frozenset[Any]) -> Iterator[str]:
    """Yield the text of an element and line breaks, without what is no text or not shown."""
    block = element.tag in _BLOCKS
    if block:
        yield "\n- " if element.tag == "li" else "\n"
    elif element.tag in {"td", "th"}:
        yield " "
    yield re.sub(r"\s+", " ", element.text or "") if element.tag != "pre" else element.text or ""
    for child in element:
        if isinstance(child.tag, str) and not _left_out(child, menus):
            yield from _pieces(child, menus)
        yield re.sub(r"\s+", " ", child.tail or "")
    if block:
        yield "\n"


def _left_out(element: Any, menus: frozenset[Any]) -> bool:
    if element.tag in _SKIPPED or element in menus or element.get("hidden") is not None:
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    if "display:none" in style or "visibility:hidden" in style:
        return True
    if element.tag not in _FRAME and element.get("role") not in _FRAME_ROLES:
        return False
    # A posting's own <header> inside an <article> is short; one that holds it all is a mistake.
    letters = 0
    return not any((letters := letters + len(text)) >= 10 * _LEAST for text in element.itertext())
