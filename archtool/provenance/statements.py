"""What a provenance manifest states, as single statements: two manifests say the same if these are the same.

The order, the indentation and the numbering of a file are no statements. Digests are none here: `checks`
compares them with the payload manifests, which may have gained algorithms since. The format of a file is none
either: the version that made the package took it from the file's name.

Both readers are generators: nothing is kept but the part that is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from archtool.canonical_json import format_json_line
from archtool.errors import InputError
from archtool.provenance.premis.reader import MAX_XML_DEPTH, PREMIS_NAMESPACE, new_parser, parse_in_pieces

SIZES = frozenset(
    {"arch:size-bytes", "arch:file-count", "arch:total-bytes", "size", "file-count", "total-bytes"}
)
"""Attributes that state how large something is."""
_DIGESTS = frozenset({"arch:digest", "arch:manifest-lines"})
# by which end of a relation it is found: a package has a million members
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
_SIGNS = ";={}"


class ProvStatement(NamedTuple):
    """One thing that is stated of one subject."""

    subject: str
    """`entity pkg:document`, `object urn:archtool:package:…:document`."""
    attribute: str
    value: str


def statements_of_prov(document: Mapping[str, Any]) -> Iterator[ProvStatement]:
    """The statements of PROV-JSON that was parsed, of whatever form it is."""
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
                yield ProvStatement(subject, attribute, _words(value))


def _words(value: Any) -> str:
    """A typed value by its text and type; anything else as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and value.keys() == {"$", "type"} and isinstance(value["$"], str):
        return f"{value['$']} ({value['type']})"
    return format_json_line(value)


def _relation(section: str, record: Mapping[str, Any]) -> ProvStatement:
    by = _SUBJECTS[section]
    said = (
        f"{_quoted(name, ',')}: {_quoted(_words(record[name]), ',')}" for name in sorted(record) if name != by
    )
    return ProvStatement(f"{section} {_words(record.get(by))}", section, ", ".join(said))


def _quoted(text: str, signs: str) -> str:
    """The text; in quotation marks where it has a sign that separates texts: no two values look the same."""
    return format_json_line(text) if '"' in text or any(sign in text for sign in signs) else text


def statements_of_premis(data: bytes) -> Iterator[ProvStatement]:
    """The statements of a PREMIS document: one for each part of an object, event, agent or right.

    Raises:
        InputError: as `files_of_premis` does.
    """
    parser = new_parser()
    reader = _Reader()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.take
    for _ in parse_in_pieces(parser, data):
        yield from reader.taken()


class _Part:
    """An element of a thing, with all that is in it, in words."""

    __slots__ = ("children", "name", "text")

    def __init__(self, name: str) -> None:
        self.name = name
        self.text: list[str] = []
        self.children: list[tuple[str, str]] = []

    def in_words(self) -> str:
        """Its text, and its parts with theirs; the blanks between elements are no text."""
        own = "".join(self.text)
        own = own if own.strip() or not self.children else ""
        own = _quoted(own, _SIGNS)
        inside = "; ".join(f"{name} = {words}" for name, words in self.children)
        return f"{own}{{{inside}}}" if inside else own


class _Reader:
    """Follows the elements. A thing is what stands below the root; its first identifier is its name."""

    def __init__(self) -> None:
        self._open: list[_Part] = []
        self._statements: list[ProvStatement] = []

    def taken(self) -> list[ProvStatement]:
        """What was read since the last call."""
        taken, self._statements = self._statements, []
        return taken

    def start(self, name: str, attributes: dict[str, str]) -> None:
        part = _Part(name.removeprefix(f"{PREMIS_NAMESPACE} "))
        part.children = [(f"@{key}", _quoted(attributes[key], _SIGNS)) for key in sorted(attributes)]
        self._open.append(part)
        if len(self._open) > MAX_XML_DEPTH:
            raise InputError(f"premis.xml nests deeper than {MAX_XML_DEPTH} elements")

    def take(self, text: str) -> None:
        self._open[-1].text.append(text)

    def end(self, _name: str) -> None:
        part = self._open.pop()
        if len(self._open) == 1:
            self._close_thing(part)
        elif self._open:
            self._open[-1].children += _parts_of(part)

    def _close_thing(self, thing: _Part) -> None:
        named = (f"{thing.name}Identifier", f"{thing.name}StatementIdentifier")
        names = (words for name, words in thing.children if name in named)
        subject = f"{thing.name} {_identifier(next(names, ''))}"
        self._statements.append(
            ProvStatement(subject, "exists", thing.in_words() if not thing.children else "")
        )
        for name, words in thing.children:
            attribute, value = (name, words) if name != _PROPERTY else _property(words)
            if attribute != _LINES:
                self._statements.append(ProvStatement(subject, attribute, value))


def _parts_of(part: _Part) -> list[tuple[str, str]]:
    """A part of a thing in words; of a group what is in it, each for itself."""
    if part.name in _GROUPS:
        return [pair for pair in part.children if pair[0] not in _NOT_COMPARED]
    return [(part.name, part.in_words())]


_VALUE = "IdentifierValue = "


def _identifier(words: str) -> str:
    """The value in `{…IdentifierType = URI; …IdentifierValue = urn:…}`."""
    return words.partition(_VALUE)[2].partition("}")[0].partition("; ")[0]


def _property(words: str) -> tuple[str, str]:
    """The name and the value in `{significantPropertiesType = …; significantPropertiesValue = …}`."""
    name, between, value = words.removeprefix(f"{{{_PROPERTY}Type = ").partition(f"; {_PROPERTY}Value = ")
    return (name, value.removesuffix("}")) if between else (_PROPERTY, words)
