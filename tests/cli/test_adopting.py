"""Bags from other tools become packages: checked in the same read, with their tag files kept as evidence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archives import serialise
from command_line import DATE, Run, archtool
from packages import ARCHIVIST, tree_bytes, write_allowed_signers, write_description, write_key
from unit.bagit.bag_builders import Files, bag_files, digest, manifest, with_tag_manifest, write_bag

LETTER = b"To the sections.\n"
INFO = "External-Identifier: RGASPI 17-1-5\nContact-Name: nobody\n"


def foreign_files() -> Files:
    """Return the files of a bag with one letter, md5 and sha256, as in many repositories."""
    payload = {"data/letter.txt": LETTER}
    files = bag_files(payload, version="0.97", algorithms=("md5", "sha256"), info=INFO)
    return with_tag_manifest(files, "md5")


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    return write_bag(tmp_path / "foreign", foreign_files())


def adopt(folder: Path, bag: Path, *options: str | Path, text: str | None = None) -> Run:
    description = write_description(folder, text) if text else write_description(folder)
    return archtool(
        "pack", description, "--from-bag", bag, "-o", folder / "package", "--date", DATE, *options
    )


def adopted_files(package: Path) -> Files:
    root = package / "metadata" / "adopted"
    return {path.replace("\\", "/"): data for path, data in tree_bytes(root).items()}


def test_an_adopted_bag_becomes_a_package_that_keeps_its_tag_files(foreign: Path, tmp_path: Path) -> None:
    before = tree_bytes(foreign)
    done = adopt(tmp_path, foreign, "--sign", write_key(tmp_path), "--json")
    assert (done.code, done.objects[0]["facts"]["adopted"]) == (0, "foreign"), done.err
    package = tmp_path / "package"
    assert tree_bytes(package / "data") == {"letter.txt": LETTER}
    assert adopted_files(package) == {k: v for k, v in before.items() if not k.startswith("data/")}
    assert tree_bytes(foreign) == before
    looked = archtool("verify", package, "--trust", write_allowed_signers(tmp_path, ARCHIVIST), "--json")
    assert (looked.code, looked.codes) == (0, [])
    assert looked.objects[0]["verdict"] == {"bag": "valid", "content": "consistent", "trust": "trusted"}


def test_show_names_who_gave_the_adopted_bag(foreign: Path, tmp_path: Path) -> None:
    assert adopt(tmp_path, foreign).code == 0
    facts = archtool("show", tmp_path / "package", "--json").objects[0]["facts"]
    assert facts["giver"] == [{"label": "Contact-Name", "value": "nobody"}]
    said = archtool("show", tmp_path / "package").said()
    assert "Custody received in a bag whose bag-info.txt states: Contact-Name: nobody" in said


@pytest.mark.parametrize("name", ["tar", "tar.gz", "zip"])
def test_a_bag_is_adopted_from_an_archive_and_into_an_archive(name: str, tmp_path: Path) -> None:
    archive = serialise(foreign_files(), tmp_path / f"foreign.{name}")
    assert adopt(tmp_path, archive, "--archive", "tar").code == 0
    (tmp_path / "package").rename(tmp_path / "package.tar")
    assert archtool("verify", tmp_path / "package.tar").code == 0


def test_the_provenance_names_the_adopted_bag_and_its_digests(foreign: Path, tmp_path: Path) -> None:
    assert adopt(tmp_path, foreign).code == 0
    provenance = json.loads((tmp_path / "package/metadata/provenance.json").read_text())
    bags = [e for e in provenance["entity"].values() if e.get("arch:kind") == "adopted-bag"]
    assert [(b["prov:label"], b["dcterms:identifier"], b["arch:note"]) for b in bags] == [
        ("foreign", "RGASPI 17-1-5", "BagIt 0.97")
    ]
    assert "metadata/adopted/manifest-md5.txt" in bags[0]["arch:kept-in"]
    assert [a["prov:label"] for a in provenance["activity"].values() if "validation" in str(a)] != []
    premis = (tmp_path / "package/metadata/premis.xml").read_text()
    for algorithm in ("md5", "sha256", "sha512"):
        assert digest(LETTER, algorithm) in json.dumps(provenance)
        assert digest(LETTER, algorithm) in premis


def test_a_file_that_differs_from_the_bags_manifest_is_not_adopted(foreign: Path, tmp_path: Path) -> None:
    (foreign / "data/letter.txt").write_bytes(LETTER.replace(b"T", b"t"))
    done = adopt(tmp_path, foreign)
    assert (done.code, (tmp_path / "package").exists()) == (1, False)
    assert "manifest-md5.txt line 1" in done.said()
    assert "manifest-sha256.txt line 1" in done.said()
    assert "twice" in done.said()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"data/more.txt": b"who added this?\n"}, "complete.file-unlisted"),
        ({"bag-info.txt": b"Contact-Name: somebody\n"}, "fixity.digest-mismatch"),
        ({"fetch.txt": b"https://example.org/x 5 data/letter2.txt\n"}, "fetch.not-in-manifest"),
        ({"bagit.txt": b"BagIt-Version: 7.0\nTag-File-Character-Encoding: UTF-8\n"}, "declaration."),
    ],
)
def test_a_bag_with_errors_is_not_adopted(change: Files, said: str, tmp_path: Path) -> None:
    done = adopt(tmp_path, write_bag(tmp_path / "foreign", foreign_files() | change))
    assert (done.code, said in done.said()) == (1, True)
    assert "archtool verify" in done.said()
    assert not (tmp_path / "package").exists()


def test_a_folder_that_is_not_a_bag_is_not_adopted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no archive")
    for path in (tmp_path / "nowhere", tmp_path / "file"):
        assert adopt(tmp_path, path).code == 3


def test_a_package_inside_the_adopted_bag_is_refused(foreign: Path, tmp_path: Path) -> None:
    description = write_description(tmp_path)
    done = archtool("pack", description, "--from-bag", foreign, "-o", foreign / "package")
    assert (done.code, "inside the folder of its own sources" in done.said()) == (2, True)


def test_files_and_from_bag_cannot_be_combined(foreign: Path, tmp_path: Path) -> None:
    done = adopt(tmp_path, foreign, "--files", tmp_path)
    assert (done.code, "contradict" in done.said()) == (2, True)


def test_a_payload_file_that_the_description_does_not_declare_is_refused(tmp_path: Path) -> None:
    files = bag_files({"data/letter.txt": LETTER, "data/more.txt": b"more\n"}, algorithms=("md5",))
    done = adopt(tmp_path, write_bag(tmp_path / "foreign", files))
    assert (done.code, "payload.undeclared" in done.said()) == (1, True)


def test_a_declared_omission_is_reported_as_a_note_by_each_verification(tmp_path: Path) -> None:
    files = bag_files({"data/letter.txt": LETTER, "data/more.txt": b"more\n"}, algorithms=("md5",))
    write_description(tmp_path)
    text = (tmp_path / "description.yaml").read_text() + "left-out: [more.txt]\n"
    assert adopt(tmp_path, write_bag(tmp_path / "foreign", files), text=text).code == 0
    looked = archtool("verify", tmp_path / "package", "--json")
    assert (looked.code, looked.codes) == (0, ["content.evidence-unused"])


def test_a_name_in_another_unicode_form_is_compared_with_the_adopted_manifest(tmp_path: Path) -> None:
    nfc, nfd = "data/\u00e9.txt", "data/e\u0301.txt"
    files = bag_files({nfd: LETTER}, algorithms=("md5",))
    files["manifest-md5.txt"] = manifest({nfc: LETTER}, "md5")
    write_description(tmp_path)
    text = (tmp_path / "description.yaml").read_text().replace("letter.txt", "e\u0301.txt")
    assert adopt(tmp_path, write_bag(tmp_path / "foreign", files), text=text).code == 0
    assert archtool("verify", tmp_path / "package", "--json").codes == []


def test_each_file_that_differs_from_the_adopted_manifest_is_found(foreign: Path, tmp_path: Path) -> None:
    assert adopt(tmp_path, foreign).code == 0
    evidence = tmp_path / "package/metadata/adopted/manifest-md5.txt"
    evidence.write_bytes(manifest({"data/letter.txt": b"another letter\n"}, "md5"))
    looked = archtool("verify", tmp_path / "package", "--json")
    assert (looked.code, "content.evidence-differs" in looked.codes) == (1, True)
    only_tags = archtool("verify", tmp_path / "package", "--complete", "--json")
    assert "content.evidence-differs" not in only_tags.codes


@pytest.mark.parametrize("name", ["provenance.json", "premis.xml"])
def test_another_digest_than_the_adopted_bag_had_is_found_in_the_provenance(
    name: str, foreign: Path, tmp_path: Path
) -> None:
    adopt(tmp_path, foreign)
    path = tmp_path / "package" / "metadata" / name
    right = digest(LETTER, "md5")
    assert right in path.read_text()
    path.write_text(path.read_text().replace(right, "0" * 32))
    (seen,) = archtool("verify", tmp_path / "package", "--json").objects
    assert "provenance.digest-differs" in {finding["code"] for finding in seen["findings"]}


def test_an_adopted_bag_follows_from_no_description_and_is_no_contradiction(
    foreign: Path, tmp_path: Path
) -> None:
    adopt(tmp_path, foreign)
    done = archtool("verify", tmp_path / "package", "--json")
    assert (done.code, done.objects[0]["verdict"]["content"]) == (0, "consistent")
    # PREMIS must contain the same facts as PROV-JSON
    path = tmp_path / "package" / "metadata" / "premis.xml"
    path.write_text(path.read_text().replace("RGASPI 17-1-5", "RGASPI 17-1-6"))
    (seen,) = archtool("verify", tmp_path / "package", "--json").objects
    assert "provenance.fact-differs" in {finding["code"] for finding in seen["findings"]}


def test_an_unreadable_adopted_manifest_is_left_to_the_fixity_check(foreign: Path, tmp_path: Path) -> None:
    assert adopt(tmp_path, foreign).code == 0
    folder = tmp_path / "package/metadata/adopted"
    (folder / "bagit.txt").unlink()
    (folder / "manifest-crc32.txt").write_text("00  data/letter.txt\n")
    (folder / "manifest-.txt").write_text("00  data/letter.txt\n")
    looked = archtool("verify", tmp_path / "package", "--json")
    assert (looked.code, "content.evidence-differs" in looked.codes) == (1, False)


def test_an_adopted_manifest_that_is_too_large_is_refused(
    foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archtool.operations.pack import adopted_bag

    monkeypatch.setattr(adopted_bag, "MAX_EVIDENCE_BYTES", 100)
    done = adopt(tmp_path, foreign)
    assert (done.code, "larger than 100 bytes" in done.said()) == (3, True)


def test_warnings_about_the_adopted_bag_are_reported_and_strict_counts_them(tmp_path: Path) -> None:
    files = with_tag_manifest(bag_files({"data/letter.txt": LETTER}, algorithms=("md5",)), "md5")
    bag = write_bag(tmp_path / "foreign", files | {"notes.txt": b"unlisted\n"})
    assert adopt(tmp_path, bag, "--strict").code == 1
    done = adopt(tmp_path, bag, "--json")
    assert (done.code, "tagmanifest.unlisted-file" in done.codes) == (0, True)
    dry = archtool(
        "pack", tmp_path / "description.yaml", "--from-bag", bag, "-o", tmp_path / "x", "--dry-run"
    )
    assert (dry.code, "data/letter.txt" in dry.out) == (0, True)


def test_a_name_with_a_literal_percent_sign_is_compared_with_the_bag_that_it_came_from(
    tmp_path: Path,
) -> None:
    name, data = "b%0A.txt", b"To the sections.\n"
    bag = write_bag(tmp_path / "given", bag_files({f"data/{name}": data}))
    text = f'archtool: 1\ntitle: A letter\nsource: Box 1\nlanguage: en\ntranscription: "{name}"\n'
    description = write_description(tmp_path, text + "rights: { package: CC0-1.0 }\n")
    package = tmp_path / "package"
    assert archtool("pack", description, "--from-bag", bag, "-o", package).code == 0
    assert (package / "data" / name).read_bytes() == data
    run = archtool("verify", package, "--json")
    assert (run.code, "content.evidence-unused" in run.codes) == (0, False)
