"""Profiles in the form of DART require labels in tag files and the name of the folder in an archive."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from archtool.bagit.profile import parse_profile
from archtool.errors import InputError
from command_line import archtool
from packages import pack, retag, write_letter
from profiles import DART, IDENTIFIER, dart_tag

OWN = """\
id: letter-1
packager: The archive
tag-files: [{ file: local/a.txt, as: aptrust-info.txt }]
"""
FILLED = "Title: Letter\nAccess: Consortia\nNote:\n"


def write_dart(folder: Path, **changes: Any) -> Path:
    path = folder / "dart.json"
    path.write_text(json.dumps(DART | changes))
    return path


def write_filled(folder: Path, text: str = FILLED) -> Path:
    (folder / "local").mkdir(exist_ok=True)
    (folder / "local" / "a.txt").write_text(text)
    return write_letter(folder, OWN)


def hints_of(out: str) -> dict[str, str]:
    return {one["message"]: one["hint"] for one in json.loads(out)["findings"]}


def test_a_package_meets_a_profile_of_dart(tmp_path: Path, letters: Path) -> None:
    profile = write_dart(tmp_path)
    (made,) = pack(write_filled(letters), tmp_path / "letter-1.tar", "--profile", profile, "--json").objects
    assert (made["facts"]["profile"], made["facts"]["algorithms"]) == (IDENTIFIER, ["sha256", "md5"])
    verified = archtool("verify", tmp_path / "letter-1.tar", "--profile", profile, "--strict", "--json")
    assert (verified.code, verified.codes) == (0, [])


def test_a_missing_tag_file_is_asked_for_with_the_lines_that_it_needs(tmp_path: Path, letters: Path) -> None:
    profile = write_dart(tmp_path)
    checked = archtool("check", write_letter(letters, "packager: A\n"), "--profile", profile, "--json")
    hints = hints_of(checked.out)
    assert "tag-files:\n  - { file: aptrust-info.txt }" in hints["there is no aptrust-info.txt"]
    lines = hints["`Access` is required in aptrust-info.txt; the profile allows: Consortia, Institution"]
    assert lines.splitlines() == [
        "add to the file aptrust-info.txt (one line for each label):",
        "Title: Letter of the bureau to the sections", "Access: Consortia", "Note: VALUE",
    ]  # fmt: skip
    (letters / "aptrust-info.txt").write_text("\n".join(lines.splitlines()[1:]) + "\n")
    description = write_letter(letters, "packager: A\ntag-files: [{ file: aptrust-info.txt }]\n")
    assert archtool("check", description, "--profile", profile).code == 0


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("Title: Letter\nNote:\n", "`Access` is required in aptrust-info.txt", "add to the file local/a.txt"),
        (
            FILLED.replace("Consortia", "all"),
            "`Access` is 'all' in aptrust-info.txt",
            "in the file local/a.txt",
        ),
        (FILLED.replace("Title: Letter", "Title:"), "`Title` is required", "add to the file local/a.txt"),
        (
            FILLED.replace("Note:\n", ""),
            "`Note` is required in aptrust-info.txt",
            "add to the file local/a.txt",
        ),
    ],
)
def test_labels_of_a_tag_file_are_checked_before_anything_is_written(
    tmp_path: Path, letters: Path, text: str, message: str, hint: str
) -> None:
    refused = pack(write_filled(letters, text), tmp_path / "letter-1.tar", "--profile", write_dart(tmp_path))
    assert refused.code == 1
    assert message in refused.said()
    assert hint in refused.said()
    assert not (tmp_path / "letter-1.tar").exists()


def test_verify_checks_the_labels_of_tag_files_of_any_bag(tmp_path: Path, letters: Path) -> None:
    profile = write_dart(tmp_path, serialization="optional")
    assert pack(write_filled(letters), tmp_path / "p", "--profile", profile).code == 0
    (tmp_path / "p" / "aptrust-info.txt").write_text("Title: Letter\nAccess: all\n")
    retag(tmp_path / "p")
    codes = archtool("verify", tmp_path / "p", "--profile", profile, "--json").codes
    assert {"profile.label-value", "profile.label-missing"} <= {*codes}


def test_an_archive_must_have_the_name_of_its_folder(tmp_path: Path, letters: Path) -> None:
    profile, description = write_dart(tmp_path), write_filled(letters)
    refused = pack(description, tmp_path / "other.tar", "--profile", profile)
    assert "the folder in other.tar is letter-1" in refused.said()
    assert "-o letter-1.tar" in refused.said()
    assert pack(description, tmp_path / "letter-1.tar", "--profile", profile).code == 0
    shutil.copy(tmp_path / "letter-1.tar", tmp_path / "renamed.tar")
    assert archtool("verify", tmp_path / "renamed.tar", "--profile", profile, "--json").codes == [
        "profile.folder-name"
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"tags": {}}, "`tags` is not a list"),
        ({"tags": [{"tagName": "A"}]}, "has no `tagFile`"),
        ({"tags": [dart_tag("a.txt", "A") | {"values": "B"}]}, "`values` of `A` are not a list"),
        ({"manifestsRequired": "md5"}, "`Manifests-Required` is not a list of words"),
        ({"allowFetchTxt": "no"}, "`Allow-Fetch.txt` is neither true nor false"),
    ],
)
def test_a_malformed_profile_of_dart_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match="is not a DART profile") as caught:
        parse_profile(json.dumps(DART | changes).encode(), "dart.json")
    assert says in caught.value.message


def test_a_profile_of_dart_without_an_identifier_cannot_be_packed_by(tmp_path: Path, letters: Path) -> None:
    profile = write_dart(tmp_path, bagItProfileInfo={})
    assert (
        "has no usable `BagIt-Profile-Identifier`"
        in pack(write_filled(letters), tmp_path / "letter-1.tar", "--profile", profile).said()
    )
