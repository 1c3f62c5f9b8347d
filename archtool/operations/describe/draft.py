"""Writes a commented description to fill in, from the files that are there."""

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
from archtool.files.writing.storage_errors import storing
from archtool.operations.open_package.opening import open_bag
from archtool.text.file_signatures import HEAD_BYTES, recognise

FILE_NAME = "description.yaml"
MAX_DRAFT_FILES = 10_000  # a description that names more was not written by hand
_TEXTS = (".txt", ".text", ".md", ".html", ".htm", ".xml", ".tei")
_MANY_FILES = 20  # in one folder: nobody wants to read, or to fill in, a line for each
_IMAGES = (".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2", ".pdf")
_SIMPLE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._/-]*")
_SKIPPED = (".yaml", ".yml", ".json")
_NO_TEXTS = (*_IMAGES, ".doc", ".docx", ".odt", ".rtf", ".pages", ".wpd", ".zip")
_NO_TEXT_THERE = [
    "# No text file lies here. Save the transcription as plain text in UTF-8 (.txt) and name it:",
    "# the file of a word processor is no text that can be read for ever.",
]
_THEN = "# Then look at it with:  archtool check description.yaml"


@dataclass(frozen=True, slots=True)
class Draft:
    """A description that was written, to be filled in."""

    path: Path
    text: str
    bag: Path | None = None
    """The bag that it describes, where the files lie in one: it is packed with `--from-bag`."""


def draft(folder: Path, *, force: bool = False) -> Draft:
    """Write a description of the files in a folder: into it, or beside it where it is a bag or lies in one.

    Nothing is ever written into a bag: that would be one file too many in it.

    Raises:
        InputError: no such folder, nothing in it, or a name that no description can hold.
        UsageError: there is a description already.
        StorageError: it cannot be written.
    """
    bag = _bag_around(folder)
    if bag is None:
        files, texts = _files_of(folder)
        target, text = folder / FILE_NAME, format_draft(files, texts)
    else:
        files, texts = _payload_of(bag)
        target = bag.parent / f"{bag.name}.{FILE_NAME}"
        text = format_draft(files, texts, bag_name=bag.name)
    if target.exists() and not force:
        raise UsageError(
            f"there is a description already: {shown(str(target))}",
            hint="edit it, or write a new one over it with --force",
        )
    with storing(target):
        target.write_text(text, encoding="utf-8", newline="\n")
    return Draft(target, text, bag)


def _bag_around(folder: Path) -> Path | None:
    """The bag that a folder is or lies in, or that an archive holds; `None` where there is none."""
    real = Path(os.path.abspath(folder))  # noqa: PTH100 - a link to a bag is named as the person names it
    if real.is_file() or (real / DECLARATION_NAME).is_file():
        return folder if folder.name not in ("", "..") else real
    return next((path for path in (real, *real.parents) if (path / DECLARATION_NAME).is_file()), None)


def _payload_of(bag: Path) -> tuple[list[str], list[str]]:
    with open_bag(bag) as source:
        found = [file.path for file in islice(source.walk(), MAX_DRAFT_FILES + 1)]
        if DECLARATION_NAME not in found:
            raise InputError(
                f"{shown(str(bag))} is neither a folder nor an archive of a bag",
                hint="name the folder that holds the document's files, or a bag",
            )
        return _choose(Subtree(source, "data"), bag)


def _files_of(folder: Path) -> tuple[list[str], list[str]]:
    try:
        with Tree(folder) as tree:
            return _choose(tree, folder)
    except OSError as error:
        message = f"the folder cannot be opened: {shown(str(folder))}: {error.strerror}"
        hint = "name the folder that holds the document's files"
        raise cannot_read(message, error, hint=hint) from error


def _choose(source: FileSource, folder: Path) -> tuple[list[str], list[str]]:
    """The files to describe, and those of them that are text."""
    found = list(islice(source.walk(), MAX_DRAFT_FILES + 1))
    if len(found) > MAX_DRAFT_FILES:
        raise InputError(f"{shown(str(folder))} holds more than {MAX_DRAFT_FILES:,} files")
    files = [f.path for f in found if f.kind is FileKind.FILE and not _is_skipped(f.path)]
    if not files:
        raise InputError(
            f"there is no file to describe in {shown(str(folder))}",
            hint="put the transcription there first",
        )
    _refuse_odd_bytes(files)
    named = [file for file in files if file.lower().endswith(_TEXTS)]
    texts = [file for file in named or files if _is_text(source, file)]
    return files, texts if named else texts[:1]


def _is_text(source: FileSource, path: str) -> bool:
    """Whether a file may be a transcription: a Word document is none, whatever it is called."""
    if path.lower().endswith(_NO_TEXTS):
        return False
    try:
        head = _Head()
        source.stream(path, [head])
    except OSError:
        return False
    return recognise(head.data) is None and b"\0" not in head.data


class _Head:
    """Keeps the first bytes of a file."""

    def __init__(self) -> None:
        self.data = b""

    def update(self, data: memoryview, /) -> None:
        """See `Sink`."""
        if len(self.data) < HEAD_BYTES:
            self.data += bytes(data[: HEAD_BYTES - len(self.data)])


def _is_skipped(path: str) -> bool:
    return path.lower().endswith(_SKIPPED) or system_item(path) is not None


