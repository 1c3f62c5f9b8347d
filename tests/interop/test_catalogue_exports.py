"""Exports are valid by the published schemas, and other programs read in them what the description states."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from lxml import etree

from archtool.operations.export.forms import FORMS
from catalogue_schemas import (
    REFERENCE,
    assert_datacite,
    assert_ead3,
    assert_mets,
    assert_mods,
    assert_oai_dc,
    assert_tei,
    needs_catalogue_schemas,
    needs_jing,
    needs_reference_schemas,
    parse,
)
from exported import FULL_TEXT, export, pack_appeal, pack_full, pack_hostile, pack_letters

PACKAGES = pytest.mark.parametrize("package", [pack_appeal, pack_full, pack_hostile])
Packer = Callable[[Path], Path]
TERMS = rdflib.Namespace("http://purl.org/dc/terms/")
RELATORS = rdflib.Namespace("http://id.loc.gov/vocabulary/relators/")
NAMES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "tei": "http://www.tei-c.org/ns/1.0",
    "mods": "http://www.loc.gov/mods/v3",
    "mets": "http://www.loc.gov/METS/",
    "oai": "http://www.openarchives.org/OAI/2.0/oai_dc/",
}
# from rdflib itself, whenever it reads JSON-LD
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
XML = "http://www.w3.org/XML/1998/namespace"
needs_bibutils = pytest.mark.skipif(shutil.which("xml2bib") is None, reason="bibutils is not installed")


def texts(document: etree._Element, path: str) -> list[str]:
    """Return the texts of the elements that a path finds."""
    return [element.text or "" for element in document.iterfind(path, NAMES)]


def exported(form: str, package: Path) -> str:
    """Return an export of one package."""
    run = export(form, package)
    assert run.code == 0, run.err
    return run.out


@PACKAGES
@needs_catalogue_schemas
def test_simple_dublin_core_is_valid(tmp_path: Path, package: Packer) -> None:
    assert_oai_dc(parse(exported("dc", package(tmp_path))))


@needs_catalogue_schemas
def test_each_record_of_a_collection_in_dublin_core_is_valid(tmp_path: Path) -> None:
    records = parse(export("dc", *pack_letters(tmp_path)).out).findall("oai:dc", NAMES)
    for record in records:
        assert_oai_dc(record)
    assert len(records) == 12


@PACKAGES
@needs_catalogue_schemas
def test_datacite_is_valid(tmp_path: Path, package: Packer) -> None:
    assert_datacite(exported("datacite", package(tmp_path)))


@PACKAGES
@needs_catalogue_schemas
def test_mods_is_valid(tmp_path: Path, package: Packer) -> None:
    assert_mods(exported("mods", package(tmp_path)))


@needs_catalogue_schemas
def test_collections_in_mods_and_ead3_are_valid(tmp_path: Path) -> None:
    letters = pack_letters(tmp_path)
    assert_mods(export("mods", *letters).out)
    assert_ead3(export("ead3", *letters).out)


@PACKAGES
@needs_catalogue_schemas
def test_ead3_components_are_valid_in_a_finding_aid(tmp_path: Path, package: Packer) -> None:
    assert_ead3(exported("ead3", package(tmp_path)))


@PACKAGES
@needs_reference_schemas
@needs_catalogue_schemas
def test_mets_and_the_premis_in_it_are_valid(tmp_path: Path, package: Packer) -> None:
    assert_mets(exported("mets", package(tmp_path)))


@PACKAGES
@needs_jing
@needs_catalogue_schemas
def test_tei_is_valid_by_all_of_tei(tmp_path: Path, package: Packer) -> None:
    path = tmp_path / "text.tei.xml"
    path.write_text(exported("tei", package(tmp_path)), encoding="utf-8")
    assert_tei(path)


@needs_reference_schemas
def test_csl_json_of_many_packages_agrees_with_the_schema_of_csl(tmp_path: Path) -> None:
    import jsonschema

    schema = json.loads((REFERENCE / "csl-data.schema.json").read_text())
    items = json.loads(export("csl-json", *pack_letters(tmp_path), pack_full(tmp_path)).out)
    jsonschema.validate(items, schema)
    assert len(items) == 13


@pytest.mark.parametrize("form", [f.name for f in FORMS.values() if f.syntax.value == "xml"])
@PACKAGES
def test_xmllint_reads_every_export_in_xml(tmp_path: Path, form: str, package: Packer) -> None:
    path = tmp_path / "export.xml"
    path.write_text(exported(form, package(tmp_path)), encoding="utf-8")
    run = subprocess.run(["xmllint", "--nonet", "--noout", path], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_dublin_core_is_read_back_with_title_creator_date_language_and_rights(tmp_path: Path) -> None:
    record = parse(exported("dc", pack_full(tmp_path)))
    assert texts(record, "dc:title") == ["Lettre à la section"]
    assert texts(record, "dc:creator") == ["Anna Ivanova"]  # and not the author that was rejected
    assert texts(record, "dc:contributor") == ["Boris", "Claire T", "Karl K"]
    assert texts(record, "dc:date") == ["1932-05~"]
    assert texts(record, "dc:language") == ["fr", "ru"]
    assert texts(record, "dc:rights") == [
        "original: InC; ask; holder: Heirs (http://rightsstatements.org/vocab/InC/1.0/)",
        "package: CC-BY-4.0 (https://spdx.org/licenses/CC-BY-4.0)",
    ]


def test_rdflib_reads_the_linked_data_with_roles_dates_and_rights(tmp_path: Path) -> None:
    graph = rdflib.Graph().parse(data=exported("dc-json", pack_full(tmp_path)), format="json-ld")
    (document,) = graph.subjects(TERMS.title, rdflib.Literal("Lettre à la section"))
    (created,) = graph.objects(document, TERMS.created)
    edtf = rdflib.URIRef("http://id.loc.gov/datatypes/edtf/EDTF")
    assert (str(created), created.datatype) == ("1932-05~", edtf)
    name = rdflib.URIRef("http://xmlns.com/foaf/0.1/name")
    for relation, expected in {
        TERMS.creator: "Anna Ivanova", RELATORS.aut: "Anna Ivanova", RELATORS.dub: "Anna Ivanova",
        RELATORS.trl: "Claire T", RELATORS.rcp: "Section of Kharkov",
    }.items():  # fmt: skip
        (agent,) = graph.objects(document, relation)
        assert [str(one) for one in graph.objects(agent, name)] == [expected]
    assert {str(one) for one in graph.objects(document, TERMS.language)} == {"fr", "ru"}
    statements = [*graph.objects(document, TERMS.rights)]
    addresses = {str(uri) for one in statements for uri in graph.objects(one, rdflib.RDFS.seeAlso)}
    assert addresses == {
        "http://rightsstatements.org/vocab/InC/1.0/", "https://spdx.org/licenses/CC-BY-4.0"
    }  # fmt: skip
    assert len([*graph.objects(None, TERMS.hasPart)]) == 4


def test_rdflib_reads_twelve_letters_from_one_document(tmp_path: Path) -> None:
    data = export("dc-json", *pack_letters(tmp_path)).out
    graph = rdflib.Graph().parse(data=data, format="json-ld")
    assert len({*graph.objects(None, TERMS.title)}) == 12
    assert len([*graph.objects(None, TERMS.created)]) == 11  # one letter has no date


def test_a_hostile_description_adds_no_statement_to_linked_data(tmp_path: Path) -> None:
    graph = rdflib.Graph().parse(data=exported("dc-json", pack_hostile(tmp_path)), format="json-ld")
    (title,) = [one for one in graph.objects(None, TERMS.title) if "evil" in one]
    assert str(title) == "]]> <b>&amp; \u202eevil\u202c \\u{1} 'q' \"d\""


def test_tei_is_read_back_with_title_author_date_language_rights_and_text(tmp_path: Path) -> None:
    document = parse(exported("tei", pack_full(tmp_path)))
    assert texts(document, ".//tei:titleStmt/tei:title") == ["Lettre à la section"]
    (author,) = document.iterfind(".//tei:titleStmt/tei:author", NAMES)
    assert author.get("cert") == "low"
    assert [(one.text, one.get("type")) for one in author] == [("Anna Ivanova", "disputed")]
    (created,) = document.iterfind(".//tei:creation/tei:date", NAMES)
    assert (created.text, created.get("when"), len(created)) == ("1932-05~", "1932-05", 1)
    assert texts(document, ".//tei:langUsage/tei:language") == ["fr", "ru"]
    assert [one.get("n") for one in document.iterfind(".//tei:licence", NAMES)] == ["original", "package"]
    (text, *_) = document.iterfind(".//tei:group/tei:text", NAMES)
    assert lines_of(text) == {
        number: line.replace("\x0c", "\\u{c}") for number, line in enumerate(FULL_TEXT.split("\n"), 1) if line
    }


def lines_of(text: etree._Element) -> dict[int, str]:
    """Return the lines of a text by their numbers."""
    breaks = text.iter(f"{{{NAMES['tei']}}}lb")
    return {int(one.get("n") or 0): (one.tail or "").removesuffix("\n") for one in breaks}


def test_the_annexe_in_the_same_file_is_a_division_of_its_own_in_tei(tmp_path: Path) -> None:
    document = parse(exported("tei", pack_appeal(tmp_path)))
    (annexe,) = document.iterfind(".//tei:div[@type='annexe']", NAMES)
    assert (annexe.get("n"), annexe.get("corresp")) == ("178/c", "#annexe-1")
    assert min(lines_of(annexe)) == 15
    (document_part,) = document.iterfind(".//tei:div[@type='document']", NAMES)
    assert max(lines_of(document_part)) == 13


def test_an_attribution_in_tei_points_at_the_annexe_that_is_its_evidence(tmp_path: Path) -> None:
    document = parse(exported("tei", pack_appeal(tmp_path)))
    (author, _) = document.iterfind(".//tei:titleStmt/tei:author/*", NAMES)
    assert (author.get("evidence"), author.get("source")) == ("external", "#annexe-1")
    (target,) = document.iterfind(".//tei:bibl[@xml:id='annexe-1']", NAMES | {"xml": XML})
    assert (target[0].text or "").startswith("Note de Balitsky")


def test_every_payload_file_is_in_mets_with_digest_size_and_media_type(tmp_path: Path) -> None:
    package = pack_full(tmp_path)
    document = parse(exported("mets", package))
    manifest = dict(
        line.split("  ")[::-1] for line in (package / "manifest-sha512.txt").read_text().splitlines()
    )
    files = [*document.iterfind(".//mets:file", NAMES)]
    places = [file[0].get("{http://www.w3.org/1999/xlink}href") for file in files]
    paths = [place.replace("%20", " ") for place in places if place]
    assert paths == sorted(manifest)
    for path, file in zip(paths, files, strict=True):
        assert (file.get("CHECKSUM"), file.get("CHECKSUMTYPE")) == (manifest[path], "SHA-512")
        assert file.get("SIZE") == str((package / path).stat().st_size)
    types = {path: file.get("MIMETYPE") for path, file in zip(paths, files, strict=True)}
    assert (types["data/one.txt"], types["data/scans/1 a.jpg"]) == ("text/plain", "image/jpeg")
    assert types["data/three.bin"] is None  # nobody knows its format


def test_the_premis_inside_mets_is_the_package_s_own(tmp_path: Path) -> None:
    package = pack_full(tmp_path)
    document = parse(exported("mets", package))
    (inside,) = document.iter("{http://www.loc.gov/premis/v3}premis")
    own = etree.parse(package / "metadata" / "premis.xml").getroot()
    inside.tail = None
    assert etree.tostring(inside, method="c14n", exclusive=True) == etree.tostring(
        own, method="c14n", exclusive=True
    )


@needs_bibutils
def test_bibutils_reads_mods_with_author_title_and_translator(tmp_path: Path) -> None:
    path = tmp_path / "export.mods.xml"
    path.write_text(exported("mods", pack_full(tmp_path)), encoding="utf-8")
    run = subprocess.run(["xml2bib", path], capture_output=True, text=True, check=True)
    assert 'author="Ivanova, Anna"' in run.stdout
    assert 'title="Lettre {\\`a} la section"' in run.stdout
    assert 'translator="T, Claire"' in run.stdout
    assert "Nobody and" not in run.stdout


@needs_bibutils
@pytest.mark.parametrize(("form", "program"), [("bibtex", "bib2xml"), ("ris", "ris2xml")])
def test_bibutils_reads_a_bibliography_of_many_packages(tmp_path: Path, form: str, program: str) -> None:
    path = tmp_path / "sources"
    text = export(form, *pack_letters(tmp_path), pack_appeal(tmp_path)).out
    path.write_text(text, encoding="utf-8", newline="")
    run = subprocess.run([program, path], capture_output=True, check=True)
    records = etree.fromstring(run.stdout).findall("mods:mods", NAMES)
    assert len(records) == 13
    assert "Politburo i Lev Trotskiy" in run.stdout.decode()
