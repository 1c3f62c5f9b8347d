"""Formats the RO-Crate metadata of a package from its history and the records of its payload."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from archtool.description.citing.model import Entry
from archtool.exports.citations.document_plain import format_entry
from archtool.exports.crate.crate import format_crate
from archtool.exports.crate.model import CrateFacts, CrateFile
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.file_record import FileRecord
from archtool.operations.open_package.package_paths import CRATE_PATH
from archtool.provenance.file_formats import UNKNOWN_FORMAT, format_of_name
from archtool.provenance.model import EntityKind, History
from archtool.provenance.vocabulary import rights_uri

_PAYLOAD = "data/"


def crate_text(
    history: History,
    citation: Mapping[str, Any],
    payload: Iterable[FileRecord],
    algorithms: Collection[Algorithm],
) -> str:
    """Return the text of `ro-crate-metadata.json`.

    `history` and `payload` are those of the package without this file: it cannot contain its own digest.
    `algorithms` are those of the payload manifests; other digests of the records are left out.
    """
    media_types = dict(_media_types(history))
    files = tuple([_crate_file(record, algorithms, media_types) for record in sorted_by_path(payload)])
    statements = {rights.statement for rights in history.rights}
    uris = {statement: uri for statement in statements if (uri := rights_uri(statement)) is not None}
    return format_crate(history, CrateFacts(format_entry(Entry(citation)), files, uris))


def sorted_by_path(payload: Iterable[FileRecord]) -> list[FileRecord]:
    """Return the records of payload files in the order of a manifest, without that of the crate itself."""
    records = [one for one in payload if one.path.startswith(_PAYLOAD) and one.path != CRATE_PATH]
    return sorted(records, key=lambda record: record.path.encode("utf-8", "surrogateescape"))


def _media_types(history: History) -> Iterator[tuple[str, str]]:
    """Yield the media type of each file whose format is known from more than its name."""
    for entity in history.entities:
        stated = entity.facts.get("media-type")
        if entity.kind is EntityKind.FILE and isinstance(stated, str):
            yield str(entity.facts["path"]), stated


def _crate_file(
    record: FileRecord, algorithms: Collection[Algorithm], media_types: Mapping[str, str]
) -> CrateFile:
    by_name = format_of_name(record.path)
    media_type = media_types.get(record.path) or (by_name if by_name != UNKNOWN_FORMAT else None)
    digests = sorted((d.algorithm.value, d.hex) for d in record.digests if d.algorithm in algorithms)
    return CrateFile(record.path.removeprefix(_PAYLOAD), record.size_bytes, tuple(digests), media_type)
