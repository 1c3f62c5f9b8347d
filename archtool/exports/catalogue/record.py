"""Defines `Record`: what an export knows about one package.

All statements about the document come from the description, and from nothing else. What it does not state is
not in the record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from archtool.description.citing.model import AUTHOR_ROLES, ISSUER_ROLES, claimed
from archtool.description.model import Agent, Creator, Description
from archtool.files.hashing.digests import Digest

# no character that RFC 3986 excludes, and a percent sign only before two digits
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?@!$&'()*+,;=#-]|%[0-9A-Fa-f]{2})+")
_CREATING_ROLES = AUTHOR_ROLES | ISSUER_ROLES | {"compiler", "creator", "illustrator", "photographer"}
DOI = re.compile(r"(?:doi:|https?://(?:dx\.)?doi\.org/)?(10\.[0-9]{4,9}/\S+)", re.IGNORECASE)
_WEB = re.compile(r"https?://|urn:|ark:|info:|hdl:", re.IGNORECASE)
SUPPLIED = "supplied"
"""The `title-status` of a title that the archivist gave (DACS 2.3)."""
_IDENTIFIER = "external-identifier"


@dataclass(frozen=True, slots=True)
class PayloadFile:
    """A payload file, as the manifests and the recorded provenance state it."""

    path: str
    """Relative to the package's root."""
    digests: tuple[Digest, ...] = ()
    """From the payload manifests, the strongest first."""
    size_bytes: int | None = None
    """`None` if the file is not in the package."""
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A transcription that was read from the payload."""

    lines: tuple[str, ...] = ()
    """Without line ends."""
    problem: str | None = None
    """Why the text could not be read; `None` if it was."""


@dataclass(frozen=True, slots=True)
class Premis:
    """The package's metadata/premis.xml."""

    path: str
    size_bytes: int
    digest: Digest | None
    """From the tag manifests, which it agrees with; `None` if there is no such manifest."""
    xml: str | None
    """The root element, if the document can be embedded: well-formed, without a document type."""


@dataclass(frozen=True, slots=True)
class Record:
    """What an export knows about one package."""

    name: str
    """The name of the folder, or of the archive without its suffix."""
    description: Description
    item: Mapping[str, Any] | None = None
    """The source in CSL-JSON."""
    citation: str | None = None
    """The source as a line of text."""
    packed_on: str | None = None
    """The day of packing (`Bagging-Date`), year-month-day."""
    files: tuple[PayloadFile, ...] = ()
    texts: Mapping[str, Text] = field(default_factory=dict)
    """By the path below `data/`; only for formats that contain the text."""
    premis: Premis | None = None
    """Only for formats that contain it."""
    prov_json: str | None = None
    """The package's metadata/provenance.json; only for formats made of it."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the transcription, each once."""
        stated = [part.language for part in self.description.transcription]
        return tuple(dict.fromkeys(filter(None, [self.description.language, *stated])))

    @property
    def identifiers(self) -> tuple[str, ...]:
        """The identifiers of the document: its id, and those among its own labels for bag-info.txt."""
        labels = self.description.bag_info.items()
        own = [value for label, values in labels if label.casefold() == _IDENTIFIER for value in values]
        return tuple(dict.fromkeys(filter(None, [self.description.id, *own])))

    def media_types(self) -> tuple[str, ...]:
        """Return the media types of the transcription's files, each once."""
        types = {file.path: file.media_type for file in self.files}
        own = [types.get(f"data/{part.file}") for part in self.description.transcription]
        return tuple(dict.fromkeys(filter(None, own)))


def kind_of_identifier(text: str) -> str | None:
    """Return `doi` or `uri` for an identifier that is one; `None` for one that only its maker knows."""
    if DOI.fullmatch(text):
        return "doi"
    return "uri" if _WEB.match(text) and uri_or_none(text) else None


def is_creating(creator: Creator) -> bool:
    """Return whether the role is one of those who made the document, and not of a contributor."""
    return creator.role.casefold() in _CREATING_ROLES


def names_of(creators: tuple[Creator, ...], *, creating: bool) -> tuple[str, ...]:
    """Return the names of the claimed creators, or of the other contributors, each once."""
    names = [one.agent.name for one in claimed(creators) if is_creating(one) is creating]
    return tuple(dict.fromkeys(names))


def translators(description: Description) -> tuple[Agent, ...]:
    """Return the translators that are named; a credit line is not a name."""
    return description.translation.translators if description.translation is not None else ()


def transcribers(description: Description) -> tuple[Agent, ...]:
    """Return the transcribers, each once."""
    return tuple(dict.fromkeys(agent for part in description.transcription for agent in part.transcribers))


def uri_or_none(text: str | None) -> str | None:
    """Return a text that every reader of XML accepts as a URI; `None` for any other."""
    return text if text is not None and _URI.fullmatch(text) else None


def relative_url(path: str) -> str:
    """Return a path in the package as a URL relative to the package's root."""
    return quote(path, safe="/-._~", errors="surrogatepass")
