"""Judges the state of a copy from the result of its verification.

What is proved comes before what is not known: a copy with a changed file and an unreadable one is `changed`.
Whether its signers are trusted is no state of a copy: its event has the verdict.
"""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path

from archtool.archives.finding_kinds import (
    EXPANDS_TOO_FAR,
    MEMBER_UNREADABLE,
    TOO_DEEP,
    TOO_MANY_MEMBERS,
)
from archtool.attestations.finding_kinds import FILE_UNREADABLE as ATTESTATION_UNREADABLE
from archtool.attestations.finding_kinds import HEAD_MISSING
from archtool.attestations.layout import ROOT as ATTESTATIONS
from archtool.bagit import finding_kinds as bag_kinds
from archtool.exit_codes import ExitCode
from archtool.findings import Finding, Severity
from archtool.holdings.copy_state import CopyState
from archtool.holdings.event import EventOutcome
from archtool.results import Result

_OPEN_QUESTIONS = frozenset(
    kind.code
    for kind in (
        bag_kinds.READ_UNSTABLE, bag_kinds.FILE_CHANGED, bag_kinds.FILE_UNREADABLE, bag_kinds.NOT_CHECKED,
        bag_kinds.TAG_FILE_UNREADABLE, bag_kinds.TAG_FILE_TOO_LARGE, bag_kinds.FOLDER_UNREADABLE,
        ATTESTATION_UNREADABLE, MEMBER_UNREADABLE, EXPANDS_TOO_FAR, TOO_DEEP, TOO_MANY_MEMBERS,
    )
)  # fmt: skip
"""Findings that prove nothing: bytes were not read, or two readings of them differ."""
_OUTCOMES = {CopyState.OK: EventOutcome.SUCCESS, CopyState.UNREADABLE: EventOutcome.INDETERMINATE}
_ABOUT_SIGNERS = frozenset(("trust", "policy"))


def judge(path: Path, result: Result, differing_manifests: Sequence[Finding]) -> CopyState:
    """Return the state of the copy at a path."""
    errors = [finding for finding in result.findings if finding.severity is Severity.ERROR]
    codes = {finding.code for finding in errors}
    proofs = [
        finding for finding in errors if finding.code not in _OPEN_QUESTIONS and not is_about_signers(finding)
    ]
    if differing_manifests:
        return CopyState.CHANGED
    if HEAD_MISSING.code in codes and all(map(_is_about_attestations, proofs)):
        return CopyState.ATTESTATIONS_CUT_OFF
    if bag_kinds.NOT_A_BAG.code in codes or result.verdict["bag"] == "incomplete":
        return CopyState.MISSING
    if bag_kinds.BAG_UNREADABLE.code in codes:
        has_failed = ExitCode.SURROUNDINGS in {finding.error_exit_code for finding in errors}
        return CopyState.UNREADABLE if has_failed or _is_closed(path) else CopyState.CHANGED
    if proofs:
        return CopyState.CHANGED
    return CopyState.UNREADABLE if codes & _OPEN_QUESTIONS else CopyState.OK


def outcome_of(state: CopyState, *, is_in_order: bool) -> EventOutcome:
    """Return how a check ended: a copy that is `ok` can fail for other reasons, such as its signers."""
    outcome = _OUTCOMES.get(state, EventOutcome.FAILURE)
    is_failure = outcome is EventOutcome.SUCCESS and not is_in_order
    return EventOutcome.FAILURE if is_failure else outcome


def is_grown(result: Result) -> bool:
    """Whether the chain of attestations can be recorded: all of it was read, and it contains no error."""
    families = {f.code.partition(".")[0] for f in result.findings if f.severity is Severity.ERROR}
    return not families & {"attestation", "signature"}


def is_about_signers(finding: Finding) -> bool:
    """Whether a finding is about who signed, and not about the material."""
    return finding.code.partition(".")[0] in _ABOUT_SIGNERS


def _is_about_attestations(finding: Finding) -> bool:
    if finding.code == bag_kinds.FILE_MISSING.code:  # its place is the manifest that lists the file
        return finding.message.startswith(ATTESTATIONS)
    place = finding.place.file if finding.place is not None else ""
    return finding.code == HEAD_MISSING.code or place.startswith(ATTESTATIONS)


def _is_closed(path: Path) -> bool:
    """Whether the system does not let us read the file or folder at the path.

    Anything else, such as a FIFO, is not opened: that could wait for ever.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            next(path.iterdir(), None)
        elif stat.S_ISREG(mode):
            with path.open("rb") as file:
                file.read(1)
    except OSError:
        return True
    return False
