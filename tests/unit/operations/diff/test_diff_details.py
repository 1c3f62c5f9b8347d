"""The details of a comparison: fields of documents, and files that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archtool.operations.limits import MAX_DIFFERENCES_PER_FILE
from archtool.results import Result
from unit.files.folders import as_nobody, public_folder
from unit.operations.diff.diff_bags import INFO, codes, compare, write_letters

INVENTORY = "metadata/annexes.json"


def differences(result: Result, file: str) -> list[tuple[str, str]]:
    """Return where and how one tag file differs."""
    (change,) = [change for change in result.facts["metadata"]["changed"] if change["file"] == file]
    return [(difference["path"], difference["change"]) for difference in change["differences"]]


def with_inventory(root: Path, annexes: list[Any]) -> Path:
    return write_letters(root, extra={INVENTORY: json.dumps({"annexes": annexes}).encode()})


def test_the_same_fields_in_another_order_differ_by_their_order_only(tmp_path: Path) -> None:
    one = write_letters(tmp_path / "one")
    other = write_letters(tmp_path / "other", info="".join(reversed(INFO.splitlines(keepends=True))))
    assert differences(compare(one, other), "bag-info.txt") == [("(order of the fields)", "order")]


def test_a_field_in_other_letters_and_repeated_values_are_compared_by_label(tmp_path: Path) -> None:
    one = write_letters(tmp_path / "one", info="Title: Letters\nNote: one\nNote: two\n")
    other = write_letters(tmp_path / "other", info="TITLE: Letters\nNote: two\nNote: three\n")
    assert differences(compare(one, other), "bag-info.txt") == [("Note[0]", "changed")]


def test_an_item_of_a_list_is_recognised_at_any_position(tmp_path: Path) -> None:
    first, second = {"file": "a.pdf", "status": "read"}, {"file": "b.pdf", "status": "read"}
    one = with_inventory(tmp_path / "one", [first, second])
    other = with_inventory(tmp_path / "other", [second, first | {"status": "lost"}])
    found = differences(compare(one, other), INVENTORY)
    assert found == [("annexes[0].status", "changed"), ("annexes", "order")]


def test_items_without_a_name_are_compared_in_their_order(tmp_path: Path) -> None:
    one = with_inventory(tmp_path / "one", [[1], [2], [3]])
    other = with_inventory(tmp_path / "other", [[1], [4]])
    found = differences(compare(one, other), INVENTORY)
    assert found == [("annexes[1][0]", "changed"), ("annexes[2]", "missing")]
    assert ("annexes[2]", "added") in differences(compare(other, one), INVENTORY)


def test_many_differences_of_one_document_are_listed_up_to_a_maximum(tmp_path: Path) -> None:
    count = MAX_DIFFERENCES_PER_FILE + 50
    one, other = (
        write_letters(tmp_path / value, info="".join(f"Label-{n}: {value}\n" for n in range(count)))
        for value in ("one", "other")
    )
    result = compare(one, other)
    assert len(differences(result, "bag-info.txt")) == MAX_DIFFERENCES_PER_FILE
    assert "bag-info.txt: and 50 more differences" in [finding.message for finding in result.findings]


def test_a_file_without_read_permission_is_not_compared(tmp_path: Path) -> None:
    compare(write_letters(tmp_path / "one"), tmp_path / "one")  # imports modules that only root can read here
    with public_folder() as folder:
        one, other = write_letters(folder / "one"), write_letters(folder / "other")
        (other / "data" / "letter.txt").chmod(0)
        with as_nobody():
            result = compare(one, other)
    assert (codes(result), int(result.exit_code)) == (["diff.not-compared"], 3)
    assert result.verdict["payload"] == "not-compared"
    assert "OTHER" in result.facts["payload"]["not_compared"][0]["reason"]


def test_files_in_a_folder_without_read_permission_are_neither_missing_nor_lost(tmp_path: Path) -> None:
    compare(write_letters(tmp_path / "one"), tmp_path / "one")
    with public_folder() as folder:
        one, other = (
            write_letters(folder / name, {"data/sub/letter.txt": b"x"}) for name in ("one", "other")
        )
        (other / "data" / "sub").chmod(0)
        with as_nobody():
            result = compare(one, other)
        (other / "data" / "sub").chmod(0o755)
    unknown = {item["path"]: item["reason"] for item in result.facts["payload"]["not_compared"]}
    assert unknown["data/sub/letter.txt"] == "its folder cannot be listed in OTHER"
    assert result.facts["payload"]["missing"] == result.facts["lost"] == []
    assert set(codes(result)) == {"diff.not-compared"}
