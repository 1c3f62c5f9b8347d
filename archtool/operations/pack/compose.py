"""Composes the tag files of a package as paths and bytes; writes nothing.

The layout is described in `schemas/README.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from archtool.attestations.layout import attestation_folder
from archtool.attestations.statements.events import EVENT_TYPES
from archtool.attestations.statements.statement import Software, Statement
from archtool.attestations.statements.writer import Signer, compose_attestation, links_to, subjects_of
from archtool.bagit.giver import Giver
from archtool.bagit.model import CURRENT_VERSION
from archtool.bagit.tag_files.bag_info import format_info
from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.bagit.tag_files.declaration import format_declaration
from archtool.bagit.tag_files.manifest_writer import format_manifest, manifest_name
from archtool.bagit.tag_files.path_encoding import encode_name
from archtool.canonical_json import format_json
from archtool.description.inventory import inventory_record
from archtool.description.model import Description
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.files.hashing.file_record import FileRecord
from archtool.operations.content.bag_info import Field, bag_info_fields
from archtool.operations.content.file_times import format_file_times
from archtool.operations.content.group import in_group
from archtool.operations.content.payload_content import PayloadChecks
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.history.adoption import AdoptedBagFacts
from archtool.operations.history.formats import FormatFacts
from archtool.operations.history.history import Packaging, build_history
from archtool.operations.history.replacement import ReplacedPackage
from archtool.operations.open_package.package_paths import (
    CITATION_PATH,
    DESCRIPTION_PATHS,
    FILE_TIMES_PATH,
    INVENTORY_PATH,
    PREMIS_PATH,
    PROFILE_IDENTIFIER,
    PROVENANCE_PATH,
)
from archtool.operations.pack.size_guard import refuse_oversized
from archtool.operations.pack.verify_txt import FILE_NAME as INSTRUCTIONS_NAME
from archtool.operations.pack.verify_txt import PayloadFacts, RepairPaths, SigningFacts, format_instructions
from archtool.operations.repaired_texts.repaired_text import NO_REPAIRS, RepairedTexts
from archtool.provenance.ids import readable_id
from archtool.provenance.model import History
from archtool.provenance.premis.writer import format_premis
from archtool.provenance.prov_json import format_prov_json

if TYPE_CHECKING:
    from archtool.attestations.signatures.cms_signing import CmsSigner
    from archtool.operations.trust.timestamp_client import TimestampClient

PACKAGING_EVENT = "packaging"
SOFTWARE_NAME = "archtool"

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class AdoptedTagFiles:
    """The tag files of the bag that the payload was taken from."""

    name: str
    """The bag's name."""
    bagit_version: str
    identifiers: tuple[str, ...]
    """The values of its `External-Identifier`."""
    files: Files
    """By their paths in the new package."""
    giver: Giver | None = None
    """Who gave it, by its own statement."""


@dataclass(frozen=True, slots=True)
class PackagePlan:
    """The values that determine every byte of a package's tag files, together with its payload."""

    name: str
    described: DescribedDocument
    algorithms: tuple[Algorithm, ...]
    packaged_at: datetime
    signers: tuple[Signer, ...]
    software_version: str
    adopted: AdoptedTagFiles | None = None
    timestamp_client: TimestampClient | None = None
    """Requests timestamps for the signatures; without one they have none."""
    cms: CmsSigner | None = None
    """Signs the attestation with an X.509 key too."""
    replaced: ReplacedPackage | None = None
    """The package that this one replaces, if it is kept beside it."""
    formats: FormatFacts = field(default_factory=dict)
    """The formats of the payload files, as far as they are known."""
    keeps_times: bool = False
    """Whether the times in the records of the payload are written down."""
    placeholders: tuple[str, ...] = ()
    """The payload files that only keep empty folders, by name."""
    has_crate: bool = False
    """Whether the payload has RO-Crate metadata that archtool wrote."""
    tag_files: Files = field(default_factory=dict)
    """The archivist's own tag files and the change logs, by their paths in the package."""
    repairs: RepairedTexts = NO_REPAIRS
    """The repaired texts, with their change logs."""
    tag_algorithms: tuple[Algorithm, ...] = ()
    """The algorithms of the tag manifests; by default those of the payload manifests."""
    profile: str = PROFILE_IDENTIFIER
    """The identifier of the BagIt profile that the package meets."""

    def __post_init__(self) -> None:
        if not self.tag_algorithms:
            object.__setattr__(self, "tag_algorithms", self.algorithms)


