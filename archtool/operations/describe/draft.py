"""Writes a commented description template that names the existing files."""

from __future__ import annotations

import os
import re
import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.description import placeholders
from archtool.errors import InputError, UsageError
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.files.source_views import Subtree
from archtool.files.system_files import system_item
from archtool.files.tree import FileKind, Tree
from archtool.files.writing.storage_errors import storage_errors
from archtool.operations.limits import MAX_DRAFT_FILES
from archtool.operations.open_package.enclosing_bag import find_enclosing_bag
from archtool.operations.open_package.opening import open_bag
from archtool.text.file_signatures import HEAD_BYTES, recognise

FILE_NAME = "description.yaml"
_TEXTS = (".txt", ".text", ".md", ".html", ".htm", ".xml", ".tei")
_MANY_FILES = 20  # in one folder: they get one line together instead of one each
_IMAGES = (".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2", ".pdf")
_SIMPLE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._/-]*")
_SKIPPED = (".yaml", ".yml", ".json")
_NOT_TEXT = (*_IMAGES, ".doc", ".docx", ".odt", ".rtf", ".pages", ".wpd", ".zip")
_NO_TEXT_FOUND = [
    "# This folder has no text file. Save the transcription as plain text in UTF-8 (.txt) and",
    "# name it here: programs of the future may not read the files of today's word processors.",
]
_NEXT_STEP = "# Then check it with:  archtool check description.yaml"


@dataclass(frozen=True, slots=True)
class Draft:
    """A description template that was written."""

    path: Path
    text: str
    bag: Path | None = None
    """The bag that it describes, if the files are in one: it is packed with `--from-bag`."""


def draft(folder: Path, *, force: bool = False) -> Draft:
    """Write a description template for the files in a folder.

    It is written into the folder, or beside the bag if the folder is a bag or inside one: an extra file would
    make the bag invalid.

    Raises:
        InputError: there is no such folder, it has no files, or a description cannot contain a file's name.
        UsageError: the description already exists.
        StorageError: it cannot be written.
    """
    bag = _bag_of_files(folder)
    if bag is None:
        files, texts = _list_folder(folder)
        target, text = folder / FILE_NAME, format_draft(files, texts)
    else:
        files, texts = _list_payload(bag)
        target = bag.parent / f"{bag.name}.{FILE_NAME}"
        text = format_draft(files, texts, bag_name=bag.name)
    if target.exists() and not force:
        raise UsageError(
            f"the description already exists: {shown(str(target))}",
            hint="edit it, or overwrite it with --force",
        )
    with storage_errors(target):
        target.write_text(text, encoding="utf-8", newline="\n")
    return Draft(target, text, bag)


def _bag_of_files(folder: Path) -> Path | None:
    """Return the bag that a folder is or is inside of, or the archive itself; `None` if there is none."""
    real = Path(os.path.abspath(folder))  # noqa: PTH100 - a link to a bag is named as the person names it
    if real.is_file() or (real / DECLARATION_NAME).is_file():
        return folder if folder.name not in ("", "..") else real
    return find_enclosing_bag(real)


def _list_payload(bag: Path) -> tuple[list[str], list[str]]:
    with open_bag(bag) as source:
        found = [file.path for file in islice(source.walk(), MAX_DRAFT_FILES + 1)]
        if DECLARATION_NAME not in found:
            raise InputError(
                f"{shown(str(bag))} is neither a folder nor an archive of a bag",
                hint="name the folder with the document's files, or a bag",
            )
        return _select_files(Subtree(source, "data"), bag)


def _list_folder(folder: Path) -> tuple[list[str], list[str]]:
    try:
        with Tree(folder) as tree:
            return _select_files(tree, folder)
    except OSError as error:
        message = f"the folder cannot be opened: {shown(str(folder))}: {error.strerror}"
        hint = "name the folder with the document's files"
        raise cannot_read(message, error, hint=hint) from error


