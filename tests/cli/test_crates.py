"""`archtool pack --crate`: a package whose payload is an RO-Crate too."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import archtool
from crates import faults_of_crate, read_crate, references_in, unknown_terms
from packages import (
    EXAMPLES,
    LETTER,
    make_package,
    pack,
    retag,
    tree_bytes,
    write_allowed_signers,
    write_description,
    write_key,
    write_letter,
)

NAME = "ro-crate-metadata.json"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    return folder


def change_crate(package: Path, change: str, to: str) -> None:
    """Change the crate and every list that names it, as somebody does who hides the change."""
    crate, manifest = package / "data" / NAME, package / "manifest-sha512.txt"
    old = hashlib.sha512(crate.read_bytes()).hexdigest()
    text = crate.read_text()
    assert change in text
    crate.write_text(text.replace(change, to, 1))
    new = hashlib.sha512(crate.read_bytes()).hexdigest()
    for path in (manifest, package / "metadata/provenance.json", package / "metadata/premis.xml"):
        path.write_text(path.read_text().replace(old, new))
    retag(package)


def test_a_package_with_a_crate_is_valid_consistent_and_trusted(tmp_path: Path) -> None:
    package = make_package(tmp_path, "--crate")
    allowed = write_allowed_signers(tmp_path, "archivist@example.org")
    run = archtool("verify", package, "--trust", allowed)
    assert (run.code, run.err) == (0, "")
    assert "bag valid · content consistent · trust trusted" in run.out


def test_the_crate_of_the_described_case_meets_all_requirements_of_ro_crate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package"
    assert pack(EXAMPLES / "rakovsky-1932/description.yaml", package, "--crate").code == 0
    assert faults_of_crate(package / "data", monkeypatch) == []
    assert unknown_terms((package / "data" / NAME).read_text()) == set()


def test_the_validator_of_crates_finds_a_file_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = make_package(tmp_path, "--crate")
    (package / "data/letter.txt").unlink()
    faults = faults_of_crate(package / "data", monkeypatch)
    assert any("letter.txt" in fault for fault in faults), faults


def test_bagit_of_the_library_of_congress_accepts_a_package_with_a_crate(tmp_path: Path) -> None:
    package = make_package(tmp_path, "--crate")
    run = subprocess.run(
        [sys.executable, "-m", "bagit", "--validate", package], capture_output=True, check=False, text=True
    )
    assert run.returncode == 0, run.stderr


def test_the_library_rocrate_reads_the_files_with_sizes_and_digests(tmp_path: Path) -> None:
    from rocrate.rocrate import ROCrate

    package = make_package(tmp_path, "--crate")
    crate = ROCrate(package / "data")
    letter = crate.get("letter.txt")
    data = (package / "data/letter.txt").read_bytes()
    assert crate.root_dataset["hasPart"] == [letter]
    assert letter["contentSize"] == str(len(data))
    assert letter["sha512"] == hashlib.sha512(data).hexdigest()
    assert letter["encodingFormat"] == "text/plain"


def test_the_same_description_and_date_make_the_same_crate(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        make_package(folder, "--crate")
    assert tree_bytes(first / "package") == tree_bytes(second / "package")


def test_an_archive_has_the_bytes_of_the_folder(tmp_path: Path) -> None:
    package = make_package(tmp_path, "--crate")
    tar = tmp_path / "package.tar"
    sign = ["--sign", write_key(tmp_path)]
    assert pack(tmp_path / "sources/description.yaml", tar, "--crate", *sign).code == 0
    assert archtool("verify", tar).code == 0
    assert archtool("unpack", tar, "-o", tmp_path / "unpacked").code == 0
    assert tree_bytes(tmp_path / "unpacked") == tree_bytes(package)


def test_the_provenance_says_that_the_crate_is_not_content(tmp_path: Path) -> None:
    package = make_package(tmp_path, "--crate")
    document = json.loads((package / "metadata/provenance.json").read_bytes())
    own = [e for e in document["entity"].values() if e.get("arch:path") == f"data/{NAME}"]
    assert [entity["arch:role"] for entity in own] == ["ro-crate-metadata"]
    assert f"data/{NAME}" in (package / "metadata/premis.xml").read_text()


@pytest.mark.parametrize(
    ("change", "to", "told"),
    [
        ("Letter of the bureau", "Letter of the police", "Letter of the police"),
        ('"17"', '"18"', "contentSize"),
        ('"temporal"', '"temporaI"', "temporaI"),
        ("https://w3id.org/ro/crate/1.2/context", "https://example.org/context", "@context"),
    ],
)
def test_a_crate_that_says_something_else_is_found_although_all_lists_agree(
    sources: Path, tmp_path: Path, change: str, to: str, told: str
) -> None:
    description = write_letter(sources)
    description.write_text(description.read_text().replace("date: 1932-05", "date: 1932-05~"))
    package = tmp_path / "package"
    assert pack(description, package, "--crate").code == 0
    change_crate(package, change, to)
    run = archtool("verify", package, "--json")
    result = json.loads(run.out)
    found = [f for f in result["findings"] if f["code"] == "content.crate-differs"]
    assert run.code == 1
    assert result["verdict"]["content"] == "inconsistent"
    assert found[0]["file"] == f"data/{NAME}"
    assert any(told in finding["message"] for finding in found), found


@pytest.mark.parametrize("text", ["", "{", "[]", '{"@graph": 1}', '{"@graph": [1, {"@id": 2}]}', "\x00"])
def test_a_crate_that_is_none_is_found(tmp_path: Path, text: str) -> None:
    package = make_package(tmp_path, "--crate", signed=False)
    change_crate(package, (package / "data" / NAME).read_text(), text)
    run = archtool("verify", package, "--json")
    codes = {f["code"] for f in json.loads(run.out)["findings"]}
    assert run.code == 1
    assert codes & {"content.crate-differs", "content.metadata-invalid"}, codes


def test_a_damaged_crate_is_a_damaged_file(tmp_path: Path) -> None:
    package = make_package(tmp_path, "--crate")
    crate = package / "data" / NAME
    crate.write_bytes(crate.read_bytes().replace(b"Letter", b"Lettre", 1))
    run = archtool("verify", package)
    assert run.code == 1
    assert f"data/{NAME}" in run.out
    assert "fixity.digest-mismatch" in run.out


def test_a_missing_crate_is_a_missing_file(tmp_path: Path) -> None:
    package = make_package(tmp_path, "--crate")
    (package / "data" / NAME).unlink()
    run = archtool("verify", package)
    assert run.code == 1
    assert "bag incomplete" in run.out
    assert "crate-differs" not in run.out


def test_a_crate_is_checked_without_reading_the_payload(tmp_path: Path) -> None:
    package = make_package(tmp_path, "--crate", signed=False)
    change_crate(package, "Letter of the bureau", "Letter of the police")
    assert "content.crate-differs" in archtool("verify", package, "--complete").out


def test_a_file_that_is_declared_under_the_name_of_the_crate_is_refused(
    sources: Path, tmp_path: Path
) -> None:
    (sources / NAME).write_text("{}")
    description = write_letter(sources, f"files: [{{ file: {NAME}, role: other }}]\n")
    run = pack(description, tmp_path / "package", "--crate")
    assert run.code == 3
    assert "payload.crate-name-taken" in run.err
    assert not (tmp_path / "package").exists()
    assert pack(description, tmp_path / "package").code == 0
    assert archtool("verify", tmp_path / "package").code == 0


@pytest.mark.parametrize("name", ["RO-Crate-Metadata.JSON", f"{NAME}/scan.txt"])
def test_a_name_that_not_every_system_can_store_beside_the_crate_is_refused(
    sources: Path, tmp_path: Path, name: str
) -> None:
    (sources / name).parent.mkdir(exist_ok=True)
    (sources / name).write_text("{}")
    description = write_letter(sources, f"files: [{{ file: {name}, role: other }}]\n")
    run = pack(description, tmp_path / "package", "--crate")
    assert run.code == 3
    assert "payload.crate-name-taken" in run.err


def test_a_pattern_of_the_description_does_not_declare_the_crate(sources: Path, tmp_path: Path) -> None:
    (sources / "index.json").write_text("{}")
    description = write_letter(sources, "files: [{ file: '*.json', role: other }]\n")
    package = tmp_path / "package"
    assert pack(description, package, "--crate").code == 0
    run = archtool("verify", package)
    assert (run.code, "content consistent" in run.out) == (0, True), run.out


def test_a_crate_without_the_mark_of_the_provenance_is_an_undeclared_file(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    crate = package / "data" / NAME
    crate.write_text("{}")
    with (package / "manifest-sha512.txt").open("a") as manifest:
        manifest.write(f"{hashlib.sha512(b'{}').hexdigest()}  data/{NAME}\n")
    retag(package)
    assert "content.file-not-described" in archtool("verify", package).out


def test_a_folder_of_facsimiles_is_a_dataset_with_its_files(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans = sources / "scans"
    (scans / "verso").mkdir(parents=True)
    for name in ("page 1.jpg", "50%.jpg", "verso/страница.jpg", "a:b.jpg"):
        (scans / name).write_bytes(b"\xff\xd8\xff\xe0 picture")
    description = write_letter(sources, "files: [{ file: scans/, role: facsimile }]\n")
    package = tmp_path / "package"
    assert pack(description, package, "--crate").code == 0
    assert archtool("verify", package).code == 0
    parts = read_crate(package / "data")["scans/"]["hasPart"]
    names = ["scans/50%25.jpg", "scans/a%3Ab.jpg", "scans/page%201.jpg", "scans/verso/страница.jpg"]
    assert [part["@id"] for part in parts] == names
    assert faults_of_crate(package / "data", monkeypatch) == []


def test_times_placeholders_and_further_digests_go_with_a_crate(sources: Path, tmp_path: Path) -> None:
    (sources / "scans/empty").mkdir(parents=True)
    (sources / "scans/1.jpg").write_bytes(b"\xff\xd8\xff\xe0 picture")
    more = "empty-folders: keep\nfiles: [{ file: scans/, role: facsimile }]\n"
    description = write_letter(sources, more)
    package = tmp_path / "package.zip"
    options = ["--crate", "--keep-times", "--algorithm", "sha256", "--algorithm", "blake2b512"]
    assert pack(description, package, *options).code == 0
    run = archtool("verify", package)
    assert (run.code, "content consistent" in run.out) == (0, True), run.out
    assert archtool("unpack", package, "-o", tmp_path / "unpacked").code == 0
    document = json.loads((tmp_path / "unpacked/data" / NAME).read_bytes())
    assert document["@context"][1] == {"blake2b512": "urn:archtool:ns:1:blake2b512"}


def test_a_package_from_a_bag_with_other_digests_has_a_consistent_crate(tmp_path: Path) -> None:
    bag = tmp_path / "bag"
    (bag / "data").mkdir(parents=True)
    (bag / "data/letter.txt").write_text("To the sections.\n")
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    digest = hashlib.md5(b"To the sections.\n").hexdigest()  # noqa: S324 - an old bag
    (bag / "manifest-md5.txt").write_text(f"{digest}  data/letter.txt\n")
    description = write_description(tmp_path)
    package = tmp_path / "package"
    assert pack(description, package, "--crate", "--from-bag", bag).code == 0
    run = archtool("verify", package)
    assert (run.code, "content consistent" in run.out) == (0, True), run.out
    assert "md5" not in read_crate(package / "data")["letter.txt"]


def test_a_bag_that_is_a_crate_keeps_its_own_metadata(tmp_path: Path) -> None:
    older = make_package(tmp_path, "--crate")
    description = write_description(tmp_path, LETTER + f"left-out: [{NAME}]\n")
    run = pack(description, tmp_path / "new", "--crate", "--from-bag", older)
    assert run.code == 3
    assert "payload.crate-name-taken" in run.err


def test_a_divided_payload_cannot_be_one_crate(sources: Path, tmp_path: Path) -> None:
    run = pack(write_letter(sources), tmp_path / "package", "--crate", "--split-size", "10")
    assert run.code == 2
    assert "--split-size and --crate contradict each other" in run.err


def test_a_dry_run_lists_the_crate_and_writes_nothing(sources: Path, tmp_path: Path) -> None:
    run = pack(write_letter(sources), tmp_path / "package", "--crate", "--dry-run")
    assert run.code == 0
    assert NAME in run.out
    assert not (tmp_path / "package").exists()


def test_a_batch_makes_crates_and_makes_packages_without_one_again(tmp_path: Path) -> None:
    sources = tmp_path / "sources/letter"
    sources.mkdir(parents=True)
    write_letter(sources)
    output = tmp_path / "packages"
    common = ("batch", tmp_path / "sources", "-o", output, "--date", "2026-11-29")
    assert archtool(*common).code == 0
    assert not list(output.rglob(NAME))
    assert archtool(*common, "--crate").code == 0
    (crate,) = output.rglob(NAME)
    assert archtool("verify", crate.parent.parent).code == 0


def test_the_unpacked_payload_is_a_crate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = make_package(tmp_path, "--crate")
    assert archtool("unpack", package, "--payload-only", "-o", tmp_path / "plain").code == 0
    assert faults_of_crate(tmp_path / "plain", monkeypatch) == []


def test_show_says_that_the_payload_is_a_crate(tmp_path: Path) -> None:
    package = make_package(tmp_path, "--crate")
    run = archtool("show", package)
    assert "an RO-Crate: ro-crate-metadata.json describes it" in run.out
    facts = json.loads(archtool("show", package, "--json").out)["facts"]
    assert facts["crate"] == f"data/{NAME}"


def test_a_package_without_the_option_says_nothing_of_crates(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    assert "RO-Crate" not in archtool("show", package).out
    assert json.loads(archtool("show", package, "--json").out)["facts"]["crate"] is None
    assert not any(b"ro-crate" in data for data in tree_bytes(package).values())


def test_an_older_crate_that_is_left_out_makes_room_for_the_new_one(sources: Path, tmp_path: Path) -> None:
    (sources / NAME).write_text("{}")
    description = write_letter(sources, f"left-out: [{NAME}]\n")
    package = tmp_path / "package"
    assert pack(description, package, "--crate").code == 0
    assert archtool("verify", package).code == 0
    assert read_crate(package / "data")["./"]["name"] == "Letter of the bureau to the sections"


FULL = """\
archtool: 1
id: full
title: Ответ секциям
title-status: supplied
genre: letter
date: 1932-05~
place: Астрахань
abstract: A reply.
collection: Letters of 1932
creators:
  - name: Christian Rakovsky
    type: person
    id: https://viaf.org/viaf/7459753
    role: author
    attribution:
      { status: disputed, evidence: internal, certainty: low, by: { name: A. Editor }, basis: [list] }
  - { name: The bureau, role: issuing-body }
  - { name: B. Scribe, role: scribe, attribution: { status: rejected } }
