"""Formats a package as METS: its files with digests, and its PREMIS.

The digests are those of the payload manifests, and they are not computed again. The package's own
premis.xml is embedded, where it can be, and referred to by its path and digest in any case.

Source: METS 1.12.1 (Library of Congress), "fileSec", "amdSec/digiprovMD"; PREMIS in METS guidelines (2017).
"""

from __future__ import annotations

from collections.abc import Sequence

from archtool.description.model import Description
from archtool.exports.catalogue.elements import (
    Element,
    Verbatim,
    empty,
    format_document,
    leaf,
    leaves,
    parent,
)
from archtool.exports.catalogue.record import PayloadFile, Premis, Record, relative_url
from archtool.files.hashing.digests import Algorithm, Digest

METS = "http://www.loc.gov/METS/"
DC = "http://purl.org/dc/elements/1.1/"
_NAMESPACES = {"xmlns": METS, "xmlns:xlink": "http://www.w3.org/1999/xlink", "xmlns:dc": DC}
_CHECKSUM_TYPES = {
    Algorithm.MD5: "MD5", Algorithm.SHA1: "SHA-1", Algorithm.SHA256: "SHA-256", Algorithm.SHA384: "SHA-384",
    Algorithm.SHA512: "SHA-512",
}  # fmt: skip
"""The names that METS has; a digest of another algorithm is only in the manifests and in PREMIS."""
_DESCRIBED, _EMBEDDED, _REFERRED = "description", "premis", "premis-file"


def format_mets(records: Sequence[Record]) -> str:
    """Format the record of one package; files are named by their paths in it."""
    (record,) = records
    described, premis = record.description, record.premis
    sections = [] if premis is None else _premis_sections(premis)
    names = " ".join(section.attributes["ID"] for section in sections)
    return format_document(
        parent(
            "mets", {**_NAMESPACES, "OBJID": described.id or record.name, "LABEL": described.title},
            _description(record),
            parent("amdSec", {}, sections) if sections else None,
            _files(record) if record.files else None,
            parent("structMap", {"TYPE": "physical"}, parent(
                "div", {"TYPE": "package", "LABEL": record.name, "DMDID": _DESCRIBED, "ADMID": names},
                (_pointer(file, number) for number, file in enumerate(record.files, 1)),
            )),
        )
    )  # fmt: skip


def _description(record: Record) -> Element:
    described = record.description
    inside = [leaf("dc:title", described.title), *leaves("dc:identifier", record.identifiers)]
    data = parent("mdWrap", {"MDTYPE": "DC"}, parent("xmlData", {}, inside))
    return parent("dmdSec", {"ID": _DESCRIBED}, data)


def _premis_sections(premis: Premis) -> list[Element]:
    reference = empty(
        "mdRef",
        {
            "LOCTYPE": "URL", "MDTYPE": "PREMIS", "MIMETYPE": "application/xml",
            **_link(premis.path), "SIZE": str(premis.size_bytes), **_checksum((premis.digest,)),
        },
    )  # fmt: skip
    sections = [parent("digiprovMD", {"ID": _REFERRED}, reference)]
    if premis.xml is not None:
        data = parent("mdWrap", {"MDTYPE": "PREMIS"}, parent("xmlData", {}, Verbatim(premis.xml)))
        sections.insert(0, parent("digiprovMD", {"ID": _EMBEDDED}, data))
    return sections


def _files(record: Record) -> Element:
    uses = _uses_of_texts(record.description)
    elements = (_file(file, number, uses.get(file.path)) for number, file in enumerate(record.files, 1))
    return parent("fileSec", {}, parent("fileGrp", {"USE": "payload"}, elements))


def _uses_of_texts(description: Description) -> dict[str, str]:
    """Return which of two texts is the repaired one, by their paths in the package."""
    repairs = [(part.file, repair.original) for part, repair in description.repairs()]
    uses = {f"data/{original}": "original-extraction" for _, original in repairs}
    return uses | {f"data/{copy}": "transcription" for copy, _ in repairs}


def _file(file: PayloadFile, number: int, use: str | None) -> Element:
    attributes = {
        "ID": _file_id(number),
        "USE": use,
        "MIMETYPE": file.media_type,
        "SIZE": None if file.size_bytes is None else str(file.size_bytes),
        **_checksum(file.digests),
    }
    return parent("file", attributes, empty("FLocat", {"LOCTYPE": "URL", **_link(file.path)}))


def _link(path: str) -> dict[str, str]:
    return {"xlink:type": "simple", "xlink:href": relative_url(path)}


def _pointer(file: PayloadFile, number: int) -> Element:
    return parent("div", {"TYPE": "file", "LABEL": file.path}, empty("fptr", {"FILEID": _file_id(number)}))


def _file_id(number: int) -> str:
    return f"file-{number}"


def _checksum(digests: Sequence[Digest | None]) -> dict[str, str | None]:
    known = next((one for one in digests if one is not None and one.algorithm in _CHECKSUM_TYPES), None)
    if known is None:
        return {}
    return {"CHECKSUM": known.hex, "CHECKSUMTYPE": _CHECKSUM_TYPES[known.algorithm]}
