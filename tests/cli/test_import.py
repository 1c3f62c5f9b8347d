"""`import` drafts descriptions from pages and records; nothing is taken that a person did not confirm."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from command_line import DATE, archtool
from packages import left_behind, tree_bytes, write_key
from pages_to_import import BIBTEX, ENGLISH, PAGES, RECORDS, TEI, page_bytes

SEVERAL = ("english", "french", "russian")


def write_pages(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / f"{name}.htm").write_bytes(page_bytes(name))
    return folder


def confirm(draft: Path) -> None:
    """Delete the mark of every value, as a person does who found all of them right."""
    path = draft / "description.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("CONFIRM:", ""), encoding="utf-8")


def codes(draft: Path) -> set[str]:
    return set(archtool("check", draft / "description.yaml", "--json").codes)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_becomes_a_signed_package_when_its_values_are_confirmed(name: str, tmp_path: Path) -> None:
    pages, draft, package = write_pages(tmp_path / "pages", name), tmp_path / "draft", tmp_path / "package"
    assert archtool("import", pages / f"{name}.htm", "-o", draft).code == 0
    assert codes(draft) <= {"description.unconfirmed", "rights.missing"}
    assert archtool("pack", draft / "description.yaml", "-o", package).code == 3

    confirm(draft)
    assert codes(draft) <= {"rights.missing"}
    key = write_key(tmp_path)
    done = archtool("pack", draft / "description.yaml", "-o", package, "--sign", key, "--date", DATE)
    assert done.code == 0, done.err
    assert archtool("verify", package).code == 0
    assert (package / "data" / f"{name}.htm").read_bytes() == page_bytes(name)


def test_a_tei_file_becomes_a_package(tmp_path: Path) -> None:
    (tmp_path / "letter.tei").write_text(TEI, encoding="utf-8")
    draft = tmp_path / "draft"
    assert archtool("import", tmp_path / "letter.tei", "-o", draft).code == 0
    assert codes(draft) == {"description.unconfirmed"}
    confirm(draft)
    assert archtool("pack", draft / "description.yaml", "-o", tmp_path / "package").code == 0
    assert archtool("verify", tmp_path / "package").code == 0
    assert (tmp_path / "package" / "data" / "letter.txt").read_text(encoding="utf-8").startswith("Lettre")


def test_each_text_of_a_corpus_becomes_a_draft_with_the_corpus_beside_it(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.xml"
    text = TEI.replace(' xmlns="http://www.tei-c.org/ns/1.0"', "")
    corpus.write_text(f"<teiCorpus><teiHeader/>{text}{text}</teiCorpus>", encoding="utf-8")
    assert archtool("import", corpus, "-o", tmp_path / "drafts").code == 0
    for number in (1, 2):
        draft = tmp_path / "drafts" / f"corpus-{number}"
        assert (draft / "corpus.xml").read_bytes() == corpus.read_bytes()
        assert (draft / "corpus.txt").is_file()
        assert codes(draft) == {"description.unconfirmed"}


@pytest.mark.parametrize("name", ["books.bib", "books.ris", "books.json", "letter.xml"])
def test_a_record_without_a_text_becomes_a_package_when_the_text_is_added(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(RECORDS[name], encoding="utf-8")
    assert archtool("import", tmp_path / name, "-o", tmp_path / "draft").code == 0
    draft = min((tmp_path / "draft").rglob("description.yaml")).parent
    open_codes = {"description.unconfirmed", "description.placeholder", "payload.missing", "rights.missing"}
    assert codes(draft) <= open_codes
    confirm(draft)
    description = draft / "description.yaml"
    named = description.read_text(encoding="utf-8").replace("NAME OF THE TEXT FILE.txt", "text.txt")
    description.write_text(named, encoding="utf-8")
    (draft / "text.txt").write_text("The text.\n", encoding="utf-8")
    assert archtool("pack", description, "-o", tmp_path / "package").code == 0


def test_the_author_in_the_head_of_a_page_is_never_a_value(tmp_path: Path) -> None:
    page = tmp_path / "letter.htm"
    page.write_text(
        '<html><head><meta name="author" content="Thomas Typist"></head><body><h1>A Letter</h1><p>Text.</p>',
        encoding="utf-8",
    )
    assert archtool("import", page, "-o", tmp_path / "draft").code == 0
    lines = (tmp_path / "draft" / "description.yaml").read_text(encoding="utf-8").splitlines()
    assert [line[:2] for line in lines if "Typist" in line] == ["# "]


def test_an_import_changes_no_source_and_leaves_nothing_beside_its_folder(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", *SEVERAL)
    before = tree_bytes(pages)
    assert archtool("import", pages, "-o", tmp_path / "drafts").code == 0
    assert tree_bytes(pages) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["drafts", "pages"]
    assert left_behind(tmp_path / "drafts") == []


def test_a_folder_of_pages_becomes_a_source_of_batch(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", *SEVERAL)
    drafts = tmp_path / "drafts"
    done = archtool("import", pages, "-o", drafts)
    assert done.code == 0
    assert "3 drafts: 3 written" in done.out
    for name in SEVERAL:
        confirm(drafts / name)
    assert archtool("batch", drafts, "-o", tmp_path / "packages").code == 0
    assert all((tmp_path / "packages" / name / "bagit.txt").is_file() for name in SEVERAL)


def test_the_table_of_an_import_says_what_was_placed_and_what_failed(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", "english")
    (pages / "empty.htm").write_bytes(b"")
    done = archtool("import", pages, "-o", tmp_path / "drafts")
    assert done.code == 6
    with (tmp_path / "drafts" / "import.csv").open(encoding="utf-8", newline="") as table:
        by_state = {row["state"]: row for row in csv.DictReader(table)}
    assert by_state["written"]["placed"].startswith("title, date, language")
    assert by_state["written"]["to_confirm"] == "15"
    assert by_state["written"]["not_placed"] == "1"
    assert "is empty" in by_state["failed"]["problem"]


def test_an_interrupted_import_is_resumed(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", *SEVERAL)
    drafts = tmp_path / "drafts"
    assert archtool("import", pages, "-o", drafts).code == 0
    confirm(drafts / "english")
    edited = tree_bytes(drafts / "english")
    for name in ("description.yaml", "french.htm", "french.txt"):
        (drafts / "french" / name).unlink()
    (drafts / "french").rmdir()
    done = archtool("import", pages, "-o", drafts)
    assert done.code == 0
    assert "3 drafts: 1 written · 2 kept" in done.out
    assert tree_bytes(drafts / "english") == edited
    assert (drafts / "french" / "french.htm").is_file()


def test_a_folder_that_was_made_from_another_page_is_not_overwritten(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", *SEVERAL)
    (tmp_path / "drafts" / "english").mkdir(parents=True)
    (tmp_path / "drafts" / "english" / "mine.txt").write_text("mine", encoding="utf-8")
    done = archtool("import", pages, "-o", tmp_path / "drafts")
    assert done.code == 6
    assert "exists, and was not made from this file" in done.said()
    assert tree_bytes(tmp_path / "drafts" / "english") == {"mine.txt": b"mine"}


def test_pages_of_the_same_name_get_folders_of_their_own(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", "english")
    (pages / "english.html").write_text(ENGLISH, encoding="utf-8")
    (pages / "ENGLISH.HTML").write_text(ENGLISH, encoding="utf-8")
    (pages / "1911").mkdir()
    (pages / "1911" / "english.htm").write_text(ENGLISH, encoding="utf-8")
    assert archtool("import", pages, "-o", tmp_path / "drafts").code == 0
    folders = sorted(path.name for path in (tmp_path / "drafts").iterdir() if path.is_dir())
    assert folders == ["1911-english", "ENGLISH", "english-2", "english-3"]


def test_a_name_that_is_not_utf8_is_imported_under_a_plain_one(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "caf\udce9.htm").write_text("<p>Text.</p>", encoding="utf-8")
    assert archtool("import", tmp_path / "pages", "-o", tmp_path / "drafts").code == 0
    names = sorted(path.name for path in (tmp_path / "drafts" / "caf").iterdir())
    assert names == ["caf.htm", "caf.txt", "description.yaml"]


def test_a_library_of_records_is_cited_by_a_description(tmp_path: Path) -> None:
    (tmp_path / "books.bib").write_text(BIBTEX, encoding="utf-8")
    library = tmp_path / "books.json"
    done = archtool("import", tmp_path / "books.bib", "--library", library)
    assert done.code == 0
    keys = [item["id"] for item in json.loads(library.read_text(encoding="utf-8"))]
    assert keys == ["garance1931", "veld1948", "veld1948-2"]
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "letter.txt").write_text("Text.\n", encoding="utf-8")
    (tmp_path / "d" / "description.yaml").write_text(
        "archtool: 1\ntitle: Letter\ntranscription: letter.txt\n"
        "source: { cite: veld1948-2, library: ../books.json }\n",
        encoding="utf-8",
    )
    assert codes(tmp_path / "d") == {"rights.missing"}


def test_a_library_keeps_what_has_no_variable_and_tells_what_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "books.bib").write_text(BIBTEX, encoding="utf-8")
    done = archtool("import", "books.bib", "--library", "books.json", cwd=tmp_path)
    first = json.loads((tmp_path / "books.json").read_text(encoding="utf-8"))[0]
    assert first["custom"] == {"not-placed": {"shelf": "B 7"}}
    assert "books.bib:14: an entry that is not BibTeX fits no key" in done.said()


def test_a_library_is_overwritten_only_with_force(tmp_path: Path) -> None:
    (tmp_path / "books.bib").write_text(BIBTEX, encoding="utf-8")
    library = tmp_path / "books.json"
    library.write_text("[]", encoding="utf-8")
    refused = archtool("import", tmp_path / "books.bib", "--library", library)
    assert refused.code == 2
    assert library.read_text(encoding="utf-8") == "[]"
    assert archtool("import", tmp_path / "books.bib", "--library", library, "--force").code == 0
    assert len(json.loads(library.read_text(encoding="utf-8"))) == 3


def test_the_result_of_an_import_is_json(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", "english")
    (result,) = archtool("import", pages / "english.htm", "-o", tmp_path / "draft", "--json").objects
    assert result["schema"] == "archtool/import/1"
    assert result["facts"]["state"] == "written"
    assert result["facts"]["to_confirm"] == 15
    assert [one["code"] for one in result["findings"]] == ["import.not-placed", "import.not-in-text"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "nothing to import is named"),
        (["page.htm"], 2, "-o DIR is missing"),
        (["page.htm", "-o", "d", "--library", "l.json"], 2, "both -o and --library are given"),
        (["page.htm", "-o", "d", "--force"], 2, "--force belongs to --library"),
        (["page.htm", "-o", "d", "--encoding", "klingon"], 2, "there is no character encoding “klingon”"),
        (["missing.htm", "-o", "d"], 3, "cannot be read: missing.htm"),
        (["page.htm", "-o", "exists"], 2, "exists already exists"),
        (["page.htm", "--library", "l.json"], 3, "page.htm is a page, not a record of a source"),
        (["exists", "-o", "d"], 3, "contains no file that can be imported"),
        (["pages", "-o", "pages"], 2, "would be written among the files to import"),
        (["other.xml", "-o", "d"], 3, "neither TEI nor Dublin Core: <root>"),
        (["entities.xml", "-o", "d"], 3, "declares entities of its own"),
        (["broken.bib", "-o", "d"], 3, "has no record of BibTeX"),
        (["page.pdf", "-o", "d"], 3, "page.pdf is a PDF"),
        (["what.dat", "-o", "d"], 3, "it is not clear what what.dat is"),
    ],
)
def test_what_cannot_be_imported_is_refused_and_nothing_is_written(
    words: list[str], code: int, said: str, tmp_path: Path
) -> None:
    files = {
        "page.htm": b"<p>Text.</p>",
        "other.xml": b"<root><a>1</a></root>",
        "entities.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "broken.bib": b"@book{never closed",
        "page.pdf": b"%PDF-1.4\n" + b"x" * 100,
        "what.dat": b"Some words.",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "exists").mkdir()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "page.htm").write_bytes(b"<p>Text.</p>")
    before = sorted(tmp_path.rglob("*"))
    done = archtool("import", *words, cwd=tmp_path)
    assert done.code == code, done.err
    assert said in done.said()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_page_that_is_too_large_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "large.htm"
    with page.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    done = archtool("import", page, "-o", tmp_path / "draft")
    assert done.code == 3
    assert "has 104,857,600 bytes; at most 16,777,216 are imported" in done.said()
    assert not (tmp_path / "draft").exists()


def test_a_page_whose_elements_nest_too_deeply_is_refused_instead_of_cut(tmp_path: Path) -> None:
    page = tmp_path / "deep.htm"
    page.write_text("<div>" * 5000 + "the text", encoding="utf-8")
    done = archtool("import", page, "-o", tmp_path / "draft")
    assert done.code == 3
    assert "elements are nested too deeply" in done.said()


def test_nothing_is_imported_into_a_package(tmp_path: Path) -> None:
    (tmp_path / "bag").mkdir()
    (tmp_path / "bag" / "bagit.txt").write_text("BagIt-Version: 1.0\n", encoding="utf-8")
    (tmp_path / "page.htm").write_text("<p>Text.</p>", encoding="utf-8")
    done = archtool("import", tmp_path / "page.htm", "-o", tmp_path / "bag" / "draft")
    assert done.code == 2
    assert not (tmp_path / "bag" / "draft").exists()


def test_a_value_with_a_direction_mark_is_a_comment_and_not_offered(tmp_path: Path) -> None:
    page = tmp_path / "page.htm"
    page.write_text(
        "<meta charset='utf-8'><p><b>Source:</b> Book \u202e 1911<br><b>Transcribed by:</b> Ruth Scribe</p>",
        encoding="utf-8",
    )
    assert archtool("import", page, "-o", tmp_path / "draft").code == 0
    draft = (tmp_path / "draft" / "description.yaml").read_text(encoding="utf-8")
    assert "\u202e" not in draft
    assert r"#   line 1: Source: Book \u202e 1911" in draft
    assert "CONFIRM:Book" not in draft


def test_a_doubtful_encoding_must_be_confirmed(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", "russian")
    done = archtool("import", pages / "russian.htm", "-o", tmp_path / "draft")
    assert "it was read as windows-1251" in done.said()
    draft = (tmp_path / "draft" / "description.yaml").read_text(encoding="utf-8")
    assert 'note: "CONFIRM:the file does not name its encoding' in draft
    stated = tmp_path / "stated"
    options = ("-o", stated, "--encoding", "windows-1251")
    assert archtool("import", pages / "russian.htm", *options).code == 0
    assert "the file does not name" not in (stated / "description.yaml").read_text(encoding="utf-8")


def test_another_file_with_the_name_of_the_table_is_not_overwritten(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", "english")
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "import.csv").write_text("mine", encoding="utf-8")
    done = archtool("import", pages, "-o", tmp_path / "drafts")
    assert done.code == 2
    assert "is not the table of an import" in done.said()
    assert tree_bytes(tmp_path / "drafts") == {"import.csv": b"mine"}


def test_links_and_other_files_of_a_folder_are_skipped_and_told(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", "english")
    (pages / "seal.gif").write_bytes(b"GIF89a")
    (pages / "link.htm").symlink_to(pages / "english.htm")
    done = archtool("import", pages, "-o", tmp_path / "drafts")
    assert done.code == 0
    assert "2 files in" in done.said()
    assert "not imported (only pages and records are, and no links): link.htm, seal.gif" in done.said()
    assert sorted(path.name for path in (tmp_path / "drafts").iterdir()) == ["english", "import.csv"]
