"""Lists the files that a new description names, and finds those that can be transcriptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from archtool.errors import InputError
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.files.system_files import system_item
from archtool.files.tree import FileKind, Tree
from archtool.operations.limits import MAX_DRAFT_FILES
from archtool.text.file_signatures import HEAD_BYTES, recognise

TEXTS = (".txt", ".text", ".md", ".html", ".htm", ".xml", ".tei")
IMAGES = (".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2", ".pdf")
_SKIPPED = (".yaml", ".yml", ".json")
_NO_PAYLOAD = "if the bag has a fetch.txt, complete it first: archtool fetch BAG"
_NOT_TEXT = (*IMAGES, ".doc", ".docx", ".odt", ".rtf", ".pages", ".wpd", ".zip")


@dataclass(frozen=True, slots=True)
class DraftFiles:
    """The files of a document, by names relative to its folder."""

    all: Sequence[str]
    texts: Sequence[str]
    """Those that can be transcriptions."""


def open_folder(folder: Path) -> Tree:
    """Open the folder with a document's files.

    Raises:
        InputError: there is no such folder, or it cannot be opened.
    """
    try:
        return Tree(folder)
    except OSError as error:
        message = f"the folder cannot be opened: {shown(str(folder))}: {error.strerror}"
        hint = "name the folder with the document's files"
        raise cannot_read(message, error, hint=hint) from error


def select_files(source: FileSource, folder: Path, *, is_bag: bool = False) -> DraftFiles:
    """Return the files to describe; descriptions, libraries and system files of a folder are skipped.

    Raises:
        InputError: there are no files, too many, or one whose name a description cannot contain.
    """
    found = list(islice(source.walk(), MAX_DRAFT_FILES + 1))
    if len(found) > MAX_DRAFT_FILES:
        raise InputError(f"{shown(str(folder))} contains more than {MAX_DRAFT_FILES:,} files")
    skipped = () if is_bag else _SKIPPED
    files = [f.path for f in found if f.kind is FileKind.FILE and not _is_skipped(f.path, skipped)]
    if not files:
        raise InputError(
            f"there is no file to describe in {shown(str(folder))}",
            hint=_NO_PAYLOAD if is_bag else "put the transcription there first",
        )
    _refuse_names_not_utf8(files)
    named = [file for file in files if file.lower().endswith(TEXTS)]
    texts = [file for file in named or files if _is_text(source, file)]
    return DraftFiles(files, texts if named else texts[:1])


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


def _is_skipped(path: str, endings: tuple[str, ...]) -> bool:
    return path.lower().endswith(endings) or system_item(path) is not None


def _refuse_names_not_utf8(files: Sequence[str]) -> None:
    for file in files:
        if any("\ud800" <= char <= "\udfff" for char in file):
            raise InputError(
                f"the name of a file is not UTF-8: {shown(file)}",
                hint="rename it: a description is UTF-8 text and cannot name it",
            )
