"""Every finding about timestamps.

What does not belong to the signature that it lies beside, or was changed, is an error: somebody put it
there. What nobody vouches for is a warning: the time is then only said, and the signature is judged as if
there were no timestamp. No finding of these makes the trust verdict `broken`: a signature that holds does
not hold less for a bad timestamp beside it.
"""

from __future__ import annotations

from archtool.findings import Kind, Severity

_TSP = "RFC 3161 §2.4.2"
_ANEW = "remove it and ask for a new one: archtool timestamp"

UNREADABLE = Kind(
    "timestamp.unreadable",
    Severity.ERROR,
    "A timestamp's file is damaged, or no timestamp of RFC 3161.",
    "restore it from another copy; if there is none, remove it and ask for a new one: archtool timestamp",
    _TSP,
)
IMPRINT_DIFFERS = Kind(
    "timestamp.imprint-differs",
    Severity.ERROR,
    "A timestamp was made for other bytes than the signature that it lies beside.",
    "it belongs to another signature, or the signature was exchanged: compare with another copy",
    _TSP,
)
BROKEN = Kind(
    "timestamp.broken",
    Severity.ERROR,
    "A timestamp's own signature does not hold: it was changed after the authority made it.",
    "restore it from another copy; if there is none, remove it and ask for a new one: archtool timestamp",
    "RFC 5652 §5.6; RFC 3161 §2.3; RFC 5816",
)
STRAY = Kind(
    "timestamp.without-signature",
    Severity.ERROR,
    "A timestamp lies where the signature that it was made for is not there any more.",
    "the signature was removed: restore it from another copy",
    "archtool package format, attestations",
)
UNTRUSTED = Kind(
    "timestamp.untrusted",
    Severity.WARNING,
    "No root that was given vouches for the authority of a timestamp: its time is only said.",
    "get the authority's root certificate from the authority itself, and give it with --tsa-roots",
    "RFC 5280 §6.1",
)
UNFIT = Kind(
    "timestamp.certificate-unfit",
    Severity.WARNING,
    "The certificate of a timestamp is not one for timestamps alone: its time is only said.",
    _ANEW,
    "RFC 3161 §2.3",
)
WEAK = Kind(
    "timestamp.weak",
    Severity.WARNING,
    "A timestamp rests on a digest or a key that is too weak to rely on: its time is only said.",
    "ask another authority for one: archtool timestamp; an evidence record from before keeps its time",
    "NIST SP 800-131A",
)
UNSUPPORTED = Kind(
    "timestamp.unsupported",
    Severity.WARNING,
    "A timestamp is of a kind that this version of archtool cannot check: its time is only said.",
    "check it by hand: openssl ts -verify -data SIGNATURE -in TIMESTAMP -CAfile ROOTS.pem",
    _TSP,
)
IN_THE_FUTURE = Kind(
    "timestamp.in-the-future",
    Severity.WARNING,
    "A timestamp's time has not come yet: it is only said.",
    "check the clock of this machine; if it is right, do not rely on the authority's",
    _TSP,
)

KINDS = tuple(value for value in list(globals().values()) if isinstance(value, Kind))
