"""Makes a site about a collection of packages; the steps are numbered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain

from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.files.workers.concurrency import Concurrency
from archtool.files.workers.parallel import run_in_order
from archtool.findings import Finding
from archtool.operations.site.collection import collection_files, collection_names
from archtool.operations.site.limits import FEW_PACKAGES, PACKAGES_PER_UNIT
from archtool.operations.site.make_package import MadePackage, make_package
from archtool.operations.site.place import check_target, open_site, put_in_place, sizes_on_disk
from archtool.operations.site.public_words import public_finding
from archtool.operations.site.request import SiteRequest
from archtool.operations.site.site_findings import site_findings
from archtool.operations.site.slugs import assign_slugs
from archtool.operations.site.staged_files import StagedFiles
from archtool.operations.site.state import PackageRecord, SiteState, WrittenFile, entry_object
from archtool.operations.site.survey import SurveyedPackage, find_packages, survey_packages
from archtool.report.numbers import counted
from archtool.report.site.model import CITATION_FILES, PACKAGES, SiteEntry, SiteProblem


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a run did."""

    packages: int
    """The packages that have a page."""
    problems: int
    """The packages and folders that could not be read."""
    made: int
    """The pages of packages that were written in this run."""
    written: int
    """The files that were written."""
    removed: int
    """The files that were removed."""
    findings: tuple[Finding, ...]


def make_site(request: SiteRequest) -> SiteReport:
    """Make the site, or bring it up to date.

    Raises:
        InputError: a folder has no package, or the site's own state is damaged.
        UsageError: the folder of the site is not one, or has a file that is in the way.
        StorageError: it cannot be written, or another run has locked it.
    """
    # (1) the folder is a site's, or empty
    check_target(request.target)
    # (2) find the packages
    found = find_packages(request)
    with open_site(request.target) as (old, stage):
        _refuse_lost_folders(found, old)
        files = StagedFiles(stage, old.files, sizes_on_disk(request.target))
        # (3) read what decides whether a page is made again
        surveyed = survey_packages(request, found, old.packages)
        readable = [package for package in surveyed if package.problem is None]
        if not readable:
            raise _none_readable(surveyed)
        slugs = _slugs_of(readable)
        settings = _settings_of(request)
        same_settings = settings == old.settings and not request.makes_all
        # (4) keep the pages that nothing changed for, and make the others
        kept = {
            package.name: record
            for package in readable
            if same_settings
            and (record := _unchanged(package, slugs[package.name], old, files, request)) is not None
        }
        changed = [package for package in readable if package.name not in kept]
        made = list(_make_all(changed, slugs, request, files))
        records = _in_order(surveyed, kept, {each.name: each for each in made})
        # (5) make the pages about the collection
        problems = _problems(surveyed, made)
        listed = tuple(_listed(surveyed, problems))
        collection = _make_collection(request, settings, records, listed, old, files)
        # (6) put all of it in place
        new = SiteState(settings, collection, records, files.all)
        removed = len(old.files.keys() - new.files.keys())
        put_in_place(request.target, old, new, stage, files.staged)
    places = {package.name: package.found.path for package in found}
    findings = tuple(site_findings(problems, records, places))
    pages = sum(record.entry.page in files.staged for record in records.values())
    return SiteReport(len(records), len(problems), pages, len(files.staged), removed, findings)


def _none_readable(surveyed: Sequence[SurveyedPackage]) -> InputError:
    """Return the error for a run in which no package can be read: a disk may have failed."""
    problem = surveyed[0].problem
    reason = problem.message if problem is not None else ""
    return InputError(
        f"none of the {counted(len(surveyed), 'package')} can be read; nothing was changed; the first: "
        f"{reason}",
        hint=problem.hint if problem is not None else None,
    )


def _refuse_lost_folders(found: Sequence[SurveyedPackage], old: SiteState) -> None:
    """Refuse to remove the pages of packages in a folder that cannot be listed.

    Raises:
        InputError: the site has such pages.
    """
    for package in found:
        if package.found.problem is None or package.found.is_missing:
            continue
        above = f"{package.name}/" if package.found.name != "." else package.name.removesuffix(".")
        lost = sum(name.startswith(above) for name in old.packages)
        if lost:
            raise InputError(
                f"{shown(str(package.found.path))}: {package.found.problem}; the site has pages of packages "
                "in it, and was not changed",
                hint="give yourself access to the folder, then run the same command again",
            )


def _slugs_of(packages: Sequence[SurveyedPackage]) -> dict[str, str]:
    """Return the names of the pages; the parts of a divided package are told apart by their numbers."""
    names = [package.name for package in packages]
    identifiers = [p.id if p.id is None or p.part is None else f"{p.id} {p.part}" for p in packages]
    return dict(zip(names, assign_slugs(list(zip(identifiers, names, strict=True))), strict=True))


