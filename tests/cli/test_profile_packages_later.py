"""Packages made for a profile are used like all others: attested, replaced, compared, made in batches."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import archtool as api
from archtool.bagit.profile import parse_profile
from archtool.batch.cluster.task_codec import decode_task, encode_task
from archtool.batch.tasks.pack import PackTask
from command_line import archtool
from packages import REPOSITORY, pack, tree_bytes, write_allowed_signers, write_key, write_letter
from profiles import PLAIN, write_profile

WEAK = {
    "Manifests-Required": ["md5"],
    "Tag-Manifests-Required": ["sha256"],
    "Tag-Manifests-Allowed": ["sha256"],
}


def test_an_attestation_keeps_the_algorithms_of_the_tag_manifests(tmp_path: Path, letters: Path) -> None:
    key, profile = write_key(tmp_path), write_profile(tmp_path, WEAK)
    assert pack(write_letter(letters), tmp_path / "p", "--profile", profile, "--sign", key).code == 0
    assert archtool("attest", tmp_path / "p", "--sign", key, "--event", "fixity-check").code == 0
    trust = write_allowed_signers(tmp_path, "archivist@example.org")
    options = ("--profile", profile, "--trust", trust, "--strict")
    assert archtool("verify", tmp_path / "p", *options).code == 0
    assert sorted(path.name for path in (tmp_path / "p").glob("*manifest-*")) == [
        "manifest-md5.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt"
    ]  # fmt: skip


def test_a_package_is_made_again_for_a_profile(tmp_path: Path, letters: Path) -> None:
    description, profile = write_letter(letters), write_profile(tmp_path, WEAK)
    pack(description, tmp_path / "p")
    options = ("--profile", profile, "--force", "--keep-predecessor")
    assert pack(description, tmp_path / "p", *options).code == 0
    assert archtool("verify", tmp_path / "p", "--profile", profile).code == 0


def test_diff_names_the_profile_and_a_changed_tag_file(tmp_path: Path, letters: Path) -> None:
    (letters / "a.txt").write_text("one\n")
    description = write_letter(letters, "tag-files: [{ file: a.txt }]\n")
    pack(description, tmp_path / "one")
    (letters / "a.txt").write_text("two\n")
    pack(description, tmp_path / "two", "--profile", write_profile(tmp_path))
    said = archtool("diff", tmp_path / "one", tmp_path / "two").said()
    for text in ("BagIt-Profile-Identifier", "changed a.txt"):
        assert text in said


def test_the_second_opinion_agrees_about_everything_that_was_asked_for(tmp_path: Path, letters: Path) -> None:
    (letters / "a.txt").write_text("one\n")
    (letters / "scans" / "Box 1").mkdir(parents=True)
    own = "tag-files: [{ file: a.txt, as: b/c.txt }]\nfiles: [{ file: scans/, role: facsimile }]\n"
    description = write_letter(letters, own + "empty-folders: keep\nbag-info: { Note: [a, b] }\n")
    options = ("--profile", write_profile(tmp_path, WEAK), "--second-opinion", "--json")
    codes = pack(description, tmp_path / "p.zip", *options).codes
    assert "second-opinion.agrees" in codes


def test_a_python_program_packs_and_checks_by_a_profile(tmp_path: Path, letters: Path) -> None:
    description = write_letter(letters)
    profile = write_profile(tmp_path, {"Bag-Info": {"Access": {"required": True}}})
    assert [f.code for f in api.check(description, profile=profile).findings] == ["profile.label-missing"]
    write_letter(letters, "bag-info: { Access: all }\n")
    made = api.pack(description, tmp_path / "p", profile=profile)
    assert (made.exit_code, made.facts["algorithms"]) == (0, ["sha512"])


def test_a_profile_travels_to_the_machines_of_a_cluster() -> None:
    profile = parse_profile(json.dumps(PLAIN).encode(), "profile.json")
    at = datetime(2026, 11, 22, tzinfo=UTC)
    task = PackTask(Path("out"), at, at, at, "1", profile=profile)
    assert decode_task(encode_task(task, None)).with_keys() == task


def test_a_profile_with_thousands_of_labels_gives_hints_that_can_be_pasted(
    tmp_path: Path, letters: Path
) -> None:
    labels = {f"Label-{number:04}": {"required": True} for number in range(3_000)}
    profile = write_profile(tmp_path, {"Bag-Info": labels})
    (checked,) = archtool("check", write_letter(letters), "--profile", profile, "--json").objects
    assert len(checked["findings"]) == 3_000
    hints = dict.fromkeys(finding["hint"] for finding in checked["findings"])
    first, *others = [hint.splitlines()[1:] for hint in hints]
    assert not any("left out" in hint for hint in hints)
    lines = [*first, *(line for one in others for line in one)]
    pasted = write_letter(letters, "\n".join(lines).replace("VALUE", "1") + "\n")
    assert archtool("check", pasted, "--profile", profile).code == 0


def test_the_hints_about_a_json_description_are_in_json(tmp_path: Path, letters: Path) -> None:
    write_letter(letters).unlink()
    (letters / "a.txt").write_text("one\n")
    values = {
        "archtool": 1, "title": "Letter", "source": "Cahiers.", "transcription": "letter.txt",
        "rights": {"package": "CC0-1.0"},
    }  # fmt: skip
    description = letters / "description.json"
    description.write_text(json.dumps(values))
    labels = {"Contact-Email": {"required": True}, "Box no. 1": {"required": True}}
    profile = write_profile(tmp_path, {"Bag-Info": labels, "Tag-Files-Required": ["a.txt"]})
    (checked,) = archtool("check", description, "--profile", profile, "--json").objects
    hints = dict.fromkeys(one["hint"] for one in checked["findings"])
    blocks = ["\n".join(hint.splitlines()[1:]) for hint in hints if "\n" in hint]
    pasted = json.loads("{" + ",".join(blocks) + "}")
    assert pasted == {
        "bag-info": {"Contact-Email": "VALUE", "Box no. 1": "VALUE"}, "tag-files": [{"file": "a.txt"}]
    }  # fmt: skip
    description.write_text(json.dumps(values | pasted).replace("VALUE", "1"))
    assert archtool("check", description, "--profile", profile).code == 0


@pytest.mark.parametrize(
    "rules",
    [
        {"Tag-Files-Required": ["metadata/mets.xml"]},
        {"Tag-Files-Required": ["../a.txt"]},
        {"Bag-Info": {"A:B": {"required": True}}},
        {"Manifests-Required": ["sha512"], "Manifests-Allowed": ["sha256"]},
    ],
)
def test_a_hint_never_asks_for_what_is_refused_next(
    tmp_path: Path, letters: Path, rules: dict[str, Any]
) -> None:
    profile = write_profile(tmp_path, rules)
    (checked,) = archtool("check", write_letter(letters), "--profile", profile, "--json").objects
    (hint,) = [one["hint"] for one in checked["findings"]]
    assert hint.startswith("no package of archtool can meet this rule")


def test_archtools_own_profile_changes_nothing(tmp_path: Path, letters: Path) -> None:
    description, own = write_letter(letters), REPOSITORY / "schemas" / "bagit-profile.json"
    pack(description, tmp_path / "one")
    assert pack(description, tmp_path / "two", "--profile", own).code == 0
    assert tree_bytes(tmp_path / "one") == tree_bytes(tmp_path / "two")
