"""What job boards and tables call the parts of a posting, and where their JSON keeps postings.

Plain data. Names are those of keys and columns as `plain_name` writes them, small letters and
digits alone; where one must be chosen the earlier is the surer.
"""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

from jobclf.text.patterns import pattern

# fmt: off
# Boards that the names were taken from: Adzuna, ADP, Arbeitnow, Ashby, BambooHR, Comeet, Eightfold,
# Glassdoor, Glints, Google Jobs (SerpApi, JSearch), Greenhouse, Hacker News, Himalayas, Indeed,
# Jobicy, Jobvite, Lever, LinkedIn, The Muse, Oracle, Personio, Phenom, Pinpoint, Recruitee, Reed,
# Remotive, RemoteOK, Rippling, schema.org, Seek, SmartRecruiters, Teamtailor, Torre, USAJobs,
# Welcome to the Jungle, Workable, Workday.

TITLES = (
    "title", "jobtitle", "positiontitle", "postingtitle", "jobpostingtitle", "jobname",
    "jobopeningname", "jobopening", "openingtitle", "requisitiontitle", "positionname",
    "roletitle", "rolename", "jobtitletext", "vacancytitle", "offertitle", "jobposition", "jobrole",
    "position", "role", "name",
    "designation", "objective", "occupation", "headline", "heading", "vacancy", "titulo", "titre",
    "titel", "stellentitel", "stellenbezeichnung", "jobbezeichnung", "berufsbezeichnung",
    "intitule", "intituleduposte", "intituleposte", "puesto", "functie", "functietitel",
    "vacaturetitel", "tytul", "stanowisko", "stillingstittel",
)
COMPANIES = (
    "company", "companyname", "hiringorganization", "employer", "employername", "organization",
    "organizationname", "organisation", "hiringcompany", "jobcompany", "companytitle",
    "advertiser", "firm", "businessname", "organizations", "empresa", "entreprise", "arbeitgeber",
    "sourceemployername",
)
# The text parts of a posting in the order in which they are put together: a heading, and the names
# that the part goes by. The first part has no heading.
PARTS = (
    ("", (
        "jobdescription", "fulldescription", "descriptionplain", "descriptiontext", "description",
        "descriptionhtml", "jobdescriptionhtml", "jobdescriptiontext", "descriptionclean",
        "fulljobdescription", "postingtext", "jobtext", "fulltext", "contents", "content", "body",
        "bodyhtml", "jobcontent", "jobbody", "html", "jd", "jdtext", "jobdesc", "jobad", "text",
        "jobdetails", "jobdetail", "details", "posting", "jobposting", "externaldescriptionstr",
        "requisitiondescription", "sanitizedjobdescription", "descriptionjsonstring",
        "descriptionbody", "descriptionbodyplain", "positiondescription", "roledescription",
        "discription", "jobdiscription", "desc", "vacancydescription", "jobadtext",
        "cleandescription", "cleantext", "rawtext", "rawdescription", "plaintext", "jobsummary",
        "rawjobdescription", "descriptionraw", "externaljobdescription", "message", "descricao",
        "descripcion", "beschreibung", "stellenbeschreibung", "commenttext",
    )),
    ("Summary", (
        "summary", "overview", "joboverview", "rolesummary", "roleoverview", "positionsummary",
        "positionoverview", "abouttherole", "aboutthejob", "abouttheposition", "aboutthisrole",
        "aboutrole", "aboutjob", "opening", "openingplain", "intro", "introduction", "purpose",
        "jobpurpose", "rolepurpose", "tagline", "excerpt", "jobexcerpt", "shortdescription",
        "shortdescriptionstr", "snippet", "teaser", "pitch", "descriptionexcerpt",
        "descriptionsnippet",
        "descriptionpreview", "textpreview", "jobsnippet",
    )),
    ("Responsibilities", (
        "responsibilities", "responsibility", "duties", "jobduties", "majorduties",
        "keyresponsibilities", "jobresponsibilities", "responsibilitiestext", "tasks", "task",
        "keyresponsibilitiesanddutieshtml", "keyresponsibilitiesheader", "mainresponsibilities",
        "whatyoulldo", "whatyouwilldo", "whatyoudo", "yourrole", "yourtasks", "yourmission",
        "mission", "missions", "dutiesandresponsibilities", "rolesandresponsibilities",
        "rolesresponsibilities", "responsibilitiesanddutieshtml", "externalresponsibilitiesstr",
        "dutiesresponsibilities", "essentialduties", "essentialdutiesandresponsibilities",
        "essentialfunctions", "essentialjobfunctions", "daytoday", "scopeofwork",
        "whatyouwillbedoing", "whatyoullbedoing", "dailytasks", "accountabilities",
        "activities", "theposition", "therole", "aufgaben",
    )),
    ("Requirements", (
        "requirements", "requirement", "jobrequirements", "jobrequirement", "whatyoubring",
        "whatyoullbring", "whatyoullneed", "whatyouneed", "whatyouwillneed", "yourprofile",
        "profile", "candidateprofile", "profiledescription", "whoyouare", "aboutyou", "musthave",
        "musthaves", "whatwerelookingfor", "whatwearelookingfor", "minimumrequirements",
        "skillsknowledgeexpertise", "experiencerequirements", "jobspecification",
        "personspecification", "demands", "anforderungen", "experiencerequired",
        "requiredexperience", "idealcandidate", "yourbackground", "expectations",
        "ourexpectations", "needs", "knowledgeskillsabilities", "knowledgeskillsandabilities",
    )),
    ("Qualifications", (
        "qualifications", "qualification", "jobqualifications", "minimumqualifications",
        "basicqualifications", "requiredqualifications", "preferredqualifications",
        "additionalqualifications", "educationrequirements", "qualificationsummary",
        "qualificationstext", "externalqualificationsstr", "desiredqualifications", "nicetohave",
        "nicetohaves", "niceto", "bonus", "pluses", "preferred", "preferredrequirements",
        "educationandexperience",
    )),
    ("Skills", (
        "skills", "skill", "jobskills", "requiredskills", "keyskills", "skillsrequired",
        "technicalskills", "skillset", "preferredskills", "technologies", "techstack", "tools",
        "desiredskills", "skillsdesc", "skillsdescription", "hardskills", "competencies",
    )),
    ("Further", (
        "additional", "additionalplain", "additionalinformation", "additionalinfo",
        "furtherinformation", "otherinformation",
    )),
    ("Benefits", (
        "benefits", "benefit", "jobbenefits", "perks", "perksandbenefits", "whatweoffer",
        "whatsinitforyou", "weoffer", "ouroffer", "offering", "compensationandbenefits",
        "benefitstext", "incentivecompensation",
    )),
    ("The team", ("aboutteam", "abouttheteam", "theteam", "teamdescription")),
    # No part of the posting where it has any other: what a company does is not the job.
    ("Company", (
        "companydescription", "aboutus", "aboutcompany", "aboutthecompany", "companyoverview",
        "companyprofile", "companyabout", "companyinfo", "whoweare", "aboutemployer",
        "employerdescription", "organizationdescriptionstr", "corporatedescriptionstr",
    )),
)
# Keys whose value is a list of sections with headings of their own.
SECTIONS = (
    "lists", "sections", "jobsections", "details", "jobdescriptions", "jobdescription",
    "descriptions", "jobhighlights", "contentblocks", "blocks", "highlights", "description",
    "positionsections", "accordions", "modules", "contents", "content",
)
# Keys of a section: what it is called, and what it says.
SECTION_HEADINGS = ("heading", "title", "label", "name", "header", "code", "text", "type", "key")
SECTION_BODIES = (
    "content", "body", "value", "html", "items", "description", "text", "contents", "values",
    "bullets", "list", "data",
)
# Keys of an object that says one thing, such as a text in several forms or languages: what the
# first group that holds something says is what the object says.
SAYINGS = (
    ("rendered",), ("text",), ("plaintext",), ("rawtext",), ("plain",), ("@value",), ("value",),
    ("html",),
    ("content",), ("contents",), ("body",), ("en",), ("enus",), ("engb",), ("default",),
    ("localized",), ("job", "role", "company"), ("description",), ("items",), ("blocks",),
    ("children",), ("displayname",), ("name",), ("title",), ("label",), ("skill",), ("legalname",),
    ("companyname",), ("stringvalue",), ("s",),  # of Firestore and DynamoDB
)
# Keys of an object that names something, the surest first.
NAMINGS = (
    "rendered", "displayname", "name", "companyname", "legalname", "title", "text", "en", "enus",
    "engb",
    "default", "localized", "label", "@value", "value", "stringvalue", "s", "nom",
)
# Keys of an object that is a part of the posting around it: its own keys are the posting's.
WRAPPERS = (
    "jobpostinginfo", "jobad", "sections", "attributes", "job", "posting", "jobposting", "jobview",
    "header", "data", "result", "jobopening", "jobdetails", "jobdetail", "details", "detail",
    "fields", "info", "jobinfo", "attributesplain", "position", "vacancy", "offer", "opening",
    "jobhighlights", "node", "item", "userarea", "matchedobjectdescriptor", "requisition",
    "jobdata", "jobdescriptions", "_source", "document", "jobinfowrappermodel", "jobinfomodel",
    "jobinfoheadermodel", "content", "source", "response", "payload", "record", "fulljob",
    "jobdescription", "description", "basics", "body", "entity", "props", "pageprops",
    "initialdata",
)
# Keys of an object that says something else than a text of that name would.
OBJECTS = {"overview": "companyoverview"}  # Glassdoor's
# Keys of a list, or of an object by number or name, in which postings stand. What holds one of
# these with postings in it is no posting itself.
ENVELOPES = (
    "jobs", "postings", "jobpostings", "offers", "results", "data", "items", "positions",
    "openings", "vacancies", "content", "hits", "listings", "jobslist", "jobsresults", "records",
    "searchresultitems", "jobsinpage", "edges", "nodes", "elements", "included", "entries",
    "@graph", "itemlistelement", "opportunities", "requisitions", "requisitionlist", "rows",
    "joblistings", "jobads", "documents", "docs", "list", "pages", "roles", "allpostings",
)
# Keys under which other postings are recommended.
OTHERS = (
    "similarjobs", "relatedjobs", "recommendedjobs", "otherjobs", "morejobs", "similar", "related",
    "recommendations", "recommended", "similarpostings", "relatedpostings", "alsoviewed",
    "peoplealsoviewed", "jobrecommendations", "suggestedjobs", "moreoffers", "otherpostings",
)
# Keys of a thread in which each first answer is a posting.
THREADS = ("children", "comments", "kids", "replies")
# In names of texts that are a posting's though no title stands beside them.
TEXTS_OF_POSTINGS = ("job", "posting", "position", "vacancy", "role", "commenttext", "stelle")
# Keys that stand together where `text` is the title.
TEXT_IS_TITLE = (
    frozenset({"text", "lists"}),  # Lever
    frozenset({"text", "descriptionplain"}),
    frozenset({"text", "descriptionbody"}),
    frozenset({"text", "hostedurl"}),
    frozenset({"text", "categories", "description"}),
)
# fmt: on

