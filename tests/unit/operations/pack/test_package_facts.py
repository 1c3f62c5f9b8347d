"""What is said about a package that an earlier run made: only what its files still show."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archtool.description.loading import load_description
from archtool.operations.pack.package_facts import package_facts
from command_line import archtool
from packages import LETTER, make_package

DESCRIPTION = load_description(LETTER.encode(), "description.yaml").description


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A signed package of one letter with 17 bytes."""
    return make_package(tmp_path)


def test_the_head_is_that_of_the_newest_attestation(package: Path, tmp_path: Path) -> None:
    key = tmp_path / "archivist-key"
    assert archtool("attest", package, "--sign", key, "--event", "countersignature").code == 0
    (verified,) = archtool("verify", package, "--json").objects
    facts = package_facts(package, DESCRIPTION)
    assert facts["head"] == verified["facts"]["head"]
    assert facts["head"].startswith("0002-countersignature sha512:")


def test_the_size_is_the_one_in_the_package(package: Path) -> None:
    facts = package_facts(package, DESCRIPTION)
    assert (facts["title"], facts["package"]) == (DESCRIPTION.title, str(package))
    assert (facts["files"], facts["bytes"]) == (1, 17)


@pytest.mark.parametrize("name", ["bag-info.txt", "attestations/0001-packaging/sha512sums.txt"])
@pytest.mark.parametrize("kind", ["missing", "fifo", "folder", "link"])
def test_what_cannot_be_read_is_not_claimed(name: str, kind: str, package: Path) -> None:
    file = package / name
    file.unlink()
    if kind == "fifo":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    elif kind == "link":
        file.symlink_to("/dev/zero")
    facts = package_facts(package, DESCRIPTION)
    read = {"files", "bytes"} if name == "bag-info.txt" else {"head"}
    assert {key for key in ("head", "files", "bytes") if facts[key] is None} == read


def test_a_package_that_is_gone_has_no_facts_but_those_of_its_description(tmp_path: Path) -> None:
    facts = package_facts(tmp_path / "gone", DESCRIPTION)
    assert (facts["title"], facts["head"], facts["files"]) == (DESCRIPTION.title, None, None)
