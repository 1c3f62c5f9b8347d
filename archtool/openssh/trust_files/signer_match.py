"""The result of looking up a key in a list of allowed signers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class SignerVerdict(Enum):
    """Whether the list trusts a key, or why not."""

    TRUSTED = "trusted"
    UNKNOWN_KEY = "unknown-key"
    WRONG_PRINCIPAL = "wrong-principal"
    WRONG_NAMESPACE = "wrong-namespace"
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"
    UNKNOWN_AUTHORITY = "unknown-authority"
    NOT_CERTIFIED = "not-certified"
    CERTIFICATE_NOT_YET_VALID = "certificate-not-yet-valid"
    CERTIFICATE_EXPIRED = "certificate-expired"


@dataclass(frozen=True, slots=True)
class SignerMatch:
    """The verdict about a key, and the line of the list that it is based on."""

    verdict: SignerVerdict
    principals: tuple[str, ...] = ()
    """The key's owners: the patterns of the trusting lines, or the names in a certificate."""
    line: int | None = None
    """The number of that line, counted from 1."""
    reason: str = ""
    """The reason why the key is not trusted."""

    @property
    def is_trusted(self) -> bool:
        """Whether the list trusts the key."""
        return self.verdict is SignerVerdict.TRUSTED
