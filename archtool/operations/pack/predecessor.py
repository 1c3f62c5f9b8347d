"""The package that a new one replaces: what it carries beyond its packaging, and where it is kept.

A claim that was signed later, a timestamp, an evidence record or a sidecar exists once. A package made
again does not have them, so nothing that carries any is replaced unless the person says what becomes of it.
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
from archtool.bagit.limits import MAX_MANIFEST_BYTES, MAX_TAG_FILE_BYTES
from archtool.errors import ArchtoolError, InputError, StorageError, UsageError
from archtool.files.file_kinds import FileKind
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.files.writing.atomic_rename import rename_to_new
from archtool.files.writing.staging import Replacement, free_predecessor_name
from archtool.files.writing.tree_operations import remove_folder
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import ADOPTED_FOLDER, sidecar_of
from archtool.operations.open_package.sidecar import read_sidecar

PACKAGING = "0001-packaging"
_MAX_LISTED = 8  # of what would be lost: the first tell what kind of package it is


class OldAttestations(StrEnum):
    """What becomes of a package with later attestations when a new one takes its place."""

    REFUSE = "refuse"
    """It is not replaced."""
    KEEP = "keep-predecessor"
    """It is kept whole beside the new one, under a numbered name."""
    DISCARD = "discard-attestations"
    """It is given up."""


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A package that stands where a new one is to go."""

    path: Path
    evidence: tuple[str, ...]
    """What it carries beyond its packaging, in words: attestations with who claimed them and when."""
    manifests: tuple[tuple[str, Digest], ...]
    """Its payload manifests by name, each with its SHA-512: what identifies it for ever."""
    head: str | None = None
    """The newest attestation, as `attest` and `verify` print it."""
    is_gone: bool = False
    """Whether only its sidecar is left."""
    is_unfinished: bool = False
    """Whether a killed run left it: the timestamps of its packaging do not keep it."""

    @property
    def sidecar(self) -> Path:
        """Where its sidecar lies, if it has one."""
        return sidecar_of(self.path)


def read_predecessor(target: Path, *, is_unfinished: bool = False) -> Predecessor:
    """Read what a package carries beyond its packaging; its payload is not read.

    `is_unfinished` says that it is what a killed run left: the timestamps of its packaging are made again.

    Raises:
        StorageError: it cannot be read, so what replacing it would destroy is unknown.
    """
    try:
        with open_bag(target) as source:
            paths = [file.path for file in source.walk() if file.kind is FileKind.FILE]
            evidence = [
                *_evidence_inside(source, paths, is_unfinished=is_unfinished),
                *_evidence_beside(target),
            ]
            names = sorted(path for path in paths if is_payload_manifest(path))
            manifests = tuple((name, _digest(source, name)) for name in names)
            head = _head(source, paths)
            return Predecessor(target, tuple(evidence), manifests, head, is_unfinished=is_unfinished)
    except (OSError, InputError) as error:
        why = error.message if isinstance(error, InputError) else error.strerror or str(error)
        raise StorageError(
            f"{shown(str(target))} was not replaced: what it carries cannot be read: {why}",
            hint="check its permissions, or move it away yourself and run this again",
        ) from error


def _digest(source: FileSource, path: str) -> Digest:
    return digest_bytes(Algorithm.SHA512, source.read_bytes(path, MAX_MANIFEST_BYTES))


def _head(source: FileSource, paths: Sequence[str]) -> str | None:
    folders = read_layout(paths)[0]
    if not folders or folders[-1].list_path not in paths:
        return None
    return str(ChainHead.of(folders[-1].name, source.read_bytes(folders[-1].list_path, MAX_TAG_FILE_BYTES)))


def _evidence_inside(source: FileSource, paths: Sequence[str], *, is_unfinished: bool) -> Iterator[str]:
    folders, strangers = read_layout(paths)
    for folder in folders:
        if folder.name != PACKAGING:
            yield _claim_words(folder, _read(source, folder.statement_path))
        if folder.name != PACKAGING or not is_unfinished:
            yield from (f"the timestamp {path}" for path in folder.timestamp_paths)
    yield from (f"{path}, which is no part of an attestation" for path in strangers)
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


def _evidence_beside(target: Path) -> Iterator[str]:
    """What lies in the sidecar of a package; a package made again could not be verified with it."""
    beside = sidecar_of(target)
    if not beside.is_dir():
        return
    sidecar = read_sidecar(beside)
    folders, _ = read_layout(sidecar.files)
    for folder in folders:
        yield f"{_claim_words(folder, sidecar.files.get(folder.statement_path))}, in {shown(beside.name)}"
    if not folders:
        yield f"the sidecar {shown(beside.name)}"


def _claim_words(folder: AttestationFolder, statement: bytes | None) -> str:
    """`0002-countersignature by curator@example.org, 2026-11-30`: what was claimed, by whom, when."""
    from archtool.attestations.statements.statement_reader import parse_statement

    if statement is None:
        return f"{folder.name} (its statement cannot be read)"
    try:
        said = parse_statement(statement, folder.statement_path)
    except ArchtoolError:
        return f"{folder.name} (its statement cannot be read)"
    claimants = ", ".join(shown(claimant.principal) for claimant in said.claimants) or "nobody"
    return f"{folder.name} by {claimants}, {said.claimed_at:%Y-%m-%d}"


