"""The payload of a bag is written as plain files: all of them and unchanged, or nothing."""

from __future__ import annotations

import os
import subprocess
from hashlib import md5, sha512
from pathlib import Path

import pytest

from archives import regular, serialise, special, tar_of
from command_line import archtool
from packages import left_behind, make_package, tree_bytes, write_key

FILES = {"letter.txt": b"To the sections.\n", "scans/page 1.tif": b"II*\0", "receipt": b"5 francs\n"}


def make_bag(root: Path, files: dict[str, bytes] = FILES, *, fetch: str = "") -> Path:
    """Make a bag like one of another tool: MD5 and SHA-512, no description."""
    (root / "data").mkdir(parents=True)
    for name, data in files.items():
        (root / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "data" / name).write_bytes(data)
    (root / "bagit.txt").write_text("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n")
    for name, digest in (("md5", md5), ("sha512", sha512)):
        lines = [f"{digest(data).hexdigest()}  data/{path}\n" for path, data in files.items()]
        (root / f"manifest-{name}.txt").write_text("".join(lines))
    if fetch:
        (root / "fetch.txt").write_text(fetch)
    return root


def payload_of(package: Path, target: Path, *options: str) -> tuple[int, str]:
    done = archtool("unpack", "--payload-only", package, "-o", target, *options)
    return done.code, done.said()


def test_the_payload_of_a_package_becomes_plain_files(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    os.utime(package / "data" / "letter.txt", ns=(0, 479019967_123456789))
    code, said = payload_of(package, tmp_path / "out")
    assert code == 0
    assert tree_bytes(tmp_path / "out") == {"letter.txt": (package / "data" / "letter.txt").read_bytes()}
    assert (tmp_path / "out" / "letter.txt").stat().st_mtime_ns == 479019967_123456789
    assert f"left in {package}" in said
    assert "the description, 1 attestation, 13 tag files in all" in said
    assert "cannot be verified" in said


@pytest.mark.parametrize("form", ["folder", "tar", "tar.gz", "zip"])
def test_the_payload_of_a_bag_of_another_tool_becomes_plain_files(form: str, tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    if form != "folder":
        bag = serialise(tree_bytes(bag), tmp_path / f"bag.{form}")
    done = archtool("unpack", "--payload-only", bag, "-o", tmp_path / "out", "--json")
    assert done.code == 0, done.err
    assert tree_bytes(tmp_path / "out") == FILES
    facts = done.objects[0]["facts"]
    left = facts.pop("left_behind")
    assert facts == {
        "folder": str(tmp_path / "out"), "files": 3, "bytes": sum(map(len, FILES.values())),
        "algorithms": ["md5", "sha512"], "serialisation": None if form == "folder" else form,
        "part": None, "group": None,
    }  # fmt: skip
    assert left == {
        "description": False, "attestations": 0, "sidecar": None,
        "tag_files": ["bagit.txt", "manifest-md5.txt", "manifest-sha512.txt"],
    }  # fmt: skip


def test_the_times_of_an_archive_are_restored(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    os.utime(bag / "data" / "letter.txt", (479019967, 479019967))
    subprocess.run(["tar", "-cf", tmp_path / "bag.tar", "-C", tmp_path, "bag"], check=True)
    assert payload_of(tmp_path / "bag.tar", tmp_path / "out")[0] == 0
    assert (tmp_path / "out" / "letter.txt").stat().st_mtime == 479019967


@pytest.mark.parametrize("form", ["folder", "tar", "tar.xz"])
@pytest.mark.parametrize("file", ["data/letter.txt", "manifest-md5.txt"])
def test_nothing_is_written_if_one_byte_of_the_bag_has_changed(file: str, form: str, tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    data = bytearray((bag / file).read_bytes())
    data[3] ^= 1
    (bag / file).write_bytes(data)
    if form != "folder":
        bag = serialise(tree_bytes(bag), tmp_path / f"bag.{form}")
    code, said = payload_of(bag, tmp_path / "out")
    assert (code, "is not a valid bag; nothing was written" in said) == (1, True)
    assert "data/letter.txt" in said
    assert not (tmp_path / "out").exists()
    assert left_behind(tmp_path) == []


def test_nothing_is_written_if_a_tag_file_of_a_package_has_changed(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "metadata" / "citation.json").write_text("[]\n")
    code, said = payload_of(package, tmp_path / "out")
    assert (code, "metadata/citation.json" in said, (tmp_path / "out").exists()) == (1, True, False)


def test_files_that_are_to_be_fetched_are_named_with_the_command_that_fetches_them(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag", fetch="http://127.0.0.1/x - data/letter.txt\n")
    (bag / "data" / "letter.txt").unlink()
    code, said = payload_of(bag, tmp_path / "out")
    assert (code, "data/letter.txt is to be fetched" in said) == (1, True)
    assert f"archtool fetch {bag}" in said
    code, said = payload_of(serialise(tree_bytes(bag), tmp_path / "bag.zip"), tmp_path / "out")
    assert (code, "bag.zip -o BAG, then archtool fetch BAG" in said) == (1, True)
    assert not (tmp_path / "out").exists()


def test_a_link_in_the_payload_is_refused(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    (bag / "data" / "more").symlink_to("/etc")
    assert payload_of(bag, tmp_path / "out")[0] == 1
    files = [regular(f"bag/{path}", data)[0].name for path, data in tree_bytes(bag).items()]
    members = [(name, tree_bytes(bag)[name.removeprefix("bag/")]) for name in files]
    archive = tar_of(tmp_path / "bag.tar", *members, special("bag/data/way-out", b"2", "/etc"))
    assert payload_of(archive, tmp_path / "out")[0] == 1
    assert not (tmp_path / "out").exists()


def test_names_are_written_as_they_are_and_not_as_the_manifests_encode_them(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag", {"100%25.txt": b"1", "bagit.txt": b"2", "é/à.txt": b"3"})
    assert payload_of(bag, tmp_path / "out")[0] == 0
    assert tree_bytes(tmp_path / "out") == {"100%25.txt": b"1", "bagit.txt": b"2", "é/à.txt": b"3"}


def test_empty_folders_and_an_empty_payload_are_written(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag", {})
    assert payload_of(bag, tmp_path / "nothing")[0] == 0
    assert list((tmp_path / "nothing").iterdir()) == []
    (bag / "data" / "a" / "b").mkdir(parents=True)
    assert payload_of(bag, tmp_path / "out")[0] == 0
    assert (tmp_path / "out" / "a" / "b").is_dir()


def test_a_sidecar_beside_the_package_is_named(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    package.chmod(0o555)
    sidecar = tmp_path / "package.attestations"
    options = ("--sign", write_key(tmp_path), "--event", "fixity-check", "--sidecar", sidecar)
    assert archtool("attest", package, *options).code == 0
    assert f"left in {sidecar}" in payload_of(package, tmp_path / "out")[1]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("taken", "already exists"), ("package/data/out", "would be written into a package"),
        ("out.zip", "is named like a zip archive"),
    ],
)  # fmt: skip
def test_a_target_that_would_mislead_or_change_something_is_refused(
    target: str, reason: str, tmp_path: Path
) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    (tmp_path / "taken").mkdir()
    code, said = payload_of(package, tmp_path / target)
    assert (code, reason in said) == (2, True)
    assert tree_bytes(package) == before


def test_what_is_not_a_bag_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    code, said = payload_of(tmp_path / "sources", tmp_path / "out")
    assert (code, "it has no bagit.txt" in said) == (3, True)
    assert payload_of(tmp_path / "nowhere", tmp_path / "out")[0] == 3
