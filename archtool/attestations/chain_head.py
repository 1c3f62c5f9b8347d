"""The head of a chain: its newest attestation, pinned by the digest of its checksum list.

A package cannot show that its newest attestations were cut off: what is left is what was true before them.
Whoever wrote the head down elsewhere (a register, a letter, a notebook) can: the attestation must still be
there, with the same digest; others may have followed on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from archtool.attestations.statements.events import EVENT_PATTERN
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes

MIN_DIGITS = 32  # of the digest: 128 bits, which nobody can find other bytes for, and a hand can copy
_HEAD = re.compile(
    rf"(?P<name>[0-9]{{4}}-{EVENT_PATTERN})\s+sha512:(?P<hex>[0-9a-f]{{{MIN_DIGITS},128}})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ChainHead:
    """One attestation, and how its checksum list's SHA-512 begins."""

    attestation: str
    """Its folder's name, `0003-custody-transfer`."""
    hex: str
    """In lower case: all 128 digits, or the first of them, 32 at least."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `0003-custody-transfer sha512:9f86…`.

        Raises:
            InputError: not of that form.
        """
        found = _HEAD.fullmatch(text.strip())
        if found is None:
            raise InputError(
                f"not the head of a chain: {text[:200]!r}",
                hint="write it as attest and verify print it, in quotes: "
                f'"0001-packaging sha512:…", with {MIN_DIGITS} digits at least',
            )
        return cls(found["name"].lower(), found["hex"].lower())

    @classmethod
    def of(cls, attestation: str, checksum_list: bytes) -> Self:
        """The head that an attestation is, from the bytes of its checksum list."""
        return cls(attestation, digest_bytes(Algorithm.SHA512, checksum_list).hex)

    def __str__(self) -> str:
        return f"{self.attestation} sha512:{self.hex}"

    def is_of(self, digest: Digest) -> bool:
        """Whether this is the digest that was written down."""
        return digest.algorithm is Algorithm.SHA512 and digest.hex.startswith(self.hex)