def _select_files(source: FileSource, folder: Path) -> tuple[list[str], list[str]]:
    """Return the files to describe, and those of them that are text."""
    found = list(islice(source.walk(), MAX_DRAFT_FILES + 1))
    if len(found) > MAX_DRAFT_FILES:
        raise InputError(f"{shown(str(folder))} contains more than {MAX_DRAFT_FILES:,} files")
    files = [f.path for f in found if f.kind is FileKind.FILE and not _is_skipped(f.path)]
    if not files:
        raise InputError(
            f"there is no file to describe in {shown(str(folder))}",
            hint="put the transcription there first",
        )
    _refuse_names_not_utf8(files)
    named = [file for file in files if file.lower().endswith(_TEXTS)]
    texts = [file for file in named or files if _is_text(source, file)]
    return files, texts if named else texts[:1]


def _is_text(source: FileSource, path: str) -> bool:
    """Return whether a file can be a transcription: a Word document is not one, whatever its name."""
    if path.lower().endswith(_NOT_TEXT):
        return False
    try:
        head = _HeadSink()
        source.stream(path, [head])
    except OSError:
        return False
    return recognise(head.data) is None and b"\0" not in head.data


class _HeadSink:
    """Keeps the first bytes of a file."""

    def __init__(self) -> None:
        self.data = b""

    def update(self, data: memoryview, /) -> None:
        """See `Sink`."""
        if len(self.data) < HEAD_BYTES:
            self.data += bytes(data[: HEAD_BYTES - len(self.data)])


def _is_skipped(path: str) -> bool:
    return path.lower().endswith(_SKIPPED) or system_item(path) is not None


def _refuse_names_not_utf8(files: Sequence[str]) -> None:
    for file in files:
        if any("\ud800" <= char <= "\udfff" for char in file):
            raise InputError(
                f"the name of a file is not UTF-8: {shown(file)}",
                hint="rename it: a description is UTF-8 text and cannot name it",
            )


def format_draft(
    files: Sequence[str], texts: Sequence[str] | None = None, bag_name: str | None = None
) -> str:
    """Return a description template that names the given files.

    `texts` are the files that can be transcriptions, by default those with the name of a text file. With
    `bag_name` the files are the payload of that bag.
    """
    texts = [f for f in files if f.lower().endswith(_TEXTS)] if texts is None else texts
    transcription, further = (texts[0], texts[1:]) if texts else (placeholders.TEXT_FILE, [])
    others = [f for f in files if f not in texts]
    return "\n".join(
        [
            _HEAD if bag_name is None else _HEAD.replace(_NEXT_STEP, _next_step_with_bag(bag_name)),
            "# The text. Other keys: id, title, credit (verbatim), method, transcribers, encoding.",
            *([] if texts else _NO_TEXT_FOUND),
            "transcription:",
            f"  - file: {_quoted(transcription)}",
            "",
            *_annexe_lines(further, transcription),
            *_file_lines(others),
            _FOOT,
        ]
    )


def _next_step_with_bag(bag_name: str) -> str:
    name = shown(bag_name)
    description, bag = shlex.quote(f"{name}.{FILE_NAME}"), shlex.quote(name)
    return (
        f"# The files are the payload of the bag {name}; their names are relative to its data/ folder.\n"
        f"# Then make a package of it with:\n"
        f"#   archtool pack {description} --from-bag {bag} -o PACKAGE"
    )


def _quoted(path: str) -> str:
    """Return a name as a YAML scalar: plain if it is simple, otherwise in double quotes."""
    if _SIMPLE_NAME.fullmatch(path):
        return path
    return '"' + "".join(_escaped(char) for char in path) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    # eight digits after \U: YAML does not allow JSON's surrogate pairs
    return char if char.isprintable() else f"\\U{ord(char):08x}"


