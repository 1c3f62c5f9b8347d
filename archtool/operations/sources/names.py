"""Finds the names of declared files on the disk, and checks whether all systems can store the names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from archtool.bagit.tag_files.path_encoding import encode_name
from archtool.description.model import Description
from archtool.files.file_kinds import FileKind, FoundFile
from archtool.files.paths import NameTrouble, find_twins, normal_form, shown, why_not_portable
from archtool.files.source import FileSource
from archtool.findings import Finding
from archtool.operations import finding_kinds


def names_on_disk(
    description: Description, found: Sequence[FoundFile], source: FileSource | None
) -> dict[str, str]:
    """Map declared names that have another Unicode form (NFC, NFD) on the disk to their names there.

    Pass `source` if `found` is not the complete folder: then both forms are looked up there.
    """
    declared = [path for path in description.named_files() if not path.isascii()]
    folders = [path for path in description.payload_folders() if not path.isascii()]
    if not declared and not folders:  # the usual case
        return {}
    existing = {item.path for item in found}
    by_form = {normal_form(item.path): item.path for item in found if item.kind is FileKind.FILE}
    disk_names: dict[str, str] = {}
    for path in declared:
        disk_name = by_form.get(normal_form(path)) if path not in existing else None
        if disk_name is None and source is not None:
            disk_name = _find_other_form(source, path)
        if disk_name is not None:
            disk_names[path] = disk_name
    for item in found:
        name = _declared_name_in_folder(item.path, folders)
        if name is not None and item.path not in disk_names.values():
            disk_names[name] = item.path
    return disk_names


def _find_other_form(source: FileSource, path: str) -> str | None:
    if _is_file(source, path):
        return None
    forms = (unicodedata.normalize("NFC", path), unicodedata.normalize("NFD", path))
    return next((form for form in forms if form != path and _is_file(source, form)), None)


def _is_file(source: FileSource, path: str) -> bool:
    try:
        source.size_of(path)
    except OSError:
        return False
    return True


def _declared_name_in_folder(path: str, folders: Sequence[str]) -> str | None:
    """Return the declared name of a file whose declared folder has another Unicode form on the disk."""
    for folder in folders:
        if path.startswith(folder):
            continue
        parts, depth = path.split("/"), folder.count("/")
        parent = "/".join(parts[:depth]) + "/"
        if len(parts) > depth and normal_form(parent) == normal_form(folder):
            return folder + "/".join(parts[depth:])
    return None


def with_declared_names(found: Sequence[FoundFile], disk_names: Mapping[str, str]) -> Sequence[FoundFile]:
    """Return the found files with the names that the description uses."""
    if not disk_names:
        return found
    declared_names = {disk_name: name for name, disk_name in disk_names.items()}
    return [item._replace(path=declared_names.get(item.path, item.path)) for item in found]


def check_names(declared: Sequence[str]) -> Iterator[Finding]:
    """Report payload names that collide on some system, or that some system or program cannot handle."""
    for trouble, one, other in find_twins(declared):
        if trouble is NameTrouble.UNICODE_TWIN:
            message = f"{one!a} and {other!a} differ only in their Unicode form"
            yield finding_kinds.PAYLOAD_UNICODE_TWINS.at(message, other)
        else:
            message = f"{shown(one)} and {shown(other)} differ only in upper and lower case"
            yield finding_kinds.PAYLOAD_CASE_TWINS.at(message, other)
    for path in declared:
        reason = why_not_portable(f"data/{path}")
        if reason is not None and reason[0] is NameTrouble.NOT_UTF8:
            yield finding_kinds.PAYLOAD_NAME_NOT_UTF8.at(f"{shown(path)} {reason[1]}", path)
        elif reason is not None:
            yield finding_kinds.PAYLOAD_NAME_NOT_PORTABLE.at(f"{shown(path)} {reason[1]}", path)
        if encode_name(path) != path:
            message = f"{shown(path)} is written {shown(encode_name(path))} in the manifests"
            yield finding_kinds.PAYLOAD_NAME_ENCODED.at(message, path)
