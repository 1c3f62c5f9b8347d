"""Parts of the package `bagit` that a verdict does not show."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from archtool.bagit import bounded_findings, reader
from archtool.bagit.fixity import Expectation, FixityTask, check_file, plan_fixity
from archtool.bagit.layout import build_layout
from archtool.bagit.listing import BagListing
from archtool.bagit.model import Bag
from archtool.bagit.reader import read_bag
from archtool.bagit.tag_files.declaration import format_declaration, parse_declaration
from archtool.errors import SourceChangedError
from archtool.exit_codes import ExitCode
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.files.hashing.file_record import FileRecord
from archtool.files.tree import FileKind, NotAFileError, Tree
from unit.bagit.bag_builders import (
    LETTER,
    LETTER_NAME,
    bag_files,
    codes,
    judged,
    look,
    manifest,
    with_tag_manifest,
    write_bag,
)
from unit.files.folders import as_nobody, public_folder

SHA512 = Algorithm.SHA512


def read(root: Path) -> Bag:
    with Tree(root) as tree:
        return read_bag(tree, list(tree.walk()))[0]


def test_a_bag_has_the_values_of_its_tag_files(tmp_path: Path) -> None:
    files = bag_files(info="Title: A letter\n", algorithms=("sha256", "sha512"))
    files["fetch.txt"] = b"https://example.org/a 34 data/letter.txt\n"
    bag = read(write_bag(tmp_path / "bag", with_tag_manifest(files)))
    assert bag.declaration.version == (1, 0)
    assert bag.info.first("title") == "A letter"
    assert [m.name for m in bag.manifests] == ["manifest-sha256.txt", "manifest-sha512.txt"]
    assert [m.algorithm for m in bag.tag_manifests] == [SHA512]
    assert list(bag.payload_paths()) == [LETTER_NAME]
    assert [(i.url, i.length_bytes, i.path) for i in bag.fetch] == [
        ("https://example.org/a", 34, LETTER_NAME)
    ]


def test_a_declaration_that_is_written_is_read_back() -> None:
    declaration, findings = parse_declaration(format_declaration((0, 97), "ISO-8859-1").encode())
    assert (declaration.version, declaration.encoding, findings) == ((0, 97), "ISO-8859-1", ())


@pytest.mark.parametrize("name", ["bagit.txt", "manifest-sha512.txt", "bag-info.txt", "fetch.txt"])
def test_a_folder_with_the_name_of_a_tag_file_is_not_read(name: str, tmp_path: Path) -> None:
    files = bag_files()
    files.pop(name, None)
    root = write_bag(tmp_path / "bag", files)
    (root / name).mkdir()
    verdict, found = judged(root)
    expected = {"bagit.txt": {"declaration.missing"}, "manifest-sha512.txt": {"manifest.none"}}.get(
        name, set()
    )
    assert (verdict, found) == ("invalid" if expected else "valid", expected)


@pytest.mark.parametrize("name", ["bagit.txt", "manifest-sha512.txt", "bag-info.txt", "fetch.txt"])
def test_a_tag_file_above_the_size_limit_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("MAX_MANIFEST_BYTES", "MAX_INFO_BYTES", "MAX_DECLARATION_BYTES"):
        monkeypatch.setattr(reader, limit, 1000)
    root = write_bag(tmp_path / "bag", bag_files())
    (root / name).write_bytes(b"Bag-Size: 9\n" * 1000)
    result = look(root)
    assert "bag.tag-file-too-large" in codes(result)
    assert result.exit_code is ExitCode.INPUT_UNUSABLE


def test_manifests_above_the_limit_are_not_read(tmp_path: Path) -> None:
    many = {f"manifest-x{i:03}.txt": manifest({LETTER_NAME: LETTER}) for i in range(reader.MAX_MANIFESTS + 5)}
    result = look(write_bag(tmp_path / "bag", bag_files(extra=many)))
    assert codes(result).count("manifest.too-many") == 1
    assert codes(result).count("manifest.algorithm-unknown") == reader.MAX_MANIFESTS - 1
    assert result.verdict["bag"] == "unreadable"


def test_unreadable_files_are_reported_but_are_no_damage() -> None:
    with public_folder() as folder:
        files = bag_files({LETTER_NAME: LETTER, "data/shut/a": b"a"}, info="Title: A\n")
        root = write_bag(folder / "bag", files)
        (root / "bag-info.txt").chmod(0)
        (root / LETTER_NAME).chmod(0)
        (root / "data" / "shut").chmod(0)
        with as_nobody():
            result = look(root)
        (root / "data" / "shut").chmod(0o755)
    assert set(codes(result)) == {
        "bag.tag-file-unreadable",
        "bag.folder-unreadable",
        "fixity.file-unreadable",
    }
    assert result.verdict["bag"] == "unreadable"
    assert result.exit_code is ExitCode.INPUT_UNUSABLE


def test_a_folder_that_must_not_be_opened_is_unreadable() -> None:
    with public_folder() as folder:
        root = write_bag(folder / "bag", bag_files())
        root.chmod(0)
        with as_nobody():
            result = look(root)
        root.chmod(0o755)
    assert (result.verdict["bag"], codes(result)) == ("unreadable", ["bag.unreadable"])


def test_an_unreadable_folder_at_the_path_of_a_file_is_no_file() -> None:
    with public_folder() as folder:
        files = bag_files() | {"manifest-sha512.txt": manifest({LETTER_NAME: LETTER, "data/shut": b""})}
        root = write_bag(folder / "bag", files)
        (root / "data" / "shut").mkdir(mode=0)
        (root / "data" / "shut").chmod(0)
        with as_nobody():
            verdict, found = judged(root)
        (root / "data" / "shut").chmod(0o755)
    assert (verdict, found) == ("invalid", {"bag.folder-unreadable", "manifest.lists-folder"})


def test_a_file_is_read_once_for_all_its_digests(tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", bag_files(algorithms=("md5", "sha256", "sha512")))
    (root / "manifest-crc32.txt").write_text(f"00ff  {LETTER_NAME}\n")
    with Tree(root) as tree:
        found = list(tree.walk())
        bag, _ = read_bag(tree, found)
        layout, _ = build_layout(bag, BagListing.of(found))
    (task,) = plan_fixity(bag, layout)
    assert (task.path, task.size_bytes) == (LETTER_NAME, len(LETTER))
    assert task.algorithms == (Algorithm.MD5, Algorithm.SHA256, SHA512)


def task_for(data: bytes) -> FixityTask:
    return FixityTask(
        "data/a", len(data), (Expectation("manifest-sha512.txt", 7, digest_bytes(SHA512, data)),)
    )


def reading(*contents: bytes | Exception) -> object:
    """Return a hash function that reads these contents one after another, or fails."""
    left = list(contents)

    def hash_next(path: str, algorithms: Sequence[Algorithm]) -> FileRecord:
        content = left.pop(0)
        if isinstance(content, Exception):
            raise content
        return FileRecord(path, len(content), tuple(digest_bytes(a, content) for a in algorithms))

    return hash_next


def test_an_intact_file_is_read_once() -> None:
    record, findings = check_file(task_for(b"a"), reading(b"a"))  # type: ignore[arg-type]
    assert record is not None
    assert findings == ()


def test_a_damaged_file_is_read_twice_and_named_with_the_manifest_line() -> None:
    _, findings = check_file(task_for(b"a"), reading(b"b", b"b"))  # type: ignore[arg-type]
    assert [f.code for f in findings] == ["fixity.digest-mismatch"]
    assert "data/a (manifest-sha512.txt line 7): expected" in findings[0].message
    assert digest_bytes(SHA512, b"b").short in findings[0].message


def test_a_disk_that_returns_other_bytes_each_time_is_suspected_and_not_the_file() -> None:
    for second in (b"a", b"c"):
        _, findings = check_file(task_for(b"a"), reading(b"b", second))  # type: ignore[arg-type]
        assert [f.code for f in findings] == ["fixity.read-unstable"]


FAILURES = {
    "fixity.changed-while-read": SourceChangedError("data/a changed"),
    "bag.not-a-file": NotAFileError("data/a", FileKind.LINK),
    "fixity.file-unreadable": OSError(5, "Input/output error"),
}


@pytest.mark.parametrize("code", FAILURES)
@pytest.mark.parametrize("reads_before", [0, 1])
def test_a_file_that_cannot_be_read_has_no_record(code: str, reads_before: int) -> None:
    contents = [b"damaged"] * reads_before + [FAILURES[code]]
    record, findings = check_file(task_for(b"a"), reading(*contents))  # type: ignore[arg-type]
    assert (record, [f.code for f in findings]) == (None, [code])


def test_a_hostile_manifest_with_many_digests_of_a_file_makes_few_findings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounded_findings, "MAX_OF_ONE_KIND", 5)
    said = tuple(Expectation("manifest-md5.txt", i, Digest(Algorithm.MD5, f"{i:032x}")) for i in range(50))
    _, findings = check_file(FixityTask("data/a", 1, said), reading(b"a", b"a"))  # type: ignore[arg-type]
    assert len(findings) == 6
    assert findings[-1].message == "and 45 more of this kind in this file"


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_verdict_does_not_depend_on_the_number_of_jobs(jobs: int, tmp_path: Path) -> None:
    payload = {f"data/{i:03}": os.urandom(10) for i in range(150)}
    root = write_bag(tmp_path / "bag", bag_files(payload))
    (root / "data" / "149").write_bytes(b"damaged")
    result = look(root, jobs=jobs)
    assert codes(result) == ["fixity.digest-mismatch"]
    assert result.facts["checked"]["files"] == 150


def test_findings_stand_in_the_order_of_their_places(tmp_path: Path) -> None:
    files = bag_files(extra={"data/b": b"", "data/a": b""})
    files["manifest-sha512.txt"] = b"rubbish\n" + files["manifest-sha512.txt"] + b"rubbish\n"
    result = look(write_bag(tmp_path / "bag", files))
    places = [(f.place.file, f.place.line) for f in result.findings if f.place]
    assert places == [
        ("data/a", None),
        ("data/b", None),
        ("manifest-sha512.txt", 1),
        ("manifest-sha512.txt", 3),
    ]
