"""A bag of which there is nothing to say is answered at the door; the least oddity is looked at whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archtool.fixity.effort import Effort
from archtool.fixity.tree import Tree
from archtool.operations import ordinary_bag
from archtool.operations.quick import go_quickly
from archtool.progress import NoProgress
from unit.bag.bag_builders import LETTER, Files, bag_files, look, manifest, with_tag_manifest, write_bag

INFO = "Source-Organization: Archive of Prague\nPayload-Oxum: 34.1\nContact-Name: É. Weil\n"


def ordinary(**changed: object) -> Files:
    given: dict[str, object] = {"info": INFO, **changed}
    return with_tag_manifest(bag_files(**given))  # type: ignore[arg-type]


def spaced(blanks: int, *names: str, algorithms: tuple[str, ...] = ("sha512",)) -> Files:
    """With so many blanks between digest and path in these manifests."""

    def put(files: Files) -> Files:
        return {
            n: re.sub(b"(?<=[0-9a-f]) +", b" " * blanks, d) if n in names else d for n, d in files.items()
        }

    return put(with_tag_manifest(put(bag_files(info=INFO, algorithms=algorithms))))


def is_ordinary(root: Path) -> bool:
    with Tree(root) as tree:
        quick = go_quickly(tree, Effort(), NoProgress())
    return quick is not None and quick.is_ordinary


PAYLOAD, TAGS = "manifest-sha512.txt", "tagmanifest-sha512.txt"
TWO = ("sha256", "sha512")
ORDINARY: dict[str, Files] = {
    "of today": ordinary(),
    "of BagIt 0.97": ordinary(version="0.97"),
    "with two manifests": ordinary(algorithms=TWO),
    "without a tag manifest": bag_files(info=INFO),
    "without bag-info.txt": with_tag_manifest(bag_files()),
    "without an oxum": ordinary(info="Source-Organization: Archive of Prague\n"),
    "with a long value in two lines": ordinary(
        info="External-Description: long\n  and longer\n\tand longer\n"
    ),
    "with two contacts": ordinary(info="Contact-Name: A\ncontact-name: B\n"),
    "with blanks in a label": ordinary(info="Place of origin: Prague\n"),
    "with empty values": ordinary(info="Contact-Name: \nExternal-Description: \n  \n"),
    "with one blank in the tag manifest, as bagit.py has it": spaced(1, TAGS),
    "with one blank everywhere": spaced(1, TAGS, PAYLOAD, "manifest-sha256.txt", algorithms=TWO),
    "with three blanks": spaced(3, TAGS, PAYLOAD),
}
ODD: dict[str, Files] = {
    "an oxum that is wrong": ordinary(info="Payload-Oxum: 35.1\n"),
    "an oxum that is none": ordinary(info="Payload-Oxum: many\n"),
    "an oxum that goes on": ordinary(info="Payload-Oxum: 34.1\n  34.1\n"),
    "two oxums": ordinary(info="Payload-Oxum: 34.1\nPayload-Oxum: 34.1\n"),
    "two dates": ordinary(info="Bagging-Date: 2026-11-26\nbagging-date: 2026-11-26\n"),
    "a line that goes on from nothing": ordinary(info="  34.1\nContact-Name: A\n"),
    "an empty line": ordinary(info="Contact-Name: A\n\nContact-Name: B\n"),
    "no digest but a name": bag_files(info=INFO) | {"tagmanifest-sha512.txt": b"bagit.txt\n" * 3},
    "a tag manifest without blanks": spaced(0, TAGS),
    "a manifest without blanks": spaced(0, PAYLOAD),
    "manifests with one blank and with two": spaced(1, PAYLOAD, algorithms=TWO),
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
    monkeypatch.setattr(ordinary_bag, "go_quickly", lambda *_: None)
    assert result == look(root)
    assert (result.verdict["bag"], result.findings) == ("valid", ())


@pytest.mark.parametrize("files", ODD.values(), ids=ODD.keys())
def test_what_is_not_ordinary_is_looked_at_whole_and_judged_alike(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_bag(tmp_path / "bag", files)
    assert not is_ordinary(root)
    result = look(root)
    monkeypatch.setattr(ordinary_bag, "go_quickly", lambda *_: None)
    assert result == look(root)


def test_a_changed_letter_is_not_ordinary(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", ordinary() | {"data/letter.txt": LETTER.swapcase()})
    assert not is_ordinary(root)
    assert look(root).verdict["bag"] == "invalid"
