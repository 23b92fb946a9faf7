"""What a page says instead of a posting: that it is closed, or that nobody may see it."""

import re

from jobclf.text.job_lists import asks
from jobclf.text.patterns import pattern

_JOB = (
    r"(?:job|position|posting|role|vacancy|requisition|opening|advert(?:isement)?|listing|offer"
    r"|opportunity|ad)"
)
_CLOSED = pattern(
    r"^\W*(?:we.?re sorry\W+|sorry\W+|oops\W+|unfortunately\W+|note:? )?(?:but )?(?:(?:"
    rf"(?:(?:this|the|that) )?(?:\w+ )?{_JOB}(?: {_JOB}| you\S*(?: are)? (?:looking|searching) for"
    r"| you (?:requested|selected|clicked on))*"
    r",?(?: is| has| was| are)?(?: now| been| already| currently)* ?"
    r"(?:no longer (?:available|active|accepting|open|posted|online|advertised|listed|valid|live"
    r"|exists?)|not (?:available|active|live|online|open) any(?: ?more| longer)|expired"
    r"|closed(?! (?:to|on|for (?!appl)))|filled"
    r"|removed|unpublished|unavailable|archived|inactive|taken down|not found))"
    r"|no longer accepting (?:new )?applica(?:tions|nts)"
    r"|not accepting (?:any more |new )?applications"
    r"|(?:applications?|recruitment|hiring)(?: for this \w+)? (?:is|are|has|have)"
    r"(?: now| been)* closed"
    r"|(?:error )?404\W*$|(?:(?:error )?404\W+)?page not found"
    r"|we c(?:an|ould).{0,2}t find (?:the|that|this) (?:page|job)"
    r"|diese (?:stelle|stellenanzeige|anzeige|position) (?:ist|wurde)(?: leider| bereits| schon)*"
    r" (?:nicht mehr (?:verf\u00fcgbar|online|aktiv|aktuell|offen|vakant)|besetzt|abgelaufen)"
    r"|closed (?:job|for applications)|expired (?:job|posting)|job expired)",
    re.IGNORECASE,
)
# Of which each notice has one: alone, or behind another word.
_CLOSED_WORDS = (
    "expired", "closed", "filled", "removed", "unpublished", "unavailable", "archived",
    "inactive", "404", "besetzt", "abgelaufen",
)  # fmt: skip
_CLOSED_PAIRS = (
    "no longer", "not available", "not active", "taken down", "not found", "not accepting",
    "any longer", "nicht mehr", "find the", "find that", "find this",
)  # fmt: skip
_RARER_WORDS = ("longer", "availab", "active", "down", "found", "accepting", "mehr", "find")
_LONGEST_NOTICE = 200  # letters
_BLOCKED = pattern(
    r"access (?:is |was )?(?:denied|forbidden)|attention required|been blocked|just a moment"
    r"|(?:are|verify) (?:that )?you(?: are|'re)? (?:not )?(?:a |an )?(?:human|robot|bot)"
    r"|security (?:check|verification)|captcha|page not found|\b40[34]\b"
    r"|can(?:.?t|not) find the page|unusual traffic"
    r"|verification required|help us protect|checking your browser|verify(?:ing)? (?:that )?you"
    r"|pardon our interruption|request (?:was )?blocked|error code|enable javascript|rate limit",
    re.IGNORECASE,
)
_BLOCKED_WORDS = (  # of which each such heading has one: most postings need no pattern
    "access ", "attention ", "blocked", "moment", "human", "robot", "bot", "security ", "captcha",
    "not found", "40", "find the page", "unusual", "verif", "protect", "browser", "interruption",
    "error code", "javascript", "rate limit",
)  # fmt: skip
_LONGEST_BLOCK = 2500  # letters of a page that says that it cannot be seen

_FIELD = pattern(  # of a form by which people apply
    r"\b((?:first|last|full) name|e-?mail|phone|resume|cv\b|cover letter|upload|drag and drop"
    r"|drop your file|required fields?|fields? marked|autofill|by (?:submitting|applying)"
    r"|linkedin (?:url|profile)|personal (?:information|details)|sponsorship|work permit"
    r"|(?:self-identif|voluntary self)|equal (?:employment )?opportunity information"
    r"|how did you hear|completion is voluntary|providing this information|pdf\b"
    r"|applicant privacy)",
    re.IGNORECASE,
)
_LEAST_FIELDS = 3
_POSTING_ASKS = 4  # things that a posting says
_LONGEST_FORM = 2500  # letters of a page that is a form


def may_be_closed(text: str) -> bool:
    """Tell quickly whether a text has any word of a notice that a posting is closed."""
    text = text.lower()
    if any(word in text for word in _CLOSED_WORDS):
        return True
    if not any(word in text for word in _RARER_WORDS):  # what stands between is seldom looked at
        return False
    text = " ".join(text.split())
    return any(words in text for words in _CLOSED_PAIRS)


def is_closed(text: str) -> bool:
    r"""Tell whether a page says that its posting is closed.

    >>> is_closed("Baker\nThis job is no longer available")
    True
    >>> is_closed("Once the position is filled we close the advert.")
    False
    """
    return any(
        len(line) <= _LONGEST_NOTICE and _CLOSED.match(line) is not None
        for line in text.split("\n")
    )


def is_blocked(heading: str, text: str) -> bool:
    """Tell whether a page is what a board shows to robots, or an error.

    >>> is_blocked("Access denied", "You cannot access this site.")
    True
    """
    start = heading[:_LONGEST_NOTICE]
    may_be = len(text) <= _LONGEST_BLOCK and any(map(start.lower().__contains__, _BLOCKED_WORDS))
    return may_be and _BLOCKED.search(start) is not None


def is_form(text: str) -> bool:
    r"""Tell whether a page shows the form by which to apply, and no posting.

    >>> is_form("Data Scientist\nFirst name *\nLast name *\nUpload your resume")
    True
    """
    if len(text) > _LONGEST_FORM or asks(text) >= _POSTING_ASKS:
        return False
    return len({found.lower() for found in _FIELD.findall(text)}) >= _LEAST_FIELDS
