"""Who gave an adopted bag is in the provenance and in PREMIS, by the bag's own statement."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bagit
import pytest

from archtool.bagit.giver import Giver
from command_line import DATE, Run, archtool
from packages import retag, write_description
from unit.bagit.bag_builders import bag_files, with_tag_manifest, write_bag

LETTER = b"To the sections.\n"
LABELS: dict[str, Any] = {
    "Source-Organization": "City Archive",
    "Organization-Address": "1 Market Square",
    "Contact-Name": "Mary Smith",
    "Contact-Email": "mary@archive.example",
    "Contact-Phone": "+1 555 0100",
    "Bagging-Date": "2024-03-01",
}


def give(folder: Path, labels: dict[str, Any]) -> Path:
    """Make a bag with the Library of Congress's program."""
    bag = folder / "given"
    bag.mkdir()
    (bag / "letter.txt").write_bytes(LETTER)
    bagit.make_bag(str(bag), labels, checksums=["sha256"])
    return bag


def adopt(folder: Path, bag: Path, more: str = "packager: { name: Society, type: organization }\n") -> Run:
    description = write_description(folder)
    description.write_text(description.read_text() + more)
    return archtool("pack", description, "--from-bag", bag, "-o", folder / "package", "--date", DATE)


def provenance(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "package/metadata/provenance.json").read_text())
    return document


def transfers(folder: Path) -> dict[str, Any]:
    activities = provenance(folder)["activity"]
    return {key: one for key, one in activities.items() if one["arch:kind"] == "custody-transfer"}


def agents_of(folder: Path, event: str) -> dict[str, str]:
    """Return the names of an event's agents, with their roles."""
    document = provenance(folder)
    relations = [r for r in document["wasAssociatedWith"].values() if r["prov:activity"] == event]
    return {document["agent"][r["prov:agent"]]["prov:label"]: r["prov:role"] for r in relations}


def test_the_giver_hands_the_bag_over_to_the_packager(tmp_path: Path) -> None:
    assert adopt(tmp_path, give(tmp_path, LABELS)).code == 0
    ((event, facts),) = transfers(tmp_path).items()
    assert facts["prov:type"] == {"$": "evt:tra", "type": "xsd:QName"}
    assert facts["arch:evidence-in-words"] == "metadata/adopted/bag-info.txt"
    assert agents_of(tmp_path, event) == {
        "City Archive": "performer", "Mary Smith": "contact", "Society": "holder-afterwards"
    }  # fmt: skip
    assert archtool("verify", tmp_path / "package", "--json").codes == []


def test_the_transfer_is_not_dated_before_the_day_that_the_giver_states(tmp_path: Path) -> None:
    adopt(tmp_path, give(tmp_path, LABELS))
    (facts,) = transfers(tmp_path).values()
    assert facts["arch:date"] == {"$": "2024-03-01/..", "type": "edtf:EDTF"}
    assert facts["arch:note"] == "Bagging-Date: 2024-03-01"


@pytest.mark.parametrize("stated", ["2024-02-31", "1 March 2024", "20240301"])
def test_a_bagging_date_that_is_no_day_is_kept_as_stated_and_dates_nothing(
    stated: str, tmp_path: Path
) -> None:
    adopt(tmp_path, give(tmp_path, LABELS | {"Bagging-Date": stated}))
    (facts,) = transfers(tmp_path).values()
    assert ("arch:date" in facts, facts["arch:note"]) == (False, f"Bagging-Date: {stated}")
    assert archtool("verify", tmp_path / "package", "--json").codes == []


def test_premis_has_the_transfer_with_its_agents(tmp_path: Path) -> None:
    adopt(tmp_path, give(tmp_path, LABELS))
    premis = (tmp_path / "package/metadata/premis.xml").read_text()
    assert "<eventDetail>custody transfer: given, given by City Archive</eventDetail>" in premis
    assert "<eventDateTime>2024-03-01/..</eventDateTime>" in premis
    assert "<agentName>City Archive</agentName>" in premis


def test_addresses_of_persons_are_only_in_the_kept_bag_info(tmp_path: Path) -> None:
    adopt(tmp_path, give(tmp_path, LABELS | {"Contact-Name": "Mary <mary@archive.example>"}))
    package = tmp_path / "package"
    for private in (b"mary@archive.example", b"+1 555 0100", b"1 Market Square"):
        holders = {p.name for p in package.rglob("*") if p.is_file() and private in p.read_bytes()}
        assert holders == {"bag-info.txt"}
    assert b"mary@" not in (package / "bag-info.txt").read_bytes()


def test_a_bag_that_the_packager_made_was_not_handed_over(tmp_path: Path) -> None:
    adopt(tmp_path, give(tmp_path, LABELS), "packager: { name: City Archive, type: organization }\n")
    assert transfers(tmp_path) == {}
    assert archtool("verify", tmp_path / "package", "--json").codes == []


def test_a_bag_that_names_no_giver_has_no_transfer(tmp_path: Path) -> None:
    adopt(tmp_path, give(tmp_path, {"Contact-Email": "mary@archive.example", "Source-Organization": ""}))
    assert transfers(tmp_path) == {}


def test_a_person_gives_where_no_organization_is_named(tmp_path: Path) -> None:
    adopt(tmp_path, give(tmp_path, {"Contact-Name": "Mary Smith"}), "")
    ((event, _),) = transfers(tmp_path).items()
    assert agents_of(tmp_path, event) == {"Mary Smith": "performer"}


def test_the_file_with_the_statement_is_named_as_in_its_version(tmp_path: Path) -> None:
    files = bag_files({"data/letter.txt": LETTER}, version="0.95", algorithms=("md5",))
    files["package-info.txt"] = b"Source-Organization: Sociedad Hist\xf3rica\n"
    files["bagit.txt"] = b"BagIt-Version: 0.95\nTag-File-Character-Encoding: ISO-8859-1\n"
    assert adopt(tmp_path, write_bag(tmp_path / "given", with_tag_manifest(files, "md5"))).code == 0
    (facts,) = transfers(tmp_path).values()
    assert facts["arch:evidence-in-words"] == "metadata/adopted/package-info.txt"
    assert facts["prov:label"] == "custody transfer: given, given by Sociedad Histórica"
    assert archtool("verify", tmp_path / "package", "--json").codes == []


def test_another_giver_than_the_kept_bag_info_names_is_found(tmp_path: Path) -> None:
    adopt(tmp_path, give(tmp_path, LABELS))
    package = tmp_path / "package"
    for name in ("provenance.json", "premis.xml"):
        path = package / "metadata" / name
        path.write_text(path.read_text().replace("City Archive", "Another Archive"))
    retag(package)
    seen = archtool("verify", package, "--json")
    assert (seen.code, "provenance.fact-differs" in seen.codes) == (1, True)


def test_a_changed_bag_info_of_the_giver_contradicts_the_provenance(tmp_path: Path) -> None:
    adopt(tmp_path, give(tmp_path, LABELS))
    package = tmp_path / "package"
    path = package / "metadata/adopted/bag-info.txt"
    path.write_text(path.read_text().replace("City Archive", "Another Archive"))
    retag(package)
    assert archtool("verify", package, "--json").code == 1


def test_a_package_that_was_made_before_givers_were_recorded_stays_consistent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(Giver, "of", classmethod(lambda *_: None))
        assert adopt(tmp_path, give(tmp_path, LABELS)).code == 0
    assert transfers(tmp_path) == {}
    seen = archtool("verify", tmp_path / "package", "--json")
    assert (seen.codes, seen.objects[0]["verdict"]["content"]) == ([], "consistent")
