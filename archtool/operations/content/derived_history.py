"""Derives the history of a package from its description again, and compares the provenance with it.

Some facts do not follow from the description: when and by which version the package was made, its name, the
bag that its payload was taken from, the package that it replaces, the formats of its files. They are read
from PROV-JSON; PREMIS must state the same. Who gave an adopted bag is read from that bag's bag-info.txt,
which the package keeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from archtool.bagit.giver import Giver
from archtool.bagit.model import BagInfo
from archtool.description.model import Description
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.hashing.file_record import FileRecord
from archtool.findings import Finding
from archtool.operations.history.adoption import TRANSFER, AdoptedBagFacts
from archtool.operations.history.files import CRATE_ROLE, PLACEHOLDER_ROLE
from archtool.operations.history.formats import stated_formats
from archtool.operations.history.history import Packaging, build_history
from archtool.operations.history.replacement import ReplacedPackage
from archtool.operations.open_package.package_paths import CRATE_PATH, PREMIS_PATH, PROVENANCE_PATH
from archtool.operations.repaired_texts.repaired_text import NO_REPAIRS, RepairedTexts
from archtool.operations.sources.empty_folders import PLACEHOLDER_NAME
from archtool.provenance.comparison import compare_statements
from archtool.provenance.ids import readable_id
from archtool.provenance.model import EntityKind, History
from archtool.provenance.premis.writer import format_premis
from archtool.provenance.prov_json import format_prov_json, is_prov_of
from archtool.provenance.reader import parse_prov_json
from archtool.provenance.statements import SIZES, ProvStatement, statements_of_premis, statements_of_prov

_NEVER = datetime.fromtimestamp(0, UTC)
_BAGIT = "BagIt "


@dataclass(frozen=True, slots=True)
class Payload:
    """The sizes and digests of the payload files, by their paths relative to the package's root."""

    sizes_bytes: Mapping[str, int]
    """Of the files that exist."""
    digests: Mapping[str, Mapping[Algorithm, str]]
    """Of the files that the payload manifests list."""
    times_ns: Mapping[str, int | None] | None = None
    """The times that the files arrived with, in nanoseconds; `None` if the package does not keep them."""
    repairs: RepairedTexts = NO_REPAIRS
    """The repaired texts whose change logs could be read."""

    @property
    def knows_sizes(self) -> bool:
        """Whether every listed file exists; if one is missing, sizes cannot be compared."""
        return self.digests.keys() <= self.sizes_bytes.keys()

    def without(self, path: str) -> Payload:
        """Return the payload without one file."""
        return replace(self, digests={name: own for name, own in self.digests.items() if name != path})


def derive_history(
    description: Description,
    citation: Mapping[str, Any],
    payload: Payload,
    document: Mapping[str, Any],
    adopted_info: BagInfo | None = None,
) -> History:
    """Derive the history from the description; `document` is the package's PROV-JSON, parsed.

    `adopted_info` is the kept bag-info.txt of the adopted bag.
    """
    records, packaging = (
        payload_records(payload, document),
        _packaging(description, document, payload, adopted_info),
    )
    return build_history(description, citation, records, packaging)


def compare_prov(history: History, document: Mapping[str, Any], payload: Payload) -> tuple[Finding, ...]:
    """Compare PROV-JSON that conforms to its schema with the history, statement by statement.

    If it has exactly the values that would be written now, the statements are equal and are not compared.
    (The schema allows no numbers, so equal values mean equal statements.)
    """
    if is_prov_of(history, document):
        return ()
    expected = parse_prov_json(format_prov_json(history).encode("utf-8", "surrogatepass"))
    return compare_statements(
        PROVENANCE_PATH,
        lambda: _comparable(statements_of_prov(expected), payload),
        lambda: _comparable(statements_of_prov(document), payload),
    )


def compare_premis(history: History, found: bytes, payload: Payload) -> tuple[Finding, ...]:
    """Compare PREMIS that can be read with the history, statement by statement."""
    expected = format_premis(history).encode("utf-8", "surrogatepass")
    return compare_statements(
        PREMIS_PATH,
        lambda: _comparable(statements_of_premis(expected), payload),
        lambda: _comparable(statements_of_premis(found), payload),
    )


def _comparable(statements: Iterator[ProvStatement], payload: Payload) -> Iterator[ProvStatement]:
    """Skip sizes that cannot be compared: a missing file has its own finding."""
    knows_sizes = payload.knows_sizes
    return (statement for statement in statements if knows_sizes or statement.attribute not in SIZES)


def payload_records(payload: Payload, document: Mapping[str, Any]) -> list[FileRecord]:
    """Return the payload files in the order of the provenance, which determines their ids."""
    stated = (entity.get("arch:path") for entity in _entities(document))
    listed = [path for path in dict.fromkeys(stated) if isinstance(path, str) and path in payload.digests]
    paths = dict.fromkeys([*listed, *sorted(payload.digests)])
    return [_record(path, payload) for path in paths]


def _record(path: str, payload: Payload) -> FileRecord:
    digests = (_digest(algorithm, value) for algorithm, value in payload.digests[path].items())
    known = tuple(digest for digest in digests if digest is not None)
    time_ns = payload.times_ns.get(path) if payload.times_ns is not None else None
    return FileRecord(path, payload.sizes_bytes.get(path, 0), known, time_ns)


def _digest(algorithm: Algorithm, value: str) -> Digest | None:
    """Return a digest of a manifest; `None` for an invalid one, which the manifest's own finding reports."""
    try:
        return Digest.of(algorithm, value)
    except InputError:
        return None


