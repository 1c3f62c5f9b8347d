"""OpenSSH private-key files: reading, opening with a passphrase, writing.

The key inside is loaded and checked by `cryptography` (`signing_key`). The container around it is read and
written here because `cryptography` (tried with version 50) cannot do what a signer relies on:

- A key's comment is neither returned nor written. It is the default name of the signer, and the name that
  `ssh-add` gives a key in the agent: a key without one is listed under the path of its file.
- The rounds of bcrypt have no limit: a hostile file can make the program run for years.
- Only AES-256 is read; `ssh-keygen -Z` also writes keys with AES-128 and AES-192.
- One `ValueError` means a wrong passphrase, damage or several keys; the public half of a file cannot be read
  without the passphrase.

Because of the last three points the header has to be read here in any case. Leaving the private part to
`cryptography` was tried: it saves 4 lines of 164 and loses the comments of encrypted keys, or saves 21 lines
and loses all comments.

Source: OpenSSH PROTOCOL.key; the passphrase goes through bcrypt_pbkdf.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from archtool.errors import InputError
from archtool.openssh.armour import format_armour, parse_armour
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.wire import WireReader, pack_string, pack_uint32

LABEL = "OPENSSH PRIVATE KEY"
BCRYPT_ROUNDS = 24  # what OpenSSH 9.4 and later writes: about a quarter of a second
MAX_BCRYPT_ROUNDS = 4096  # half a minute; the format allows 4 thousand million, which is for ever
_MAGIC = b"openssh-key-v1\0"
_CIPHER = "aes256-ctr"  # OpenSSH's own choice
_SALT_BYTES = 16
_BLOCK_BYTES = {"none": 8}  # every cipher below has blocks of 16
_KEY_BYTES = {f"aes{bits}-{mode}": bits // 8 for bits in (128, 192, 256) for mode in ("ctr", "cbc")}
_AES_BLOCK_BYTES = 16
# after the type's name, the private part has so many strings or numbers, and then the comment
_PRIVATE_PARTS = {"ssh-ed25519": 2, "ssh-rsa": 6, "ecdsa": 3}


@dataclass(frozen=True, slots=True)
class Container:
    """A private key's file, still closed when it has a passphrase."""

    cipher: str
    """`none` when there is no passphrase."""
    salt: bytes
    rounds: int
    """What bcrypt_pbkdf is called with."""
    public: PublicKey
    """The public half, which is readable without the passphrase."""
    sealed: bytes

    @property
    def is_encrypted(self) -> bool:
        """Whether a passphrase is needed."""
        return self.cipher != "none"


@dataclass(frozen=True, slots=True)
class PrivatePart:
    """What a passphrase protects."""

    fields: bytes
    """The type's name, the public and the private numbers, in wire form."""
    comment: str


def parse_container(data: bytes, where: str) -> Container:
    """Read the file as far as that goes without the passphrase.

    Raises:
        InputError: damaged, more than one key in it, or protected in a way that is not known here.
    """
    reader = WireReader(parse_armour(LABEL, data, where), where)
    if reader.take(len(_MAGIC)) != _MAGIC:
        raise InputError(f"{where} is damaged: it does not begin with openssh-key-v1")
    cipher, kdf, options, count = reader.text(), reader.text(), reader.string(), reader.uint32()
    if count != 1:
        raise InputError(f"{where} holds {count} keys; one is expected")
    public = PublicKey.from_blob(reader.string(), where=where)
    sealed = reader.string()
    is_plain = (cipher, kdf) == ("none", "none")
    if not is_plain and (cipher not in _KEY_BYTES or kdf != "bcrypt"):
        raise InputError(
            f"{where} is protected with {cipher} and {kdf}, which cannot be read here",
            hint=f"change its protection: ssh-keygen -p -Z {_CIPHER} -f FILE",
        )
    reader.end()  # not earlier: ciphers that are not read here leave their tag after the private part
    salt, rounds = (b"", 0) if is_plain else _read_bcrypt_options(options, where)
    return Container(cipher, salt, rounds, public, sealed)


