"""Reads one package and makes its page, with the files for reference managers beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from archtool.description.citing.model import Entry
from archtool.description.model import Description
from archtool.description.tag_names import language_name
from archtool.errors import ArchtoolError
from archtool.exports.citations.bibliography import BIBTEX, CSL_JSON, FORMS, RIS, arrange
from archtool.exports.citations.csl import format_name, names_of, one_line
from archtool.exports.citations.markup import without_markup
from archtool.exports.citations.words import ENGLISH
from archtool.exports.embedded.dublin_core import SCHEMAS, dublin_core_tags
from archtool.exports.embedded.highwire import highwire_tags
from archtool.exports.embedded.schema_org import format_schema_org
from archtool.files.workers.concurrency import Concurrency
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import find_sidecar
from archtool.operations.open_package.package_problem import package_problem
from archtool.operations.package_page.read_page import PageRequest, read_page
from archtool.operations.site.fingerprint import fingerprint_of
from archtool.operations.site.public_words import public_finding
from archtool.operations.site.request import SiteRequest
from archtool.operations.site.state import PackageRecord
from archtool.operations.site.survey import SurveyedPackage
from archtool.operations.verify.request import Depth, VerifyRequest
from archtool.printable import escape_in_json, without_steering
from archtool.report.package_page.format_page import title_language
from archtool.report.package_page.model import PackagePage
from archtool.report.package_page.words import verdicts
from archtool.report.site.limits import SEARCH_WORDS
from archtool.report.site.model import CITATION_FILES, PACKAGES, SiteAuthor, SiteEntry
from archtool.report.site.package_page import HeadTag, PageHead, format_package_page

_FORM_OF = {"bib": BIBTEX, "ris": RIS, "json": CSL_JSON}
"""The forms of a bibliography by the endings of the files in `CITATION_FILES`."""


@dataclass(frozen=True, slots=True)
class MadePackage:
    """The page of a package with its record, or why there is none."""

    name: str
    record: PackageRecord | None = None
    problem: Finding | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The files by their paths in the site."""


def make_package(
    package: SurveyedPackage, slug: str, request: SiteRequest, concurrency: Concurrency
) -> MadePackage:
    """Read a package and make its page; what cannot be read is a problem."""
    try:
        page = _public(read_page(_page_request(package, request, concurrency)), package)
        shown_files = _shown_files(page)
        with open_bag(package.found.path, request.limits) as source:
            fingerprint = fingerprint_of(source, find_sidecar(package.found.path), shown_files)
    except (ArchtoolError, OSError) as error:
        return MadePackage(package.name, problem=package_problem(finding_kinds.LIST_UNREADABLE, error))
    listed = _entry(package, slug, page)
    code = int(page.result.exit_code)
    record = PackageRecord(listed, fingerprint, shown_files, code, _trouble(page) if code else None)
    return MadePackage(package.name, record, files=dict(_files(page, listed, request)))


def _public(page: PackagePage, package: SurveyedPackage) -> PackagePage:
    findings = tuple(public_finding(finding, package) for finding in page.result.findings)
    return replace(page, result=replace(page.result, findings=findings))


def _page_request(package: SurveyedPackage, request: SiteRequest, concurrency: Concurrency) -> PageRequest:
    is_verified = request.frame.is_verified
    verify = VerifyRequest(
        root=package.found.path,
        at=request.at,
        trust=request.trust,
        concurrency=concurrency,
        depth=Depth.FULL if is_verified else Depth.COMPLETE,
        limits=request.limits,
    )
    return PageRequest(
        verify,
        request.checked_at,
        request.frame.version,
        is_date_given=request.is_date_given,
        with_images=request.with_images,
        page_lines=request.page_lines,
    )


def _shown_files(page: PackagePage) -> tuple[str, ...]:
    files = [text.file for text in page.texts] + [image.file for image in page.facsimiles.images]
    return tuple(sorted({f"data/{file}" for file in files}))


