"""Reads the properties of one PDF, in a separate process: pypdf can take very long, or all memory.

`python -m archtool.file_metadata.pdf_program` reads a PDF from stdin and prints one line of JSON.

Sources: ISO 32000-2 §14.3.2 (metadata streams), §14.3.3 (document information dictionary).
"""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

from archtool.file_metadata import properties
from archtool.file_metadata.limits import PDF_MEMORY_BYTES, PDF_PROCESSOR_SECONDS
from archtool.file_metadata.properties import DAMAGED, ENCRYPTED, FileProperties, UnreadableError
from archtool.file_metadata.xmp import read_xmp

_NAMES = {
    "/Title": properties.TITLE,
    "/Author": properties.AUTHOR,
    "/CreationDate": properties.CREATED,
    "/ModDate": properties.MODIFIED,
}


def main(data: bytes) -> str:
    """Return a line of JSON in every case: the stated values, or the problem."""
    logging.disable(logging.CRITICAL)
    try:
        return json.dumps({"values": dict(_read(data).values)})
    except UnreadableError as error:
        return json.dumps({"problem": str(error)})
    except MemoryError:
        return json.dumps({"problem": "it needs too much memory"})
    except Exception:  # noqa: BLE001 - a crash of the library is a result as well
        return json.dumps({"problem": DAMAGED})


def _read(data: bytes) -> FileProperties:
    """Read the information dictionary; what it lacks is taken from XMP."""
    import pypdf  # lazy: only after logging is switched off

    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise UnreadableError(ENCRYPTED)
    root: Any = reader.trailer["/Root"].get_object()
    stated = [*_information(reader.trailer.get("/Info")), *_language(root)]
    known = {name for name, _ in stated}
    return FileProperties.of([*stated, *(one for one in _xmp(root.get("/Metadata")) if one[0] not in known)])


def _information(reference: Any) -> Iterator[tuple[str, str]]:
    information = reference.get_object() if reference is not None else None
    if not isinstance(information, dict):
        return
    for key, name in _NAMES.items():
        value = information.get(key)
        value = value.get_object() if value is not None else None
        if isinstance(value, str) and value.strip():
            yield name, str(value)


def _language(root: Any) -> Iterator[tuple[str, str]]:
    language = root.get("/Lang")
    if isinstance(language, str) and language.strip():
        yield properties.LANGUAGE, str(language)


def _xmp(reference: Any) -> list[tuple[str, str]]:
    """Return the properties in XMP; none if it is damaged: the information dictionary is enough then."""
    try:
        return read_xmp(reference.get_object().get_data()) if reference is not None else []
    except UnreadableError:
        return []


def limit_resources() -> None:
    """Limit the memory and the time of this process, where the system can."""
    try:
        import resource  # lazy: Windows has none
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (PDF_MEMORY_BYTES, PDF_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PDF_PROCESSOR_SECONDS, PDF_PROCESSOR_SECONDS))


if __name__ == "__main__":
    limit_resources()
    sys.stdout.write(main(sys.stdin.buffer.read()) + "\n")
