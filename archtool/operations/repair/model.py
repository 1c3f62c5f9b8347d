"""What a repair is about: places, files that are not good, and the state of each file in each place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.attestations.chain_head import ChainHead
from archtool.bagit.fixity import Expectation
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.workers.concurrency import Concurrency
from archtool.operations.attest.locked_package import Lock
from archtool.operations.audit.check_copy import CopyCheck, ExpectedCopy
from archtool.operations.trust.trust_request import TrustRequest
from archtool.results import Result


class FileState(StrEnum):
    """What one place has of one file."""

    GOOD = "good"
    DAMAGED = "damaged"
    """Its bytes differ, or it is a link or a folder instead of a file."""
    MISSING = "missing"
    TO_FETCH = "to fetch"
    """It is not here, and fetch.txt lists its URL."""
    UNREADABLE = "unreadable"
    NOT_READ = "not read"
    """It was found good elsewhere before."""


@dataclass(frozen=True, slots=True)
class RegisteredFacts:
    """What the register knows about the package."""

    expected: ExpectedCopy
    """What an audit compares this copy with."""
    head: ChainHead | None
    """The newest attestation of the holding that vouches for this copy."""

    @property
    def manifests(self) -> dict[str, Digest]:
        """The digest of each payload manifest, by name."""
        return {name: Digest.parse(text) for name, text in self.expected.manifests.items()}

    @property
    def tag_manifests(self) -> dict[str, Digest]:
        """The digest of each tag manifest, by name, of a package without attestations."""
        known = self.expected.tag_manifests or {}
        return {name: Digest.parse(text) for name, text in known.items()} if self.head is None else {}


@dataclass(frozen=True, slots=True)
class RepairRequest:
    """Which package to repair, from which copies."""

    root: Path
    copies: tuple[Path, ...]
    now: datetime
    trust: TrustRequest = field(default_factory=TrustRequest)
    registered: RegisteredFacts | None = None
    apply: bool = False
    """Whether to restore the files; otherwise nothing is written."""
    lock: Lock = field(default_factory=lambda: Lock(0, lambda _: None))
    concurrency: Concurrency = field(default_factory=Concurrency)
    limits: Limits = field(default_factory=Limits)


@dataclass(slots=True)
class BadFile:
    """A file of the package that is not good, and what the copies have of it."""

    path: str
    """As the manifests list it."""
    disk_path: str
    """As it is, or will be, named in the package."""
    expected: tuple[Expectation, ...]
    state: FileState
    observed: str | None = None
    """The digest that was read, `sha512:<hex>`."""
    size_bytes: int = 0
    copies: dict[int, FileState] = field(default_factory=dict)
    """By the number of the copy, from 1."""
    source: int | None = None
    """The number of the copy that it can be, or was, restored from."""
    is_restored: bool = False
    problem: str | None = None
    """Why it was not restored although a copy has it."""
    is_by_hand: bool = False
    """Whether somebody must do something before it can be restored."""

    @property
    def algorithms(self) -> tuple[Algorithm, ...]:
        """The algorithms of the expected digests, each once."""
        return tuple(dict.fromkeys(e.digest.algorithm for e in self.expected))

    def agrees(self, digests: tuple[Digest, ...]) -> bool:
        """Whether computed digests are the expected ones, all of them."""
        found = {digest.algorithm: digest for digest in digests}
        return bool(self.expected) and all(
            e.digest.algorithm in found and found[e.digest.algorithm].matches(e.digest) for e in self.expected
        )


@dataclass(frozen=True, slots=True)
class RepairOutcome:
    """What a repair found and did."""

    result: Result
    restored: tuple[BadFile, ...] = ()
    """All restored files; the facts of the result list no more than a limit."""
    check: CopyCheck | None = None
    """The check of a registered copy after it was repaired; `None` if nothing was restored."""
