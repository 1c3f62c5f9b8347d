"""A verb as it is sent to other machines: plain values, and where the keys are found. Never a key.

Whoever decodes it loads the private keys from their files. On the way, and in a scheduler's memory, there are
paths and fingerprints only.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from archtool.attestations.statements.writer import Signer
from archtool.batch.tasks.task import Verb

if TYPE_CHECKING:
    from archtool.attestations.signatures.cms_signing import CmsSigner


@dataclass(frozen=True, slots=True)
class LoadedKeys:
    """The keys that a verb signs with."""

    signers: tuple[Signer, ...]
    cms: CmsSigner | None = None


class Keys(Protocol):
    """Where the keys to sign with are found."""

    def load(self) -> LoadedKeys:
        """Read the keys from their files.

        Raises:
            ArchtoolError: a key cannot be used.
        """


@dataclass(frozen=True, slots=True)
class KeylessVerb:
    """A verb without its keys, and where they are."""

    verb: Any
    """A verb; it has `signers`, and perhaps `cms`, if there are keys."""
    keys: Keys | None

    def with_keys(self) -> Verb:
        """The verb with its keys loaded.

        Raises:
            ArchtoolError: a key cannot be loaded.
        """
        if self.keys is None:
            bare: Verb = self.verb
            return bare
        loaded = self.keys.load()
        cms = {} if loaded.cms is None else {"cms": loaded.cms}
        made: Verb = replace(self.verb, signers=loaded.signers, **cms)
        return made


def encode_verb(verb: Verb, keys: Keys | None) -> bytes:
    """Encode a verb; the keys that it signs with are taken out."""
    bare: Any = verb
    if fingerprints_of(verb):
        cms = {"cms": None} if getattr(bare, "cms", None) is not None else {}
        bare = replace(bare, signers=(), **cms)
    else:
        keys = None
    return pickle.dumps(KeylessVerb(bare, keys))


def decode_verb(data: bytes) -> KeylessVerb:
    """Decode a verb. Only for bytes from a client that may run programs here anyhow."""
    verb = pickle.loads(data)  # noqa: S301 - a scheduler's worker runs what it is sent: see docs/cluster.md
    assert isinstance(verb, KeylessVerb)  # noqa: S101 - written by `encode_verb`
    return verb


def fingerprints_of(verb: Verb) -> tuple[str, ...]:
    """The fingerprints of the keys that a verb signs with, in their order; of CMS, the certificate's."""
    signers: tuple[Signer, ...] = getattr(verb, "signers", ())
    cms: CmsSigner | None = getattr(verb, "cms", None)
    prints = tuple(signer.key.public.fingerprint for signer in signers)
    return prints if cms is None else (*prints, cms.fingerprint)
