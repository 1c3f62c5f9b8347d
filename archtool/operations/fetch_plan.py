"""What of fetch.txt is to be fetched, what is there already, and what must not be tried.

Source: RFC 8493 §2.2.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from archtool.bagit import finding_kinds as bag_kinds
from archtool.bagit.fixity import FixityTask, plan_fixity
from archtool.bagit.layout import MAX_COMPARED_CHARS, BagLayout
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
    """Every line of fetch.txt that could be read, sorted out."""

    wanted: tuple[WantedFile, ...]
    there: tuple[FixityTask, ...]
    """Files that are in the bag already, with what the manifests say of them."""
    left_out: tuple[tuple[FetchItem, Kind], ...]
    """Lines that are not followed, and why."""
    findings: tuple[Finding, ...]

    @property
    def known_bytes(self) -> int:
        """How much is to be fetched, as far as fetch.txt says."""
        return sum(wanted.length_bytes or 0 for wanted in self.wanted)

    @property
    def unknown_lengths(self) -> int:
        """Of how many files fetch.txt does not give the length."""
        return sum(1 for wanted in self.wanted if wanted.length_bytes is None)


@dataclass(slots=True)
class _Listed:
    """What the payload manifests say of one file."""

    path: str
    """As the first manifest writes it, which is how it is looked for later."""
    manifests: set[str] = field(default_factory=set)
    claims: list[ExpectedDigest] = field(default_factory=list)


class _Refused(Exception):  # noqa: N818 - it never leaves this file
    """A line that is not followed."""

    def __init__(self, kind: Kind, message: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message  # `None` where somebody else has said it


def plan_fetch(bag: Bag, layout: BagLayout, policy: FetchPolicy) -> FetchPlan:
    """Sort the lines of fetch.txt out; nobody is contacted, nothing is read."""
    listed = _what_manifests_say(bag.manifests)
    seen: set[str] = set()
    wanted: list[WantedFile] = []
    there: set[str] = set()
    left_out: list[tuple[FetchItem, Kind]] = []
    findings: list[Finding] = []
    for item in bag.fetch:
        try:
            said = _said_of(item, bag, listed, seen)
            on_disk = layout.disk_path(said.path)
            if on_disk is not None:
                there.add(on_disk)
            else:
                _check_way(said.path, layout)
                wanted.append(_wanted(item, said, policy))
        except _Refused as refused:
            left_out.append((item, refused.kind))
            if refused.message is not None:
                findings.append(refused.kind.at(refused.message, FILE_NAME, item.line))
    tasks = tuple(task for task in plan_fixity(bag, layout) if task.path in there) if there else ()
    return FetchPlan(tuple(wanted), tasks, tuple(left_out), tuple(findings))


def _what_manifests_say(manifests: tuple[Manifest, ...]) -> dict[str, _Listed]:
    listed: dict[str, _Listed] = {}
    for manifest in manifests:
        for entry in manifest.entries:
            said = listed.setdefault(normal_form(entry.path), _Listed(entry.path))
            said.manifests.add(manifest.name)
            if manifest.algorithm is not None and entry.hex:
                digest = Digest(manifest.algorithm, entry.hex)
                said.claims.append(ExpectedDigest(digest, f"{manifest.name} line {entry.line}"))
    return listed


def _said_of(item: FetchItem, bag: Bag, listed: dict[str, _Listed], seen: set[str]) -> _Listed:
    """What the manifests say of a line's file.

    Raises:
        _Refused: too little, or the file was named before.
    """
    form = normal_form(item.path)
    said = listed.get(form)
    needed = len(bag.manifests) if bag.declaration.is_strict else 1
    if said is None or len(said.manifests) < needed:
        raise _Refused(bag_kinds.FETCH_UNLISTED)
    if form in seen:
        raise _Refused(finding_kinds.LISTED_TWICE, f"{brief(item.path)} is named on an earlier line too")
    seen.add(form)
    digests = {claim.digest for claim in said.claims}
    if not digests:
        raise _Refused(
            finding_kinds.NOT_CHECKABLE, f"no manifest has a digest of {brief(item.path)} to check"
        )
    if len(digests) > len({digest.algorithm for digest in digests}):
        raise _Refused(finding_kinds.NOT_CHECKABLE, f"a manifest contradicts itself about {brief(item.path)}")
    return said


def _check_way(path: str, layout: BagLayout) -> None:
    """Nothing but folders may stand on the way to a file, and nothing in its place.

    Raises:
        _Refused: see above.
    """
    if len(path) > MAX_COMPARED_CHARS:
        raise _Refused(finding_kinds.NO_PLACE, f"no system has names so long: {brief(path)}")
    for step in _steps(path):
        kind = FileKind.FILE if step in layout.files else layout.others.get(step)
        if kind is FileKind.UNREADABLE:
            raise _Refused(
                finding_kinds.NO_STORAGE, f"{brief(path)}: the folder {brief(step)} cannot be opened"
            )
        if kind is not None and (kind is not FileKind.FOLDER or step == path):
            raise _Refused(finding_kinds.NO_PLACE, f"{brief(path)}: {brief(step)} is a {kind.value}")


def _steps(path: str) -> Iterator[str]:
    end = path.find("/")
    while end >= 0:
        yield path[:end]
        end = path.find("/", end + 1)
    yield path


def _wanted(item: FetchItem, said: _Listed, policy: FetchPolicy) -> WantedFile:
    try:
        check_scheme(item.url, policy.schemes)
    except FetchFailedError as error:
        raise _Refused(error.kind, error.message) from error
    return WantedFile(said.path, item.url, item.length_bytes, tuple(said.claims), item.line)
