"""Reads the texts whose lines `archtool show` quotes, and compares them with their manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from archtool.bagit.fixity import plan_fixity
from archtool.description.model import Description
from archtool.findings import Finding
from archtool.operations.content.line_ranges import annexe_lines, collect_ranges
from archtool.operations.content.package_reader import OpenPackage
from archtool.operations.limits import MAX_QUOTED_BYTES
from archtool.operations.open_package.compared_read import read_compared
from archtool.report.annexe_lines import AnnexeLines, Place


@dataclass(slots=True)
class QuotedTexts:
    """The texts that were read for the quotations."""

    lines: Mapping[Place, AnnexeLines] = field(default_factory=dict)
    """What can be seen of each range, by the place of its annexe."""
    files: int = 0
    """How many payload files were read."""
    findings: list[Finding] = field(default_factory=list)
    """Files that differ from their manifest, or cannot be read."""


def read_quoted_texts(package: OpenPackage, description: Description) -> QuotedTexts:
    """Read each payload file of which an annexe is a range of lines, once.

    Files that are missing or in no manifest, and those beyond `MAX_QUOTED_BYTES`, get no quotation.
    """
    ranges = collect_ranges(description)
    quoted = QuotedTexts()
    if not ranges:
        return quoted
    on_disk = {file: package.layout.disk_path(f"data/{file}") for file in ranges}
    wanted = {path for path in on_disk.values() if path is not None}
    tasks = {task.path: task for task in plan_fixity(package.bag, package.layout, wanted)}
    read_files: set[str] = set()
    left_bytes = MAX_QUOTED_BYTES
    for file, inside in ranges.items():
        task = tasks.get(on_disk[file] or "")
        if task is None or task.size_bytes > left_bytes:
            continue
        left_bytes -= task.size_bytes
        record, findings = read_compared(package.source, task, inside.reader)
        quoted.findings += findings
        if record is not None:
            read_files.add(file)
    quoted.files = len(read_files)
    quoted.lines = annexe_lines(ranges, read_files)
    return quoted
