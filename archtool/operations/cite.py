"""The citation of a package's source, in the style that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archtool.description.citation import check_citation
from archtool.errors import InputError
from archtool.export.citations import format_bibtex, format_csl_json, format_plain, format_ris
from archtool.fixity.paths import shown
from archtool.operations.places import CITATION_PATH
from archtool.operations.reading import OpenPackage, open_package
from archtool.serialisation.limits import Limits

STYLES = {
    "plain": lambda item: format_plain(item) + "\n",
    "csl-json": format_csl_json,
    "bibtex": format_bibtex,
    "ris": format_ris,
}
"""Style → how it is written."""


def cite(root: Path, style: str, limits: Limits | None = None) -> str:
    """Read the citation out of a package.

    Raises:
        InputError: no such package, no bag, or no citation in it.
    """
    with open_package(root, limits) as package:
        item = citation_of(package)
    if item is None:
        raise InputError(
            f"{shown(str(root))} has no citation that can be read ({CITATION_PATH})",
            hint=f"see what it has: archtool show {shown(str(root))}",
        )
    return STYLES[style](item)


def citation_of(package: OpenPackage) -> Mapping[str, Any] | None:
    """The one CSL-JSON item of a package; `None` where there is none that can be used."""
    try:
        items = package.metadata.json(CITATION_PATH)
    except InputError:
        return None
    if items is None or check_citation(items):
        return None
    item: Mapping[str, Any] = items[0]
    return item
