"""What is said to an ssh-agent, and what its answers mean: bytes only, no socket.

Every answer is taken for what a stranger sent: lengths and counts are bounded, nothing may follow its end.

Source: draft-ietf-sshm-ssh-agent (request identities, sign request), OpenSSH PROTOCOL.agent.
"""

from __future__ import annotations

from dataclasses import dataclass

from archtool.errors import InputError, StorageError
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.wire import WireReader, pack_string, pack_uint32

MAX_IDENTITIES = 2048  # what OpenSSH's own agent and client stop at
MAX_AGENT_COMMENT_BYTES = 1024  # a name or a file's path
MAX_KEY_BLOB_BYTES = 64 * 1024  # a certificate with all its principals
MAX_AGENT_SIGNATURE_BYTES = 16 * 1024  # RSA of 16384 bits makes 2 kB
_FAILURE = 5
_REQUEST_IDENTITIES = 11
_IDENTITIES_ANSWER = 12
_SIGN_REQUEST = 13
_SIGN_RESPONSE = 14
_RSA_SHA2_512 = 4  # without this flag an agent makes RSA signatures with SHA-1
REQUEST_IDENTITIES = bytes([_REQUEST_IDENTITIES])
_WHERE = "the answer of the ssh-agent"


class AgentRefusedError(StorageError):
    """The agent answered that it does not do what it was asked for, and the protocol has no word for why."""


@dataclass(frozen=True, slots=True)
class Identities:
    """What an agent holds."""

    keys: tuple[PublicKey, ...]
    """Keys and certificates in the agent's own order, with its comments."""
    unreadable: int = 0
    """How many more there are that cannot be read here."""

    @property
    def plain(self) -> tuple[PublicKey, ...]:
        """The keys without the certificates."""
        return tuple(key for key in self.keys if not is_certificate(key))


def is_certificate(key: PublicKey) -> bool:
    """Whether this is a key with an authority's word on it, by its type's name."""
    return "-cert-v01@" in key.key_type


def parse_identities(answer: bytes) -> Identities:
    """Read which keys an agent holds.

    Raises:
        StorageError: the agent refused, or its answer is damaged.
    """
    reader = _open(answer, _IDENTITIES_ANSWER, "to list its keys")
    try:
        return _read_identities(reader)
    except InputError as error:
        raise _damaged(error.message) from error


def _read_identities(reader: WireReader) -> Identities:
    count = reader.uint32()
    if count > MAX_IDENTITIES:
        raise InputError(f"{_WHERE} names {count} keys (at most {MAX_IDENTITIES})")
    keys, unreadable = [], 0
    for _ in range(count):
        blob, comment = reader.string(), reader.string()
        if len(blob) > MAX_KEY_BLOB_BYTES or len(comment) > MAX_AGENT_COMMENT_BYTES:
            raise InputError(f"{_WHERE} has a key of {len(blob)} bytes, its comment has {len(comment)}")
        try:
            keys.append(PublicKey.from_blob(blob, comment=comment.decode("utf-8", "replace")))
        except InputError:  # one odd key is no reason not to use another
            unreadable += 1
    reader.end()
    return Identities(tuple(keys), unreadable)


def sign_request(key: PublicKey, data: bytes) -> bytes:
    """Ask for a signature over `data`; an RSA key is asked for one with SHA-512."""
    flags = _RSA_SHA2_512 if key.parts is not None and key.parts.modulus else 0
    return bytes([_SIGN_REQUEST]) + pack_string(key.blob) + pack_string(data) + pack_uint32(flags)


def parse_signature(answer: bytes) -> bytes:
    """The signature in SSH wire form, whole: a token's flags and counter are part of it.

    Raises:
        AgentRefusedError: the agent does not sign.
        StorageError: its answer is damaged.
    """
    reader = _open(answer, _SIGN_RESPONSE, "to sign")
    try:
        signature = reader.string()
        reader.end()
    except InputError as error:
        raise _damaged(error.message) from error
    if not 0 < len(signature) <= MAX_AGENT_SIGNATURE_BYTES:
        raise _damaged(f"a signature of {len(signature)} bytes (at most {MAX_AGENT_SIGNATURE_BYTES})")
    return signature


def _open(answer: bytes, expected: int, what: str) -> WireReader:
    if answer[:1] == bytes([_FAILURE]):
        raise AgentRefusedError(
            f"the ssh-agent refused {what}",
            hint="it may be locked (ssh-add -X), want a yes or a touch that did not come, or miss its token",
        )
    if answer[:1] != bytes([expected]):
        raise _damaged(f"it is of kind {answer[0] if answer else 'none'}, not {expected}")
    return WireReader(answer[1:], _WHERE)


def _damaged(why: str) -> StorageError:
    return StorageError(
        f"the ssh-agent's answer cannot be read: {why}",
        hint="see that SSH_AUTH_SOCK names an ssh-agent: ssh-add -l",
    )
