"""`archtool report`: one page of a package, with what a check of it found."""

from __future__ import annotations

import re
from pathlib import Path

import bagit
import pytest

from command_line import archtool
from image_files import TIFF, png
from packages import (
    ARCHIVIST,
    EXAMPLES,
    make_package,
    pack,
    retag,
    tree_bytes,
    write_allowed_signers,
    write_key,
)
from report_pages import make, report

LETTER = """\
archtool: 1
title: Letter of the bureau to the sections
date: 1932-05
transcription: letter.txt
language: en
source: "Cahiers, no 3 (1979), pp. 12-14."
rights: { original: UND, package: CC0-1.0 }
"""


@pytest.fixture
def appeal(tmp_path: Path) -> Path:
    target = tmp_path / "rakovsky-1932-appel"
    made = pack(EXAMPLES / "rakovsky-1932" / "description.yaml", target, "--sign", write_key(tmp_path))
    assert made.code == 0, made.err
    return target


def test_the_page_attributes_the_text_and_links_to_the_evidence(appeal: Path) -> None:
    page = report(appeal)
    assert (page.run.code, page.run.err) == (0, "")
    document = page.section("document")
    assert (
        "Author Christian Rakovsky Attributed, on external evidence; certainty: high. Evidence: Note de"
        in document
    )
    (link,) = page.tree.xpath("//section[@aria-labelledby='document']//dt[.='Author']/..//a")
    assert page.tree.get_element_by_id(link.get("href")[1:]).tag == "li"


def test_the_page_has_citation_and_translation_credit_verbatim(appeal: Path) -> None:
    page = report(appeal)
    cited = archtool("cite", appeal).out.strip()
    assert page.tree.xpath("string(//*[@class='copy'])") == cited
    assert "Credit Traduction MIA" in page.section("document")


def test_the_tree_states_where_each_annexe_is_and_links_to_its_lines(appeal: Path) -> None:
    page = report(appeal)
    (annexe, *_) = page.tree.xpath("//ul[@class='tree']/li")
    states = [state.text for state in annexe.xpath(".//*[contains(@class, 'state')]")]
    assert states == [
        "reproduced here",
        "this document itself",
        *["listed, not in this text"] * 3,
        "not reproduced in the source",
        "listed, not in this text",
    ]
    (target,) = annexe.xpath("./p/a[.='read it in the text']/@href")
    edge = page.tree.get_element_by_id(target[1:])
    assert "from line 15" in edge.text_content()
    assert edge.getnext().xpath("./div/@data-n") == ["15", "16", "17", "18", "19"]
    assert "inside" in edge.getnext().get("class")


def test_every_line_of_the_text_is_on_the_page_with_its_number_and_language(appeal: Path) -> None:
    page = report(appeal)
    text = (appeal / "data" / "appel-1932.resume.fr.txt").read_text(encoding="utf-8")
    (box,) = page.tree.xpath("//article[1]//div[contains(@class, 'text')]")
    assert (box.get("lang"), box.get("dir")) == ("fr", "ltr")
    lines = box.xpath(".//div[contains(@class, 'line ') or @class='line']")
    assert [line.get("data-n") for line in lines] == [str(n) for n in range(1, len(text.splitlines()) + 1)]
    assert [line.text or "" for line in lines] == text.splitlines()


def test_a_long_text_is_divided_and_its_contents_lead_to_each_part(tmp_path: Path) -> None:
    text = "".join(f"Line {number} of the minutes.\n" for number in range(1, 96))
    package = make(tmp_path, LETTER, {"letter.txt": text.encode()})
    page = report(package, "--page-lines", "40")
    links = page.tree.xpath("//details[@class='contents']//a/@href")
    assert [page.tree.get_element_by_id(link[1:]).get("data-n") for link in links] == ["1", "41", "81"]
    assert page.tree.xpath("//p[@class='range']/text()") == ["lines 1–40", "lines 41–80", "lines 81–95"]


def test_the_history_has_its_picture_and_the_same_as_a_table(appeal: Path) -> None:
    page = report(appeal)
    assert len(page.tree.xpath("//section[@aria-labelledby='history']//svg")) == 1
    assert "April 1932 creation: À tous les bolcheviks-léninistes" in page.section("history")
    assert "packaging: rakovsky-1932-appel" in page.section("history")


def test_every_payload_file_is_listed_with_digest_format_and_size(appeal: Path) -> None:
    page = report(appeal)
    manifest = (appeal / "manifest-sha512.txt").read_text().split()
    files = page.section("files")
    for digest, path in zip(manifest[::2], manifest[1::2], strict=True):
        assert f"{path} sha512:{digest}" in files
    assert "881 bytes text/plain as listed" in files


