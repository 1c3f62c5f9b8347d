"""Reads the payload without packing it, to find all faults of a description and its files in one run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archtool.bagit.unreadable import unreadable
from archtool.errors import SourceChangedError
from archtool.files.hashing.digests import DEFAULT_ALGORITHM
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.paths import shown
from archtool.files.source import Sink
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.content.line_ranges import annexe_lines
from archtool.operations.content.payload_content import PayloadChecks
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.formats.first_bytes import HeadSink, media_type_of, name_finding
from archtool.operations.pack.copy_payload import PayloadSource
from archtool.operations.sources.declared_files import about_file
from archtool.operations.sources.survey import Survey
from archtool.progress import NoProgress, Progress
from archtool.report.annexe_lines import AnnexeLines


@dataclass(frozen=True, slots=True)
class PayloadFaults:
    """What reading the payload showed."""

    findings: tuple[Finding, ...]
    line_ranges: tuple[AnnexeLines, ...] = ()
    """The first and last words of the annexes that are ranges of lines."""


def find_payload_faults(
    described: DescribedDocument, source: PayloadSource, survey: Survey, progress: Progress | None = None,
    *, only_texts: bool = False,
) -> PayloadFaults:  # fmt: skip
    """Read every file of a survey and report what is wrong with it; those of a bag are compared with it.

    With `only_texts`, only the files whose content is checked are read: the survey has opened all others.
    """
    checks = PayloadChecks(described.description, DEFAULT_ALGORITHM, described.doubts, source.payload_root)
    read: set[str] = set()
    faults = _read_all(checks, source, survey, progress or NoProgress(), read, only_texts=only_texts)
    findings = tuple(about_file(described, finding) for finding in faults)
    return PayloadFaults(findings, tuple(annexe_lines(checks.ranges, read).values()))


def _read_all(
    checks: PayloadChecks, source: PayloadSource, survey: Survey, progress: Progress, read: set[str],
    *, only_texts: bool,
) -> Iterator[Finding]:  # fmt: skip
    """Read the files and add them to `read`; of a file that cannot be read nothing else is reported."""
    sizes_bytes = {**survey.sizes_bytes, **survey.tag_sizes_bytes}
    meters: list[Sink] = [] if progress.meter is None else [progress.meter]
    progress.start("checking", sum(sizes_bytes.values()))
    for path, size_bytes in sizes_bytes.items():
        sinks = checks.sinks(path)
        try:
            if path in survey.tag_sizes_bytes and not sinks:
                hash_file(survey.view(source.tag_files), path, (), meters)
            elif sinks or not only_texts:
                yield from _read_file(source, survey, path, [*sinks, *meters], is_text=bool(sinks))
                read.add(path)
        except SourceChangedError as error:
            yield finding_kinds.PAYLOAD_CHANGED.at(error.message, path)
        except OSError as error:
            yield unreadable(
                finding_kinds.PAYLOAD_UNREADABLE, error, path, message=f"{shown(path)} cannot be read"
            )
        progress.advance(size_bytes)
    progress.finish()
    yield from checks.findings(only=read)


def _read_file(
    source: PayloadSource, survey: Survey, path: str, sinks: list[Sink], *, is_text: bool
) -> Iterator[Finding]:
    in_bag, adopted, head = f"data/{survey.name_on_disk(path)}", source.adopted, HeadSink()
    wanted = () if adopted is None else adopted.algorithms_of(in_bag)
    record = hash_file(survey.view(source.files), path, wanted, [*sinks, head])
    if adopted is not None:
        yield from adopted.check(FileRecord(in_bag, record.size_bytes, record.digests))
    finding = name_finding(path, media_type_of(path, head.format()))
    if finding is not None and not is_text:  # a text has a finding about its encoding
        yield finding
