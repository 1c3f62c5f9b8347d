"""Defines identified formats, and the report of a tool about many files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

FIDO = "fido"
"""The tool that archtool can run itself."""
PRONOM = "PRONOM"
"""The registry of The National Archives; its keys are PUIDs, such as `fmt/43`."""


@dataclass(frozen=True, slots=True)
class IdentifiedFormat:
    """The format of a file, as a tool identified it."""

    key: str
    """The key in the registry PRONOM."""
    name: str
    version: str | None = None
    media_type: str | None = None
    basis: str | None = None
    """The evidence, in the words of the tool: `byte match at 0, 14`, `extension`."""
    warning: str | None = None
    """A remark of the tool, for instance that the extension does not fit."""


@dataclass(frozen=True, slots=True)
class ReportedFile:
    """A file in the report of a tool."""

    path: str
    """As reported, with `/`; absolute, or relative to the folder in which the tool ran."""
    size_bytes: int | None
    formats: tuple[IdentifiedFormat, ...] = ()
    """None if the tool does not know the format; several if it cannot decide."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """Hexadecimal digests by the names of archtool's algorithms, if the tool computed any."""


@dataclass(frozen=True, slots=True)
class FormatReport:
    """The report of a tool."""

    file: str
    """Its name, for messages."""
    tool: str
    """The tool, its version and its signatures: `siegfried 1.11.1, DROID_SignatureFile_V118.xml`."""
    files_by_name: Mapping[str, Sequence[ReportedFile]]
    """Its files by the last part of their paths: a batch searches them for each package."""
    digest: str = ""
    """Of its bytes: a batch makes packages again if it changes."""

    @classmethod
    def of(cls, file: str, tool: str, files: Iterable[ReportedFile]) -> FormatReport:
        """Return a report with its files indexed by name."""
        by_name: dict[str, list[ReportedFile]] = {}
        for one in files:
            by_name.setdefault(one.path.rpartition("/")[2], []).append(one)
        return cls(file, tool, by_name)
