"""Repairs a package from copies of it, in numbered steps; without `apply` it only shows what it would do."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from archtool.attestations.layout import is_tag_manifest
from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.files.lock import wait_for_lock
from archtool.files.paths import shell_word, shown
from archtool.files.writing.leftovers import clear_leftovers
from archtool.findings import Finding, bounded, has_errors, in_reading_order
from archtool.operations.open_package.nearby_bags import refuse_unless_bag
from archtool.operations.repair import finding_kinds
from archtool.operations.repair.after import Attesting, verify_after
from archtool.operations.repair.archives import by_hand, find_whole_archive, restore_archive
from archtool.operations.repair.hindrances import (
    hindrances,
    mark_incomplete,
    mark_links_in_the_way,
    mark_rest_of_incomplete,
)
from archtool.operations.repair.model import BadFile, FileState, RepairOutcome, RepairRequest
from archtool.operations.repair.places import Place, Places, check_copies, open_places
from archtool.operations.repair.registered.heads import choose_head
from archtool.operations.repair.registered.vouched_tag_files import add_vouched_tag_files
from archtool.operations.repair.restore import Restored, restore_files, stage_target
from archtool.operations.repair.result import RESULT_SCHEMA, repair_facts
from archtool.operations.repair.survey import Survey, hash_in, read_copies, survey
from archtool.operations.repair.vouching.reference import Reference, build_reference
from archtool.operations.repair.vouching.signed_lists import find_signed_lists
from archtool.operations.repair.whole_package import (
    find_whole_copy,
    is_other_package,
    other_package,
    restore_whole,
)
from archtool.progress import NoProgress, Progress
from archtool.results import Result

_NOTHING = Restored((), None)
_IN_ARCHIVE, _NO_WHOLE_COPY = "it is in an archive", "it is in another package, and no copy is whole"
_IN_WORDS = {FileState.TO_FETCH: "not here yet (fetch.txt lists it)"}


@dataclass(slots=True)
class _Work:
    """What one run found out and did."""

    places: Places
    reference: Reference
    found: Survey
    findings: list[Finding]
    restored: Restored = _NOTHING


def repair(
    request: RepairRequest, attesting: Attesting | None = None, progress: Progress | None = None
) -> RepairOutcome:
    """Show which files of a package are not good and which copy has them; with `apply` restore them.

    `attesting` says who attests the repair in the package. Faults of the package are findings.

    Raises:
        InputError: there is no such package, or nothing that looks like one.
        StorageError: another run has locked it, or it cannot be written.
        UsageError: a copy is the package itself.
    """
    progress = progress or NoProgress()
    check_copies(request)
    # (1) lock the package against other runs; without `apply` nothing is locked
    with _locked(request):
        with open_places(request) as places:
            # (2) decide which digests the files must have, (3) read the files
            request, about_heads = _with_head(places, request)
            work = _look(places, request, progress)
            work.findings += about_heads
            # (4) look for the bad files in the copies, or restore them
            if work.reference.is_usable and places.target.is_file:
                _add_archive(work)
            if work.reference.is_usable and work.found.bad:
                _choose_action(work, request)(work, request, progress)
            elif request.apply:  # a run that was killed can have left its staging folder
                clear_leftovers(stage_target(request.root.resolve()))
        findings = [*work.findings, *_file_findings(work, request)]
        facts = repair_facts(request, work.places, work.reference, work.found, work.restored)
        verdict = {"repair": _verdict(work, request)}
        check = None
        # (5) verify the whole package, and attest the repair
        if work.restored.files:
            after = verify_after(request, work.restored, places, attesting, progress)
            findings += after.findings
            facts |= after.facts
            verdict |= after.verdict
            check = after.check
    ordered = in_reading_order(bounded(findings))
    result = Result(RESULT_SCHEMA, str(request.root), ordered, verdict, facts)
    return RepairOutcome(result, work.restored.files, check)


@contextlib.contextmanager
def _locked(request: RepairRequest) -> Iterator[None]:
    with contextlib.ExitStack() as locks:
        if request.apply and os.path.lexists(request.root):
            locks.enter_context(wait_for_lock(request.root, request.lock.wait_seconds, request.lock.notify))
        yield


def _with_head(places: Places, request: RepairRequest) -> tuple[RepairRequest, list[Finding]]:
    if request.registered is None:
        return request, []
    registered, findings = choose_head(places, request.registered)
    return replace(request, registered=registered), findings


def _look(places: Places, request: RepairRequest, progress: Progress) -> _Work:
    signed = find_signed_lists(places, request)
    reference = build_reference(places, signed, request)
    if reference.is_usable and not signed.lists:
        reference = add_vouched_tag_files(places, reference, request, progress)
    if not reference.is_usable and not reference.voucher:
        _refuse_unless_bag(places.target)
    findings = [*reference.findings, *_closed(places, request)]
    if not reference.is_usable:
        return _Work(places, reference, Survey((), (), 0, 0), findings)
    found = survey(places.target, reference, request, progress)
    findings += bounded(_left_alone(places.target, found, reference))
    return _Work(places, reference, found, findings)


def _refuse_unless_bag(target: Place) -> None:
    refuse_unless_bag(target.root, target.source, target.root_files())


def _closed(places: Places, request: RepairRequest) -> Iterator[Finding]:
    for number, reason in places.closed.items():
        yield finding_kinds.COPY_NOT_USED.at(f"not used: {reason}", str(request.copies[number - 1]))


def _left_alone(target: Place, found: Survey, reference: Reference) -> Iterator[Finding]:
    has_tag_manifest = any(map(is_tag_manifest, reference.tag_files))
    for path in found.unlisted:
        if not path.startswith("data/") and not has_tag_manifest:
            continue  # no manifest lists tag files there
        if path not in (
            DECLARATION_NAME,
            *target.manifest_names(tag=True),
            *target.manifest_names(tag=False),
        ):
            yield finding_kinds.LEFT_UNLISTED.at(f"no manifest lists {shown(path)}; it was left alone", path)


def _add_archive(work: _Work) -> None:
    """Count the archive itself as damaged where its format is, although each file could be read."""
    source, root = work.places.target.source, work.places.target.root
    is_damaged = has_errors(source.findings) or not source.is_whole
    if is_damaged and not work.found.bad:
        archive = BadFile(root.name, root.name, (), FileState.DAMAGED)
        work.found = replace(work.found, bad=(archive,))
        work.findings += source.findings


def _choose_action(work: _Work, request: RepairRequest) -> Callable[[_Work, RepairRequest, Progress], None]:
    target, known = work.places.target, request.registered
    if target.is_file:
        return _repair_archive
    if known is not None and is_other_package(target, work.found, known):
        return _repair_whole
    return _repair_folder


def _repair_whole(work: _Work, request: RepairRequest, progress: Progress) -> None:
    read_copies(work.places, work.found.bad, work.reference, hash_in, until_good=False)
    copy = find_whole_copy(work.places, request, progress)
    for file in work.found.bad:
        file.source = copy.number if copy is not None else None
        file.problem = None if copy is not None else _NO_WHOLE_COPY
    if copy is None or not request.apply or request.registered is None:
        work.findings.append(other_package(request, copy))
        work.restored = Restored((), None, copy.number if copy is not None else None)
    else:
        work.restored = restore_whole(copy, work.found.bad, request.registered, request, progress)


def _repair_folder(work: _Work, request: RepairRequest, progress: Progress) -> None:
    bad = work.found.bad
    mark_links_in_the_way(request.root, bad)
    mark_incomplete(request.root, bad, work.reference)
    if request.apply:
        work.restored = restore_files(work.places, bad, work.reference, request, progress)
    shown_only = [file for file in bad if file.is_by_hand or not request.apply]
    read_copies(work.places, shown_only, work.reference, hash_in, until_good=False)
    mark_rest_of_incomplete(request.root, bad)
    work.findings += bounded(hindrances(bad))


def _repair_archive(work: _Work, request: RepairRequest, progress: Progress) -> None:
    read_copies(work.places, work.found.bad, work.reference, hash_in, until_good=False)
    whole = find_whole_archive(work.places, work.reference, request, progress)
    if whole is None:
        for file in work.found.bad:
            file.problem = _IN_ARCHIVE
        work.findings.append(by_hand(request))
    elif request.apply:
        work.restored = restore_archive(whole, work.found.bad, work.reference, request, progress)
    else:
        for file in work.found.bad:
            file.source = whole.number


def _file_findings(work: _Work, request: RepairRequest) -> Iterator[Finding]:
    for file in work.found.bad:
        yield _file_finding(file, work.places, request)


def _file_finding(file: BadFile, places: Places, request: RepairRequest) -> Finding:
    what = f"{shown(file.path)} is {_IN_WORDS.get(file.state, file.state)}"
    if file.is_restored and file.problem is None:
        copy = shown(str(places.copy(file.source).root)) if file.source else "a copy"
        return finding_kinds.RESTORED.at(
            f"{shown(file.path)} was {_IN_WORDS.get(file.state, file.state)}; restored from {copy}", file.path
        )
    if file.source is None and file.problem is None and file.state is FileState.TO_FETCH:
        hint = (
            f"download it: archtool fetch {shell_word(str(request.root))};"
            " or name a copy that has it with --from"
        )
        return finding_kinds.TO_FETCH.at(f"{what}, and no copy has it", file.path, hint=hint)
    if file.source is None and file.problem is None:
        return finding_kinds.NO_GOOD_COPY.at(f"{what}, and no copy has it undamaged", file.path)
    is_by_hand = file.is_by_hand or file.problem in (_IN_ARCHIVE, _NO_WHOLE_COPY)
    if file.problem is not None and request.apply and not is_by_hand:
        return finding_kinds.NOT_WRITTEN.at(f"{what}: {file.problem}", file.path)
    if file.problem is not None:
        return finding_kinds.FILE_BAD.at(f"{what}: {file.problem}", file.path, hint=file.problem)
    copy = shown(str(places.copy(file.source).root)) if file.source else "a copy"
    return finding_kinds.FILE_BAD.at(f"{what}; {copy} has it undamaged", file.path)


def _verdict(work: _Work, request: RepairRequest) -> str:
    if not work.reference.is_usable:
        return "refused"
    if not work.found.bad:
        return "not-needed"
    return _applied_verdict(work.found.bad) if request.apply else _planned_verdict(work.found.bad)


def _planned_verdict(bad: Sequence[BadFile]) -> str:
    possible = [file.source is not None and file.problem is None for file in bad]
    return "possible" if all(possible) else "possible-in-part" if any(possible) else "not-possible"


def _applied_verdict(bad: Sequence[BadFile]) -> str:
    done = [file.is_restored for file in bad]
    return "repaired" if all(done) else "repaired-in-part" if any(done) else "not-possible"