def _refuse_odd_bytes(files: Sequence[str]) -> None:
    for file in files:
        if any("\ud800" <= char <= "\udfff" for char in file):
            raise InputError(
                f"the name of a file is not UTF-8: {shown(file)}",
                hint="rename it: a description is UTF-8 text and cannot name it",
            )


def format_draft(
    files: Sequence[str], texts: Sequence[str] | None = None, bag_name: str | None = None
) -> str:
    """The text of a description that names these files and leaves the rest to be filled in.

    `texts` are those that may be transcriptions, by default those that are named like text files. With
    `bag_name` the files are the payload of that bag.
    """
    texts = [f for f in files if f.lower().endswith(_TEXTS)] if texts is None else texts
    transcription, further = (texts[0], texts[1:]) if texts else (placeholders.TEXT_FILE, [])
    others = [f for f in files if f not in texts]
    return "\n".join(
        [
            _HEAD if bag_name is None else _HEAD.replace(_THEN, _then_from_bag(bag_name)),
            "# The text. Other keys: id, title, credit (verbatim), method, transcribers, encoding.",
            *([] if texts else _NO_TEXT_THERE),
            "transcription:",
            f"  - file: {_quoted(transcription)}",
            "",
            *_annexe_lines(further, transcription),
            *_file_lines(others),
            _FOOT,
        ]
    )


def _then_from_bag(bag_name: str) -> str:
    name = shown(bag_name)
    description, bag = shlex.quote(f"{name}.{FILE_NAME}"), shlex.quote(name)
    return (
        f"# The files are the payload of the bag {name}: their names count from its data/ folder.\n"
        f"# Then make a package of it with:\n"
        f"#   archtool pack {description} --from-bag {bag} -o PACKAGE"
    )


def _quoted(path: str) -> str:
    """A name as YAML reads it back: plain where it is simple, in double quotes otherwise."""
    if _SIMPLE_NAME.fullmatch(path):
        return path
    return '"' + "".join(_in_quotes(char) for char in path) + '"'


def _in_quotes(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    # \U takes eight digits; JSON's pairs of surrogates are no YAML
    return char if char.isprintable() else f"\\U{ord(char):08x}"


def _annexe_lines(files: Sequence[str], transcription: str) -> list[str]:
    if not files:
        return [line.replace("FILE", _quoted(transcription)) for line in _ANNEXES_OPEN]
    lines = ["# The annexes, each with its state; these files were found beside the text.", "annexes:"]
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
    for name, inside in _grouped(files).items():
        role = "facsimile" if all(file.lower().endswith(_IMAGES) for file in inside) else "other"
        lines.append(f"  - {{ file: {_quoted(name)}, role: {role} }}")
    return [*lines, ""]


def _grouped(files: Sequence[str]) -> dict[str, list[str]]:
    """The files below each folder that holds many of them; every other file for itself."""
    below = Counter(file.partition("/")[0] for file in files if "/" in file)
    groups: dict[str, list[str]] = {}
    for file in files:
        top, slash, _ = file.partition("/")
        name = f"{top}/" if slash and below[top] >= _MANY_FILES else file
        groups.setdefault(name, []).append(file)
    return groups


_HEAD = """\
# The description of one document and its package. Fill in what stands in
# capitals, take away what you do not know: nothing is ever guessed.
# Then look at it with:  archtool check description.yaml
archtool: 1

# A short identifier: letters, digits, . _ : -
# id: bureau-1932-05

title: TITLE OF THE DOCUMENT

# EDTF: 1932-05-14, 1932-05, 1932, 1932~ (about), 193X, ../1932-11-03 (not after)
# date: 1932-05

# The language of the text: fr, ru, ru-Latn … (BCP 47)
# language: fr

# Who made it. `attribution` says how firmly, and on what evidence.
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
#       # ids, in this description, of what says so
#       basis: [annexe-1]
#       note: WHY

# original: { language: ru, signed: false }

# What THIS text was taken from: words, or the fields of CSL-JSON, or a key into
# a library that Zotero exported:  { cite: KEY, library: ../library.json, pages: 3-16 }
source: "AUTHOR, TITLE, PLACE, PUBLISHER, YEAR, PAGES."

# translation: { from: ru, to: fr, credit: CREDIT LINE VERBATIM }
"""
_ANNEXES_OPEN = [
    "# The annexes. One that stands in the same file as the text is found by its lines.",
    "# annexes:",
    "#   - id: annexe-1",
    f"#     title: {placeholders.ANNEXE_TITLE}",
    "#     # reproduced | listed | not-reproduced | lost | this-document | unknown",
    "#     status: reproduced",
    "#     within: { file: FILE, from-line: 207 }",
    "#     # how many enclosures it says it has; must equal the list",
    "#     enclosures-stated: 2",
    "#     enclosures:",
    f"#       - {{ number: 1, title: {placeholders.ENCLOSURE_TITLE}, status: this-document }}",
    f"#       - {{ number: 2, title: {placeholders.ENCLOSURE_TITLE}, status: listed }}",
    "",
]
_FOOT = """\
# What lies in this folder and does not belong to the package.
# left-out: ["notes/*"]

# What happened to the document on its way here, oldest first.
# custody:
#   - { event: transfer, label: WHAT HAPPENED, date: ../1932-11-03, by: NAME }

# What may be done with it, by layer: RightsStatements.org codes (InC, UND …), SPDX
# identifiers (CC0-1.0 …) or words.
# rights: { original: UND, translation: InC, package: CC0-1.0 }
"""
