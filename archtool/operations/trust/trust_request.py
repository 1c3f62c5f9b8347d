"""Whom to believe: what a command is told from outside the package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archtool.attestations.chain_head import ChainHead
    from archtool.attestations.policy import Policy
    from archtool.openssh.trust_files.allowed_signers import AllowedSigners
    from archtool.openssh.trust_files.revoked_keys import RevokedKeys
    from archtool.timestamps.certificates import Authorities


@dataclass(frozen=True, slots=True)
class TrustRequest:
    """Whom to believe, and what is known of the package: always given from outside of it."""

    allowed: AllowedSigners | None = None
    revoked: RevokedKeys | None = None
    expected: ChainHead | None = None
    """An attestation that must be there, as it was written down elsewhere."""
    authorities: Authorities | None = None
    """Whose timestamps prove a time."""

    policy: Policy | None = None
    """What is demanded besides; it needs `allowed`, for who is who."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked about trust: nobody is believed, and nothing is known."""
        return self.allowed is None and self.expected is None
