"""What a list of allowed signers answers, when it is asked about a key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class SignerVerdict(Enum):
    """What the list says of a key."""

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
    """The answer, and which line of the list it rests on."""

    answer: SignerVerdict
    principals: tuple[str, ...] = ()
    """Whom the key belongs to: the patterns of the trusting lines, or names out of a certificate."""
    line: int | None = None
    """The line the answer comes from, counted from 1."""
    reason: str = ""
    """Why not, in words."""

    @property
    def is_trusted(self) -> bool:
        """Whether the list vouches for the key."""
        return self.answer is SignerVerdict.TRUSTED
