"""Decides under which name `keys trust` lists a key.

Anyone can write the comment of a public key. A key whose private half the user holds is their own key, and
its comment is their own choice (`keys new --name`, `ssh-keygen -C`). For every other key the user confirms
the comment at a terminal, or names the owner with `--name`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from archtool.cli.signing.agent import open_agent
from archtool.cli.terminal import output
from archtool.errors import ArchtoolError, UsageError
from archtool.files.paths import shell_word, shown
from archtool.files.writing.key_pair import PUBLIC_SUFFIX, public_half_of
from archtool.openssh.keys.key_parts import FINGERPRINT_PREFIX
from archtool.openssh.keys.private_key_file import LABEL, open_container, parse_container
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.keys.signing_key import load_signing_key
from archtool.openssh.trust_files.principal import why_no_pattern, why_no_principal
from archtool.operations.describe.inputs import read_text_input
from archtool.operations.limits import MAX_TRUST_FILE_BYTES

_MAX_SHOWN_CHARACTERS = 120
_EXAMPLE = "archivist@example.org"


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A key that the user named, or that their agent holds."""

    key: PublicKey
    name: str | None
    """The name on the command line; `None` for a key of the agent that was not named."""

    @property
    def is_own(self) -> bool:
        """Whether the user holds the private half, and has therefore chosen the comment."""
        if self.name is None or self.name.startswith(FINGERPRINT_PREFIX):
            return True  # the agent holds the private half
        path = Path(self.name)
        private = path.with_name(path.name.removesuffix(PUBLIC_SUFFIX))
        return _is_pair(private, self.key) or _is_in_agent(self.key)


def principal_of(named: NamedKey, name: str | None) -> str:
    """Return the name under which a key is listed; `name` is the value of `--name`.

    Raises:
        UsageError: the owner's name is not given, or is not allowed in an allowed_signers file.
    """
    if name is not None:
        reason = why_no_pattern(name)
        if reason is None:
            return name
        raise UsageError(
            f"--name {_shown(name)} is not allowed in an allowed_signers file: {reason}",
            hint=f"give one word, such as --name {_EXAMPLE}",
        )
    comment = named.key.comment
    reason = why_no_principal(comment)
    if reason is None and (named.is_own or _is_confirmed(named.key)):
        return comment
    raise _unknown_owner(named, reason)


def _is_confirmed(key: PublicKey) -> bool:
    if not output.can_prompt():
        return False
    output.message(
        f"the comment of this key names an owner, but anyone can write a comment: {_shown(key.comment)}"
    )
    return click.confirm(f"Does the key {key.fingerprint} belong to {_shown(key.comment)}?", err=True)


def _unknown_owner(named: NamedKey, reason: str | None) -> UsageError:
    key = named.key
    if not key.comment:
        problem = "it has no comment, and it needs a name"
    elif reason:
        problem = f"its comment {_shown(key.comment)} cannot be used as a name: {reason}"
    else:
        problem = (
            f"its comment {_shown(key.comment)} is not used as a name without your confirmation: "
            "anyone can write a comment"
        )
    place = shell_word(named.name) if named.name is not None else key.fingerprint
    return UsageError(
        f"the owner of the key {key.fingerprint} is not known: {problem}",
        hint="compare the fingerprint with the one from its owner, then run: "
        f"archtool keys trust {place} --name {_EXAMPLE}, with the owner's name",
    )


def _shown(text: str) -> str:
    cut = text if len(text) <= _MAX_SHOWN_CHARACTERS else f"{text[:_MAX_SHOWN_CHARACTERS]}…"
    return f"'{shown(cut)}'"


def _is_in_agent(key: PublicKey) -> bool:
    """Whether the ssh-agent, if there is one, holds the private half under the same comment."""
    try:
        identities = open_agent("the private half is").identities
    except ArchtoolError:
        return False
    return any((other.blob, other.comment) == (key.blob, key.comment) for other in identities.keys)


def _is_pair(private: Path, key: PublicKey) -> bool:
    """Whether a file holds the private half of a key, and a comment that does not contradict the key's."""
    try:
        return private.is_file() and _is_private_half(private, key)
    except (ArchtoolError, OSError):
        return False


def _is_private_half(private: Path, key: PublicKey) -> bool:
    where = shown(str(private))
    data = read_text_input(private, MAX_TRUST_FILE_BYTES, "the key")
    if not data.lstrip().startswith(f"-----BEGIN {LABEL}".encode("ascii")):
        return load_signing_key(data, where=where, ask_passphrase=None, comment="").public.blob == key.blob
    container = parse_container(data, where)
    if container.public.blob != key.blob or not _is_comment_of_pair(private, key):
        return False
    if container.is_encrypted or container.public.key_type.startswith("sk-"):
        return True  # its comment is encrypted, or in a format that is not parsed
    return open_container(container, None, where).comment in ("", key.comment)


def _is_comment_of_pair(private: Path, key: PublicKey) -> bool:
    """A private key's comment is taken from the public half beside it, which must be of the same key."""
    public = public_half_of(private)
    if not public.is_file():
        return True
    data = read_text_input(public, MAX_TRUST_FILE_BYTES, "the public key")
    return (
        PublicKey.parse_public_line(data.decode("utf-8", "replace").strip(), shown(str(public))).blob
        == key.blob
    )
