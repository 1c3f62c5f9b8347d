"""Decides which digest each file of a package must have, and what vouches for that.

In this order: the register (digests of the payload manifests, head of the attestations), the signed checksum
lists (`signed_lists`), and only where there is neither: the tag manifests of the package itself. What copies
say about each other never counts, however many agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archtool.attestations.layout import is_tag_manifest, record_number
from archtool.bagit.fixity import Expectation
from archtool.bagit.model import Declaration, Manifest
from archtool.bagit.tag_files.declaration import FILE_NAME, UNDECLARED, parse_declaration
from archtool.bagit.tag_files.manifest_reader import parse_manifest
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations.repair import finding_kinds
from archtool.operations.repair.model import RepairRequest
from archtool.operations.repair.places import Place, Places
from archtool.operations.repair.vouching.signed_lists import SignedLists
from archtool.operations.repair.vouching.unsigned_manifests import (
    agrees,
    choose_unsigned,
    names_payload_manifest,
    parsed_tag_manifests,
)

_CHECK_THE_KEYS = (
    "check that the allowed_signers file names the keys of this package (archtool verify shows them), "
    "or name a further copy with --from"
)
Expected = dict[str, tuple[Expectation, ...]]


@dataclass(frozen=True, slots=True)
class Reference:
    """What the files of the package must be like."""

    voucher: str
    """What vouches, in words; empty if nothing does."""
    declaration: Declaration
    manifests: tuple[Manifest, ...] = ()
    """The payload manifests, each as its voucher describes it, wherever its bytes are."""
    tag_files: Expected = field(default_factory=dict)
    """The expected digests of each tag file, manifests included."""
    findings: tuple[Finding, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether files can be judged by it."""
        return bool(self.voucher) and bool(self.manifests)


def build_reference(places: Places, signed: SignedLists, request: RepairRequest) -> Reference:
    """Decide what vouches, and return the digests that follow from it."""
    anchors, conflicts = _anchors(signed, request)
    beside = tuple(places.attestations_beside())
    anchors = {path: expected for path, expected in anchors.items() if not path.startswith(beside)}
    if conflicts:
        return Reference("", UNDECLARED, findings=(*signed.findings, *conflicts))
    if any(map(names_payload_manifest, anchors)):
        return _from_anchors(places, anchors, _voucher(signed, request), signed.findings)
    if signed.is_signed:
        what = "by a trusted key" if request.trust.allowed else "that the package itself has or lists"
        message = f"no attestation {what} is undamaged in any place, so nothing vouches for a manifest"
        hint = _CHECK_THE_KEYS if request.trust.allowed else None
        finding = finding_kinds.NOTHING_VOUCHES.at(message, hint=hint)
        return Reference("", UNDECLARED, findings=(*signed.findings, finding))
    chosen = choose_unsigned(places)
    return _from_anchors(places, chosen.anchors, chosen.voucher, (*signed.findings, *chosen.findings))


def _voucher(signed: SignedLists, request: RepairRequest) -> str:
    words = ["the register"] if request.registered is not None else []
    if signed.lists:
        newest = signed.lists[-1]
        by = ", ".join(newest.signers) or "nobody"
        trusted = "trusted" if newest.is_trusted else "not checked against trusted keys"
        words.append(f"{newest.folder.name}, signed by {by} ({trusted})")
    return " and ".join(words)


def _anchors(signed: SignedLists, request: RepairRequest) -> tuple[Expected, list[Finding]]:
    """Merge all that vouches by path; two different digests for one file are a conflict."""
    anchors: dict[str, tuple[Expectation, ...]] = {}
    conflicts = []
    if request.registered is not None:
        registered = request.registered
        tag_manifests = {} if signed.lists else registered.tag_manifests
        for name, digest in {**registered.manifests, **tag_manifests}.items():
            anchors[name] = (Expectation("the register", 0, digest),)
    for one in signed.lists:
        for path, line, digest in one.digests():
            if is_tag_manifest(path):
                continue
            known = anchors.get(path, ())
            same = [e for e in known if e.digest.algorithm is digest.algorithm]
            if any(not e.digest.matches(digest) for e in same):
                message = (
                    f"{one.folder.name} and {same[0].manifest} vouch for different bytes of {shown(path)}"
                )
                conflicts.append(finding_kinds.SIGNATURES_DISAGREE.at(message, path))
            elif not same:
                anchors[path] = (*known, Expectation(one.folder.list_path, line, digest))
    return anchors, conflicts


def _from_anchors(places: Places, anchors: Expected, voucher: str, findings: Sequence[Finding]) -> Reference:
    declaration = _declaration(places, anchors)
    manifests = []
    for name in sorted(filter(names_payload_manifest, anchors)):
        data = _vouched_bytes(places, name, anchors[name])
        read = read_manifest_name(name)
        if data is not None and read is not None and read.algorithm is not None:
            manifests.append(_payload_only(parse_manifest(data, read, declaration)[0]))
    expected = {**anchors}
    for name, manifest, data in _tag_manifests(places, anchors, declaration):
        add_tag_manifest(expected, name, manifest, data)
    found = list(findings)
    if voucher and not manifests:
        names = ", ".join(sorted(filter(names_payload_manifest, anchors)))
        message = f"no place has an undamaged {names or 'payload manifest'}, so no file can be judged"
        found.append(finding_kinds.NOTHING_VOUCHES.at(message, hint="name a further copy with --from"))
    return Reference(voucher, declaration, tuple(manifests), expected, tuple(found))


