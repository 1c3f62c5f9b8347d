"""A bag of which there is nothing to say is answered at the door; the least oddity is looked at whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.fixity.effort import Effort
from archtool.fixity.tree import Tree
from archtool.operations import verify as verifying
from archtool.operations.quick import go_quickly
from archtool.progress import NoProgress
from unit.bag.bag_builders import LETTER, Files, bag_files, look, manifest, with_tag_manifest, write_bag

INFO = "Source-Organization: Archive of Prague\nPayload-Oxum: 34.1\nContact-Name: É. Weil\n"


def ordinary(**changed: object) -> Files:
    given: dict[str, object] = {"info": INFO, **changed}
    return with_tag_manifest(bag_files(**given))  # type: ignore[arg-type]


def is_ordinary(root: Path) -> bool:
    with Tree(root) as tree:
        quick = go_quickly(tree, Effort(), NoProgress())
    return quick is not None and quick.is_ordinary


ORDINARY: dict[str, Files] = {
    "of today": ordinary(),
    "of BagIt 0.97": ordinary(version="0.97"),
    "with two manifests": ordinary(algorithms=("sha256", "sha512")),
    "without a tag manifest": bag_files(info=INFO),
    "without bag-info.txt": with_tag_manifest(bag_files()),
    "without an oxum": ordinary(info="Source-Organization: Archive of Prague\n"),
}
ODD: dict[str, Files] = {
    "an oxum that is wrong": ordinary(info="Payload-Oxum: 35.1\n"),
    "an oxum that is none": ordinary(info="Payload-Oxum: many\n"),
    "a label that is repeated": ordinary(info="Contact-Name: A\ncontact-name: B\n"),
    "a folded line": ordinary(info="External-Description: long\n  and longer\n"),
    "a blank before the colon": ordinary(info="Contact-Name : A\n"),
    "only a weak algorithm": ordinary(algorithms=("md5",)),
    "an older version": ordinary(version="0.95"),
    "another tag file": with_tag_manifest(bag_files(info=INFO, extra={"about.txt": b"who made this\n"})),
    "a file that no tag manifest lists": ordinary() | {"bag-info.txt": INFO.encode(), "about.txt": b"x"},
    "a tag file that differs": ordinary() | {"bag-info.txt": INFO.replace("É", "E").encode()},
    "a tag manifest that lists one file only": bag_files(info=INFO)
    | {"tagmanifest-sha512.txt": manifest({"bag-info.txt": INFO.encode()})},
    "a tag manifest that lists a file twice": bag_files(info=INFO)
    | {"tagmanifest-sha512.txt": manifest({"bag-info.txt": INFO.encode()}) * 3},
    "bytes that are not UTF-8": ordinary() | {"bag-info.txt": b"Contact-Name: \xff\n"},
    "a manifest of an unknown algorithm": ordinary(extra={"manifest-sha999.txt": b"00  data/letter.txt\n"}),
    "a declaration with blanks": ordinary() | {"bagit.txt": b"BagIt-Version:  1.0\n"},
}


@pytest.mark.parametrize("files", ORDINARY.values(), ids=ORDINARY.keys())
def test_an_ordinary_bag_gets_the_result_that_the_whole_look_gives(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_bag(tmp_path / "bag", files)
    assert is_ordinary(root)
    result = look(root)
    monkeypatch.setattr(verifying, "go_quickly", lambda *_: None)
    assert result == look(root)
    assert (result.verdict["bag"], result.findings) == ("valid", ())


@pytest.mark.parametrize("files", ODD.values(), ids=ODD.keys())
def test_what_is_not_ordinary_is_looked_at_whole_and_judged_alike(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_bag(tmp_path / "bag", files)
    assert not is_ordinary(root)
    result = look(root)
    monkeypatch.setattr(verifying, "go_quickly", lambda *_: None)
    assert result == look(root)


def test_a_changed_letter_is_not_ordinary(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", ordinary() | {"data/letter.txt": LETTER.swapcase()})
    assert not is_ordinary(root)
    assert look(root).verdict["bag"] == "invalid"
