"""Maps archtool's terms for histories to the terms of public vocabularies.

A term without a certain equivalent stays archtool's own: a wrong code is worse than none.
Sources: Library of Congress preservation vocabularies, MARC relators, RightsStatements.org, SPDX.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

EVENT_TYPES = "http://id.loc.gov/vocabulary/preservation/eventType/"
RELATOR_TERMS = "http://id.loc.gov/vocabulary/relators/"
EDTF_TYPES = "http://id.loc.gov/datatypes/edtf/"
ARCHTOOL_TERMS = "urn:archtool:ns:1:"
PACKAGES = "urn:archtool:package:"

EVENT_TYPE_LABELS = {
    "acc": "accession",
    "app": "appraisal",
    "cre": "creation",
    "dea": "deaccession",
    "ipc": "information package creation",
    "nor": "normalization",
    "rep": "replication",
    "tra": "transfer",
    "val": "validation",
}
_EVENT_TYPE_OF_KIND = {label: code for code, label in EVENT_TYPE_LABELS.items()} | {
    "custody-transfer": "tra",
    "packaging": "ipc",
    "transfer-of-custody": "tra",
}
RELATORS = {
    "addressee": "rcp",
    "annotator": "ann",
    "author": "aut",
    "compiler": "com",
    "contributor": "ctb",
    "creator": "cre",
    "editor": "edt",
    "illustrator": "ill",
    "issuing-body": "isb",
    "photographer": "pht",
    "publisher": "pbl",
    "scribe": "scr",
    "transcriber": "trc",
    "translator": "trl",
}

# facts whose values are not text
DATE_FACTS = frozenset({"date"})
TIME_FACTS = frozenset({"file-system-modified-at"})
COUNT_FACTS = frozenset(
    {"size-bytes", "enclosures-stated", "file-count", "total-bytes"}
    | {"change-count", "decided-changes", "open-places"}
)
CLAIM_FACTS = frozenset({"signed", "first-in-language"})
REFERENCE_FACTS = frozenset({"addressee", "held-by", "evidence", "of", "agent", "according-to-record"})
"""Facts whose values are ids in the same history."""

RIGHTS_STATEMENTS = frozenset(
    {"InC", "InC-OW-EU", "InC-EDU", "InC-NC", "InC-RUU"}
    | {"NoC-CR", "NoC-NC", "NoC-OKLR", "NoC-US", "CNE", "UND", "NKC"}
)
_SPDX_LICENCE = re.compile(
    r"CC0-1\.0|CC-PDDC|PDDL-1\.0|ODbL-1\.0|ODC-By-1\.0"
    r"|CC-BY(-NC)?(-SA|-ND)?-[1-4]\.[05](-[A-Z]{2,3})?"
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+")


def event_type_uri(kind: str) -> str | None:
    """Return the preservation event type for a term, or `None` if none certainly fits."""
    code = _EVENT_TYPE_OF_KIND.get(kind.casefold())
    return None if code is None else EVENT_TYPES + code


def relator_uri(role: str) -> str | None:
    """Return the MARC relator for a role, or `None`."""
    code = RELATORS.get(role.casefold())
    return None if code is None else RELATOR_TERMS + code


def rights_uri(statement: str) -> str | None:
    """Return the URI of a rights statement, or `None` if it is plain text.

    A RightsStatements.org code becomes the URI of version 1.0, an SPDX identifier its page in the list.
    """
    if statement in RIGHTS_STATEMENTS:
        return f"http://rightsstatements.org/vocab/{statement}/1.0/"
    if is_licence(statement):
        return f"https://spdx.org/licenses/{statement}"
    return statement if _URI.fullmatch(statement) else None


def is_licence(statement: str) -> bool:
    """Whether a statement is the SPDX identifier of a licence for texts and data."""
    return _SPDX_LICENCE.fullmatch(statement) is not None


@lru_cache(maxsize=16)  # each format of a history needs it
def package_uri(package_id: str) -> str:
    """Return the URI prefix of every id in a history; any character of the package's id is escaped."""
    return f"{PACKAGES}{quote(package_id, safe='-._~', errors='surrogatepass')}:"
