"""Removes findings that must not be concluded from files that could not be read.

A truncated archive, an encrypted archive or a failing disk hides files. A hidden file is not a missing file,
and a package whose attestations are hidden is not an unsigned package.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archtool.archives.finding_kinds import DAMAGED
from archtool.bagit import finding_kinds as bag_kinds
from archtool.bagit.limits import MAX_DECLARATION_BYTES
from archtool.bagit.tag_files import declaration
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.errors import InputError
from archtool.exit_codes import ExitCode
from archtool.files.file_kinds import FoundFile
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.findings import Finding, Severity
from archtool.operations.open_package.package_paths import METADATA_FOLDER

_END_MISSING, _MEMBER_UNREADABLE = "archive.end-missing", "archive.member-unreadable"
_FETCH_AGAIN = "fetch or copy the archive again, or ask its maker for a correct one"
_FILE_UNREAD = frozenset((bag_kinds.FILE_UNREADABLE.code, bag_kinds.TAG_FILE_UNREADABLE.code))
_TAG_FILE_UNREAD = frozenset((bag_kinds.TAG_FILE_UNREADABLE.code, bag_kinds.TAG_FILE_TOO_LARGE.code))
_NOT_READ = _TAG_FILE_UNREAD | {
    bag_kinds.FILE_UNREADABLE.code, bag_kinds.FOLDER_UNREADABLE.code, bag_kinds.FILE_CHANGED.code
}  # fmt: skip
_FROM_NAMES = frozenset(
    kind.code
    for kind in (
        bag_kinds.DECLARATION_MISSING, bag_kinds.NO_PAYLOAD_FOLDER, bag_kinds.FILE_MISSING,
        bag_kinds.FETCH_HOLE, bag_kinds.OXUM_DIFFERS,
    )
)  # fmt: skip
"""Concluded from a name that was not found."""
_FROM_MANIFESTS = frozenset(
    kind.code
    for kind in (
        bag_kinds.MANIFEST_NONE, bag_kinds.MANIFEST_NO_KNOWN, bag_kinds.MANIFEST_WEAK,
        bag_kinds.MANIFEST_OMITS, bag_kinds.FILE_UNLISTED, bag_kinds.FETCH_UNLISTED, bag_kinds.NOT_CHECKED,
        bag_kinds.TAGMANIFEST_UNLISTED, bag_kinds.TAGMANIFEST_SETS,
    )
)  # fmt: skip
"""Concluded from a line that is missing in the manifests that were read."""
_FROM_THE_VERSION = frozenset(
    kind.code for kind in (bag_kinds.TAGMANIFEST_OMITS, bag_kinds.MANIFEST_OUTSIDE, bag_kinds.MANIFEST_TWICE)
)
"""Rules of version 1.0 only: without bagit.txt the version of the bag is unknown."""


@dataclass(frozen=True, slots=True)
class Unread:
    """The parts of a bag that could not be read; nothing can be concluded from their absence."""

    names: bool = False
    """Whether the bag can have files that were not found."""
    sizes: bool = False
    """Whether the payload can be larger than what was counted."""
    manifests: bool = False
    """Whether manifests can have lines that were not read."""
    version: bool = False
    """Whether the version is unknown because bagit.txt could not be read."""
    description: bool = False
    """Whether a description can exist in a part of the archive that was not read."""
    metadata: bool = False
    """Whether the description, or files it is compared with, exist unread: the content is not judged."""
    tag_files: bool = False
    """Whether signatures, or the files that they cover, can exist unread: trust is not judged."""
    files: frozenset[str] = frozenset()
    """Files and folders that exist and could not be read."""
    reported: frozenset[str] = frozenset()
    """Files that the archive's own findings report as unreadable, with the reason."""
    is_archive: bool = False
    added: tuple[Finding, ...] = ()

    def repeats(self, finding: Finding) -> bool:
        """Return whether another finding already reports that this file could not be read."""
        return finding.code in _NOT_READ and finding.place is not None and finding.place.file in self.files

    def without_conclusions(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Return the findings that rest on something that was read."""
        dropped = frozenset[str]().union(
            _FROM_NAMES if self.names else (),
            (bag_kinds.OXUM_DIFFERS.code,) if self.sizes else (),
            _FROM_MANIFESTS if self.names or self.manifests else (),
            _FROM_THE_VERSION if self.version else (),
        )
        kept = [f for f in findings if f.code not in dropped]
        return (*(self._adapted_to_archive(kept) if self.is_archive else kept), *self.added)

    def _adapted_to_archive(self, findings: Sequence[Finding]) -> Iterator[Finding]:
        """Report each unreadable file once, and without the advice to check permissions."""
        for finding in findings:
            if finding.code not in _FILE_UNREAD:
                yield finding
            elif finding.place is None or finding.place.file not in self.reported:
                yield replace(finding, hint=_FETCH_AGAIN)


def find_unread(source: FileSource, findings: Sequence[Finding]) -> Unread:
    """Find the unread parts of a bag from the findings about the bag and its archive.

    A tar that is truncated exactly between two members can be read to its last byte. Its missing end mark
    proves the truncation only if something else is missing too.
    """
    codes = {f.code for f in findings}
    is_cut = not source.is_whole
    added: tuple[Finding, ...] = ()
    if not is_cut and _END_MISSING in codes and codes & (_FROM_NAMES | {bag_kinds.MANIFEST_NONE.code}):
        is_cut = True
        added = (DAMAGED.at("the tar is cut off: it has no end mark, and files of the bag are not in it"),)
    unread = {f.place.file for f in findings if f.code in _TAG_FILE_UNREAD and f.place is not None}
    are_manifests = any(read_manifest_name(name) is not None for name in unread)
    files = {f.place.file for f in findings if f.code in _NOT_READ and f.place is not None}
    is_hidden = is_cut or any(map(_hides_tag_file, findings)) or "." in files
    return Unread(
        names=is_cut or "." in files,
        sizes=bag_kinds.FOLDER_UNREADABLE.code in codes,
        manifests=are_manifests,
        version=is_cut or declaration.FILE_NAME in unread or "." in files,
        description=is_hidden,
        metadata=is_hidden or are_manifests or any(f"{p}/".startswith(METADATA_FOLDER) for p in files),
        tag_files=is_hidden or any(not f"{path}/".startswith("data/") for path in files),
        files=frozenset(files),
        reported=frozenset(_unreadable_members(findings)),
        is_archive=source.serialisation is not None,
        added=added,
    )


def _unreadable_members(findings: Sequence[Finding]) -> Iterator[str]:
    """Return the paths of members that cannot be read, with and without the bag's base folder."""
    for finding in findings:
        if finding.code == _MEMBER_UNREADABLE and finding.place is not None:
            yield from (finding.place.file, finding.place.file.partition("/")[2])


def _hides_tag_file(finding: Finding) -> bool:
    file = finding.place.file if finding.place is not None else ""
    return finding.code == _MEMBER_UNREADABLE and "/data/" not in f"/{file}"


def is_unread(finding: Finding) -> bool:
    """Return whether a finding reports that something could not be read, rather than what it contains."""
    codes = (ExitCode.INPUT_UNUSABLE, ExitCode.SURROUNDINGS)
    return finding.severity is Severity.ERROR and finding.error_exit_code in codes


def refuse_unread(source: FileSource, subject: str) -> None:
    """Refuse an archive whose bagit.txt was not found because the archive cannot be read completely.

    Raises:
        InputError: the archive cannot be read completely; the message is that of its first such finding.
    """
    about_end = (f for f in source.findings if f.code == _END_MISSING)
    reason = next((f for f in source.findings if is_unread(f)), None) or next(about_end, None)
    if reason is not None:
        where = f"{shown(reason.place.file)}: " if reason.place is not None else ""
        message = f"{shown(subject)} cannot be read completely: {where}{reason.message}"
        raise InputError(message, hint=reason.hint)


def has_readable_declaration(source: FileSource, found: Sequence[FoundFile]) -> bool:
    """Return whether bagit.txt exists and can be read; in an archive it can be encrypted or cut off."""
    if not any(f.path == declaration.FILE_NAME for f in found):
        return False
    try:
        source.read_bytes(declaration.FILE_NAME, MAX_DECLARATION_BYTES)
    except OSError:
        return False
    return True
