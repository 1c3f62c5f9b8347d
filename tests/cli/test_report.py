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
    assert page.tree.xpath("//p[@class='range']/text()") == ["lines 1–40", "lines 41–80 · ", "lines 81–95 · "]


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


def test_a_trusted_signature_does_not_make_a_damaged_package_look_trusted(
    tmp_path: Path, appeal: Path
) -> None:
    (appeal / "data" / "note-sur-le-texte.fr.txt").write_text("Forged.\n")
    assert "they fit this package" not in report(appeal, name="plain.html").text
    page = report(appeal, "--trust", write_allowed_signers(tmp_path, ARCHIVIST))
    assert "✓ by a trusted signer" not in page.text
    assert "! by a trusted signer" in page.text
    assert "but the package is not as it was then" in page.text


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
    assert "whether what the description says" not in page.text
    assert page.tree.xpath("//nav//a[@href='#document']/text()") == ["The bag"]


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


def test_a_part_of_a_group_says_what_is_in_the_other_parts(tmp_path: Path) -> None:
    scans = LETTER + "files:\n  - { file: scans/, role: other }\n"
    files = {"letter.txt": b"Text.\n", "scans/1.bin": b"a" * 600_000, "scans/2.bin": b"b" * 600_000}
    sources = tmp_path / "sources"
    for name, data in files.items():
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        (sources / name).write_bytes(data)
    (sources / "description.yaml").write_text(scans)
    assert pack(sources / "description.yaml", tmp_path / "whole", "--split-size", "1M").code == 0
    parts = [path.parent for path in tmp_path.glob("whole*/bagit.txt")]
    pages = [report(part, name=f"{part.name}.html") for part in sorted(parts)]
    assert [page.run.code for page in pages] == [0, 0]
    assert "This is part 2 of 2 of a group." in pages[1].section("files")
    said = [page.section("texts") for page in pages]
    assert sum("letter.txt: it is not in this part of the group." in words for words in said) == 1


def test_paragraphs_of_a_note_stay_paragraphs(tmp_path: Path) -> None:
    package = make(tmp_path, LETTER + 'note: "One.\\n\\nTwo."\n', {"letter.txt": b"Text.\n"})
    page = report(package)
    assert page.tree.xpath("//dt[.='Note']/../dd/text()") == ["One.\n\nTwo."]


def test_a_page_of_the_folder_that_a_person_stands_in_has_its_name(
    appeal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(appeal)
    assert archtool("report", ".", "-o", "../page.html").code == 0
    assert "rakovsky-1932-appel" in (appeal.parent / "page.html").read_text(encoding="utf-8")


def test_thousands_of_annexes_are_bounded_and_counted(tmp_path: Path) -> None:
    annexes = "".join(f"  - {{ title: Annexe {number}, status: listed }}\n" for number in range(2010))
    package = make(tmp_path, f"{LETTER}annexes:\n{annexes}", {"letter.txt": b"Text.\n"})
    page = report(package)
    assert len(page.tree.xpath("//ul[@class='tree']/li")) == 2000
    assert "And 10 more: metadata/annexes.json in the package has all of them." in page.section("annexes")


def test_a_head_that_was_written_down_elsewhere_is_compared(appeal: Path) -> None:
    head = archtool("show", appeal, "--json").objects[0]["facts"]["head"]
    page = report(appeal, "--expect-head", head)
    assert page.run.code == 0
    assert "whether the newest attestations were removed" not in page.section("check")
    wrong = report(appeal, "--expect-head", head[:-4] + "0000", name="wrong.html")
    assert wrong.run.code == archtool("verify", appeal, "--expect-head", head[:-4] + "0000").code != 0
