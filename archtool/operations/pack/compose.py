"""Composes everything in a package but its payload: paths and bytes, nothing is written here.

The layout is in `schemas/README.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from archtool.attestations.layout import attestation_folder
from archtool.attestations.statements.events import EVENT_TYPES
from archtool.attestations.statements.statement import Software, Statement
from archtool.attestations.statements.writer import Signer, compose_attestation, links_to, subjects_of
from archtool.bagit.model import CURRENT_VERSION
from archtool.bagit.tag_files.bag_info import format_info
from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.bagit.tag_files.declaration import format_declaration
from archtool.bagit.tag_files.manifest_writer import format_manifest, manifest_name
from archtool.bagit.tag_files.path_encoding import encode_name
from archtool.canonical_json import format_json
from archtool.description.inventory import inventory_record
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.files.hashing.file_record import FileRecord
from archtool.operations.content.bag_info import bag_info_fields
from archtool.operations.content.payload_content import PayloadChecks
from archtool.operations.describe.load_description import DescribedDocument
from archtool.operations.history.history import Packaging, build_history
from archtool.operations.open_package.package_paths import (
    CITATION_PATH,
    DESCRIPTION_PATHS,
    INVENTORY_PATH,
    PREMIS_PATH,
    PROVENANCE_PATH,
)
from archtool.operations.pack.size_guard import refuse_unreadable
from archtool.operations.pack.verify_txt import FILE_NAME as INSTRUCTIONS_NAME
from archtool.operations.pack.verify_txt import SigningFacts, format_instructions
from archtool.provenance.premis.writer import format_premis
from archtool.provenance.prov_json import format_prov_json

if TYPE_CHECKING:
    from archtool.attestations.signatures.cms_signing import CmsSigner
    from archtool.operations.history.adoption import AdoptedBagFacts
    from archtool.operations.history.replacement import ReplacedPackage
    from archtool.operations.trust.timestamp_client import TimestampClient

PACKAGING_EVENT = "packaging"
SOFTWARE_NAME = "archtool"

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class AdoptedTagFiles:
    """What is kept of the bag that the payload was taken from."""

    name: str
    """How the bag was called."""
    bagit_version: str
    identifiers: tuple[str, ...]
    """Its own `External-Identifier`s."""
    files: Files
    """Its tag files, by their paths in the new package."""


@dataclass(frozen=True, slots=True)
class PackagePlan:
    """What decides every byte of a package besides its payload."""

    name: str
    described: DescribedDocument
    algorithms: tuple[Algorithm, ...]
    packaged_at: datetime
    signers: tuple[Signer, ...]
    software_version: str
    adopted: AdoptedTagFiles | None = None
    timestamp_client: TimestampClient | None = None
    """Who gives timestamps for the signatures; without one they have none."""
    cms: CmsSigner | None = None
    """Whose X.509 key signs the attestation too."""
    replaced: ReplacedPackage | None = None
    """The package that this one replaces, where it is kept beside it."""


def compose_package(plan: PackagePlan, payload: Sequence[FileRecord], look: PayloadChecks) -> Files:
    """Every tag file, attestations and tag manifests included, by its path in the package.

    Raises:
        InputError: a tag file would be larger than `verify` reads.
        NoTimestampError: a timestamp was asked for, and could not be had.
    """
    files = _compose_metadata(plan, payload, look)
    files |= _compose_bag_files(plan, payload)
    files |= plan.adopted.files if plan.adopted else {}
    known = sha512_of(files)
    if plan.signers:
        attestation = _compose_packaging_attestation(plan, known)
        files |= attestation | _vouch_for(attestation, plan)
    files |= compose_tag_manifests(files, plan.algorithms, known)
    refuse_unreadable(files)
    return files


def _compose_metadata(plan: PackagePlan, payload: Sequence[FileRecord], look: PayloadChecks) -> Files:
    described = plan.described
    records = {record.path: record for record in payload}
    inventory = inventory_record(described.description, lambda annexe: look.text_facts(annexe, records))
    history = build_history(
        described.description,
        described.citation,
        payload,
        Packaging(plan.packaged_at, plan.software_version, plan.name, _bag_of(plan.adopted), plan.replaced),
    )
    return {
        DESCRIPTION_PATHS[1 if described.is_json else 0]: described.loaded.data,
        CITATION_PATH: format_json([described.citation]).encode(),
        INVENTORY_PATH: format_json(inventory).encode(),
        PROVENANCE_PATH: format_prov_json(history).encode(),
        PREMIS_PATH: format_premis(history).encode(),
    }


def _bag_of(kept: AdoptedTagFiles | None) -> AdoptedBagFacts | None:
    if kept is None:
        return None
    from archtool.operations.history.adoption import AdoptedBagFacts

    return AdoptedBagFacts(kept.name, kept.bagit_version, kept.identifiers, tuple(sorted(kept.files)))


def _compose_bag_files(plan: PackagePlan, payload: Sequence[FileRecord]) -> Files:
    description = plan.described.description
    software = f"{SOFTWARE_NAME} {plan.software_version}"
    info = bag_info_fields(description, plan.described.citation, payload, plan.packaged_at, software)
    signing = SigningFacts(
        tuple([(s.principal, _signature_path(s)) for s in plan.signers]),
        has_timestamps=plan.timestamp_client is not None,
        cms_signed=attestation_folder(1, PACKAGING_EVENT).list_path if plan.cms is not None else None,
    )
    instructions = format_instructions(
        description.title,
        plan.algorithms,
        len(payload),
        signing,
        has_encoded_names=any(encode_name(r.path) != r.path for r in payload),
    )
    files = {
        DECLARATION_NAME: format_declaration(CURRENT_VERSION).encode(),
        "bag-info.txt": format_info(info).encode(),
        INSTRUCTIONS_NAME: instructions.encode(),
    }
    for algorithm in plan.algorithms:
        digests = ((record.path, record.digest(algorithm)) for record in payload)
        files[manifest_name(algorithm)] = format_manifest(digests).encode()
    return files


def _signature_path(signer: Signer) -> str:
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


def _vouch_for(attestation: Files, plan: PackagePlan) -> Files:
    """What is asked for besides the signatures: a CMS signature, timestamps."""
    more: Files = {}
    if plan.cms is not None:
        from archtool.attestations.signatures.cms_signing import sign_list

        more |= sign_list(attestation, plan.cms)
    if plan.timestamp_client is not None:
        from archtool.operations.trust.timestamp_client import timestamp_signatures

        more |= timestamp_signatures(attestation, plan.timestamp_client)
    return more


def sha512_of(files: Mapping[str, bytes]) -> dict[str, Digest]:
    """The digest by which attestations name tag files."""
    take = Algorithm.SHA512.hash_at_once
    return {path: Digest(Algorithm.SHA512, take(data).hexdigest()) for path, data in files.items()}


def compose_tag_manifests(
    files: Mapping[str, bytes], algorithms: Sequence[Algorithm], known: Mapping[str, Digest]
) -> Files:
    """The tag manifests over all tag files, attestations too; of some the SHA-512 is known already.

    Source: RFC 8493 §2.2.1.
    """

    def digest(algorithm: Algorithm, path: str) -> Digest:
        there = known.get(path) if algorithm is Algorithm.SHA512 else None
        return there or digest_bytes(algorithm, files[path])

    return {
        manifest_name(a, tag=True): format_manifest((path, digest(a, path)) for path in files).encode()
        for a in algorithms
    }
