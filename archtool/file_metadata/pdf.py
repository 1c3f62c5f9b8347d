"""Reads the properties of a PDF with pypdf, in a process with limited time and memory."""

from __future__ import annotations

import subprocess
import sys

from archtool.errors import InputError
from archtool.file_metadata.limits import MAX_REPLY_BYTES, PDF_SECONDS
from archtool.file_metadata.properties import FileProperties, TooSlowError, UnreadableError
from archtool.strict_json import JsonRules, parse_json

_RULES = JsonRules(MAX_REPLY_BYTES, allows_half_pairs=True)


def read_pdf_properties(data: bytes, timeout_seconds: float = PDF_SECONDS) -> FileProperties:
    """Return the properties of a PDF: those of its information dictionary, else those in XMP.

    Raises:
        UnreadableError: it is damaged, encrypted, or needs too much time (`TooSlowError`) or memory.
    """
    command = [sys.executable, "-P", "-m", "archtool.file_metadata.pdf_program"]
    try:
        run = subprocess.run(command, input=data, capture_output=True, timeout=timeout_seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise TooSlowError(f"it could not be read within {timeout_seconds:,.0f} seconds") from error
    try:
        reply = parse_json(run.stdout, "the reply", _RULES)
    except InputError as error:
        raise UnreadableError("it cannot be read") from error
    if "problem" in reply:
        raise UnreadableError(reply["problem"])
    return FileProperties(reply["values"])
