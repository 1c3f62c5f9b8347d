"""Whose key is whose, as OpenSSH's `allowed_signers` file says it: the trust that is asked for.

The file always comes from outside the package. It is read as `ssh-keygen -Y verify` reads it, with two
differences, both on the strict side: a malformed line anywhere is an error (ssh-keygen stops at it or
never reaches it), and a date that is in no calendar is one too.

Source: ssh-keygen(1), "ALLOWED SIGNERS".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import Enum

from archtool.errors import InputError
from archtool.trust.public_key import PublicKey
from archtool.trust.signer_line import SignerLine, parse_signer_line

MAX_ALLOWED_SIGNERS_CHARACTERS = 16 * 1024 * 1024  # a hundred thousand keys; more is not read into memory


class Answer(Enum):
    """What the list says of a key."""

    TRUSTED = "trusted"
    UNKNOWN_KEY = "unknown-key"
    WRONG_PRINCIPAL = "wrong-principal"
    WRONG_NAMESPACE = "wrong-namespace"
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Match:
    """The answer, and which line of the list it rests on."""

    answer: Answer
    principals: tuple[str, ...] = ()
    """Whom the key belongs to: the patterns as the trusting lines write them."""
    line: int | None = None
    """The line the answer comes from, counted from 1."""
    reason: str = ""
    """Why not, in words."""

    @property
    def is_trusted(self) -> bool:
        """Whether the list vouches for the key."""
        return self.answer is Answer.TRUSTED


@dataclass(frozen=True, slots=True)
class AllowedSigners:
    """A whole `allowed_signers` file."""

    where: str
    """The name of the file, for messages."""
    lines: tuple[SignerLine, ...]

    @classmethod
    def parse(cls, text: str, where: str, *, local_zone: tzinfo = UTC) -> AllowedSigners:
        """Read the file's text.

        A time without `Z` is a local one in OpenSSH, and standard time all year round (its C library is
        told that summer time is not in force). `local_zone` says which place is meant: give a
        `zoneinfo.ZoneInfo`, which knows its own standard time; without it such times are taken as UTC.

        Raises:
            InputError: a line that cannot be understood, named as `file:line`, or a file too large.
        """
        if len(text) > MAX_ALLOWED_SIGNERS_CHARACTERS:
            raise InputError(
                f"{where} is too large for a list of signers: {len(text)} characters "
                f"(at most {MAX_ALLOWED_SIGNERS_CHARACTERS})"
            )
        return cls(where, tuple(_parse_lines(text, where, local_zone)))

    @property
    def authorities(self) -> tuple[SignerLine, ...]:
        """The lines for certificate authorities: kept, and not used for plain keys."""
        return tuple(line for line in self.lines if line.is_authority)

    def find(self, key: PublicKey, namespace: str, at: datetime, principal: str | None = None) -> Match:
        """Say whether the list vouches for a key, for this use, at this time.

        With `principal`, only lines that name that person count (`ssh-keygen -Y verify -I`); without, all
        do. Times are compared in whole seconds, both ends of a window included, as OpenSSH does.
        """
        named = [entry for entry in self.lines if not entry.is_authority and entry.key.blob == key.blob]
        if not named:
            return Match(Answer.UNKNOWN_KEY, reason=self._why_unknown(key))
        matches = [_judge(entry, namespace, at.replace(microsecond=0), principal) for entry in named]
        trusting = [match for match in matches if match.is_trusted]
        if not trusting:
            return matches[0]
        principals = dict.fromkeys(name for match in trusting for name in match.principals)
        return Match(Answer.TRUSTED, tuple(principals), trusting[0].line)

    def _why_unknown(self, key: PublicKey) -> str:
        if any(entry.key.blob == key.blob for entry in self.authorities):
            return f"{self.where} names this key as a certificate authority only"
        return f"no line of {self.where} names this key"


def _parse_lines(text: str, where: str, local_zone: tzinfo) -> Iterator[SignerLine]:
    # not splitlines(): it also breaks at characters that OpenSSH takes as part of a line
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip(" \t\r")
        if stripped and not stripped.startswith("#"):
            yield parse_signer_line(stripped, where, number, local_zone)


def _judge(entry: SignerLine, namespace: str, at: datetime, principal: str | None) -> Match:
    """One line's answer, in the order in which OpenSSH asks."""

    def answer(which: Answer, reason: str) -> Match:
        return Match(which, entry.principals, entry.number, reason)

    if principal is not None and not entry.names(principal):
        return answer(Answer.WRONG_PRINCIPAL, f"the key belongs to {entry.pattern}, not to {principal}")
    if not entry.allows_namespace(namespace):
        return answer(Answer.WRONG_NAMESPACE, f"the key may not sign for namespace {namespace!r}")
    if entry.valid_after is not None and at < entry.valid_after:
        return answer(Answer.NOT_YET_VALID, f"the key is not valid before {entry.valid_after.isoformat()}")
    if entry.valid_before is not None and at > entry.valid_before:
        return answer(Answer.EXPIRED, f"the key is not valid after {entry.valid_before.isoformat()}")
    return answer(Answer.TRUSTED, "")
