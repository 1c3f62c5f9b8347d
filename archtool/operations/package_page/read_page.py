"""Verifies a package, and reads from the same opened package what its page shows; the steps are numbered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archtool.description.citing.document_entry import make_document_entry
from archtool.description.citing.model import Entry
from archtool.errors import InputError, ReadFailedError, SourceChangedError
from archtool.files.paths import shown
from archtool.files.read_once import ReadOnceSource
from archtool.operations.cite import read_citation
from archtool.operations.content.package_reader import OpenPackage, package_of
from archtool.operations.open_package.opened_bag import read_declared_bag, read_opened_bag
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import find_sidecar
from archtool.operations.package_page.citations import ready_citations
from archtool.operations.package_page.facsimiles import read_facsimiles
from archtool.operations.package_page.instructions import make_instructions
from archtool.operations.package_page.partial_check import states_of, with_shown_files
from archtool.operations.package_page.payload_list import list_payload
from archtool.operations.package_page.texts import read_texts
from archtool.operations.provenance.recorded_history import read_history
from archtool.operations.show import view_package
from archtool.operations.verify.request import Depth, VerifyRequest
from archtool.operations.verify.verify import verify_opened
from archtool.progress import Progress
from archtool.provenance.model import History
from archtool.report.package_page.limits import PAGE_LINES
from archtool.report.package_page.model import Asked, Facsimiles, PackagePage
from archtool.report.package_view import PackageView
from archtool.results import Result


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which package the page is of, how it is checked, and what the page shows."""

    verify: VerifyRequest
    made_at: datetime | None
    """The date of the page, aware; `None` for a page without a date."""
    version: str
    """Of archtool."""
    is_date_given: bool = False
    with_images: bool = False
    page_lines: int = PAGE_LINES


def read_page(request: PageRequest, progress: Progress | None = None) -> PackagePage:
    """Verify a package and return what its page shows.

    Raises:
        InputError: there is no package, or it cannot be opened.
        SourceChangedError: something wrote to the package meanwhile.
    """
    root = request.verify.root
    sidecar = find_sidecar(root, request.verify.sidecar)
    # (1) open it once for everything
    with open_bag(root, request.verify.limits, progress) as opened:
        source = ReadOnceSource(opened)
        # (2) verify it: the source keeps the tag files as they were verified
        result = verify_opened(request.verify, source, progress)
        # (3) read the metadata from the same bytes
        is_unread = result.verdict["bag"] == "unreadable"
        bag = read_declared_bag(root, source) if is_unread else read_opened_bag(root, source)
        package = package_of(bag)
        _check_same(request, package, result)
        trust, at = request.verify.trust, request.verify.at
        view = view_package(root, package, trust, at, sidecar, with_quotations=False)
        # (4) read the texts and the facsimiles, and compare them with the manifests once more
        texts, facsimiles = read_texts(package, view), Facsimiles()
        if view.description is not None:
            facsimiles = read_facsimiles(package, view.description, is_wanted=request.with_images)
        compared = None
        if request.verify.depth is not Depth.FULL:
            compared = states_of(texts, facsimiles)
            result = with_shown_files(result, compared)
        source_item = read_citation(package)
        entry = _entry(view, source_item)
        # (5) nothing was written to it since
        if bag.check_unchanged():
            raise _changed(request)
        return PackagePage(
            name=shown(root.name or root.resolve().name),
            view=view,
            result=result,
            asked=_asked(request.verify),
            made_at=request.made_at,
            is_date_given=request.is_date_given,
            version=request.version,
            entry=entry,
            citations=tuple(ready_citations(entry, source_item)),
            texts=texts,
            facsimiles=facsimiles,
            payload=list_payload(package, result.findings, compared),
            history=_history(request, package),
            instructions=make_instructions(package, result.facts),
            page_lines=request.page_lines,
        )


def _entry(view: PackageView, source: Mapping[str, Any] | None) -> Entry | None:
    if view.description is None or source is None:
        return None
    return make_document_entry(view.description, source)


def _history(request: PageRequest, package: OpenPackage) -> History | None:
    try:
        return read_history(request.verify.root, package)
    except (InputError, ReadFailedError):  # verify reports it
        return None


def _check_same(request: PageRequest, package: OpenPackage, result: Result) -> None:
    """Check that the files which the page lists are those that were verified."""
    files, size_bytes = package.layout.payload_totals
    if result.facts and result.facts["payload"] != {"files": files, "bytes": size_bytes}:
        raise _changed(request)


def _changed(request: PageRequest) -> SourceChangedError:
    return SourceChangedError(
        f"{shown(str(request.verify.root))} changed while it was read: no page was made",
        hint="wait until nothing writes to it any more, then run the same command again",
    )


def _asked(request: VerifyRequest) -> Asked:
    trust = request.trust
    return Asked(
        keys=trust.allowed is not None,
        revoked=trust.revoked is not None,
        authorities=trust.authorities is not None,
        policy=trust.policy is not None,
        head=trust.expected is not None,
        profile=request.profile.identifier if request.profile is not None else None,
        second_opinion=request.second_opinion,
        strict=request.strict,
    )
