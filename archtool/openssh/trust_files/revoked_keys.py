"""Looks up keys and certificates in a list of revoked keys.

The list is either plain text, with one public key, certificate or fingerprint per line, or an OpenSSH key
revocation list (`revocation_list`); its first bytes show which. A revocation has no date: to trust a key
until some day, use `valid-before` in `allowed_signers` instead.

1. A listed key is revoked, and so is every certificate for it.
2. A listed key of an authority revokes every certificate of that authority.
3. A certificate in a plain list revokes the key in it. To revoke one certificate and not its key, make a KRL
   from it (`ssh-keygen -k`), which names it by serial number or key id.

These rules are those of `ssh-keygen -Y verify -r`.

Source: ssh-keygen(1), "KEY REVOCATION LISTS".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from archtool.errors import InputError
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.limits import MAX_REVOKED_BYTES
from archtool.openssh.trust_files.list_lines import BLANKS, split_list
from archtool.openssh.trust_files.revocation_list import MAGIC, KeyRevocationList

_HINT = "write a public key, a certificate or SHA256:… on each line; or give a list made by ssh-keygen -k"
_LIKE_KEY = re.compile(r"SHA256:|MD5:|[A-Za-z0-9+/]{43}", re.ASCII | re.IGNORECASE)
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}", re.ASCII)


class RevokedItem(Enum):
    """The revoked part of a signature's key."""

    KEY = "key"
    CERTIFICATE = "certificate"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Revocation:
    """A revoked item and the place in the list that revokes it."""

    item: RevokedItem
    place: str
    """The file with the line number, or with the certificate's serial number or key id."""


@dataclass(frozen=True, slots=True)
class RevokedKeys:
    """A list of revoked keys and certificates."""

    where: str
    """The name of the file, for messages."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Fingerprint of a key → the first line that names it, counted from 1."""
    krl: KeyRevocationList | None = None
    """The parsed list if the file is an OpenSSH key revocation list."""

    @classmethod
    def parse(cls, data: bytes, where: str) -> RevokedKeys:
        """Parse a KRL, or a text with one key or certificate (as in `.pub` files) or `SHA256:…` per line.

        An entry can be followed by a comment; lines that begin with `#` are comments.

        Raises:
            InputError: a KRL that is not understood completely, a line of another form, or not text.
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
        """Return the revocation of a key, its certificate or its authority; `None` if none is revoked."""
        certificate = key.certificate
        if place := self._place_of(key.plain):
            return Revocation(RevokedItem.KEY, place)
        if certificate is None:
            return None
        if self.krl is not None and (reason := self.krl.why_revoked(certificate)):
            return Revocation(RevokedItem.CERTIFICATE, f"{self.where}, {reason}")
        if place := self._place_of(PublicKey(certificate.authority_blob)):
            return Revocation(RevokedItem.AUTHORITY, place)
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
    """Refuse a second key or fingerprint on a line: it would be read as a comment and not be revoked."""
    more = next((word for word in comment if _LIKE_KEY.search(word)), None)
    if more is not None:
        raise InputError(
            f"{place}: the line has more than one key or fingerprint: {more[:60]!r}",
            hint="write each on a separate line",
        )
