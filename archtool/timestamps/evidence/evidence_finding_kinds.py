"""All findings about evidence records."""

from __future__ import annotations

from archtool.findings import Kind, Severity

_ERS = "RFC 4998 §5.3"
_COPY = "restore the package from another copy"

UNREADABLE = Kind(
    "evidence.unreadable",
    Severity.ERROR,
    "An evidence record is damaged, or not an evidence record of RFC 4998.",
    "restore it from another copy",
    "RFC 4998 §3.1",
)
FILE_DIFFERS = Kind(
    "evidence.file-differs",
    Severity.ERROR,
    "A file that an evidence record covers was changed or is missing.",
    _COPY,
    "RFC 4998 §4.3",
)
FILE_NOT_COVERED = Kind(
    "evidence.file-not-covered",
    Severity.ERROR,
    "An evidence record does not cover a payload file.",
    "the file was added or replaced afterwards: compare with another copy of the package",
    "RFC 4998 §4.3",
)
BROKEN = Kind(
    "evidence.broken",
    Severity.ERROR,
    "A timestamp of an evidence record does not cover the data that it must cover.",
    "restore the record from another copy",
    _ERS,
)
UNPROVED = Kind(
    "evidence.unproved",
    Severity.WARNING,
    "A timestamp of an evidence record leads to no given root: its time is not proved.",
    "give the roots of all its authorities with --tsa-roots, also those of former authorities",
    _ERS,
)
RENEWED_LATE = Kind(
    "evidence.renewed-late",
    Severity.WARNING,
    "An evidence record was renewed after its certificates had expired: it proves no time before that.",
    "renew records in time: archtool renew",
    _ERS,
)
RENEWAL_DUE = Kind(
    "evidence.renewal-due",
    Severity.WARNING,
    "The certificates of an evidence record's last timestamp have expired, or will soon.",
    "renew it with a timestamp of an authority whose certificates last longer: archtool renew",
    _ERS,
)

KINDS = tuple(value for value in list(globals().values()) if isinstance(value, Kind))
