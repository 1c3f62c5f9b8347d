"""Looks at a package before somebody signs for it: at its tag files and its chain, not at its payload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from archtool.bag.completeness import check_completeness, check_oxum, check_tag_manifests
from archtool.bag.fixity import FixityTask, check_file, plan_fixity
from archtool.bag.layout import Layout, lay_out
from archtool.bag.limits import MAX_MANIFEST_BYTES
from archtool.bag.listing import Listing
from archtool.bag.model import Bag, Manifest
from archtool.bag.reader import read_bag
from archtool.errors import MaterialRefusedError
from archtool.findings import Finding, has_errors
from archtool.fixity.digests import Algorithm, Digest
from archtool.fixity.hashing import hash_file
from archtool.fixity.paths import shown
from archtool.fixity.read_once import ReadOnce
from archtool.fixity.source import FileSource
from archtool.operations.fixity_check import unremembered
from archtool.operations.nearby_bags import missing_declaration, refuse_unless_bag
from archtool.operations.sidecar import Sidecar
from archtool.operations.trusting import gather_evidence
from archtool.trust.chain import verify_chain
from archtool.trust.head import Head
from archtool.trust.kinds import UNCOVERED_TAG_FILE
from archtool.trust.layout import Folder, read_layout
from archtool.trust.report import Evidence, TrustReport
from archtool.trust.signature_check import TrustRules


@dataclass(frozen=True, slots=True)
class Standing:
    """How a package stands: complete, its tag files as its tag manifests say, its chain unbroken."""

    bag: Bag
    evidence: Evidence
    covered: Mapping[str, Digest]
    """The SHA-512 of every tag file but the tag manifests, of attestations in a sidecar too."""
    tag_manifests: Mapping[str, bytes]
    """The bytes of each, by its name."""
    trust: TrustReport
    folders: tuple[Folder, ...]
    """Every attestation, in the package and beside it."""
    findings: tuple[Finding, ...]
    """Warnings and notes: what has errors does not come this far."""
    added: tuple[str, ...] = ()
    """Tag files that no signature stood for, and that the next attestation takes in."""

    @property
    def head(self) -> Head | None:
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


def look_at_standing(
    root: Path, source: ReadOnce, sidecar: Sidecar | None, rules: TrustRules, *, cover_added: bool = False
) -> Standing:
    """Look at everything but the payload's bytes; `rules.at` is the moment of looking.

    `cover_added` lets tag files pass that no signature stands for: the next attestation takes them in.

    Raises:
        InputError: no bag.
        MaterialRefusedError: it is not as it must be; all that was found is in it.
    """
    name = shown(str(root))
    # (1) complete: all that is listed is there, and nothing besides
    refuse_unless_bag(root, source.inner)
    found = list(source.walk())
    if not any(f.path == "bagit.txt" for f in found):
        raise missing_declaration(root)
    bag, seen = read_bag(source, found)
    layout, more = lay_out(bag, Listing.of(found))
    findings = [*source.findings, *seen, *more, *check_completeness(bag, layout), *check_oxum(bag, layout)]
    findings += check_tag_manifests(bag, layout)
    # (2) its tag files are what its tag manifests say; in the same read, what will be signed of them
    digests, differing = _digest_tag_files(source, bag, layout)
    findings += differing
    # (3) its chain of attestations is unbroken
    evidence = gather_evidence(source, digests, digests, sidecar)
    trust = verify_chain(evidence, allowed=rules.allowed, revoked=rules.revoked, at=rules.at)
    findings += (*trust.findings, *((*sidecar.findings, *sidecar.unread) if sidecar else ()))
    kept = [f for f in findings if not (cover_added and f.code == UNCOVERED_TAG_FILE.code)]
    _refuse(name, source, kept)
    added = sorted({f.place.file for f in findings if f.code == UNCOVERED_TAG_FILE.code and f.place})
    covered = evidence.digests()
    texts = {m.name: source.read_bytes(m.name, MAX_MANIFEST_BYTES) for m in _known(bag.tag_manifests)}
    folders = read_layout(covered)[0]
    return Standing(bag, evidence, covered, texts, trust, folders, tuple(kept), tuple(added))


def _known(manifests: Sequence[Manifest]) -> list[Manifest]:
    return [manifest for manifest in manifests if manifest.algorithm is not None]


def _digest_tag_files(
    source: FileSource, bag: Bag, layout: Layout
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


def _refuse(name: str, source: FileSource, findings: Sequence[Finding]) -> None:
    if has_errors(findings) or not source.is_whole:
        raise MaterialRefusedError(
            f"not attested: {name} is not as it must be; nothing was written",
            tuple(findings),
            hint=f"see all that is wrong with: archtool verify {name}",
        )
