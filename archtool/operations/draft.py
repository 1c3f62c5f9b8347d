"""Writes a commented description to fill in, from the files that are there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from archtool.errors import InputError, StorageError, UsageError
from archtool.fixity.paths import shown
from archtool.fixity.tree import FileKind, Tree
from archtool.operations.sources import SYSTEM_FILES

FILE_NAME = "description.yaml"
MAX_DRAFT_FILES = 10_000  # a description that names more was not written by hand
_TEXTS = (".txt", ".md", ".html", ".htm", ".xml", ".tei", ".rtf", ".odt", ".docx")
_MANY_FILES = 20  # in one folder: nobody wants to read, or to fill in, a line for each
_IMAGES = (".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2", ".pdf")
_SIMPLE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._/-]*")
_SKIPPED = (".yaml", ".yml", ".json")


def draft(folder: Path, *, force: bool = False) -> tuple[Path, str]:
    """Write `description.yaml` into a folder; give its path and its text.

    Raises:
        InputError: no such folder, nothing in it, or a name that no description can hold.
        UsageError: there is a description already.
        StorageError: it cannot be written.
    """
    files = _files_of(folder)
    target = folder / FILE_NAME
    if target.exists() and not force:
        raise UsageError(
            f"there is a description already: {shown(str(target))}",
            hint="edit it, or write a new one over it with --force",
        )
    text = format_draft(files)
    try:
        target.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise StorageError(f"cannot write {shown(str(target))}: {error.strerror}") from error
    return target, text


def _files_of(folder: Path) -> list[str]:
    try:
        with Tree(folder) as tree:
            found = list(islice(tree.walk(), MAX_DRAFT_FILES + 1))
    except OSError as error:
        raise InputError(
            f"the folder cannot be opened: {shown(str(folder))}: {error.strerror}",
            hint="name the folder that holds the document's files",
        ) from error
    if len(found) > MAX_DRAFT_FILES:
        raise InputError(f"{shown(str(folder))} holds more than {MAX_DRAFT_FILES:,} files")
    files = [f.path for f in found if f.kind is FileKind.FILE and not _is_skipped(f.path)]
    if not files:
        raise InputError(
            f"there is no file to describe in {shown(str(folder))}",
            hint="put the transcription there first",
        )
    _refuse_odd_bytes(files)
    return files


def _is_skipped(path: str) -> bool:
    return path.lower().endswith(_SKIPPED) or path.rpartition("/")[2] in SYSTEM_FILES


def _refuse_odd_bytes(files: Sequence[str]) -> None:
    for file in files:
        if any("\ud800" <= char <= "\udfff" for char in file):
            raise InputError(
                f"the name of a file is not UTF-8: {shown(file)}",
                hint="rename it: a description is UTF-8 text and cannot name it",
            )


def format_draft(files: Sequence[str]) -> str:
    """The text of a description that names these files and leaves the rest to be filled in."""
    texts = [f for f in files if f.lower().endswith(_TEXTS)] or list(files[:1])
    transcription, further = texts[0], texts[1:]
    others = [f for f in files if f not in texts]
    return "\n".join(
        [
            _HEAD,
            "# The text. Other keys: id, title, credit (verbatim), method, transcribers, encoding.",
            "transcription:",
            f"  - file: {_quoted(transcription)}",
            "",
            *_annexe_lines(further, transcription),
            *_file_lines(others),
            _FOOT,
        ]
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
            "    title: TITLE OF THIS ANNEXE",
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
#       status: attributed      # stated | attributed | disputed | rejected
#       evidence: external      # internal | external | conjecture
#       certainty: high         # high | medium | low | unknown
#       basis: [annexe-1]       # ids, in this description, of what says so
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
    "#     title: TITLE OF THE ANNEXE",
    "#     status: reproduced      # listed | not-reproduced | lost | this-document | unknown",
    "#     within: { file: FILE, from-line: 207 }",
    "#     enclosures-stated: 2    # how many it says it has; must equal the list",
    "#     enclosures:",
    "#       - { number: 1, title: TITLE, status: this-document }",
    "#       - { number: 2, title: TITLE, status: listed }",
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
