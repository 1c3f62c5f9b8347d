"""Derives what a profile's rules are about from the plan of a package, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from archtool.attestations.layout import attestation_folder, cms_path, timestamp_path
from archtool.bagit.limits import MAX_INFO_BYTES
from archtool.bagit.model import CURRENT_VERSION, BagInfo, TagField
from archtool.bagit.profile import Profile
from archtool.bagit.profile_check import BagFacts, read_tag_infos
from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.bagit.tag_files.manifest_writer import manifest_name
from archtool.files.hashing.file_record import FileRecord
from archtool.files.source import FileSource
from archtool.operations.open_package.package_paths import (
    CITATION_PATH,
    CRATE_PATH,
    DESCRIPTION_PATHS,
    INVENTORY_PATH,
    PREMIS_PATH,
    PROVENANCE_PATH,
)
from archtool.operations.pack.compose import PACKAGING_EVENT, PackagePlan, bag_info_of, signature_path
from archtool.operations.pack.verify_txt import FILE_NAME as INSTRUCTIONS_NAME
from archtool.operations.repaired_texts.repaired_text import log_path
from archtool.operations.sources.survey import Survey

INFO_NAME = "bag-info.txt"
_UNKNOWN_BYTES = 1  # of a tag file: no rule is about its size


@dataclass(frozen=True, slots=True)
class TargetForm:
    """What a package would be written as."""

    archive: str | None
    """The format of the archive; `None` for a folder."""
    name: str
    """The name of the folder or of the archive file."""
    makes_archives: bool = True
    """Whether the caller could make an archive instead of a folder."""


def planned_facts(
    plan: PackagePlan, survey: Survey, form: TargetForm | None, tag_infos: Mapping[str, BagInfo]
) -> BagFacts:
    """Return the facts of the bag that `compose_package` would make from this plan and these sources.

    `form` is `None` if it is not known yet; `tag_infos` are the labels of own tag files.
    """
    payload = planned_payload(plan, survey)
    fields = bag_info_of(plan, payload)
    info = BagInfo(tuple(TagField(label, value, line) for line, (label, value) in enumerate(fields, 1)))
    files = {record.path: record.size_bytes for record in payload}
    files |= dict.fromkeys(planned_tag_files(plan), _UNKNOWN_BYTES)
    return BagFacts(
        ".".join(map(str, CURRENT_VERSION)),
        INFO_NAME,
        info,
        [manifest_name(algorithm) for algorithm in plan.algorithms],
        [manifest_name(algorithm, tag=True) for algorithm in plan.tag_algorithms],
        files,
        form.archive if form is not None else None,
        is_form_known=form is not None,
        archive_name=form.name if form is not None else "",
        folder_name=plan.name,
        tag_infos=tag_infos,
    )


def planned_tag_infos(profile: Profile, plan: PackagePlan, tag_source: FileSource) -> dict[str, BagInfo]:
    """Read the labels of those own tag files that a profile has rules for."""
    origins = {tag_file.path: tag_file.file for tag_file in plan.described.description.tag_files}

    def read(path: str) -> bytes:
        if path not in origins:
            raise FileNotFoundError(path)
        return tag_source.read_bytes(origins[path], MAX_INFO_BYTES)

    return read_tag_infos(profile, read, "UTF-8")


def planned_payload(plan: PackagePlan, survey: Survey) -> list[FileRecord]:
    """Return the payload files with their sizes, as far as they are known, without digests."""
    sizes_bytes = {**survey.sizes_bytes, **dict.fromkeys(plan.placeholders, 0)}
    records = [FileRecord(f"data/{path}", size, ()) for path, size in sizes_bytes.items()]
    return [*records, FileRecord(CRATE_PATH, 0, ())] if plan.has_crate else records


def planned_tag_files(plan: PackagePlan) -> list[str]:
    """Return the path of every tag file that the package would have, sorted."""
    described = plan.described
    paths = [DECLARATION_NAME, INFO_NAME, INSTRUCTIONS_NAME, DESCRIPTION_PATHS[1 if described.is_json else 0]]
    paths += [CITATION_PATH, INVENTORY_PATH, PROVENANCE_PATH, PREMIS_PATH]
    paths += [manifest_name(algorithm) for algorithm in plan.algorithms]
    paths += [manifest_name(algorithm, tag=True) for algorithm in plan.tag_algorithms]
    paths += [tag_file.path for tag_file in described.description.tag_files]
    paths += [log_path(part.file) for part, _ in described.description.repairs()]
    paths += _attestation_files(plan)
    adopted: Iterable[str] = plan.adopted.files if plan.adopted is not None else ()
    return sorted({*paths, *adopted})


def _attestation_files(plan: PackagePlan) -> Iterator[str]:
    if not plan.signers:
        return
    folder = attestation_folder(1, PACKAGING_EVENT)
    yield from (folder.statement_path, folder.list_path)
    for signer in plan.signers:
        yield signature_path(signer)
        if plan.timestamp_client is not None:
            yield timestamp_path(signature_path(signer))
    if plan.cms is not None:
        yield cms_path(folder.list_path)
