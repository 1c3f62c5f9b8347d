"""Public keys of OpenSSH: their parts, their fingerprints, their one-line form.

This file knows what a key is made of; it neither signs nor verifies, and whom a key belongs to is said
elsewhere (`allowed_signers`). A key of a type that is not known here is kept whole: a list of keys may
be newer than this program.

Source: RFC 4253 §6.6 (RSA), RFC 5656 §3.1 (ECDSA), RFC 8709 §4 (Ed25519), OpenSSH PROTOCOL.u2f (FIDO).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from archtool.errors import InputError
from archtool.trust.armour import decode_base64
from archtool.trust.wire import WireReader, pack_string

MAX_PUBLIC_LINE_CHARACTERS = 64 * 1024  # an RSA key of 16384 bits needs 3 000; certificates some more
ED25519_POINT_BYTES = 32
POINT_BYTES = {"nistp256": 65, "nistp384": 97, "nistp521": 133}  # SEC 1 §2.3.3, uncompressed
_UNCOMPRESSED = 0x04
_TYPE_NAME = re.compile(r"[A-Za-z0-9@.\-]{1,64}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class KeyParts:
    """What is inside a public key; what its type does not have stays empty."""

    curve: str = ""
    """`nistp256` …, for ECDSA."""
    point: bytes = b""
    """The point on the curve: 32 bytes for Ed25519, SEC 1 uncompressed for ECDSA."""
    exponent: int = 0
    modulus: int = 0
    """The two numbers of RSA."""
    application: bytes = b""
    """What a FIDO key was made for (`ssh:`)."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One public key. Two keys are the same when their `blob` is; the comment is only a label."""

    blob: bytes
    """The wire form, which the fingerprint is taken of."""
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
        """The name of its type: `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`."""
        return WireReader(self.blob, "public key").text()

    @property
    def fingerprint(self) -> str:
        """`SHA256:` and 43 characters, the same that `ssh-keygen -l` prints."""
        digest = hashlib.sha256(self.blob).digest()
        return "SHA256:" + base64.b64encode(digest).decode("ascii").rstrip("=")

    @property
    def parts(self) -> KeyParts | None:
        """What is inside the key; `None` for a type that is not known here."""
        return _read_parts(self.blob, "public key")

    def format_public_line(self) -> str:
        """The line of a `.pub` file, with its newline; control characters in the comment are replaced."""
        encoded = base64.b64encode(self.blob).decode("ascii")
        comment = _CONTROL.sub("�", self.comment)  # a line break in it would add a line of its own
        return " ".join(word for word in (self.key_type, encoded, comment) if word) + "\n"


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
    """Whether keys of this type are understood here; the name alone says nothing of how good one is."""
    return key_type in _READERS


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


def _read_parts(blob: bytes, where: str) -> KeyParts | None:
    reader = WireReader(blob, where)
    key_type = reader.text()
    if not _TYPE_NAME.fullmatch(key_type):
        raise InputError(f"{where} is damaged: {key_type[:64]!r} is not a type of key")
    read = _READERS.get(key_type)
    if read is None:
        return None
    try:
        parts = read(reader)
        reader.end()
    except ValueError as error:
        raise InputError(f"{where} is damaged: {error}") from None
    return parts


def _read_ed25519(reader: WireReader) -> KeyParts:
    point = reader.string()
    if len(point) != ED25519_POINT_BYTES:
        raise ValueError(f"an Ed25519 key has {ED25519_POINT_BYTES} bytes, this one {len(point)}")
    return KeyParts(point=point)


def _read_rsa(reader: WireReader) -> KeyParts:
    return KeyParts(exponent=reader.mpint(), modulus=reader.mpint())


def _ecdsa_reader(curve: str) -> Callable[[WireReader], KeyParts]:
    def read(reader: WireReader) -> KeyParts:
        named, point = reader.text(), reader.string()
        if named != curve or len(point) != POINT_BYTES[curve] or point[0] != _UNCOMPRESSED:
            raise ValueError(f"no point of the curve {curve}")
        return KeyParts(curve=curve, point=point)

    return read


def _fido_reader(inner: Callable[[WireReader], KeyParts]) -> Callable[[WireReader], KeyParts]:
    def read(reader: WireReader) -> KeyParts:
        parts = inner(reader)
        return KeyParts(curve=parts.curve, point=parts.point, application=reader.string())

    return read


_READERS: dict[str, Callable[[WireReader], KeyParts]] = {
    "ssh-ed25519": _read_ed25519,
    "ssh-rsa": _read_rsa,
    **{f"ecdsa-sha2-{curve}": _ecdsa_reader(curve) for curve in POINT_BYTES},
    "sk-ssh-ed25519@openssh.com": _fido_reader(_read_ed25519),
    "sk-ecdsa-sha2-nistp256@openssh.com": _fido_reader(_ecdsa_reader("nistp256")),
}
