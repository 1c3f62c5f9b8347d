"""Compares who vouches for two bags: the verdicts, and each attestation with its statement and signatures.

Pure: what the room of trust saw comes in. Without a list of signers nobody is trusted on either side, and
the signatures, their keys and their claims are compared all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archtool.operations.diff_files import NotCompared, compare_files
from archtool.operations.diff_pairing import Seen
from archtool.operations.diff_trees import Change, Differences, compare_trees, gather
from archtool.trust.report import AttestationReport, SignatureReport, TrustReport, TrustVerdict

# how much a verdict is worth; where nobody was asked, only a broken signature is worth less
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
    """One attestation that only one side has, or that is not the same on both."""

    path: str
    """Its folder."""
    event: str
    who: tuple[str, ...]
    """On whose word, as its statement says; of ONE where both have it."""
    change: Change
    differences: Differences = field(default_factory=Differences)


@dataclass(frozen=True, slots=True)
class TrustComparison:
    """All that differs in who vouches for the two."""

    one: TrustVerdict
    other: TrustVerdict
    attestations: tuple[AttestationChange, ...] = ()
    not_compared: tuple[NotCompared, ...] = ()
    """Files of attestations whose bytes could not be had."""

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return self.one is not self.other or bool(self.attestations)

    @property
    def rise(self) -> int:
        """More than 0 where OTHER is trusted more than ONE, less where it is trusted less."""
        return _RANKS[self.other] - _RANKS[self.one]


def compare_trust(
    one: TrustReport,
    other: TrustReport,
    files: tuple[Sequence[Seen], Sequence[Seen]],
    unread: Sequence[NotCompared] = (),
) -> TrustComparison:
    """Hold the attestations of both sides against each other, by the names of their folders.

    `files` are the tag files of both sides as they were read, and those of attestations beside them: an
    attestation is the same where its bytes are, and what is seen of its signatures. It makes no difference
    whether it lies in the package or beside it. `unread` is what could not be read beside them.
    """
    left, right = ({report.path: report for report in trust.attestations} for trust in (one, other))
    folders = tuple(_by_folder(seen) for seen in files)
    changes = []
    for path in sorted(left.keys() | right.keys()):
        report = left.get(path) or right[path]
        change = Change.CHANGED if path in left and path in right else Change.MISSING
        change = Change.ADDED if path not in left else change
        differences = Differences()
        if change is Change.CHANGED:
            trees = (_tree(left[path], folders[0]), _tree(right[path], folders[1]))
            differences = gather(compare_trees(*trees))
        if differences or change is not Change.CHANGED:
            changes.append(AttestationChange(path, report.event, _who(report), change, differences))
    attested = [[s for s in seen if s.path.startswith("attestations/")] for seen in files]
    unknown = compare_files(*attested).not_compared
    return TrustComparison(one.verdict, other.verdict, tuple(changes), (*unknown, *unread))


def _who(report: AttestationReport) -> tuple[str, ...]:
    if report.statement is None:
        return ()
    return tuple(claimant.principal for claimant in report.statement.claimants)


def _by_folder(files: Sequence[Seen]) -> dict[str, dict[str, str]]:
    """The digests of what lies in each attestation's folder, by the name in it."""
    folders: dict[str, dict[str, str]] = {}
    for seen in files:
        parts = seen.path.split("/", 2)
        if len(parts) == 3:
            said = seen.digests[0].hex if seen.digests else seen.problem or seen.kind.value
            folders.setdefault("/".join(parts[:2]), {})[parts[2]] = said
    return folders


def _tree(report: AttestationReport, folders: Mapping[str, Mapping[str, str]]) -> Mapping[str, Any]:
    statement = report.statement
    return {
        "claimed-at": statement.claimed_at.isoformat() if statement else None,
        "claimants": list(_who(report)),
        "software": f"{statement.software.name} {statement.software.version}" if statement else None,
        "signatures": {s.path.rpartition("/")[2]: _signature(s) for s in report.signatures},
        "files": folders.get(report.path, {}),
    }


def _signature(signature: SignatureReport) -> dict[str, Any]:
    return {
        "state": "good" if signature.is_good else "broken",
        "key": signature.fingerprint,
        "principals": list(signature.principals),
        "trusted-by": signature.trusted_by,
        "reason": signature.reason,
    }
