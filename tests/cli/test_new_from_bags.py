"""`new --from-bag` drafts a description of a bag that others made; what its metadata says is offered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bagit
import pytest

from archives import serialise
from archtool.bagit.limits import MAX_INFO_BYTES
from command_line import DATE, archtool
from packages import ARCHIVIST, make_package, tree_bytes, write_allowed_signers, write_key
from unit.bagit.bag_builders import bag_files, with_tag_manifest, write_bag

LETTER = b"To the sections.\n"
SCAN = b"\xff\xd8\xff\xe0 a scan"
SOURCE = "AUTHOR, TITLE, PLACE, PUBLISHER, YEAR, PAGES."


def given(folder: Path, labels: dict[str, Any], *names: str) -> Path:
    """Make a bag with the Library of Congress's program."""
    bag = folder / "given"
    for name in names or ("letter.txt",):
        (bag / name).parent.mkdir(parents=True, exist_ok=True)
        (bag / name).write_bytes(SCAN if name.endswith(".jpg") else LETTER)
    bagit.make_bag(str(bag), labels, checksums=["sha256"])
    return bag


def given_with(folder: Path, **tag_files: bytes) -> Path:
    """Make a bag with other tag files, named without their ending."""
    extra = {f"{name.replace('_', '-')}.txt": data for name, data in tag_files.items()}
    files = bag_files({"data/letter.txt": LETTER}, algorithms=("sha256",), extra=extra)
    return write_bag(folder / "given", with_tag_manifest(files, "sha256"))


def drafted(bag: Path, *options: str | Path) -> str:
    done = archtool("new", "--from-bag", bag, *options)
    assert done.code == 0, done.err
    return (bag.parent / f"{bag.name}.description.yaml").read_text(encoding="utf-8")


def codes(bag: Path) -> list[str]:
    description = bag.parent / f"{bag.name}.description.yaml"
    return archtool("check", description, "--from-bag", bag, "--json").codes


def test_a_bag_of_an_archive_becomes_a_signed_package(tmp_path: Path) -> None:
    labels = {
        "Source-Organization": "City Archive",
        "External-Description": "Letters of 1932",
        "Bag-Group-Identifier": "Society papers",
    }
    bag = given(tmp_path, labels, "letter.txt", "scans/1.jpg")
    before = tree_bytes(bag)
    text = drafted(bag).replace("CONFIRM:", "").replace(SOURCE, "City Archive, box 4")
    description = tmp_path / "given.description.yaml"
    description.write_text(text + "rights: { original: UND }\n")
    assert codes(bag) == []
    package, key = tmp_path / "package", write_key(tmp_path)
    packed = archtool("pack", description, "--from-bag", bag, "-o", package, "--sign", key, "--date", DATE)
    assert packed.code == 0, packed.err
    seen = archtool("verify", package, "--trust", write_allowed_signers(tmp_path, ARCHIVIST), "--json")
    assert seen.objects[0]["verdict"] == {"bag": "valid", "content": "consistent", "trust": "trusted"}
    assert archtool("show", package).out.startswith("Letters of 1932\n===============\n")
    assert tree_bytes(bag) == before


def test_a_value_of_the_bag_is_refused_until_the_mark_is_deleted(tmp_path: Path) -> None:
    bag = given(tmp_path, {"External-Description": "Letters: “1932” #2"})
    text = drafted(bag)
    assert '# External-Description in bag-info.txt\ntitle: "CONFIRM:Letters: “1932” #2"\n' in text
    description = tmp_path / "given.description.yaml"
    description.write_text(text.replace(SOURCE, "Box 4"))
    assert sorted(codes(bag)) == ["description.unconfirmed", "rights.missing"]
    refused = archtool("pack", description, "--from-bag", bag, "-o", tmp_path / "package")
    assert (refused.code, (tmp_path / "package").exists()) == (3, False)
    assert "delete the word `CONFIRM:`" in refused.said()
    description.write_text(description.read_text().replace("CONFIRM:", ""))
    assert codes(bag) == ["rights.missing"]
    facts = archtool("check", description, "--from-bag", bag, "--json").objects[0]["facts"]
    assert facts["title"] == "Letters: “1932” #2"


def test_each_field_with_a_key_of_its_own_is_offered_there(tmp_path: Path) -> None:
    labels = {
        "Title": "Letters",
        "External-Description": "Twelve letters of the bureau.",
        "External-Identifier": "CA-1932:17",
        "Bag-Group-Identifier": "Society papers",
        "Internal-Sender-Description": "Box 4",
    }
    text = drafted(given(tmp_path, labels))
    for line in (
        'title: "CONFIRM:Letters"',
        'abstract: "CONFIRM:Twelve letters of the bureau."',
        'id: "CONFIRM:CA-1932:17"',
        'collection: "CONFIRM:Society papers"',
        'note: "CONFIRM:Box 4"',
    ):
        assert f"\n{line}\n" in text
    assert codes(tmp_path / "given").count("description.unconfirmed") == 5