def _entry(package: SurveyedPackage, slug: str, page: PackagePage) -> SiteEntry:
    described = page.view.description
    fault = _told(page, "bad") or None
    if described is None:
        title = package.found.name.rpartition("/")[2]
        stated = next((value for label, value in page.view.info if label.lower() == "title"), None)
        return SiteEntry(
            slug, package.name, one_line(stated or title), id=package.id, is_described=False, fault=fault,
            packaged_on=package.packaged_on, part=package.part,
        )  # fmt: skip
    return SiteEntry(
        slug=slug,
        name=package.name,
        title=one_line(described.title),
        title_language=title_language(page.view),
        id=described.id,
        authors=tuple(_authors(described, page.entry)),
        date=described.date,
        languages=tuple(_languages(described)),
        series=one_line(described.collection) if described.collection else None,
        genre=described.genre,
        place=described.place,
        part=package.part,
        fault=fault,
        packaged_on=package.packaged_on,
        words=one_line(" ".join(_search_words(described, page.view.citation)))[:SEARCH_WORDS],
        entry=page.entry,
    )


def _authors(described: Description, entry: Entry | None) -> Iterator[SiteAuthor]:
    """Yield the authors as the citation has them, with the status of each."""
    if entry is None:
        yield from (SiteAuthor(one_line(c.agent.name)) for c in described.creators if c.role == "author")
        return
    for number, name in enumerate(names_of(entry.item, "author")):
        status = entry.attribution(number)
        words = ENGLISH.attributions.get(status, status)
        yield SiteAuthor(one_line(without_markup(format_name(name))), words)


def _languages(described: Description) -> Iterator[tuple[str, str]]:
    tags = dict.fromkeys(part.language or described.language for part in described.transcription)
    for tag in tags:
        if tag:
            yield tag, language_name(tag) or tag


def _search_words(described: Description, citation: str | None) -> Iterator[str]:
    yield from filter(None, (described.abstract, citation))
    yield from (creator.agent.name for creator in described.creators)
    yield from (agent.name for agent in described.addressees)
    if described.translation is not None and described.translation.credit:
        yield described.translation.credit
    for _, annexe in described.all_annexes():
        yield annexe.title


def _trouble(page: PackagePage) -> str:
    """Return what is not as it should be, in the words of the page."""
    return _told(page, "bad", "late") or _told(page, "quiet")


def _told(page: PackagePage, *kinds: str) -> str:
    return "; ".join(f"{v.name.lower()}: {v.words}" for v in verdicts(page) if v.kind in kinds)


def _files(page: PackagePage, listed: SiteEntry, request: SiteRequest) -> Iterator[tuple[str, bytes]]:
    head = _head(page, listed, request)
    text = "".join(format_package_page(page, request.frame, head))
    yield listed.page, text.encode("utf-8", "backslashreplace")
    if listed.entry is not None:
        yield from citation_files(f"{PACKAGES}{listed.slug}", arrange([listed.entry]))


def citation_files(stem: str, cited: Sequence[Entry]) -> Iterator[tuple[str, bytes]]:
    """Yield a bibliography as the files of `CITATION_FILES`, by their names in the site.

    Control and bidi characters are escaped in JSON, and left out of the other forms.
    """
    for ending, _, _ in CITATION_FILES:
        form = _FORM_OF[ending]
        text = FORMS[form](cited)
        safe = escape_in_json(text) if form == CSL_JSON else without_steering(text)[0]
        yield f"{stem}.{ending}", safe.encode("utf-8", "replace")


def _head(page: PackagePage, listed: SiteEntry, request: SiteRequest) -> PageHead:
    address = request.frame.address(listed.page)
    described, entry = page.view.description, listed.entry
    if described is None or entry is None:
        return PageHead(listed.slug, address)
    tags = [*highwire_tags(entry, address), *dublin_core_tags(described, entry, page.view.citation, address)]
    shown = (HeadTag(tag.name, one_line(without_steering(tag.content)[0]), tag.language) for tag in tags)
    json_ld = format_schema_org(described, entry, page.view.citation, address)
    return PageHead(listed.slug, address, tuple(tag for tag in shown if tag.content), SCHEMAS, json_ld)
