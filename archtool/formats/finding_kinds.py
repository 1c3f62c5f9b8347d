"""The kinds of findings about the formats of payload files."""

from __future__ import annotations

from archtool.exit_codes import ExitCode
from archtool.findings import Kind, Severity

NAME_DIFFERS = Kind(
    "format.name-differs",
    Severity.WARNING,
    "The first bytes of a file are not those of the format that its name suggests.",
    "open the file; if it is right, rename it, or keep the name and this warning",
)
REPORT_UNREADABLE = Kind(
    "format.report-unreadable",
    Severity.ERROR,
    "A report on formats must be the JSON of siegfried or the CSV of DROID.",
    "write it with: sf -json FOLDER > sf.json, or export the profile of DROID as CSV, one row per file",
    exit_code=ExitCode.INPUT_UNUSABLE,
)
NOT_REPORTED = Kind(
    "format.not-reported",
    Severity.WARNING,
    "The report on formats does not have a payload file, or has several that could be the file.",
    "run the tool on the folder of the files again",
)
REPORT_OUTDATED = Kind(
    "format.report-outdated",
    Severity.WARNING,
    "The report on formats was made from other bytes: the size or the digest of a file differs.",
    "run the tool on the folder of the files again",
)
AMBIGUOUS = Kind(
    "format.ambiguous",
    Severity.NOTE,
    "The tool names more than one format for a file.",
    "the first of them is recorded, with this remark",
)
