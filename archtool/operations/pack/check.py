"""Checks a description and every file that it declares; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archtool.bagit.unreadable import unreadable
from archtool.description.inventory import count_states
from archtool.errors import SourceChangedError
from archtool.exports.plain import format_plain
from archtool.files.hashing.digests import DEFAULT_ALGORITHM
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.content.payload_content import PayloadChecks
from archtool.operations.describe.load_description import (
    DescribedDocument,
    InvalidDescription,
    read_description,
)
from archtool.operations.formats.first_bytes import HeadSink, media_type_of, name_finding
from archtool.operations.pack.copy_payload import PayloadSource
from archtool.operations.pack.payload_source import open_payload_source
from archtool.operations.sources.survey import Survey, survey_sources
from archtool.progress import NoProgress, Progress
from archtool.results import Result

if TYPE_CHECKING:
    from archtool.bagit.profile import Profile

RESULT_SCHEMA = "archtool/check/1"


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """The description to check, and its files."""

    description_path: Path
    files_root: Path | None = None
    library: Path | None = None
    strict: bool = False
    from_bag: Path | None = None
    """A bag of another maker whose payload the description describes."""
    profile: Profile | None = None
    """A BagIt profile that the package would have to meet."""


def check(request: CheckRequest, progress: Progress | None = None) -> Result:
    """Report every fault that `pack` would report, all at once; every declared file is read.

    Raises:
        InputError: the description, its library, its folder or the bag cannot be read.
    """
    subject = str(request.description_path)
    described = read_description(request.description_path, request.library)
    if isinstance(described, InvalidDescription):
        return Result(RESULT_SCHEMA, subject, described.findings, {}, {"files": 0}, request.strict)
    with open_payload_source(described, request.files_root, request.from_bag) as source:
        root, tag_source = (None, source.tag_files) if source.adopted else (source.root, None)
        survey = survey_sources(described, source.files, root, tag_source)
        payload_findings = tuple(_read_all(described, source, survey, progress or NoProgress()))
        bag_findings, bag_facts = _about_bag(source)
        unmet: tuple[Finding, ...] = ()
        if request.profile is not None:
            unmet = tuple(_check_profile(request.profile, described, survey, source.tag_files))
    findings = (*described.findings, *survey.findings, *bag_findings, *payload_findings, *unmet)
    profile = request.profile.identifier if request.profile is not None else None
    facts = {**_facts(described, survey), "profile": profile} | bag_facts
    return Result(RESULT_SCHEMA, subject, findings, {}, facts, request.strict)


def _about_bag(source: PayloadSource) -> tuple[tuple[Finding, ...], dict[str, Any]]:
    """Return what was found about the adopted bag, if there is one; its payload is compared while reading."""
    bag = source.adopted
    if bag is None:
        return (), {}
    return bag.findings, {"adopted": bag.path.name, "is_adoptable": bag.is_adoptable}


def _check_profile(
    profile: Profile, described: DescribedDocument, survey: Survey, source: FileSource
) -> Iterator[Finding]:
    # lazy: 5 ms, only --profile needs it
    from archtool.operations.pack.profile.plan_check import check_plan_without_target, plan_without_target

    plan, notes = plan_without_target(described, survey, profile)
    yield from notes
    yield from check_plan_without_target(profile, plan, survey, source)


def _read_all(
    described: DescribedDocument, source: PayloadSource, survey: Survey, progress: Progress
) -> Iterator[Finding]:
    checks = PayloadChecks(described.description, DEFAULT_ALGORITHM)
    texts = {part.file for part in described.description.transcription}
    files, adopted = survey.view(source.files), source.adopted
    sizes_bytes = {**survey.sizes_bytes, **survey.tag_sizes_bytes}
    progress.start("checking", sum(sizes_bytes.values()))
    meters = [] if progress.meter is None else [progress.meter]
    for path, size_bytes in sizes_bytes.items():
        is_tag_file = path in survey.tag_sizes_bytes
        in_bag = f"data/{survey.name_on_disk(path)}"
        wanted = () if adopted is None or is_tag_file else adopted.algorithms_of(in_bag)
        try:
            head = HeadSink()
            view = survey.view(source.tag_files) if is_tag_file else files
            record = hash_file(view, path, wanted, [*checks.sinks(path), head, *meters])
            if adopted is not None and not is_tag_file:
                yield from adopted.check(FileRecord(in_bag, record.size_bytes, record.digests))
            finding = name_finding(path, media_type_of(path, head.format()))
            if (
                finding is not None and path not in texts and not is_tag_file
            ):  # a text has a finding about its encoding
                yield finding
        except SourceChangedError as error:
            yield finding_kinds.PAYLOAD_CHANGED.at(error.message, path)
        except OSError as error:
            yield unreadable(
                finding_kinds.PAYLOAD_UNREADABLE, error, path, message=f"{shown(path)} cannot be read"
            )
        progress.advance(size_bytes)
    progress.finish()
    yield from checks.findings(only=survey.sizes_bytes)


def _facts(described: DescribedDocument, survey: Survey) -> dict[str, Any]:
    description = described.description
    return {
        "id": description.id,
        "title": description.title,
        "citation": format_plain(described.citation),
        "annexes": dict(count_states(description)),
        "left_out": list(survey.left_out),
        "tag_files": [tag_file.path for tag_file in description.tag_files],
        "placeholders": [f"data/{path}" for path in survey.placeholders],
        "files": len(survey.sizes_bytes),
        "bytes": sum(survey.sizes_bytes.values()),
    }
