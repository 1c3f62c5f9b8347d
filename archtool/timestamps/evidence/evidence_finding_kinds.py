"""Every finding about evidence records."""

from __future__ import annotations

from archtool.findings import Kind, Severity

_ERS = "RFC 4998 §5.3"
_COPY = "restore the package from another copy"

UNREADABLE = Kind(
    "evidence.unreadable",
    Severity.ERROR,
    "An evidence record is damaged, or no evidence record of RFC 4998.",
    "restore it from another copy",
    "RFC 4998 §3.1",
)
FILE_DIFFERS = Kind(
    "evidence.file-differs",
    Severity.ERROR,
    "A file that an evidence record was made over is not there any more as it was.",
    _COPY,
    "RFC 4998 §4.3",
)
FILE_NOT_COVERED = Kind(
    "evidence.file-not-covered",
    Severity.ERROR,
    "A payload file is not among those that an evidence record was made over.",
    "the file was added or exchanged afterwards: compare with another copy of the package",
    "RFC 4998 §4.3",
)
BROKEN = Kind(
    "evidence.broken",
    Severity.ERROR,
    "The steps of an evidence record do not follow on each other: a timestamp in it is of something else.",
    "restore the record from another copy",
    _ERS,
)
UNPROVED = Kind(
    "evidence.unproved",
    Severity.WARNING,
    "No root that was given vouches for a timestamp of an evidence record: its time is only said.",
    "give the roots of all its authorities with --tsa-roots, those of former ones too",
    _ERS,
)
RENEWED_LATE = Kind(
    "evidence.renewed-late",
    Severity.WARNING,
    "An evidence record was renewed after the certificates had ended: of the time before it proves nothing.",
    "renew records in time: archtool renew",
    _ERS,
)
RENEWAL_DUE = Kind(
    "evidence.renewal-due",
    Severity.WARNING,
    "The certificates of an evidence record's last timestamp have ended, or will soon.",
    "renew it with a timestamp of an authority that goes on: archtool renew",
    _ERS,
)

KINDS = tuple(value for value in list(globals().values()) if isinstance(value, Kind))