addressees: [{ name: The sections, type: organization }]
original:
  { language: ru, signed: true, medium: typescript, held-by: { name: City Archive }, shelfmark: F. 1 }
source: { type: book, title: Letters, publisher: P, date: 1979, URL: "https://example.org/l" }
translation: { from: ru, to: en, credit: By X, translators: [{ name: X }], date: 1980/1981 }
transcription:
  - file: letter.txt
    id: text
    language: en
    credit: Y
    method: typed
    transcribers: [{ name: Y }]
    date: 2001
annexes:
  - id: list
    title: List
    number: 1/a
    status: reproduced
    within: { file: letter.txt, from-line: 2, to-line: 2 }
    creators: [{ name: Z, role: compiler }]
    enclosures-stated: 1
    enclosures: [{ title: Photograph, status: lost, according-to: a note, note: burnt }]
files:
  - { file: scans/, role: facsimile, of: text }
  - { file: index.csv, role: derived, derived-from: text, method: by a program }
custody:
  - { event: transfer, label: Given, date: 1990/.., by: { name: Z }, to: { name: C }, evidence: [list] }
rights:
  original: { statement: InC, holder: The heirs, note: until 2030 }
  translation: CC-BY-4.0
  facsimiles: Only for reading in the archive.
  package: CC0-1.0
