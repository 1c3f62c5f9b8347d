"""Loads private keys from the bytes of a file and signs with them.

The caller reads files and prompts for passphrases. Each reason why a file cannot be used for signing has a
separate message that states what to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from archtool.errors import InputError
from archtool.openssh.keys.private_key_file import LABEL, format_container, open_container, parse_container
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.limits import MAX_KEY_FILE_BYTES
from archtool.openssh.wire import pack_mpint, pack_string

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    SupportedKey = Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey

MIN_RSA_BITS_TO_SIGN = 3072  # a signature must stay secure for decades (NIST SP 800-57: beyond 2030)
AskPassphrase = Callable[[], bytes]
_PUBLIC_STARTS = (
    b"ssh-",
    b"ecdsa-",
    b"sk-",
    b"---- BEGIN SSH2 PUBLIC",
    b"-----BEGIN PUBLIC",
    b"-----BEGIN RSA PUBLIC",
)
_MAKE_ONE = "make a key for signing: archtool keys new, or ssh-keygen -t ed25519"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key in memory; its `repr` shows only the public key."""

    public: PublicKey
    """The key that verifies its signatures."""
    _private: SupportedKey = field(repr=False)

    def sign_raw(self, data: bytes) -> bytes:
        """Return the signature over `data` in SSH wire form; deterministic for Ed25519 and RSA, not ECDSA."""
        from cryptography.hazmat.primitives import hashes  # lazy: for signing
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding  # lazy: for signing

        name = self.public.key_type.encode("ascii")
        if isinstance(self._private, ed25519.Ed25519PrivateKey):
            return pack_string(name) + pack_string(self._private.sign(data))
        if isinstance(self._private, ec.EllipticCurvePrivateKey):
            return pack_string(name) + pack_string(_sign_ecdsa(self._private, data))
        body = self._private.sign(data, padding.PKCS1v15(), hashes.SHA512())
        return pack_string(b"rsa-sha2-512") + pack_string(body)


def load_signing_key(
    data: bytes, *, where: str, ask_passphrase: AskPassphrase | None, comment: str = ""
) -> SigningKey:
    """Load a private key from the bytes of its file: OpenSSH's format or PEM (PKCS#8, PKCS#1, SEC 1).

    `ask_passphrase` is called at most once, and only for an encrypted key; `None` means that no prompt is
    possible. `comment` is used if the file has none.

    Raises:
        InputError: too large, a public key, another format, damaged, a wrong or missing passphrase, or
            a key that cannot or should not sign (DSA, FIDO, RSA below `MIN_RSA_BITS_TO_SIGN`).
    """
    if len(data) > MAX_KEY_FILE_BYTES:
        raise InputError(
            f"{where} is too large for a private key: {len(data)} bytes (at most {MAX_KEY_FILE_BYTES})"
        )
    start = data.lstrip()
    if start.startswith(_PUBLIC_STARTS):
        raise InputError(
            f"{where} is a public key; the private key is needed",
            hint="give the file of the same name without .pub",
        )
    if start.startswith(f"-----BEGIN {LABEL}".encode("ascii")):
        key = _load_openssh(start, where, ask_passphrase)
    else:
        key = _as_signing_key(load_pem(data, where, ask_passphrase), "", where)
    if comment and not key.public.comment:
        key = replace(key, public=replace(key.public, comment=comment))
    return key


def _load_openssh(data: bytes, where: str, ask_passphrase: AskPassphrase | None) -> SigningKey:
    container = parse_container(data, where)
    _refuse_type(container.public.key_type, where)
    passphrase = _request_passphrase(ask_passphrase, where) if container.is_encrypted else None
    part = open_container(container, passphrase, where)
    # `cryptography` checks that the public and the private key belong together
    private = _load_private(format_container(container.public.blob, part, None), None, where)
    return _as_signing_key(private, part.comment, where)


def load_pem(data: bytes, where: str, ask_passphrase: AskPassphrase | None) -> object:
    """Load a private key of any type in PEM (PKCS#8, PKCS#1, SEC 1) as an object of `cryptography`.

    Raises:
        InputError: the file is no private key or is damaged, or the passphrase is wrong or missing.
    """
    if b"-----BEGIN" not in data:
        raise InputError(f"{where} is not a private key in a known format", hint=_conversion_hint(data))
    private = _load_private(data, None, where)
    if private is None:
        private = _load_private(data, _request_passphrase(ask_passphrase, where), where)
    if private is None:
        raise InputError(f"wrong passphrase for {where}: it is empty")
    return private


