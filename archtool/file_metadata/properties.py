"""Defines the properties of a file, and reads their dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archtool.file_metadata.limits import MAX_AUTHORS, MAX_VALUE_CHARACTERS

_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*)?", re.DOTALL)
_PDF_DAY = re.compile(r"D:([0-9]{4})([0-9]{2})?([0-9]{2})?.*", re.DOTALL)

TITLE = "title"
AUTHOR = "author"
CREATED = "created"
MODIFIED = "modified"
MODIFIED_BY = "modified by"
LANGUAGE = "language"
NAMES = (TITLE, AUTHOR, CREATED, MODIFIED, MODIFIED_BY, LANGUAGE)
"""The properties that are read, in the order in which they are reported."""

OFFICE_ENDINGS = (".docx", ".docm", ".xlsx", ".pptx", ".odt", ".ods", ".odp")
PDF_ENDINGS = (".pdf",)
DAMAGED = "it is damaged, or not what its name says"
ENCRYPTED = "it is encrypted"


class UnreadableError(Exception):
    """The properties of a file cannot be read; the message says why."""


class TooSlowError(UnreadableError):
    """A PDF could not be read in time: others like it would take as long."""


@dataclass(frozen=True, slots=True)
class FileProperties:
    """What a file states about itself: as written, except that a date is only its day."""

    values: Mapping[str, str]
    """By the names of this module, in their order; without empty ones."""

    @classmethod
    def of(cls, stated: Iterable[tuple[str, str]]) -> FileProperties:
        """Collect values by name: authors are joined, and of any other name the first value counts."""
        found: dict[str, list[str]] = {}
        for name, value in stated:
            text = " ".join(value[:MAX_VALUE_CHARACTERS].split())
            if text and text not in found.setdefault(name, []):
                found[name].append(_day(text) if name in (CREATED, MODIFIED) else text)
        kept = {
            name: found[name][: MAX_AUTHORS if name == AUTHOR else 1] for name in NAMES if found.get(name)
        }
        return cls({name: "; ".join(values) for name, values in kept.items()})


def _day(date: str) -> str:
    """Return the day of a date in ISO form or in the form of PDF; any other date as it is."""
    if (iso := _DAY.fullmatch(date)) is not None:
        return iso[1]
    if (pdf := _PDF_DAY.fullmatch(date)) is not None:
        return "-".join(part for part in pdf.groups() if part)
    return date
