"""Reads the package that a new one replaces, and keeps or discards its later attestations.

A claim that was signed later, a timestamp, an evidence record or a sidecar exists only once. A package that
is made again does not have them, so a package with any of them is replaced only if an option decides what
happens to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archtool.attestations.chain_head import ChainHead
from archtool.attestations.layout import (
    RECORDS,
    ROOT,
    AttestationFolder,
    is_payload_manifest,
    read_layout,
    record_number,
)
from archtool.attestations.signatures.other_signatures import SUFFIXES
from archtool.attestations.statements.statement_reader import parse_statement
from archtool.bagit.limits import MAX_MANIFEST_BYTES, MAX_TAG_FILE_BYTES
from archtool.errors import ArchtoolError, InputError, StorageError, UsageError
from archtool.files.file_kinds import FileKind
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.files.writing.atomic_rename import rename_to_new
from archtool.files.writing.leftovers import free_predecessor_name
from archtool.files.writing.staging import Replacement
from archtool.files.writing.tree_operations import remove_folder
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import ADOPTED_FOLDER, sidecar_of
from archtool.operations.open_package.sidecar import read_sidecar

PACKAGING = "0001-packaging"
_MAX_LISTED = 8  # items of evidence in a message: enough to recognise the package


class OldAttestations(StrEnum):
    """What happens to a package with later attestations when a new one replaces it."""

    REFUSE = "refuse"
    """It is not replaced."""
    KEEP = "keep-predecessor"
    """It is kept unchanged beside the new one, under a numbered name."""
    DISCARD = "discard-attestations"
    """It is removed with its attestations."""


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A package at the target of a new one."""

    path: Path
    evidence: tuple[str, ...]
    """The items added after its packaging, in words: attestations with their claimants and dates."""
    manifests: tuple[tuple[str, Digest], ...]
    """Its payload manifests by name, each with its SHA-512, which identify the package permanently."""
    head: str | None = None
    """The newest attestation, as `attest` and `verify` print it."""
    is_gone: bool = False
    """Whether only its sidecar is left."""
    is_unfinished: bool = False
    """Whether a killed run left it: then the timestamps of its packaging do not count as evidence."""

    @property
    def sidecar(self) -> Path:
        """The path of its sidecar, if it has one."""
        return sidecar_of(self.path)


def read_predecessor(target: Path, *, is_unfinished: bool = False) -> Predecessor:
    """Read what was added to a package after its packaging; the payload is not read.

    `is_unfinished`: a killed run left the package, and the timestamps of its packaging are made again.

    Raises:
        StorageError: it cannot be read, so it is unknown what a replacement would destroy.
    """
    try:
        with open_bag(target) as source:
            paths = [file.path for file in source.walk() if file.kind is FileKind.FILE]
            evidence = [
                *_evidence_inside(source, paths, is_unfinished=is_unfinished),
                *_evidence_in_sidecar(target),
            ]
            names = sorted(path for path in paths if is_payload_manifest(path))
            manifests = tuple((name, _digest(source, name)) for name in names)
            head = _head(source, paths)
            return Predecessor(target, tuple(evidence), manifests, head, is_unfinished=is_unfinished)
    except (OSError, InputError) as error:
        reason = error.message if isinstance(error, InputError) else error.strerror or str(error)
        raise StorageError(
            f"{shown(str(target))} was not replaced: its attestations cannot be read: {reason}",
            hint="check its permissions, or move it away and run the same command again",
        ) from error


def _digest(source: FileSource, path: str) -> Digest:
    return digest_bytes(Algorithm.SHA512, source.read_bytes(path, MAX_MANIFEST_BYTES))


def _head(source: FileSource, paths: Sequence[str]) -> str | None:
    folders = read_layout(paths)[0]
    if not folders or folders[-1].list_path not in paths:
        return None
    return str(ChainHead.of(folders[-1].name, source.read_bytes(folders[-1].list_path, MAX_TAG_FILE_BYTES)))


def _evidence_inside(source: FileSource, paths: Sequence[str], *, is_unfinished: bool) -> Iterator[str]:
    folders, unexpected = read_layout(paths)
    for folder in folders:
        if folder.name != PACKAGING:
            yield _describe_claim(folder, _read(source, folder.statement_path))
        if folder.name != PACKAGING or not is_unfinished:
            yield from (f"the timestamp {path}" for path in folder.timestamp_paths)
    yield from (f"{path}, which is not part of an attestation" for path in unexpected)
    for path in sorted(paths):
        if record_number(path) is not None:
            yield f"the evidence record {path.removeprefix(RECORDS)}"
        elif path.endswith(SUFFIXES) and not path.startswith((ROOT, ADOPTED_FOLDER, "data/")):
            yield f"the signature {path}"


def _read(source: FileSource, path: str) -> bytes | None:
    try:
        return source.read_bytes(path, MAX_TAG_FILE_BYTES)
    except OSError:
        return None


def _evidence_in_sidecar(target: Path) -> Iterator[str]:
    """List the contents of a package's sidecar; a package made again could not be verified with it."""
    path = sidecar_of(target)
    if not path.is_dir():
        return
    sidecar = read_sidecar(path)
    folders, _ = read_layout(sidecar.files)
    for folder in folders:
        yield f"{_describe_claim(folder, sidecar.files.get(folder.statement_path))}, in {shown(path.name)}"
    if not folders:
        yield f"the sidecar {shown(path.name)}"


