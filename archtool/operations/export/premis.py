"""Reads the premis.xml of a package for METS, and decides whether it can be embedded."""

from __future__ import annotations

from xml.parsers import expat

from archtool.exports.catalogue.record import Premis
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.operations.content.package_reader import OpenPackage
from archtool.operations.open_package.package_paths import PREMIS_PATH

_NAMESPACE = "http://www.loc.gov/premis/v3"
_SEPARATOR = " "


class _RefusedError(Exception):
    """The document is not PREMIS that another document can contain."""


def read_premis(package: OpenPackage) -> Premis | None:
    """Return the package's PREMIS; `None` if it has none.

    The digest is computed from the bytes that were read.
    """
    data = package.metadata.files.get(PREMIS_PATH)
    if data is None:
        return None
    agrees = not package.check_bytes_read(PREMIS_PATH)
    digest = digest_bytes(Algorithm.SHA512, data)
    return Premis(PREMIS_PATH, len(data), digest, _root_element(data) if agrees else None)


def _root_element(data: bytes) -> str | None:
    """Return the root element of a PREMIS document as text; `None` if it cannot be embedded.

    A document type can define entities, and attributes with defaults, which its new place would not have. In
    comments, CDATA sections and names, characters cannot be written as references.
    """
    starts: list[int] = []
    parser = expat.ParserCreate("utf-8", _SEPARATOR)

    def start(name: str, attributes: dict[str, str]) -> None:
        if not starts:
            starts.append(parser.CurrentByteIndex)
            if name != f"{_NAMESPACE}{_SEPARATOR}premis":
                raise _RefusedError
        if not (name.isascii() and all(map(str.isascii, attributes))):
            raise _RefusedError

    def refuse(*_: object) -> None:
        raise _RefusedError

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    parser.CommentHandler = refuse
    parser.StartCdataSectionHandler = refuse
    try:
        parser.Parse(data, True)
        return data[starts[0] :].decode("utf-8").rstrip()
    except (expat.ExpatError, _RefusedError, UnicodeDecodeError):
        return None
