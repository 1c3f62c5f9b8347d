"""What a part of a group states about itself and the other parts."""

from __future__ import annotations

import pytest

from archtool.bagit.model import Bag, BagInfo, Declaration, TagField
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.hashing.file_record import FileRecord
from archtool.operations.content import group
from archtool.operations.content.group import Group, format_group_manifest, in_group, read_group
from archtool.operations.content.metadata import Metadata
from archtool.operations.limits import MAX_LIST_FAULTS
from archtool.operations.open_package.package_paths import GROUP_MANIFEST_PATH


def record(path: str, *algorithms: Algorithm) -> FileRecord:
    wanted = algorithms or (Algorithm.SHA512,)
    return FileRecord(f"data/{path}", len(path), tuple(digest_bytes(a, path.encode()) for a in wanted))


PARTS = [[record("b"), record("a%b\nc")], [record("a", Algorithm.MD5, Algorithm.SHA256)]]
TEXT = format_group_manifest(PARTS)


def group_of(text: str, count: str = "1 of 2") -> Group:
    info = BagInfo((TagField("Bag-Group-Identifier", "letter", 1), TagField("Bag-Count", count, 2)))
    found = read_group(
        Metadata({GROUP_MANIFEST_PATH: text.encode()}), Bag(Declaration((1, 0), "utf-8"), info, (), ())
    )
    assert found is not None
    return found


def test_the_list_is_sorted_like_a_manifest_and_has_every_digest() -> None:
    lines = [line.split("  ", 3) for line in TEXT.splitlines()]
    assert [(part, size, path) for part, size, _, path in lines] == [
        ("2", "1", "data/a"), ("1", "5", "data/a%25b%0Ac"), ("1", "1", "data/b")
    ]  # fmt: skip
    assert [word.partition(":")[0] for word in lines[0][2].split(" ")] == ["md5", "sha256"]


def test_the_list_is_read_as_it_was_written() -> None:
    read = group_of(TEXT)
    assert (read.identifier, read.part, read.count, read.findings) == ("letter", 1, 2, ())
    written = {r.path: (n, r.size_bytes, r.digests) for n, part in enumerate(PARTS, 1) for r in part}
    assert {p: (f.part, f.size_bytes, f.digests) for p, f in read.files.items()} == written
    assert set(read.elsewhere()) == {"data/a"}


def test_the_whole_payload_has_the_files_of_this_part_as_they_are() -> None:
    own = {"data/b": {Algorithm.SHA512: "00"}}
    sizes, digests = group_of(TEXT).whole({"data/b": 99}, own)
    assert sizes == {"data/a": 1, "data/b": 99}
    assert digests["data/b"] == {Algorithm.SHA512: "00"}
    assert set(digests["data/a"]) == {Algorithm.MD5, Algorithm.SHA256}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1  1  md5:00  data/x", "not a part, a size"), ("1  1  data/x", "not a part, a size"),
        ("-1  1  md5:00  data/x", "not a part, a size"), ("01  1  md5:00  data/x", "not a part, a size"),
        ("", "not a part, a size"), (TEXT.splitlines()[0], "a second line for data/a"),
        (TEXT.splitlines()[0].replace("data/a", "../a"), "not a part, a size"),
    ],
)  # fmt: skip
def test_a_malformed_line_is_reported_with_its_number(line: str, message: str) -> None:
    (finding,) = group_of(f"{TEXT}{line}\n").findings
    assert message in finding.message
    assert (finding.code, finding.place and finding.place.line) == ("content.group-differs", 4)


@pytest.mark.parametrize(
    "count", ["0 of 2", "3 of 2", "1 of 3", "1 of ?", "one of two", "", "1 of 99999999999999"]
)
def test_a_number_that_is_none_of_the_parts_is_reported(count: str) -> None:
    assert [f.code for f in group_of(TEXT, count).findings] == ["content.group-differs"]


def test_the_group_takes_the_place_of_the_collection() -> None:
    fields = [("Payload-Oxum", "1.1"), ("Bag-Group-Identifier", "Papers"), ("Title", "A")]
    assert in_group(fields, "letter", 2, 3) == (
        ("Payload-Oxum", "1.1"), ("Bag-Group-Identifier", "letter"), ("Bag-Count", "2 of 3"), ("Title", "A")
    )  # fmt: skip


def test_only_the_first_faults_of_a_long_list_are_reported_and_a_longer_one_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len(group_of("x\n" * 5_000).findings) == MAX_LIST_FAULTS + 1  # and its number
    monkeypatch.setattr(group, "MAX_GROUP_FILES", 2)
    long = group_of(TEXT)
    assert "it has 3 lines; at most 2 are read" in long.findings[0].message
    assert long.files == {}


def test_files_in_another_part_than_the_list_says_are_reported() -> None:
    read = group_of(TEXT)
    digests = {record.path: {one.algorithm: one.hex for one in record.digests} for record in PARTS[0]}
    assert [f.code for f in read.check(digests)] == ["content.group-part"]
    one, two = {Algorithm.MD5: "00"}, {Algorithm.SHA512: "00"}
    other = {"data/other": one, "data/a": one, "data/b": two}
    messages = [finding.message for finding in read.check(other)]
    assert messages[:-1] == [
        "data/other is not in the list of the group's files",
        "data/a is in this part, but listed in part 2",
        "data/a%b\\u000ac is listed in this part, but in no payload manifest",
        "data/b has another digest in the payload manifests",
    ]


def test_a_list_that_was_cut_off_is_reported() -> None:
    (finding,) = group_of(TEXT.removesuffix("\n")).findings
    assert finding.message == "the last line has no end"
