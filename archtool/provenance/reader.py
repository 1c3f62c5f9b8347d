"""Reads from the provenance manifests of a package which payload files and digests they claim.

The bytes are untrusted input. Their size is limited before they are parsed, JSON is read by `strict_json`,
XML must not nest deeper than `MAX_XML_DEPTH` and must not declare a document type (so there are no entities
to expand and no external resources to fetch). Both must be UTF-8.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archtool.errors import InputError
from archtool.files.hashing.digests import Digest
from archtool.provenance.limits import MAX_MANIFEST_BYTES, MAX_VALUES
from archtool.provenance.model import EntityKind, History
from archtool.provenance.premis.reader import files_of_premis
from archtool.strict_json import JsonRules, parse_json

_HINT = "restore this file from another copy of the package"
_PLACES = (("arch:path", "arch:digest"), ("arch:folder", "arch:manifest-lines"))
_CLAIMING = {EntityKind.FILE: ("path", "digest"), EntityKind.FOLDER: ("folder", "manifest-lines")}

Claims = Mapping[str, tuple[Digest, ...]]
"""Digests by path. A path that ends in `/` is a folder; its digests are of payload manifest lines."""


def parse_prov_json(data: bytes, max_values: int = MAX_VALUES) -> dict[str, Any]:
    """Parse PROV-JSON strictly: an object, no duplicate keys, no `NaN`, at most `max_values` values.

    Raises:
        InputError: too large, not UTF-8, not JSON, a duplicate key, nested too deeply, or not an object.
    """
    value = parse_json(
        data, "provenance.json", JsonRules(MAX_MANIFEST_BYTES, max_values, allows_half_pairs=True), hint=_HINT
    )
    if not isinstance(value, dict):
        raise InputError(
            f"not PROV-JSON: provenance.json: expected an object, found {type(value).__name__}", hint=_HINT
        )
    return value


def digests_claimed_by_prov(data: bytes) -> Claims:
    """Return the digests that PROV-JSON claims, by payload path (`data/…`), in the order of the document.

    Raises:
        InputError: the JSON is too large, ambiguous or malformed, or an entity, a path or a digest is
        malformed.
    """
    return claims_of(parse_prov_json(data))


def claims_of_history(history: History) -> Claims:
    """Return the digests by payload path that the PROV-JSON and PREMIS of this history claim."""
    claims: dict[str, tuple[Digest, ...]] = {}
    for entity in history.entities:
        named = _CLAIMING.get(entity.kind)
        if named is not None:
            path, stated = entity.facts[named[0]], entity.facts.get(named[1], ())
            digests = (stated,) if isinstance(stated, str) else stated
            claims[str(path)] = claims.get(str(path), ()) + tuple(map(Digest.parse, digests))
    return claims


def claims_of(document: Mapping[str, Any]) -> Claims:
    """Return the digests by payload path that parsed PROV-JSON claims.

    Raises:
        InputError: an entity, a path or a digest is malformed.
    """
    entities = document.get("entity", {})
    if not isinstance(entities, dict):
        raise InputError("not PROV-JSON: provenance.json: 'entity' is not an object", hint=_HINT)
    claims: dict[str, tuple[Digest, ...]] = {}
    for name, entity in entities.items():
        if not isinstance(entity, dict):
            raise InputError(f"not PROV-JSON: provenance.json: entity {name!r} is not an object", hint=_HINT)
        for path_key, digest_key in _PLACES:
            if path_key in entity:
                path = entity[path_key]
                if not isinstance(path, str):
                    raise InputError(f"provenance.json: the path of {name!r} is not text", hint=_HINT)
                claims[path] = claims.get(path, ()) + _digests(name, entity.get(digest_key, []))
    return claims


def digests_claimed_by_premis(data: bytes) -> Claims:
    """Return the digests that PREMIS claims, by payload path (`data/…`), in the order of the document.

    Raises:
        InputError: too large, not UTF-8, a document type is declared, not well-formed, nested too
            deeply, or a digest is malformed.
    """
    _text(data, "premis.xml")
    claims: dict[str, tuple[Digest, ...]] = {}
    for path, digests in files_of_premis(data):
        parsed = tuple(_digest("premis.xml", path, stated) for stated in digests)
        claims[path] = claims.get(path, ()) + parsed
    return claims


def _text(data: bytes, file: str) -> str:
    if len(data) > MAX_MANIFEST_BYTES:
        raise InputError(
            f"too large: {file}: {len(data)} bytes (the limit is {MAX_MANIFEST_BYTES})", hint=_HINT
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8: {file}: byte {error.start}", hint=_HINT) from None


def _digests(name: str, stated: Any) -> tuple[Digest, ...]:
    values = stated if isinstance(stated, list) else [stated]
    return tuple(_digest("provenance.json", name, value) for value in values)


def _digest(file: str, where: str, stated: Any) -> Digest:
    if not isinstance(stated, str):
        raise InputError(f"{file}: a digest of {where!r} is not text", hint=_HINT)
    try:
        return Digest.parse(stated)
    except InputError as error:
        raise InputError(f"{file}: {where}: {error.message}", hint=_HINT) from None
