"""The input and the result of verifying a chain: plain values that can be sent to another process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from archtool.attestations.chain_head import ChainHead
from archtool.attestations.layout import is_tag_manifest
from archtool.attestations.statements.statement import Statement
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.findings import Finding
from archtool.openssh.keys.certificate import SshCertificate
from archtool.timestamps.report import ProvedTime, TimestampReport


class TrustVerdict(Enum):
    """Whether a trusted signer vouches for the package."""

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    UNSIGNED = "unsigned"
    BROKEN = "broken"
    NOT_ASKED = "not-asked"
    UNREADABLE = "unreadable"
    """A file that the verdict needs could not be read."""


@dataclass(frozen=True, slots=True)
class ChainInput:
    """All files and digests that the verdict depends on."""

    files: Mapping[str, bytes]
    """Every file below `attestations/`, by its path in the package."""
    tag_digests: Mapping[str, Digest]
    """The SHA-512 of every tag file, by its path in the package; tag manifests are ignored."""
    sidecar_files: Mapping[str, bytes] = field(default_factory=dict)
    """Every file of the sidecar, which holds attestations outside the package, by its path in the package."""
    other_signatures: Mapping[str, bytes] = field(default_factory=dict)
    """The readable signatures in other formats, by their paths in the package."""
    proved_times: Mapping[str, ProvedTime] = field(default_factory=dict)
    """Times at which files existed, proved by evidence records."""

    def attestation_files(self) -> dict[str, bytes]:
        """Return every file below `attestations/`; the package's file replaces the sidecar's."""
        return {**self.sidecar_files, **self.files}

    def digests(self) -> dict[str, Digest]:
        """Return one digest per tag file; below `attestations/` it is computed from the bytes in `files`."""
        own = {path: digest_bytes(Algorithm.SHA512, data) for path, data in self.attestation_files().items()}
        others = {path: digest for path, digest in self.tag_digests.items() if not is_tag_manifest(path)}
        return {**own, **others, **{path: own[path] for path in self.files}}


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """The result of checking one signature."""

    path: str
    key_type: str | None
    fingerprint: str | None
    """Both `None` when the file could not be read."""
    is_good: bool
    """The signature verifies: this key signed these bytes, independent of its owner."""
    principals: tuple[str, ...] = ()
    """The key's owners, as `allowed_signers` writes them."""
    trusted_by: str | None = None
    """`file:line` of the list entry that trusts the key."""
    names: tuple[str, ...] = ()
    """The signer's names: those in the statement that the list confirms, else the list's plain names."""
    reason: str | None = None
    """The reason why it is not good, or not trusted."""
    timestamp: TimestampReport | None = None
    """The result of checking its own timestamp."""
    proved_time: ProvedTime | None = None
    """A time at which it is proved to have existed: the key was judged at that time, not now."""
    certificate: SshCertificate | None = None
    """The certificate of the key; it counts only if `trusted_by` is a line for its authority."""


@dataclass(frozen=True, slots=True)
class AttestationReport:
    """The result of checking one attestation."""

    number: int
    event: str
    """The event in its folder's name."""
    path: str
    """The folder in the package."""
    statement: Statement | None
    """`None` if it could not be read."""
    signatures: tuple[SignatureReport, ...]
    head: ChainHead | None = None
    """The chain's head when this attestation was the newest; `None` without a checksum list."""
    is_in_sidecar: bool = False
    """Whether it lies in the sidecar and not in the package."""

    @property
    def is_signed(self) -> bool:
        """Whether it has at least one good signature."""
        return any(signature.is_good for signature in self.signatures)

    @property
    def is_trusted(self) -> bool:
        """Whether it has at least one trusted signature."""
        return any(signature.trusted_by is not None for signature in self.signatures)


@dataclass(frozen=True, slots=True)
class TrustReport:
    """The verdict, the attestations that it depends on, and all findings."""

    verdict: TrustVerdict
    attestations: tuple[AttestationReport, ...]
    findings: tuple[Finding, ...]
    meets_policy: bool | None = None
    """`None` if no policy was given."""

    @property
    def head(self) -> ChainHead | None:
        """The head of the chain, to be recorded outside the package; `None` without attestations."""
        return self.attestations[-1].head if self.attestations else None
