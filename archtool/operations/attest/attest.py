"""Appends an attestation to a package: the steps are numbered as in `schemas/README.md`.

The package is valid at every instant. A killed run leaves the old package, the new one, or one whose new
attestation no tag manifest lists yet: the next run recognises that and finishes it.
"""

from __future__ import annotations

from dataclasses import replace

from archtool.attestations.finding_kinds import UNCOVERED_TAG_FILE
from archtool.attestations.layout import AttestationFolder
from archtool.attestations.signatures.cms_signing import sign_list
from archtool.attestations.signatures.signature_check import TrustRules
from archtool.attestations.statements.claim import EVERY_FILE, EXTENT
from archtool.attestations.statements.events import event_type
from archtool.attestations.statements.statement import Software, Statement
from archtool.attestations.statements.writer import compose_attestation, links_to, subjects_of
from archtool.errors import MaterialRefusedError
from archtool.files.lock import Notify, wait_for_lock
from archtool.files.paths import shown
from archtool.files.read_once import ReadOnceSource
from archtool.findings import Finding, has_errors
from archtool.operations.attest.place import AttestationTarget, choose_target, receipts_at, staged_for
from archtool.operations.attest.request import AttestRequest
from archtool.operations.attest.result import appended_from, attest_result, unread_payload
from archtool.operations.attest.sound_package import SoundPackage, check_sound_package
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.sidecar import Sidecar, read_sidecar
from archtool.operations.open_package.tag_manifest_update import check_extensible
from archtool.operations.pack.compose import SOFTWARE_NAME
from archtool.operations.pack.size_guard import refuse_oversized
from archtool.operations.trust.timestamp_client import timestamp_signatures
from archtool.operations.trust.trust_request import TrustRequest
from archtool.operations.verify.request import VerifyRequest
from archtool.operations.verify.verify import verify_opened
from archtool.progress import Progress
from archtool.results import Result

_BESIDE = "put the attestation beside the package, with --sidecar DIR"


def attest(request: AttestRequest, say: Notify, progress: Progress | None = None) -> Result:
    """Append one attestation; `say` is told, in words, what a person has to wait for.

    A claim about the content (`CONTENT_EVENTS`) reads every payload file first, and so does `read_payload`.

    Raises:
        MaterialRefusedError: the package is not as it must be; all findings are in it.
        InputError: no such package, or no statement can be made about it.
        UsageError: the claim cannot be made of this package.
        NoTimestampError: a timestamp was asked for, and could not be had; nothing was written.
        StorageError: another run holds the package, or it cannot be written.
    """
    # (1) one at a time: the others wait
    with wait_for_lock(request.root, request.wait_seconds, say):
        return attest_held(request, progress)


def attest_held(request: AttestRequest, progress: Progress | None = None) -> Result:
    """Append one attestation to a package that the caller has locked."""
    with open_bag(request.root, request.limits) as source:
        return attest_read(request, ReadOnceSource(source), progress)


def attest_read(request: AttestRequest, source: ReadOnceSource, progress: Progress | None = None) -> Result:
    """Append one attestation to a package that the caller has locked, and may have verified.

    What `source` remembers is what is attested: the very bytes that were verified.
    """
    request = _with_payload_read(request, source, progress)
    place = choose_target(request.root, request.sidecar)
    receipts = receipts_at(place)  # before what earlier runs left is cleared away
    with staged_for(place) as stage:
        # (2) the package: nobody puts a good name on a broken one
        standing = _look(request, place, source)
        there = _same_claim(request, standing, place, receipts)
        # (3) the statement, the signed checksums, the signatures, their timestamps: or those that an
        # interrupted run left
        files = {} if there is not None else _compose(request, standing)
        # (4) the attestation gets its place, (5) then the tag manifests that list it
        manifests = standing.with_listed(files, _BESIDE) if place.sidecar is None else {}
        if there is not None:
            stage.confirm(there.name)
        appended = appended_from(files, standing)
        stage.commit(files, manifests, str(appended.head))
    return attest_result(request, place, standing, appended)