def _settings_of(request: SiteRequest) -> str:
    """Return a digest of what the pages of all packages depend on."""
    frame = request.frame
    values = [
        frame.title, frame.base_url, frame.version, frame.is_verified,
        request.with_images, request.page_lines,
        request.checked_at.isoformat() if request.checked_at is not None else None, request.is_date_given,
    ]  # fmt: skip
    return sha256(json.dumps(values).encode()).hexdigest()


def _unchanged(
    package: SurveyedPackage, slug: str, old: SiteState, files: StagedFiles, request: SiteRequest
) -> PackageRecord | None:
    """Return the record of a package whose page can stay; its files are kept."""
    record = old.packages.get(package.name)
    if record is None or request.frame.is_verified or record.entry.slug != slug:
        return None
    if record.fingerprint != package.fingerprint:
        return None
    paths = _paths_of(record.entry)
    if not all(map(files.stays, paths)):
        return None
    for path in paths:
        files.keep(path)
    return record


def _paths_of(entry: SiteEntry) -> list[str]:
    endings = [ending for ending, _, _ in CITATION_FILES] if entry.entry is not None else []
    return [entry.page, *(f"{PACKAGES}{entry.slug}.{ending}" for ending in endings)]


def _make_all(
    packages: Sequence[SurveyedPackage], slugs: Mapping[str, str], request: SiteRequest, files: StagedFiles
) -> Iterator[MadePackage]:
    """Make the pages in several processes; each stages the files of its packages.

    Raises:
        ChildProcessError: a process ended early.
    """
    is_few = len(packages) <= FEW_PACKAGES
    concurrency = request.concurrency if is_few else request.concurrency.per_process()
    unit_size = 1 if is_few else PACKAGES_PER_UNIT

    def make_unit(unit: int) -> list[tuple[MadePackage, dict[str, tuple[WrittenFile, bool]]]]:
        part = packages[unit * unit_size : (unit + 1) * unit_size]
        return [_make_one(package, slugs[package.name], request, files, concurrency) for package in part]

    units = -(-len(packages) // unit_size)
    results = map(make_unit, range(units)) if is_few else run_in_order(units, make_unit, request.concurrency)
    for done, (made, written) in enumerate(chain.from_iterable(results), 1):
        for path, file in written.items():
            files.add_written(path, *file)
        request.count(done, len(packages))
        yield made


def _make_one(
    package: SurveyedPackage, slug: str, request: SiteRequest, files: StagedFiles, concurrency: Concurrency
) -> tuple[MadePackage, dict[str, tuple[WrittenFile, bool]]]:
    made = make_package(package, slug, request, concurrency)
    written = {path: files.write(path, data) for path, data in made.files.items()}
    return MadePackage(made.name, made.record, made.problem), written


def _in_order(
    surveyed: Iterable[SurveyedPackage], kept: Mapping[str, PackageRecord], made: Mapping[str, MadePackage]
) -> dict[str, PackageRecord]:
    records: dict[str, PackageRecord] = {}
    for package in surveyed:
        record = kept.get(package.name) or (made[package.name].record if package.name in made else None)
        if record is not None:
            records[package.name] = record
    return records


def _problems(surveyed: Iterable[SurveyedPackage], made: Iterable[MadePackage]) -> dict[str, Finding]:
    """Return why packages have no page, by their names, sorted."""
    found = {package.name: package.problem for package in surveyed if package.problem is not None}
    found |= {each.name: each.problem for each in made if each.problem is not None}
    return dict(sorted(found.items()))


def _listed(surveyed: Iterable[SurveyedPackage], problems: Mapping[str, Finding]) -> Iterator[SiteProblem]:
    """Yield the problems in the words of the site, sorted by the names of the packages."""
    packages = {package.name: package for package in surveyed}
    for name, problem in problems.items():
        public = public_finding(problem, packages[name])
        yield SiteProblem(name, public.message, public.hint)


def _make_collection(
    request: SiteRequest,
    settings: str,
    records: Mapping[str, PackageRecord],
    listed: Sequence[SiteProblem],
    old: SiteState,
    files: StagedFiles,
) -> str:
    """Make the pages about the collection, unless all that they depend on is as before; return its digest."""
    entries = [record.entry for record in records.values()]
    digest = sha256(settings.encode())
    for entry in entries:
        digest.update(json.dumps(entry_object(entry)).encode())
    digest.update(json.dumps([[one.name, one.reason, one.hint] for one in listed]).encode())
    names = collection_names(old.files)
    if digest.hexdigest() == old.collection and not request.makes_all and all(map(files.stays, names)):
        for name in names:
            files.keep(name)
        return old.collection
    for name, data in collection_files(request.frame, entries, listed):
        files.add(name, data)
    return digest.hexdigest()
