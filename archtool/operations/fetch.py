"""Fetches what a holey bag says is elsewhere: every line of fetch.txt is looked at, and none stops another.

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
from archtool.files.tree import Tree
from archtool.findings import Finding, Severity, has_errors, in_reading_order
from archtool.operations.fetch_plan import FetchPlan, plan_fetch
from archtool.operations.open_package.opened_bag import read_opened_bag
from archtool.progress import NoProgress, Progress
from archtool.results import Result

RESULT_SCHEMA = "archtool/fetch/1"
_UNPACK = "unpack it first (archtool unpack), and name the folder"
_MOVE_AWAY = "move this file away, then run the same command again: it is never replaced"
# where one of these was found, what is to be fetched, or what it must be like, is not known
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
    strict: bool = False


@dataclass(slots=True)
class _Yield:
    """What a run brought in."""

    fetched: list[tuple[WantedFile, Fetched]] = field(default_factory=list)
    failed: list[tuple[WantedFile, Finding]] = field(default_factory=list)
    differing: frozenset[str] = frozenset()
    findings: list[Finding] = field(default_factory=list)


def fetch(request: FetchRequest, progress: Progress | None = None) -> Result:
    """Get every file that fetch.txt names and that is not there.

    Nothing is raised for what a bag, a server or the disk is like. Files that are there are never
    changed; fetch.txt is left as it is.
    """
    name = shown(str(request.root))
    if not request.root.is_dir():
        is_file = request.root.is_file()
        what = "a file, and only the folder of a bag can be filled" if is_file else "there is no such folder"
        return _unreadable(request, f"{name}: {what}", hint=_UNPACK if is_file else None)
    try:
        # (1) what is there, and what the tag files say
        with Tree(request.root) as tree:
            opened = read_opened_bag(request.root, ReadOnceSource(tree))
    except OSError as error:
        message = f"{name}: the folder cannot be opened"
        finding = unreadable(bag_kinds.BAG_UNREADABLE, error, str(request.root), message=message)
        return _result(request, "unreadable", [finding], {})
    bag, seen = opened.bag, opened.tag_findings
    blocking = [finding for finding in seen if _blocks(finding, bag)]
    if blocking:
        return _result(request, "unreadable", blocking, {})
    return _fetch(request, bag, opened.layout, seen, progress or NoProgress())


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
    request: FetchRequest, bag: Bag, layout: BagLayout, seen: Sequence[Finding], progress: Progress
) -> Result:
    # (2) what is to be fetched: safe, listed in every manifest, over a way that is allowed
    plan = plan_fetch(bag, layout, request.policy)
    findings = [f for f in seen if f.place is not None and f.place.file == FILE_NAME]
    findings += bounded_by_file((*plan.findings, *_check_total(plan, request.policy)))
    got = _Yield()
    if request.dry_run:
        verdict = "planned"
    else:
        # (3) what is there already is held against its digests
        _check_there(request, plan.there, got, progress)
        # (4) the rest is fetched, each file apart
        if plan.known_bytes <= request.policy.max_total_bytes:
            _fill(request, plan.wanted, got, progress)
        findings += bounded_by_file((*got.findings, *(finding for _, finding in got.failed)))
        verdict = "incomplete" if has_errors(findings) else "complete"
    return _result(request, verdict, findings, _facts(request, plan, got))


def _check_total(plan: FetchPlan, policy: FetchPolicy) -> Iterable[Finding]:
    if plan.known_bytes > policy.max_total_bytes:
        message = f"{plan.known_bytes:,} bytes are to be fetched (the limit is {policy.max_total_bytes:,})"
        yield finding_kinds.OVER_TOTAL.at(f"{message}; nothing was", FILE_NAME)


def _check_there(request: FetchRequest, tasks: Sequence[FixityTask], got: _Yield, progress: Progress) -> None:
    def check_one(task: FixityTask) -> tuple[FixityTask, tuple[Finding, ...]]:
        with Tree(request.root) as tree:
            return task, check_file(task, lambda path, wanted: hash_file(tree, path, wanted))[1]

    progress.start("checking what is there", sum(task.size_bytes for task in tasks))
    differing = set()
    for task, seen in for_each(tasks, check_one, request.jobs, Event()):
        progress.advance(task.size_bytes)
        if seen:
            differing.add(task.path)
            got.findings += [replace(finding, hint=_MOVE_AWAY) for finding in seen]
    got.differing = frozenset(differing)
    progress.finish()


def _fill(request: FetchRequest, wanted: Sequence[WantedFile], got: _Yield, progress: Progress) -> None:
    """Fetch; a disk that takes no more ends it for all files of the bag."""
    if not wanted and not _has_leftovers(request.root):
        return
    known = [item.length_bytes for item in wanted if item.length_bytes is not None]
    progress.start("fetching", sum(known) if len(known) == len(wanted) else None)
    try:
        with open_store(request.root) as store:
            _fetch_all(request, wanted, store, got, progress)
            store.clear(keep=[item.path for item, _ in got.failed])
    except FetchFailedError as error:
        got.findings.append(error.kind.at(error.message, FILE_NAME))
    except StorageError as error:
        got.findings.append(finding_kinds.NO_STORAGE.at(error.message, FILE_NAME, hint=error.hint))
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
    got: _Yield,
    progress: Progress,
) -> None:
    stop, lock = Event(), Lock()

    def advance(size_bytes: int) -> None:
        with lock:
            progress.advance(size_bytes)

    budget = ByteBudget(request.policy.max_total_bytes)
    errand = FetchContext(request.root, store, request.policy, budget, stop, advance)

    def fetch_one(item: WantedFile) -> tuple[WantedFile, Fetched | Finding]:
        try:
            return item, download(item, errand)
        except FetchFailedError as error:
            return item, error.kind.at(error.message, FILE_NAME, item.line)

    for item, outcome in for_each(wanted, fetch_one, request.jobs, stop):
        if isinstance(outcome, Fetched):
            got.fetched.append((item, outcome))
        else:
            got.failed.append((item, outcome))


def _facts(request: FetchRequest, plan: FetchPlan, got: _Yield) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "dry_run": request.dry_run,
        "to_fetch": {
            "files": len(plan.wanted),
            "bytes": plan.known_bytes,
            "unknown_lengths": plan.unknown_lengths,
        },
        "fetched": [_fetched_fact(*pair) for pair in sorted(got.fetched, key=lambda pair: pair[0].line)],
        "received_bytes": sum(fetched.received_bytes for _, fetched in got.fetched),
        "failed": [_failed_fact(*pair) for pair in sorted(got.failed, key=lambda pair: pair[0].line)],
        "skipped": [
            *({"path": t.path, "reason": _there(t.path, request, got)} for t in plan.there),
            *({"path": item.path, "reason": kind.code} for item, kind in plan.left_out),
        ],
    }
    if request.dry_run:
        facts["planned"] = [_planned_fact(wanted) for wanted in plan.wanted]
    return facts


def _there(path: str, request: FetchRequest, got: _Yield) -> str:
    """Why a file that is there was not fetched; without a look at its bytes nothing more is said."""
    if request.dry_run:
        return "there"
    return "there-and-different" if path in got.differing else "there-and-right"


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
