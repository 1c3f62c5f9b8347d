"""Composes the files of a new attestation from a statement and keys; it returns paths and bytes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archtool.attestations.layout import (
    ROOT,
    SLUG_PATTERN,
    AttestationFolder,
    attestation_folder,
    is_payload_manifest,
    is_tag_manifest,
    read_layout,
)
from archtool.attestations.limits import MAX_SIGNERS, MAX_SLUG_CHARACTERS
from archtool.attestations.statements.checksum_list import format_checksum_list
from archtool.attestations.statements.statement import (
    Claimant,
    EarlierAttestation,
    Statement,
    Subject,
    statement_record,
)
from archtool.attestations.statements.statement_reader import refuse_unreadable_statement
from archtool.canonical_json import format_json
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.openssh.sshsig import RawSigner, sign

_SLUG = re.compile(SLUG_PATTERN)
_UNSAFE = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Signer:
    """A person who signs: the name, the key, and the part of a file name for the signature."""

    name_slug: str
    """Safe in a file name: lower-case letters, digits, `.`, `_`, `-`."""
    principal: str
    """A name such as `archivist@example.org`, as in `allowed_signers`."""
    key: RawSigner

    @property
    def claimant(self) -> Claimant:
        """The entry for this signer in the statement."""
        public = self.key.public.plain
        return Claimant(self.principal, public.fingerprint, public.key_type)


def name_signers(keys: Iterable[tuple[str, RawSigner]]) -> tuple[Signer, ...]:
    """Make signers from principals and keys, each with a unique slug: `archivist`, `archivist-2`."""
    used: set[str] = set()
    signers: list[Signer] = []
    for principal, key in keys:
        base = slug_of(principal)
        tries = (base if count == 1 else f"{base}-{count}" for count in range(1, len(used) + 2))
        slug = next(name for name in tries if name not in used)
        used.add(slug)
        signers.append(Signer(slug, principal, key))
    return tuple(signers)


def slug_of(principal: str) -> str:
    """Return a principal's local part in safe characters; `signer` if none is left."""
    local = unicodedata.normalize("NFKD", principal.partition("@")[0]).lower()
    plain = "".join(c for c in local if not unicodedata.combining(c))
    return _UNSAFE.sub("-", plain).strip("-.")[:MAX_SLUG_CHARACTERS].rstrip("-.") or "signer"


def subjects_of(digests: Mapping[str, Digest]) -> tuple[Subject, ...]:
    """Return the subjects of a statement: the payload manifests among the tag files."""
    return tuple([Subject(path, digests[path]) for path in sorted(filter(is_payload_manifest, digests))])


def links_to(digests: Mapping[str, Digest]) -> tuple[EarlierAttestation, ...]:
    """Return a link to each attestation among the tag files, for a new statement."""
    folders, _ = read_layout(digests)
    return tuple(EarlierAttestation(f.name, digests[f.list_path]) for f in folders if f.list_path in f.paths)


def compose_attestation(
    number: int, statement: Statement, covered: Mapping[str, Digest], keys: Sequence[Signer]
) -> dict[str, bytes]:
    """Return the files of a new attestation by path: statement, signed checksum list and signatures.

    `covered` has the SHA-512 of every tag file except the tag manifests, including the files of earlier
    attestations.

    Raises:
        InputError: there is no signer, a name cannot be written, or the statement and `covered` disagree.

    Source: archtool package format, attestations.
    """
    folder = attestation_folder(number, statement.event)
    _check_signers(keys)
    _check_covered(folder, statement, covered)
    record = statement_record(statement)
    written = format_json(record)
    statement_path = folder.statement_path
    refuse_unreadable_statement(written, record, statement_path)
    text = written.encode("utf-8")
    listed = {**covered, statement_path: digest_bytes(Algorithm.SHA512, text)}
    sums = format_checksum_list(listed)
    list_path = folder.list_path
    signatures = {
        f"{list_path}.{signer.name_slug}.sig": sign(sums, signer.key).encode("ascii") for signer in keys
    }
    return {statement_path: text, list_path: sums, **signatures}


def _check_signers(keys: Sequence[Signer]) -> None:
    if not 0 < len(keys) <= MAX_SIGNERS:
        raise InputError(f"an attestation needs 1 to {MAX_SIGNERS} signers, not {len(keys)}")
    slugs = [signer.name_slug for signer in keys]
    for slug in slugs:
        if _SLUG.fullmatch(slug) is None or slugs.count(slug) > 1:
            raise InputError(f"a signature's file cannot be named {slug!r}: the name is unsafe or used twice")


def _check_covered(folder: AttestationFolder, statement: Statement, covered: Mapping[str, Digest]) -> None:
    for path in covered:
        if is_tag_manifest(path) or path.startswith("data/"):
            raise InputError(
                f"a signed checksum list covers only tag files that are no tag manifests: {path}"
            )
    earlier, unexpected = read_layout(covered)
    numbers = [f.number for f in earlier]
    if unexpected or numbers != list(range(1, folder.number)):
        raise InputError(
            f"attestation {folder.number:04} cannot follow the content of {ROOT}: "
            f"{', '.join([f.name for f in earlier] + list(unexpected)) or 'nothing'}"
        )
    if statement.previous != links_to(covered) or len(statement.previous) != len(earlier):
        raise InputError("the statement's links do not match the earlier attestations of the package")
    if statement.subjects != subjects_of(covered):
        raise InputError("the statement's subjects are not the payload manifests of the package")
