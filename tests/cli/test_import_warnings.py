"""What `import` tells before something is lost or published: local paths, encodings, bags."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import archtool
from unit.bagit.bag_builders import bag_files, write_bag


def test_a_path_of_the_own_computer_in_a_library_is_told_before_it_is_packed(tmp_path: Path) -> None:
    (tmp_path / "zotero.bib").write_text(
        "@book{a, title = {Letters}, file = {PDF:/home/me/a.pdf:application/pdf}, shelf = {B 7}}\n"
    )
    run = archtool("import", "zotero.bib", "--library", "l.json", cwd=tmp_path)
    assert run.code == 0
    assert run.said().count("paths of your own computer there: delete it before you make packages") == 1
    assert run.said().count("write it where it belongs") == 1


@pytest.mark.parametrize(("named", "is_told"), [("windows-1252", True), ("koi8-r", False), ("", False)])
def test_an_encoding_that_the_page_contradicts_is_told(tmp_path: Path, named: str, is_told: bool) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={named}">' if named else ""
    (tmp_path / "page.htm").write_bytes(f"<html><head>{head}</head><p>Письмо</p></html>".encode("koi8-r"))
    run = archtool("import", "page.htm", "-o", "draft", "--encoding", "koi8-r", cwd=tmp_path)
    assert run.code == 0
    told = "the page says that it is windows-1252; it was read as koi8-r, as --encoding says"
    assert (told in run.said()) is is_told
    assert ("import it into another folder, without --encoding" in run.said()) is is_told


def test_the_metadata_of_a_bag_is_not_imported_as_records(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", bag_files({"data/page.htm": b"<p>Text.</p>"}))
    run = archtool("import", bag, "-o", tmp_path / "drafts")
    assert run.code == 3
    assert "is a bag, and its metadata is not to be imported" in run.said()
    assert f"archtool new --from-bag {bag}" in run.said()
    assert not (tmp_path / "drafts").exists()
    assert archtool("import", bag / "data", "-o", tmp_path / "drafts").code == 0
