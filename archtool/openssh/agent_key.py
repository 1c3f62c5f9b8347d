"""Keys whose private half is in an ssh-agent, perhaps on a token: which one is meant, signing with it.

How the agent is reached is the caller's business: it hands in a function from request to answer. What comes
back is believed only once it verifies under the key that was meant.
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

Ask = Callable[[bytes], bytes]
MIN_FINGERPRINT_CHARACTERS = 8  # 48 bits: nobody has two such keys by chance
_MAX_TOLD = 16  # of the keys that an agent holds, in a message
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{0,43}=?", re.ASCII)


@dataclass(frozen=True, slots=True)
class AgentKey:
    """A key in an agent, as something to sign with."""

    public: PublicKey
    """The key that others verify with."""
    _ask: Ask
    """Hands a request to the agent and gives its answer."""

    def sign_raw(self, data: bytes) -> bytes:
        """The signature over `data` in SSH wire form, whole, as the agent gave it.

        Raises:
            StorageError: the agent refused, answered something else, or its signature does not hold.
        """
        signature = parse_signature(self._ask(sign_request(self.public, data)))
        seen = verify_raw(self.public, signature, data)
        if not seen.is_good:
            raise StorageError(
                f"the ssh-agent's signature does not verify under {self.public.fingerprint}: {seen.reason}",
                hint="nothing was signed; see what the agent does with: ssh-add -T FILE.pub",
            )
        return signature


def list_identities(ask: Ask) -> Identities:
    """Ask an agent which keys it holds.

    Raises:
        StorageError: it refused, or its answer is damaged.
    """
    return parse_identities(ask(REQUEST_IDENTITIES))


def find_by_key(held: Identities, wanted: PublicKey, where: str) -> PublicKey:
    """The key of an agent that a public key's file means, with the file's comment before the agent's.

    Raises:
        InputError: it holds no such key, or one that cannot or should not sign.
    """
    found = next((key for key in held.keys if key.blob == wanted.blob), None)
    if found is None:
        raise _not_held(f"{where} ({wanted.fingerprint})", held)
    return check_can_sign(replace(found, comment=wanted.comment or found.comment), where)


def find_by_fingerprint(held: Identities, wanted: str) -> PublicKey:
    """The key of an agent that a fingerprint means, or the beginning of one.

    Certificates are left out: the plain key is what is meant, whose fingerprint `ssh-add -l` shows for both.

    Raises:
        InputError: not a fingerprint, it holds no such key, or several.
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
    found = {key.blob: key for key in held.plain if key.fingerprint.startswith(beginning)}
    if not found:
        raise _not_held(wanted, held)
    if len(found) > 1:
        raise InputError(
            f"{wanted} is the beginning of {len(found)} fingerprints: {_told(list(found.values()))}",
            hint="give more of it",
        )
    (key,) = found.values()
    return check_can_sign(key, wanted)


def check_can_sign(key: PublicKey, where: str) -> PublicKey:
    """The same key, if a signature by it would be good enough and could be checked.

    Raises:
        InputError: RSA that is too short, or a type whose signatures cannot be checked here.
    """
    parts = key.parts
    if parts is None:
        raise InputError(
            f"{where} is a key of type {key.key_type}: its signatures cannot be checked here",
            hint="sign with an Ed25519, ECDSA, RSA or FIDO key",
        )
    if parts.modulus:
        refuse_short_rsa(parts.modulus.bit_length(), where)
    return key


def _not_held(wanted: str, held: Identities) -> InputError:
    holds = _told(held.plain) if held.plain else "no key"
    if held.unreadable:
        holds += f", and {held.unreadable} that cannot be read here"
    return InputError(
        f"the ssh-agent does not hold {wanted}; it holds {holds}",
        hint="put it in with: ssh-add FILE (of a token: ssh-add -K, or ssh-add -s PKCS11.so)",
    )


def _told(keys: Sequence[PublicKey]) -> str:
    told = [f"{key.fingerprint} {readable_comment(key)}".rstrip() for key in keys[:_MAX_TOLD]]
    more = len(keys) - len(told)
    return ", ".join([*told, *([f"{more} more"] if more else [])])


def readable_comment(key: PublicKey) -> str:
    """A key's comment for a line of text: it may hold anything."""
    return "".join(c if c.isprintable() else "�" for c in key.comment)
