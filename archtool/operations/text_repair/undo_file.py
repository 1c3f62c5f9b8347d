"""Undoes the repair of a text: the change log leads from the copy back to the original file."""

from __future__ import annotations

from pathlib import Path

from archtool.files.named_files import read_input
from archtool.files.paths import shown
from archtool.text.repairing.change_log import ChangeLog, ChangeLogError, undo
from archtool.text.repairing.change_log_file import parse_change_log
from archtool.text.repairing.limits import MAX_CHANGE_LOG_BYTES, MAX_REPAIRED_BYTES

_HINT = "name the copy and the log that were written together; an edited copy cannot be undone"


def undo_file(copy: Path, log: Path) -> tuple[ChangeLog, bytes]:
    """Return the log and the original file, byte for byte; nothing is written.

    Raises:
        InputError: a file cannot be read, or the log does not fit the copy.
    """
    data = read_input(copy, MAX_REPAIRED_BYTES, "the repaired copy")
    log_data = read_input(log, MAX_CHANGE_LOG_BYTES, "the change log")
    try:
        named = log
        parsed = parse_change_log(log_data)
        named = copy
        return parsed, undo(parsed, data)
    except ChangeLogError as error:
        raise ChangeLogError(f"{shown(str(named))}: {error.message}", hint=_HINT) from None
