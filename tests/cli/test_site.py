"""`archtool site`: pages about a collection, which a reader opens from the disk or from a web server."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from lxml import etree

from archives import serialise
from archtool.errors import SourceChangedError
from archtool.operations.package_page.read_page import PageRequest
from archtool.operations.site import make_package
from archtool.report.package_page.model import PackagePage
from command_line import archtool
from packages import ARCHIVIST, tree_bytes, write_allowed_signers, write_key
from sites import BASE_URL, Site, add_package, describe, make_collection, make_site
from unit.bagit.bag_builders import bag_files, write_bag
from unit.files.folders import as_nobody, give_to_nobody, public_folder

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """The site of three letters."""
    made = make_site(make_collection(tmp_path), "--title", "Letters", target=tmp_path / "site")
    assert made.run.code == 0, made.run.said()
    return made


def test_each_package_has_a_page_that_every_index_links_to(site: Site) -> None:
    pages = {"packages/appeal.html", "packages/note.html", "packages/reply.html"}
    assert pages <= set(site.pages)
    for index in ("index.html", "dates.html", "authors.html", "languages.html", "series.html"):
        assert pages <= set(site.links(index)), index


def test_each_link_of_the_site_leads_to_a_file_of_it(site: Site) -> None:
    for page in site.pages:
        for address in site.tree(page).xpath("//@href"):
            if not str(address).startswith(("http://purl.org/", "#")):
                target = (site.path / page).parent / str(address).partition("#")[0]
                assert target.is_file(), f"{page}: {address}"


def test_each_link_to_a_part_of_a_page_leads_to_an_element_with_this_name(site: Site) -> None:
    for page in site.pages:
        for address in map(str, site.tree(page).xpath("//a/@href[contains(., '#')]")):
            name, _, anchor = address.partition("#")
            target = page if not name else str(((site.path / page).parent / name).relative_to(site.path))
            assert site.tree(target).xpath("//*[@id=$anchor]", anchor=anchor), f"{page}: {address}"


def test_dates_are_grouped_by_year_and_decade_and_the_undated_come_last(site: Site) -> None:
    headings = [str(text) for text in site.tree("dates.html").xpath("//h2//text()")]
    assert headings == ["1930s", "1932", "undated"]


def test_an_index_without_a_value_says_so(site: Site) -> None:
    assert "no author stated" in site.words("authors.html")
    assert "no language stated" in site.words("languages.html")
    assert "in no collection" in site.words("series.html")


def test_the_first_page_counts_documents_and_authors_apart_since_some_have_no_author(site: Site) -> None:
    assert re.search(r"\d documents, \d authors?, \d languages?", site.words("index.html"))


def test_authors_are_listed_by_family_name(site: Site) -> None:
    assert site.tree("authors.html").xpath("//h2//bdi/text()")[0] == "Rakovsky, Christian"


def test_the_page_of_a_package_says_that_its_files_were_not_compared(site: Site) -> None:
    words = site.words("packages/appeal.html")
    assert "all there, not compared" in words
    assert "whether each file has the digests that are listed for it" in words
    assert "complete and unchanged" not in words
    assert "not verified: payload files were not compared" in site.run.said()


def test_a_file_that_no_page_shows_is_not_called_compared(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "letter.txt").write_text("To all.\n")
    (sources / "scan.tif").write_bytes(b"II*\0 and more")
    more = "files: [{ file: scan.tif, role: facsimile }]\n"
    (sources / "description.yaml").write_text(describe("letter", more))
    (tmp_path / "collection").mkdir()
    assert archtool("pack", sources / "description.yaml", "-o", tmp_path / "collection" / "letter").code == 0
    site = make_site(tmp_path / "collection", target=tmp_path / "site")
    rows = site.tree("packages/letter.html").xpath("//section[@aria-labelledby='files']//tbody/tr")
    states = {row.xpath("string(td[1]/code[1])"): row.xpath("string(td[last()])") for row in rows}
    assert states["data/letter.txt"] == "as listed"
    assert states["data/scan.tif"] == "listed, not compared"


def test_with_verify_the_page_says_what_was_found_and_when(tmp_path: Path) -> None:
    collection = make_collection(tmp_path)
    site = make_site(collection, "--verify", "--date", "2026-11-22", target=tmp_path / "site")
    assert site.run.code == 0, site.run.said()
    words = site.words("packages/appeal.html")
    assert "complete and unchanged" in words
    assert "dated 2026-11-22 00:00 UTC" in words
    assert "not verified" not in site.run.said()


def test_with_verify_a_list_of_trusted_keys_decides_who_is_trusted(tmp_path: Path) -> None:
    collection = tmp_path / "collection"
    add_package(collection, "signed", None, "To all.\n", "--sign", write_key(tmp_path))
    add_package(collection, "unsigned")
    trust = ["--verify", "--trust", write_allowed_signers(tmp_path, ARCHIVIST)]
    site = make_site(collection, *trust, target=tmp_path / "site")
    assert "trusted signer" in site.words("packages/signed.html")
    assert site.run.code == 4
    assert "unsigned: signatures: none [site.not-trusted]" in site.run.said()


def test_signatures_are_called_neither_broken_nor_proved_if_the_files_were_not_compared(
    tmp_path: Path,
) -> None:
    collection = tmp_path / "collection"
    add_package(collection, "signed", None, "To all.\n", "--sign", write_key(tmp_path))
    words = make_site(collection, target=tmp_path / "site").words("packages/signed.html")
    assert "they fit the tag files, and the other files were not compared" in words
    assert "not as it was" not in words


def test_without_an_address_there_is_no_feed_and_the_command_says_so(site: Site) -> None:
    assert not (site.path / "feed.xml").exists()
    assert not (site.path / "sitemap.xml").exists()
    assert "without --base-url: no sitemap.xml, no feed" in site.run.said()
    assert b"archive.example.org" not in b"".join(tree_bytes(site.path).values())


def test_with_an_address_the_sitemap_lists_every_page_and_the_feed_every_package(tmp_path: Path) -> None:
    target = tmp_path / "site"
    site = make_site(make_collection(tmp_path), "--base-url", BASE_URL.rstrip("/"), target=target)
    sitemap = etree.parse(target / "sitemap.xml").getroot()
    listed = {str(text).removeprefix(BASE_URL) for text in sitemap.itertext() if str(text).strip()}
    assert listed == {"" if page == "index.html" else page for page in site.pages}
    feed = etree.parse(target / "feed.xml").getroot()
    assert feed.findtext(f"{ATOM}updated") == "2026-11-22T00:00:00Z"
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert ids == [f"{BASE_URL}packages/{name}.html" for name in ("appeal", "note", "reply")]


def test_the_search_finds_words_without_accents_and_in_latin_letters(site: Site) -> None:
    words = {row[0]: row[3].split() for row in site.search_index}
    assert "a" in words["packages/appeal.html"]
    assert {"ответ", "otvet"} <= set(words["packages/reply.html"])
    assert {"1932-04-02", "rakovsky,", "barnaul", "french"} <= set(words["packages/appeal.html"])


def test_the_search_page_points_to_the_lists_for_readers_without_scripts(site: Site) -> None:
    (note,) = site.tree("search.html").xpath("//noscript")
    for page in ("dates.html", "authors.html", "languages.html", "series.html"):
        assert page in note.xpath(".//a/@href")


def test_only_the_search_page_may_run_a_script_and_only_its_own(site: Site) -> None:
    for page in site.pages:
        tree = site.tree(page)
        (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        scripts = [script for script in tree.xpath("//script") if script.get("type") != "application/ld+json"]
        if page == "search.html":
            assert [script.get("src") for script in scripts] == ["search-index.js", "search.js"]
            assert "script-src 'self'" in policy
        else:
            assert (scripts, "script-src" in policy) == ([], False)
            assert "default-src 'none'" in policy


def test_a_bag_of_another_tool_is_listed_with_the_title_that_it_states(tmp_path: Path) -> None:
    collection = tmp_path / "collection"
    collection.mkdir()
    write_bag(collection / "papers", bag_files(info="Title: Papers of the bureau\n"))
    site = make_site(collection, target=tmp_path / "site")
    assert site.run.code == 0, site.run.said()
    assert "Papers of the bureau a bag without a description: papers" in site.words("index.html")
    assert not (site.path / "packages" / "papers.bib").exists()


def test_an_archive_is_a_package_like_a_folder(tmp_path: Path) -> None:
    package = add_package(tmp_path / "made", "letter")
    (tmp_path / "collection").mkdir()
    serialise(tree_bytes(package), tmp_path / "collection" / "letter.tar.gz")
    site = make_site(tmp_path / "collection", target=tmp_path / "site")
    assert (site.run.code, "packages/letter.html" in site.pages) == (0, True)
    assert make_site(tmp_path / "collection", target=site.path, json_wanted=True).facts["files_written"] == 0


def test_a_single_archive_can_be_made_a_site(tmp_path: Path) -> None:
    package = add_package(tmp_path / "made", "letter")
    archive = serialise(tree_bytes(package), tmp_path / "letter.zip")
    site = make_site(archive, target=tmp_path / "site")
    assert (site.run.code, "packages/letter.html" in site.pages) == (0, True)


def test_a_text_that_may_not_be_read_is_no_text_that_is_sound() -> None:
    with public_folder() as folder:
        package = add_package(folder / "collection", "letter")
        make_site(folder / "collection", target=folder / "first")  # nobody may not read a private checkout
        give_to_nobody(folder, *folder.rglob("*"))
        (package / "data" / "letter.txt").chmod(0)
        with as_nobody():
            for _ in range(2):
                site = make_site(folder / "collection", target=folder / "site")
                assert "letter: files: not readable" in site.run.said()
        assert "it could not be read" in site.words("packages/letter.html")


def test_a_package_that_changes_while_it_is_read_is_a_problem_and_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection = make_collection(tmp_path)
    read = make_package.read_page

    def read_page(request: PageRequest) -> PackagePage:
        if request.verify.root.name == "note":
            raise SourceChangedError(f"{request.verify.root} changed while it was read: no page was made")
        return read(request)

    monkeypatch.setattr(make_package, "read_page", read_page)
    site = make_site(collection, target=tmp_path / "site")
    assert (site.run.code, "packages/note.html" in site.pages) == (3, False)
    assert "note changed while it was read" in site.words("problems.html")


def test_the_folders_of_several_collections_become_one_site(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    add_package(one, "letter", describe("one-letter"))
    (tmp_path / "sources" / "letter").rename(tmp_path / "sources" / "first")
    add_package(other, "letter", describe("other-letter"))
    site = make_site(one, other, one / "letter", target=tmp_path / "site", json_wanted=True)
    assert site.facts["packages"] == 2
    assert {"packages/one-letter.html", "packages/other-letter.html"} <= set(site.pages)


def test_a_damaged_package_is_marked_on_each_page_and_the_exit_code_says_so(tmp_path: Path) -> None:
    collection = make_collection(tmp_path)
    (collection / "note" / "data" / "letter.txt").unlink()
    site = make_site(collection, target=tmp_path / "site")
    assert site.run.code == 1
    assert "note: files: incomplete; description: contradictory [site.damaged]" in site.run.said()
    assert "1 package is not as it was packed" in site.words("index.html")
    assert "✗ files: incomplete" in site.words("dates.html")
    assert site.search_index[-1][4] == "files: incomplete; description: contradictory"


def test_a_text_that_is_not_what_was_packed_is_reported_although_its_size_is_the_same(tmp_path: Path) -> None:
    collection = make_collection(tmp_path)
    (collection / "note" / "data" / "letter.txt").write_text("To ALL.\n")
    site = make_site(collection, target=tmp_path / "site")
    assert site.run.code == 1
    assert "note: files: not as it was packed [site.damaged]" in site.run.said()
    assert "✗ files: not as it was packed" in site.words("dates.html")
    words = site.words("packages/note.html")
    assert "What is shown below may not be what was packed" in words
    assert "digest differs" in words
    assert "all there, not compared" not in words


def test_a_package_that_cannot_be_read_is_listed_with_the_reason(tmp_path: Path) -> None:
    collection = make_collection(tmp_path)
    (collection / "note" / "bagit.txt").unlink()
    (collection / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    site = make_site(collection, target=tmp_path / "site", json_wanted=True)
    assert site.run.code == 3
    assert site.facts["problems"] == 2
    words = site.words("problems.html")
    assert "broken.zip" in words
    assert "note" in words
    assert "2 packages could not be read" in site.words("index.html")
    assert "packages/note.html" not in site.pages


def test_two_packages_with_one_identifier_have_two_pages_and_a_warning(tmp_path: Path) -> None:
    collection = make_collection(tmp_path)
    shutil.copytree(collection / "note", collection / "note-copy")
    site = make_site(collection, target=tmp_path / "site")
    assert site.run.code == 0
    assert "note is the identifier of 2 packages: note, note-copy [site.same-id]" in site.run.said()
    assert sum(page.startswith("packages/note") for page in site.pages) == 2


def test_the_parts_of_a_divided_package_are_told_apart(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    for number in range(3):
        (sources / f"scan{number}.tif").write_bytes(b"II*\0" + b"x" * 900)
    (sources / "letter.txt").write_text("To all.\n")
    more = "files: [" + ", ".join(f"{{ file: scan{n}.tif, role: facsimile }}" for n in range(3)) + "]\n"
    (sources / "description.yaml").write_text(describe("letter", more))
    (tmp_path / "collection").mkdir()
    target = tmp_path / "collection" / "letter"
    split = archtool("pack", sources / "description.yaml", "-o", target, "--split-size", "1kB")
    assert split.code == 0, split.err
    site = make_site(tmp_path / "collection", target=tmp_path / "site")
    assert "site.same-id" not in site.run.said()
    assert "packages/letter-2-of-3.html" in site.pages
    assert "part 2 of 3" in site.words("index.html")


def test_the_same_packages_make_the_same_bytes_in_any_folder_and_in_any_number_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archtool.operations.site.make_site.FEW_PACKAGES", 1)
    collection = make_collection(tmp_path)
    options = ["--title", "Letters", "--base-url", BASE_URL]
    one = make_site(collection, *options, "--jobs", "1", target=tmp_path / "one")
    shutil.copytree(collection, tmp_path / "elsewhere" / "copied")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    other = make_site(tmp_path / "elsewhere" / "copied", *options, "--jobs", "2", target=tmp_path / "other")
    assert tree_bytes(one.path) == tree_bytes(other.path)


def test_the_packages_stay_as_they_are(tmp_path: Path) -> None:
    collection = make_collection(tmp_path)
    before = tree_bytes(collection)
    for options in ([], ["--verify"], ["--all", "--images"]):
        make_site(collection, *options, target=tmp_path / "site")
    assert tree_bytes(collection) == before


@pytest.mark.parametrize("options", [[], ["--verify", "--date", "2026-11-22"]])
def test_nothing_in_the_site_names_a_folder_of_this_machine(tmp_path: Path, options: list[str]) -> None:
    collection = make_collection(tmp_path)
    (collection / "note" / "data" / "letter.txt").write_text("To nobody at all.\n")
    (collection / "reply" / "metadata" / "description.yaml").write_text("archtool: [")
    shutil.copytree(collection / "appeal", collection / "it's lost")
    (collection / "it's lost" / "bagit.txt").unlink()
    (collection / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    (collection / "gone.attestations" / "0001-packaging").mkdir(parents=True)
    site = make_site(collection, *options, target=tmp_path / "site")
    assert site.run.code == 3
    assert "broken.zip" in site.words("problems.html")
    text = b"".join(tree_bytes(site.path).values())
    assert str(tmp_path).encode() not in text
    assert tmp_path.name.encode() not in text


def test_damaged_packages_too_make_the_same_bytes_in_any_folder(tmp_path: Path) -> None:
    collection = make_collection(tmp_path)
    (collection / "note" / "data" / "letter.txt").unlink()
    (collection / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    one = make_site(collection, target=tmp_path / "one")
    other = tmp_path / "elsewhere" / "collection"
    shutil.copytree(collection, other)
    relative = archtool("site", "collection", "-o", tmp_path / "other", cwd=other.parent)
    assert (relative.code, tree_bytes(tmp_path / "other")) == (3, tree_bytes(one.path))


def test_json_states_what_was_done(tmp_path: Path) -> None:
    site = make_site(make_collection(tmp_path), target=tmp_path / "site", json_wanted=True)
    (result,) = site.run.objects
    assert result["schema"] == "archtool/site/1"
    assert site.facts["packages"] == site.facts["pages_made"] == 3
    assert site.facts["files_written"] == len(tree_bytes(site.path)) - 1  # the state file is not counted
    assert json.loads((site.path / "archtool-site.json").read_text())["schema"] == "archtool/site-state/1"
