"""Defines `Record`: what a file of another program says about one document or its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Leftover:
    """A value that fits no key."""

    label: str
    value: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What the record says about the document itself, in words of the record."""

    title: str = ""
    creators: Sequence[tuple[str, str]] = ()
    """Names with their roles."""
    date: str = ""
    language: str = ""
    original_language: str = ""
    abstract: str = ""
    source: str = ""
    """The source in words, if the record does not have its parts."""
    translators: Sequence[str] = ()
    translation: str = ""
    """The credit line of the translation."""
    transcribers: Sequence[str] = ()
    transcription: str = ""
    """The credit line of the transcription."""
    rights: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file."""

    item: Mapping[str, Any]
    """The source as CSL-JSON; without an `id` if the record has no key."""
    about: About = field(default_factory=About)
    leftovers: Sequence[Leftover] = ()
    line: int | None = None
    """The line on which it begins."""
    text: str = ""
    """The text of the document, if the record contains it."""


@dataclass(frozen=True, slots=True)
class RecordFile:
    """All records of one file."""

    form: str
    """The format, as people call it."""
    records: Sequence[Record]
    leftovers: Sequence[Leftover] = ()
    """What belongs to no record, such as comments and entries that cannot be parsed."""