def _packaging(
    description: Description, document: Mapping[str, Any], payload: Payload, adopted_info: BagInfo | None
) -> Packaging:
    """Return the packaging as PROV-JSON states it; a value of another form becomes a difference."""
    package = _first(document, EntityKind.PACKAGE)
    name = package.get("prov:label")
    default = description.id or readable_id(description.title, "package")
    return Packaging(
        _packaged_at(document),
        _software_version(document),
        name if isinstance(name, str) else default,
        _adopted(document, adopted_info),
        stated_predecessor(document),
        formats=stated_formats(document.get("entity", {})),
        keeps_times=payload.times_ns is not None,
        placeholders=tuple(stated_placeholders(document, payload.sizes_bytes))
        if description.keeps_empty_folders
        else (),
        has_crate=CRATE_PATH in payload.digests and states_crate(document),
        profile=stated_profile(document),
        repairs=payload.repairs,
    )


def stated_profile(document: Mapping[str, Any]) -> str | None:
    """Return the BagIt profile that the package was made for, if PROV-JSON states another than archtool's."""
    stated = _first(document, EntityKind.PACKAGE).get("arch:conforms-to")
    return stated if isinstance(stated, str) else None


def stated_placeholders(document: Mapping[str, Any], sizes_bytes: Mapping[str, int]) -> Iterator[str]:
    """Yield the files that are stated to keep empty folders, as far as they are empty and named so."""
    for entity in _entities(document):
        path = entity.get("arch:path")
        if entity.get("arch:role") != PLACEHOLDER_ROLE or not isinstance(path, str):
            continue
        if path.endswith(f"/{PLACEHOLDER_NAME}") and sizes_bytes.get(path, 0) == 0:
            yield path.removeprefix("data/")


def states_crate(document: Mapping[str, Any]) -> bool:
    """Return whether PROV-JSON states that the package has RO-Crate metadata which archtool wrote."""
    own = (entity for entity in _entities(document) if entity.get("arch:path") == CRATE_PATH)
    return any(entity.get("arch:role") == CRATE_ROLE for entity in own)


def _records_of(document: Mapping[str, Any], section: str) -> Iterator[Mapping[str, Any]]:
    return (record for _, record in _items(document, section))


def _items(document: Mapping[str, Any], section: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    records = document.get(section)
    for key, record in records.items() if isinstance(records, dict) else ():
        if isinstance(record, dict):
            yield key, record


def _entities(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return _records_of(document, "entity")


def _first(document: Mapping[str, Any], kind: EntityKind) -> Mapping[str, Any]:
    return next((entity for entity in _entities(document) if entity.get("arch:kind") == kind.value), {})


def _packaged_at(document: Mapping[str, Any]) -> datetime:
    return stated_packaging_time(document) or _NEVER


def stated_packaging_time(document: Mapping[str, Any]) -> datetime | None:
    """Return when the package was made, as PROV-JSON states it; `None` without a time and its zone."""
    events = _records_of(document, "activity")
    stated = next((e.get("prov:startTime") for e in events if e.get("arch:kind") == "packaging"), None)
    try:
        at = datetime.fromisoformat(stated) if isinstance(stated, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _software_version(document: Mapping[str, Any]) -> str:
    """Return the version of the program of the packaging; other events can have other programs."""
    packagings = {key for key, one in _items(document, "activity") if one.get("arch:kind") == "packaging"}
    agents = dict(_items(document, "agent"))
    for link in _records_of(document, "wasAssociatedWith"):
        if str(link.get("prov:activity")) in packagings:
            version = agents.get(str(link.get("prov:agent")), {}).get("arch:version")
            if isinstance(version, str):
                return version
    return ""


def _texts(stated: Any) -> tuple[str, ...]:
    values: Sequence[Any] = stated if isinstance(stated, list) else [stated]
    return tuple(value for value in values if isinstance(value, str))


def _adopted(document: Mapping[str, Any], info: BagInfo | None) -> AdoptedBagFacts | None:
    entity = _first(document, EntityKind.ADOPTED_BAG)
    if not entity:
        return None
    version = "".join(_texts(entity.get("arch:note"))).removeprefix(_BAGIT)
    kept_in = _texts(entity.get("arch:kept-in"))
    name = "".join(_texts(entity.get("prov:label")))
    # packages of earlier versions do not state who gave the bag
    giver = Giver.of(info) if info is not None and _states_transfer(document) else None
    return AdoptedBagFacts(name, version, _texts(entity.get("dcterms:identifier")), kept_in, giver)


def _states_transfer(document: Mapping[str, Any]) -> bool:
    """Return whether PROV-JSON has an event in which the adopted bag was handed over."""
    uses = {
        (str(use.get("prov:activity")), str(use.get("prov:entity"))) for use in _records_of(document, "used")
    }
    bags = [
        key for key, one in _items(document, "entity") if one.get("arch:kind") == EntityKind.ADOPTED_BAG.value
    ]
    events = [key for key, one in _items(document, "activity") if one.get("arch:kind") == TRANSFER]
    return any((event, bag) in uses for event in events for bag in bags[:1])


def stated_predecessor(document: Mapping[str, Any]) -> ReplacedPackage | None:
    """Return the package that this one replaces, if PROV-JSON states one."""
    entity = _first(document, EntityKind.PREDECESSOR)
    if not entity:
        return None
    heads = _texts(entity.get("arch:attestation-head"))
    manifests = []
    for stated in _texts(entity.get("arch:manifest-digest")):
        name, _, digest = stated.rpartition(" ")
        try:
            manifests.append((name, Digest.parse(digest)))
        except InputError:
            continue  # the comparison then reports it as a statement that does not follow
    name = "".join(_texts(entity.get("prov:label")))
    return ReplacedPackage(name, tuple(manifests), heads[0] if heads else None)