def could_attest(request: AttestRequest) -> tuple[Finding, ...]:
    """Look whether the attestation could be appended, and write nothing; gives warnings and notes.

    Raises:
        See `attest`: everything that is seen before something is written.
    """
    with open_bag(request.root, request.limits) as opened:
        source = ReadOnceSource(opened)
        request = _with_payload_read(request, source, None)
        standing = _look(request, choose_target(request.root, request.sidecar), source)
    request.claim.check_position(len(standing.folders))
    return (*standing.findings, *unread_payload(request))


def _with_payload_read(
    request: AttestRequest, source: ReadOnceSource, progress: Progress | None
) -> AttestRequest:
    """Read the payload where the claim rests on it; the returned request says that it was read.

    Raises:
        MaterialRefusedError: the package is not valid, or its metadata is not consistent with its content.
    """
    if not request.must_read_payload:
        return request
    sidecar = request.sidecar if request.sidecar is not None and request.sidecar.is_dir() else None
    result = verify_opened(
        VerifyRequest(
            request.root,
            request.now,
            TrustRequest(),
            request.concurrency,
            limits=request.limits,
            sidecar=sidecar,
        ),
        source,
        progress,
    )
    findings = [f for f in result.findings if not (request.cover_added and f.code == UNCOVERED_TAG_FILE.code)]
    if has_errors(findings):
        name = shown(str(request.root))
        raise MaterialRefusedError(
            f"not attested: {name} is not valid; nothing was written",
            tuple(findings),
            hint=f"see all that is wrong with: archtool verify {name}",
        )
    return replace(request, looked_at=EVERY_FILE)


def _look(request: AttestRequest, place: AttestationTarget, source: ReadOnceSource) -> SoundPackage:
    sidecar = _sidecar_at(place)
    rules = TrustRules(None, None, request.now)
    standing = check_sound_package(request.root, source, sidecar, rules, cover_added=request.cover_added)
    if place.sidecar is None:
        check_extensible(standing.bag, _BESIDE)  # before an authority is asked for a timestamp
    return standing


def _sidecar_at(place: AttestationTarget) -> Sidecar | None:
    return read_sidecar(place.sidecar) if place.sidecar is not None and place.sidecar.is_dir() else None


def _same_claim(
    request: AttestRequest, standing: SoundPackage, place: AttestationTarget, receipts: frozenset[str]
) -> AttestationFolder | None:
    """The newest attestation, if an earlier run of this command made it and did not come to its end.

    `receipts` are the heads of such attestations. It must claim the very same thing.
    """
    there = standing.trust.attestations[-1].statement if standing.folders else None
    if there is None:
        return None
    half_done = standing.unlisted_folders() if place.sidecar is None else []
    is_half_done = half_done[-1:] == [standing.folders[-1]] or str(standing.head) in receipts
    if not is_half_done and not request.may_be_done:
        return None
    # it cannot link to itself, and what was left half done was made at another time
    wanted = replace(_statement(request, standing), previous=there.previous)
    if is_half_done:
        wanted = replace(wanted, claimed_at=there.claimed_at)
    return standing.folders[-1] if there == wanted else None


def _compose(request: AttestRequest, standing: SoundPackage) -> dict[str, bytes]:
    number = len(standing.folders) + 1
    request.claim.check_position(number - 1)
    statement = _statement(request, standing)
    files = compose_attestation(number, statement, standing.covered, request.signers)
    files |= (
        timestamp_signatures(files, request.timestamp_client) if request.timestamp_client is not None else {}
    )
    files |= sign_list(files, request.cms) if request.cms is not None else {}
    refuse_oversized(files)
    return files


def _statement(request: AttestRequest, standing: SoundPackage) -> Statement:
    claim = request.claim
    return Statement(
        event=claim.event,
        event_type=event_type(claim.event),
        claimed_at=request.claimed_at,
        subjects=subjects_of(standing.covered),
        claimants=tuple(signer.claimant for signer in request.signers),
        software=Software(SOFTWARE_NAME, request.software_version),
        package=standing.package_id,
        previous=links_to(standing.covered),
        note=claim.note,
        details={**claim.details, EXTENT: request.looked_at},
    )
