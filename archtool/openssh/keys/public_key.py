"""Parses and formats OpenSSH public keys, plain or in a certificate, and computes their fingerprints.

The module neither signs nor verifies; `allowed_signers` decides whom a key belongs to. A key of an unknown
type is kept unchanged, because a list of keys can be newer than this program.

Source: RFC 4253 §6.6, OpenSSH PROTOCOL.certkeys.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import lru_cache

from archtool.errors import InputError
from archtool.openssh.armour import decode_base64
from archtool.openssh.keys.certificate import PLAIN_TYPES, SshCertificate, read_certificate
from archtool.openssh.keys.key_parts import KeyParts, fingerprint_of, is_plain_type, read_parts
from archtool.openssh.limits import MAX_PUBLIC_LINE_CHARACTERS
from archtool.openssh.wire import WireReader, pack_string

_TYPE_NAME = re.compile(r"[A-Za-z0-9@.\-]{1,64}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One public key. Two keys are the same if their `blob` is the same; the comment is only a label.

    The key can be wrapped in a certificate: then the blob is the whole certificate and `plain` the key in it.
    """

    blob: bytes
    """The wire form."""
    comment: str = ""
    """The text after the key in its line, usually `name@host`."""

    @classmethod
    def from_blob(cls, blob: bytes, *, comment: str = "", where: str = "public key") -> PublicKey:
        """Parse a key in wire form.

        Raises:
            InputError: cut short, damaged, or with bytes after its end.
        """
        _read_parts(blob, where)
        return cls(blob, comment)

    @classmethod
    def parse_public_line(cls, text: str, where: str = "public key") -> PublicKey:
        """Parse the line of a `.pub` file: type, base64, comment.

        Raises:
            InputError: a private key, another format, more than one line, or a damaged key.
        """
        _refuse_other_formats(text, where)
        lines = text.strip().splitlines()
        if len(lines) != 1 or len(text) > MAX_PUBLIC_LINE_CHARACTERS:
            raise InputError(f"{where} is not one public key: {len(lines)} lines, {len(text)} characters")
        name, _, rest = lines[0].strip().partition(" ")
        encoded, _, comment = rest.strip().partition(" ")
        return cls.from_words(name, encoded, comment.strip(), where)

    @classmethod
    def from_words(cls, name: str, encoded: str, comment: str, where: str) -> PublicKey:
        """Parse a key from the words of its line.

        Raises:
            InputError: the base64 is damaged, or the key is not of the type `name`.
        """
        blob = decode_base64(encoded, where)
        if not _TYPE_NAME.fullmatch(name) or not blob.startswith(pack_string(name.encode("ascii"))):
            raise InputError(
                f"{where} is not a public key: the key is not of the type {name[:64]!r} before it",
                hint="a public key is one line such as: ssh-ed25519 AAAA… name@example.org",
            )
        return cls.from_blob(blob, comment=comment, where=where)

    @property
    def key_type(self) -> str:
        """The name of the type: `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-ed25519-cert-v01@openssh.com`."""
        return _type_of(self.blob)

    @property
    def certificate(self) -> SshCertificate | None:
        """The parsed certificate; `None` for a plain key."""
        return read_certificate(self.blob, "certificate") if self.key_type in PLAIN_TYPES else None

    @property
    def plain(self) -> PublicKey:
        """The key without its certificate, which verifies signatures."""
        certificate = self.certificate
        return self if certificate is None else PublicKey(certificate.key_blob, self.comment)

    @property
    def fingerprint(self) -> str:
        """The fingerprint as `ssh-keygen -l` prints it; a certificate has the fingerprint of its key."""
        return fingerprint_of(self.plain.blob)

    @property
    def parts(self) -> KeyParts | None:
        """The parts of the key, or of the key in a certificate; `None` for an unknown type."""
        return _read_parts(self.blob, "public key")

    def format_public_line(self) -> str:
        """Return the line of a `.pub` file, with its newline and without control characters."""
        encoded = base64.b64encode(self.blob).decode("ascii")
        comment = _CONTROL.sub("�", self.comment)  # a line break in it would add a second line
        return " ".join(word for word in (self.key_type, encoded, comment) if word) + "\n"


@lru_cache(maxsize=64)  # needed again for every package that is signed
def _type_of(blob: bytes) -> str:
    return WireReader(blob, "public key").text()


def check_comment(comment: str) -> None:
    """Refuse a comment that cannot be part of a key's line.

    Raises:
        InputError: the comment contains control characters or surrogates.
    """
    if _CONTROL.search(comment) or any("\ud800" <= c <= "\udfff" for c in comment):
        raise InputError(
            f"a key's comment cannot contain control characters: {comment!r}",
            hint="use a name such as archivist@example.org",
        )


def is_known_type(key_type: str) -> bool:
    """Whether keys or certificates of this type can be parsed; this does not tell whether one is strong."""
    return is_plain_type(key_type) or key_type in PLAIN_TYPES


def _refuse_other_formats(text: str, where: str) -> None:
    if "PRIVATE KEY-----" in text:
        raise InputError(
            f"{where} is a private key; a public key is needed",
            hint="give the file that ends in .pub; ssh-keygen -y -f FILE prints it",
        )
    if text.lstrip().startswith("----"):
        raise InputError(
            f"{where} is a public key in a format other than OpenSSH's",
            hint="convert it: ssh-keygen -i -m PKCS8 -f FILE, or -m RFC4716",
        )


@lru_cache(maxsize=64)  # needed again for every package of a signer
def _read_parts(blob: bytes, where: str) -> KeyParts | None:
    reader = WireReader(blob, where)
    key_type = reader.text()
    if not _TYPE_NAME.fullmatch(key_type):
        raise InputError(f"{where} is damaged: {key_type[:64]!r} is not a key type")
    if key_type in PLAIN_TYPES:
        return _read_parts(read_certificate(blob, where).key_blob, where)
    if not is_plain_type(key_type):
        return None
    parts = read_parts(key_type, reader, where)
    reader.end()
    return parts
