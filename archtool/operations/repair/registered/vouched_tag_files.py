"""Tag files for which nothing vouches but a valid copy with the registered manifests.

Its tag manifest counts if the package has none that agrees with the register and with the tag files of the
package. Bags without a tag manifest have tag files that nothing lists: a lost one is restored if no other
such copy has other bytes. Where no copy vouches, each lost file is reported by its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from archtool.attestations.layout import is_tag_manifest
from archtool.bagit.fixity import Expectation
from archtool.bagit.model import Manifest
from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.files.file_kinds import FileKind
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.paths import shown
from archtool.findings import Finding, bounded
from archtool.operations.repair import finding_kinds
from archtool.operations.repair.model import RepairRequest
from archtool.operations.repair.places import Place, Places
from archtool.operations.repair.registered.valid_copies import valid_copies
from archtool.operations.repair.vouching.reference import Reference, add_tag_manifest
from archtool.operations.repair.vouching.unsigned_manifests import (
    agrees,
    names_payload_manifest,
    parsed_tag_manifests,
)
from archtool.progress import Progress

_VOUCHER = "a valid copy with the registered manifests"


def add_vouched_tag_files(
    places: Places, reference: Reference, request: RepairRequest, progress: Progress
) -> Reference:
    """Return the reference with the tag files that valid copies vouch for; other lost ones are findings."""
    known, target = request.registered, places.target
    own = [name for name in reference.tag_files if is_tag_manifest(name)]
    is_doubtful = known is not None and any(_is_doubtful(name, places, reference) for name in own)
    if (known is None and not target.found) or (own and not is_doubtful):
        return reference
    lost: dict[str, Place | None] = dict(_lost(places, reference))
    if DECLARATION_NAME not in reference.tag_files and DECLARATION_NAME not in target.root_files():
        lost.setdefault(DECLARATION_NAME, None)
    has_tag_manifests = any(place.manifest_names(tag=True) for place in places.copies)
    valid: list[Place] = []
    if known is not None and (lost or has_tag_manifests):
        valid = list(valid_copies(places, known, request, progress))
    anchors = {path: e for path, e in reference.tag_files.items() if names_payload_manifest(path)}
    expected = {path: e[:1] for path, e in anchors.items()}
    for name, manifest, data in _tag_manifests(valid, reference):
        add_tag_manifest(expected, name, manifest, data)
    if len(expected) == len(anchors):
        more = {path: (Expectation(_VOUCHER, 0, digest),) for path, digest in _vouched(valid, lost).items()}
        expected = {**reference.tag_files, **more}
    findings = [_not_vouched(path, lost[path]) for path in sorted(lost.keys() - expected.keys())]
    return replace(reference, tag_files=expected, findings=(*reference.findings, *bounded(findings)))


def _is_doubtful(name: str, places: Places, reference: Reference) -> bool:
    """Whether a tag manifest contradicts a tag file of the package, and a copy has another tag manifest."""
    others = (place.digest(name, Algorithm.SHA512) for place in places.copies)
    own = places.target.digest(name, Algorithm.SHA512)
    if own is None or all(other is None or other.matches(own) for other in others):
        return False
    listed = ((path, e) for path, e in reference.tag_files.items() if any(one.manifest == name for one in e))
    return not all(agrees(places.target, path, expected) for path, expected in listed)


def _tag_manifests(valid: Sequence[Place], reference: Reference) -> Iterator[tuple[str, Manifest, bytes]]:
    """Yield the tag manifests of valid copies, without those that two of them have with other bytes."""
    found: dict[str, tuple[str, Manifest, bytes]] = {}
    disputed = set()
    for place in valid:
        for one in parsed_tag_manifests(place, reference.declaration, place.manifest_names(tag=True)):
            if found.setdefault(one[0], one)[2] != one[2]:
                disputed.add(one[0])
    yield from (one for name, one in found.items() if name not in disputed)


def _lost(places: Places, reference: Reference) -> Iterator[tuple[str, Place]]:
    """Yield the tag files that a copy has and the package does not, each with the last copy that has it."""
    own = {item.path for item in places.target.found}
    for place in places.copies:
        for path in _tag_files(place):
            if path not in own and path not in reference.tag_files:
                yield path, place


def _tag_files(place: Place) -> Iterator[str]:
    for item in place.found:
        read = read_manifest_name(item.path)
        is_payload_manifest = read is not None and not read.is_tag
        if item.kind is FileKind.FILE and not item.path.startswith("data/") and not is_payload_manifest:
            yield item.path


def _vouched(valid: Sequence[Place], lost: Iterable[str]) -> dict[str, Digest]:
    """Return the digests of the lost files in valid copies; not of those that differ between two."""
    digests: dict[str, set[Digest]] = {}
    for place in valid:
        for path in lost:
            digest = place.digest(path, Algorithm.SHA512)
            if digest is not None:
                digests.setdefault(path, set()).add(digest)
    return {path: next(iter(found)) for path, found in digests.items() if len(found) == 1}


def _not_vouched(path: str, place: Place | None) -> Finding:
    where = f"; {shown(str(place.root))} has one" if place is not None else ""
    message = f"{shown(path)} is missing, and no manifest vouches for it; it was not restored{where}"
    return finding_kinds.NOT_VOUCHED.at(message, path)
