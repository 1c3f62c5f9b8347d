"""Checks a description and every file that it declares; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archtool.description.inventory import count_states
from archtool.errors import InputError
from archtool.exports.citations.plain import format_plain
from archtool.files.source import FileSource
from archtool.findings import Finding, has_errors
from archtool.operations.describe.load_description import (
    DescribedDocument,
    InvalidDescription,
    read_description,
    unused_library,
)
from archtool.operations.pack.copy_payload import PayloadSource
from archtool.operations.pack.payload_faults import find_payload_faults
from archtool.operations.pack.payload_source import open_payload_source
from archtool.operations.repaired_texts.repaired_text import log_path
from archtool.operations.sources.expanded_sources import with_expanded_patterns
from archtool.operations.sources.survey import Survey, sources_unusable, survey_sources
from archtool.progress import Progress
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
        InputError: the description, the folder of its files or the bag cannot be read.
    """
    subject = str(request.description_path)
    described = read_description(request.description_path, request.library)
    if isinstance(described, InvalidDescription):
        return Result(RESULT_SCHEMA, subject, described.findings, {}, {"files": 0}, request.strict)
    survey, facts = Survey({}, ()), dict[str, Any]()
    try:
        with open_payload_source(described, request.files_root, request.from_bag, progress) as source:
            root, tag_source = (None, source.tag_files) if source.adopted else (source.root, None)
            described = with_expanded_patterns(described, source.files, root)
            survey = survey_sources(described, source.files, root, tag_source)
            faults = find_payload_faults(described, source, survey, progress)
            bag_findings, facts = _about_bag(source)
            facts["line_ranges"] = [item.facts() for item in faults.line_ranges]
            facts["repairs"] = [text.facts() for text in faults.repairs]
            notes = unused_library(described, request.library)
            findings = (*described.findings, *notes, *survey.findings, *bag_findings, *faults.findings)
            if request.profile is not None:
                findings += tuple(_check_profile(request.profile, described, survey, source.tag_files))
    except InputError as error:
        if not has_errors(described.findings):
            raise
        findings = (*described.findings, sources_unusable(error))
    profile = request.profile.identifier if request.profile is not None else None
    facts = {**_facts(described, survey), "profile": profile} | facts
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


def _facts(described: DescribedDocument, survey: Survey) -> dict[str, Any]:
    description = described.description
    return {
        "id": description.id,
        "title": description.title or None,
        "citation": format_plain(described.citation) if described.citation else None,
        "annexes": dict(count_states(description)),
        "left_out": list(survey.left_out),
        "tag_files": [
            *(tag_file.path for tag_file in description.tag_files),
            *(log_path(part.file) for part, _ in description.repairs()),
        ],
        "placeholders": [f"data/{path}" for path in survey.placeholders],
        "files": len(survey.sizes_bytes),
        "bytes": sum(survey.sizes_bytes.values()),
    }
