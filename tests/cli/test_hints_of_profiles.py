"""What a profile requires and a description has already is proposed, each with its origin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import archtool
from packages import pack, write_key, write_letter
from profiles import write_profile

MORE = """\
id: letter-1932
abstract: The bureau asks the sections for money.
original: { held-by: { name: The archive of the bureau } }
"""


def hints(description: Path, profile: Path) -> str:
    run = archtool("check", description, "--profile", profile, "--json")
    assert run.code == 1, run.said()
    return "\n".join(one["hint"] or "" for one in json.loads(run.out)["findings"])


@pytest.mark.parametrize(
    ("label", "value", "origin"),
    [
        ("Source-Organization", "The archive of the bureau", "the holder of the original"),
        ("External-Description", '"The bureau asks the sections for money."', "the abstract"),
        ("Internal-Sender-Identifier", "letter-1932", "the id"),
    ],
)
def test_a_missing_label_is_proposed_from_the_description(
    letters: Path, tmp_path: Path, label: str, value: str, origin: str
) -> None:
    profile = write_profile(tmp_path, {"Bag-Info": {label: {"required": True}, "Other": {"required": True}}})
    said = hints(write_letter(letters, MORE + "bag-info: { Contact-Name: A }\n"), profile)
    assert said.startswith("add below `bag-info` in the description")
    assert f"{origin} for {label}" in said
    assert f"{label}: {value}" in said


def test_a_file_that_a_profile_does_not_allow_is_named_with_what_to_do(letters: Path, tmp_path: Path) -> None:
    profile = write_profile(tmp_path, {"Tag-Files-Allowed": ["metadata/*", "manifest*", "verify.txt"]})
    (letters / "a.txt").write_text("A\n")
    description = write_letter(letters, "tag-files: [{ file: a.txt, as: local/a.txt }]\n")
    refused = pack(description, tmp_path / "p", "--profile", profile, "--sign", write_key(tmp_path))
    assert refused.code == 1
    assert "remove it from `tag-files`, or give it an allowed path with `as:`" in refused.said()
    assert "leave --sign out, or ask who keeps the profile to allow `attestations/*`" in refused.said()
    assert not (tmp_path / "p").exists()
