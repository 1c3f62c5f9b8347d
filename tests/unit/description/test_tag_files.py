"""Own tag files: their paths do not collide with what archtool and BagIt put into a package."""

from __future__ import annotations

import pytest

from unit.description.description_texts import SMALL, codes, load, only

PATH = "description.tag-file-path"


def with_paths(*paths: str) -> str:
    items = ", ".join(f"{{ file: a.txt, as: {path!r} }}" for path in paths)
    return f"{SMALL}tag-files: [{items}]\n"


@pytest.mark.parametrize(
    "path",
    [
        "bagit.txt", "Bag-Info.txt", "package-info.txt", "fetch.txt", "verify.TXT", "data", "DATA/a.txt",
        "metadata/a.txt", "attestations/0001-x/a.txt", "evidence/0001.ers", "manifest-md5.txt",
        "tagmanifest-SHA512.txt", "a.asc", "b/c.p7s", ".archtool-1/x", "aux.txt", "a?.txt", "a%b.txt",
    ],
)  # fmt: skip
def test_a_path_with_a_meaning_of_its_own_is_refused(path: str) -> None:
    assert only(load(with_paths(path))).code == PATH


@pytest.mark.parametrize(
    "path", ["aptrust-info.txt", "dpn-tags/dpn-info.txt", "b/manifest-md5.txt", "data.txt"]
)
def test_any_other_path_is_taken(path: str) -> None:
    assert codes(load(with_paths(path))) == []


@pytest.mark.parametrize(
    "paths", [("a", "a"), ("a", "A"), ("a", "a/b"), ("a/x", "A/y"), ("\u00e9", "e\u0301")]
)
def test_two_tag_files_never_have_one_name(paths: tuple[str, str]) -> None:
    assert set(codes(load(with_paths(*paths)))) == {PATH}


@pytest.mark.parametrize("path", ["../a", "/a", "a/../b", "a//b"])
def test_a_path_that_leaves_the_package_is_refused(path: str) -> None:
    assert only(load(with_paths(path))).code == PATH
