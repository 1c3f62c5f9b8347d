"""Finds files and folders in a PREMIS document without building a tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

from archtool.errors import InputError
from archtool.provenance.limits import MAX_XML_DEPTH
from archtool.xml_text import unescape_text

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

_PIECE_BYTES = 1024 * 1024

_HINT = "restore this file from another copy of the package"
PREMIS_NAMESPACE = "http://www.loc.gov/premis/v3"
_TYPE = "http://www.w3.org/2001/XMLSchema-instance type"
_OF_FILES = frozenset(
    f"{PREMIS_NAMESPACE} {name}"
    for name in ("messageDigestAlgorithm", "messageDigest", "contentLocationValue")
)
_OF_FOLDERS = frozenset(
    f"{PREMIS_NAMESPACE} {name}" for name in ("significantPropertiesType", "significantPropertiesValue")
)

PremisFile = tuple[str, tuple[str, ...]]
"""A path and its digests as `algorithm:value`; for a folder (`…/`) the digests of its manifest lines."""


def files_of_premis(data: bytes) -> tuple[PremisFile, ...]:
    """Return the path and the digests, as written, of every file object and every folder.

    Raises:
        InputError: a document type is declared, not well-formed, nested too deeply, not PREMIS 3, or a
            file object has no path.
    """
    parser = new_parser()
    reader = _Reader(parser)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    for _ in parse_in_pieces(parser, data):
        pass
    return tuple(reader.files)


def new_parser() -> XMLParserType:
    """Return a namespace-aware XML parser for UTF-8 that refuses a document type.

    The encoding is fixed, so that an XML declaration cannot change the meaning of the bytes.
    """
    from xml.parsers import expat  # lazy: 1 ms, unchanged PREMIS is not parsed

    parser = expat.ParserCreate("utf-8", " ")
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.buffer_text = True
    return parser


def parse_in_pieces(parser: XMLParserType, data: bytes) -> Iterator[None]:
    """Parse a document in pieces; after each piece the caller can process what its handlers collected.

    Raises:
        InputError: not well-formed, or refused by a handler.
    """
    from xml.parsers import expat  # lazy: 1 ms, unchanged PREMIS is not parsed

    try:
        for start in range(0, len(data), _PIECE_BYTES):
            parser.Parse(data[start : start + _PIECE_BYTES], False)
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise InputError(f"not well-formed XML: premis.xml: {error}", hint=_HINT) from None
    yield


def _refuse_document_type(*_: object) -> NoReturn:
    raise InputError(
        "premis.xml declares a document type, which PREMIS does not need and attacks use",
        hint=_HINT,
    )


class _Reader:
    """Handles XML events; reads only the texts of the wanted elements in the open object."""

    def __init__(self, parser: XMLParserType) -> None:
        self.files: list[PremisFile] = []
        self._parser = parser
        self._depth = 0
        self._listening = 0
        """The number of wanted elements that are open; in files that archtool writes, at most one."""
        self._wanted: frozenset[str] = frozenset()
        """The names of the elements whose text is read in the open object."""
        self._texts: list[str] = []
        self._path: str | None = None
        self._named = ""
        """The algorithm of the next digest, or the name of the next property."""
        self._digests: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_XML_DEPTH:
            raise InputError(f"premis.xml nests deeper than {MAX_XML_DEPTH} elements", hint=_HINT)
        if self._depth == 1 and not name.startswith(f"{PREMIS_NAMESPACE} "):
            raise InputError(f"not PREMIS 3: premis.xml: the root element is {name[:80]!r}", hint=_HINT)
        if name == f"{PREMIS_NAMESPACE} object":
            is_file = attributes.get(_TYPE, "").rpartition(":")[2] == "file"
            self._wanted = _OF_FILES if is_file else _OF_FOLDERS
            self._path, self._digests = None, []
        elif name in self._wanted:
            self._listening += 1
            self._parser.CharacterDataHandler = self.text
        self._texts = []

    def text(self, text: str) -> None:
        self._texts.append(text)

    def end(self, name: str) -> None:
        self._depth -= 1
        if name in self._wanted:
            self._keep(name.rpartition(" ")[2], unescape_text("".join(self._texts)))
            self._listening -= 1
            if not self._listening:
                self._parser.CharacterDataHandler = None
        elif name == f"{PREMIS_NAMESPACE} object":
            self._close_object()
        self._texts = []

    def _keep(self, name: str, text: str) -> None:
        if name in ("messageDigestAlgorithm", "significantPropertiesType"):
            self._named = text
        elif name == "messageDigest":
            self._digests.append(f"{self._named}:{text}")
        elif name == "contentLocationValue" or self._named == "folder":
            self._path = text
        elif self._named == "manifest-lines":
            self._digests.append(text)

    def _close_object(self) -> None:
        if self._path is not None:
            self.files.append((self._path, tuple(self._digests)))
        elif self._wanted is _OF_FILES:
            raise InputError(
                "premis.xml has a file object without contentLocationValue (its path)", hint=_HINT
            )
        self._wanted = frozenset()