def open_container(container: Container, passphrase: bytes | None, where: str) -> PrivatePart:
    """Open a container; `passphrase` is not looked at when there is none on it.

    Raises:
        InputError: the passphrase is wrong, or the file is damaged.
    """
    plain = container.sealed
    if container.is_encrypted:
        if len(plain) % _AES_BLOCK_BYTES:
            raise InputError(f"{where} is damaged: its private part is no whole number of blocks")
        if not passphrase:
            raise InputError(f"wrong passphrase for {where}: it is empty")
        plain = _crypt(container, passphrase, plain, encrypt=False)
    reader = WireReader(plain, where)
    if reader.take(4) != reader.take(4):
        if container.is_encrypted:
            raise InputError(f"wrong passphrase for {where}", hint="try again; nothing was signed")
        raise InputError(f"{where} is damaged: its check numbers differ")
    return _read_private_part(reader, where)


def format_container(public_blob: bytes, part: PrivatePart, passphrase: bytes | None) -> bytes:
    """The file for a private key; with a passphrase, only who knows it can read the private part."""
    check = secrets.token_bytes(4)
    plain = check * 2 + part.fields + pack_string(part.comment.encode("utf-8"))
    block_bytes = _AES_BLOCK_BYTES if passphrase is not None else _BLOCK_BYTES["none"]
    plain += bytes(range(1, -len(plain) % block_bytes + 1))
    cipher, kdf, options, sealed = b"none", b"none", b"", plain
    if passphrase is not None:
        salt = secrets.token_bytes(_SALT_BYTES)
        closed = Container(_CIPHER, salt, BCRYPT_ROUNDS, PublicKey(public_blob), b"")
        cipher, kdf = _CIPHER.encode("ascii"), b"bcrypt"
        options = pack_string(salt) + pack_uint32(BCRYPT_ROUNDS)
        sealed = _crypt(closed, passphrase, plain, encrypt=True)
    head = _MAGIC + pack_string(cipher) + pack_string(kdf) + pack_string(options)
    blob = head + pack_uint32(1) + pack_string(public_blob) + pack_string(sealed)
    return format_armour(LABEL, blob).encode("ascii")


def _read_bcrypt_options(options: bytes, where: str) -> tuple[bytes, int]:
    reader = WireReader(options, where)
    salt, rounds = reader.string(), reader.uint32()
    reader.end()
    if not salt or not 0 < rounds <= MAX_BCRYPT_ROUNDS:
        raise InputError(
            f"{where} asks for {rounds} rounds of bcrypt with {len(salt)} bytes of salt "
            f"(at most {MAX_BCRYPT_ROUNDS} rounds)",
            hint="change its protection: ssh-keygen -p -a 100 -f FILE",
        )
    return salt, rounds


def _read_private_part(reader: WireReader, where: str) -> PrivatePart:
    start = reader.rest
    name = reader.text()
    count = _PRIVATE_PARTS.get("ecdsa" if name.startswith("ecdsa-") else name)
    if count is None:
        raise InputError(f"{where} is damaged: its private part is of type {name!r}")
    for _ in range(count):
        reader.string()
    fields = start[: len(start) - len(reader.rest)]
    comment = reader.string().decode("utf-8", "replace")
    if reader.rest != bytes(range(1, len(reader.rest) + 1)):
        raise InputError(f"{where} is damaged: its padding is wrong")
    return PrivatePart(fields, comment)


def _crypt(container: Container, passphrase: bytes, data: bytes, *, encrypt: bool) -> bytes:
    import bcrypt
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key_bytes = _KEY_BYTES[container.cipher]
    derived = bcrypt.kdf(
        passphrase, container.salt, key_bytes + _AES_BLOCK_BYTES, container.rounds, ignore_few_rounds=True
    )
    start = derived[key_bytes:]
    mode = modes.CTR(start) if container.cipher.endswith("ctr") else modes.CBC(start)
    cipher = Cipher(algorithms.AES(derived[:key_bytes]), mode)
    context = cipher.encryptor() if encrypt else cipher.decryptor()
    return context.update(data) + context.finalize()
