"""Everything that a comparison of two bags saw, and the three answers that follow from it. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archtool.findings import Finding
from archtool.fixity.digests import Algorithm
from archtool.operations.diff_files import FilesComparison
from archtool.operations.diff_listing import Lost
from archtool.operations.diff_metadata import MetadataComparison
from archtool.operations.diff_side import Damage
from archtool.operations.diff_trust import TrustComparison

SAME, DIFFERENT, NOT_COMPARED = "same", "different", "not-compared"


@dataclass(frozen=True, slots=True)
class SideSummary:
    """What there is to say of one of the two by itself."""

    name: str
    """ONE or OTHER."""
    serialisation: str | None
    findings: tuple[Finding, ...]
    """What was seen of the archive that holds it, and of its sidecar."""
    is_whole: bool
    payload_files: int
    payload_bytes: int
    bagit_version: str
    sidecar: Path | None = None
    """Where attestations lie beside it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two bags, held against each other."""

    by_bytes: bool
    """Whether the payload was read; otherwise the manifests were believed."""
    algorithms: tuple[Algorithm, ...]
    """In which payload files were compared, the best first."""
    sides: tuple[SideSummary, SideSummary]
    payload: FilesComparison
    metadata: MetadataComparison
    trust: TrustComparison
    damaged: tuple[Damage, ...] = ()
    lost: tuple[Lost, ...] = ()
    read_files: int = 0
    read_bytes: int = 0

    def verdict(self) -> dict[str, str]:
        """Whether the two are the same, in three respects; `same` is said only where all was looked at."""
        is_whole = all(side.is_whole for side in self.sides)
        return {
            "payload": _answer(self.payload.differs, is_whole and not self.payload.not_compared),
            "metadata": _answer(self.metadata.differs, is_whole and not self.metadata.files.not_compared),
            "trust": _answer(self.trust.differs, is_whole and not self.trust.not_compared),
        }


def _answer(differs: bool, is_complete: bool) -> str:
    if differs:
        return DIFFERENT
    return SAME if is_complete else NOT_COMPARED
