"""Parses, decrypts and formats OpenSSH private-key files.

`cryptography` loads and checks the key inside (`signing_key`). The container around it is parsed and
formatted here because `cryptography` (tried with version 50) lacks what a signer needs:

- It neither returns nor writes a key's comment. The comment is the default name of the signer, and the name
  that `ssh-add` gives a key in the agent: a key without one is listed under the path of its file.
- It does not limit the rounds of bcrypt: a hostile file can make the program run for years.
- It reads only AES-256; `ssh-keygen -Z` also writes keys with AES-128 and AES-192.
- One `ValueError` means a wrong passphrase, damage or several keys, and the public half of a file cannot be
  read without the passphrase.

Because of the last three points the header has to be parsed here in any case. Leaving the private part to
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
from archtool.openssh.limits import MAX_BCRYPT_ROUNDS
from archtool.openssh.wire import WireReader, pack_string, pack_uint32

LABEL = "OPENSSH PRIVATE KEY"
BCRYPT_ROUNDS = 24  # the default of OpenSSH 9.4 and later: about a quarter of a second
_MAGIC = b"openssh-key-v1\0"
_CIPHER = "aes256-ctr"  # OpenSSH's own choice
_SALT_BYTES = 16
_BLOCK_BYTES = {"none": 8}  # the AES ciphers have blocks of 16
_KEY_BYTES = {f"aes{bits}-{mode}": bits // 8 for bits in (128, 192, 256) for mode in ("ctr", "cbc")}
_AES_BLOCK_BYTES = 16
# the number of strings or numbers between the type's name and the comment in the private part
_PRIVATE_PARTS = {"ssh-ed25519": 2, "ssh-rsa": 6, "ecdsa": 3}


@dataclass(frozen=True, slots=True)
class Container:
    """The parsed file of a private key; the private part is still encrypted if there is a passphrase."""

    cipher: str
    """`none` if there is no passphrase."""
    salt: bytes
    rounds: int
    """The parameters of bcrypt_pbkdf."""
    public: PublicKey
    """The public key, which is readable without the passphrase."""
    sealed: bytes

    @property
    def is_encrypted(self) -> bool:
        """Whether a passphrase is needed."""
        return self.cipher != "none"


@dataclass(frozen=True, slots=True)
class PrivatePart:
    """The part of the file that a passphrase protects."""

    fields: bytes
    """The type's name, the public numbers and the private numbers, in wire form."""
    comment: str


def parse_container(data: bytes, where: str) -> Container:
    """Parse the file as far as possible without the passphrase.

    Raises:
        InputError: the file is damaged, contains more than one key, or uses an unknown protection.
    """
    reader = WireReader(parse_armour(LABEL, data, where), where)
    if reader.read(len(_MAGIC)) != _MAGIC:
        raise InputError(f"{where} is damaged: it does not begin with openssh-key-v1")
    cipher, kdf, options, count = reader.text(), reader.text(), reader.string(), reader.uint32()
    if count != 1:
        raise InputError(f"{where} contains {count} keys; expected one")
    public = PublicKey.from_blob(reader.string(), where=where)
    sealed = reader.string()
    is_plain = (cipher, kdf) == ("none", "none")
    if not is_plain and (cipher not in _KEY_BYTES or kdf != "bcrypt"):
        raise InputError(
            f"{where} is protected with {cipher} and {kdf}, which archtool cannot read",
            hint=f"change its protection: ssh-keygen -p -Z {_CIPHER} -f FILE",
        )
    reader.end()  # after the check above: unsupported ciphers store a tag after the private part
    salt, rounds = (b"", 0) if is_plain else _read_bcrypt_options(options, where)
    return Container(cipher, salt, rounds, public, sealed)


def open_container(container: Container, passphrase: bytes | None, where: str) -> PrivatePart:
    """Return the private part of a container; `passphrase` is ignored if the container is not encrypted.

    Raises:
        InputError: the passphrase is wrong, or the file is damaged.
    """
    plain = container.sealed
    if container.is_encrypted:
        if len(plain) % _AES_BLOCK_BYTES:
            raise InputError(f"{where} is damaged: its private part does not end at a block boundary")
        if not passphrase:
            raise InputError(f"wrong passphrase for {where}: it is empty")
        plain = _crypt(container, passphrase, plain, encrypt=False)
    reader = WireReader(plain, where)
    if reader.read(4) != reader.read(4):
        if container.is_encrypted:
            raise InputError(f"wrong passphrase for {where}", hint="try again; nothing was signed")
        raise InputError(f"{where} is damaged: its check numbers differ")
    return _read_private_part(reader, where)


def format_container(public_blob: bytes, part: PrivatePart, passphrase: bytes | None) -> bytes:
    """Return the text of a private key's file; with a passphrase, the private part is encrypted."""
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
            f"{where} requires {rounds} rounds of bcrypt with {len(salt)} bytes of salt "
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
    import bcrypt  # lazy: for encrypted keys
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # lazy: for encrypted keys

    key_bytes = _KEY_BYTES[container.cipher]
    derived = bcrypt.kdf(
        passphrase, container.salt, key_bytes + _AES_BLOCK_BYTES, container.rounds, ignore_few_rounds=True
    )
    start = derived[key_bytes:]
    mode = modes.CTR(start) if container.cipher.endswith("ctr") else modes.CBC(start)
    cipher = Cipher(algorithms.AES(derived[:key_bytes]), mode)
    context = cipher.encryptor() if encrypt else cipher.decryptor()
    return context.update(data) + context.finalize()
