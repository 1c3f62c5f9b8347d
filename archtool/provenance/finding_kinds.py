"""The kinds of findings about provenance manifests that cannot be read or do not match the payload."""

from __future__ import annotations

from archtool.findings import Kind, Severity

UNREADABLE = Kind(
    "provenance.unreadable",
    Severity.ERROR,
    "A provenance manifest cannot be read.",
    "restore the file from another copy of the package",
)
NOT_TO_SCHEMA = Kind(
    "provenance.not-to-schema",
    Severity.ERROR,
    "The provenance manifest violates schemas/provenance.schema.json.",
    "restore the file from another copy, or use the version of archtool that wrote the package",
)
DIGEST_DIFFERS = Kind(
    "provenance.digest-differs",
    Severity.ERROR,
    "The provenance manifest and the payload manifest state different digests of one file.",
    "one of the two was changed after packaging: compare both with another copy of the package",
)
FILE_MISSING = Kind(
    "provenance.file-missing",
    Severity.ERROR,
    "The provenance manifest mentions a payload file that no payload manifest lists.",
    "look for the file in another copy of the package",
)
FILE_UNKNOWN = Kind(
    "provenance.file-unknown",
    Severity.ERROR,
    "A payload manifest lists a file that the provenance manifest does not mention.",
    "find out how the file came into the package, or pack again from the description",
)
NOT_COMPARED = Kind(
    "provenance.digest-not-compared",
    Severity.WARNING,
    "The provenance manifest and the payload manifests have no digest algorithm in common for a file.",
    "add a payload manifest with an algorithm that the provenance manifest uses",
)

_DERIVED = "archtool package format, what consistent compares"
_COMPARE = "one of the two was changed after packaging: compare both with another copy of the package"
FACT_DIFFERS = Kind(
    "provenance.fact-differs",
    Severity.ERROR,
    "A name, a date, a title or another value in a provenance manifest differs from the description.",
    _COMPARE,
    _DERIVED,
)
SIZE_DIFFERS = Kind(
    "provenance.size-differs",
    Severity.ERROR,
    "A size or a number of files in a provenance manifest differs from the payload.",
    _COMPARE,
    _DERIVED,
)
FACT_MISSING = Kind(
    "provenance.fact-missing",
    Severity.ERROR,
    "A statement that follows from the description is missing in a provenance manifest.",
    _COMPARE,
    _DERIVED,
)
FACT_ADDED = Kind(
    "provenance.fact-added",
    Severity.ERROR,
    "A provenance manifest contains a statement that does not follow from the description.",
    _COMPARE,
    _DERIVED,
)

KINDS = (
    UNREADABLE,
    NOT_TO_SCHEMA,
    DIGEST_DIFFERS,
    FILE_MISSING,
    FILE_UNKNOWN,
    NOT_COMPARED,
    FACT_DIFFERS,
    SIZE_DIFFERS,
    FACT_MISSING,
    FACT_ADDED,
)