HEADINGS = tuple(heading for heading, _ in PARTS)
PART_OF = {name: at for at, (_, names) in reversed([*enumerate(PARTS)]) for name in names}
OF_COMPANIES = frozenset(PARTS[-1][1])
_ALIKE = 0.8  # of a name to "description", which is misspelt often
_AFFIXES = pattern(
    r"^(?:job|position|role|vacancy|posting|posted|listed|listing|full|clean|raw|original|external|your"
    r"|the|main|key|principal|primary|scraped|normali[sz]ed|linkedin|indeed|glassdoor)"
    r"|(?:text|html|plain|clean|cleaned|raw|str|en|english|full|content|section|list|md|markdown|[0-9]+)$"
)


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Return the name of a key or column for comparing: small letters and digits, no marks.

    >>> plain_name("Job Description"), plain_name("What you'll do"), plain_name("T\u00edtulo")
    ('jobdescription', 'whatyoulldo', 'titulo')
    """
    name = name[:200].casefold()
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name)
    return re.sub(r"[^a-z0-9@$]", "", name)


@lru_cache(maxsize=4096)
def known_name(name: str) -> str:
    """Return the name in the tables above that a key or column goes by, "" for none of them.

    >>> known_name("Description (English) 1"), known_name("company.name"), known_name("id")
    ('description', 'companyname', '')
    """
    plain = _without_affixes(plain_name(name))
    parts = re.split(r"[./]", name) if "." in name or "/" in name else []
    if plain or len(parts) < 2:  # noqa: PLR2004
        return plain
    *above, last = [_without_affixes(plain_name(part)) for part in parts]
    if any(part in _OF_COMPANIES for part in above):
        return above[-1] if plain_name(parts[-1]) in SAID and above[-1] in _OF_COMPANIES else ""
    if above[-1] in TITLES and plain_name(parts[-1]) in NAMINGS:
        return above[-1]
    return above[-1] if above[-1] in PART_OF and plain_name(parts[-1]) in SAID else last


def _without_affixes(plain: str) -> str:
    while plain and plain not in _KNOWN:
        shorter = _AFFIXES.sub("", plain, count=1)
        if shorter == plain:
            alike = abs(len(plain) - len("description")) <= 1 and plain[0] == "d"
            alike = alike and SequenceMatcher(None, plain, "description").ratio() >= _ALIKE
            return "description" if alike else ""
        plain = shorter
    return plain


_OF_COMPANIES = frozenset(COMPANIES)
SAID = frozenset(name for group in SAYINGS for name in group)
_KNOWN = frozenset({*TITLES, *COMPANIES, *PART_OF})