def read_stray_sidecar(target: Path) -> Predecessor | None:
    """Read what lies beside a target where no package is: a sidecar whose package is gone, or was moved.

    The new package could not be verified with it.

    Raises:
        StorageError: it cannot be read, so what giving it up would destroy is unknown.
    """
    try:
        evidence = tuple(_evidence_beside(target))
    except InputError as error:
        raise StorageError(f"nothing was written: {error.message}", hint="check its permissions") from error
    return Predecessor(target, evidence, (), is_gone=True) if evidence else None


class WouldLoseError(UsageError):
    """A package would be replaced that carries attestations beyond its packaging."""


def refuse_to_lose(predecessor: Predecessor, wanted: OldAttestations) -> None:
    """Refuse to replace a package that carries evidence, unless the person said what becomes of it.

    Raises:
        WouldLoseError: it carries attestations beyond its packaging, and no option says what to do with them.
    """
    if predecessor.is_gone and wanted is not OldAttestations.DISCARD:
        raise WouldLoseError(
            f"{shown(str(predecessor.sidecar))} would be taken for the sidecar of the new package, and holds "
            f"attestations of another one that is not there: {listed(predecessor.evidence)}",
            hint=f"move it to its own package, or give its attestations up with --{OldAttestations.DISCARD}",
        )
    if not predecessor.evidence or wanted is not OldAttestations.REFUSE:
        return
    raise WouldLoseError(
        f"{shown(str(predecessor.path))} carries attestations beyond its packaging, and replacing it would "
        f"destroy them: {listed(predecessor.evidence)}",
        hint=f"keep the old package whole beside the new one with --{OldAttestations.KEEP}, "
        f"or give its attestations up with --{OldAttestations.DISCARD}",
    )


def discarded(predecessor: Predecessor) -> tuple[Finding, ...]:
    """Say what is given up with an old package, if anything is."""
    if not predecessor.evidence:
        return ()
    owner = "the sidecar of a package that is gone" if predecessor.is_gone else "the package that is replaced"
    message = f"given up with {owner}: {listed(predecessor.evidence)}"
    return (finding_kinds.ATTESTATIONS_DISCARDED.at(message, str(predecessor.path)),)


def listed(evidence: Sequence[str]) -> str:
    """The first few in words, and how many more there are."""
    words = "; ".join(evidence[:_MAX_LISTED])
    more = len(evidence) - _MAX_LISTED
    return f"{words}; and {more:,} more" if more > 0 else words


class PackageReplacement:
    """The exchange of a new package for an old one: what must hold before it, and what becomes of the old."""

    def __init__(self, predecessor: Predecessor, wanted: OldAttestations) -> None:
        self.predecessor = predecessor
        self.kept_at = free_predecessor_name(predecessor.path) if wanted is OldAttestations.KEEP else None
        self._moved: tuple[Path, Path] | None = None

    @property
    def kept_sidecar(self) -> Path | None:
        """Where the old package's sidecar lies afterwards, if it has one and is kept."""
        has_one = self.kept_at is not None and self.predecessor.sidecar.is_dir()
        return sidecar_of(self.kept_at) if has_one and self.kept_at is not None else None

    def replacement(self) -> Replacement | None:
        """What the stage needs to know of it; `None` where there is nothing to replace."""
        if self.predecessor.is_gone:
            return None
        return Replacement(self._before_exchange, self.kept_at)

    def _before_exchange(self) -> None:
        """Check that the old package was not attested meanwhile, and move the sidecar that is kept with it.

        Raises:
            StorageError: it was attested, timestamped or exchanged since it was read.
            OSError: its sidecar cannot be moved.
        """
        old = self.predecessor
        if read_predecessor(old.path, is_unfinished=old.is_unfinished) != old:
            raise StorageError(
                f"{shown(str(old.path))} changed while the new package was being made; it was not replaced",
                hint="look at it with archtool show, then run this again",
            )
        kept = self.kept_sidecar
        if kept is not None:
            moved = old.sidecar, kept
            rename_to_new(*moved)
            self._moved = moved

    def undo(self) -> None:
        """Put the sidecar back beside the old package, which was not replaced after all."""
        if self._moved is not None:
            old, new = self._moved
            rename_to_new(new, old)

    def finish(self) -> None:
        """Remove the sidecar of a package that was given up: the new one could not be verified with it.

        Raises:
            StorageError: it cannot be removed.
        """
        if self.kept_at is None and self.predecessor.sidecar.is_dir():
            remove_folder(self.predecessor.sidecar)
            if self.predecessor.sidecar.exists():
                raise StorageError(
                    f"the new package is in place, but {shown(str(self.predecessor.sidecar))}, which belongs "
                    "to the old one, cannot be removed",
                    hint="remove it yourself: the new package does not verify with it",
                )