def package_name(description: Description) -> str:
    """Return the package's name in its own files: not that of its folder, which can be renamed any time."""
    return description.id or readable_id(description.title, "package")


def compose_package(plan: PackagePlan, payload: Sequence[FileRecord], checks: PayloadChecks) -> Files:
    """Compose every tag file, including attestations and tag manifests, by its path in the package.

    Raises:
        InputError: a tag file would be larger than `verify` reads.
        NoTimestampError: a timestamp was requested and could not be obtained.
    """
    return compose_tag_files(plan, payload, compose_metadata(plan, payload, checks))


def compose_tag_files(
    plan: PackagePlan, payload: Sequence[FileRecord], metadata: Files, part: tuple[int, int] | None = None
) -> Files:
    """Compose every tag file of a package, or of one part of a group.

    `payload` are its files; `metadata` are the files of `compose_metadata`, which are the same in all parts.
    `part` is the number of the part, and the number of all parts.

    Raises:
        InputError: a tag file would be larger than `verify` reads.
        NoTimestampError: a timestamp was requested and could not be obtained.
    """
    files = metadata | _compose_bag_files(plan, payload, part)
    files |= plan.adopted.files if plan.adopted else {}
    files |= plan.tag_files
    digests = sha512_of(files)
    if plan.signers:
        attestation = _compose_packaging_attestation(plan, digests)
        files |= attestation | _compose_cms_and_timestamps(attestation, plan)
    files |= compose_tag_manifests(files, plan.tag_algorithms, digests)
    refuse_oversized(files)
    return files


def compose_metadata(plan: PackagePlan, payload: Sequence[FileRecord], checks: PayloadChecks) -> Files:
    """Compose the files in `metadata/`, which describe the whole payload, also in each part of a group."""
    described = plan.described
    records = {record.path: record for record in payload}
    inventory = inventory_record(checks.description, lambda annexe: checks.text_facts(annexe, records))
    history = history_of(plan, payload)
    times = {FILE_TIMES_PATH: format_file_times(payload).encode()} if plan.keeps_times else {}
    return times | {
        DESCRIPTION_PATHS[1 if described.is_json else 0]: described.loaded.data,
        CITATION_PATH: format_json([described.citation]).encode(),
        INVENTORY_PATH: format_json(inventory).encode(),
        PROVENANCE_PATH: format_prov_json(history).encode(),
        PREMIS_PATH: format_premis(history).encode(),
    }


def history_of(plan: PackagePlan, payload: Sequence[FileRecord]) -> History:
    """Build the history of the package; `payload` are its files."""
    packaging = Packaging(
        plan.packaged_at,
        plan.software_version,
        plan.name,
        _adopted_bag_facts(plan.adopted),
        plan.replaced,
        formats=plan.formats,
        keeps_times=plan.keeps_times,
        placeholders=plan.placeholders,
        has_crate=plan.has_crate,
        profile=plan.profile if plan.profile != PROFILE_IDENTIFIER else None,
        repairs=plan.repairs,
    )
    return build_history(plan.described.description, plan.described.citation, payload, packaging)


def _adopted_bag_facts(bag: AdoptedTagFiles | None) -> AdoptedBagFacts | None:
    if bag is None:
        return None
    kept_in = tuple(sorted(bag.files))
    return AdoptedBagFacts(bag.name, bag.bagit_version, bag.identifiers, kept_in, bag.giver)


