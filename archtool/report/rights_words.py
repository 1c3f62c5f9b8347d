"""Says in words what the identifiers of rights mean.

Source: RightsStatements.org, the twelve statements of version 1.0; SPDX License List, the names of licences.
"""

from __future__ import annotations

import re

RIGHTS_STATEMENTS = {
    "InC": "in copyright",
    "InC-OW-EU": "in copyright, EU orphan work",
    "InC-EDU": "in copyright, educational use permitted",
    "InC-NC": "in copyright, non-commercial use permitted",
    "InC-RUU": "in copyright, rights-holders unlocatable or unidentifiable",
    "NoC-CR": "no copyright, contractual restrictions",
    "NoC-NC": "no copyright, non-commercial use only",
    "NoC-OKLR": "no copyright, other known legal restrictions",
    "NoC-US": "no copyright in the United States",
    "CNE": "copyright not evaluated",
    "UND": "copyright undetermined",
    "NKC": "no known copyright",
}
_LICENCES = {
    "CC0-1.0": "Creative Commons Zero 1.0 Universal",
    "CC-PDDC": "Creative Commons Public Domain Dedication and Certification",
    "PDDL-1.0": "Open Data Commons Public Domain Dedication & License 1.0",
    "ODC-By-1.0": "Open Data Commons Attribution License 1.0",
    "ODbL-1.0": "Open Data Commons Open Database License 1.0",
    "OGL-UK-1.0": "Open Government Licence 1.0 (United Kingdom)",
    "OGL-UK-2.0": "Open Government Licence 2.0 (United Kingdom)",
    "OGL-UK-3.0": "Open Government Licence 3.0 (United Kingdom)",
    "MIT": "MIT License",
    "Apache-2.0": "Apache License 2.0",
}
_CREATIVE_COMMONS = re.compile(r"CC-BY(?P<nc>-NC)?(?P<more>-ND|-SA)?-(?P<version>[1-4]\.[05])")
_GNU = re.compile(r"(?P<name>GPL|GFDL)-(?P<version>[1-3]\.[0-3])-(?P<scope>only|or-later)")
_GNU_NAMES = {"GPL": "GNU General Public License", "GFDL": "GNU Free Documentation License"}
_RIGHTS_URI = re.compile(r"https?://rightsstatements\.org/(?:vocab|page)/(?P<code>[A-Za-z-]+)/1\.0/?")


def rights_in_words(statement: str) -> str | None:
    """Return the meaning of an identifier or URI; `None` for a sentence and for other identifiers."""
    uri = _RIGHTS_URI.fullmatch(statement)
    code = uri["code"] if uri is not None else statement
    return RIGHTS_STATEMENTS.get(code) or _LICENCES.get(code) or _creative_commons(code) or _gnu(code)


def _creative_commons(code: str) -> str | None:
    found = _CREATIVE_COMMONS.fullmatch(code)
    if found is None:
        return None
    terms = ["Attribution", "Non Commercial" if found["nc"] else ""]
    terms.append({"-ND": "No Derivatives", "-SA": "Share Alike", None: ""}[found["more"]])
    return f"Creative Commons {'-'.join(filter(None, terms))} {found['version']}"


def _gnu(code: str) -> str | None:
    found = _GNU.fullmatch(code)
    if found is None:
        return None
    scope = {"only": "only", "or-later": "or later"}[found["scope"]]
    return f"{_GNU_NAMES[found['name']]} v{found['version']} {scope}"
