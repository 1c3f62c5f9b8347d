"""Checks the files of a bag to the requested depth: in bulk where possible, the others one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from archtool.bagit.fixity import FixityTask, plan_fixity, plan_with_bulk
from archtool.bagit.layout import BagLayout
from archtool.bagit.listing import UNKNOWN_BYTES
from archtool.bagit.model import Bag
from archtool.bagit.tag_files.bag_info import parse_oxum
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.file_record import FileRecord
from archtool.files.read_once import ReadOnceSource
from archtool.files.tree import Tree
from archtool.findings import Finding
from archtool.operations.content.content_check import ContentCheck
from archtool.operations.trust.evidence_records import add_algorithms
from archtool.operations.verify.fixity_check import BulkCheck, check_bulk, check_files
from archtool.operations.verify.request import Depth, VerifyRequest
from archtool.progress import Progress


@dataclass(frozen=True, slots=True)
class ReadRequirements:
    """What other checks need when the files are read."""

    content_check: ContentCheck
    """Checks the content of a package; it receives the bytes of some payload files while they are read."""
    algorithms: tuple[Algorithm, ...]
    """Digests of every file that the evidence records need."""

    @property
    def needs_digests(self) -> bool:
        """Whether digests are needed that the manifests possibly lack; then there is no bulk check."""
        return bool(self.algorithms) or self.content_check.wants_digests

    def add_to(self, tasks: Sequence[FixityTask]) -> list[FixityTask]:
        """Return the tasks with all digests that are needed."""
        return add_algorithms(self.content_check.add_digests(tasks), self.algorithms)


@dataclass(frozen=True, slots=True)
class FixityReport:
    """The files that were read, and the findings about them."""

    records: Sequence[FileRecord] = ()
    """Of the files that were read one by one."""
    bulk: BulkCheck = field(default_factory=BulkCheck)
    findings: tuple[Finding, ...] = ()

    def counts(self) -> dict[str, int]:
        """Return the number of files that were compared with a digest, and their size."""
        files, size_bytes = self.bulk.totals
        sizes = [record.size_bytes for record in self.records]
        return {"files": files + len(sizes), "bytes": size_bytes + sum(sizes)}


def check_fixity(
    request: VerifyRequest,
    source: ReadOnceSource,
    bag: Bag,
    layout: BagLayout,
    requirements: ReadRequirements,
    progress: Progress,
) -> FixityReport:
    """Check the files; sizes that were unknown until now are entered in the layout."""
    if request.depth is Depth.FAST:
        return FixityReport()
    tasks: Sequence[FixityTask]
    bulk = BulkCheck()
    if request.depth is Depth.COMPLETE:
        tasks = [task for task in plan_fixity(bag, layout) if not task.path.startswith("data/")]
    elif requirements.needs_digests or not isinstance(source.inner, Tree):
        tasks = plan_fixity(bag, layout)
    else:
        plan = plan_with_bulk(bag, layout, requirements.content_check.observed_paths())
        bulk = check_bulk(source.inner, plan.bulk, request.concurrency, progress, _stated_bytes(bag))
        layout.set_sizes(bulk.paths, bulk.sizes)
        tasks = (*plan.tasks, *(plan_fixity(bag, layout, bulk.failing) if bulk.failing else ()))
    tasks = requirements.add_to(tasks)
    records, findings = check_files(source, tasks, requirements.content_check, request.concurrency, progress)
    unknown = [record for record in records if layout.files[record.path] == UNKNOWN_BYTES]
    layout.set_sizes([record.path for record in unknown], [record.size_bytes for record in unknown])
    return FixityReport(records, bulk, findings)


def _stated_bytes(bag: Bag) -> int | None:
    """Return the payload size that bag-info.txt states; it is used only to estimate the remaining time."""
    oxum, _ = parse_oxum(bag.info, bag.declaration.info_name)
    return oxum[0] if oxum is not None else None