def test_the_page_says_who_trusts_the_signer_and_what_was_not_asked(tmp_path: Path, appeal: Path) -> None:
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    asked, plain = report(appeal, "--trust", trust), report(appeal, name="plain.html")
    assert f"✓ good signature, trusted: the list of trusted keys names {ARCHIVIST} (line 1)" in asked.text
    assert "! good signature, signer not checked" in plain.text
    question = "whose keys the signatures were made with"
    assert (question in asked.text, question in plain.text) == (False, True)
    assert "✓ by a trusted signer" not in plain.text
    assert str(tmp_path) not in asked.source


def test_an_unsigned_package_is_called_unsigned(tmp_path: Path) -> None:
    page = report(make_package(tmp_path, signed=False))
    assert page.run.code == 0
    assert "nobody vouches for it" in page.text
    assert "None: nobody has signed anything about this package." in page.section("attestations")


def test_the_exit_code_is_that_of_verify_and_a_damaged_text_is_marked(appeal: Path) -> None:
    text = appeal / "data" / "appel-1932.resume.fr.txt"
    text.write_bytes(text.read_bytes().replace(b"Tout", b"TOUT", 1) + b"More.\n")
    page = report(appeal)
    assert page.run.code == archtool("verify", appeal).code == 1
    assert "✗ not as it was packed" in page.text
    assert "✗ This file is not as it was packed: what is shown here is what is there now." in page.section(
        "texts"
    )
    assert "✗ differs from its digest" in page.section("files")
    assert "digest differs" in page.section("check")


def test_a_missing_text_is_said_to_be_missing(appeal: Path) -> None:
    (appeal / "data" / "note-sur-le-texte.fr.txt").unlink()
    page = report(appeal)
    assert page.run.code == 1
    assert "note-sur-le-texte.fr.txt: it is missing from the package." in page.section("texts")
    assert "✗ missing" in page.section("files")


def test_the_required_trust_that_is_not_there_is_exit_4_as_with_verify(tmp_path: Path, appeal: Path) -> None:
    trust = write_allowed_signers(tmp_path, "curator@example.org")
    page = report(appeal, "--trust", trust)
    assert page.run.code == archtool("verify", appeal, "--trust", trust).code == 4
    assert "! by no trusted signer" in page.text
    assert "! good signature, not trusted" in page.text


def test_a_history_that_does_not_follow_from_the_description_is_shown_with_a_warning(appeal: Path) -> None:
    provenance = appeal / "metadata" / "provenance.json"
    provenance.write_text(provenance.read_text().replace("1932-04", "1931-04"))
    retag(appeal)
    page = report(appeal)
    assert page.run.code == 1
    assert "! It is shown as it is recorded: the check did not find that it agrees" in page.section("history")


def test_a_history_that_cannot_be_read_is_not_drawn(appeal: Path) -> None:
    (appeal / "metadata" / "provenance.json").write_text("{}")
    page = report(appeal)
    assert page.run.code == 1
    assert page.tree.xpath("//section[@aria-labelledby='history']//svg") == []
    assert "No history is shown: what the package records cannot be read." in page.section("history")


