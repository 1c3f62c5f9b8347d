"""`archtool show` and `archtool cite`: the description for a person, the citation for a bibliography."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from command_line import archtool
from packages import ARCHIVIST, EXAMPLES, make_package, pack, retag, write_allowed_signers, write_key


@pytest.fixture
def appeal(tmp_path: Path) -> Path:
    target = tmp_path / "rakovsky-1932-appel"
    made = pack(EXAMPLES / "rakovsky-1932" / "description.yaml", target, "--sign", write_key(tmp_path))
    assert made.code == 0, made.err
    return target


def test_show_names_the_attributed_author_and_the_reason(appeal: Path) -> None:
    said = archtool("show", appeal).said()
    assert "author Christian Rakovsky attributed, on external evidence, certainty high" in said
    assert "on the basis of balitsky-letter" in said


def test_show_keeps_the_translation_credit_verbatim(appeal: Path) -> None:
    assert "credit Traduction MIA" in archtool("show", appeal).said()


def test_show_draws_the_inventory_as_a_tree(appeal: Path) -> None:
    out = archtool("show", appeal).out
    lines = out.splitlines()
    top = next(i for i, line in enumerate(lines) if line.startswith("  ├─ Note de Balitsky"))
    assert any(line.startswith("  │  ├─ 2. ") for line in lines[top:])
    assert any(line.startswith("  │  └─ 6. ") for line in lines[top:])
    assert "[this document itself]" in out
    assert "[not reproduced in the source] (according to the source, in brackets)" in " ".join(
        line.strip(" │") for line in lines
    )


def test_show_names_the_signers_and_which_are_trusted(tmp_path: Path, appeal: Path) -> None:
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    said = archtool("show", appeal, "--trust", trust).said()
    assert f"good, by {ARCHIVIST} (trusted by {trust}:1)" in said
    assert "trust trusted" in said


def test_show_states_what_it_did_not_check(appeal: Path) -> None:
    assert "the payload was not read" in archtool("show", appeal).said()


def test_show_reports_changed_metadata(appeal: Path) -> None:
    info = appeal / "bag-info.txt"
    info.write_text(info.read_text() + "Contact-Name: Nobody\n")
    said = archtool("show", appeal).said()
    assert "CHANGED: run archtool verify" in said
    assert "BROKEN" in said


def test_show_of_a_foreign_bag_shows_its_bag_info(tmp_path: Path) -> None:
    import bagit

    (tmp_path / "bag").mkdir()
    (tmp_path / "bag" / "letter.txt").write_text("x")
    bagit.make_bag(str(tmp_path / "bag"), {"Contact-Name": "Anne Dupont"})
    said = archtool("show", tmp_path / "bag").said()
    assert "a bag without an archtool description" in said
    assert "Contact-Name Anne Dupont" in said
    (result,) = archtool("show", tmp_path / "bag", "--json").objects
    assert {"label": "Contact-Name", "value": "Anne Dupont"} in result["facts"]["bag_info"]


@pytest.mark.parametrize("lost", ["description.yaml", "*"])
def test_show_says_that_the_description_of_a_package_is_missing(appeal: Path, lost: str) -> None:
    for path in (appeal / "metadata").glob(lost):
        path.unlink()
    said = archtool("show", appeal).said()
    assert "an archtool package whose description (metadata/description.yaml) is missing" in said
    assert "without an archtool description" not in said


def test_show_says_that_the_description_of_a_package_cannot_be_read(appeal: Path) -> None:
    (appeal / "metadata/description.yaml").write_text("title: [\n")
    said = archtool("show", appeal).said()
    assert "its description (metadata/description.yaml) cannot be read: run archtool verify" in said


def test_show_has_the_same_facts_as_json(appeal: Path) -> None:
    (result,) = archtool("show", appeal, "--json").objects
    facts = result["facts"]
    assert facts["creators"][0] == {
        "name": "Christian Rakovsky",
        "role": "author",
        "attribution": "attributed",
        "type": "person",
    }
    assert facts["languages"] == {"fr": "French", "ru": "Russian"}
    assert facts["rights_layers"][0]["words"] == "copyright undetermined"
    assert facts["custody"][0]["by"] == {"name": "OGPU", "type": "organization"}
    assert facts["translation_credit"] == "Traduction MIA"
    assert [e["status"] for e in facts["annexes"][0]["enclosures"]][:2] == ["this-document", "listed"]
    assert facts["rights"] == {"original": "UND", "translation": "UND", "package": "CC0-1.0"}


def test_no_line_is_wider_than_the_terminal(appeal: Path) -> None:
    assert max(map(len, archtool("show", appeal).out.splitlines())) <= 80


def test_cite_prints_the_document_in_its_source(appeal: Path) -> None:
    assert archtool("cite", appeal).out == (
        "Rakovsky, Christian [attributed]. À tous les bolcheviks-léninistes (oppositionnels). Centre "
        "organisationnel des bolcheviks-léninistes, 1932-04. Traduction MIA. In: Politburo i Lev Trotskiy. "
        "1923-1940 gg.: Sb. dok. v 2 kn. Kn. 1 [Le Bureau Politique et Léon Trotsky. 1923-1940. Recueil de "
        "documents en 2 tomes. Tome 1.]. Prague: Vědecko vydavatelské centrum « Sociosféra-CZ », 2013, "
        "p. 3-16.\n"
    )


def test_cite_prints_the_source_alone(appeal: Path) -> None:
    assert archtool("cite", "--source", appeal).out == (
        "Politburo i Lev Trotskiy. 1923-1940 gg.: Sb. dok. v 2 kn. Kn. 1 [Le Bureau Politique et Léon "
        "Trotsky. 1923-1940. Recueil de documents en 2 tomes. Tome 1.]. Prague: Vědecko vydavatelské "
        "centrum « Sociosféra-CZ », 2013, p. 3-16.\n"
    )


def test_cite_prints_csl_json_bibtex_and_ris(appeal: Path) -> None:
    (item,) = json.loads(archtool("cite", appeal, "--style", "csl-json").out)
    assert (item["publisher-place"], item["page"]) == ("Prague", "3-16")
    assert archtool("cite", appeal, "--style", "bibtex").out.startswith("@incollection{")
    assert archtool("cite", appeal, "--style", "ris").out.startswith("TY  - CHAP")


def test_a_citation_in_words_is_printed_verbatim(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    assert archtool("cite", "--source", package).out == "Cahiers, no 3 (1979), pp. 12-14.\n"
    assert archtool("cite", package).out == (
        "Letter of the bureau to the sections. 1932-05. Source: Cahiers, no 3 (1979), pp. 12-14.\n"
    )


@pytest.mark.parametrize("verb", ["show", "cite"])
def test_a_path_that_is_missing_or_not_a_package_is_named(tmp_path: Path, verb: str) -> None:
    for path in (tmp_path / "missing", tmp_path):
        seen = archtool(verb, path)
        assert seen.code == 3
        assert str(path) in seen.err


@pytest.mark.parametrize("damage", ["", "[]", "{", '[{"id": "x", "type": "poster"}]'])
def test_a_citation_that_cannot_be_read_is_not_printed(appeal: Path, damage: str) -> None:
    (appeal / "metadata" / "citation.json").write_text(damage)
    seen = archtool("cite", appeal)
    assert (seen.code, seen.out) == (3, "")
    assert "metadata/citation.json" in seen.err


def change_title(package: Path) -> None:
    path = package / "metadata" / "citation.json"
    item = json.loads(path.read_text())
    item[0]["title"] = "Another book"
    path.write_text(json.dumps(item))


@pytest.mark.parametrize("style", ["plain", "bibtex", "ris", "csl-json"])
def test_cite_reports_a_citation_that_differs_from_the_tag_manifest(appeal: Path, style: str) -> None:
    assert archtool("cite", "--source", appeal, "--style", style).code == 0
    change_title(appeal)
    seen = archtool("cite", "--source", appeal, "--style", style)
    assert (seen.code, "Another book" in seen.out) == (1, True)
    assert "fixity.digest-mismatch" in seen.err
    assert "metadata/citation.json" in seen.err


def test_cite_reports_a_citation_that_only_the_signature_contradicts(appeal: Path) -> None:
    change_title(appeal)
    retag(appeal)
    seen = archtool("cite", appeal)
    assert (seen.code, "attestation.checksum-mismatch" in seen.err) == (1, True)
    assert "fixity.digest-mismatch" not in seen.err


def test_cite_also_checks_an_archive(tmp_path: Path, appeal: Path) -> None:
    change_title(appeal)
    subprocess.run(["tar", "-cf", tmp_path / "a.tar", "-C", tmp_path, appeal.name], check=True)
    assert archtool("cite", tmp_path / "a.tar").code == 1


def test_cite_does_not_read_the_payload(appeal: Path) -> None:
    next(p for p in (appeal / "data").rglob("*") if p.is_file()).write_text("x")
    assert archtool("cite", appeal).code == 0


def test_show_ends_with_1_when_the_tag_manifest_contradicts_what_it_shows(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    change_title(package)
    seen = archtool("show", package)
    assert (seen.code, "fixity.digest-mismatch" in seen.err) == (1, True)


def test_show_ends_with_1_when_only_the_signature_contradicts_what_it_shows(appeal: Path) -> None:
    change_title(appeal)
    retag(appeal)
    (result,) = archtool("show", appeal, "--json").objects
    assert result["exit_code"] == 1
    assert "attestation.checksum-mismatch" in [finding["code"] for finding in result["findings"]]
