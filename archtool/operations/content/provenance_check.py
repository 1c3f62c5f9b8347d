"""Checks a package's provenance against its payload manifests and against its description.

PROV-JSON is always parsed: what does not follow from the description (when the package was made, by which
version, out of which bag) stands nowhere else. It is held against its schema and against the payload
manifests. Then the history is derived anew from the description, and with it both files as they should be.

What PREMIS should be is compared with what it is as bytes, before anything of it is parsed. If they are
equal, what its reader and its checks would find is known without them:

- It can be read. It is UTF-8, well-formed, without a document type and not deeply nested, because the writer
  of PREMIS writes nothing else, and no larger than PREMIS may be, because no larger file was read. Each file
  object has a path, and each digest is one that was parsed before.
- It claims of the payload what the history says of it (`claims_of_history`): the same paths and digests,
  those of folders too. These claims are compared with the payload manifests as any others are, so a file that
  only one side knows, a digest that differs and one without a common algorithm are found in the same way.
- It states what follows from the description: it was written from that.

Where PREMIS is another sequence of bytes it is parsed, and compared statement by statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from archtool.description.model import Description
from archtool.errors import InputError
from archtool.findings import Finding, Place
from archtool.operations.content.derived_history import Payload, compare_premis, compare_prov, derive_history
from archtool.operations.content.metadata import ManifestDigests, Metadata
from archtool.operations.open_package.package_paths import PREMIS_PATH, PROVENANCE_PATH
from archtool.provenance import finding_kinds
from archtool.provenance.checks import check_claims, check_premis, check_prov
from archtool.provenance.premis.writer import is_premis_of
from archtool.provenance.reader import claims_of_history, parse_prov_json

# a document of another form states nothing that could be compared
_NOT_COMPARABLE = (finding_kinds.UNREADABLE.code, finding_kinds.NOT_TO_SCHEMA.code)


def check_package_provenance(
    metadata: Metadata,
    digests: ManifestDigests,
    description: Description | None,
    citation: Mapping[str, Any] | None,
    payload: Payload,
) -> list[Finding]:
    """Check both files, as far as they are there.

    `digests` are those of the payload manifests, with those of the lines of declared folders. Without a
    `description` or a `citation` that can be used, no history can be derived.
    """
    # (1) PROV-JSON: readable, to its schema, and about this payload
    document, findings = _read_prov(metadata)
    findings += check_prov(document, digests) if document is not None else []
    # (2) the history that the description gives, together with what only PROV-JSON states
    history = None
    if document is not None and description is not None and citation is not None:
        is_comparable = not any(f.code in _NOT_COMPARABLE for f in findings)
        history = derive_history(description, citation, payload, document) if is_comparable else None
    # (3) PREMIS: readable, and about this payload
    premis = metadata.files.get(PREMIS_PATH)
    is_as_derived = history is not None and premis is not None and is_premis_of(history, premis)
    if history is not None and is_as_derived:
        findings += check_claims(PREMIS_PATH, claims_of_history(history), digests)
    elif premis is not None:
        findings += check_premis(premis, digests)
    # (4) both state what follows from the description
    if history is not None and document is not None:
        findings += compare_prov(history, document, payload)
        if premis is not None and not is_as_derived and not _is_unreadable(findings):
            findings += compare_premis(history, premis, payload)
    return findings


def _read_prov(metadata: Metadata) -> tuple[dict[str, Any] | None, list[Finding]]:
    prov = metadata.files.get(PROVENANCE_PATH)
    try:
        return parse_prov_json(prov, metadata.max_values) if prov is not None else None, []
    except InputError as error:
        return None, [finding_kinds.UNREADABLE.at(error.message, PROVENANCE_PATH, hint=error.hint)]


def _is_unreadable(findings: Iterable[Finding]) -> bool:
    return any(f.code == finding_kinds.UNREADABLE.code and f.place == Place(PREMIS_PATH) for f in findings)
