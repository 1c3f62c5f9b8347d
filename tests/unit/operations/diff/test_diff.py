"""Two bags, compared by the bytes of their files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archives import FORMATS, regular, serialise, special, tar_of
from archtool.errors import InputError
from archtool.operations.diff.compare import DiffRequest, diff
from archtool.operations.diff.finding_kinds import DIFF_NOT_COMPARED, DIFF_SIDE_NOT_WHOLE
from archtool.operations.limits import MAX_FINDINGS_OF_ONE_KIND
from packages import tree_bytes
from unit.bagit.bag_builders import NOW, bag_files, digest, manifest, with_tag_manifest, write_bag
from unit.operations.diff.diff_bags import (
    LETTERS,
    codes,
    compare,
    compare_payloads,
    payload_codes,
    write_letters,
)

SAME = {"payload": "same", "metadata": "same", "trust": "same"}


class Counter:
    """Counts the bytes that a task reports as progress."""

    meter = None

    def __init__(self) -> None:
        self.total_bytes, self.done_bytes, self.is_finished = 0, 0, False

    def start(self, label: str, total_bytes: int | None) -> None:
        del label
        self.total_bytes = total_bytes or 0

    def advance(self, size_bytes: int) -> None:
        self.done_bytes += size_bytes

    def finish(self) -> None:
        self.is_finished = True


def test_a_bag_is_the_same_as_itself(tmp_path: Path) -> None:
    bag = write_letters(tmp_path / "bag")
    result = compare(bag, bag)
    assert (int(result.exit_code), dict(result.verdict), codes(result)) == (0, SAME, [])


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("jobs", [1, 3])
def test_a_bag_is_the_same_as_its_own_archive_in_either_order(tmp_path: Path, name: str, jobs: int) -> None:
    bag = write_letters(tmp_path / "bag")
    archive = serialise(tree_bytes(bag), tmp_path / f"bag.{name}")
    for one, other in ((bag, archive), (archive, bag), (archive, archive)):
        result = compare(one, other, jobs=jobs)
        assert (int(result.exit_code), dict(result.verdict), codes(result)) == (0, SAME, [])


def test_two_empty_bags_are_the_same(tmp_path: Path) -> None:
    result = compare_payloads(tmp_path, {}, {})
    assert (int(result.exit_code), dict(result.verdict)) == (0, SAME)
    archive = serialise(tree_bytes(tmp_path / "one"), tmp_path / "one.tar")  # has no folder data/ at all
    assert codes(compare(tmp_path / "one", archive)) == []


def test_everything_of_a_bag_is_added_to_an_empty_one(tmp_path: Path) -> None:
    result = compare_payloads(tmp_path, {}, LETTERS)
    assert [item["path"] for item in result.facts["payload"]["added"]] == sorted(LETTERS)
    back = compare(tmp_path / "other", tmp_path / "one")
    assert [item["path"] for item in back.facts["payload"]["missing"]] == sorted(LETTERS)
    assert int(result.exit_code) == int(back.exit_code) == 1


def test_a_new_version_of_a_file_is_changed_with_both_sizes(tmp_path: Path) -> None:
    result = compare_payloads(tmp_path, LETTERS, LETTERS | {"data/letter.txt": b"To all sections.\n" * 2})
    (changed,) = result.facts["payload"]["changed"]
    assert (changed["path"], changed["size_bytes"], changed["other_size_bytes"]) == (
        "data/letter.txt",
        17,
        34,
    )
    assert result.verdict["payload"] == "different"
    assert "diff.payload-changed" in codes(result)
    assert "diff.damaged" not in codes(result)


def test_a_file_that_is_moved_is_neither_missing_nor_added(tmp_path: Path) -> None:
    moved = {"data/letter.txt": LETTERS["data/letter.txt"], "data/replies/1.txt": LETTERS["data/reply.txt"]}
    result = compare_payloads(tmp_path, LETTERS, moved)
    assert payload_codes(result) == ["diff.payload-moved"]
    (pair,) = result.facts["payload"]["moved"]
    assert (pair["path"], pair["other_path"]) == ("data/reply.txt", "data/replies/1.txt")


def test_a_changed_byte_that_contradicts_the_manifest_is_reported_as_damage(tmp_path: Path) -> None:
    one, other = write_letters(tmp_path / "one"), write_letters(tmp_path / "other")
    (other / "data" / "letter.txt").write_bytes(b"To the sectionz.\n")
    result = compare(one, other)
    assert payload_codes(result) == ["diff.damaged", "diff.payload-changed"]
    (damage,) = result.facts["damaged"]
    assert (damage["side"], damage["path"], damage["manifest"], damage["line"]) == (
        "OTHER",
        "data/letter.txt",
        "manifest-sha512.txt",
        1,
    )
    assert damage["expected"] == f"sha512:{digest(LETTERS['data/letter.txt'])}"
    (back,) = compare(other, one).facts["damaged"]
    assert back["side"] == "ONE"


def test_two_copies_with_the_same_damage_are_the_same_and_damaged(tmp_path: Path) -> None:
    one, other = write_letters(tmp_path / "one"), write_letters(tmp_path / "other")
    for bag in (one, other):
        (bag / "data" / "letter.txt").write_bytes(b"To the sectionz.\n")
    result = compare(one, other)
    assert (dict(result.verdict), int(result.exit_code)) == (SAME, 1)
    assert [d["side"] for d in result.facts["damaged"]] == ["ONE", "OTHER"]


def test_a_damaged_tag_file_is_distinguished_from_a_rewritten_one(tmp_path: Path) -> None:
    one, other = write_letters(tmp_path / "one"), write_letters(tmp_path / "other")
    (other / "bag-info.txt").write_text("Source-Organization: Archive\nTitle: Lettres\n")
    result = compare(one, other)
    assert codes(result) == ["diff.damaged", "diff.metadata-changed"]
    assert result.verdict["payload"] == "same"


def test_a_lost_file_is_distinguished_from_a_removed_one(tmp_path: Path) -> None:
    one, other = write_letters(tmp_path / "one"), write_letters(tmp_path / "other")
    (other / "data" / "reply.txt").unlink()
    result = compare(one, other)
    assert payload_codes(result) == ["diff.lost", "diff.payload-missing"]
    assert result.facts["lost"][0] | {"line": 0} == {
        "side": "OTHER", "path": "data/reply.txt", "manifest": "manifest-sha512.txt", "line": 0,
        "is_to_fetch": False,
    }  # fmt: skip


def test_a_file_that_was_not_fetched_yet_is_not_lost(tmp_path: Path) -> None:
    fetch = {"fetch.txt": b"https://example.org/reply.txt 15 data/reply.txt\n"}
    one, other = write_letters(tmp_path / "one", extra=fetch), write_letters(tmp_path / "other", extra=fetch)
    (other / "data" / "reply.txt").unlink()
    assert codes(compare(one, other)) == ["diff.not-fetched", "diff.payload-missing"]
    alike = compare(other, other)
    assert (int(alike.exit_code), codes(alike)) == (0, ["diff.not-fetched"] * 2)


def test_names_in_another_unicode_form_are_the_same_file_with_a_note(tmp_path: Path) -> None:
    result = compare_payloads(tmp_path, {"data/\u00e9.txt": b"x"}, {"data/e\u0301.txt": b"x"})
    assert payload_codes(result) == ["diff.name-form"]
    assert result.verdict["payload"] == "same"
    assert "\\xe9" in next(f.message for f in result.findings if f.code == "diff.name-form")


def test_a_decomposed_name_in_the_same_manifest_is_not_lost(tmp_path: Path) -> None:
    one = write_letters(tmp_path / "one", {"data/\u00e9.txt": b"x"})
    other = write_letters(tmp_path / "other", {"data/\u00e9.txt": b"x"})
    (other / "data" / "\u00e9.txt").rename(other / "data" / "e\u0301.txt")
    result = compare(one, other)
    assert (int(result.exit_code), codes(result)) == (0, ["diff.name-form"])


def test_bags_that_share_no_algorithm_are_compared_by_sha512(tmp_path: Path) -> None:
    one = write_letters(tmp_path / "one", algorithms=["sha256"])
    other = write_letters(tmp_path / "other", algorithms=["md5"])
    result = compare(one, other)
    assert result.facts["algorithms"] == ["sha512"]
    assert (result.verdict["payload"], result.verdict["metadata"]) == ("same", "different")
    (change,) = result.facts["metadata"]["changed"]
    assert change["file"] == "manifests"
    assert change["differences"][0]["one"] == "manifest-sha256.txt"


def test_the_algorithm_that_both_manifests_share_is_used(tmp_path: Path) -> None:
    one = write_letters(tmp_path / "one", algorithms=["sha256", "md5"])
    other = write_letters(tmp_path / "other", algorithms=["sha256", "sha512"])
    (other / "data" / "letter.txt").write_bytes(b"?")
    result = compare(one, other)
    assert result.facts["algorithms"] == ["sha256"]
    assert [d["manifest"] for d in result.facts["damaged"]] == ["manifest-sha256.txt", "manifest-sha512.txt"]


def test_a_weak_shared_algorithm_is_not_used(tmp_path: Path) -> None:
    one, other = (write_letters(tmp_path / name, algorithms=["md5"]) for name in ("one", "other"))
    assert compare(one, other).facts["algorithms"] == ["sha512"]
    believed = compare(one, other, by_manifest=True)
    assert (int(believed.exit_code), codes(believed)) == (0, ["diff.weak-algorithm"])


def test_a_manifest_that_contradicts_the_same_bytes_is_found(tmp_path: Path) -> None:
    one, other = write_letters(tmp_path / "one"), write_letters(tmp_path / "other")
    lying = manifest({"data/letter.txt": b"?", "data/reply.txt": LETTERS["data/reply.txt"]})
    (other / "manifest-sha512.txt").write_bytes(lying)
    result = compare(one, other)
    assert result.verdict == {"payload": "same", "metadata": "different", "trust": "same"}
    (change,) = result.facts["metadata"]["changed"]
    assert (change["file"], change["differences"][0]["path"]) == ("manifest-sha512.txt", "data/letter.txt")


def test_a_manifest_that_lists_fewer_of_the_same_files_is_found(tmp_path: Path) -> None:
    one, other = write_letters(tmp_path / "one"), write_letters(tmp_path / "other")
    (other / "manifest-sha512.txt").write_bytes(manifest({"data/letter.txt": LETTERS["data/letter.txt"]}))
    for result, change in ((compare(one, other), "missing"), (compare(other, one), "added")):
        (changed,) = result.facts["metadata"]["changed"]
        (difference,) = changed["differences"]
        assert (difference["path"], difference["change"]) == ("data/reply.txt", change)


def test_by_manifest_no_payload_file_is_read(tmp_path: Path) -> None:
    one = write_letters(tmp_path / "one")
    other = write_letters(tmp_path / "other", LETTERS | {"data/more.txt": b"x"})
    (other / "data" / "letter.txt").write_bytes(b"damaged, and never read")
    counter = Counter()
    result = diff(DiffRequest(one, other, NOW, by_manifest=True), counter)
    assert result.facts["compared"] == "manifests"
    assert payload_codes(result) == ["diff.payload-added"]
    tag_bytes = sum(p.stat().st_size for bag in (one, other) for p in bag.glob("*.txt"))
    assert counter.total_bytes == counter.done_bytes == tag_bytes == result.facts["checked"]["bytes"]


def test_by_manifest_needs_no_payload_files(tmp_path: Path) -> None:
    one, other = write_letters(tmp_path / "one"), write_letters(tmp_path / "other")
    (other / "data" / "letter.txt").unlink()
    result = compare(one, other, by_manifest=True)
    assert (int(result.exit_code), dict(result.verdict)) == (0, SAME)


def test_by_manifest_needs_a_shared_algorithm(tmp_path: Path) -> None:
    one = write_letters(tmp_path / "one", algorithms=["sha256"])
    other = write_letters(tmp_path / "other", algorithms=["md5", "sha512"])
    with pytest.raises(InputError, match="ONE has sha256, OTHER has md5, sha512") as raised:
        compare(one, other, by_manifest=True)
    assert "--by-manifest" in str(raised.value.hint)
    nothing = write_bag(tmp_path / "nothing", bag_files(algorithms=[]))
    with pytest.raises(InputError, match="ONE has none"):
        compare(nothing, other, by_manifest=True)


def test_by_manifest_a_file_that_no_shared_algorithm_lists_is_not_compared(tmp_path: Path) -> None:
    one = write_letters(tmp_path / "one", version="0.97", algorithms=["md5", "sha512"])
    other = write_letters(tmp_path / "other", version="0.97", algorithms=["sha256", "sha512"])
    for bag in (one, other):
        (bag / "manifest-sha512.txt").write_bytes(manifest({"data/letter.txt": LETTERS["data/letter.txt"]}))
    result = compare(one, other, by_manifest=True)
    assert [n["path"] for n in result.facts["payload"]["not_compared"]] == ["data/reply.txt"]
    assert (result.verdict["payload"], int(result.exit_code)) == ("not-compared", 3)


def test_progress_counts_the_bytes_of_both_sides(tmp_path: Path) -> None:
    one, other = write_letters(tmp_path / "one"), write_letters(tmp_path / "other")
    counter = Counter()
    diff(DiffRequest(one, other, NOW), counter)
    assert counter.total_bytes == counter.done_bytes == 2 * sum(map(len, tree_bytes(one).values()))
    assert counter.is_finished


def test_a_link_on_both_sides_is_not_compared(tmp_path: Path) -> None:
    one, other = write_letters(tmp_path / "one"), write_letters(tmp_path / "other")
    for bag in (one, other):
        (bag / "data" / "link").symlink_to("letter.txt")
        os.mkfifo(bag / "pipe")
    result = compare(one, other)
    assert codes(result) == [DIFF_NOT_COMPARED.code] * 2
    assert result.verdict == {"payload": "not-compared", "metadata": "not-compared", "trust": "same"}
    assert int(result.exit_code) == 3


def test_a_link_where_the_other_side_has_a_file_is_of_another_kind(tmp_path: Path) -> None:
    one, other = write_letters(tmp_path / "one"), write_letters(tmp_path / "other")
    (other / "data" / "letter.txt").unlink()
    (other / "data" / "letter.txt").symlink_to("reply.txt")
    result = compare(one, other)
    assert payload_codes(result) == ["diff.file-kind"]
    assert result.facts["payload"]["other_kind"][0]["other_kind"] == "symbolic link"


def test_a_fifo_that_only_one_side_has_is_reported(tmp_path: Path) -> None:
    one, other = write_letters(tmp_path / "one"), write_letters(tmp_path / "other")
    os.mkfifo(one / "data" / "pipe")
    result = compare(one, other)
    assert result.facts["payload"]["missing"] == [
        {"path": "data/pipe", "size_bytes": None, "kind": "FIFO", "equals": None}
    ]
    assert "data/pipe (FIFO)" in result.findings[0].message


def test_an_empty_folder_that_only_one_side_has_is_a_note(tmp_path: Path) -> None:
    one, other = write_letters(tmp_path / "one"), write_letters(tmp_path / "other")
    (other / "data" / "scans").mkdir()
    for result in (compare(one, other), compare(other, one)):
        assert (int(result.exit_code), codes(result)) == (0, ["diff.empty-folder"])
    (one / "data" / "scans").mkdir()
    assert codes(compare(one, other)) == []


def test_a_side_that_cannot_be_opened_is_named_and_nothing_is_compared(tmp_path: Path) -> None:
    bag = write_letters(tmp_path / "bag")
    (tmp_path / "plain").mkdir()
    for one, other, sides in (
        (bag, tmp_path / "nowhere", ["OTHER"]),
        (tmp_path / "plain", bag, ["ONE"]),
        (tmp_path / "nowhere", tmp_path / "plain", ["ONE", "OTHER"]),
    ):
        result = compare(one, other)
        assert [f.message.partition(":")[0] for f in result.findings] == sides
        assert (int(result.exit_code), set(result.verdict.values())) == (3, {"not-compared"})
        assert result.facts == {"other": str(other), "compared": "bytes"}


def test_an_archive_that_ends_too_early_is_never_the_same(tmp_path: Path) -> None:
    bag = write_letters(tmp_path / "bag")
    archive = serialise(tree_bytes(bag), tmp_path / "bag.tar").read_bytes()
    cut = tmp_path / "cut.tar"
    cut.write_bytes(archive[: len(archive) // 3 // 512 * 512])
    result = compare(bag, cut)
    assert DIFF_SIDE_NOT_WHOLE.code in codes(result)
    assert "diff.lost" not in codes(result)
    assert int(result.exit_code) == 3


def test_an_archive_without_its_end_mark_is_not_compared(tmp_path: Path) -> None:
    bag = write_letters(tmp_path / "bag")
    archive = serialise(tree_bytes(bag), tmp_path / "bag.tar")
    members = archive.read_bytes().rstrip(b"\0")
    cut = tmp_path / "cut.tar"
    cut.write_bytes(members + bytes(-len(members) % 512))
    result = compare(archive, cut)
    assert codes(result) == ["archive.end-missing", "diff.side-not-whole"]
    assert (int(result.exit_code), set(result.verdict.values())) == (3, {"not-compared"})
    assert [result.facts[side]["is_whole"] for side in ("one_bag", "other_bag")] == [True, False]


def test_findings_about_an_archive_name_its_side(tmp_path: Path) -> None:
    files = tree_bytes(write_letters(tmp_path / "bag"))
    members = [regular(f"bag/{path}", data) for path, data in files.items()]
    archive = tar_of(
        tmp_path / "bag.tar",
        *[(header.name, data.read()) for header, data in members],
        special("bag/data/link", b"2", "/etc/passwd"),
    )
    result = compare(tmp_path / "bag", archive)
    assert "diff.payload-added" in codes(result)
    from_archive = [f for f in result.findings if not f.code.startswith("diff.")]
    assert all(f.message.startswith("in OTHER: ") for f in from_archive)


def test_many_differences_are_counted_and_the_facts_list_all(tmp_path: Path) -> None:
    total = MAX_FINDINGS_OF_ONE_KIND + 290
    result = compare_payloads(
        tmp_path, {}, {f"data/{i:04}.txt": str(i).encode() for i in range(total)}, jobs=4
    )
    added = [f for f in result.findings if f.code == "diff.payload-added"]
    assert (len(added), len(result.facts["payload"]["added"])) == (MAX_FINDINGS_OF_ONE_KIND + 1, total)
    assert added[-1].message == "and 290 more of this kind: the facts of --json list them"
    assert added[-1].hint == added[0].hint


def test_an_unlisted_file_is_compared_as_well(tmp_path: Path) -> None:
    one, other = write_letters(tmp_path / "one"), write_letters(tmp_path / "other")
    (one / "data" / "unlisted.txt").write_bytes(b"x")
    assert payload_codes(compare(one, other)) == ["diff.payload-missing"]


def test_names_that_are_not_utf8_are_compared(tmp_path: Path) -> None:
    odd = os.fsdecode(b"data/\xff.txt")
    result = compare_payloads(tmp_path, LETTERS | {odd: b"x"}, LETTERS)
    (missing,) = result.facts["payload"]["missing"]
    assert missing["path"] == odd
    assert "data/\\xff.txt" in next(f.message for f in result.findings if f.code == "diff.payload-missing")


def test_a_tag_manifest_may_be_missing_on_both_sides(tmp_path: Path) -> None:
    one, other = (write_bag(tmp_path / name, bag_files()) for name in ("one", "other"))
    assert codes(compare(one, other)) == []
    write_bag(tmp_path / "other", with_tag_manifest(bag_files()))
    (change,) = compare(one, other).facts["metadata"]["changed"]
    assert change["differences"][0]["path"] == '["tag files"]'