def add_tag_manifest(expected: Expected, name: str, manifest: Manifest, data: bytes) -> None:
    """Add what a tag manifest vouches for, and its own digest, to the expected digests of tag files."""
    expected[name] = (Expectation("the files that it lists", 0, digest_bytes(Algorithm.SHA512, data)),)
    for path, expectation in tag_entries(manifest):
        expected[path] = (*expected.get(path, ()), expectation)


def tag_entries(manifest: Manifest) -> Iterator[tuple[str, Expectation]]:
    """Yield the tag files that a tag manifest lists, without tag manifests."""
    if manifest.algorithm is None:
        return
    for entry in manifest.entries:
        if entry.hex and not entry.path.startswith("data/") and not is_tag_manifest(entry.path):
            yield (
                str(entry.path),
                Expectation(manifest.name, entry.line, Digest(manifest.algorithm, entry.hex)),
            )


def _payload_only(manifest: Manifest) -> Manifest:
    outside = any(path[:5] != "data/" for path in manifest.paths)
    if not outside:
        return manifest
    return manifest.select([n for n, path in enumerate(manifest.paths) if path[:5] == "data/"])


def _declaration(places: Places, anchors: Expected) -> Declaration:
    data = _vouched_bytes(places, FILE_NAME, anchors[FILE_NAME]) if FILE_NAME in anchors else None
    data = data if data is not None else places.target.read(FILE_NAME)
    return parse_declaration(data)[0] if data is not None else UNDECLARED


def _vouched_bytes(places: Places, path: str, expected: Sequence[Expectation]) -> bytes | None:
    """Return the bytes of a tag file from the first place where they have the expected digests."""
    for place in places.all:
        found = {
            algorithm: place.digest(path, algorithm) for algorithm in {e.digest.algorithm for e in expected}
        }
        if all((d := found[e.digest.algorithm]) is not None and d.matches(e.digest) for e in expected):
            return place.read(path)
    return None


def _tag_manifests(
    places: Places, anchors: Expected, declaration: Declaration
) -> Iterator[tuple[str, Manifest, bytes]]:
    """Yield the tag manifests that agree with what vouches; the package's own, where it agrees.

    A registered tag manifest counts only with the registered bytes. No signature covers one: it counts if it
    has every file that is vouched for, with that digest. Without a signed list nothing vouches for the other
    tag files: then the tag manifest of a copy counts only if no file of the package contradicts it.
    """
    is_signed = any(not names_payload_manifest(path) for path in anchors)
    registered = sorted(filter(is_tag_manifest, anchors))
    for name in registered or _names_of_tag_manifests(places, anchors):
        for place in places.all:
            if name in anchors and not agrees(place, name, anchors[name]):
                continue
            parsed = parsed_tag_manifests(place, declaration, [name])
            if not parsed or not _agrees(parsed[0][1], anchors, place):
                continue
            if is_signed or place is places.target or not _contradicted(parsed[0][1], anchors, places.target):
                yield name, *parsed[0][1:]
                break


def _names_of_tag_manifests(places: Places, anchors: Expected) -> list[str]:
    """Return the names of the package's own tag manifests, and of those of copies that can replace one."""
    names = places.target.manifest_names(tag=True)
    others = {name for place in places.copies for name in place.manifest_names(tag=True)}
    payload = {name.lower().removeprefix("manifest-") for name in filter(names_payload_manifest, anchors)}
    more = sorted(n for n in others - {*names} if not names or n.removeprefix("tagmanifest-") in payload)
    return [*names, *more]


def _contradicted(manifest: Manifest, anchors: Expected, target: Place) -> bool:
    """Return whether a file of the package, of which nothing else is known, differs from a line."""
    own = (
        (target.digest(path, e.digest.algorithm), e.digest)
        for path, e in tag_entries(manifest)
        if path not in anchors
    )
    return any(found is not None and not found.matches(digest) for found, digest in own)


def _agrees(manifest: Manifest, anchors: Expected, place: Place) -> bool:
    if manifest.algorithm is None or manifest.has_repeats:
        return False
    listed = {path: entry.hex for path, entry in manifest.by_path().items()}
    for path, expected in anchors.items():
        if record_number(path) is not None or is_tag_manifest(path):
            continue
        if path not in listed:
            return False
        known = _same_algorithm(expected, manifest.algorithm)
        if known is not None and known.hex != listed[path]:
            return False
        if known is None and not _agrees_by_bytes(place, path, expected, manifest.algorithm, listed[path]):
            return False
    return True


def _same_algorithm(expected: Sequence[Expectation], algorithm: Algorithm) -> Digest | None:
    return next((e.digest for e in expected if e.digest.algorithm is algorithm), None)


def _agrees_by_bytes(
    place: Place, path: str, expected: Sequence[Expectation], algorithm: Algorithm, listed: str
) -> bool:
    """Compare a digest of another algorithm through the bytes, if this place has the vouched ones."""
    first = expected[0].digest
    own = place.digest(path, first.algorithm)
    if own is None or not own.matches(first):
        return True  # nothing is known about this line here
    found = place.digest(path, algorithm)
    return found is None or found.hex == listed


def expected_of(manifests: Sequence[Manifest], paths: Mapping[str, object]) -> Expected:
    """Return the expected digests of some payload files."""
    expected: dict[str, tuple[Expectation, ...]] = {}
    for manifest in manifests:
        if manifest.algorithm is None:
            continue
        for number, path in enumerate(manifest.paths):
            if path in paths and (hexadecimal := manifest.hex(number)):
                found = Expectation(
                    manifest.name, manifest.lines[number], Digest(manifest.algorithm, hexadecimal)
                )
                expected[path] = (*expected.get(path, ()), found)
    return expected
