"""What goes into a look at the attestations, and what comes out: values only, ready for another process."""

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
    """Whether somebody trusted vouches for the package; the answers are never blurred."""

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    UNSIGNED = "unsigned"
    BROKEN = "broken"
    NOT_ASKED = "not-asked"
    UNREADABLE = "unreadable"
    """Something that the answer rests on could not be read, so there is no answer."""


@dataclass(frozen=True, slots=True)
class ChainInput:
    """Everything that a verdict rests on, already read."""

    files: Mapping[str, bytes]
    """Every file below `attestations/`, by its path in the package."""
    tag_digests: Mapping[str, Digest]
    """The SHA-512 of every tag file, by its path in the package; tag manifests are passed over."""
    beside: Mapping[str, bytes] = field(default_factory=dict)
    """Every file of a sidecar, the attestations that lie beside the package, as if it were in the package."""
    foreign: Mapping[str, bytes] = field(default_factory=dict)
    """Signatures in other formats, by their paths in the package; of those that could be read."""
    proved: Mapping[str, ProvedTime] = field(default_factory=dict)
    """Since when files are proved to be there, by evidence records."""

    def attested(self) -> dict[str, bytes]:
        """Every file below `attestations/`, in the package or beside it; of two, the package's own."""
        return {**self.beside, **self.files}

    def digests(self) -> dict[str, Digest]:
        """One digest per tag file; for what is below `attestations/`, that of the bytes looked at."""
        own = {path: digest_bytes(Algorithm.SHA512, data) for path, data in self.attested().items()}
        others = {path: digest for path, digest in self.tag_digests.items() if not is_tag_manifest(path)}
        return {**own, **others, **{path: own[path] for path in self.files}}


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """What was seen of one signature."""

    path: str
    key_type: str | None
    fingerprint: str | None
    """Both `None` when the file could not be read."""
    is_good: bool
    """The signature holds: these bytes were signed by this key, whoever owns it."""
    principals: tuple[str, ...] = ()
    """Whom the key belongs to, in the words of `allowed_signers`."""
    trusted_by: str | None = None
    """`file:line` of the list that vouches for the key."""
    names: tuple[str, ...] = ()
    """Who the signer is: as they say, where the list agrees; else whom the list names without patterns."""
    reason: str | None = None
    """Why it is not good, or not trusted."""
    timestamp: TimestampReport | None = None
    """What was seen of the timestamp beside it."""
    proved: ProvedTime | None = None
    """Since when it is proved to be there: the key was judged at that time, and not now."""
    certificate: SshCertificate | None = None
    """What an authority says of the key; it counts where `trusted_by` is a line for that authority."""


@dataclass(frozen=True, slots=True)
class AttestationReport:
    """What was seen of one attestation."""

    number: int
    event: str
    """As its folder's name says."""
    path: str
    """The folder in the package."""
    statement: Statement | None
    """`None` when it could not be read."""
    signatures: tuple[SignatureReport, ...]
    head: ChainHead | None = None
    """What the chain's head was when this was its newest; `None` without a checksum list."""
    is_beside: bool = False
    """Whether it lies in a sidecar, beside the package."""

    @property
    def is_signed(self) -> bool:
        """Whether at least one signature holds."""
        return any(signature.is_good for signature in self.signatures)

    @property
    def is_trusted(self) -> bool:
        """Whether somebody trusted has signed it."""
        return any(signature.trusted_by is not None for signature in self.signatures)


@dataclass(frozen=True, slots=True)
class TrustReport:
    """The verdict, what it rests on, and everything that was seen on the way."""

    verdict: TrustVerdict
    attestations: tuple[AttestationReport, ...]
    findings: tuple[Finding, ...]
    meets_policy: bool | None = None
    """`None` where no policy was given."""

    @property
    def head(self) -> ChainHead | None:
        """The newest attestation, to be written down elsewhere; `None` where there is none."""
        return self.attestations[-1].head if self.attestations else None
