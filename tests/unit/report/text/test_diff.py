"""The differences of two bags as lines for people."""

from __future__ import annotations

from pathlib import Path

from archtool.report.text.diff import MAX_SHOWN_PER_GROUP, format_diff
from unit.operations.diff.diff_bags import compare, write_letters


def text_of(one: Path, other: Path) -> str:
    return "\n".join(format_diff(compare(one, other)))


def test_something_that_is_no_file_is_named_with_its_kind_and_without_a_size(tmp_path: Path) -> None:
    one, other = write_letters(tmp_path / "one"), write_letters(tmp_path / "other")
    (other / "data" / "link.txt").symlink_to("letter.txt")
    assert "data/link.txt, symbolic link" in text_of(one, other)


def test_a_file_that_differs_from_two_manifests_is_called_damaged_once(tmp_path: Path) -> None:
    one = write_letters(tmp_path / "one", algorithms=("md5", "sha512"))
    other = write_letters(tmp_path / "other", algorithms=("md5", "sha512"))
    (other / "data" / "letter.txt").write_bytes(b"To the Sections.\n")
    (line,) = (
        line for line in text_of(one, other).splitlines() if "data/letter.txt" in line and "17" in line
    )
    assert line.count("damaged in") == 1


def test_fields_in_another_order_are_said_to_be_the_same(tmp_path: Path) -> None:
    one = write_letters(tmp_path / "one", info="Title: A\nNote: B\n")
    other = write_letters(tmp_path / "other", info="Note: B\nTitle: A\n")
    assert "(order of the fields): same items in a different order" in text_of(one, other)


def test_of_many_differences_the_first_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    count = MAX_SHOWN_PER_GROUP + 3
    infos = ["".join(f"Note-{n}: {word}\n" for n in range(count)) for word in ("one", "two")]
    one = write_letters(tmp_path / "one", info=infos[0])
    text = text_of(one, write_letters(tmp_path / "other", info=infos[1]))
    assert text.count('"one" → "two"') == MAX_SHOWN_PER_GROUP
    assert "3 more" in text
