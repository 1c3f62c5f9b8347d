"""Whom to believe: what a command is told from outside the package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archtool.trust.allowed_signers import AllowedSigners
    from archtool.trust.certificates import Authorities
    from archtool.trust.revoked_keys import RevokedKeys


@dataclass(frozen=True, slots=True)
class TrustRequest:
    """Whom to believe: always given from outside the package."""

    allowed: AllowedSigners | None = None
    revoked: RevokedKeys | None = None
    authorities: Authorities | None = None
    """Whose timestamps prove a time."""
