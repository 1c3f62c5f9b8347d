"""Records the newest attestation of a package that is in place already."""

from __future__ import annotations

from pathlib import Path

from archtool.archives.limits import Limits
from archtool.attestations.report import AttestationReport
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.findings import in_reading_order
from archtool.operations.attest.locked_package import Lock, open_locked
from archtool.operations.holdings.record_heads import HeadRecorder, NewHead
from archtool.operations.open_package.package_paths import find_sidecar
from archtool.results import Result

RESULT_SCHEMA = "archtool/record-head/1"


def record_newest(
    root: Path, recorder: HeadRecorder, lock: Lock, sidecar: Path | None = None, limits: Limits | None = None
) -> Result:
    """Record the head of a package without errors; its payload is not read.

    Raises:
        InputError: there is no package, it has no attestation, or it is not registered.
        MaterialRefusedError: the package has errors; the exception carries all findings.
        StorageError: another run has locked the package.
    """
    beside = find_sidecar(root, sidecar)
    with open_locked(root, recorder.now(), lock, beside, limits) as package:
        reports, findings = package.state.trust.attestations, package.state.findings
        if not reports or reports[-1].head is None:
            raise InputError(
                f"{shown(str(root))} has no attestation, so there is no head to record",
                hint="append one: archtool attest BAG --sign KEY --event countersignature",
            )
        new = NewHead(root, reports[-1].head, reports[-1].event, _signers(reports[-1]), None, beside)
        (recorded,) = recorder.record([new])
    if recorded.holding is None and recorded.finding is None:
        raise InputError(
            f"{shown(str(root))} is not registered in {shown(recorded.register)}",
            hint="register it: archtool holdings add BAG",
        )
    result = Result(RESULT_SCHEMA, str(root), in_reading_order(findings))
    return recorded.add_to(result)


def _signers(report: AttestationReport) -> tuple[tuple[str, str], ...]:
    claimants = report.statement.claimants if report.statement is not None else ()
    return tuple((claimant.principal, claimant.fingerprint) for claimant in claimants)
