"""Imports files as drafts: a folder for each document, complete or not at all.

A folder that exists is never written to. If it was made from the same file, it is kept, so an interrupted
import is resumed by running it again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from archtool.errors import ArchtoolError, InputError, UsageError
from archtool.files.paths import shown
from archtool.files.writing.staging import stage_beside
from archtool.files.writing.storage_errors import storage_errors
from archtool.operations.describe.draft import FILE_NAME
from archtool.operations.importing import finding_kinds
from archtool.operations.importing.documents import Document, read_documents
from archtool.operations.importing.draft_writer import DraftWriter
from archtool.operations.importing.inputs import InputFile, list_inputs
from archtool.operations.importing.names import FolderNames
from archtool.operations.importing.request import RESULT_SCHEMA, ImportRequest
from archtool.operations.open_package.enclosing_bag import refuse_inside_package
from archtool.operations.pack.targets import check_name, make_parents
from archtool.results import Result


def import_drafts(request: ImportRequest) -> Iterator[Result]:
    """Yield a result for each draft, and for each file that could not be imported.

    One named file that becomes one draft is written to the target itself; otherwise the target contains a
    folder for each draft.

    Raises:
        InputError: an input is missing, or the only one cannot be imported.
        UsageError: the target exists and cannot be resumed, or is inside a package.
        StorageError: the target cannot be written.
    """
    target = request.target
    check_name(target, None)
    refuse_inside_package(target.parent, shown(str(target)))
    _refuse_same(request)
    with ExitStack() as stack:
        inputs = list_inputs(request.inputs, target, stack)
        make_parents(target)
        if inputs.is_single:
            yield from _import_single(request, inputs.files[0])
            return
        _make_folder(target)
        if inputs.findings:
            yield Result(RESULT_SCHEMA, shown(str(target)), inputs.findings, facts={"state": "listed"})
        yield from _import_all(request, inputs.files)


def _import_single(request: ImportRequest, source: InputFile) -> Iterator[Result]:
    data = source.read()
    documents = list(read_documents(source, data, request.encoding))
    if len(documents) > 1:
        _make_folder(request.target)
        drafts = _Drafts(request)
        for document in documents:
            yield from drafts.add(source, document, data)
        yield from drafts.writer.write()
        return
    if os.path.lexists(request.target):
        raise UsageError(
            f"{shown(str(request.target))} already exists",
            hint="give the path of a new folder with -o; an existing draft is never overwritten",
        )
    with stage_beside(request.target) as stage:
        with storage_errors(request.target):
            for name, content in documents[0].files.items():
                (stage.path / name).write_bytes(content)
        stage.commit(sync=request.sync)
    yield _result(source, documents[0], request.target, "written", len(data))


def _import_all(request: ImportRequest, files: Sequence[InputFile]) -> Iterator[Result]:
    drafts = _Drafts(request)
    for source in files:
        try:
            data = source.read()
            for document in read_documents(source, data, request.encoding):
                yield from drafts.add(source, document, data)
        except InputError as error:
            yield from drafts.writer.add(_failed(source, error))
    yield from drafts.writer.write()


class _Drafts:
    """The drafts of one import, each with a name of its own."""

    def __init__(self, request: ImportRequest) -> None:
        self.writer = DraftWriter(request.target, sync=request.sync)
        self._target = request.target
        self._names = FolderNames()

    def add(self, source: InputFile, document: Document, data: bytes) -> Iterator[Result]:
        """Add a draft; yield the results that are final."""
        folder = self._target / self._names.take(document.name)
        if os.path.lexists(folder):
            yield from self.writer.add(self._existing(source, document, folder, data))
        else:
            result = _result(source, document, folder, "written", len(data))
            yield from self.writer.add(result, folder, document.files)

    def _existing(self, source: InputFile, document: Document, folder: Path, data: bytes) -> Result:
        """Return the result for a folder that exists: it is kept if it was made from the same file."""
        if _is_from_same(document, folder, data):
            return _result(source, document, folder, "kept", len(data))
        hint = f"move it away, or choose another folder than {shown(str(self._target))} with -o"
        message = f"{shown(str(folder))} exists, and was not made from this file"
        return _failed(source, InputError(message, hint=hint))


def _is_from_same(document: Document, folder: Path, data: bytes) -> bool:
    try:
        if not (folder / FILE_NAME).is_file():
            return False
        return not document.kept or (folder / document.kept).read_bytes() == data
    except OSError:
        return False


def _result(source: InputFile, document: Document, folder: Path, state: str, size_bytes: int) -> Result:
    facts = {
        "state": state,
        "draft": str(folder / FILE_NAME),
        "form": document.form,
        "placed": list(document.placed),
        "to_confirm": document.to_confirm,
        "not_placed": document.not_placed,
        "bytes": size_bytes,
    }
    return Result(RESULT_SCHEMA, source.shown_name, document.findings, facts=facts)


def _failed(source: InputFile, error: ArchtoolError) -> Result:
    finding = finding_kinds.FAILED.at(error.message, source.shown_name, hint=error.hint)
    return Result(RESULT_SCHEMA, source.shown_name, (finding,), facts={"state": "failed"})


def _refuse_same(request: ImportRequest) -> None:
    for one in request.inputs:
        if one.is_dir() and one.resolve() == request.target.resolve():
            raise UsageError(
                f"the drafts would be written among the files to import: {shown(str(request.target))}",
                hint="choose another folder with -o",
            )


def _make_folder(target: Path) -> None:
    if os.path.lexists(target) and not target.is_dir():
        raise UsageError(
            f"{shown(str(target))} is a file, not a folder", hint="give the path of a folder with -o"
        )
    with storage_errors(target):
        target.mkdir(exist_ok=True)
