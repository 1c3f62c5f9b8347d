"""Looks at a package before somebody signs for it: at its tag files and its chain, not at its payload."""

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
from archtool.files.paths import shown
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
from archtool.operations.trust.trust_check import gather_evidence
from archtool.operations.verify.fixity_check import unremembered


@dataclass(frozen=True, slots=True)
class SoundPackage:
    """How a package stands: complete, its tag files as its tag manifests say, its chain unbroken."""

    bag: Bag
    layout: BagLayout
    evidence: ChainInput
    covered: Mapping[str, Digest]
    """The SHA-512 of every tag file but the tag manifests, of attestations in a sidecar too."""
    tag_manifests: Mapping[str, bytes]
    """The bytes of each, by its name."""
    trust: TrustReport
    folders: tuple[AttestationFolder, ...]
    """Every attestation, in the package and beside it."""
    findings: tuple[Finding, ...]
    """Warnings and notes: what has errors does not come this far."""
    added: tuple[str, ...] = ()
    """Tag files that no signature stood for, and that the next attestation takes in."""

    def is_listed(self, path: str) -> bool:
        """Whether every tag manifest whose digests can be computed lists a file."""
        listed = [manifest.by_path() for manifest in computable_tag_manifests(self.bag)]
        return all(path in paths for paths in listed)

    def with_listed(self, added: Mapping[str, bytes], hint: str) -> dict[str, bytes]:
        """Return each tag manifest that must change, by name, so that all attestations are listed.

        `added` are new files below `attestations/`; what an interrupted run left unlisted is listed too. A
        bag without a tag manifest gets one if every reader of the bag can be expected to understand it.

        Raises:
            InputError: lines cannot be added to a tag manifest; `hint` says what to do instead.
        """
        attested = {**self.evidence.files, **added}
        if can_get_tag_manifest(self.bag):
            own = {p: digest for p, digest in self.covered.items() if p not in self.evidence.sidecar_files}
            new = {path: digest_bytes(Algorithm.SHA512, data) for path, data in attested.items()}
            algorithm, text = new_tag_manifest({**own, **new})
            return {manifest_name(algorithm, tag=True): text}
        return extend_tag_manifests(self.bag, self.tag_manifests, attested, hint)

    def unlisted_folders(self) -> list[AttestationFolder]:
        """Attestations in the package that a tag manifest does not list yet: a run was interrupted."""
        own = [folder for folder in self.folders if not folder.paths.isdisjoint(self.evidence.files)]
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
        """How the package calls itself: as its attestations say, else as its bag-info.txt does."""
        for report in self.trust.attestations:
            if report.statement is not None and report.statement.package is not None:
                return report.statement.package
        said = self.bag.info.first("External-Identifier")
        return said if said and len(said) <= _MAX_ID_CHARACTERS else None


_MAX_ID_CHARACTERS = 1024  # as the statement's schema says


def check_sound_package(
    root: Path,
    source: ReadOnceSource,
    sidecar: Sidecar | None,
    rules: TrustRules,
    *,
    cover_added: bool = False,
    is_claim: bool = True,
) -> SoundPackage:
    """Look at everything but the payload's bytes; `rules.at` is the moment of looking.

    `cover_added` lets tag files pass that no signature stands for: the next attestation takes them in.
    Without `is_claim` something is added that claims nothing about the payload, a timestamp or an evidence
    record: then the payload's size is not compared with the one in bag-info.txt (Payload-Oxum).

    Raises:
        InputError: no bag.
        MaterialRefusedError: it is not as it must be; all that was found is in it.
    """
    name = shown(str(root))
    # (1) complete: all that is listed is there, and nothing besides
    opened = read_opened_bag(root, source)
    bag, layout = opened.bag, opened.layout
    if not any(item.path == "bagit.txt" for item in opened.found):
        raise missing_declaration_error(root)
    incomplete = (f for f in opened.check_complete() if is_claim or f.code.partition(".")[0] != "oxum")
    findings = [*source.findings, *opened.findings, *incomplete]
    # (2) its tag files are what its tag manifests say; in the same read, what will be signed of them
    digests, differing = _digest_tag_files(source, bag, layout)
    findings += differing
    # (3) its chain of attestations is unbroken
    evidence = gather_evidence(source, digests, digests, sidecar)
    trust = verify_chain(evidence, allowed=rules.allowed, revoked=rules.revoked, at=rules.at)
    findings += (*trust.findings, *((*sidecar.findings, *sidecar.unread) if sidecar else ()))
    kept = [f for f in findings if not (cover_added and f.code == UNCOVERED_TAG_FILE.code)]
    _refuse("not attested" if is_claim else "nothing was added", name, source, kept)
    added = sorted({f.place.file for f in findings if f.code == UNCOVERED_TAG_FILE.code and f.place})
    covered = evidence.digests()
    known = computable_tag_manifests(bag)
    texts = {manifest.name: source.read_bytes(manifest.name, MAX_MANIFEST_BYTES) for manifest in known}
    folders = read_layout(covered)[0]
    return SoundPackage(bag, layout, evidence, covered, texts, trust, folders, tuple(kept), tuple(added))


def _digest_tag_files(
    source: FileSource, bag: Bag, layout: BagLayout
) -> tuple[dict[str, Digest], tuple[Finding, ...]]:
    """Each tag file's SHA-512, and what of them is not as the tag manifests say."""
    planned = {task.path: task for task in plan_fixity(bag, layout)}
    paths = [path for path in layout.files if not path.startswith("data/")]
    digests: dict[str, Digest] = {}
    findings: list[Finding] = []
    for path in sorted(paths, key=source.position):
        task = planned.get(path) or FixityTask(path, layout.files[path], ())
        wanted = replace(task, also=(Algorithm.SHA512,))
        record, seen = check_file(
            wanted, partial(hash_file, source), partial(hash_file, unremembered(source))
        )
        findings += seen
        if record is not None:
            digests[path] = record.digest(Algorithm.SHA512)
    return digests, tuple(findings)


def _refuse(undone: str, name: str, source: FileSource, findings: Sequence[Finding]) -> None:
    if has_errors(findings) or not source.is_whole:
        raise MaterialRefusedError(
            f"{undone}: {name} is not as it must be; nothing was written",
            tuple(findings),
            hint=f"see all that is wrong with: archtool verify {name}",
        )
