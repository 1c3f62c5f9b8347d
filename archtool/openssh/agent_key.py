"""Selects a key of an ssh-agent and signs with it; the private key stays in the agent or on a token.

The caller supplies the function that sends a request to the agent and returns its answer. A signature from
the agent is accepted only if it verifies under the selected key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from archtool.errors import InputError, StorageError
from archtool.openssh.agent_messages import (
    REQUEST_IDENTITIES,
    Identities,
    parse_identities,
    parse_signature,
    sign_request,
)
from archtool.openssh.keys.key_parts import FINGERPRINT_PREFIX
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.keys.signing_key import refuse_short_rsa
from archtool.openssh.raw_signature import verify_raw

SendRequest = Callable[[bytes], bytes]
MIN_FINGERPRINT_CHARACTERS = 8  # 48 bits: two keys do not share them by chance
_MAX_LISTED = 16  # keys of an agent in one message
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{0,43}=?", re.ASCII)


@dataclass(frozen=True, slots=True)
class AgentKey:
    """A key in an agent that can sign."""

    public: PublicKey
    """The key that verifies its signatures."""
    _send: SendRequest
    """Sends a request to the agent and returns its answer."""

    def sign_raw(self, data: bytes) -> bytes:
        """Return the signature over `data` in SSH wire form, unchanged from the agent.

        Raises:
            StorageError: the agent refused, its answer is malformed, or its signature does not verify.
        """
        signature = parse_signature(self._send(sign_request(self.public, data)))
        verification = verify_raw(self.public, signature, data)
        if not verification.is_good:
            fingerprint, reason = self.public.fingerprint, verification.reason
            raise StorageError(
                f"the ssh-agent's signature does not verify under {fingerprint}: {reason}",
                hint="nothing was signed; test the agent with: ssh-add -T FILE.pub",
            )
        return signature


def list_identities(send: SendRequest) -> Identities:
    """Return the keys of an agent.

    Raises:
        StorageError: the agent refused, or its answer is damaged.
    """
    return parse_identities(send(REQUEST_IDENTITIES))


def find_by_key(identities: Identities, wanted: PublicKey, where: str) -> PublicKey:
    """Return the agent's key that equals a public key; the comment of `wanted` replaces the agent's.

    Raises:
        InputError: the agent has no such key, or the key cannot or should not sign.
    """
    found = next((key for key in identities.keys if key.blob == wanted.blob), None)
    if found is None:
        raise _missing_key(f"{where} ({wanted.fingerprint})", identities)
    return check_can_sign(replace(found, comment=wanted.comment or found.comment), where)


def find_by_fingerprint(identities: Identities, wanted: str) -> PublicKey:
    """Return the agent's key with the given fingerprint, or beginning of a fingerprint.

    Certificates are ignored: `ssh-add -l` shows the plain key's fingerprint for both.

    Raises:
        InputError: the text is no fingerprint, or the agent has no such key or several.
    """
    beginning = wanted.removesuffix("=")
    if (
        not _FINGERPRINT.fullmatch(wanted)
        or len(beginning) < len(FINGERPRINT_PREFIX) + MIN_FINGERPRINT_CHARACTERS
    ):
        raise InputError(
            f"not a fingerprint: {wanted[:80]!r}",
            hint=f"write {FINGERPRINT_PREFIX} and at least {MIN_FINGERPRINT_CHARACTERS} characters, "
            "as ssh-add -l prints it",
        )
    found = {key.blob: key for key in identities.plain if key.fingerprint.startswith(beginning)}
    if not found:
        raise _missing_key(wanted, identities)
    if len(found) > 1:
        raise InputError(
            f"{wanted} matches {len(found)} fingerprints: {_list_keys(list(found.values()))}",
            hint="give more characters of the fingerprint",
        )
    (key,) = found.values()
    return check_can_sign(key, wanted)


def check_can_sign(key: PublicKey, where: str) -> PublicKey:
    """Return the key if its signatures are strong enough and can be checked.

    Raises:
        InputError: an RSA key that is too short, or a type whose signatures archtool cannot check.
    """
    parts = key.parts
    if parts is None:
        raise InputError(
            f"{where} is a key of type {key.key_type}, whose signatures archtool cannot check",
            hint="sign with an Ed25519, ECDSA, RSA or FIDO key",
        )
    if parts.modulus:
        refuse_short_rsa(parts.modulus.bit_length(), where)
    return key


def _missing_key(wanted: str, identities: Identities) -> InputError:
    found = _list_keys(identities.plain) if identities.plain else "no key"
    if identities.unreadable:
        found += f", and {identities.unreadable} that cannot be read"
    return InputError(
        f"the ssh-agent does not have {wanted}; it has {found}",
        hint="add it with: ssh-add FILE (from a token: ssh-add -K, or ssh-add -s PKCS11.so)",
    )


def _list_keys(keys: Sequence[PublicKey]) -> str:
    listed = [f"{key.fingerprint} {readable_comment(key)}".rstrip() for key in keys[:_MAX_LISTED]]
    more = len(keys) - len(listed)
    return ", ".join([*listed, *([f"{more} more"] if more else [])])


def readable_comment(key: PublicKey) -> str:
    """Return a key's comment for a message, with unprintable characters replaced."""
    return "".join(c if c.isprintable() else "�" for c in key.comment)
