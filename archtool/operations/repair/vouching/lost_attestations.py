"""Says that no copy has an attestation which the register remembers: then a repair cannot bring it back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.errors import ArchtoolError
from archtool.files.paths import shell_word, shown
from archtool.findings import Finding
from archtool.operations.holdings.package_facts import read_registered_facts
from archtool.operations.repair.finding_kinds import ATTESTATION_LOST
from archtool.operations.repair.registered.planning import PlannedRepair
from archtool.results import Result

NOT_NEEDED, NOT_POSSIBLE = "not-needed", "not-possible"


def with_lost_attestation(planned: PlannedRepair, result: Result, limits: Limits) -> Result:
    """Return the result of a repair, with a finding if the newest attestation is in none of the copies."""
    known = planned.target.copy.head
    if known is None or result.verdict["repair"] != NOT_NEEDED:
        return result  # files are missing or damaged: the attestation can be among them
    if _newest(planned.target.path, limits) >= known:
        return result
    holders = [str(one.path) for one in planned.sources if _newest(one.path, limits) >= known]
    finding = _finding(planned, known.partition(" ")[0], holders)
    return replace(
        result,
        findings=(*result.findings, finding),
        verdict={**result.verdict, "repair": NOT_POSSIBLE},
        facts={**result.facts, "lost_attestation": known},
    )


def _newest(path: Path, limits: Limits) -> str:
    """Return the newest attestation in a package; empty if there is none, or it cannot be read."""
    try:
        return read_registered_facts(path, limits).head or ""
    except ArchtoolError:
        return ""


def _finding(planned: PlannedRepair, attestation: str, holders: list[str]) -> Finding:
    place = str(planned.target.path)
    if holders:
        return ATTESTATION_LOST.at(
            f"{attestation} is missing in {shown(place)}, and could not be restored from {shown(holders[0])}",
            hint=f"see what is wrong with it there: archtool verify {shell_word(holders[0])}",
        )
    name, there = shell_word(planned.holding.name), shell_word(place)
    at_place = shell_word(planned.target.copy.place)
    return ATTESTATION_LOST.at(
        f"{attestation}, which the register remembers, is missing in {shown(place)},"
        " and no other copy has it",
        hint=f"look for it in backups: archtool repair {there} --from COPY; to give it up on the record:"
        f" archtool holdings update {name} --copy {at_place} --reason TEXT",
    )