def _load_private(data: bytes, passphrase: bytes | None, where: str) -> object | None:
    """Return the key as an object of `cryptography`; `None` if it is encrypted and no passphrase is given."""
    from cryptography.exceptions import UnsupportedAlgorithm  # lazy: for signing
    from cryptography.hazmat.primitives import serialization  # lazy: for signing

    is_openssh = data.startswith(f"-----BEGIN {LABEL}".encode("ascii"))
    load = serialization.load_ssh_private_key if is_openssh else serialization.load_pem_private_key
    try:
        return load(data, passphrase)
    except TypeError:
        return None  # `cryptography` raises this if the key is encrypted
    except UnsupportedAlgorithm as error:
        raise InputError(f"{where} cannot be read: {error}", hint=_conversion_hint(data)) from None
    except ValueError:
        if passphrase is not None:
            raise InputError(f"wrong passphrase for {where}, or the file is damaged") from None
        raise InputError(f"{where} is a damaged private key", hint="restore the file from a copy") from None


def _as_signing_key(private: object, comment: str, where: str) -> SigningKey:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # lazy: for signing
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # lazy: for signing

    supported = (ed25519.Ed25519PrivateKey, ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)
    if not isinstance(private, supported):
        kind = type(private).__name__.removeprefix("_").removesuffix("PrivateKey")
        raise InputError(f"{where} is a key of type {kind}, which archtool cannot sign with", hint=_MAKE_ONE)
    if isinstance(private, rsa.RSAPrivateKey):
        refuse_short_rsa(private.key_size, where)
    try:
        line = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    except ValueError:  # OpenSSH has no name for the curve
        raise InputError(f"{where} is a key on a curve that OpenSSH does not know", hint=_MAKE_ONE) from None
    public = PublicKey.parse_public_line(line.decode("ascii"), where)
    return SigningKey(replace(public, comment=comment), private)


def refuse_short_rsa(bits: int, where: str) -> None:
    """Refuse an RSA key below `MIN_RSA_BITS_TO_SIGN`, in a file or in an agent.

    Raises:
        InputError: the key is too short.
    """
    if bits < MIN_RSA_BITS_TO_SIGN:
        raise InputError(
            f"{where} is an RSA key of {bits} bits; signing needs {MIN_RSA_BITS_TO_SIGN}", hint=_MAKE_ONE
        )


def _sign_ecdsa(private: EllipticCurvePrivateKey, data: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes  # lazy: for signing
    from cryptography.hazmat.primitives.asymmetric import ec  # lazy: for signing
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature  # lazy: for signing

    digests = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}
    r, s = decode_dss_signature(private.sign(data, ec.ECDSA(digests[private.key_size])))
    return pack_mpint(r) + pack_mpint(s)


def _request_passphrase(ask_passphrase: AskPassphrase | None, where: str) -> bytes:
    if ask_passphrase is None:
        raise InputError(
            f"{where} is encrypted, and there is no terminal to prompt for its passphrase",
            hint="run this in a terminal, or name a file that contains the passphrase",
        )
    return ask_passphrase()


def _refuse_type(key_type: str, where: str) -> None:
    if key_type.startswith("sk-"):
        raise InputError(
            f"{where} is the handle of a FIDO token ({key_type}), which signs only through an ssh-agent",
            hint="add it to the agent with ssh-add FILE, then give the file of the same name with .pub",
        )
    if key_type == "ssh-dss":
        raise InputError(f"{where} is a DSA key, which is too weak to sign with", hint=_MAKE_ONE)
    if not key_type.startswith(("ssh-ed25519", "ecdsa-sha2-", "ssh-rsa")) or "-cert-" in key_type:
        raise InputError(
            f"{where} is a key of type {key_type}, which is not supported for signing", hint=_MAKE_ONE
        )


def _conversion_hint(data: bytes) -> str:
    if data.startswith(b"PuTTY-User-Key-File"):
        return "convert it: puttygen FILE -O private-openssh-new -o NEW"
    return "convert it to OpenSSH's format, for instance: openssl pkey -in FILE -out NEW.pem"
