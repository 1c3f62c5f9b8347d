"""Encodes a task for other machines: plain values and the paths of key files, never a key.

The machine that decodes the task loads the private keys from their files. On the way and in the scheduler's
memory there are only paths and fingerprints.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from typing import Any, Protocol

from archtool.attestations.signatures.cms_signing import CmsSigner
from archtool.attestations.statements.writer import Signer
from archtool.batch.tasks.task import Task


@dataclass(frozen=True, slots=True)
class LoadedKeys:
    """The keys that a task signs with."""

    signers: tuple[Signer, ...]
    cms: CmsSigner | None = None


class Keys(Protocol):
    """Where the keys to sign with are stored."""

    def load(self) -> LoadedKeys:
        """Read the keys from their files.

        Raises:
            ArchtoolError: a key cannot be used.
        """


@dataclass(frozen=True, slots=True)
class KeylessTask:
    """A task without its keys, and where they are stored."""

    task: Any
    """A task. If there are keys, it has `signers` and possibly `cms`."""
    keys: Keys | None

    def with_keys(self) -> Task:
        """Return the task with its keys loaded.

        Raises:
            ArchtoolError: a key cannot be loaded.
        """
        if self.keys is None:
            bare: Task = self.task
            return bare
        loaded = self.keys.load()
        cms = {} if loaded.cms is None else {"cms": loaded.cms}
        signing: Task = replace(self.task, signers=loaded.signers, **cms)
        return signing


def encode_task(task: Task, keys: Keys | None) -> bytes:
    """Encode a task without the keys that it signs with."""
    bare: Any = task
    if fingerprints_of(task):
        cms = {"cms": None} if getattr(bare, "cms", None) is not None else {}
        bare = replace(bare, signers=(), **cms)
    else:
        keys = None
    return pickle.dumps(KeylessTask(bare, keys))


def decode_task(data: bytes) -> KeylessTask:
    """Decode a task. Only for bytes from a client that is allowed to run programs here."""
    task = pickle.loads(data)  # noqa: S301 - a scheduler's worker runs what it is sent: see docs/cluster.md
    assert isinstance(task, KeylessTask)  # noqa: S101 - written by `encode_task`
    return task


def fingerprints_of(task: Task) -> tuple[str, ...]:
    """Return the fingerprints of the keys that a task signs with, in order; for CMS, the certificate's."""
    signers: tuple[Signer, ...] = getattr(task, "signers", ())
    cms: CmsSigner | None = getattr(task, "cms", None)
    fingerprints = tuple(signer.key.public.fingerprint for signer in signers)
    return fingerprints if cms is None else (*fingerprints, cms.fingerprint)
