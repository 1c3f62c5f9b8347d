"""Formats what was exported into a folder: an RO-Crate, or objects of an OCFL storage root."""

from __future__ import annotations

from collections.abc import Iterator

from archtool.files.paths import shown
from archtool.findings import Severity
from archtool.report.numbers import counted, format_size
from archtool.report.text.page import one_line
from archtool.results import Result


def format_crate_summary(result: Result, seconds: float) -> Iterator[str]:
    """Yield where the crate is, and how much was copied."""
    facts = result.facts
    yield f"exported {shown(result.subject)}"
    yield f"  RO-Crate   {shown(facts['folder'])}"
    yield "  checked    each file agrees with the manifests of the package"
    yield _last_line([counted(facts["files"], "payload file"), format_size(facts["bytes"])], result, seconds)


def format_ocfl_summary(result: Result, seconds: float) -> Iterator[str]:
    """Yield each object with its versions, and how much was written."""
    facts = result.facts
    files = size_bytes = 0
    yield f"exported to {shown(facts['storage_root'])}"
    for one in facts["objects"]:
        yield f"  object     {one_line(one['id'])}"
        yield f"             {shown(one['path'])}"
        for version in one["versions"]:
            new = f"{version['new_files']:,} new of {counted(version['files'], 'file')}"
            yield f"  {version['version']:<10} {shown(version['package'])}: {new}"
            files += version["new_files"]
            size_bytes += version["new_bytes"]
    yield "  checked    each file agrees with the manifests, and was read back"
    counts = [counted(len(facts["objects"]), "object"), counted(files, "file"), format_size(size_bytes)]
    yield _last_line(counts, result, seconds)


def _last_line(counts: list[str], result: Result, seconds: float) -> str:
    warnings = counted(result.count(Severity.WARNING), "warning")
    return " · ".join([*counts, warnings, f"{seconds:.1f} s"])
