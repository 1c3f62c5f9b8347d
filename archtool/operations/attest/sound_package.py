"""Checks a package before it is attested: its tag files and its chain of attestations, not its payload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from archtool.attestations.chain import verify_chain
from archtool.attestations.chain_head import ChainHead
from archtool.attestations.finding_kinds import UNCOVERED_TAG_FILE
from archtool.attestations.layout import AttestationFolder, read_layout
from archtool.attestations.report import ChainInput, TrustReport
from archtool.attestations.signatures.signature_check import TrustRules
from archtool.bagit.fixity import FixityTask, check_file, plan_fixity
from archtool.bagit.layout import BagLayout
from archtool.bagit.limits import MAX_MANIFEST_BYTES
from archtool.bagit.model import Bag
from archtool.bagit.tag_files.manifest_writer import manifest_name
from archtool.bagit.tag_files.tag_manifests import can_get_tag_manifest, new_tag_manifest
from archtool.errors import MaterialRefusedError
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.files.hashing.hash_file import hash_file
from archtool.files.paths import shell_word, shown
from archtool.files.read_once import ReadOnceSource
from archtool.files.source import FileSource
from archtool.findings import Finding, has_errors
from archtool.operations.open_package.nearby_bags import missing_declaration_error
from archtool.operations.open_package.opened_bag import read_opened_bag
from archtool.operations.open_package.sidecar import Sidecar
from archtool.operations.open_package.tag_manifest_update import (
    computable_tag_manifests,
    extend_tag_manifests,
)
from archtool.operations.trust.trust_check import read_chain_input
from archtool.operations.verify.fixity_check import uncached_source


@dataclass(frozen=True, slots=True)
class SoundPackage:
    """A complete package whose tag files agree with its tag manifests and whose chain is unbroken."""

    bag: Bag
    layout: BagLayout
    chain_input: ChainInput
    covered: Mapping[str, Digest]
    """The SHA-512 of every tag file except tag manifests, with the attestations in a sidecar."""
    tag_manifests: Mapping[str, bytes]
    """The bytes of each tag manifest, by name."""
    trust: TrustReport
    folders: tuple[AttestationFolder, ...]
    """Every attestation, in the package and in its sidecar."""
    findings: tuple[Finding, ...]
    """Warnings and notes; a package with errors is refused."""
    added: tuple[str, ...] = ()
    """Tag files that no signature covers yet, and that the next attestation covers."""

    def is_listed(self, path: str) -> bool:
        """Return whether every tag manifest lists a file, apart from manifests in unknown algorithms."""
        listed = [manifest.by_path() for manifest in computable_tag_manifests(self.bag)]
        return all(path in paths for paths in listed)

    def updated_tag_manifests(self, added: Mapping[str, bytes], hint: str) -> dict[str, bytes]:
        """Return the new text of each tag manifest that must change to list all attestations, by name.

        `added` are new files below `attestations/`; files that an interrupted run left unlisted are listed
        as well. A bag without a tag manifest gets one if its readers can be expected to understand it.

        Raises:
            InputError: lines cannot be added to a tag manifest; `hint` says what to do instead.
        """
        attested = {**self.chain_input.files, **added}
        if can_get_tag_manifest(self.bag):
            own = {p: digest for p, digest in self.covered.items() if p not in self.chain_input.sidecar_files}
            new = {path: digest_bytes(Algorithm.SHA512, data) for path, data in attested.items()}
            algorithm, text = new_tag_manifest({**own, **new})
            return {manifest_name(algorithm, tag=True): text}
        return extend_tag_manifests(self.bag, self.tag_manifests, attested, hint)

    def unlisted_folders(self) -> list[AttestationFolder]:
        """Return the attestations in the package that a tag manifest does not list: a run was interrupted."""
        own = [folder for folder in self.folders if not folder.paths.isdisjoint(self.chain_input.files)]
        if can_get_tag_manifest(self.bag):
            return own
        listed = [set(map(str, manifest.by_path())) for manifest in computable_tag_manifests(self.bag)]
        return [folder for folder in own if any(not folder.paths <= paths for paths in listed)]

    @property
    def head(self) -> ChainHead | None:
        """The newest attestation."""
        return self.trust.head

    @property
    def package_id(self) -> str | None:
        """The identifier of the package: from its attestations, otherwise from its bag-info.txt."""
        for report in self.trust.attestations:
            if report.statement is not None and report.statement.package is not None:
                return report.statement.package
        identifier = self.bag.info.first("External-Identifier")
        return identifier if identifier and len(identifier) <= _MAX_ID_CHARACTERS else None


_MAX_ID_CHARACTERS = 1024  # as in the schema of statements


def read_sound_package(  # noqa: PLR0913 - three options, all by name
    root: Path,
    source: ReadOnceSource,
    sidecar: Sidecar | None,
    rules: TrustRules,
    *,
    cover_added: bool = False,
    is_claim: bool = True,
    expected: ChainHead | None = None,
) -> SoundPackage:
    """Check everything in a package except the bytes of its payload; `rules.at` is the time of the check.

    `cover_added` accepts tag files that no signature covers, so that the next attestation covers them.
    `is_claim` is false for a timestamp or an evidence record, which claims nothing about the payload: then
    the size of the payload is not compared with its Payload-Oxum in bag-info.txt. `expected` is an
    attestation that the package must contain.

    Raises:
        InputError: no bag.
        MaterialRefusedError: the package has errors; the exception carries all findings.
    """
    name = shown(str(root))
    # (1) complete: every listed file exists, and every file is listed
    opened = read_opened_bag(root, source)
    bag, layout = opened.bag, opened.layout
    if not any(item.path == "bagit.txt" for item in opened.found):
        raise missing_declaration_error(root)
    completeness = (f for f in opened.check_complete() if is_claim or f.code.partition(".")[0] != "oxum")
    findings = [*source.findings, *opened.findings, *completeness]
    # (2) the tag files agree with the tag manifests; the same read computes the digests to be signed
    digests, mismatches = _digest_tag_files(source, bag, layout)
    findings += mismatches
    # (3) the chain of attestations is unbroken
    chain_input = read_chain_input(source, digests, digests, sidecar)
    trust = verify_chain(
        chain_input, allowed=rules.allowed, revoked=rules.revoked, at=rules.at, expected=expected
    )
    findings += (*trust.findings, *((*sidecar.findings, *sidecar.unread) if sidecar else ()))
    kept = [f for f in findings if not (cover_added and f.code == UNCOVERED_TAG_FILE.code)]
    _refuse("not attested" if is_claim else "nothing was added", name, source, kept)
    added = sorted({f.place.file for f in findings if f.code == UNCOVERED_TAG_FILE.code and f.place})
    covered = chain_input.digests()
    known = computable_tag_manifests(bag)
    texts = {manifest.name: source.read_bytes(manifest.name, MAX_MANIFEST_BYTES) for manifest in known}
    folders = read_layout(covered)[0]
    return SoundPackage(bag, layout, chain_input, covered, texts, trust, folders, tuple(kept), tuple(added))


def _digest_tag_files(
    source: FileSource, bag: Bag, layout: BagLayout
) -> tuple[dict[str, Digest], tuple[Finding, ...]]:
    """Return the SHA-512 of each tag file, and findings for those that differ from the tag manifests."""
    planned = {task.path: task for task in plan_fixity(bag, layout)}
    paths = [path for path in layout.files if not path.startswith("data/")]
    digests: dict[str, Digest] = {}
    findings: list[Finding] = []
    for path in sorted(paths, key=source.position):
        task = planned.get(path) or FixityTask(path, layout.files[path], ())
        task = replace(task, also=(Algorithm.SHA512,))
        hash_again = partial(hash_file, uncached_source(source))
        record, file_findings = check_file(task, partial(hash_file, source), hash_again)
        findings += file_findings
        if record is not None:
            digests[path] = record.digest(Algorithm.SHA512)
    return digests, tuple(findings)


def _refuse(outcome: str, name: str, source: FileSource, findings: Sequence[Finding]) -> None:
    if has_errors(findings) or not source.is_whole:
        raise MaterialRefusedError(
            f"{outcome}: {name} has errors; nothing was written",
            tuple(findings),
            hint=f"for all findings, run: archtool verify {shell_word(name)}",
        )
