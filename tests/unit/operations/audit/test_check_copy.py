"""One copy is verified and compared with what the register knows about it."""

from __future__ import annotations

from pathlib import Path

from archtool.canonical_json import canonical_json
from archtool.holdings.copy_state import CopyState
from archtool.holdings.limits import MAX_LISTED_BYTES, MAX_PROBLEMS
from archtool.operations.audit.check_copy import CheckRules, CopyCheck, ExpectedCopy, check_copy
from archtool.operations.holdings.package_facts import read_registered_facts
from archtool.operations.trust.trust_request import TrustRequest
from archtool.operations.verify.request import Depth
from unit.bagit.bag_builders import NOW, bag_files, with_tag_manifest, write_bag


def check(
    bag: Path, *, shelf: Path | None = None, depth: Depth = Depth.FULL, strict: bool = False
) -> CopyCheck:
    facts = read_registered_facts(bag) if (bag / "bagit.txt").exists() else None
    manifests = facts.manifests if facts is not None else {}
    expected = ExpectedCopy("letters", str(bag), manifests, None, None if shelf is None else str(shelf))
    return check_copy(bag, expected, CheckRules(NOW, TrustRequest(), depth=depth, strict=strict))


def make_bag(folder: Path, letters: int = 1) -> Path:
    payload = {f"data/{number}.txt": b"Dear friend.\n" for number in range(letters)}
    return write_bag(folder / "letters", with_tag_manifest(bag_files(payload)))


def test_a_copy_with_a_manifest_that_was_added_later_is_in_order(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", bag_files(algorithms=("sha512", "sha256")))
    manifests = dict(read_registered_facts(bag).manifests)
    del manifests["manifest-sha256.txt"]
    expected = ExpectedCopy("letters", str(bag), manifests, None, None)
    assert check_copy(bag, expected, CheckRules(NOW, TrustRequest())).state is CopyState.OK


def test_a_copy_that_lost_a_registered_manifest_is_changed(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", bag_files(algorithms=("sha512", "sha256")))
    expected = ExpectedCopy("letters", str(bag), read_registered_facts(bag).manifests, None, None)
    (bag / "manifest-sha256.txt").unlink()
    found = check_copy(bag, expected, CheckRules(NOW, TrustRequest()))
    assert found.state is CopyState.CHANGED
    assert "manifest-sha256.txt is missing" in found.detail["problems"][0]["message"]


def test_a_copy_with_a_changed_file_and_a_missing_one_is_changed(tmp_path: Path) -> None:
    bag = make_bag(tmp_path, letters=2)
    (bag / "data/0.txt").unlink()
    (bag / "data/1.txt").write_bytes(b"Dear enemy!!\n")
    assert check(bag).state is CopyState.CHANGED


def test_many_problems_are_counted_and_the_first_are_kept(tmp_path: Path) -> None:
    bag = make_bag(tmp_path, letters=MAX_PROBLEMS + 5)
    for path in (bag / "data").iterdir():
        path.write_bytes(b"Dear enemy!!\n")
    detail = check(bag).detail
    assert (len(detail["problems"]), detail["problem_count"]) == (MAX_PROBLEMS, MAX_PROBLEMS + 5)


def test_warnings_count_only_where_they_are_asked_for(tmp_path: Path) -> None:
    bag = write_bag(
        tmp_path / "bag", bag_files(info="Source-Organization: An archive\n\nContact-Name: Jane\n")
    )
    relaxed, strict = check(bag), check(bag, strict=True)
    assert (relaxed.state, relaxed.is_in_order) == (CopyState.OK, True)
    assert (strict.state, strict.is_in_order) == (CopyState.OK, False)
    assert strict.detail["problems"]


def test_a_name_that_is_no_utf_8_is_recorded_escaped(tmp_path: Path) -> None:
    bag = make_bag(tmp_path)
    (bag / "data" / "\udce9t\udce9.txt").write_bytes(b"summer")
    problems = check(bag).detail["problems"]
    assert problems
    assert all(text.encode() for problem in problems for text in problem.values())


def test_a_copy_whose_folder_is_gone_is_not_called_missing(tmp_path: Path) -> None:
    found = check(tmp_path / "shelf" / "letters")
    assert (found.state, found.absence and found.absence.shelf) == (
        CopyState.UNREADABLE, str(tmp_path / "shelf"),
    )  # fmt: skip


def test_a_copy_that_is_gone_from_its_otherwise_empty_folder_is_missing(tmp_path: Path) -> None:
    (tmp_path / "box").mkdir()
    assert check(tmp_path / "box" / "letters").state is CopyState.MISSING


def test_a_link_to_nowhere_is_no_copy_in_order(tmp_path: Path) -> None:
    (tmp_path / "letters").symlink_to(tmp_path / "nowhere")
    assert check(tmp_path / "letters").state is not CopyState.OK


def test_an_archive_that_was_overwritten_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "letters.tar"
    path.write_bytes(b"no archive any more")
    assert check(path).state is CopyState.CHANGED


def test_problems_of_files_with_long_names_are_kept_up_to_what_an_event_holds(tmp_path: Path) -> None:
    bag = make_bag(tmp_path)
    folder = bag / "data" / Path(*["\x01" * 250] * 12)
    folder.mkdir(parents=True)
    for number in range(50):
        (folder / str(number)).write_bytes(b"unlisted")
    detail = check(bag).detail
    assert detail["problem_count"] == 50
    assert 0 < len(detail["problems"]) < 50
    assert len(canonical_json(detail["problems"])) <= MAX_LISTED_BYTES
