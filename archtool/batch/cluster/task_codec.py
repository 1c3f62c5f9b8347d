"""What other machines are told to do: plain values, and where they find the keys. Never a key.

Whoever is sent an order loads the private keys from their files; on the way, and in a scheduler's memory,
there are paths and fingerprints only.
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
        """Read them from where they are.

        Raises:
            ArchtoolError: one of them cannot be used.
        """


@dataclass(frozen=True, slots=True)
class Order:
    """A verb without its keys, and where they are."""

    verb: Any
    """A verb; it has `signers`, and perhaps `cms`, if there are keys."""
    keys: Keys | None

    def make(self) -> Verb:
        """The verb with its keys.

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


def write_order(verb: Verb, keys: Keys | None) -> bytes:
    """The bytes of an order: what the verb signs with is taken out of it."""
    bare: Any = verb
    if fingerprints_of(verb):
        cms = {"cms": None} if getattr(bare, "cms", None) is not None else {}
        bare = replace(bare, signers=(), **cms)
    else:
        keys = None
    return pickle.dumps(Order(bare, keys))


def read_order(data: bytes) -> Order:
    """The order again. Only ever from whoever may run programs here anyhow."""
    order = pickle.loads(data)  # noqa: S301 - a scheduler's worker runs what it is sent: see docs/cluster.md
    assert isinstance(order, Order)  # noqa: S101 - written by `write_order`
    return order


def fingerprints_of(verb: Verb) -> tuple[str, ...]:
    """The keys that a verb signs with, in their order; of a CMS signature the certificate."""
    signers: tuple[Signer, ...] = getattr(verb, "signers", ())
    cms: CmsSigner | None = getattr(verb, "cms", None)
    prints = tuple(signer.key.public.fingerprint for signer in signers)
    return prints if cms is None else (*prints, cms.fingerprint)
