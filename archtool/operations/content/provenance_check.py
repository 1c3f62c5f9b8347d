"""Checks a package's provenance against its payload manifests and against its description.

PROV-JSON is always parsed: it alone states what does not follow from the description (when the package was
made, by which version, from which bag). It is checked against its schema and the payload manifests. Then the
history is derived again from the description, and from it the expected content of both files.

The expected PREMIS is compared with the file as bytes before anything is parsed. If they are equal, the
results of the PREMIS reader and its checks are known without running them:

- It is readable. It is UTF-8, well-formed, without a document type and not deeply nested, because the writer
  of PREMIS writes nothing else; and it is within the size limit, because a larger file is not read. Each file
  object has a path, and each digest was parsed before.
- Its claims about the payload are those of the history (`claims_of_history`): the same paths and digests,
  also of folders. These claims are compared with the payload manifests in the usual way, which finds a file
  that only one side lists, a different digest, and a file without a common algorithm.
- It states what follows from the description, because it was written from the description.

If the bytes differ, PREMIS is parsed and compared statement by statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from archtool.description.model import Description
from archtool.errors import InputError
from archtool.findings import Finding, Place
from archtool.operations.content.adopted_info import parse_adopted_info
from archtool.operations.content.derived_history import Payload, compare_premis, compare_prov, derive_history
from archtool.operations.content.metadata import ManifestDigests, Metadata
from archtool.operations.open_package.package_paths import PREMIS_PATH, PROVENANCE_PATH
from archtool.provenance import finding_kinds
from archtool.provenance.checks import check_claims, check_premis, check_prov
from archtool.provenance.premis.writer import is_premis_of
from archtool.provenance.reader import claims_of_history, parse_prov_json

# a document of another form has no statements that can be compared
_NOT_COMPARABLE = (finding_kinds.UNREADABLE.code, finding_kinds.NOT_TO_SCHEMA.code)


def check_package_provenance(
    metadata: Metadata,
    digests: ManifestDigests,
    description: Description | None,
    citation: Mapping[str, Any] | None,
    payload: Payload,
) -> list[Finding]:
    """Check PROV-JSON and PREMIS, if they exist.

    `digests` are those in the payload manifests and those of declared folders. Without a usable `description`
    and `citation` no history can be derived.
    """
    # (1) PROV-JSON is readable, conforms to its schema, and describes this payload
    document, findings = _read_prov(metadata)
    findings += check_prov(document, digests) if document is not None else []
    # (2) derive the history from the description and the facts that only PROV-JSON states
    history = None
    if document is not None and description is not None and citation is not None:
        adopted_info = parse_adopted_info(metadata.files)
        if is_comparable(findings):
            history = derive_history(description, citation, payload, document, adopted_info)
    # (3) PREMIS is readable and describes this payload
    premis = metadata.files.get(PREMIS_PATH)
    is_as_derived = history is not None and premis is not None and is_premis_of(history, premis)
    if history is not None and is_as_derived:
        findings += check_claims(PREMIS_PATH, claims_of_history(history), digests)
    elif premis is not None:
        findings += check_premis(premis, digests)
    # (4) both files state what follows from the description
    if history is not None and document is not None:
        findings += compare_prov(history, document, payload)
        if premis is not None and not is_as_derived and not _is_unreadable(findings):
            findings += compare_premis(history, premis, payload)
    return findings


def is_comparable(findings: Iterable[Finding]) -> bool:
    """Return whether the provenance has statements that can be compared, by the findings about it."""
    return not any(f.code in _NOT_COMPARABLE for f in findings)


def _read_prov(metadata: Metadata) -> tuple[dict[str, Any] | None, list[Finding]]:
    prov = metadata.files.get(PROVENANCE_PATH)
    try:
        return parse_prov_json(prov, metadata.max_values) if prov is not None else None, []
    except InputError as error:
        return None, [finding_kinds.UNREADABLE.at(error.message, PROVENANCE_PATH, hint=error.hint)]


def _is_unreadable(findings: Iterable[Finding]) -> bool:
    return any(f.code == finding_kinds.UNREADABLE.code and f.place == Place(PREMIS_PATH) for f in findings)
