"""What a job of a batch made or checked: its title, its path, its head and its size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Product:
    """The package of one job; `None` for what its verb does not report."""

    title: str | None = None
    package: str | None = None
    """The path of the package; `None` if it was only checked whether it can be made."""
    head: str | None = None
    """The head of its attestations."""
    attestation: str | None = None
    """The name of the attestation that the job added."""
    files: int | None = None
    """The number of payload files."""
    size_bytes: int | None = None
    """Their size."""

    @classmethod
    def of(cls, facts: Mapping[str, Any] | None) -> Product:
        """Return the product that the facts of `pack`, `verify` or `attest` describe."""
        facts = facts or {}
        payload = facts.get("payload")
        counts = payload if isinstance(payload, Mapping) else facts
        files, size_bytes = counts.get("files"), counts.get("bytes")
        if isinstance(payload, list):  # the files that `pack` packed
            files, size_bytes = len(payload), sum(file["size_bytes"] for file in payload)
        package = None if facts.get("dry_run") else facts.get("package")
        title = facts.get("title") or (facts.get("content") or {}).get("title")
        return cls(title, package, facts.get("head"), facts.get("attestation"), files, size_bytes)


def status_of(job: Mapping[str, Any]) -> str:
    """Return `failed`, `done` or `left` for the JSON object of a job."""
    return "failed" if job["exit_code"] != 0 else str(job["ending"])
