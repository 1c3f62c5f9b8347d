"""The profile validator of the BagIt Profiles group agrees about packages that were made for a profile."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bagit
import bagit_profile
import pytest

from archives import extracted
from packages import pack, write_key, write_letter
from profiles import IDENTIFIER, PLAIN, REPOSITORY, write_profile

OWN = """\
bag-info:
  Source-Organization: The archive
  Contact-Email: archive@example.org
  Access: Institution
  Bag-Count: 1 of ?
tag-files: [{ file: aptrust-info.txt }]
files: [{ file: scans/, role: facsimile }]
empty-folders: keep
"""
RULES: dict[str, dict[str, Any]] = {
    "plain": {},
    "repository": {key: value for key, value in REPOSITORY.items() if key != "Serialization"},
    "sha256": {"Manifests-Required": ["sha256"], "Tag-Manifests-Required": ["sha256"]},
    "dpn": {
        "Manifests-Required": ["sha256"],
        "Tag-Manifests-Required": ["sha256"],
        "Tag-Files-Required": ["aptrust-info.txt"],
        "Bag-Info": {"Bag-Count": {"required": True}, "Title": {"required": True, "repeatable": False}},
    },
}


def errors_of(package: Path, rules: dict[str, Any]) -> list[str]:
    profile = bagit_profile.Profile(IDENTIFIER, profile=json.loads(json.dumps(PLAIN | rules)))
    profile.validate(bagit.Bag(str(package)))
    return [str(error) for error in profile.report.errors]


@pytest.mark.parametrize("name", RULES)
def test_the_other_validator_finds_no_error(tmp_path: Path, letters: Path, name: str) -> None:
    (letters / "aptrust-info.txt").write_text("Access: Institution\n")
    (letters / "scans" / "Box 1").mkdir(parents=True)
    options = ("--profile", write_profile(tmp_path, RULES[name]), "--sign", write_key(tmp_path))
    assert pack(write_letter(letters, OWN), tmp_path / "p", *options).code == 0
    assert errors_of(tmp_path / "p", RULES[name]) == []


def test_the_other_validator_accepts_an_archive_that_a_profile_requires(
    tmp_path: Path, letters: Path
) -> None:
    (letters / "aptrust-info.txt").write_text("Access: Institution\n")
    (letters / "scans" / "Box 1").mkdir(parents=True)
    options = ("--profile", write_profile(tmp_path, REPOSITORY))
    assert pack(write_letter(letters, OWN), tmp_path / "p.tar", *options).code == 0
    profile = bagit_profile.Profile(IDENTIFIER, profile=json.loads(json.dumps(REPOSITORY)))
    assert profile.validate_serialization(str(tmp_path / "p.tar"))
    with extracted(tmp_path / "p.tar") as package:
        assert errors_of(package, REPOSITORY) == []


def test_the_other_validator_would_find_what_is_missing(tmp_path: Path, letters: Path) -> None:
    assert pack(write_letter(letters), tmp_path / "p").code == 0
    assert errors_of(tmp_path / "p", RULES["dpn"]) != []