def test_the_same_package_and_date_make_the_same_page(appeal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = report(appeal), report(appeal, name="again.html")
    assert first.source == second.source
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795348800")  # DATE
    assert archtool("report", appeal, "-o", appeal.parent / "third.html").code == 0
    assert (appeal.parent / "third.html").read_text(encoding="utf-8") == first.source


def test_a_date_that_a_person_chose_is_not_called_the_date_of_the_check(appeal: Path) -> None:
    page = report(appeal)
    assert "dated 2026-11-22 12:00 UTC by the person who made it" in page.text
    assert "Checked on" not in page.text


@pytest.mark.parametrize("ending", ["tar", "zip"])
def test_a_page_of_an_archive_has_the_texts_too(tmp_path: Path, ending: str) -> None:
    archive = tmp_path / f"appeal.{ending}"
    assert pack(EXAMPLES / "rakovsky-1932" / "description.yaml", archive).code == 0
    page = report(archive)
    assert page.run.code == 0
    assert "CE FICHIER" in page.section("texts")
    assert f"The package is one file ({ending}): extract it first" in page.section("by-hand")


def test_a_bag_of_another_tool_gets_a_page_with_what_it_states(tmp_path: Path) -> None:
    folder = tmp_path / "foreign"
    folder.mkdir()
    (folder / "a.txt").write_text("A.\n")
    bagit.make_bag(str(folder), {"Source-Organization": "Stadtarchiv <Köln>"})
    page = report(folder)
    assert page.run.code == 0
    assert "Source-Organization Stadtarchiv <Köln>" in page.section("document")
    assert "data/a.txt" in page.section("files")
    assert "– none" in page.text


def test_facsimiles_are_in_the_page_only_if_they_are_asked_for(tmp_path: Path) -> None:
    scans = LETTER + "files:\n  - { file: scans/, role: facsimile, title: The manuscript }\n"
    files = {"letter.txt": b"Text.\n", "scans/1.png": png(), "scans/2.tif": TIFF, "scans/3.svg": b"<svg/>"}
    package = make(tmp_path, scans, files)
    without, with_images = report(package), report(package, "--images", name="images.html")
    assert without.tree.xpath("//img") == []
    assert "The package has 3 facsimiles; this page was made without images." in without.text
    (image,) = with_images.tree.xpath("//article//img")
    assert re.match(r"data:image/png;base64,[A-Za-z0-9+/]+=*$", image.get("src"))
    assert (image.get("alt"), image.get("width"), image.get("height")) == (
        "Facsimile: The manuscript",
        "60",
        "90",
    )
    assert "data/scans/2.tif: a TIFF image: not all browsers show it" in with_images.text
    assert "data/scans/3.svg: no image: not all browsers show it" in with_images.text


def test_an_image_that_claims_too_many_pixels_is_named_and_not_shown(tmp_path: Path) -> None:
    scans = LETTER + "files:\n  - { file: bomb.png, role: facsimile }\n"
    package = make(tmp_path, scans, {"letter.txt": b"Text.\n", "bomb.png": png(stated=(60_000, 60_000))})
    page = report(package, "--images")
    assert page.tree.xpath("//img") == []
    assert "data/bomb.png: 60,000 × 60,000 pixels: too large for this page" in page.text


def test_a_transcription_that_is_no_text_is_named_and_not_shown(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "data" / "letter.txt").write_bytes(b"%PDF-1.7\n" + b"x" * 50)
    page = report(package)
    assert "letter.txt: it is a PDF, which this page does not show." in page.text


def test_bytes_that_are_not_in_the_encoding_are_pointed_out(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "data" / "letter.txt").write_bytes(b"caf\xe9\n")
    page = report(package)
    assert "letter.txt: bytes of it are not utf-8: each of these places is shown as \ufffd." in page.text
    assert "caf\ufffd" in page.text


def test_a_file_is_overwritten_only_with_force(appeal: Path) -> None:
    target = appeal.parent / "page.html"
    target.write_text("my notes")
    run = archtool("report", appeal, "-o", target)
    assert (run.code, run.out) == (2, "")
    assert "the file already exists" in run.err
    assert target.read_text() == "my notes"
    assert archtool("report", appeal, "-o", target, "--force").code == 0
    assert "<h1" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["page.html", "data/page.html", "metadata/page.html"])
def test_a_page_is_never_written_into_the_package(appeal: Path, place: str) -> None:
    before = tree_bytes(appeal)
    run = archtool("report", appeal, "-o", appeal / place)
    assert run.code == 2
    assert "the page would be written into a package" in run.err
    assert tree_bytes(appeal) == before


def test_a_page_is_never_written_into_the_attestations_beside_a_package(appeal: Path) -> None:
    beside = appeal.parent / f"{appeal.name}.attestations"
    beside.mkdir()
    run = archtool("report", appeal, "-o", beside / "page.html")
    assert (run.code, list(beside.iterdir())) == (2, [])
    beside.rmdir()


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("-", "not written to standard output"),
        ("gone/page.html", "there is no folder gone"),
        (".", "a folder, not a file"),
    ],
)
def test_a_target_that_cannot_be_written_is_refused_before_the_check(
    appeal: Path, target: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(appeal.parent)
    run = archtool("report", appeal, "-o", target)
    assert run.code in (2, 3)
    assert run.out == ""
    assert words in run.err


def test_what_is_no_package_gets_no_page(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    run = archtool("report", tmp_path / "folder", "-o", tmp_path / "page.html")
    assert (run.code, run.out) == (3, "")
    assert not (tmp_path / "page.html").exists()


def test_json_has_the_result_of_verify_and_what_is_on_the_page(appeal: Path) -> None:
    run = archtool("report", appeal, "-o", appeal.parent / "page.html", "--json")
    (result,) = run.objects
    assert result["schema"] == "archtool/report/1"
    assert result["verdict"]["bag"] == "valid"
    assert result["facts"]["page_bytes"] == (appeal.parent / "page.html").stat().st_size
    assert [text["is_whole"] for text in result["facts"]["texts"]] == [True, True]
    assert result["facts"]["facsimiles"] == {"files": 0, "shown": 0}