def _annexe_lines(files: Sequence[str], transcription: str) -> list[str]:
    if not files:
        return [line.replace("FILE", _quoted(transcription)) for line in _ANNEXES_OPEN]
    lines = ["# The annexes, each with its status; these files were found beside the text.", "annexes:"]
    for i, file in enumerate(files, start=1):
        lines += [
            f"  - id: annexe-{i}",
            f"    title: {placeholders.FOUND_ANNEXE_TITLE}",
            "    status: reproduced",
            f"    file: {_quoted(file)}",
        ]
    return [*lines, ""]


def _file_lines(files: Sequence[str]) -> list[str]:
    if not files:
        return []
    lines = ["# Every other file: facsimile, derived, permission, supplement or other.", "files:"]
    for name, group in _grouped(files).items():
        role = "facsimile" if all(file.lower().endswith(_IMAGES) for file in group) else "other"
        lines.append(f"  - {{ file: {_quoted(name)}, role: {role} }}")
    return [*lines, ""]


def _grouped(files: Sequence[str]) -> dict[str, list[str]]:
    """Group the files of each top-level folder with many files; every other file is a group of its own."""
    counts = Counter(file.partition("/")[0] for file in files if "/" in file)
    groups: dict[str, list[str]] = {}
    for file in files:
        top, slash, _ = file.partition("/")
        name = f"{top}/" if slash and counts[top] >= _MANY_FILES else file
        groups.setdefault(name, []).append(file)
    return groups


_HEAD = """\
# The description of one document and its package. Replace the words in
# capitals and delete what you do not know: archtool never guesses.
# Then check it with:  archtool check description.yaml
archtool: 1

# A short identifier: letters, digits, . _ : -
# id: bureau-1932-05

title: TITLE OF THE DOCUMENT

# EDTF: 1932-05-14, 1932-05, 1932, 1932~ (about), 193X, ../1932-11-03 (not after)
# date: 1932-05

# The language of the text: fr, ru, ru-Latn … (BCP 47)
# language: fr

# Who made it. `attribution` states how certain that is, and on what evidence.
# creators:
#   - name: NAME
#     role: author
#     attribution:
#       # stated | attributed | disputed | rejected
#       status: attributed
#       # internal | external | conjecture
#       evidence: external
#       # high | medium | low | unknown
#       certainty: high
#       # ids, in this description, of the items that support it
#       basis: [annexe-1]
#       note: WHY

# original: { language: ru, signed: false }

# What THIS text was copied from: a sentence, or the fields of CSL-JSON, or a key in
# a library exported from Zotero:  { cite: KEY, library: ../library.json, pages: 3-16 }
source: "AUTHOR, TITLE, PLACE, PUBLISHER, YEAR, PAGES."

# translation: { from: ru, to: fr, credit: CREDIT LINE VERBATIM }
"""
_ANNEXES_OPEN = [
    "# The annexes. For an annexe in the same file as the text, give its lines.",
    "# annexes:",
    "#   - id: annexe-1",
    f"#     title: {placeholders.ANNEXE_TITLE}",
    "#     # reproduced | listed | not-reproduced | lost | this-document | unknown",
    "#     status: reproduced",
    "#     within: { file: FILE, from-line: 207 }",
    "#     # the number of enclosures that it states; must equal the list",
    "#     enclosures-stated: 2",
    "#     enclosures:",
    f"#       - {{ number: 1, title: {placeholders.ENCLOSURE_TITLE}, status: this-document }}",
    f"#       - {{ number: 2, title: {placeholders.ENCLOSURE_TITLE}, status: listed }}",
    "",
]
_FOOT = """\
# Files in this folder that do not belong to the package.
# left-out: ["notes/*"]

# What happened to the document before it came here, oldest first.
# custody:
#   - { event: transfer, label: WHAT HAPPENED, date: ../1932-11-03, by: NAME }

# What may be done with it, by layer: RightsStatements.org codes (InC, UND …), SPDX
# identifiers (CC0-1.0 …) or words.
# rights: { original: UND, translation: InC, package: CC0-1.0 }
"""
