"""Opens a package that something is to be added to: only one whose tag files and attestations hold.

Whoever adds to a damaged package would vouch for the damage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archtool.bag.completeness import check_completeness, check_tag_manifests
from archtool.bag.fixity import plan_fixity
from archtool.bag.layout import Layout, lay_out
from archtool.bag.limits import MAX_MANIFEST_BYTES, MAX_TAG_FILE_BYTES
from archtool.bag.listing import Listing
from archtool.bag.model import Bag
from archtool.bag.reader import read_bag
from archtool.errors import InputError, MaterialRefusedError, StorageError
from archtool.findings import Finding, Severity
from archtool.fixity.effort import Effort
from archtool.fixity.locking import locked_folder
from archtool.fixity.paths import shown
from archtool.fixity.read_once import ReadOnce
from archtool.fixity.tree import Tree
from archtool.operations.attest_place import foreign_word
from archtool.operations.fixity_check import NoListener, check_files
from archtool.operations.nearby_bags import refuse_unless_bag
from archtool.operations.retag import is_tag_manifest_name
from archtool.operations.trust_request import TrustRequest
from archtool.operations.trusting import check_trust
from archtool.progress import NoProgress
from archtool.trust.layout import ROOT, Folder, read_layout


@dataclass(frozen=True, slots=True)
class Changing:
    """A package whose tag files hold, and what is needed to add to it."""

    root: Path
    attested: Mapping[str, bytes]
    """Every file below `attestations/`."""
    folders: tuple[Folder, ...]
    """The attestations, in their order."""
    tag_manifests: Mapping[str, bytes]
    bag: Bag
    layout: Layout

    def is_listed(self, path: str) -> bool:
        """Whether every tag manifest lists a file."""
        listed = [{entry.path for entry in manifest.entries} for manifest in self.bag.tag_manifests]
        return all(path in paths for paths in listed)


@contextmanager
def changing(root: Path, now: datetime) -> Iterator[Changing]:
    """Hold a package for this run, and read what it says of itself.

    Its tag files are held against its tag manifests and attestations. The payload is not read; that every
    file of it is there is looked at.

    Raises:
        InputError: no folder of a bag.
        MaterialRefusedError: something is wrong with it; all findings are in it.
        StorageError: another run is changing it.
    """
    name = shown(str(root))
    if not root.is_dir():
        what = "a file: only a folder can be added to" if root.is_file() else "there is no such folder"
        hint = "unpack it first: archtool unpack" if root.is_file() else "check the path"
        raise InputError(f"{name}: {what}", hint=hint)
    with ExitStack() as held:
        try:
            held.enter_context(locked_folder(root))
        except BlockingIOError as error:
            raise StorageError(
                f"another run is changing {name}", hint="wait until it has ended, then run this again"
            ) from error
        yield _read(root, name, now)


def _read(root: Path, name: str, now: datetime) -> Changing:
    with Tree(root) as opened:
        refuse_unless_bag(root, opened)
        tree = ReadOnce(opened)
        found = list(tree.walk())
        bag, seen = read_bag(tree, found)
        layout, more = lay_out(bag, Listing.of(found))
        findings = [*seen, *more, *check_completeness(bag, layout), *check_tag_manifests(bag, layout)]
        tasks = [task for task in plan_fixity(bag, layout) if not task.path.startswith("data/")]
        findings += check_files(tree, tasks, NoListener(), Effort(), NoProgress())[1]
        findings += check_trust(tree, layout.files, TrustRequest(), now).findings
        _refuse(name, findings)
        _refuse_foreign(name, layout)
        tag_files = sorted(path for path in layout.files if not path.startswith("data/"))
        attested = {p: tree.read_bytes(p, MAX_TAG_FILE_BYTES) for p in tag_files if p.startswith(ROOT)}
        manifests = {p: tree.read_bytes(p, MAX_MANIFEST_BYTES) for p in tag_files if is_tag_manifest_name(p)}
    return Changing(root, attested, read_layout(attested)[0], manifests, bag, layout)


def _refuse(name: str, findings: list[Finding]) -> None:
    errors = tuple(finding for finding in findings if finding.severity is Severity.ERROR)
    if errors:
        raise MaterialRefusedError(
            f"nothing was added: {name} does not hold",
            errors,
            hint=f"restore it from another copy, then look again with: archtool verify {name}",
        )


def _refuse_foreign(name: str, layout: Layout) -> None:
    signed = foreign_word([path for path in layout.files if not path.startswith("data/")])
    if signed is not None:
        raise InputError(
            f"nothing was added to {name}: {signed}",
            hint="attest it beside the package, with a timestamp at once: archtool attest --timestamp URL",
        )
