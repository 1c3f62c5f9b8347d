"""Sorts the lines of fetch.txt: files to fetch, files that are present, and lines that must not be followed.

Source: RFC 8493 §2.2.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from archtool.bagit import finding_kinds as bag_kinds
from archtool.bagit.fixity import FixityTask, plan_fixity
from archtool.bagit.layout import BagLayout
from archtool.bagit.limits import MAX_COMPARED_CHARS
from archtool.bagit.model import Bag, FetchItem, Manifest
from archtool.bagit.tag_files.fetch_txt import FILE_NAME
from archtool.bagit.tag_files.path_encoding import brief
from archtool.download import finding_kinds
from archtool.download.download import ExpectedDigest, WantedFile
from archtool.download.failures import FetchFailedError
from archtool.download.fetch_policy import FetchPolicy
from archtool.download.locations import check_scheme
from archtool.files.file_kinds import FileKind
from archtool.files.hashing.digests import Digest
from archtool.files.paths import normal_form
from archtool.findings import Finding, Kind


@dataclass(frozen=True, slots=True)
class FetchPlan:
    """The lines of fetch.txt that could be read, sorted."""

    wanted: tuple[WantedFile, ...]
    present: tuple[FixityTask, ...]
    """Files that are in the bag already, with their expected digests."""
    left_out: tuple[tuple[FetchItem, Kind], ...]
    """Lines that are not followed, with the reason."""
    findings: tuple[Finding, ...]

    @property
    def known_bytes(self) -> int:
        """The size of the files to fetch, as far as fetch.txt states it."""
        return sum(wanted.length_bytes or 0 for wanted in self.wanted)

    @property
    def unknown_lengths(self) -> int:
        """The number of files to fetch whose length fetch.txt does not state."""
        return sum(1 for wanted in self.wanted if wanted.length_bytes is None)


@dataclass(slots=True)
class _Listed:
    """What the payload manifests state about one file."""

    path: str
    """As the first manifest writes it; the file is stored and searched under this path."""
    manifests: set[str] = field(default_factory=set)
    claims: list[ExpectedDigest] = field(default_factory=list)


class _Refused(Exception):  # noqa: N818 - never raised out of this module
    """A line that is not followed."""

    def __init__(self, kind: Kind, message: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message  # `None` if another check reports it


def plan_fetch(bag: Bag, layout: BagLayout, policy: FetchPolicy) -> FetchPlan:
    """Sort the lines of fetch.txt, without reading files or using the network."""
    listed = _listed_files(bag.manifests)
    seen: set[str] = set()
    wanted: list[WantedFile] = []
    present: set[str] = set()
    left_out: list[tuple[FetchItem, Kind]] = []
    findings: list[Finding] = []
    for item in bag.fetch:
        try:
            file = _find_listed(item, bag, listed, seen)
            on_disk = layout.disk_path(file.path)
            if on_disk is not None:
                present.add(on_disk)
            else:
                _check_free(file.path, layout)
                wanted.append(_wanted(item, file, policy))
        except _Refused as refused:
            left_out.append((item, refused.kind))
            if refused.message is not None:
                findings.append(refused.kind.at(refused.message, FILE_NAME, item.line))
    tasks = tuple(task for task in plan_fixity(bag, layout) if task.path in present) if present else ()
    return FetchPlan(tuple(wanted), tasks, tuple(left_out), tuple(findings))


def _listed_files(manifests: tuple[Manifest, ...]) -> dict[str, _Listed]:
    listed: dict[str, _Listed] = {}
    for manifest in manifests:
        for entry in manifest.entries:
            file = listed.setdefault(normal_form(entry.path), _Listed(entry.path))
            file.manifests.add(manifest.name)
            if manifest.algorithm is not None and entry.hex:
                digest = Digest(manifest.algorithm, entry.hex)
                file.claims.append(ExpectedDigest(digest, f"{manifest.name} line {entry.line}"))
    return listed


def _find_listed(item: FetchItem, bag: Bag, listed: dict[str, _Listed], seen: set[str]) -> _Listed:
    """Return what the manifests state about the file of a line.

    Raises:
        _Refused: they do not state enough, or an earlier line names the file.
    """
    form = normal_form(item.path)
    file = listed.get(form)
    needed = len(bag.manifests) if bag.declaration.is_strict else 1
    if file is None or len(file.manifests) < needed:
        raise _Refused(bag_kinds.FETCH_UNLISTED)
    if form in seen:
        raise _Refused(finding_kinds.LISTED_TWICE, f"{brief(item.path)} is also named on an earlier line")
    seen.add(form)
    digests = {claim.digest for claim in file.claims}
    if not digests:
        raise _Refused(
            finding_kinds.NOT_CHECKABLE, f"no manifest has a digest of {brief(item.path)} to compare"
        )
    if len(digests) > len({digest.algorithm for digest in digests}):
        raise _Refused(finding_kinds.NOT_CHECKABLE, f"a manifest contradicts itself about {brief(item.path)}")
    return file


def _check_free(path: str, layout: BagLayout) -> None:
    """Check that the parents of a path are folders or missing, and that the path itself does not exist.

    Raises:
        _Refused: they are not, or it exists.
    """
    if len(path) > MAX_COMPARED_CHARS:
        raise _Refused(finding_kinds.NO_PLACE, f"no system supports so long a name: {brief(path)}")
    for step in _parents_and_path(path):
        kind = FileKind.FILE if step in layout.files else layout.others.get(step)
        if kind is FileKind.UNREADABLE:
            raise _Refused(
                finding_kinds.NO_STORAGE, f"{brief(path)}: the folder {brief(step)} cannot be opened"
            )
        if kind is not None and (kind is not FileKind.FOLDER or step == path):
            raise _Refused(finding_kinds.NO_PLACE, f"{brief(path)}: {brief(step)} is a {kind.value}")


def _parents_and_path(path: str) -> Iterator[str]:
    end = path.find("/")
    while end >= 0:
        yield path[:end]
        end = path.find("/", end + 1)
    yield path


def _wanted(item: FetchItem, file: _Listed, policy: FetchPolicy) -> WantedFile:
    try:
        check_scheme(item.url, policy.schemes)
    except FetchFailedError as error:
        raise _Refused(error.kind, error.message) from error
    return WantedFile(file.path, item.url, item.length_bytes, tuple(file.claims), item.line)
