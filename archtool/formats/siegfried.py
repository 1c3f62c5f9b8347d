"""Reads the JSON report of siegfried (`sf -json`).

Source: the documentation of siegfried (github.com/richardlehane/siegfried, "Output").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm
from archtool.formats.limits import MAX_REPORT_BYTES, MAX_REPORT_FILES
from archtool.formats.model import FormatReport, IdentifiedFormat, ReportedFile
from archtool.strict_json import JsonRules, parse_json

_RULES = JsonRules(
    MAX_REPORT_BYTES, max_values=20 * MAX_REPORT_FILES, allows_mark=True, allows_half_pairs=True
)
_UNKNOWN = "UNKNOWN"
_NAMESPACE = "pronom"


def parse_siegfried(data: bytes, file: str) -> FormatReport:
    """Parse a report; `file` is its name, for messages.

    Raises:
        InputError: not the JSON of siegfried.
    """
    document = parse_json(data, file, _RULES)
    if not isinstance(document, Mapping) or not isinstance(document.get("files"), list):
        raise InputError(f"{file} is JSON, but not of siegfried: it has no list `files`")
    files = [ReportedFile(*_file(entry, file)) for entry in document["files"]]
    return FormatReport.of(file, _tool(document), files)


def _tool(document: Mapping[str, Any]) -> str:
    identifiers = [one for one in _list(document.get("identifiers")) if isinstance(one, Mapping)]
    details = [str(one.get("details", "")) for one in identifiers if one.get("name") == _NAMESPACE]
    return ", ".join(["siegfried " + str(document.get("siegfried", "")), *filter(None, details)]).strip()


def _file(entry: Any, file: str) -> tuple[str, int | None, tuple[IdentifiedFormat, ...], dict[str, str]]:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("filename"), str):
        raise InputError(f"{file} is JSON, but not of siegfried: an entry of `files` has no `filename`")
    size = entry.get("filesize")
    digests = {a.value: str(entry[a.value]) for a in Algorithm if isinstance(entry.get(a.value), str)}
    formats = tuple(_formats(_list(entry.get("matches"))))
    return entry["filename"].replace("\\", "/"), size if isinstance(size, int) else None, formats, digests


def _formats(matches: Sequence[Any]) -> Iterator[IdentifiedFormat]:
    for match in matches:
        if not isinstance(match, Mapping) or match.get("ns", _NAMESPACE) != _NAMESPACE:
            continue  # siegfried can use other registries as well
        key = str(match.get("id", _UNKNOWN))
        if key != _UNKNOWN:
            yield IdentifiedFormat(
                key,
                str(match.get("format", "")),
                *(_stated(match.get(name)) for name in ("version", "mime", "basis", "warning")),
            )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _stated(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
