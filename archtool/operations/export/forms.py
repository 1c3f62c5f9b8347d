"""The forms that packages are exported in: one table for the command, its help and the guide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from archtool.exports.catalogue.record import Record


class Syntax(Enum):
    """What a form is written in; it decides how control characters are treated."""

    XML = "xml"
    JSON = "json"
    TEXT = "text"


class Needs(Enum):
    """What a form needs of a package besides its description and the names of its files."""

    CITATION = "citation"
    TEXTS = "texts"
    PREMIS = "premis"
    HISTORY = "history"


Formatter = Callable[[Sequence[Record]], str]
"""Formats the records of at least one package; of exactly one where the form does not join."""


def _nothing_missing(_: Record) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form that packages can be exported in."""

    name: str
    title: str
    media_type: str
    suffix: str
    syntax: Syntax
    joins: bool
    """Whether several packages become one file; otherwise each becomes a file of its own."""
    loses: str
    """What of a package is not in the export, or only as a sentence."""
    load: Callable[[], Formatter]
    """Imports the formatter: a run needs only one of them."""
    needs: frozenset[Needs] = frozenset()
    missing: Callable[[Record], Iterable[str]] = _nothing_missing
    """Returns the values that the form requires and the package does not state."""


def _dublin_core() -> Formatter:
    from archtool.exports.catalogue.dublin_core import format_dublin_core  # lazy: one form of many

    return format_dublin_core


def _dublin_core_json() -> Formatter:
    from archtool.exports.catalogue.dublin_core_json import format_dublin_core_json  # lazy: one form of many

    return format_dublin_core_json


def _datacite() -> Formatter:
    from archtool.exports.catalogue.datacite import format_datacite  # lazy: one form of many

    return format_datacite


def _missing_in_datacite(record: Record) -> Iterable[str]:
    from archtool.exports.catalogue.datacite import missing_values  # lazy: one form of many

    return missing_values(record)


def _mods() -> Formatter:
    from archtool.exports.catalogue.mods import format_mods  # lazy: one form of many

    return format_mods


def _mets() -> Formatter:
    from archtool.exports.catalogue.mets import format_mets  # lazy: one form of many

    return format_mets


def _ead3() -> Formatter:
    from archtool.exports.catalogue.ead3 import format_ead3  # lazy: one form of many

    return format_ead3


def _tei() -> Formatter:
    from archtool.exports.catalogue.tei.document import format_tei  # lazy: one form of many

    return format_tei


def _prov_json() -> Formatter:
    from archtool.operations.export.history import format_history_as_prov_json  # lazy: one form of many

    return format_history_as_prov_json


def _prov_n() -> Formatter:
    from archtool.operations.export.history import format_history_as_prov_n  # lazy: one form of many

    return format_history_as_prov_n


def _bibliography(style: str) -> Callable[[], Formatter]:
    def load() -> Formatter:
        from archtool.operations.export.bibliography import bibliography  # lazy: one form of many

        return bibliography(style)

    return load


_CITED = frozenset({Needs.CITATION})
_TOLD = frozenset({Needs.HISTORY})
_NOT_IN_BIBLIOGRAPHIES = (
    "everything except creators, title, dates, translation and source; evidence of attributions"
)
FORMS = {
    form.name: form
    for form in (
        Form(
            "dc", "Dublin Core, simple, as OAI-PMH has it", "application/xml", ".dc.xml", Syntax.XML, True,
            "roles of persons, their identifiers and remarks about them; numbers and order of annexes"
            " inside annexes; of files, everything except their media types. Only as sentences:"
            " attribution, translation, custody, annexes",
            _dublin_core,
        ),
        Form(
            "dc-json", "DCMI Metadata Terms as JSON-LD", "application/ld+json", ".dc.jsonld", Syntax.JSON,
            True,
            "of files, everything except their media types. Only as sentences: evidence and certainty of"
            " an attribution, translation, custody",
            _dublin_core_json,
        ),
        Form(
            "datacite", "DataCite 4.5", "application/xml", ".datacite.xml", Syntax.XML, False,
            "all languages but the first; of the source, everything except its identifiers. Only as"
            " sentences: attribution, translation, custody, annexes",
            _datacite, missing=_missing_in_datacite,
        ),
        Form(
            "mods", "MODS 3.8", "application/mods+xml", ".mods.xml", Syntax.XML, True,
            "of files, everything except their media types. Only as notes: evidence and certainty of an"
            " attribution, custody, credits",
            _mods,
        ),
        Form(
            "mets", "METS around PREMIS 3", "application/xml", ".mets.xml", Syntax.XML, False,
            "of the description, everything except its title and id; tag files other than premis.xml,"
            " which is inside as a whole; digests that METS has no name for",
            _mets, needs=frozenset({Needs.PREMIS}),
        ),
        Form(
            "ead3", "EAD3 components for a finding aid", "application/xml", ".ead3.xml", Syntax.XML, True,
            "the collection, which is the finding aid; the packager; remarks about persons; of files,"
            " everything except their number and size. Only as paragraphs: evidence and certainty of an"
            " attribution, translation, custody, source",
            _ead3,
        ),
        Form(
            "tei", "TEI P5 with the transcription", "application/tei+xml", ".tei.xml", Syntax.XML, False,
            "blanks in empty lines; texts that are not plain text; files that are neither text nor image;"
            " remarks about persons",
            _tei, needs=frozenset({Needs.TEXTS}),
        ),
        Form(
            "csl-json", "a bibliography for reference managers", "application/vnd.citationstyles.csl+json",
            ".csl.json", Syntax.JSON, True, _NOT_IN_BIBLIOGRAPHIES, _bibliography("csl-json"), _CITED,
        ),
        Form(
            "bibtex", "a bibliography for TeX", "application/x-bibtex", ".bib", Syntax.TEXT, True,
            _NOT_IN_BIBLIOGRAPHIES, _bibliography("bibtex"), _CITED,
        ),
        Form(
            "ris", "a bibliography for reference managers", "application/x-research-info-systems", ".ris",
            Syntax.TEXT, True, _NOT_IN_BIBLIOGRAPHIES, _bibliography("ris"), _CITED,
        ),
        Form(
            "prov-json", "the history as PROV-JSON", "application/json", ".prov.json", Syntax.JSON, False,
            "everything except the history", _prov_json, _TOLD,
        ),
        Form(
            "prov-n", "the history in PROV-N, for people", "text/provenance-notation", ".provn", Syntax.TEXT,
            False, "everything except the history", _prov_n, _TOLD,
        ),
    )
}  # fmt: skip
"""The forms by their names."""
OTHER_WORDS = {
    "dublincore": "dc", "oaidc": "dc", "oai": "dc", "xml": "dc", "dcterms": "dc-json", "jsonld": "dc-json",
    "rdf": "dc-json", "doi": "datacite", "marc": "mods", "library": "mods", "premis": "mets", "ead": "ead3",
    "findingaid": "ead3", "p5": "tei", "teip5": "tei", "csl": "csl-json", "zotero": "csl-json",
    "provjson": "prov-json", "provn": "prov-n", "prov": "prov-json", "provenance": "prov-json",
    "crate": "ro-crate", "rocrate": "ro-crate", "json": "csl-json",
    "bib": "bibtex", "latex": "bibtex", "endnote": "ris",
}  # fmt: skip
"""Other words for forms, folded, for hints."""
