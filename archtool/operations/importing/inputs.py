"""Lists the files to import: those that are named, and those of known kinds in folders that are named."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.errors import InputError, StorageError
from archtool.files.file_kinds import FileKind
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shell_word, shown
from archtool.files.system_files import system_item
from archtool.files.tree import Tree
from archtool.files.writing.leftovers import is_staged
from archtool.findings import Finding
from archtool.operations.describe.draft_files import open_folder
from archtool.operations.describe.inputs import read_input
from archtool.operations.importing import finding_kinds
from archtool.operations.importing.limits import MAX_FILES
from archtool.operations.importing.reading import Form, form_of_name
from archtool.pages.limits import MAX_PAGE_BYTES
from archtool.records.limits import MAX_RECORDS_BYTES
from archtool.report.numbers import counted

_NAMED = 5  # skipped files that are named


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to import."""

    shown_name: str
    """As it is shown: the path that was named, or below the folder that was named."""
    path: str
    """Its name, with the folders below the folder that was named."""
    place: Tree | Path
    """The folder that contains it; the file if it was named itself."""

    @property
    def name(self) -> str:
        """Its name without folders."""
        return self.path.rpartition("/")[2]

    @property
    def limit_bytes(self) -> int:
        """How large it can be."""
        return MAX_PAGE_BYTES if form_of_name(self.name) is Form.PAGE else MAX_RECORDS_BYTES

    def read(self) -> bytes:
        """Return its bytes.

        Raises:
            InputError: it cannot be read, or is too large.
            StorageError: the system failed while it was read.
        """
        self._refuse_large()
        if isinstance(self.place, Path):
            return read_input(self.place, self.limit_bytes, "the file to import")
        try:
            return self.place.read_bytes(self.path, self.limit_bytes)
        except OSError as error:
            message = f"the file to import cannot be read: {self.shown_name}: {error.strerror}"
            if isinstance(error, FileNotFoundError) or error.errno is None:
                raise InputError(message, hint="it disappeared during the import") from error
            hint = "give this file by itself if it is meant" if error.errno else None
            raise cannot_read(message, error, hint=hint) from error

    def _refuse_large(self) -> None:
        size_bytes = 0
        with suppress(OSError, ValueError):  # reading it then reports the reason
            if isinstance(self.place, Path):
                size_bytes = self.place.stat().st_size
            else:
                size_bytes = self.place.size_of(self.path)
        if size_bytes > self.limit_bytes:
            message = f"{self.shown_name} has {size_bytes:,} bytes; at most {self.limit_bytes:,} are imported"
            raise InputError(message, hint="split it, or extract the text by hand and run: archtool new DIR")


@dataclass(frozen=True, slots=True)
class Inputs:
    """All files to import, and what was skipped."""

    files: Sequence[InputFile]
    findings: tuple[Finding, ...] = ()
    is_single: bool = False
    """Whether one file was named and no folder."""


def list_inputs(named: Sequence[Path], output: Path, stack: ExitStack) -> Inputs:
    """List the files; the folders stay open until the stack is closed.

    Raises:
        InputError: a name is missing, a folder has no file to import, or there are too many.
    """
    files: list[InputFile] = []
    findings: list[Finding] = []
    folders = 0
    for one in named:
        if one.is_dir():
            folders += 1
            _refuse_bag(one)
            found, skipped = _files_in(stack.enter_context(open_folder(one)), one, output)
            findings += skipped
            files += found
        else:
            files.append(InputFile(shown(str(one)), os.path.basename(one), one))  # noqa: PTH119 - `..` too
    if len(files) > MAX_FILES:
        raise InputError(
            f"{len(files):,} files are more than the {MAX_FILES:,} of one import",
            hint="import one folder after the other",
        )
    return Inputs(files, tuple(findings), is_single=len(files) == 1 and not folders)


def _refuse_bag(folder: Path) -> None:
    """Refuse a bag: its metadata would be read as if it were records.

    Raises:
        InputError: the folder is a bag.
    """
    if (folder / DECLARATION_NAME).is_file():
        bag, data = shell_word(str(folder)), shell_word(str(folder / "data"))
        raise InputError(
            f"{shown(str(folder))} is a bag, and its metadata is not to be imported",
            hint=f"to describe the bag, run: archtool new --from-bag {bag}; to import pages that are in it,"
            f" name its folder {data}",
        )


def _files_in(tree: Tree, folder: Path, output: Path) -> tuple[list[InputFile], list[Finding]]:
    files: list[InputFile] = []
    skipped: list[str] = []
    for found in tree.walk(excluded=_inside(output, folder)):
        if found.kind is FileKind.UNREADABLE:
            raise StorageError(
                f"the folder cannot be read: {shown(str(folder / found.path))}: {found.problem}"
            )
        if found.kind is not FileKind.FILE or form_of_name(found.path.rpartition("/")[2]) is None:
            skipped += [found.path] if system_item(found.path) is None else []
        elif not any(is_staged(part) for part in found.path.split("/")):
            files.append(InputFile(shown(str(folder / found.path)), found.path, tree))
    if not files:
        raise InputError(
            f"{shown(str(folder))} contains no file that can be imported",
            hint="pages end in .html or .htm, records in .xml, .bib, .ris or .json; to describe a folder of"
            f" other files, run: archtool new {shell_word(str(folder))}",
        )
    files.sort(key=lambda one: one.path)
    return files, list(_skipped(skipped, folder))


def _inside(output: Path, folder: Path) -> tuple[str, ...]:
    inner, outer = output.resolve(), folder.resolve()
    return (inner.relative_to(outer).as_posix(),) if inner != outer and inner.is_relative_to(outer) else ()


def _skipped(paths: list[str], folder: Path) -> Iterator[Finding]:
    if paths:
        names = ", ".join(shown(path) for path in paths[:_NAMED])
        more = " …" if len(paths) > _NAMED else ""
        files = f"{counted(len(paths), 'file')} in {shown(str(folder))}"
        message = f"{files} not imported (only pages and records are, and no links): {names}{more}"
        yield finding_kinds.SKIPPED.at(message, shown(str(folder)))
