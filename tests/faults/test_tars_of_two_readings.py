"""Tars that contradict themselves, so that tools extract different files: none of them is valid."""

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


def check(tar: Tar, folder: Path) -> tuple[str, list[str]]:
    """Return the verdict on the bag and the codes of the findings; an invalid tar is not unpacked."""
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
    assert check(tar_of_bag(form), tmp_path) == ("valid", [])


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
def test_a_header_with_an_invalid_number_is_refused(
    name: str, value: bytes, verdict: str, tmp_path: Path
) -> None:
    codes = [LIES] if verdict == "invalid" else []
    assert check(with_field(name, value), tmp_path) == (verdict, codes)


def test_a_size_with_data_after_its_end_is_refused(tmp_path: Path) -> None:
    size = b"%o" % len(BAG["data/letter.txt"])
    assert check(with_field("size", size.rjust(11, b"0") + b" "), tmp_path) == ("valid", [])
    (tmp_path / "other").mkdir()
    assert check(with_field("size", size + b"\x007777777"), tmp_path / "other")[1] == [LIES]


def with_long_name(data: bytes, size: int, plain: bytes = b"bag/data/xxxxxx.txt", kind: bytes = b"0") -> Tar:
    name_record = new_record(b"././@LongLink", b"L", data)
    name_record.set_number("size", size)
    name_record.sum_up()
    return named_by(name_record, plain, kind)


def named_by(name_record: Record, plain: bytes, kind: bytes) -> Tar:
    """Return a tar in which a header before the letter contains its true name."""
    tar = tar_of_bag("gnu")
    record = letter(tar)
    record.set("name", plain)
    record.set("type", kind)
    record.sum_up()
    tar.records.insert(tar.records.index(record), name_record)
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
def test_a_long_name_that_continues_after_its_end_is_refused(
    data: bytes, size: int, verdict: str, tmp_path: Path
) -> None:
    found, codes = check(with_long_name(data, size), tmp_path)
    assert (found, LIES in codes) == (verdict, verdict == "invalid")


def test_a_file_whose_plain_name_is_the_name_of_a_folder_is_refused(tmp_path: Path) -> None:
    """In headers from before 1988 the end of the name distinguishes folders from files: but of which name?"""
    long, path = new_record(b"L", b"L", LETTER.encode() + b"\0"), pax_record([(b"path", LETTER.encode())])
    for name_record, plain in ((long, b"bag/x"), (long, b"bag/x/"), (path, b"bag/x"), (path, b"bag/x/")):
        folder = tmp_path / f"{name_record.get('type')!r} {len(plain)}"
        folder.mkdir()
        verdict, codes = check(named_by(name_record, plain, b"\0"), folder)
        assert (verdict == "valid", LIES in codes) == (plain == b"bag/x", plain == b"bag/x/")


def test_an_attribute_with_a_nul_in_its_key_is_refused(tmp_path: Path) -> None:
    tar = tar_of_bag()
    body = pax_field(b"path", b"bag/data/other.txt") + pax_field(b"x\0y", b"z")
    tar.records.insert(tar.records.index(letter(tar)), new_record(b"PaxHeader", b"x", body))
    verdict, codes = check(tar, tmp_path)
    assert (verdict, DAMAGED in codes) == ("unreadable", True)


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    tar = tar_of_bag()
    tar.records.insert(1, new_record(LETTER.encode() + b"/folder/below", b"5"))
    verdict, codes = check(tar, tmp_path)
    assert (verdict, codes[0]) == ("invalid", DOUBLES)


def test_a_folder_that_occurs_twice_is_one_folder(tmp_path: Path) -> None:
    tar = tar_of_bag()
    tar.records.append(new_record(b"bag/data/", b"5"))
    assert check(tar, tmp_path) == ("valid", [])
