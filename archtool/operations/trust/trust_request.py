"""The keys and rules to check trust by; they always come from outside the package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # lazy: 15 ms, only verifying with trust files needs them
    from archtool.attestations.chain_head import ChainHead
    from archtool.attestations.policy import Policy
    from archtool.openssh.trust_files.allowed_signers import AllowedSigners
    from archtool.openssh.trust_files.revoked_keys import RevokedKeys
    from archtool.timestamps.certificates import Authorities


@dataclass(frozen=True, slots=True)
class TrustRequest:
    """The keys and rules to check trust by, and what the user knows about the package."""

    allowed: AllowedSigners | None = None
    """Signers and their keys."""
    revoked: RevokedKeys | None = None
    """Keys and certificates that are no longer valid."""
    expected: ChainHead | None = None
    """An attestation that the package must contain, as it was recorded elsewhere."""
    authorities: Authorities | None = None
    """Root certificates of the authorities whose timestamps prove a time."""
    policy: Policy | None = None
    """Further requirements; needs `allowed` to identify the signers."""

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to check trust by."""
        return self.allowed is None and self.expected is None