def test_every_other_field_is_a_comment_and_names_its_file(tmp_path: Path) -> None:
    text = drafted(
        given(tmp_path, {"Language": "French", "LC-Project": "Letters 3", "External-Identifier": "a b"})
    )
    block = text[text.index("# bag-info.txt also says") : text.index("# A short identifier")]
    assert "(the package keeps it as metadata/adopted/bag-info.txt):\n" in block
    assert {"#   Language: French", "#   LC-Project: Letters 3", "#   External-Identifier: a b"} <= {
        *block.splitlines()
    }
    assert "\nlanguage:" not in text


def test_data_about_persons_are_not_copied_into_the_description(tmp_path: Path) -> None:
    labels = {"Contact-Email": "mary@archive.example", "Contact-Phone": "555 0100", "Contact-Name": "Mary"}
    text = drafted(given(tmp_path, labels | {"Organization-Address": "1 Market Square"}))
    assert "#   Contact-Email: see there\n" in text
    assert not [private for private in ("mary@", "555 0100", "Market Square") if private in text]
    assert "# The provenance will name the giver, Mary:" in text


def test_the_tag_file_of_a_repositorys_profile_is_read_too(tmp_path: Path) -> None:
    """DART writes this file for the repositories of the APTrust consortium."""
    bag = given_with(
        tmp_path,
        bag_info=b"Source-Organization: City Archive\nExternal-Description: a shipment\n",
        aptrust_info=b"Title: Letters of 1932\nAccess: Institution\nDescription: Twelve letters\n",
    )
    text = drafted(bag)
    assert '# Title in aptrust-info.txt\ntitle: "CONFIRM:Letters of 1932"\n' in text
    assert 'abstract: "CONFIRM:Twelve letters"' in text
    assert "# aptrust-info.txt also says" in text
    assert "#   Access: Institution\n" in text
    assert "#   External-Description: a shipment\n" in text


def test_a_long_description_of_the_bag_is_no_title(tmp_path: Path) -> None:
    text = drafted(given(tmp_path, {"External-Description": "Letters. " * 40}))
    assert "\ntitle: TITLE OF THE DOCUMENT\n" in text
    assert 'abstract: "CONFIRM:Letters. Letters.' in text


@pytest.mark.parametrize(
    ("value", "offered"),
    [("a\u2028title: b", 0), ("x\x1b[2Jy", 0), ("\u202egpj.exe", 0), ('say "no": # yes\\', 1), ("- a", 1)],
)
def test_a_hostile_value_stays_inside_its_comment_or_its_quotes(
    value: str, offered: int, tmp_path: Path
) -> None:
    info = f"Title: {value}\nOther: {value}\nOth\u2028er: x\n".encode()
    bag = given_with(tmp_path, bag_info=info)
    text = drafted(bag)
    assert all(char.isprintable() or char == "\n" for char in text)
    assert codes(bag).count("description.unconfirmed") == offered


def test_a_bag_with_too_many_fields_is_shortened(tmp_path: Path) -> None:
    info = "".join(f"Label-{n}: {'x' * 1000}\n" for n in range(500))
    text = drafted(given_with(tmp_path, bag_info=info.encode()))
    assert ("#   … and 440 more fields\n" in text, len(text) < 40_000) == (True, True)


def test_files_are_sorted_by_kind_and_none_is_forgotten(tmp_path: Path) -> None:
    bag = given(tmp_path, {}, "letter.txt", "reply.txt", "scans/1.jpg", "letter.docx", "index.json", "a.yaml")
    text = drafted(bag)
    assert "transcription:\n  - file: letter.txt\n" in text
    assert "    file: reply.txt\n" in text
    for line in ("scans/1.jpg, role: facsimile", "letter.docx, role: other", "index.json, role: other"):
        assert f"  - {{ file: {line} }}\n" in text
    assert "payload.undeclared" not in codes(bag)


def test_a_bag_without_a_text_is_said_to_have_none(tmp_path: Path) -> None:
    text = drafted(given(tmp_path, {}, "letter.docx"))
    assert "# This bag has no text file, and nothing is added to a bag." in text


def test_the_key_for_who_takes_the_bag_over_is_there(tmp_path: Path) -> None:
    bag = given(tmp_path, {"Source-Organization": "City Archive"})
    text = drafted(bag)
    assert "\n# packager: { name: NAME, type: organization }\n" in text
    (tmp_path / "given.description.yaml").write_text(text.replace("# packager:", "packager:"))
    assert codes(bag).count("description.placeholder") == 3


