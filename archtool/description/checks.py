"""Checks a description for contradictions in ids, inventory, folders and rights, without reading files."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from archtool.description import finding_kinds
from archtool.description.bag_info import check_bag_info
from archtool.description.inventory import check_inventory
from archtool.description.model import Creator, Description
from archtool.description.sound_parts import NO_DOUBTS, Doubts
from archtool.description.suggestions.rights_suggestions import is_known_rights, suggest_rights
from archtool.description.tag_files import check_tag_files
from archtool.findings import Finding
from archtool.nearest_names import did_you_mean, nearest_name
from archtool.schemas import SchemaPath

PlacedFinding = tuple[SchemaPath, Finding]
_TITLE_CHARS = 60  # of an annexe in a message

# the key of an annexe that a finding about the inventory refers to, and the keys that it rests on
_ABOUT = {
    finding_kinds.FILE_AND_WITHIN.code: ("file", "within"),
    finding_kinds.REPRODUCED_WHERE.code: ("file", "within", "status"),
    finding_kinds.NOT_REPRODUCED_FILE.code: ("status", "file", "within"),
    finding_kinds.LINES_BACKWARDS.code: ("within",),
    finding_kinds.COUNT_DIFFERS.code: ("enclosures-stated", "enclosures"),
    finding_kinds.NUMBER_TWICE.code: ("enclosures",),
}
_OF_ABSENCE = frozenset([finding_kinds.REPRODUCED_WHERE.code, finding_kinds.COUNT_DIFFERS.code])
"""Findings about something that is absent: it can be meant by a faulty part."""


def check_description(description: Description, doubts: Doubts = NO_DOUBTS) -> tuple[PlacedFinding, ...]:
    """Check what the schema cannot express; return each finding with the path of the value concerned.

    `doubts` are the faulty parts of the description: nothing is concluded from them.
    """
    return (
        *_check_ids(description, doubts),
        *_check_annexes(description, doubts),
        *(found for found in _check_others(description, doubts) if not doubts.concern(found[0])),
        *_check_rights(description, doubts),
    )


def _check_annexes(description: Description, doubts: Doubts) -> Iterator[PlacedFinding]:
    for place, finding in check_inventory(description):
        path, keys = annexe_path(place), _ABOUT[finding.code]
        is_doubtful = doubts.can_hide if finding.code in _OF_ABSENCE else doubts.is_faulty
        if not any(is_doubtful((*path, key)) for key in keys):
            yield (*path, keys[0]), finding


def annexe_path(place: tuple[int, ...]) -> SchemaPath:
    """Return the path of an annexe in the description from its place in the tree of annexes."""
    path: list[str | int] = ["annexes", place[0]]
    for index in place[1:]:
        path += ["enclosures", index]
    return tuple(path)


def _check_ids(description: Description, doubts: Doubts) -> Iterator[PlacedFinding]:
    given: dict[str, SchemaPath] = {}
    for name, path in _given_ids(description):
        if name in given:
            yield path, finding_kinds.ID_TWICE.at(f"the id `{name}` is given twice")
        given.setdefault(name, path)
    source = description.source
    known_elsewhere = {description.id, source.cite, source.fields.get("id")}
    for name, path in () if doubts.can_hide_ids else _used_ids(description):
        if doubts.concern(path):
            continue
        if name not in given and name not in known_elsewhere:
            yield (
                path,
                finding_kinds.ID_UNKNOWN.at(f"there is no id `{name}`", hint=_hint_for_id(name, given)),
            )


def _hint_for_id(name: str, given: Collection[str]) -> str:
    nearest = nearest_name(name, given)
    if nearest is not None:
        return did_you_mean(nearest)
    return f"existing ids: {', '.join(given) or 'none'}"


def _given_ids(description: Description) -> Iterator[tuple[str, SchemaPath]]:
    for i, part in enumerate(description.transcription):
        if part.id is not None:
            yield part.id, ("transcription", i, "id")
    for place, annexe in description.all_annexes():
        if annexe.id is not None:
            yield annexe.id, (*annexe_path(place), "id")
    for i, other in enumerate(description.files):
        if other.id is not None:
            yield other.id, ("files", i, "id")


def _used_ids(description: Description) -> Iterator[tuple[str, SchemaPath]]:
    yield from _basis_of(description.creators, ("creators",))
    for place, annexe in description.all_annexes():
        yield from _basis_of(annexe.creators, (*annexe_path(place), "creators"))
    for i, event in enumerate(description.custody):
        for j, name in enumerate(event.evidence):
            yield name, ("custody", i, "evidence", j)
    files = {*description.payload_files(), *description.payload_folders()}
    for i, other in enumerate(description.files):
        if other.of is not None:
            yield other.of, ("files", i, "of")
        if other.derived_from is not None and other.derived_from not in files:
            yield other.derived_from, ("files", i, "derived-from")


def _basis_of(creators: tuple[Creator, ...], path: SchemaPath) -> Iterator[tuple[str, SchemaPath]]:
    for i, creator in enumerate(creators):
        if creator.attribution is not None:
            for j, name in enumerate(creator.attribution.basis):
                yield name, (*path, i, "attribution", "basis", j)


def _check_others(description: Description, doubts: Doubts) -> Iterator[PlacedFinding]:
    yield from _check_folders(description)
    yield from _check_files_twice(description)
    yield from _check_repairs(description)
    yield from check_tag_files(description)
    if doubts.concern(("packager",)):  # which label it gives is not known
        description = replace(description, packager=None)
    yield from check_bag_info(description)


def _check_folders(description: Description) -> Iterator[PlacedFinding]:
    folders = {other.file: i for i, other in reversed([*enumerate(description.files)]) if other.is_folder}
    outer = ""
    for folder in sorted(folders):
        if outer and folder.startswith(outer):
            message = f"the folder `{folder}` is inside `{outer}`, which is declared as well"
            yield ("files", folders[folder], "file"), finding_kinds.FOLDER_NESTED.at(message)
        else:
            outer = folder


def _check_files_twice(description: Description) -> Iterator[PlacedFinding]:
    """Report each file that is declared again; annexes that share a file have `within`."""
    first: dict[str, tuple[str, str | None]] = {}
    """The first use of each file, and the id of the part that it is about."""
    for path, file, use, of in _file_uses(description):
        if not file or not use:  # it has a fault
            continue
        if file not in first:
            first[file] = (use, of)
            continue
        earlier_use, earlier_of = first[file]
        is_about_both = of is not None and earlier_of is not None and of != earlier_of
        if not is_about_both:
            message = f"`{file}` is declared twice: as {earlier_use} and as {use}"
            yield path, finding_kinds.FILE_TWICE.at(message)


def _file_uses(description: Description) -> Iterator[tuple[SchemaPath, str, str, str | None]]:
    """Yield for each file declared by its name the path of the name, the file, its use, and `of`."""
    for i, part in enumerate(description.transcription):
        yield ("transcription", i, "file"), part.file, "transcription", None
    originals: set[str] = set()
    for i, part in enumerate(description.transcription):
        original = part.repair.original if part.repair is not None else None
        if original is not None and original not in originals:  # two copies can have one original
            originals.add(original)
            path: SchemaPath = ("transcription", i, "repair", "original")
            yield path, original, "the original of a repair", None
    for place, annexe in description.all_annexes():
        if annexe.file is not None:
            yield (*annexe_path(place), "file"), annexe.file, f"annexe “{annexe.title[:_TITLE_CHARS]}”", None
    for i, other in enumerate(description.files):
        if not other.is_folder:
            yield ("files", i, "file"), other.file, other.role, other.of


def _check_repairs(description: Description) -> Iterator[PlacedFinding]:
    """Report repairs whose files are not three, and copies with an encoding or with two repairs."""
    copies: set[str] = set()
    for i, part in enumerate(description.transcription):
        repair = part.repair
        if repair is None or not part.file:  # it has a fault
            continue
        path: SchemaPath = ("transcription", i, "repair")
        if repair.original == part.file:
            message = f"`{part.file}` is both the repaired copy and its original"
            yield (*path, "original"), finding_kinds.REPAIR_FILES.at(message)
        if repair.changes in (part.file, repair.original):
            message = f"`{repair.changes}` is both a text and its change log"
            yield (*path, "changes"), finding_kinds.REPAIR_FILES.at(message)
        if part.file in copies:
            yield path, finding_kinds.REPAIR_FILES.at(f"`{part.file}` is the copy of two repairs")
        copies.add(part.file)
        if part.encoding is not None:
            message = f"`{part.encoding}` is declared for `{part.file}`, a repaired copy"
            yield ("transcription", i, "encoding"), finding_kinds.REPAIR_ENCODING.at(message)


def _check_rights(description: Description, doubts: Doubts) -> Iterator[PlacedFinding]:
    if not description.rights and not doubts.can_hide(("rights",)):
        yield ("rights",), finding_kinds.RIGHTS_MISSING.at("no rights are stated")
    for layer in description.rights:
        if doubts.concern(("rights", layer.layer)):
            continue
        statement = layer.statement
        if not is_known_rights(statement) and " " not in statement:
            message = f"{statement!r} is neither a known identifier nor a sentence"
            hint = suggest_rights(statement)
            yield ("rights", layer.layer), finding_kinds.RIGHTS_UNKNOWN.at(message, hint=hint)
