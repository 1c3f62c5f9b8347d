"""Compares the trust in two bags: the verdicts, and each attestation with its statement and signatures.

It reads no files: its input is the reports on both bags. Without a list of signers no key is trusted in
either bag; signatures, keys and claims are compared all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archtool.attestations.report import AttestationReport, SignatureReport, TrustReport, TrustVerdict
from archtool.exit_codes import ExitCode
from archtool.operations.diff.documents import Change, Differences, compare_trees
from archtool.operations.diff.pairing import FileEntry, NotCompared, compare_files
from archtool.operations.diff.side import ReadBag, Side

# higher is better; without a list of signers, a signature that is not broken counts like an untrusted one
_RANKS = {
    TrustVerdict.UNREADABLE: 0,
    TrustVerdict.BROKEN: 0,
    TrustVerdict.UNSIGNED: 1,
    TrustVerdict.UNTRUSTED: 2,
    TrustVerdict.NOT_ASKED: 2,
    TrustVerdict.TRUSTED: 3,
}


@dataclass(frozen=True, slots=True)
class AttestationChange:
    """One attestation that only one side has, or that differs."""

    path: str
    """Its folder."""
    event: str
    claimants: tuple[str, ...]
    """Who claims it, according to its statement; that of ONE if both have it."""
    change: Change
    differences: Differences = field(default_factory=Differences)


@dataclass(frozen=True, slots=True)
class TrustComparison:
    """All differences in the trust in the two bags."""

    one: TrustVerdict
    other: TrustVerdict
    attestations: tuple[AttestationChange, ...]
    not_compared: tuple[NotCompared, ...]
    """Files of attestations, in the bags or their sidecars, whose bytes could not be read."""

    @property
    def differs(self) -> bool:
        """Whether anything is known to differ."""
        return self.one is not self.other or bool(self.attestations)

    @property
    def is_lower(self) -> bool:
        """Whether OTHER is trusted less than ONE."""
        return _RANKS[self.other] < _RANKS[self.one]


def compare_trust(
    reports: tuple[TrustReport, TrustReport], readings: tuple[ReadBag, ReadBag]
) -> TrustComparison:
    """Compare the attestations of both bags by the names of their folders.

    Two attestations are the same if their files and the reports on their signatures are the same. Whether an
    attestation is in the package or in its sidecar makes no difference.
    """
    left, right = ({report.path: report for report in trust.attestations} for trust in reports)
    files, other_files = (reading.attestation_files for reading in readings)
    digests, other_digests = _digests_by_folder(files), _digests_by_folder(other_files)
    changes = []
    for path in sorted(left.keys() | right.keys()):
        if path not in right:
            changes.append(_change(left[path], Change.MISSING))
        elif path not in left:
            changes.append(_change(right[path], Change.ADDED))
        else:
            tree = _attestation_tree(left[path], digests.get(path, {}))
            other_tree = _attestation_tree(right[path], other_digests.get(path, {}))
            differences = Differences.of(compare_trees(tree, other_tree))
            if differences:
                changes.append(_change(left[path], Change.CHANGED, differences))
    not_compared = list(compare_files(files, other_files).not_compared)
    not_compared += (unread for reading in readings for unread in _unread_sidecar_files(reading.side))
    return TrustComparison(reports[0].verdict, reports[1].verdict, tuple(changes), tuple(not_compared))


def _unread_sidecar_files(side: Side) -> Iterator[NotCompared]:
    """Yield the files of a sidecar that could not be read."""
    if side.sidecar is None:
        return
    for finding in side.sidecar.unread:
        is_system_error = finding.exit_code is ExitCode.SURROUNDINGS
        yield NotCompared(str(side.sidecar.path), f"in {side.name}: {finding.message}", is_system_error)


def _change(
    report: AttestationReport, change: Change, differences: Differences | None = None
) -> AttestationChange:
    claimants = _claimants(report)
    return AttestationChange(report.path, report.event, claimants, change, differences or Differences())


def _claimants(report: AttestationReport) -> tuple[str, ...]:
    return tuple(c.principal for c in report.statement.claimants) if report.statement is not None else ()


def _digests_by_folder(entries: Iterable[FileEntry]) -> dict[str, dict[str, str]]:
    """Return the digest of each file of an attestation, by the folder and then by the file name."""
    folders: dict[str, dict[str, str]] = {}
    for entry in entries:
        parts = entry.path.split("/", 2)
        if len(parts) == 3:
            digest = entry.digests[0].hex if entry.digests else entry.problem or entry.kind.value
            folders.setdefault("/".join(parts[:2]), {})[parts[2]] = digest
    return folders


def _attestation_tree(report: AttestationReport, digests: Mapping[str, str]) -> dict[str, Any]:
    statement = report.statement
    return {
        "claimed-at": statement.claimed_at.isoformat() if statement else None,
        "claimants": list(_claimants(report)),
        "software": f"{statement.software.name} {statement.software.version}" if statement else None,
        "signatures": {s.path.rpartition("/")[2]: _signature_tree(s) for s in report.signatures},
        "files": digests,
    }


def _signature_tree(signature: SignatureReport) -> dict[str, Any]:
    return {
        "state": "good" if signature.is_good else "broken",
        "key": signature.fingerprint,
        "principals": list(signature.principals),
        "trusted-by": signature.trusted_by,
        "reason": signature.reason,
    }
