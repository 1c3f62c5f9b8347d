"""Formats requests to an ssh-agent and parses its answers; it works on bytes and opens no socket.

Answers are treated as untrusted: lengths and counts are limited, and no bytes may follow the end.

Source: draft-ietf-sshm-ssh-agent (request identities, sign request), OpenSSH PROTOCOL.agent.
"""

from __future__ import annotations

from dataclasses import dataclass

from archtool.errors import InputError, StorageError
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.limits import (
    MAX_AGENT_COMMENT_BYTES,
    MAX_AGENT_SIGNATURE_BYTES,
    MAX_IDENTITIES,
    MAX_KEY_BLOB_BYTES,
)
from archtool.openssh.wire import WireReader, pack_string, pack_uint32

_FAILURE = 5
_REQUEST_IDENTITIES = 11
_IDENTITIES_ANSWER = 12
_SIGN_REQUEST = 13
_SIGN_RESPONSE = 14
_RSA_SHA2_512 = 4  # without this flag an agent makes RSA signatures with SHA-1
REQUEST_IDENTITIES = bytes([_REQUEST_IDENTITIES])
_WHERE = "the answer of the ssh-agent"


class AgentRefusedError(StorageError):
    """The agent refused a request; the protocol does not transmit a reason."""


@dataclass(frozen=True, slots=True)
class Identities:
    """The keys of an agent."""

    keys: tuple[PublicKey, ...]
    """Keys and certificates in the agent's own order, with its comments."""
    unreadable: int = 0
    """The number of further keys that cannot be read."""

    @property
    def plain(self) -> tuple[PublicKey, ...]:
        """The keys without the certificates."""
        return tuple(key for key in self.keys if not is_certificate(key))


def is_certificate(key: PublicKey) -> bool:
    """Whether the type's name shows a certificate."""
    return "-cert-v01@" in key.key_type


def parse_identities(answer: bytes) -> Identities:
    """Parse the list of an agent's keys.

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
        except InputError:  # one unreadable key must not prevent the use of another
            unreadable += 1
    reader.end()
    return Identities(tuple(keys), unreadable)


def sign_request(key: PublicKey, data: bytes) -> bytes:
    """Return the request for a signature over `data`; for an RSA key, with SHA-512."""
    flags = _RSA_SHA2_512 if key.parts is not None and key.parts.modulus else 0
    return bytes([_SIGN_REQUEST]) + pack_string(key.blob) + pack_string(data) + pack_uint32(flags)


def parse_signature(answer: bytes) -> bytes:
    """Return the signature in SSH wire form, including the flags and the counter of a token.

    Raises:
        AgentRefusedError: the agent refused to sign.
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
            hint="unlock it (ssh-add -X), connect the token, or confirm or touch it when asked",
        )
    if answer[:1] != bytes([expected]):
        raise _damaged(f"its type is {answer[0] if answer else 'none'}, not {expected}")
    return WireReader(answer[1:], _WHERE)


def _damaged(reason: str) -> StorageError:
    return StorageError(
        f"the ssh-agent's answer cannot be read: {reason}",
        hint="check that SSH_AUTH_SOCK names an ssh-agent: ssh-add -l",
    )
