"""Reads a report on formats: the JSON of siegfried or the CSV of DROID, recognised by its first character."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha512

from archtool.errors import InputError, MaterialRefusedError
from archtool.formats import finding_kinds
from archtool.formats.droid import parse_droid
from archtool.formats.model import FormatReport
from archtool.formats.siegfried import parse_siegfried


def parse_report(data: bytes, file: str) -> FormatReport:
    """Parse a report; `file` is its name, for messages.

    Raises:
        MaterialRefusedError: neither the JSON of siegfried nor the CSV of DROID.
    """
    is_json = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
    try:
        report = parse_siegfried(data, file) if is_json else parse_droid(data, file)
        return replace(report, digest=sha512(data).hexdigest())
    except InputError as error:
        finding = finding_kinds.REPORT_UNREADABLE.at(error.message, file)
        raise MaterialRefusedError(f"the report on formats {file} cannot be used", (finding,)) from error
