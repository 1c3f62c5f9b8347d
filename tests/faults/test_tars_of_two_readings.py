"""Tars that say two things at once, so that tools differ in what they extract: none of them is valid."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import archtool
from fuzz.tar_form import Record, Tar, new_record, pax_field, pax_record, tar_of_items
from unit.bagit.bag_builders import bag_files, look, with_tag_manifest

BAG = with_tag_manifest(bag_files())
LETTER = "bag/data/letter.txt"
LIES, DOUBLES, DAMAGED = "archive.lying-size", "archive.duplicate-member", "archive.damaged"


def tar_of_bag(form: str = "ustar") -> Tar:
    return tar_of_items(dict(BAG), "bag", form, with_folders=True)


def letter(tar: Tar) -> Record:
    return next(record for record in tar.records if record.get("name").rstrip(b"\0") == LETTER.encode())


def seen(tar: Tar, folder: Path) -> tuple[str, list[str]]:
    """The bag's verdict and what was found; a tar that is not valid is not unpacked either."""
    path = folder / "a.tar"
    path.write_bytes(tar.to_bytes())
    result = look(path)
    verdict = result.verdict["bag"]
    assert archtool("unpack", path, "-o", folder / "out").code == {"valid": 0, "invalid": 1}.get(verdict, 3)
    return verdict, [f.code for f in result.findings]


def with_field(name: str, value: bytes) -> Tar:
    tar = tar_of_bag()
    letter(tar).set(name, value)
    letter(tar).sum_up()
    return tar


@pytest.mark.parametrize("form", ["ustar", "gnu", "pax", "v7"])
def test_each_form_of_a_good_tar_is_valid(form: str, tmp_path: Path) -> None:
    assert seen(tar_of_bag(form), tmp_path) == ("valid", [])


@pytest.mark.parametrize("name", ["mode", "uid", "gid", "mtime", "devmajor", "devminor"])
@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (b"", "valid"),
        (b"        ", "valid"),
        (b"   17 \0", "valid"),
        (b"\x80\0\0\0\0\0\0\x05", "valid"),
        (b"-1", "invalid"),
        (b"5\x0077", "invalid"),
        (b"1_0", "invalid"),
    ],
)
def test_a_header_with_something_else_where_a_number_belongs_is_refused(
    name: str, value: bytes, verdict: str, tmp_path: Path
) -> None:
    codes = [LIES] if verdict == "invalid" else []
    assert seen(with_field(name, value), tmp_path) == (verdict, codes)


def test_a_size_with_something_behind_its_end_is_refused(tmp_path: Path) -> None:
    size = b"%o" % len(BAG["data/letter.txt"])
    assert seen(with_field("size", size.rjust(11, b"0") + b" "), tmp_path) == ("valid", [])
    (tmp_path / "other").mkdir()
    assert seen(with_field("size", size + b"\x007777777"), tmp_path / "other")[1] == [LIES]


def with_long_name(data: bytes, size: int, plain: bytes = b"bag/data/xxxxxx.txt", kind: bytes = b"0") -> Tar:
    told = new_record(b"././@LongLink", b"L", data)
    told.set_number("size", size)
    told.sum_up()
    return named_by(told, plain, kind)


def named_by(told: Record, plain: bytes, kind: bytes) -> Tar:
    """The true name of the letter stands in the header before its own."""
    tar = tar_of_bag("gnu")
    record = letter(tar)
    record.set("name", plain)
    record.set("type", kind)
    record.sum_up()
    tar.records.insert(tar.records.index(record), told)
    return tar


@pytest.mark.parametrize(
    ("data", "size", "verdict"),
    [
        (LETTER.encode() + b"\0", len(LETTER) + 1, "valid"),
        (LETTER.encode(), len(LETTER), "valid"),  # zeros fill up the block
        (LETTER.encode(), 3, "invalid"),
        (LETTER.encode() + b"\0x", len(LETTER) + 2, "valid"),  # a name ends at its first NUL
    ],
)
def test_a_long_name_that_goes_on_behind_its_end_is_refused(
    data: bytes, size: int, verdict: str, tmp_path: Path
) -> None:
    found, codes = seen(with_long_name(data, size), tmp_path)
    assert (found, LIES in codes) == (verdict, verdict == "invalid")


def test_a_file_whose_plain_name_is_a_folders_is_refused(tmp_path: Path) -> None:
    """In a header of before 1988 the end of the name tells a folder from a file: but of which name?"""
    long, path = new_record(b"L", b"L", LETTER.encode() + b"\0"), pax_record([(b"path", LETTER.encode())])
    for told, plain in ((long, b"bag/x"), (long, b"bag/x/"), (path, b"bag/x"), (path, b"bag/x/")):
        folder = tmp_path / f"{told.get('type')!r} {len(plain)}"
        folder.mkdir()
        verdict, codes = seen(named_by(told, plain, b"\0"), folder)
        assert (verdict == "valid", LIES in codes) == (plain == b"bag/x", plain == b"bag/x/")


def test_an_attribute_whose_key_holds_a_nul_is_refused(tmp_path: Path) -> None:
    tar = tar_of_bag()
    body = pax_field(b"path", b"bag/data/other.txt") + pax_field(b"x\0y", b"z")
    tar.records.insert(tar.records.index(letter(tar)), new_record(b"PaxHeader", b"x", body))
    verdict, codes = seen(tar, tmp_path)
    assert (verdict, DAMAGED in codes) == ("unreadable", True)


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    tar = tar_of_bag()
    tar.records.insert(1, new_record(LETTER.encode() + b"/folder/below", b"5"))
    verdict, codes = seen(tar, tmp_path)
    assert (verdict, codes[0]) == ("invalid", DOUBLES)


def test_a_folder_that_is_there_twice_is_one_folder(tmp_path: Path) -> None:
    tar = tar_of_bag()
    tar.records.append(new_record(b"bag/data/", b"5"))
    assert seen(tar, tmp_path) == ("valid", [])