def _compose_bag_files(
    plan: PackagePlan, payload: Sequence[FileRecord], part: tuple[int, int] | None
) -> Files:
    description = plan.described.description
    info = bag_info_of(plan, payload)
    info = info if part is None else in_group(info, plan.name, *part)
    signing = SigningFacts(
        tuple([(s.principal, signature_path(s)) for s in plan.signers]),
        has_timestamps=plan.timestamp_client is not None,
        cms_signed=attestation_folder(1, PACKAGING_EVENT).list_path if plan.cms is not None else None,
        tag_algorithms=plan.tag_algorithms,
    )
    repairs = (RepairPaths(f"data/{one.copy}", f"data/{one.original}", one.log_path) for one in plan.repairs)
    about_payload = PayloadFacts(
        len(payload), any(encode_name(r.path) != r.path for r in payload), tuple(repairs)
    )
    instructions = format_instructions(description.title, plan.algorithms, about_payload, signing, part)
    files = {
        DECLARATION_NAME: format_declaration(CURRENT_VERSION).encode(),
        "bag-info.txt": format_info(info).encode(),
        INSTRUCTIONS_NAME: instructions.encode(),
    }
    for algorithm in plan.algorithms:
        digests = ((record.path, record.digest(algorithm)) for record in payload)
        files[manifest_name(algorithm)] = format_manifest(digests).encode()
    return files


def bag_info_of(plan: PackagePlan, payload: Sequence[FileRecord]) -> tuple[Field, ...]:
    """Return the fields of bag-info.txt; of the payload only the sizes count."""
    software = f"{SOFTWARE_NAME} {plan.software_version}"
    described = plan.described
    return bag_info_fields(
        described.description, described.citation, payload, plan.packaged_at, software, plan.profile
    )


def signature_path(signer: Signer) -> str:
    """Return the path of a signature of the packaging."""
    return f"attestations/0001-{PACKAGING_EVENT}/sha512sums.txt.{signer.name_slug}.sig"


def _compose_packaging_attestation(plan: PackagePlan, covered: Mapping[str, Digest]) -> Files:
    statement = Statement(
        event=PACKAGING_EVENT,
        event_type=EVENT_TYPES[PACKAGING_EVENT],
        claimed_at=plan.packaged_at,
        subjects=subjects_of(covered),
        claimants=tuple(signer.claimant for signer in plan.signers),
        software=Software(SOFTWARE_NAME, plan.software_version),
        package=plan.described.description.id,
        previous=links_to(covered),
    )
    return compose_attestation(1, statement, covered, plan.signers)


def _compose_cms_and_timestamps(attestation: Files, plan: PackagePlan) -> Files:
    """Make the requested CMS signature and timestamps of an attestation."""
    files: Files = {}
    if plan.cms is not None:
        # lazy: 7 modules that read X.509 certificates, only --cms-key needs them
        from archtool.attestations.signatures.cms_signing import sign_list

        files |= sign_list(attestation, plan.cms)
    if plan.timestamp_client is not None:
        # lazy: subprocess and selectors, only timestamped packages need them
        from archtool.operations.trust.timestamp_client import timestamp_signatures

        files |= timestamp_signatures(attestation, plan.timestamp_client)
    return files


def sha512_of(files: Mapping[str, bytes]) -> dict[str, Digest]:
    """Return the digests by which attestations identify tag files."""
    hash_at_once = Algorithm.SHA512.hash_at_once
    return {path: Digest(Algorithm.SHA512, hash_at_once(data).hexdigest()) for path, data in files.items()}


def compose_tag_manifests(
    files: Mapping[str, bytes], algorithms: Sequence[Algorithm], known: Mapping[str, Digest]
) -> Files:
    """Compose the tag manifests of all tag files, including attestations; `known` are SHA-512 digests.

    Source: RFC 8493 §2.2.1.
    """
    return {
        manifest_name(algorithm, tag=True): _compose_tag_manifest(files, algorithm, known)
        for algorithm in algorithms
    }


def _compose_tag_manifest(
    files: Mapping[str, bytes], algorithm: Algorithm, known: Mapping[str, Digest]
) -> bytes:
    reusable = known if algorithm is Algorithm.SHA512 else {}
    digests = ((path, reusable.get(path) or digest_bytes(algorithm, data)) for path, data in files.items())
    return format_manifest(digests).encode()