def test_a_package_of_archtool_has_a_description_to_begin_with(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    done = archtool("new", "--from-bag", package, "-o", tmp_path / "again.yaml")
    assert done.code == 0
    expected = (
        "# The bag has a description of its own, metadata/description.yaml: begin with a copy of that file."
    )
    assert expected in (tmp_path / "again.yaml").read_text()


@pytest.mark.parametrize("name", ["tar", "zip"])
def test_the_bag_can_be_an_archive(name: str, tmp_path: Path) -> None:
    files = bag_files({"data/letter.txt": LETTER}, info="Title: Letters\n")
    archive = serialise(files, tmp_path / f"given.{name}")
    assert 'title: "CONFIRM:Letters"' in drafted(archive)
    assert "description.unconfirmed" in codes(archive)


def test_the_next_commands_are_given_as_they_can_be_run(tmp_path: Path) -> None:
    bag = given(tmp_path, {"Title": "Letters"})
    (tmp_path / "my work").mkdir()
    target = tmp_path / "my work" / "letters.yaml"
    done = archtool("new", "--from-bag", bag, "-o", target)
    assert (done.code, done.out) == (0, f"wrote {target}\n")
    assert "1 value of the bag's metadata to confirm: each is marked CONFIRM:\n" in done.err
    assert f"archtool check '{target}' --from-bag {bag}\n" in done.err
    assert f"archtool pack '{target}' --from-bag {bag} -o PACKAGE\n" in done.err
    assert f"#   archtool check '{target}' --from-bag {bag}\n" in target.read_text()


def test_the_description_of_a_folder_can_be_written_elsewhere(letters: Path, tmp_path: Path) -> None:
    (letters / "letter.txt").write_text("x")
    target = tmp_path / "letters.yaml"
    done = archtool("new", letters, "-o", target)
    assert f"archtool check {target} --files {letters}\n" in done.err
    assert f"archtool check {target} --files {letters}\n" in target.read_text()
    checked = archtool("check", target, "--files", letters, "--json").codes
    assert "payload.undeclared" not in checked


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "nothing to describe is named"),
        (("given", "--from-bag", "given"), 2, "contradict each other"),
        (("--from-bag", "nowhere"), 3, "there is no such folder or archive"),
        (("--from-bag", "."), 3, "it contains a bag, given"),
        (("--from-bag", "given/data"), 3, "is not a bag"),
        (("--from-bag", "given", "-o", "given/d.yaml"), 2, "would be written into a package"),
        (("--from-bag", "given", "-o", "nowhere/d.yaml"), 3, "there is no folder nowhere"),
        (("--from-bag", "given", "-o", "folder"), 2, "a folder, not a file"),
        (("--from-bag", "given", "-o", "old.yaml"), 2, "already exists"),
    ],
)
def test_a_wrong_place_is_refused_and_nothing_is_written(
    arguments: tuple[str, ...], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(tmp_path, {})
    (tmp_path / "folder").mkdir()
    (tmp_path / "old.yaml").write_text("old")
    before = tree_bytes(tmp_path)
    monkeypatch.chdir(tmp_path)
    done = archtool("new", *arguments)
    assert (done.code, said in done.err) == (code, True), done.err
    assert tree_bytes(tmp_path) == before


CSV = "filename,dc.title,dc.creator,dc.description\r\n"


def transferred(folder: Path, table: bytes) -> str:
    """Draft a description of a bag with the metadata.csv of an Archivematica transfer."""
    payload = {"data/objects/letter.txt": LETTER, "data/metadata/metadata.csv": table}
    return drafted(write_bag(folder / "given", bag_files(payload, algorithms=("sha256",))))


def test_the_dublin_core_of_an_only_row_is_offered(tmp_path: Path) -> None:
    text = transferred(tmp_path, f'\ufeff{CSV}objects,"Letters, 1932",M. Smith,Twelve letters\r\n'.encode())
    assert '# dc.title in data/metadata/metadata.csv\ntitle: "CONFIRM:Letters, 1932"\n' in text
    assert 'abstract: "CONFIRM:Twelve letters"' in text
    assert (
        "# data/metadata/metadata.csv also says (the package keeps it as data/metadata/metadata.csv):\n"
        in text
    )
    assert "#   dc.creator: M. Smith\n" in text


def test_the_dublin_core_of_single_files_is_only_told(tmp_path: Path) -> None:
    rows = "objects/letter.txt,Letter 1,,\r\nobjects/reply.txt,Reply,,\r\n"
    text = transferred(tmp_path, f"{CSV}{rows}".encode())
    assert "#   objects/letter.txt dc.title: Letter 1\n#   objects/reply.txt dc.title: Reply\n" in text
    assert "\ntitle: TITLE OF THE DOCUMENT\n" in text


@pytest.mark.parametrize(
    "table",
    [b"", b"a,b\n1,2\n", b"filename,dc.title\n", CSV.encode() + b"x,\xff\n", CSV.encode() + b'x,"open\n'],
)
def test_a_table_of_another_form_offers_nothing(table: bytes, tmp_path: Path) -> None:
    assert "metadata.csv also says" not in transferred(tmp_path, table)


def test_a_bag_whose_files_are_still_to_be_fetched_cannot_be_described(tmp_path: Path) -> None:
    files = bag_files({"data/letter.txt": LETTER}) | {
        "fetch.txt": b"https://example.org/x - data/letter.txt\n"
    }
    del files["data/letter.txt"]
    done = archtool("new", "--from-bag", write_bag(tmp_path / "given", files))
    assert (done.code, "archtool fetch" in done.err) == (3, True)


def test_a_tag_file_that_is_too_large_to_be_metadata_is_not_offered(tmp_path: Path) -> None:
    bag = given_with(tmp_path, extra_info=b"Title: A letter\n" + b"x" * MAX_INFO_BYTES)
    assert "A letter" not in drafted(bag)
