"""Keys and certificates that are not to be trusted any more, whatever else is said of them.

Either a plain list, one public key, certificate or fingerprint per line, or a key revocation list in
OpenSSH's own form (`revocation_list`); which of the two it is shows in its first bytes. A revocation has no
date: a key that was good until some day is better ended by `valid-before` in `allowed_signers`.

1. A key that is listed is revoked, and so is every certificate for it.
2. An authority's key that is listed takes every certificate of that authority with it.
3. A certificate in a plain list stands for the key in it. To revoke one certificate and not the key, make a
   KRL of it (`ssh-keygen -k`), where it is named by its serial number or its key id.

All three as `ssh-keygen -Y verify -r` has it.

Source: ssh-keygen(1), "KEY REVOCATION LISTS".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from archtool.errors import InputError
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.trust_files.list_lines import BLANKS, split_list
from archtool.openssh.trust_files.revocation_list import MAGIC, KeyRevocationList

MAX_REVOKED_BYTES = 16 * 1024 * 1024  # a hundred thousand keys; more is not read into memory
_HINT = "a line holds a public key, a certificate or SHA256:…; or give a list that ssh-keygen -k made"
_LIKE_KEY = re.compile(r"SHA256:|MD5:|[A-Za-z0-9+/]{43}", re.ASCII | re.IGNORECASE)
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}", re.ASCII)


class Revoked(Enum):
    """What of a signature's key was revoked."""

    KEY = "key"
    CERTIFICATE = "certificate"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Revocation:
    """That something was revoked, and where that is said."""

    what: Revoked
    place: str
    """The file with its line, or with what the certificate is named by."""


@dataclass(frozen=True, slots=True)
class RevokedKeys:
    """A list of revoked keys and certificates."""

    where: str
    """The name of the file, for messages."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Fingerprint of a key → the first line that names it, counted from 1."""
    krl: KeyRevocationList | None = None
    """What is revoked where the file is in OpenSSH's own form."""

    @classmethod
    def parse(cls, data: bytes, where: str) -> RevokedKeys:
        """Read a KRL, or lines: keys and certificates as in `.pub` files, `SHA256:…`, `#` before a comment.

        Each stands on a line of its own, with a comment after it or without.

        Raises:
            InputError: a KRL that is not understood whole, a line that is none of these, or not text.
        """
        if len(data) > MAX_REVOKED_BYTES:
            raise InputError(f"{where} is too large: {len(data)} bytes (at most {MAX_REVOKED_BYTES})")
        if data.startswith(MAGIC):
            return cls(where, krl=KeyRevocationList.parse(data, where))
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"{where} is not text in UTF-8 (byte {error.start})") from None
        lines: dict[str, int] = {}
        for number, line in split_list(text, where):
            lines.setdefault(_fingerprint_of(line, f"{where}:{number}"), number)
        return cls(where, lines)

    def find(self, key: PublicKey) -> Revocation | None:
        """What of a key, of its certificate or of that one's authority is revoked; `None`: nothing."""
        certificate = key.certificate
        if place := self._place_of(key.plain):
            return Revocation(Revoked.KEY, place)
        if certificate is None:
            return None
        if self.krl is not None and (reason := self.krl.why_revoked(certificate)):
            return Revocation(Revoked.CERTIFICATE, f"{self.where}, {reason}")
        if place := self._place_of(PublicKey(certificate.authority_blob)):
            return Revocation(Revoked.AUTHORITY, place)
        return None

    def _place_of(self, plain: PublicKey) -> str | None:
        line = self.lines.get(plain.fingerprint)
        if line is not None:
            return f"{self.where}:{line}"
        return self.where if self.krl is not None and self.krl.has_key(plain.blob) else None


def _fingerprint_of(line: str, place: str) -> str:
    words = re.split(f"[{BLANKS}]+", line)
    if _FINGERPRINT.fullmatch(words[0]):
        _refuse_more(words[1:], place)
        return words[0]
    if words[0].startswith(("SHA256:", "MD5:")):
        raise InputError(
            f"{place}: not a fingerprint: {words[0][:60]!r}", hint="write it as ssh-keygen -l prints it"
        )
    _refuse_more(words[2:], place)
    try:
        return PublicKey.parse_public_line(line, place).fingerprint
    except InputError as error:
        raise InputError(error.message, hint=error.hint or _HINT) from None


def _refuse_more(comment: Sequence[str], place: str) -> None:
    """Refuse a second key or fingerprint on a line: it would be a comment, and not be revoked."""
    more = next((word for word in comment if _LIKE_KEY.search(word)), None)
    if more is not None:
        raise InputError(
            f"{place}: there is more than one key or fingerprint on the line: {more[:60]!r}",
            hint="give each a line of its own",
        )
