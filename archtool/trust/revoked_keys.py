"""Keys that are not to be trusted any more, whatever else is said of them.

A plain list: one public key or one fingerprint per line. A revocation has no date: a key that was good
until some day is better ended by `valid-before` in `allowed_signers`.

Source: ssh-keygen(1), "KEY REVOCATION LISTS" (the binary form is recognised, not read).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from archtool.errors import InputError
from archtool.trust.public_key import PublicKey

MAX_REVOKED_BYTES = 16 * 1024 * 1024  # a hundred thousand keys; more is not read into memory
_KRL_MAGIC = b"SSHKRL\n\0"
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class RevokedKeys:
    """A list of revoked keys."""

    where: str
    """The name of the file, for messages."""
    lines: Mapping[str, int]
    """Fingerprint → the first line that names it, counted from 1."""

    @classmethod
    def parse(cls, data: bytes, where: str) -> RevokedKeys:
        """Read the list: public keys as in `.pub` files, or `SHA256:…`; `#` begins a comment line.

        Raises:
            InputError: a binary list (KRL), a line that is neither key nor fingerprint, or not text.
        """
        if data.startswith(_KRL_MAGIC):
            raise InputError(
                f"{where} is a binary key revocation list (KRL), which is not supported yet",
                hint="list the revoked public keys, or their fingerprints, one per line",
            )
        if len(data) > MAX_REVOKED_BYTES:
            raise InputError(f"{where} is too large: {len(data)} bytes (at most {MAX_REVOKED_BYTES})")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"{where} is not text in UTF-8 (byte {error.start})") from None
        lines: dict[str, int] = {}
        for number, line in enumerate(text.split("\n"), start=1):
            words = line.strip()
            if words and not words.startswith("#"):
                lines.setdefault(_fingerprint_of(words, f"{where}:{number}"), number)
        return cls(where, lines)

    def line_of(self, key: PublicKey) -> int | None:
        """The line that revokes this key, or `None`."""
        return self.lines.get(key.fingerprint)


def _fingerprint_of(line: str, place: str) -> str:
    first = line.split(maxsplit=1)[0]
    if _FINGERPRINT.fullmatch(first):
        return first
    if first.startswith(("SHA256:", "MD5:")):
        raise InputError(
            f"{place}: not a fingerprint: {first[:60]!r}", hint="write it as ssh-keygen -l prints it"
        )
    return PublicKey.parse_public_line(line, place).fingerprint
