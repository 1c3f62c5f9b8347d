"""Finds the signed checksum lists that vouch for the files of a package.

A list counts if its signature verifies, and with trusted keys: if a trusted key made it. Without trusted keys
anybody can have signed a copy, so a signature only confirms what the package itself says: the list must be in
the package, or a tag manifest of the package must state its digest. A list whose digest the register states
as the head counts in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from archtool.attestations.chain import verify_chain
from archtool.attestations.layout import AttestationFolder, read_layout
from archtool.attestations.report import AttestationReport, ChainInput, SignatureReport
from archtool.attestations.statements.checksum_list import ListEntry, parse_checksum_list
from archtool.bagit.tag_files.declaration import UNDECLARED
from archtool.bagit.tag_files.manifest_reader import parse_manifest
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations.repair import finding_kinds
from archtool.operations.repair.model import RegisteredFacts, RepairRequest
from archtool.operations.repair.places import Place, Places


@dataclass(frozen=True, slots=True)
class SignedList:
    """A checksum list that vouches for files."""

    folder: AttestationFolder
    data: bytes
    """The list itself."""
    entries: tuple[ListEntry, ...]
    place: int
    """The number of the place that has its bytes."""
    signatures: Mapping[str, Digest]
    """Each signature that verifies, with the SHA-512 of its file."""
    signers: tuple[str, ...] = ()
    is_trusted: bool = False
    is_registered: bool = False

    @property
    def digest(self) -> Digest:
        """SHA-512 of the list."""
        return digest_bytes(Algorithm.SHA512, self.data)

    def merged(self, other: SignedList) -> SignedList:
        """Return this list with the further signatures that another place has under it."""
        return replace(
            self,
            signatures={**other.signatures, **self.signatures},
            signers=tuple(dict.fromkeys((*self.signers, *other.signers))),
            is_trusted=self.is_trusted or other.is_trusted,
        )

    def digests(self) -> Iterator[tuple[str, int, Digest]]:
        """Yield path, line and SHA-512 of each file that it vouches for, with itself and its signatures."""
        yield from ((entry.path, entry.line, entry.digest) for entry in self.entries)
        yield self.folder.list_path, 0, self.digest
        yield from ((path, 0, digest) for path, digest in self.signatures.items())


@dataclass(frozen=True, slots=True)
class SignedLists:
    """The lists that vouch, oldest first, and what is wrong with others."""

    lists: tuple[SignedList, ...]
    findings: tuple[Finding, ...]
    is_signed: bool
    """Whether any place has a signature, good or not."""


def find_signed_lists(places: Places, request: RepairRequest) -> SignedLists:
    """Find the lists of the package and of all copies that vouch for files."""
    lists: dict[tuple[str, str], SignedList] = {}
    for found in _candidates(places, request):
        key = (found.folder.name, found.digest.hex)
        lists[key] = lists[key].merged(found) if key in lists else found
    kept, findings = _without_contradicting(list(lists.values()), request.registered)
    known = [one for one in kept if one.is_registered or one.is_trusted or _is_known(one, places.target)]
    findings += _not_used([one for one in kept if one not in known], places)
    is_signed = any(path.endswith(".sig") for place in places.all for path in place.attested)
    return SignedLists(tuple(sorted(known, key=lambda one: one.folder.number)), tuple(findings), is_signed)


def _not_used(lists: Sequence[SignedList], places: Places) -> Iterator[Finding]:
    own = {folder.name for folder in read_layout(places.target.attested)[0]}
    for one in lists:
        copy = shown(str(next(place.root for place in places.all if place.number == one.place)))
        if one.folder.name in own:
            message = f"{copy} has another {one.folder.name} than the package; that attestation was not used"
            yield finding_kinds.COPY_DIFFERS.at(message, one.folder.path)
        else:
            message = f"{copy} has {one.folder.name}, which the package does not have"
            yield finding_kinds.COPY_IS_NEWER.at(message, one.folder.path)


def _candidates(places: Places, request: RepairRequest) -> Iterator[SignedList]:
    verified = set()
    for place in places.all:
        for found in _verified(place.number, place.attested, request):
            verified.add(found.folder.name)
            yield found
    if verified.issuperset(f.name for place in places.all for f in read_layout(place.attested)[0]):
        return
    # two damaged places can complete each other: the list of one, the signature of another
    for one, other in product(places.all, repeat=2):
        if one is not other:
            lists = {path: data for path, data in one.attested.items() if path.endswith("/sha512sums.txt")}
            yield from _verified(one.number, {**other.attested, **lists}, request, one.attested)


def _verified(
    number: int,
    files: Mapping[str, bytes],
    request: RepairRequest,
    own: Mapping[str, bytes] | None = None,
) -> Iterator[SignedList]:
    trust = request.trust
    report = verify_chain(
        ChainInput(files, {}), allowed=trust.allowed, revoked=trust.revoked, at=request.now,
        authorities=trust.authorities,
    )  # fmt: skip
    folders = {folder.path: folder for folder in read_layout(files)[0]}
    for attestation in report.attestations:
        folder = folders[attestation.path]
        if folder.list_path in files and (own is None or folder.list_path in own):
            found = _signed_list(number, folder, files, attestation, request)
            if found is not None:
                yield found


def _signed_list(
    number: int,
    folder: AttestationFolder,
    files: Mapping[str, bytes],
    attestation: AttestationReport,
    request: RepairRequest,
) -> SignedList | None:
    data = files[folder.list_path]
    head = request.registered.head if request.registered is not None else None
    is_head = head is not None and head.attestation == folder.name
    is_head = is_head and head is not None and head.matches(digest_bytes(Algorithm.SHA512, data))
    needs_trust = request.trust.allowed is not None
    good = [one for one in attestation.signatures if _counts(one, needs_trust=needs_trust)]
    if not good and not is_head:
        return None
    try:
        entries = parse_checksum_list(data, folder.list_path)
    except InputError:
        return None
    signatures = {one.path: digest_bytes(Algorithm.SHA512, files[one.path]) for one in good}
    signers = tuple(dict.fromkeys(", ".join(one.names) or one.fingerprint or "?" for one in good))
    return SignedList(
        folder, data, entries, number, signatures, signers,
        is_trusted=any(one.trusted_by is not None for one in good), is_registered=is_head,
    )  # fmt: skip


def _counts(signature: SignatureReport, *, needs_trust: bool) -> bool:
    if needs_trust:
        return signature.is_good and signature.trusted_by is not None
    return signature.is_good and signature.reason is None  # a reason: its key or certificate is revoked


def _is_known(one: SignedList, target: Place) -> bool:
    """Return whether the package itself says that it has this list."""
    own = target.attested.get(one.folder.list_path)
    if own is not None and digest_bytes(Algorithm.SHA512, own).matches(one.digest):
        return True
    stated = _stated_digests(target, one.folder.list_path)
    return any(digest.matches(digest_bytes(digest.algorithm, one.data)) for digest in stated)


def _stated_digests(target: Place, path: str) -> Iterator[Digest]:
    """Yield the digests that the tag manifests of the package state for one of its files."""
    for name in target.manifest_names(tag=True):
        read, data = read_manifest_name(name), target.read(name)
        if read is None or read.algorithm is None or data is None:
            continue
        entry = parse_manifest(data, read, UNDECLARED)[0].by_path().get(path)
        if entry is not None and entry.hex:
            yield Digest(read.algorithm, entry.hex)


def _without_contradicting(
    lists: Sequence[SignedList], registered: RegisteredFacts | None
) -> tuple[list[SignedList], list[Finding]]:
    """Leave out the lists that vouch for other manifests, or another head, than the register."""
    if registered is None:
        return list(lists), []
    head = next((one for one in lists if one.is_registered), None)
    known = {**registered.manifests, **({e.path: e.digest for e in head.entries} if head else {})}
    if registered.head is not None and head is not None:
        known[head.folder.list_path] = head.digest
    kept, findings = [], []
    for one in lists:
        wrong = [path for path, _, digest in one.digests() if _differs(known.get(path), digest)]
        if not wrong:
            kept.append(one)
            continue
        message = f"{one.folder.name} vouches for another {wrong[0]} than the register; it was not used"
        findings.append(finding_kinds.CONTRADICTS_REGISTER.at(message, one.folder.path))
    return kept, findings


def _differs(known: Digest | None, digest: Digest) -> bool:
    return known is not None and known.algorithm is digest.algorithm and not known.matches(digest)
