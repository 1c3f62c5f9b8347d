"""Reads the archivist's own tag files, and writes the placeholders that keep empty folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archtool.description.model import Description
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.hashing.file_record import FileRecord
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.operations.limits import MAX_OWN_TAG_BYTES
from archtool.operations.pack.compose import Files
from archtool.operations.pack.copy_payload import PayloadSource
from archtool.operations.pack.destination import Destination
from archtool.operations.repaired_texts.reading import NO_LOGS
from archtool.operations.repaired_texts.repaired_text import log_path
from archtool.operations.sources.survey import Survey


def read_tag_files(
    description: Description, survey: Survey, source: PayloadSource, logs: Mapping[str, bytes] = NO_LOGS.logs
) -> Files:
    """Return the bytes of each tag file, by its path in the package.

    `logs` are the change logs of repaired texts that were read already, by their paths in the package.

    Raises:
        InputError: a file cannot be read, or has become too large.
        SourceChangedError: it changed while being read.
    """
    view = survey.view(source.tag_files)
    wanted = {tag_file.path: tag_file.file for tag_file in description.tag_files}
    wanted |= {log_path(part.file): repair.changes for part, repair in description.repairs()}
    contents: Files = {}
    for path in dict.fromkeys(file for own, file in wanted.items() if own not in logs):
        try:
            contents[path] = view.read_bytes(path, MAX_OWN_TAG_BYTES)
        except OSError as error:
            raise cannot_read(
                f"{shown(path)} cannot be read: {error.strerror or error}",
                error,
                hint="check the file and its permissions; nothing was written",
            ) from error
    return {path: logs[path] if path in logs else contents[file] for path, file in wanted.items()}


def write_placeholders(
    destination: Destination, algorithms: Sequence[Algorithm], survey: Survey
) -> list[FileRecord]:
    """Write an empty file into each empty folder that is kept; return the records of these files."""
    digests = tuple(digest_bytes(algorithm, b"") for algorithm in algorithms)
    for path in survey.placeholders:
        destination.write(f"data/{path}", b"")
    return [FileRecord(f"data/{path}", 0, digests) for path in survey.placeholders]
