"""Keeps the paths of this machine out of a site: a message names a package as the site does."""

from __future__ import annotations

from dataclasses import replace

from archtool.files.paths import shell_word, shown
from archtool.findings import Finding
from archtool.operations.site.survey import SurveyedPackage


def public_text(text: str, package: SurveyedPackage) -> str:
    """Return a text in which the path of the package is its name in the site."""
    path = str(package.found.path)
    if "/" not in path:  # it is a name already, or `.`, which stands in many sentences
        return text
    for written in (shell_word(path), shown(path), path):
        text = text.replace(written, shown(package.name))
    return text


def public_finding(finding: Finding, package: SurveyedPackage) -> Finding:
    """Return a finding whose message, hint and place have the name of the package instead of its path."""
    place = finding.place
    return replace(
        finding,
        message=public_text(finding.message, package),
        hint=None if finding.hint is None else public_text(finding.hint, package),
        place=None if place is None else replace(place, file=public_text(place.file, package)),
    )
