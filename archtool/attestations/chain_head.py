"""The head of a chain: its newest attestation, pinned by the digest of its checksum list.

A package cannot show that its newest attestations were removed: the rest is a complete, older chain. A head
that was written down elsewhere (a register, a letter, a notebook) can: that attestation must still exist with
the same digest; later ones can follow it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from archtool.attestations.statements.events import EVENT_PATTERN
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes

MIN_DIGITS = 32  # of the digest: 128 bits resist a second preimage, and can be copied by hand
_HEAD = re.compile(
    rf"(?P<name>[0-9]{{4}}-{EVENT_PATTERN})\s+sha512:(?P<hex>[0-9a-f]{{{MIN_DIGITS},128}})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ChainHead:
    """One attestation and the SHA-512 of its checksum list, or the beginning of that digest."""

    attestation: str
    """Its folder's name, `0003-custody-transfer`."""
    hex: str
    """All 128 digits in lower case, or at least the first 32."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `0003-custody-transfer sha512:9f86…`.

        Raises:
            InputError: the text does not have that form.
        """
        found = _HEAD.fullmatch(text.strip())
        if found is None:
            raise InputError(
                f"not the head of a chain: {text[:200]!r}",
                hint="write it as attest and verify print it, in quotes: "
                f'"0001-packaging sha512:…", with at least {MIN_DIGITS} digits',
            )
        return cls(found["name"].lower(), found["hex"].lower())

    @classmethod
    def of(cls, attestation: str, checksum_list: bytes) -> Self:
        """Return the head for an attestation, from the bytes of its checksum list."""
        return cls(attestation, digest_bytes(Algorithm.SHA512, checksum_list).hex)

    def __str__(self) -> str:
        return f"{self.attestation} sha512:{self.hex}"

    def matches(self, digest: Digest) -> bool:
        """Whether a checksum list's digest is the one that this head records."""
        return digest.algorithm is Algorithm.SHA512 and digest.hex.startswith(self.hex)
