"""Public keys of OpenSSH, plain or in a certificate: their fingerprints, their one-line form.

This file neither signs nor verifies, and whom a key belongs to is said elsewhere (`allowed_signers`). A key
of a type that is not known here is kept whole: a list of keys may be newer than this program.

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
from archtool.openssh.wire import WireReader, pack_string

MAX_PUBLIC_LINE_CHARACTERS = 64 * 1024  # an RSA key of 16384 bits needs 3 000; certificates some more
_TYPE_NAME = re.compile(r"[A-Za-z0-9@.\-]{1,64}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One public key. Two keys are the same when their `blob` is; the comment is only a label.

    It may come wrapped in a certificate: then the blob is the whole certificate, `plain` the key in it.
    """

    blob: bytes
    """The wire form."""
    comment: str = ""
    """What stands after the key in its line, by custom `name@host`."""

    @classmethod
    def from_blob(cls, blob: bytes, *, comment: str = "", where: str = "public key") -> PublicKey:
        """Take a key in its wire form.

        Raises:
            InputError: cut short, damaged, or with bytes after its end.
        """
        _read_parts(blob, where)
        return cls(blob, comment)

    @classmethod
    def parse_public_line(cls, text: str, where: str = "public key") -> PublicKey:
        """Read one line as it stands in a `.pub` file: type, base64, comment.

        Raises:
            InputError: a private key, another format, more than one line, or a damaged key.
        """
        _refuse_other_formats(text, where)
        lines = text.strip().splitlines()
        if len(lines) != 1 or len(text) > MAX_PUBLIC_LINE_CHARACTERS:
            raise InputError(f"{where} is not one public key: {len(lines)} lines, {len(text)} characters")
        name, _, rest = lines[0].strip().partition(" ")
        encoded, _, comment = rest.strip().partition(" ")
        return cls.of_words(name, encoded, comment.strip(), where)

    @classmethod
    def of_words(cls, name: str, encoded: str, comment: str, where: str) -> PublicKey:
        """Put a key together from the words of its line.

        Raises:
            InputError: the base64 is damaged, or holds a key of another type than `name` says.
        """
        blob = decode_base64(encoded, where)
        if not _TYPE_NAME.fullmatch(name) or not blob.startswith(pack_string(name.encode("ascii"))):
            raise InputError(
                f"{where} is not a public key: {name[:64]!r} is not the type of the key after it",
                hint="a public key is one line such as: ssh-ed25519 AAAA… name@example.org",
            )
        return cls.from_blob(blob, comment=comment, where=where)

    @property
    def key_type(self) -> str:
        """The name of its type: `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-ed25519-cert-v01@openssh.com`."""
        return _type_of(self.blob)

    @property
    def certificate(self) -> SshCertificate | None:
        """What an authority says of the key; `None` for a plain key."""
        return read_certificate(self.blob, "certificate") if self.key_type in PLAIN_TYPES else None

    @property
    def plain(self) -> PublicKey:
        """The key without its certificate: what signatures are verified with."""
        certificate = self.certificate
        return self if certificate is None else PublicKey(certificate.key_blob, self.comment)

    @property
    def fingerprint(self) -> str:
        """`SHA256:` and 43 characters, the same that `ssh-keygen -l` prints: a certificate has its key's."""
        return fingerprint_of(self.plain.blob)

    @property
    def parts(self) -> KeyParts | None:
        """What is inside the key, or the key in a certificate; `None` for a type that is not known here."""
        return _read_parts(self.blob, "public key")

    def format_public_line(self) -> str:
        """The line of a `.pub` file, with its newline; control characters in the comment are replaced."""
        encoded = base64.b64encode(self.blob).decode("ascii")
        comment = _CONTROL.sub("�", self.comment)  # a line break in it would add a line of its own
        return " ".join(word for word in (self.key_type, encoded, comment) if word) + "\n"


@lru_cache(maxsize=64)  # asked for with every package that somebody signs
def _type_of(blob: bytes) -> str:
    return WireReader(blob, "public key").text()


def check_comment(comment: str) -> None:
    """Refuse a comment that would break the one line it stands in.

    Raises:
        InputError: control characters, or characters that are not text.
    """
    if _CONTROL.search(comment) or any("\ud800" <= c <= "\udfff" for c in comment):
        raise InputError(
            f"a key's comment cannot hold control characters: {comment!r}",
            hint="use a name such as archivist@example.org",
        )


def is_known_type(key_type: str) -> bool:
    """Whether keys or certificates of this type are understood here; nothing is said of how good one is."""
    return is_plain_type(key_type) or key_type in PLAIN_TYPES


def _refuse_other_formats(text: str, where: str) -> None:
    if "PRIVATE KEY-----" in text:
        raise InputError(
            f"{where} is a private key where a public one is needed",
            hint="give the file that ends in .pub; ssh-keygen -y -f FILE prints it",
        )
    if text.lstrip().startswith("----"):
        raise InputError(
            f"{where} is a public key in another format than OpenSSH's",
            hint="convert it: ssh-keygen -i -m PKCS8 -f FILE, or -m RFC4716",
        )


@lru_cache(maxsize=64)  # of a signer, asked for with each package
def _read_parts(blob: bytes, where: str) -> KeyParts | None:
    reader = WireReader(blob, where)
    key_type = reader.text()
    if not _TYPE_NAME.fullmatch(key_type):
        raise InputError(f"{where} is damaged: {key_type[:64]!r} is not a type of key")
    if key_type in PLAIN_TYPES:
        return _read_parts(read_certificate(blob, where).key_blob, where)
    if not is_plain_type(key_type):
        return None
    parts = read_parts(key_type, reader, where)
    reader.end()
    return parts
