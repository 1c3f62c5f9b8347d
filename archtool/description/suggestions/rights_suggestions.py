"""Recognises identifiers of rights, and suggests the one that a text probably means.

Sources: RightsStatements.org 1.0; SPDX license list (CC0-1.0, CC-BY-4.0 …).
"""

from __future__ import annotations

import re

from archtool.nearest_names import did_you_mean, nearest_name

# fmt: off
_STATEMENTS = frozenset((
    "CNE", "InC", "InC-EDU", "InC-NC", "InC-OW-EU", "InC-RUU",
    "NKC", "NoC-CR", "NoC-NC", "NoC-OKLR", "NoC-US", "UND",
))
# fmt: on
_LICENSES = re.compile(
    r"CC0-1\.0|CC-PDDC|CC-BY(-NC)?(-ND|-SA)?-[1-4]\.[05]|PDDL-1\.0|ODC-By-1\.0|ODbL-1\.0|OGL-UK-[123]\.0|"
    r"MIT|Apache-2\.0|GPL-[23]\.0-(only|or-later)|GFDL-1\.[123]-(only|or-later)|LicenseRef-[A-Za-z0-9.-]+"
)
_URI = re.compile(r"https?://\S+")
_SUGGESTED = (*sorted(_STATEMENTS), "CC-PDDC", "PDDL-1.0", "ODC-By-1.0", "ODbL-1.0", "MIT", "Apache-2.0")
_CC0 = re.compile(r"cc-?(0|zero)(-?v?1(\.0)?)?")
_CC = re.compile(r"cc-?by(?P<terms>(-?(nc|nd|sa))*)(-?v?(?P<version>[1-4])(?P<minor>\.[05])?)?")
_LATEST = "4.0"


def is_known_rights(statement: str) -> bool:
    """Whether a text is an identifier of rights, or a URI."""
    known = statement in _STATEMENTS or _LICENSES.fullmatch(statement) or _URI.fullmatch(statement)
    return bool(known)


def suggest_rights(statement: str) -> str | None:
    """Return a hint with the identifier that a text means, or `None`."""
    meant = meant_rights(statement)
    if meant is None:
        return None
    found = _CC.fullmatch(_plain(statement))
    has_version = found is None or found["version"] is not None
    return did_you_mean(meant) if has_version else f"write the version as well, such as `{meant}`"


def meant_rights(statement: str) -> str | None:
    """Return the identifier that a text means, with the latest version if it has none; or `None`."""
    text = _plain(statement)
    if _CC0.fullmatch(text):
        return "CC0-1.0"
    found = _CC.fullmatch(text)
    if found is None:
        return nearest_name(statement, _SUGGESTED, cutoff=1.0)
    version = found["version"] + (found["minor"] or ".0") if found["version"] else _LATEST
    terms = [term.upper() for term in ("nc", "nd", "sa") if term in found["terms"]]
    meant = "-".join(["CC-BY", *terms, version])
    return meant if is_known_rights(meant) else None  # ND and SA exclude each other


def _plain(statement: str) -> str:
    return "-".join(statement.lower().replace("_", " ").split())
