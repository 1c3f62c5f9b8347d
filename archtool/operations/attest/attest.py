"""Appends an attestation to a package, in the numbered steps of `schemas/README.md`.

The package is valid at every instant. A killed run leaves the old package, the new one, or one whose new
attestation is not listed in a tag manifest yet: the next run detects that and finishes it.
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
from archtool.files.paths import shell_word, shown
from archtool.files.read_once import ReadOnceSource
from archtool.findings import Finding, has_errors
from archtool.operations.attest.place import (
    AttestationTarget,
    choose_target,
    read_unfinished_receipts,
    stage_attestation,
)
from archtool.operations.attest.request import AttestRequest
from archtool.operations.attest.result import attest_result, find_appended, warn_payload_unread
from archtool.operations.attest.sound_package import SoundPackage, read_sound_package
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

_USE_SIDECAR = "put the attestation beside the package, with --sidecar DIR"


def attest(request: AttestRequest, notify: Notify, progress: Progress | None = None) -> Result:
    """Append one attestation; `notify` receives a message if another run has to be waited for.

    If the claim is about the content (`CONTENT_EVENTS`) or `read_payload` is set, every payload file is
    verified first.

    Raises:
        MaterialRefusedError: the package has errors; the exception carries all findings.
        InputError: no such package, or no statement about it is possible.
        UsageError: this claim is not possible for this package.
        NoTimestampError: a timestamp was requested and not received; nothing was written.
        StorageError: another run has locked the package, or it cannot be written.
    """
    # (1) lock the package: other runs wait
    with (
        wait_for_lock(request.root, request.wait_seconds, notify),
        open_bag(request.root, request.limits, progress) as source,
    ):
        return attest_opened(request, ReadOnceSource(source), progress)


def attest_opened(request: AttestRequest, source: ReadOnceSource, progress: Progress | None = None) -> Result:
    """Append one attestation to an open package that the caller has locked, and possibly verified.

    The attestation covers the bytes that `source` keeps, which are the verified ones.
    """
    request = _with_payload_verified(request, source, progress)
    target = choose_target(request.root, request.sidecar)
    receipts = read_unfinished_receipts(target)  # before leftovers of earlier runs are removed
    with stage_attestation(target) as stage:
        # (2) check the package: a package with errors is not attested
        package = _check_package(request, target, source)
        existing = _find_unfinished(request, package, target, receipts)
        # (3) write the statement, the checksum list, the signatures and their timestamps, unless an
        # interrupted run did
        files = {} if existing is not None else _compose(request, package)
        # (4) move the attestation into place, (5) then the tag manifests that list it
        manifests = package.updated_tag_manifests(files, _USE_SIDECAR) if target.sidecar is None else {}
        if existing is not None:
            stage.confirm(existing.name)
        appended = find_appended(files, package)
        stage.commit(files, manifests, str(appended.head))
    return attest_result(request, target, package, appended)


def check_attestable(request: AttestRequest) -> tuple[Finding, ...]:
    """Check whether the attestation can be appended, without writing anything; returns warnings and notes.

    Raises:
        MaterialRefusedError: the package has errors; the exception carries all findings.
        InputError: no such package, or no statement about it is possible.
        UsageError: this claim is not possible for this package.
    """
    with open_bag(request.root, request.limits) as opened:
        source = ReadOnceSource(opened)
        request = _with_payload_verified(request, source, None)
        package = _check_package(request, choose_target(request.root, request.sidecar), source)
    request.claim.check_position(len(package.folders))
    return (*package.findings, *warn_payload_unread(request))


def _with_payload_verified(
    request: AttestRequest, source: ReadOnceSource, progress: Progress | None
) -> AttestRequest:
    """Verify the payload if the claim rests on it; the returned request records that it was read.

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
            hint=f"for all findings, run: archtool verify {shell_word(name)}",
        )
    return replace(request, checked_scope=EVERY_FILE)


def _check_package(request: AttestRequest, target: AttestationTarget, source: ReadOnceSource) -> SoundPackage:
    sidecar = _sidecar_at(target)
    rules = TrustRules(None, None, request.now)
    package = read_sound_package(
        request.root, source, sidecar, rules, cover_added=request.cover_added, expected=request.expected
    )
    if target.sidecar is None:
        check_extensible(package.bag, _USE_SIDECAR)  # before a timestamp is requested
    return package


def _sidecar_at(target: AttestationTarget) -> Sidecar | None:
    return read_sidecar(target.sidecar) if target.sidecar is not None and target.sidecar.is_dir() else None


def _find_unfinished(
    request: AttestRequest, package: SoundPackage, target: AttestationTarget, receipts: frozenset[str]
) -> AttestationFolder | None:
    """Return the newest attestation if an interrupted run of this command made it.

    It must make exactly the same claim. `receipts` are the heads of attestations by interrupted runs.
    """
    newest = package.trust.attestations[-1].statement if package.folders else None
    if newest is None:
        return None
    unlisted = package.unlisted_folders() if target.sidecar is None else []
    is_unfinished = unlisted[-1:] == [package.folders[-1]] or str(package.head) in receipts
    if not is_unfinished and not request.accept_existing:
        return None
    # an attestation does not link to itself, and an unfinished one was made at another time
    wanted = replace(_statement(request, package), previous=newest.previous)
    if is_unfinished:
        wanted = replace(wanted, claimed_at=newest.claimed_at)
    return package.folders[-1] if newest == wanted else None


def _compose(request: AttestRequest, package: SoundPackage) -> dict[str, bytes]:
    number = len(package.folders) + 1
    request.claim.check_position(number - 1)
    statement = _statement(request, package)
    files = compose_attestation(number, statement, package.covered, request.signers)
    if request.timestamp_client is not None:
        files |= timestamp_signatures(files, request.timestamp_client)
    if request.cms is not None:
        files |= sign_list(files, request.cms)
    refuse_oversized(files)
    return files


def _statement(request: AttestRequest, package: SoundPackage) -> Statement:
    claim = request.claim
    return Statement(
        event=claim.event,
        event_type=event_type(claim.event),
        claimed_at=request.claimed_at,
        subjects=subjects_of(package.covered),
        claimants=tuple(signer.claimant for signer in request.signers),
        software=Software(SOFTWARE_NAME, request.software_version),
        package=package.package_id,
        previous=links_to(package.covered),
        note=claim.note,
        details={**claim.details, EXTENT: request.checked_scope},
    )
