"""Splits a provenance manifest into single statements; equivalent manifests have the same statements.

The order, indentation and numbering of a file are not statements. Digests are left out: `checks` compares
them with the payload manifests, which can have gained algorithms since. The format of a file is left out as
well: it was guessed from the file's name by the version that made the package.

Both readers are generators, and only the open element is in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from archtool.canonical_json import format_json_line
from archtool.errors import InputError
from archtool.provenance.limits import MAX_XML_DEPTH
from archtool.provenance.premis.reader import PREMIS_NAMESPACE, new_parser, parse_in_pieces

SIZES = frozenset(
    {"arch:size-bytes", "arch:file-count", "arch:total-bytes", "size", "file-count", "total-bytes"}
)
"""Attributes that state a size or a count."""
_DIGESTS = frozenset({"arch:digest", "arch:manifest-lines"})
# the end of a relation that is its subject; not the collection of a member: a package can have a million
_SUBJECTS = {
    "used": "prov:activity",
    "wasGeneratedBy": "prov:entity",
    "wasAssociatedWith": "prov:activity",
    "wasAttributedTo": "prov:entity",
    "wasDerivedFrom": "prov:generatedEntity",
    "specializationOf": "prov:specificEntity",
    "hadMember": "prov:entity",
}
_RECORDS = frozenset({"entity", "activity", "agent"})
_PROPERTY = "significantProperties"
_LINES = "manifest-lines"
_GROUPS = frozenset(
    {"objectCharacteristics", "rightsStatement", "licenseInformation", "otherRightsInformation"}
)
_NOT_COMPARED = frozenset({"fixity", "format"})
_SEPARATORS = ";={}"


class ProvStatement(NamedTuple):
    """A single statement about one subject."""

    subject: str
    """`entity pkg:document`, `object urn:archtool:package:…:document`."""
    attribute: str
    value: str


def statements_of_prov(document: Mapping[str, Any]) -> Iterator[ProvStatement]:
    """Yield the statements of parsed PROV-JSON; any structure is accepted."""
    for section, records in document.items():
        if not isinstance(records, dict):
            yield ProvStatement(section, "value", format_json_line(records))
            continue
        for name, record in records.items():
            if section in _RECORDS and isinstance(record, dict):
                yield from _attributes(f"{section} {name}", record)
            elif section in _SUBJECTS and isinstance(record, dict):
                yield _relation(section, record)
            else:
                yield ProvStatement(f"{section} {name}", "value", format_json_line(record))


def _attributes(subject: str, record: Mapping[str, Any]) -> Iterator[ProvStatement]:
    yield ProvStatement(subject, "exists", "")
    for attribute, stated in record.items():
        if attribute not in _DIGESTS:
            for value in stated if isinstance(stated, list) else [stated]:
                yield ProvStatement(subject, attribute, _text(value))


def _text(value: Any) -> str:
    """Format a typed value as its text and type, and any other value as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and value.keys() == {"$", "type"} and isinstance(value["$"], str):
        return f"{value['$']} ({value['type']})"
    return format_json_line(value)


def _relation(section: str, record: Mapping[str, Any]) -> ProvStatement:
    subject = _SUBJECTS[section]
    parts = (
        f"{_quoted(name, ',')}: {_quoted(_text(record[name]), ',')}"
        for name in sorted(record)
        if name != subject
    )
    return ProvStatement(f"{section} {_text(record.get(subject))}", section, ", ".join(parts))


def _quoted(text: str, separators: str) -> str:
    """Quote a text that contains a separator or a quotation mark, so that different values stay different."""
    return format_json_line(text) if '"' in text or any(sign in text for sign in separators) else text


def statements_of_premis(data: bytes) -> Iterator[ProvStatement]:
    """Yield the statements of a PREMIS document, one for each part of an object, event, agent or right.

    Raises:
        InputError: a document type is declared, not well-formed, or nested too deeply.
    """
    parser = new_parser()
    reader = _Reader()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    for _ in parse_in_pieces(parser, data):
        yield from reader.pop_statements()


class _Part:
    """An open element with the formatted content of its closed child elements."""

    __slots__ = ("children", "name", "text")

    def __init__(self, name: str) -> None:
        self.name = name
        self.text: list[str] = []
        self.children: list[tuple[str, str]] = []

    def format(self) -> str:
        """Return the text of the element and its children; whitespace between elements is ignored."""
        own = "".join(self.text)
        own = own if own.strip() or not self.children else ""
        own = _quoted(own, _SEPARATORS)
        inside = "; ".join(f"{name} = {text}" for name, text in self.children)
        return f"{own}{{{inside}}}" if inside else own


class _Reader:
    """Collects the statements of the elements directly below the root, named by their first identifier."""

    def __init__(self) -> None:
        self._open: list[_Part] = []
        self._statements: list[ProvStatement] = []

    def pop_statements(self) -> list[ProvStatement]:
        """Return the statements that were read since the last call."""
        statements, self._statements = self._statements, []
        return statements

    def start(self, name: str, attributes: dict[str, str]) -> None:
        part = _Part(name.removeprefix(f"{PREMIS_NAMESPACE} "))
        part.children = [(f"@{key}", _quoted(attributes[key], _SEPARATORS)) for key in sorted(attributes)]
        self._open.append(part)
        if len(self._open) > MAX_XML_DEPTH:
            raise InputError(f"premis.xml nests deeper than {MAX_XML_DEPTH} elements")

    def text(self, text: str) -> None:
        self._open[-1].text.append(text)

    def end(self, _name: str) -> None:
        part = self._open.pop()
        if len(self._open) == 1:
            self._close_subject(part)
        elif self._open:
            self._open[-1].children += _parts_of(part)

    def _close_subject(self, part: _Part) -> None:
        identifiers = (f"{part.name}Identifier", f"{part.name}StatementIdentifier")
        names = (text for name, text in part.children if name in identifiers)
        subject = f"{part.name} {_identifier(next(names, ''))}"
        self._statements.append(ProvStatement(subject, "exists", part.format() if not part.children else ""))
        for name, text in part.children:
            attribute, value = (name, text) if name != _PROPERTY else _property(text)
            if attribute != _LINES:
                self._statements.append(ProvStatement(subject, attribute, value))


def _parts_of(part: _Part) -> list[tuple[str, str]]:
    """Return a closed element as name and text; for a group, each of its children."""
    if part.name in _GROUPS:
        return [pair for pair in part.children if pair[0] not in _NOT_COMPARED]
    return [(part.name, part.format())]


_VALUE = "IdentifierValue = "


def _identifier(text: str) -> str:
    """Return the value in `{…IdentifierType = URI; …IdentifierValue = urn:…}`."""
    return text.partition(_VALUE)[2].partition("}")[0].partition("; ")[0]


def _property(text: str) -> tuple[str, str]:
    """Return name and value in `{significantPropertiesType = …; significantPropertiesValue = …}`."""
    name, between, value = text.removeprefix(f"{{{_PROPERTY}Type = ").partition(f"; {_PROPERTY}Value = ")
    return (name, value.removesuffix("}")) if between else (_PROPERTY, text)
