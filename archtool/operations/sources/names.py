"""Names of source files: which one on the disk a declared one means, and which some system cannot hold."""

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
    """Declared names that lie on the disk in another Unicode form (NFC, NFD), each with its name there.

    `source` is given where `found` is not the whole folder: both forms are tried there then.
    """
    declared = [path for path in description.payload_files() if not path.isascii()]
    folders = [path for path in description.payload_folders() if not path.isascii()]
    if not declared and not folders:  # nearly always
        return {}
    there = {item.path for item in found}
    by_form = {normal_form(item.path): item.path for item in found if item.kind is FileKind.FILE}
    aliases: dict[str, str] = {}
    for path in declared:
        real = by_form.get(normal_form(path)) if path not in there else None
        if real is None and source is not None:
            real = _other_form(source, path)
        if real is not None:
            aliases[path] = real
    for item in found:
        name = _name_in_folder(item.path, folders)
        if name is not None and item.path not in aliases.values():
            aliases[name] = item.path
    return aliases


def _other_form(source: FileSource, path: str) -> str | None:
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


def _name_in_folder(path: str, folders: Sequence[str]) -> str | None:
    """The name of a file in a declared folder that has another Unicode form on the disk."""
    for folder in folders:
        if path.startswith(folder):
            continue
        parts, depth = path.split("/"), folder.count("/")
        above = "/".join(parts[:depth]) + "/"
        if len(parts) > depth and normal_form(above) == normal_form(folder):
            return folder + "/".join(parts[depth:])
    return None


def renamed(found: Sequence[FoundFile], aliases: Mapping[str, str]) -> Sequence[FoundFile]:
    """What was found, by the names of the description."""
    if not aliases:
        return found
    shown_as = {real: name for name, real in aliases.items()}
    return [item._replace(path=shown_as.get(item.path, item.path)) for item in found]


def check_names(declared: Sequence[str]) -> Iterator[Finding]:
    """Names in the payload that get into each other's way, or that some system or program cannot hold."""
    for trouble, one, other in find_twins(declared):
        if trouble is NameTrouble.UNICODE_TWIN:
            message = f"{one!a} and {other!a} differ only by their Unicode form"
            yield finding_kinds.PAYLOAD_UNICODE_TWINS.at(message, other)
        else:
            message = f"{shown(one)} and {shown(other)} differ only by upper and lower case"
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
