"""Finds the file objects in a PREMIS document without building a tree of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from archtool.errors import InputError
from archtool.provenance.xmltext import unescape_text

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

MAX_XML_DEPTH = 64  # PREMIS nests eight deep; a hostile file must not make us nest without end

_HINT = "restore this file from another copy of the package"
_NAMESPACE = "http://www.loc.gov/premis/v3"
_TYPE = "http://www.w3.org/2001/XMLSchema-instance type"
_WANTED = frozenset(
    f"{_NAMESPACE} {name}" for name in ("messageDigestAlgorithm", "messageDigest", "contentLocationValue")
)

PremisFile = tuple[str, tuple[tuple[str, str], ...]]
"""A path, and pairs of an algorithm's name and a value."""


def files_of_premis(data: bytes) -> tuple[PremisFile, ...]:
    """Every file object: its path in the package, and its digests as they are written.

    Raises:
        InputError: a document type is declared, not well-formed, nested too deeply, not PREMIS 3, or a
            file object has no path.
    """
    # the parser is told the encoding, so that a declaration cannot make other text of the bytes
    from xml.parsers import expat

    parser = expat.ParserCreate("utf-8", " ")
    reader = _Reader(parser)
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise InputError(f"not well-formed XML: premis.xml: {error}", hint=_HINT) from None
    return tuple(reader.files)


def _refuse_document_type(*_: object) -> NoReturn:
    raise InputError(
        "premis.xml declares a document type, which no PREMIS file needs and an attack would",
        hint=_HINT,
    )


class _Reader:
    """Follows the elements; listens only to the texts that are wanted, of the object that is open."""

    def __init__(self, parser: XMLParserType) -> None:
        self.files: list[PremisFile] = []
        self._parser = parser
        self._depth = 0
        self._listening = 0
        """How many wanted elements are open inside each other: one, in what archtool writes."""
        self._in_file = False
        self._texts: list[str] = []
        self._path: str | None = None
        self._algorithm = ""
        self._digests: list[tuple[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_XML_DEPTH:
            raise InputError(f"premis.xml nests deeper than {MAX_XML_DEPTH} elements", hint=_HINT)
        if self._depth == 1 and not name.startswith(f"{_NAMESPACE} "):
            raise InputError(f"not PREMIS 3: premis.xml: the root element is {name[:80]!r}", hint=_HINT)
        if name == f"{_NAMESPACE} object":
            self._in_file = attributes.get(_TYPE, "").rpartition(":")[2] == "file"
            self._path, self._digests = None, []
        elif name in _WANTED:
            self._listening += 1
            self._parser.CharacterDataHandler = self.take
        self._texts = []

    def take(self, text: str) -> None:
        self._texts.append(text)

    def end(self, name: str) -> None:
        self._depth -= 1
        if name in _WANTED:
            if self._in_file:
                self._keep(name.rpartition(" ")[2], unescape_text("".join(self._texts)))
            self._listening -= 1
            if not self._listening:
                self._parser.CharacterDataHandler = None
        elif self._in_file and name == f"{_NAMESPACE} object":
            self._close_file()
        self._texts = []

    def _keep(self, name: str, text: str) -> None:
        if name == "messageDigestAlgorithm":
            self._algorithm = text
        elif name == "messageDigest":
            self._digests.append((self._algorithm, text))
        else:
            self._path = text

    def _close_file(self) -> None:
        if self._path is None:
            raise InputError(
                "premis.xml has a file object without contentLocationValue (its path)", hint=_HINT
            )
        self.files.append((self._path, tuple(self._digests)))
        self._in_file = False
