"""`pack --profile`: the package meets the profile, or all that it lacks is said and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from batches import batch, endings
from command_line import archtool
from packages import LETTER, left_behind, pack, retag, tree_bytes, write_description, write_key, write_letter
from profiles import IDENTIFIER, INFO, REPOSITORY, write_profile
from tables import write_table

FILLED = """\
bag-info:
  Source-Organization: The archive
  Contact-Email: archive@example.org
  Access: Consortia
tag-files: [{ file: local/a.txt, as: aptrust-info.txt }]
"""

REQUIRED = {"Serialization": "required"}


def write_filled(folder: Path, more: str = "") -> Path:
    (folder / "local").mkdir(exist_ok=True)
    (folder / "local" / "a.txt").write_text("Access: Consortia\n")
    return write_letter(folder, FILLED + more)


def findings_of(run_out: str) -> dict[str, str]:
    """Return message → hint of every finding in JSON."""
    return {one["message"]: one["hint"] for one in json.loads(run_out)["findings"]}


def test_a_package_made_for_a_profile_meets_it_without_a_finding(tmp_path: Path, letters: Path) -> None:
    profile = write_profile(tmp_path, REPOSITORY)
    options = ("--profile", profile, "--sign", write_key(tmp_path))
    assert pack(write_filled(letters), tmp_path / "p.tar", *options).code == 0
    (verified,) = archtool("verify", tmp_path / "p.tar", "--profile", profile, "--json").objects
    assert (verified["verdict"]["profile"], verified["findings"]) == ("met", [])
    assert verified["verdict"]["content"] == "consistent"


def test_everything_that_is_missing_is_said_in_one_round_and_nothing_is_written(
    tmp_path: Path, letters: Path
) -> None:
    profile = write_profile(tmp_path, REPOSITORY)
    for options in ((), ("--dry-run",)):
        refused = pack(write_letter(letters), tmp_path / "p", "--profile", profile, *options)
        assert refused.code == 1
        for text in (
            "`Source-Organization` is required", "`Contact-Email` is required",
            "`Access` is required; the profile allows: Consortia, Institution",
            "there is no aptrust-info.txt",
            "the bag is a folder, not an archive", "-o NAME.tar",
        ):  # fmt: skip
            assert text in refused.said()
        assert not (tmp_path / "p").exists()
        assert left_behind(tmp_path) == []


def test_the_lines_of_the_hints_can_be_pasted_and_are_refused_until_they_are_filled_in(
    tmp_path: Path, letters: Path
) -> None:
    profile = write_profile(tmp_path, REPOSITORY | {"Serialization": "optional"})
    description = write_letter(letters)
    hints = {*findings_of(archtool("check", description, "--profile", profile, "--json").out).values()}
    blocks = ["\n".join(hint.splitlines()[1:]) for hint in hints if hint.endswith((" }", "Consortia"))]
    assert len(blocks) == 2
    (letters / "aptrust-info.txt").write_text("Access: Consortia\n")
    pasted = write_letter(letters, "\n".join(blocks) + "\n")
    assert "`VALUE` is a placeholder" in archtool("check", pasted, "--profile", profile).said()
    pasted.write_text(pasted.read_text().replace("VALUE", "The archive"))
    assert archtool("check", pasted, "--profile", profile).code == 0
    assert pack(pasted, tmp_path / "p", "--profile", profile).code == 0


def test_a_value_of_the_description_is_proposed_and_never_taken(tmp_path: Path, letters: Path) -> None:
    labels = {"Contact-Name": {"required": True}, "External-Description": {"required": True}}
    profile = write_profile(tmp_path, {"Bag-Info": labels})
    description = write_letter(letters, "packager: The archive\n")
    checked = archtool("check", description, "--profile", profile, "--json")
    (hint,) = {*findings_of(checked.out).values()}
    first, *lines = hint.splitlines()
    assert first == (
        "add to the description "
        "(proposed: the packager for Contact-Name; the title for External-Description):"
    )
    assert lines == [
        "bag-info:",
        "  Contact-Name: The archive",
        "  External-Description: Letter of the bureau to the sections",
    ]
    assert checked.code == 1


def test_labels_that_come_from_a_key_are_asked_for_by_this_key(tmp_path: Path, letters: Path) -> None:
    labels = {name: {"required": True} for name in ("External-Identifier", "Creator", "Bag-Group-Identifier")}
    profile = write_profile(tmp_path, {"Bag-Info": labels})
    found = findings_of(archtool("check", write_letter(letters), "--profile", profile, "--json").out)
    assert [hint.partition(" to ")[0] for hint in found.values()] == [
        "add `id:`", "add `creators:`", "add `collection:`"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "payload", "tags"),
    [
        ({}, ["sha512"], ["sha512"]),
        ({"Manifests-Required": ["sha256"]}, ["sha256"], ["sha256"]),
        ({"Manifests-Required": ["md5"]}, ["sha512", "md5"], ["sha512"]),
        (
            {"Manifests-Required": ["md5"], "Tag-Manifests-Required": ["md5"]},
            ["sha512", "md5"], ["sha512", "md5"],
        ),
        ({"Manifests-Allowed": ["sha1", "sha256"]}, ["sha256"], ["sha256"]),
        ({"Manifests-Allowed": ["md5"], "Tag-Manifests-Allowed": ["md5"]}, ["md5"], ["md5"]),
        ({"Tag-Manifests-Required": ["sha256"]}, ["sha512"], ["sha256", "sha512"]),
        ({"Tag-Manifests-Allowed": ["sha256"]}, ["sha512"], ["sha256"]),
    ],
)  # fmt: skip
def test_the_profile_chooses_the_algorithms(
    tmp_path: Path, letters: Path, rules: dict[str, Any], payload: list[str], tags: list[str]
) -> None:
    profile = write_profile(tmp_path, rules)
    (made,) = pack(write_letter(letters), tmp_path / "p", "--profile", profile, "--json").objects
    assert (made["facts"]["algorithms"], made["facts"]["tag_algorithms"]) == (payload, tags)
    manifests = {name for name in tree_bytes(tmp_path / "p") if "manifest-" in name}
    expected = {f"manifest-{name}.txt" for name in payload} | {f"tagmanifest-{name}.txt" for name in tags}
    assert manifests == expected
    verified = archtool("verify", tmp_path / "p", "--profile", profile, "--json")
    assert [code for code in verified.codes if code != "manifest.weak-algorithm"] == []
    assert verified.code == 0


def test_a_weak_algorithm_is_written_only_for_the_profile_and_said(tmp_path: Path, letters: Path) -> None:
    profile = write_profile(tmp_path, {"Manifests-Required": ["md5"]})
    assert pack(write_letter(letters), tmp_path / "p", "--profile", profile, "--json").codes == [
        "profile.weak-algorithm"
    ]


@pytest.mark.parametrize(
    ("rules", "message", "hint"),
    [
        ({"Accept-BagIt-Version": ["0.97"]}, "the bag has version 1.0", "no package of archtool can meet"),
        ({"Fetch.txt-Required": True}, "there is no fetch.txt", "no package of archtool can meet"),
        ({"Data-Empty": True}, "data/ contains", "no package of archtool can meet"),
        ({"Manifests-Required": ["crc32"]}, "no manifest-crc32.txt", "archtool computes: md5"),
        ({"Manifests-Required": ["SHA-256"]}, "no manifest-SHA-256.txt", "write `sha256` in the profile"),
        ({"Manifests-Allowed": ["crc32"]}, "manifest-sha512.txt is not allowed", "no package of archtool"),
        ({"Tag-Manifests-Allowed": []}, "tagmanifest-sha512.txt is not allowed", "no package of archtool"),
        (REQUIRED | {"Accept-Serialization": ["application/zip"]}, "a folder", "-o NAME.zip"),
        (REQUIRED | {"Accept-Serialization": ["application/x-7z"]}, "a folder", "only: ask"),
        ({"Payload-Files-Required": ["data/a.pdf"]}, "there is no data/a.pdf", "declare the file `a.pdf`"),
        ({"Payload-Files-Allowed": ["data/*.tif"]}, "data/letter.txt matches no", "leave the file out"),
        ({"Tag-Files-Allowed": ["a.txt"]}, "VERIFY.txt matches no pattern", "every package of archtool has"),
        ({"Bag-Info": {"Title": {"values": ["Other"]}}}, "`Title` is", "writes `Title` from `title`"),
        ({"Bag-Info": {"Bag-Software-Agent": {"values": ["B"]}}}, "`Bag-Software-Agent` is", "no package of"),
        ({"Bag-Info": {"Rights": {"repeatable": False}}}, "`Rights` occurs 2 times", "from `rights`"),
    ],
)  # fmt: skip
def test_a_rule_that_is_not_met_has_a_hint_that_a_person_can_follow(
    tmp_path: Path, letters: Path, rules: dict[str, Any], message: str, hint: str
) -> None:
    profile = write_profile(tmp_path, rules)
    refused = pack(write_letter(letters), tmp_path / "p", "--profile", profile)
    assert refused.code == 1
    assert message in refused.said()
    assert hint in refused.said()
    assert not (tmp_path / "p").exists()


def test_an_archive_that_the_profile_forbids_or_does_not_accept_is_refused(
    tmp_path: Path, letters: Path
) -> None:
    forbidding = write_profile(tmp_path, {"Serialization": "forbidden"})
    refused = pack(write_letter(letters), tmp_path / "p.tar", "--profile", forbidding)
    assert "name the package without .tar" in refused.said()
    zips = write_profile(tmp_path, {"Accept-Serialization": ["application/zip"]})
    assert "-o NAME.zip" in pack(write_letter(letters), tmp_path / "p.tar", "--profile", zips).said()
    assert pack(write_letter(letters), tmp_path / "p.zip", "--profile", zips).code == 0


def test_a_wrong_own_value_is_reported_at_its_line(tmp_path: Path, letters: Path) -> None:
    profile = write_profile(tmp_path, {"Bag-Info": {"access": {"values": ["Consortia"]}}})
    checked = archtool("check", write_letter(letters, "bag-info:\n  Access: all\n"), "--profile", profile)
    assert "description.yaml:9:11" in checked.out
    assert "write one of the allowed values under `bag-info.Access`" in checked.said()


def test_an_algorithm_that_was_asked_for_is_added_or_refused(tmp_path: Path, letters: Path) -> None:
    profile = write_profile(
        tmp_path, {"Manifests-Required": ["sha256"], "Manifests-Allowed": ["sha256", "md5"]}
    )
    options = ("--profile", profile, "--algorithm")
    (made,) = pack(write_letter(letters), tmp_path / "p", *options, "md5", "--json").objects
    assert made["facts"]["algorithms"] == ["sha256", "md5"]
    refused = pack(write_letter(letters), tmp_path / "q", *options, "sha512")
    assert "leave --algorithm sha512 out" in refused.said()


def test_the_package_names_the_profile_in_bag_info_and_in_both_histories(
    tmp_path: Path, letters: Path
) -> None:
    profile = write_profile(tmp_path)
    assert pack(write_letter(letters), tmp_path / "p", "--profile", profile).code == 0
    files = tree_bytes(tmp_path / "p")
    assert f"BagIt-Profile-Identifier: {IDENTIFIER}\n" in files["bag-info.txt"].decode()
    for name in ("metadata/provenance.json", "metadata/premis.xml"):
        assert IDENTIFIER in files[name].decode()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("bag-info.txt", "content.bag-info-differs"),
        ("metadata/provenance.json", "content.bag-info-differs"),
        ("metadata/premis.xml", "provenance.fact-differs"),
    ],
)
def test_a_changed_name_of_the_profile_is_found(tmp_path: Path, letters: Path, name: str, code: str) -> None:
    pack(write_letter(letters), tmp_path / "p", "--profile", write_profile(tmp_path))
    path = tmp_path / "p" / name
    path.write_text(path.read_text().replace(IDENTIFIER, "urn:archtool:bagit-profile:1"))
    retag(tmp_path / "p")
    assert code in archtool("verify", tmp_path / "p", "--json").codes


def test_a_removed_tag_manifest_is_found_in_a_package_of_archtools_own_profile(
    tmp_path: Path, letters: Path
) -> None:
    options = ("--algorithm", "sha256", "--algorithm", "sha512")
    pack(write_letter(letters), tmp_path / "p", *options)
    (tmp_path / "p" / "tagmanifest-sha512.txt").unlink()
    assert "content.tag-manifest-missing" in archtool("verify", tmp_path / "p", "--json").codes


def test_a_profile_without_an_identifier_cannot_be_packed_by(tmp_path: Path, letters: Path) -> None:
    info = {key: value for key, value in INFO.items() if key != "BagIt-Profile-Identifier"}
    profile = write_profile(tmp_path, {"BagIt-Profile-Info": info})
    for run in (
        pack(write_letter(letters), tmp_path / "p", "--profile", profile),
        archtool("check", write_letter(letters), "--profile", profile),
    ):
        assert run.code == 3
        assert "has no usable `BagIt-Profile-Identifier`" in run.said()


def test_check_says_what_it_cannot_know_about_the_form_of_the_package(tmp_path: Path, letters: Path) -> None:
    profile = write_profile(tmp_path, REPOSITORY)
    checked = archtool("check", write_filled(letters), "--profile", profile, "--json")
    assert (checked.code, checked.codes) == (0, ["profile.weak-algorithm", "profile.form-not-checked"])


def test_a_dry_run_says_which_tag_files_there_will_be(tmp_path: Path, letters: Path) -> None:
    description, key = (
        write_filled(letters, "files: [{ file: more/, role: other }]\nempty-folders: keep\n"),
        write_key(tmp_path),
    )
    (letters / "more").mkdir()
    options = ("--sign", key, "--profile", write_profile(tmp_path, REPOSITORY), "--json")
    (planned,) = pack(description, tmp_path / "p.tar", *options, "--dry-run").objects
    (packed,) = pack(description, tmp_path / "p.tar", *options).objects
    assert planned["facts"]["tag_files"] == packed["facts"]["tag_files"]
    assert [one["path"] for one in planned["facts"]["payload"]] == [
        one["path"] for one in packed["facts"]["payload"]
    ]


def test_an_adopted_bag_is_packed_to_a_profile(tmp_path: Path, letters: Path) -> None:
    pack(write_letter(letters), tmp_path / "bag")
    description = write_description(tmp_path, LETTER)
    profile = write_profile(
        tmp_path, {"Manifests-Required": ["sha256"], "Tag-Files-Required": ["metadata/adopted/bagit.txt"]}
    )
    options = ("--from-bag", tmp_path / "bag", "--profile", profile)
    assert pack(description, tmp_path / "p", *options).code == 0
    assert archtool("verify", tmp_path / "p", "--profile", profile, "--strict").code == 0


ROW = {
    "package": "a/b", "title": "Letter", "transcription": "letter.txt", "source": "Cahiers.",
    "rights.package": "CC0-1.0",
}  # fmt: skip
FOR_ROWS = {key: value for key, value in REPOSITORY.items() if key != "Serialization"}


def test_each_row_is_packed_to_the_profile_or_says_which_columns_it_lacks(
    tmp_path: Path, letters: Path
) -> None:
    write_filled(letters).unlink()
    profile, table = write_profile(tmp_path, FOR_ROWS), letters / "letters.csv"
    options = ("--profile", profile)
    write_table(table, [ROW | {"bag-info.Access": "all"}])
    (failed,) = [one for one in batch(table, tmp_path / "out", *options).objects if one["job"] == "a/b"]
    hints = {one["message"]: one["hint"] for one in failed["findings"]}
    assert "a column `bag-info.Contact-Email`" in hints["`Contact-Email` is required"]
    (wrong,) = [one for one in failed["findings"] if one["code"] == "profile.label-value"]
    assert (wrong["row"], wrong["column_name"]) == (2, "bag-info.Access")
    filled = {"bag-info.Access": "Consortia", "bag-info.Contact-Email": "a@b.org", "packager": "The archive"}
    files = {"tag-files.1.file": "local/a.txt", "tag-files.1.as": "aptrust-info.txt"}
    write_table(table, [ROW | filled | files])
    assert endings(batch(table, tmp_path / "out", *options)) == {"a/b": ("done", 0)}
    assert archtool("verify", tmp_path / "out" / "a" / "b", *options, "--strict").code == 0
    assert endings(batch(table, tmp_path / "out", *options)) == {"a/b": ("left", 0)}
    write_profile(tmp_path, FOR_ROWS | {"Manifests-Required": ["md5", "sha256"]})
    assert endings(batch(table, tmp_path / "out", *options)) == {"a/b": ("done", 0)}


def test_a_batch_says_that_it_makes_folders_where_the_profile_requires_archives(
    tmp_path: Path, letters: Path
) -> None:
    write_letter(letters)
    profile = write_profile(tmp_path, {"Serialization": "required"})
    ran = batch(tmp_path / "letters", tmp_path / "out", "--profile", profile)
    assert "a batch makes folders: make this package with archtool pack -o NAME.tar" in ran.said()


def test_check_says_what_a_faulty_description_lacks_for_the_profile(tmp_path: Path, letters: Path) -> None:
    profile = write_profile(tmp_path, REPOSITORY)
    faulty = write_letter(letters, "date: mai\nbag-info: { Access: Nobody, Bag-Count: [a] }\n")
    seen = archtool("check", faulty, "--profile", profile, "--json")
    messages = [one["message"] for one in seen.objects[0]["findings"]]
    for text in ("`Contact-Email` is required", "`Access`", "there is no aptrust-info.txt"):
        assert [text in one for one in messages].count(True) == 1, (text, messages)


@pytest.mark.parametrize(
    ("fault", "unknown"),
    [
        ("packager: { nam: The archive }", "`Source-Organization`"),
        ("bag-inf: { Contact-Email: a@example.org }", "`Contact-Email`"),
        ("tag-files: [{ fil: a.txt, as: aptrust-info.txt }]", "aptrust-info.txt"),
    ],
)
def test_check_does_not_say_that_a_profile_lacks_what_a_fault_can_hide(
    tmp_path: Path, letters: Path, fault: str, unknown: str
) -> None:
    faulty = write_letter(letters, f"{fault}\n")
    seen = archtool("check", faulty, "--profile", write_profile(tmp_path, REPOSITORY), "--json")
    assert seen.code == 3
    about = [one["message"] for one in seen.objects[0]["findings"] if one["code"].startswith("profile.")]
    assert about
    assert [one for one in about if unknown in one] == []