def _describe_claim(folder: AttestationFolder, statement: bytes | None) -> str:
    """Return claim, claimants and date: `0002-countersignature by curator@example.org, 2026-11-30`."""
    if statement is None:
        return f"{folder.name} (its statement cannot be read)"
    try:
        parsed = parse_statement(statement, folder.statement_path)
    except ArchtoolError:
        return f"{folder.name} (its statement cannot be read)"
    claimants = ", ".join(shown(claimant.principal) for claimant in parsed.claimants) or "no claimant"
    return f"{folder.name} by {claimants}, {parsed.claimed_at:%Y-%m-%d}"


def read_stray_sidecar(target: Path) -> Predecessor | None:
    """Read the sidecar beside a target that does not exist: its package was removed or moved.

    The new package could not be verified with this sidecar.

    Raises:
        StorageError: it cannot be read, so it is unknown what discarding it would destroy.
    """
    try:
        evidence = tuple(_evidence_in_sidecar(target))
    except InputError as error:
        raise StorageError(f"nothing was written: {error.message}", hint="check its permissions") from error
    return Predecessor(target, evidence, (), is_gone=True) if evidence else None


class WouldLoseError(UsageError):
    """A package with attestations added after its packaging would be replaced."""


def refuse_to_lose(predecessor: Predecessor, old_attestations: OldAttestations) -> None:
    """Refuse to replace a package with later attestations, unless an option decides what happens to them.

    Raises:
        WouldLoseError: it has later attestations, and no option decides what happens to them.
    """
    if predecessor.is_gone and old_attestations is not OldAttestations.DISCARD:
        raise WouldLoseError(
            f"{shown(str(predecessor.sidecar))} would become the sidecar of the new package, but contains "
            f"attestations of another package, which is gone: {summarise_evidence(predecessor.evidence)}",
            hint=f"move it to its own package, or discard its attestations with --{OldAttestations.DISCARD}",
        )
    if not predecessor.evidence or old_attestations is not OldAttestations.REFUSE:
        return
    raise WouldLoseError(
        f"{shown(str(predecessor.path))} has attestations that were added after its packaging, and replacing "
        f"it would destroy them: {summarise_evidence(predecessor.evidence)}",
        hint=f"keep the old package beside the new one with --{OldAttestations.KEEP}, "
        f"or discard its attestations with --{OldAttestations.DISCARD}",
    )


def report_discarded(predecessor: Predecessor) -> tuple[Finding, ...]:
    """Report the attestations that are discarded with an old package, if it has any."""
    if not predecessor.evidence:
        return ()
    owner = "the sidecar of a package that is gone" if predecessor.is_gone else "the replaced package"
    message = f"discarded with {owner}: {summarise_evidence(predecessor.evidence)}"
    return (finding_kinds.ATTESTATIONS_DISCARDED.at(message, str(predecessor.path)),)


def summarise_evidence(evidence: Sequence[str]) -> str:
    """Return the first items, and the number of the others."""
    words = "; ".join(evidence[:_MAX_LISTED])
    more = len(evidence) - _MAX_LISTED
    return f"{words}; and {more:,} more" if more > 0 else words


class PackageReplacement:
    """The exchange of an old package for a new one: the check before it, and the handling of the sidecar."""

    def __init__(self, predecessor: Predecessor, old_attestations: OldAttestations) -> None:
        keeps = old_attestations is OldAttestations.KEEP
        self.predecessor = predecessor
        self.kept_at = free_predecessor_name(predecessor.path) if keeps else None
        self._moved: tuple[Path, Path] | None = None

    @property
    def kept_sidecar(self) -> Path | None:
        """The path of the old package's sidecar after the exchange, if it has one and is kept."""
        has_one = self.kept_at is not None and self.predecessor.sidecar.is_dir()
        return sidecar_of(self.kept_at) if has_one and self.kept_at is not None else None

    def for_stage(self) -> Replacement | None:
        """Return the instructions for the stage's commit; `None` if there is nothing to replace."""
        if self.predecessor.is_gone:
            return None
        return Replacement(self._before_exchange, self.kept_at)

    def _before_exchange(self) -> None:
        """Check that the old package is unchanged since it was read, and move its sidecar if it is kept.

        Raises:
            StorageError: it was attested, timestamped or replaced since it was read.
            OSError: its sidecar cannot be moved.
        """
        old = self.predecessor
        if read_predecessor(old.path, is_unfinished=old.is_unfinished) != old:
            raise StorageError(
                f"{shown(str(old.path))} changed while the new package was being made; it was not replaced",
                hint="inspect it with archtool show, then run the same command again",
            )
        kept = self.kept_sidecar
        if kept is not None:
            moved = old.sidecar, kept
            rename_to_new(*moved)
            self._moved = moved

    def undo(self) -> None:
        """Move the sidecar back beside the old package, which was not replaced."""
        if self._moved is not None:
            old, new = self._moved
            rename_to_new(new, old)

    def finish(self) -> None:
        """Remove the sidecar of a discarded package: the new package could not be verified with it.

        Raises:
            StorageError: it cannot be removed.
        """
        if self.kept_at is None and self.predecessor.sidecar.is_dir():
            remove_folder(self.predecessor.sidecar)
            if self.predecessor.sidecar.exists():
                raise StorageError(
                    f"the new package is in place, but the sidecar of the old one cannot be removed: "
                    f"{shown(str(self.predecessor.sidecar))}",
                    hint="remove it yourself: the new package cannot be verified with it",
                )
