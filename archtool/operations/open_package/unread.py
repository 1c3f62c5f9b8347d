"""Removes findings that must not be concluded from files that could not be read.

A cut archive, an encrypted archive or a failing disk hides files. A hidden file is not a missing file, and a
package whose attestations are hidden is not an unsigned package.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
"""Concluded from a name that was not seen."""
_FROM_MANIFESTS = frozenset(
    kind.code
    for kind in (
        bag_kinds.MANIFEST_NONE, bag_kinds.MANIFEST_NO_KNOWN, bag_kinds.MANIFEST_WEAK,
        bag_kinds.MANIFEST_OMITS, bag_kinds.FILE_UNLISTED, bag_kinds.FETCH_UNLISTED, bag_kinds.NOT_CHECKED,
        bag_kinds.TAGMANIFEST_UNLISTED, bag_kinds.TAGMANIFEST_SETS,
    )
)  # fmt: skip
"""Concluded from a line that no manifest had, of those that were read."""
_FROM_THE_VERSION = frozenset(
    kind.code for kind in (bag_kinds.TAGMANIFEST_OMITS, bag_kinds.MANIFEST_OUTSIDE, bag_kinds.MANIFEST_TWICE)
)
"""Rules of version 1.0 alone: without bagit.txt the version of the bag is unknown."""


@dataclass(frozen=True, slots=True)
class Unread:
    """What was not seen of a bag, so that nothing can be concluded from its absence."""

    names: bool = False
    """Whether the bag may have files that were not seen."""
    sizes: bool = False
    """Whether the payload may hold more than what was counted."""
    manifests: bool = False
    """Whether manifests may say more than what was read of them."""
    version: bool = False
    """Whether the version is unknown because bagit.txt could not be read."""
    description: bool = False
    """Whether there may be a description in a part of the archive that was not read."""
    metadata: bool = False
    """Whether the description, or what it is compared with, is there unread: it is not judged."""
    tag_files: bool = False
    """Whether signatures, or what they stand for, may be there unread: trust is not judged."""
    files: frozenset[str] = frozenset()
    """Files and folders that are there and could not be read."""
    told: frozenset[str] = frozenset()
    """Files of which the archive's own findings say that they cannot be read, and why."""
    in_archive: bool = False
    added: tuple[Finding, ...] = ()

    def tells(self, finding: Finding) -> bool:
        """Whether another finding says already that this file could not be read."""
        return finding.code in _NOT_READ and finding.place is not None and finding.place.file in self.files

    def without_conclusions(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings that rest on something that was seen."""
        dropped = frozenset[str]().union(
            _FROM_NAMES if self.names else (),
            (bag_kinds.OXUM_DIFFERS.code,) if self.sizes else (),
            _FROM_MANIFESTS if self.names or self.manifests else (),
            _FROM_THE_VERSION if self.version else (),
        )
        kept = [f for f in findings if f.code not in dropped]
        return (*(self._of_archive(kept) if self.in_archive else kept), *self.added)

    def _of_archive(self, findings: Sequence[Finding]) -> Iterator[Finding]:
        """A file that the archive hides has no permissions to check, and is reported once."""
        for finding in findings:
            if finding.code not in _FILE_UNREAD:
                yield finding
            elif finding.place is None or finding.place.file not in self.told:
                yield replace(finding, hint=_FETCH_AGAIN)


def find_unread(source: FileSource, findings: Sequence[Finding]) -> Unread:
    """What of a bag was not seen, by the findings about the bag and about its archive.

    A tar that is cut exactly between two members can be read to its last byte. That it lacks its end mark
    shows the cut only where something else is missing too.
    """
    codes = {f.code for f in findings}
    is_cut = not source.is_whole
    added: tuple[Finding, ...] = ()
    if not is_cut and _END_MISSING in codes and codes & (_FROM_NAMES | {bag_kinds.MANIFEST_NONE.code}):
        from archtool.archives.finding_kinds import DAMAGED

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
        told=frozenset(_names_in_bag(findings)),
        in_archive=source.serialisation is not None,
        added=added,
    )


def _names_in_bag(findings: Sequence[Finding]) -> Iterator[str]:
    """Paths of members that cannot be read, with and without the folder that is the bag."""
    for finding in findings:
        if finding.code == _MEMBER_UNREADABLE and finding.place is not None:
            yield from (finding.place.file, finding.place.file.partition("/")[2])


def _hides_tag_file(finding: Finding) -> bool:
    file = finding.place.file if finding.place is not None else ""
    return finding.code == _MEMBER_UNREADABLE and "/data/" not in f"/{file}"


def is_unread(finding: Finding) -> bool:
    """Whether it says that something could not be read, and not what it is like."""
    codes = (ExitCode.INPUT_UNUSABLE, ExitCode.SURROUNDINGS)
    return finding.severity is Severity.ERROR and finding.error_exit_code in codes


def refuse_unread(source: FileSource, subject: str) -> None:
    """Refuse an archive whose bagit.txt was not seen because the archive cannot be read whole.

    Raises:
        InputError: see above; the message is that of the first finding about the archive.
    """
    about_end = (f for f in source.findings if f.code == _END_MISSING)
    why = next((f for f in source.findings if is_unread(f)), None) or next(about_end, None)
    if why is not None:
        where = f"{shown(why.place.file)}: " if why.place is not None else ""
        raise InputError(f"{shown(subject)} cannot be read whole: {where}{why.message}", hint=why.hint)


def has_readable_declaration(source: FileSource, found: Sequence[FoundFile]) -> bool:
    """Whether bagit.txt is there and can be read; in an archive it may be encrypted, or cut off."""
    if not any(f.path == declaration.FILE_NAME for f in found):
        return False
    try:
        source.read_bytes(declaration.FILE_NAME, MAX_DECLARATION_BYTES)
    except OSError:
        return False
    return True
