"""Writes the RO-Crate metadata of a package into its payload, and refuses it where the name is taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from archtool.description.model import Description
from archtool.files.hashing.digests import digest_bytes
from archtool.files.hashing.file_record import FileRecord
from archtool.files.paths import normal_form, shown
from archtool.findings import Finding
from archtool.operations.content.crate.crate_text import crate_text
from archtool.operations.finding_kinds import CRATE_NAME_TAKEN
from archtool.operations.history.files import CRATE_NAME
from archtool.operations.open_package.package_paths import CRATE_PATH
from archtool.operations.pack.compose import PackagePlan, history_of
from archtool.operations.pack.destination import Destination
from archtool.operations.sources.survey import Survey

_HINT_OF_BAGS = (
    "leave out --crate, and the file of the bag stays as it is; or write the payload as plain"
    " files (archtool unpack BAG --payload-only) and pack those without this file"
)


def check_crate_name(names: Iterable[str], hint: str | None = None) -> Iterator[Finding]:
    """Yield a finding for each payload file that would stand where the RO-Crate metadata is written.

    A name in other letter case is one too: not every system can store both.
    """
    for name in names:
        top = name.partition("/")[0]
        if len(top) == len(CRATE_NAME) and normal_form(top).casefold() == CRATE_NAME:
            message = f"{shown(name)} is in the payload, and --crate writes {CRATE_NAME} there"
            yield CRATE_NAME_TAKEN.at(message, name, hint=hint)


def check_crate_names(description: Description, survey: Survey, in_bag: Iterable[str]) -> tuple[Finding, ...]:
    """Return a finding for each name in the payload, or in the adopted bag, that the metadata would need.

    A bag's own file is in its manifests, which the package keeps: another file there would contradict them.
    """
    of_bag = (path.removeprefix("data/") for path in in_bag)
    found = tuple(check_crate_name(of_bag, _HINT_OF_BAGS))
    declared = dict.fromkeys((*survey.sizes_bytes, *survey.placeholders, *description.payload_folders()))
    return found or tuple(check_crate_name(declared))


def write_crate(
    destination: Destination, plan: PackagePlan, payload: Sequence[FileRecord]
) -> list[FileRecord]:
    """Write the RO-Crate metadata, if the plan has any; return its record. `payload` is all of the rest."""
    if not plan.has_crate:
        return []
    history = history_of(replace(plan, has_crate=False), payload)
    data = crate_text(history, plan.described.citation, payload, plan.algorithms).encode()
    destination.write(CRATE_PATH, data)
    digests = tuple([digest_bytes(algorithm, data) for algorithm in plan.algorithms])
    return [FileRecord(CRATE_PATH, len(data), digests)]
