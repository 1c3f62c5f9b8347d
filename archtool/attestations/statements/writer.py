"""Writing an attestation: from what is claimed to the files of its folder. Pure: paths and bytes come out."""

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

MAX_SIGNERS = 64  # of one attestation, as its schema says
MAX_SLUG_CHARACTERS = 48  # leaves room for `-2` and keeps file names short
_SLUG = re.compile(SLUG_PATTERN)
_UNSAFE = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs: their name, the key they sign with, and what their signature's file is called."""

    name_slug: str
    """Safe in a file name: small letters, digits, `.`, `_`, `-`."""
    principal: str
    """A name such as `archivist@example.org`, as in `allowed_signers`."""
    key: RawSigner

    @property
    def claimant(self) -> Claimant:
        """How the statement names this signer."""
        public = self.key.public.plain
        return Claimant(self.principal, public.fingerprint, public.key_type)


def name_signers(keys: Iterable[tuple[str, RawSigner]]) -> tuple[Signer, ...]:
    """Pair principals with keys, each with a file name of its own: `archivist`, `archivist-2`."""
    taken: set[str] = set()
    signers: list[Signer] = []
    for principal, key in keys:
        base = slug_of(principal)
        tries = (base if count == 1 else f"{base}-{count}" for count in range(1, len(taken) + 2))
        slug = next(name for name in tries if name not in taken)
        taken.add(slug)
        signers.append(Signer(slug, principal, key))
    return tuple(signers)


def slug_of(principal: str) -> str:
    """A principal's local part in safe characters; `signer` when nothing of it is left."""
    local = unicodedata.normalize("NFKD", principal.partition("@")[0]).lower()
    plain = "".join(c for c in local if not unicodedata.combining(c))
    return _UNSAFE.sub("-", plain).strip("-.")[:MAX_SLUG_CHARACTERS].rstrip("-.") or "signer"


def subjects_of(digests: Mapping[str, Digest]) -> tuple[Subject, ...]:
    """The payload manifests among the tag files: what a statement is about."""
    return tuple([Subject(path, digests[path]) for path in sorted(filter(is_payload_manifest, digests))])


def links_to(digests: Mapping[str, Digest]) -> tuple[EarlierAttestation, ...]:
    """Every attestation among the tag files, pinned by its checksum list: what a new one follows on."""
    folders, _ = read_layout(digests)
    return tuple(EarlierAttestation(f.name, digests[f.list_path]) for f in folders if f.list_path in f.paths)


def compose_attestation(
    number: int, statement: Statement, covered: Mapping[str, Digest], keys: Sequence[Signer]
) -> dict[str, bytes]:
    """Write the files of a new attestation: its statement, the signed checksum list, the signatures.

    `covered` holds the SHA-512 of every tag file but the tag manifests, the files of earlier attestations
    included. What comes out is path in the package → bytes; nothing that went in is changed.

    Raises:
        InputError: nobody signs, a name cannot be written, or the statement and `covered` disagree.

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
            raise InputError(f"a signature's file cannot be called after {slug!r}: unsafe, or taken twice")


def _check_covered(folder: AttestationFolder, statement: Statement, covered: Mapping[str, Digest]) -> None:
    for path in covered:
        if is_tag_manifest(path) or path.startswith("data/"):
            raise InputError(f"a signed checksum list is for tag files other than tag manifests: {path}")
    earlier, strangers = read_layout(covered)
    numbers = [f.number for f in earlier]
    if strangers or numbers != list(range(1, folder.number)):
        raise InputError(
            f"attestation {folder.number:04} cannot follow on what lies below {ROOT}: "
            f"{', '.join([f.name for f in earlier] + list(strangers)) or 'nothing'}"
        )
    if statement.previous != links_to(covered) or len(statement.previous) != len(earlier):
        raise InputError("the statement's links do not lead to the earlier attestations of the package")
    if statement.subjects != subjects_of(covered):
        raise InputError("the statement's subjects are not the payload manifests of the package")
