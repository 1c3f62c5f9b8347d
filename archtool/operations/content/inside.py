"""What a package says of itself, looked into while its payload is read; a foreign bag says nothing.

The rooms that know descriptions are entered only where there is something of ours: most bags are plain.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from archtool.bagit.fixity import FixityTask
from archtool.bagit.layout import Layout
from archtool.bagit.model import Bag
from archtool.files.hashing.file_record import FileRecord
from archtool.files.source import FileSource, Sink
from archtool.findings import Finding
from archtool.operations.open_package.package_paths import METADATA_FOLDER, PROFILE_IDENTIFIER

NOT_DESCRIBED = "not-described"
"""The answer about the content of a bag that says nothing of it."""


@dataclass(frozen=True, slots=True)
class Content:
    """The verdict on what is said of the payload, as `verify` prints it, and what was seen."""

    verdict: str
    facts: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()


class Inside(Protocol):
    """What has to be known before the payload is read, and what is held against it afterwards."""

    def also_for(self, tasks: Sequence[FixityTask]) -> list[FixityTask]:
        """The same files; digests that somebody else named are taken in the same read."""

    @property
    def wants_digests(self) -> bool:
        """Whether `also_for` adds any digest to any task."""

    def listened(self) -> Collection[str]:
        """The paths for which `sinks` returns anything."""

    def sinks(self, path: str) -> Sequence[Sink]:
        """Who wants to see a file's bytes while it is read for its digests."""

    def listens_to(self, path: str) -> bool:
        """Whether `sinks` would name somebody for this file."""

    def hold(self, records: Sequence[FileRecord], seen: Sequence[Finding]) -> Content:
        """Compare what was read; `seen` is what was found wrong with the files themselves."""


class _Nothing:
    wants_digests = False

    def listened(self) -> tuple[()]:
        return ()

    def also_for(self, tasks: Sequence[FixityTask]) -> list[FixityTask]:
        return [*tasks]

    def sinks(self, path: str) -> Sequence[Sink]:
        del path
        return ()

    def listens_to(self, path: str) -> bool:
        del path
        return False

    def hold(self, records: Sequence[FileRecord], seen: Sequence[Finding]) -> Content:
        del records, seen
        return Content(NOT_DESCRIBED, {})


def look_inside(source: FileSource, bag: Bag, layout: Layout) -> Inside:
    """Read what a package says of itself, if it says anything."""
    claims_to_be_ours = PROFILE_IDENTIFIER in bag.info.values("BagIt-Profile-Identifier")
    if not claims_to_be_ours and not any(path.startswith(METADATA_FOLDER) for path in layout.tag_files):
        return _Nothing()
    from archtool.operations.content.described import look_into_package

    return look_into_package(source, bag, layout)
