"""All findings about timestamps.

A timestamp that was changed or belongs to another signature is an error. A timestamp that is not trusted is a
warning: its time is not proved, and the signature is judged as if it had no timestamp. None of these findings
makes the trust verdict `broken`, because a bad timestamp does not make a good signature worse.
"""

from __future__ import annotations

from archtool.findings import Kind, Severity

_TSP = "RFC 3161 §2.4.2"
_ASK_AGAIN = "remove it and ask for a new one: archtool timestamp"

UNREADABLE = Kind(
    "timestamp.unreadable",
    Severity.ERROR,
    "A timestamp's file is damaged, or not a timestamp of RFC 3161.",
    "restore it from another copy; if there is none, remove it and ask for a new one: archtool timestamp",
    _TSP,
)
IMPRINT_DIFFERS = Kind(
    "timestamp.imprint-differs",
    Severity.ERROR,
    "A timestamp does not cover the signature that it is stored with.",
    "it belongs to another signature, or the signature was replaced: compare with another copy",
    _TSP,
)
BROKEN = Kind(
    "timestamp.broken",
    Severity.ERROR,
    "A timestamp's own signature does not verify: it was changed after the authority made it.",
    "restore it from another copy; if there is none, remove it and ask for a new one: archtool timestamp",
    "RFC 5652 §5.6; RFC 3161 §2.3; RFC 5816",
)
STRAY = Kind(
    "timestamp.without-signature",
    Severity.ERROR,
    "The signature that a timestamp belongs to is missing.",
    "the signature was removed: restore it from another copy",
    "archtool package format, attestations",
)
UNTRUSTED = Kind(
    "timestamp.untrusted",
    Severity.WARNING,
    "The authority of a timestamp leads to no given root: its time is not proved.",
    "get the root certificate from the authority itself, and give it with --tsa-roots",
    "RFC 5280 §6.1",
)
UNFIT = Kind(
    "timestamp.certificate-unfit",
    Severity.WARNING,
    "The certificate of a timestamp is not only for timestamps: its time is not proved.",
    _ASK_AGAIN,
    "RFC 3161 §2.3",
)
WEAK = Kind(
    "timestamp.weak",
    Severity.WARNING,
    "A timestamp uses a digest or a key that is too weak to rely on: its time is not proved.",
    "ask another authority for one: archtool timestamp; an earlier evidence record preserves its time",
    "NIST SP 800-131A",
)
UNSUPPORTED = Kind(
    "timestamp.unsupported",
    Severity.WARNING,
    "A timestamp is of a kind that this version of archtool cannot check: its time is not proved.",
    "check it by hand: openssl ts -verify -data SIGNATURE -in TIMESTAMP -CAfile ROOTS.pem",
    _TSP,
)
IN_THE_FUTURE = Kind(
    "timestamp.in-the-future",
    Severity.WARNING,
    "A timestamp's time is in the future: it is not proved.",
    "check the clock of this machine; if it is right, do not rely on the authority",
    _TSP,
)

KINDS = tuple(value for value in list(globals().values()) if isinstance(value, Kind))

# All findings about evidence records.

_RECORD_ERS = "RFC 4998 §5.3"
_RECORD_COPY = "restore the package from another copy"

RECORD_UNREADABLE = Kind(
    "evidence.unreadable",
    Severity.ERROR,
    "An evidence record is damaged, or not an evidence record of RFC 4998.",
    "restore it from another copy",
    "RFC 4998 §3.1",
)
RECORD_FILE_DIFFERS = Kind(
    "evidence.file-differs",
    Severity.ERROR,
    "A file that an evidence record covers was changed or is missing.",
    _RECORD_COPY,
    "RFC 4998 §4.3",
)
RECORD_FILE_NOT_COVERED = Kind(
    "evidence.file-not-covered",
    Severity.ERROR,
    "An evidence record does not cover a payload file.",
    "the file was added or replaced afterwards: compare with another copy of the package",
    "RFC 4998 §4.3",
)
RECORD_BROKEN = Kind(
    "evidence.broken",
    Severity.ERROR,
    "A timestamp of an evidence record does not cover the data that it must cover.",
    "restore the record from another copy",
    _RECORD_ERS,
)
RECORD_UNPROVED = Kind(
    "evidence.unproved",
    Severity.WARNING,
    "A timestamp of an evidence record leads to no given root: its time is not proved.",
    "give the roots of all its authorities with --tsa-roots, also those of former authorities",
    _RECORD_ERS,
)
RECORD_RENEWED_LATE = Kind(
    "evidence.renewed-late",
    Severity.WARNING,
    "An evidence record was renewed after its certificates had expired: it proves no time before that.",
    "renew records in time: archtool renew",
    _RECORD_ERS,
)
RECORD_RENEWAL_DUE = Kind(
    "evidence.renewal-due",
    Severity.WARNING,
    "The certificates of an evidence record's last timestamp have expired, or will soon.",
    "renew it with a timestamp of an authority whose certificates last longer: archtool renew",
    _RECORD_ERS,
)