packager: { name: City Archive, type: organization, id: "https://ror.org/03f0f6041" }
"""


def test_a_package_with_everything_is_a_crate_that_meets_all_requirements(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sources / "scans").mkdir()
    (sources / "scans/1.jpg").write_bytes(b"\xff\xd8\xff\xe0 picture")
    (sources / "letter.txt").write_text("To the sections.\nList.\n")
    (sources / "index.csv").write_text("a,b\n")
    description = write_description(sources, FULL)
    package, key = tmp_path / "package", write_key(tmp_path)
    assert pack(description, package, "--crate", "--sign", key).code == 0
    assert archtool("attest", package, "--sign", key, "--event", "countersignature").code == 0
    again = pack(description, package, "--crate", "--sign", key, "--keep-predecessor")
    assert again.code == 0, again.err
    assert archtool("verify", package).code == 0
    assert faults_of_crate(package / "data", monkeypatch) == []
    assert unknown_terms((package / "data" / NAME).read_text()) == set()
    found = read_crate(package / "data")
    assert found["#predecessor"]["name"] == "package.predecessor-1"
    assert found["#document"]["holdingArchive"] == {"@id": "https://ror.org/03f0f6041"}
    assert found["./"]["creator"] == {"@id": "https://ror.org/03f0f6041"}
    assert "author" not in found["#document"]
    referred = {one["@id"] for one in references_in([*found.values()])}
    assert referred - found.keys() <= {"https://w3id.org/ro/crate/1.2"}


def write_profile(folder: Path, **files: list[str]) -> Path:
    path = folder / "profile.json"
    info = {
        "BagIt-Profile-Identifier": "https://example.org/profile.json", "Source-Organization": "A",
        "External-Description": "B", "Version": "1", "BagIt-Profile-Version": "1.4.0",
    }  # fmt: skip
    rules = {"Accept-BagIt-Version": ["1.0"], "Serialization": "optional", "Manifests-Required": ["sha512"]}
    names = {f"Payload-Files-{rule.capitalize()}": paths for rule, paths in files.items()}
    path.write_text(json.dumps({"BagIt-Profile-Info": info, **rules, **names}))
    return path


def test_a_profile_that_does_not_allow_the_crate_is_met_without_the_option(
    sources: Path, tmp_path: Path
) -> None:
    profile = write_profile(tmp_path, allowed=["data/letter.txt"])
    run = pack(write_letter(sources), tmp_path / "package", "--crate", "--profile", profile)
    assert run.code == 1
    assert f"data/{NAME} matches no pattern" in run.err
    assert "leave --crate out" in run.err
    again = pack(sources / "description.yaml", tmp_path / "package", "--profile", profile)
    assert again.code == 0, again.err


def test_a_profile_that_requires_a_crate_is_met_with_the_option(sources: Path, tmp_path: Path) -> None:
    profile = write_profile(tmp_path, required=[f"data/{NAME}"])
    run = pack(write_letter(sources), tmp_path / "package", "--profile", profile)
    assert run.code == 1
    assert "give --crate" in run.err
    again = pack(sources / "description.yaml", tmp_path / "package", "--crate", "--profile", profile)
    assert again.code == 0, again.err
    assert "profile met" in archtool("verify", tmp_path / "package", "--profile", profile).out
