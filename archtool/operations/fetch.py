"""Fetches the files that fetch.txt names and that the bag lacks; a line that fails does not stop the others.

Source: RFC 8493 §2.2.3 (fetch.txt), §5.2 (addresses), §5.3 (lengths).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Lock
from typing import Any

from archtool.bagit import finding_kinds as bag_kinds
from archtool.bagit.bounded_findings import bounded_by_file
from archtool.bagit.fixity import FixityTask, check_file
from archtool.bagit.layout import BagLayout
from archtool.bagit.model import Bag
from archtool.bagit.tag_files.fetch_txt import FILE_NAME
from archtool.bagit.unreadable import unreadable
from archtool.download import finding_kinds
from archtool.download.download import ByteBudget, FetchContext, Fetched, WantedFile, download
from archtool.download.failures import FetchFailedError
from archtool.download.fetch_policy import DEFAULT_JOBS, FetchPolicy
from archtool.download.locations import without_user
from archtool.download.partial_files import PartialFileStore, open_store, store_folder
from archtool.download.threads import for_each
from archtool.errors import StorageError
from archtool.files.hashing.hash_file import hash_file
from archtool.files.paths import shown
from archtool.files.read_once import ReadOnceSource
from archtool.files.source import Sink
from archtool.files.tree import Tree
from archtool.files.workers.read_stopper import ReadStopper
from archtool.findings import Finding, Severity, has_errors, in_reading_order
from archtool.operations.fetch_plan import FetchPlan, plan_fetch
from archtool.operations.open_package.opened_bag import read_opened_bag
from archtool.progress import NoProgress, Progress
from archtool.results import Result

RESULT_SCHEMA = "archtool/fetch/1"
_UNPACK = "unpack it first with archtool unpack, then name the folder"
_MOVE_AWAY = "move this file away, then run the same command again: archtool never replaces it"
# with one of these errors, the files to fetch or their digests are not known
_BLOCKING = frozenset(
    kind.code
    for kind in (
        bag_kinds.TAG_FILE_UNREADABLE,
        bag_kinds.TAG_FILE_TOO_LARGE,
        bag_kinds.TAG_FILE_ENCODING,
        bag_kinds.TOO_MANY_ERRORS,
        bag_kinds.MANIFEST_NONE,
        bag_kinds.MANIFEST_TOO_MANY,
        bag_kinds.MANIFEST_NO_KNOWN,
    )
)


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """Which bag to fill, and how."""

    root: Path
    policy: FetchPolicy = field(default_factory=FetchPolicy)
    jobs: int = DEFAULT_JOBS
    dry_run: bool = False
    """Whether to report only what would be fetched."""
    strict: bool = False


@dataclass(slots=True)
class _Outcome:
    """The files that one run fetched, and those that it did not."""

    fetched: list[tuple[WantedFile, Fetched]] = field(default_factory=list)
    failed: list[tuple[WantedFile, Finding]] = field(default_factory=list)
    differing: frozenset[str] = frozenset()
    """Files that are present and differ from their digests."""
    findings: list[Finding] = field(default_factory=list)


def fetch(request: FetchRequest, progress: Progress | None = None) -> Result:
    """Fetch every file that fetch.txt names and that is missing.

    Faults of the bag, a server or the disk are findings in the result; they raise no error. Existing files
    and fetch.txt are never changed.
    """
    name = shown(str(request.root))
    if not request.root.is_dir():
        is_file = request.root.is_file()
        reason = "only the folder of a bag can be filled" if is_file else "there is no such folder"
        return _unreadable(request, f"{name}: {reason}", hint=_UNPACK if is_file else None)
    try:
        # (1) list the files, and parse the tag files
        with Tree(request.root) as tree:
            opened = read_opened_bag(request.root, ReadOnceSource(tree))
    except OSError as error:
        message = f"{name}: the folder cannot be opened"
        finding = unreadable(bag_kinds.BAG_UNREADABLE, error, str(request.root), message=message)
        return _result(request, "unreadable", [finding], {})
    bag, tag_findings = opened.bag, opened.tag_findings
    blocking = [finding for finding in tag_findings if _blocks(finding, bag)]
    if blocking:
        return _result(request, "unreadable", blocking, {})
    return _fetch(request, bag, opened.layout, tag_findings, progress or NoProgress())


def _unreadable(request: FetchRequest, message: str, hint: str | None = None) -> Result:
    finding = bag_kinds.BAG_UNREADABLE.at(message, str(request.root), hint=hint)
    return _result(request, "unreadable", [finding], {})


def _blocks(finding: Finding, bag: Bag) -> bool:
    if finding.severity is not Severity.ERROR:
        return False
    file = finding.place.file if finding.place else ""
    if file == bag.declaration.info_name or file.lower().startswith("tagmanifest-"):
        return False
    return finding.code.startswith("declaration.") or finding.code in _BLOCKING


def _fetch(
    request: FetchRequest, bag: Bag, layout: BagLayout, tag_findings: Sequence[Finding], progress: Progress
) -> Result:
    # (2) choose what to fetch: safe paths, listed in every manifest, with allowed URL schemes
    plan = plan_fetch(bag, layout, request.policy)
    findings = [f for f in tag_findings if f.place is not None and f.place.file == FILE_NAME]
    findings += bounded_by_file((*plan.findings, *_check_total(plan, request.policy)))
    outcome = _Outcome()
    if request.dry_run:
        verdict = "planned"
    else:
        # (3) compare the files that are present with their digests
        _check_present(request, plan.present, outcome, progress)
        # (4) fetch the missing files
        if plan.known_bytes <= request.policy.max_total_bytes:
            _fill(request, plan.wanted, outcome, progress)
        findings += bounded_by_file((*outcome.findings, *(finding for _, finding in outcome.failed)))
        verdict = "incomplete" if has_errors(findings) else "complete"
    return _result(request, verdict, findings, _facts(request, plan, outcome))


def _check_total(plan: FetchPlan, policy: FetchPolicy) -> Iterable[Finding]:
    if plan.known_bytes > policy.max_total_bytes:
        message = f"{plan.known_bytes:,} bytes are to be fetched (the limit is {policy.max_total_bytes:,})"
        yield finding_kinds.OVER_TOTAL.at(f"{message}; nothing was fetched", FILE_NAME)


def _check_present(
    request: FetchRequest, tasks: Sequence[FixityTask], outcome: _Outcome, progress: Progress
) -> None:
    stop = ReadStopper()
    sinks: list[Sink] = [stop] if progress.meter is None else [stop, progress.meter]

    def check_one(task: FixityTask) -> tuple[FixityTask, tuple[Finding, ...]]:
        with Tree(request.root) as tree:
            return task, check_file(task, lambda path, algorithms: hash_file(tree, path, algorithms, sinks))[
                1
            ]

    progress.start("checking present files", sum(task.size_bytes for task in tasks))
    differing = set()
    for task, findings in for_each(tasks, check_one, request.jobs, stop):
        progress.advance(task.size_bytes)
        if findings:
            differing.add(task.path)
            outcome.findings += [replace(finding, hint=_MOVE_AWAY) for finding in findings]
    outcome.differing = frozenset(differing)
    progress.finish()


def _fill(request: FetchRequest, wanted: Sequence[WantedFile], outcome: _Outcome, progress: Progress) -> None:
    """Fetch the files; a full disk ends the run for all of them."""
    if not wanted and not _has_leftovers(request.root):
        return
    known = [item.length_bytes for item in wanted if item.length_bytes is not None]
    progress.start("fetching", sum(known) if len(known) == len(wanted) else None)
    try:
        with open_store(request.root) as store:
            _fetch_all(request, wanted, store, outcome, progress)
            store.clear(keep=[item.path for item, _ in outcome.failed])
    except FetchFailedError as error:
        outcome.findings.append(error.kind.at(error.message, FILE_NAME))
    except StorageError as error:
        outcome.findings.append(finding_kinds.NO_STORAGE.at(error.message, FILE_NAME, hint=error.hint))
    progress.finish()


def _has_leftovers(root: Path) -> bool:
    try:
        return store_folder(root).is_dir()
    except StorageError:
        return False


def _fetch_all(
    request: FetchRequest,
    wanted: Sequence[WantedFile],
    store: PartialFileStore,
    outcome: _Outcome,
    progress: Progress,
) -> None:
    stop, lock = Event(), Lock()

    def advance(size_bytes: int) -> None:
        with lock:
            progress.advance(size_bytes)

    budget = ByteBudget(request.policy.max_total_bytes)
    context = FetchContext(request.root, store, request.policy, budget, stop, advance)

    def fetch_one(item: WantedFile) -> tuple[WantedFile, Fetched | Finding]:
        try:
            return item, download(item, context)
        except FetchFailedError as error:
            return item, error.kind.at(error.message, FILE_NAME, item.line)

    for item, fetched in for_each(wanted, fetch_one, request.jobs, stop):
        if isinstance(fetched, Fetched):
            outcome.fetched.append((item, fetched))
        else:
            outcome.failed.append((item, fetched))


def _facts(request: FetchRequest, plan: FetchPlan, outcome: _Outcome) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "dry_run": request.dry_run,
        "to_fetch": {
            "files": len(plan.wanted),
            "bytes": plan.known_bytes,
            "unknown_lengths": plan.unknown_lengths,
        },
        "fetched": [_fetched_fact(*pair) for pair in sorted(outcome.fetched, key=lambda pair: pair[0].line)],
        "received_bytes": sum(fetched.received_bytes for _, fetched in outcome.fetched),
        "failed": [_failed_fact(*pair) for pair in sorted(outcome.failed, key=lambda pair: pair[0].line)],
        "skipped": [
            *({"path": t.path, "reason": _why_skipped(t.path, request, outcome)} for t in plan.present),
            *({"path": item.path, "reason": kind.code} for item, kind in plan.left_out),
        ],
    }
    if request.dry_run:
        facts["planned"] = [_planned_fact(wanted) for wanted in plan.wanted]
    return facts


def _why_skipped(path: str, request: FetchRequest, outcome: _Outcome) -> str:
    """Return why a present file was not fetched; in a dry run its bytes are not compared."""
    if request.dry_run:
        return "there"
    return "there-and-different" if path in outcome.differing else "there-and-right"


def _planned_fact(wanted: WantedFile) -> dict[str, Any]:
    return {"path": wanted.path, "url": without_user(wanted.url), "bytes": wanted.length_bytes}


def _fetched_fact(wanted: WantedFile, fetched: Fetched) -> dict[str, Any]:
    return {
        "path": wanted.path,
        "url": without_user(wanted.url),
        "bytes": fetched.size_bytes,
        "resumed": fetched.received_bytes < fetched.size_bytes,
    }


def _failed_fact(wanted: WantedFile, finding: Finding) -> dict[str, Any]:
    url = without_user(wanted.url)
    return {"path": wanted.path, "url": url, "line": wanted.line, "code": finding.code}


def _result(
    request: FetchRequest, verdict: str, findings: Sequence[Finding], facts: dict[str, Any]
) -> Result:
    ordered = in_reading_order(findings)
    return Result(RESULT_SCHEMA, str(request.root), ordered, {"fetch": verdict}, facts, request.strict)
