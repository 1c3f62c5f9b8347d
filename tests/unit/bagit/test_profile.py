"""A BagIt profile contains rules for bags: each rule is checked, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archives import serialise
from archtool.bagit.layout import build_layout
from archtool.bagit.listing import BagListing
from archtool.bagit.profile import parse_profile
from archtool.bagit.profile_check import check_profile, facts_of_bag
from archtool.bagit.reader import read_bag
from archtool.errors import InputError
from archtool.files.tree import Tree
from command_line import archtool
from packages import REPOSITORY, make_package, tree_bytes

OURS = REPOSITORY / "schemas" / "bagit-profile.json"
INFO = {"BagIt-Profile-Info": {"BagIt-Profile-Identifier": "urn:example:profile"}}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_package(tmp_path_factory.mktemp("package"), signed=False)


def findings_of(package: Path, rules: dict[str, Any]) -> list[tuple[str, str]]:
    profile = parse_profile(json.dumps(INFO | rules).encode(), "profile.json")
    with Tree(package) as tree:
        found = list(tree.walk())
        bag, _ = read_bag(tree, found)
        layout, _ = build_layout(bag, BagListing.of(found))
        return [
            (f.code.removeprefix("profile."), f.message)
            for f in check_profile(profile, facts_of_bag(bag, layout))
        ]


def test_a_profile_without_rules_requires_nothing(package: Path) -> None:
    assert findings_of(package, {}) == []


def test_packages_of_archtool_follow_its_profile(package: Path) -> None:
    assert findings_of(package, json.loads(OURS.read_text(encoding="utf-8"))) == []
    assert archtool("verify", package, "--profile", OURS).out.splitlines()[0].endswith(" · profile met")


@pytest.mark.parametrize(
    ("rules", "code", "says"),
    [
        (
            {"Accept-BagIt-Version": ["0.97"]},
            "version-not-accepted",
            "version 1.0; the profile accepts: 0.97",
        ),
        ({"Serialization": "required"}, "serialization-required", "a folder"),
        ({"Bag-Info": {"Contact-Email": {"required": True}}}, "label-missing", "`Contact-Email` is required"),
        ({"Bag-Info": {"title": {"values": ["Other"]}}}, "label-value", "; the profile allows: Other"),
        ({"Bag-Info": {"Language": {"repeatable": False, "values": ["fr"]}}}, "label-value", "'en'"),
        ({"Manifests-Required": ["md5"]}, "manifest-required", "the bag has: manifest-sha512.txt"),
        (
            {"Bag-Info": {"Access": {"required": True, "values": ["open", "closed"]}}},
            "label-missing",
            "the profile allows: open, closed",
        ),
        (
            {"Serialization": "required", "Accept-Serialization": ["application/zip"]},
            "serialization-required",
            "the profile accepts: application/zip",
        ),
        ({"Manifests-Required": ["sha256"]}, "manifest-required", "there is no manifest-sha256.txt"),
        ({"Manifests-Allowed": ["md5"]}, "manifest-not-allowed", "the profile allows: md5"),
        ({"Tag-Manifests-Required": ["md5"]}, "manifest-required", "there is no tagmanifest-md5.txt"),
        ({"Tag-Manifests-Allowed": []}, "manifest-not-allowed", "tagmanifest-sha512.txt"),
        ({"Fetch.txt-Required": True}, "fetch-required", "there is no fetch.txt"),
        ({"Data-Empty": True}, "payload-not-empty", "data/ contains 1 files"),
        ({"Tag-Files-Required": ["dpn/info.txt"]}, "file-required", "there is no dpn/info.txt"),
        ({"Tag-Files-Allowed": ["metadata/*"]}, "file-not-allowed", "of Tag-Files-Allowed: metadata/*"),
        ({"Payload-Files-Required": ["data/a.txt"]}, "file-required", "there is no data/a.txt"),
        ({"Payload-Files-Allowed": ["data/*.tif"]}, "file-not-allowed", "data/letter.txt matches no pattern"),
    ],
)
def test_a_violated_rule_is_a_finding(package: Path, rules: dict[str, Any], code: str, says: str) -> None:
    ((found, message),) = findings_of(package, rules)
    assert found == code
    assert says in message


def test_a_profile_with_a_thousand_values_does_not_fill_the_screen(package: Path) -> None:
    values = [f"Archive {n:04} " + "x" * 1000 for n in range(1000)]
    ((_, message),) = findings_of(package, {"Bag-Info": {"Title": {"values": values}}})
    assert ("Archive 0000" in message, message.endswith(" and 988 more")) == (True, True)
    assert len(message) < 1500


@pytest.mark.parametrize(
    ("archive", "media_type", "is_accepted"),
    [
        ("zip", "application/zip", True),
        ("zip", "application/x-zip-compressed", True),
        ("zip", "application/x-zip", True),
        ("zip", "Application/ZIP; charset=binary", True),
        ("zip", "application/x-tar", False),
        ("tar", "application/x-tar", True),
        ("tar", "application/tar", True),
        ("tar", "application/gzip", False),
        ("tar.gz", "application/gzip", True),
        ("tar.gz", "application/x-gzip", True),
        ("tar.gz", "application/x-compressed-tar", True),
        ("tar.gz", "application/x-tar", False),
        ("tar.bz2", "application/x-bzip-compressed-tar", True),
        ("tar.xz", "application/x-xz", True),
    ],
)
def test_an_archive_is_accepted_under_each_of_its_common_media_types(
    archive: str, media_type: str, is_accepted: bool, package: Path, tmp_path: Path
) -> None:
    path = serialise(tree_bytes(package), tmp_path / f"letter.{archive}")
    rules = INFO | {"Accept-Serialization": [media_type]}
    (tmp_path / "profile.json").write_text(json.dumps(rules))
    seen = archtool("verify", path, "--profile", tmp_path / "profile.json", "--json")
    assert seen.codes == ([] if is_accepted else ["profile.serialization-format"])
    assert f"the profile accepts: {media_type}" in seen.out or is_accepted


@pytest.mark.parametrize(
    "rules",
    [
        {"Accept-BagIt-Version": ["1.0"]},
        {"Serialization": "optional"},
        {"Bag-Info": {"title": {"required": True, "repeatable": False}}},
        {"Manifests-Required": ["sha512"], "Manifests-Allowed": ["sha512"]},
        {"Tag-Files-Required": ["bagit.txt", "metadata/citation.json"]},
        {"Allow-Fetch.txt": False},
        {"Data-Empty": False},
    ],
)
def test_a_satisfied_rule_is_no_finding(package: Path, rules: dict[str, Any]) -> None:
    assert findings_of(package, rules) == []


def test_a_repeated_label_and_a_fetch_file_are_found(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    with (package / "bag-info.txt").open("a") as info:
        info.write("Title: Another\n")
    (package / "fetch.txt").write_text("https://example.org/a 1 data/letter.txt\n")
    rules = {"Bag-Info": {"Title": {"repeatable": False}}, "Allow-Fetch.txt": False}
    assert [code for code, _ in findings_of(package, rules)] == ["label-repeated", "fetch-not-allowed"]


def test_one_file_without_bytes_is_an_empty_payload(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    (package / "data" / "letter.txt").write_text("")
    assert findings_of(package, {"Data-Empty": True}) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not JSON"),
        ("\xff", "is not text in UTF-8"),
        ("[]", "`BagIt-Profile-Info` is missing"),
        (json.dumps(INFO | {"Manifests-Required": "md5"}), "`Manifests-Required` is not a list of words"),
        (json.dumps(INFO | {"Data-Empty": "no"}), "`Data-Empty` is neither true nor false"),
        (json.dumps(INFO | {"Bag-Info": []}), "`Bag-Info` is not an object"),
        (json.dumps(INFO | {"Bag-Info": {"A": []}}), "the rule for `A`"),
        ("[" * 100_000, "nested more than 64 levels deep"),
    ],
)
def test_a_malformed_profile_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError, match="profile") as refused:
        parse_profile(text.encode("latin-1"), "profile.json")
    assert says in refused.value.message


def test_a_violated_profile_exits_with_1_and_leaves_the_bag_valid(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (tmp_path / "profile.json").write_text(json.dumps(INFO | {"Manifests-Required": ["md5"]}))
    seen = archtool("verify", package, "--profile", tmp_path / "profile.json", "--json")
    verdict = seen.objects[0]["verdict"]
    assert (seen.code, verdict["bag"], verdict["profile"]) == (1, "valid", "not-met")
    assert archtool("verify", package, "--profile", tmp_path / "missing").code == 3
