"""Zips that say two things at once, so that tools differ in what they extract: none of them is valid."""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import archtool
from fuzz.zip_form import Zip, ZipMember, zip_of_items
from unit.bagit.bag_builders import bag_files, look, with_tag_manifest

BAG = with_tag_manifest(bag_files())
FULL = 0xFFFFFFFF
OVERRUN = b"\x01\x00\xff\xff"  # 65,535 bytes are said, none are there
LIES = "archive.lying-size"


def zip_of_bag(form: str = "deflated") -> Zip:
    return zip_of_items(dict(BAG), "bag", form, with_folders=True)


def letter(archive: Zip) -> ZipMember:
    return next(m for m in archive.members if m.name.endswith(b"letter.txt"))


def spoilt(change: Callable[[ZipMember], object], form: str = "deflated") -> Zip:
    archive = zip_of_bag(form)
    change(letter(archive))
    return archive


def seen(archive: Zip, folder: Path) -> tuple[str, list[str]]:
    """The bag's verdict and what was found; a zip that is not valid is not unpacked either."""
    path = folder / "a.zip"
    path.write_bytes(archive.to_bytes())
    result = look(path)
    verdict = result.verdict["bag"]
    assert archtool("unpack", path, "-o", folder / "out").code == {"valid": 0, "invalid": 1}.get(verdict, 3)
    return verdict, [f.code for f in result.findings]


def end_of(archive: Zip, **lies: int) -> Zip:
    archive.end |= lies
    return archive


def wide_end_of(archive: Zip, **lies: int) -> Zip:
    archive.end_64 = {**(archive.end_64 or {}), **lies}
    return archive


@pytest.mark.parametrize("form", ["stored", "deflated", "wide", "piped"])
def test_each_form_of_a_good_zip_is_valid(form: str, tmp_path: Path) -> None:
    assert seen(zip_of_bag(form), tmp_path) == ("valid", [])


def test_extra_fields_that_reach_too_far_are_refused(tmp_path: Path) -> None:
    for telling in ("central", "local"):
        archive = spoilt(lambda m, telling=telling: setattr(getattr(m, telling), "extra", OVERRUN))  # type: ignore[misc]
        assert seen(archive, tmp_path) == ("invalid", [LIES])


def test_extra_fields_that_say_two_things_are_refused(tmp_path: Path) -> None:
    sizes = [struct.pack("<HHQ", 1, 8, size) for size in (5, 6)]
    for extra, verdict in (
        (sizes[0] + sizes[1], "invalid"),
        (sizes[0] + sizes[0], "valid"),
        (sizes[0] + b"\0\0\0", "valid"),  # what some writers align the data with
        (sizes[0] + b"\0\0x", "invalid"),
    ):
        (tmp_path / verdict / extra.hex()).mkdir(parents=True)
        archive = spoilt(lambda m, extra=extra: setattr(m.central, "extra", extra))  # type: ignore[misc]
        assert seen(archive, tmp_path / verdict / extra.hex())[0] == verdict


def descriptor(member: ZipMember, form: str, mark: bytes = b"PK\7\x08", more: int = 0) -> bytes:
    return mark + struct.pack(form, zlib.crc32(member.data), len(member.packed), len(member.data) + more)


@pytest.mark.parametrize(
    ("form", "written", "verdict"),
    [
        ("piped", lambda m: descriptor(m, "<3L"), "valid"),
        ("piped", lambda m: descriptor(m, "<3L", mark=b""), "valid"),
        ("piped", lambda m: descriptor(m, "<L2Q"), "invalid"),
        ("piped", lambda m: descriptor(m, "<3L", more=1), "invalid"),
        ("piped", lambda m: m.data[:0], "invalid"),
        ("wide", lambda m: descriptor(m, "<L2Q"), "valid"),
        ("wide", lambda m: descriptor(m, "<3L"), "invalid"),
    ],
)
def test_sizes_after_the_data_that_are_not_there_or_are_others_are_refused(
    form: str, written: Callable[[ZipMember], bytes], verdict: str, tmp_path: Path
) -> None:
    archive = zip_of_bag(form)
    member = letter(archive)
    member.has_descriptor = False
    member.flags |= 8
    member.local.lies = {"crc": 0} if form == "wide" else {"crc": 0, "packed": 0, "size": 0}
    if form == "wide":  # as a program writes it that does not know the sizes yet
        member.is_wide = False
        member.local.lies |= {"packed": FULL, "size": FULL}
        member.local.extra = struct.pack("<HHQQ", 1, 16, 0, 0)
    following = archive.members[archive.members.index(member) + 1]
    following.gap = written(member)
    found, codes = seen(archive, tmp_path)
    assert (found, LIES in codes) == (verdict, verdict == "invalid")


def test_a_member_that_is_said_to_end_beyond_any_file_gives_no_traceback(tmp_path: Path) -> None:
    archive = spoilt(lambda m: setattr(m, "has_descriptor", True))
    letter(archive).central.lies["packed"] = FULL
    letter(archive).central.extra = struct.pack("<HHQ", 1, 8, 2**63)
    verdict, codes = seen(archive, tmp_path)
    assert (verdict, LIES in codes) == ("invalid", True)


@pytest.mark.parametrize(
    "archive",
    [
        end_of(zip_of_bag(), disk=1),
        end_of(zip_of_bag(), first_disk=1),
        end_of(zip_of_bag(), here=1),
        wide_end_of(zip_of_bag("wide"), locator_disk=46),
        wide_end_of(zip_of_bag("wide"), disks=2),
        wide_end_of(zip_of_bag("wide"), disk=1),
        end_of(zip_of_bag("wide"), disk=1),
        end_of(zip_of_bag("wide"), first_disk=1),
        end_of(zip_of_bag("wide"), here=2),
    ],
)
def test_one_part_of_several_of_a_zip_is_unreadable(archive: Zip, tmp_path: Path) -> None:
    verdict, codes = seen(archive, tmp_path)
    assert (verdict, codes[0]) == ("unreadable", "archive.damaged")


def test_the_last_record_may_leave_its_numbers_to_the_wide_one(tmp_path: Path) -> None:
    assert seen(end_of(zip_of_bag("wide"), disk=0xFFFF, first_disk=0xFFFF), tmp_path) == ("valid", [])


def test_a_member_in_another_part_of_the_zip_is_refused(tmp_path: Path) -> None:
    assert seen(spoilt(lambda m: m.central.lies.update(disk=1)), tmp_path) == ("invalid", [LIES])


def test_a_file_with_the_attribute_of_a_folder_is_refused(tmp_path: Path) -> None:
    for number, made_by in enumerate((0x14, 0x314)):
        (tmp_path / str(number)).mkdir()
        lies = {"attributes": 0x10, "made_by": made_by}
        archive = spoilt(lambda m, lies=lies: m.central.lies.update(lies))  # type: ignore[misc]
        assert seen(archive, tmp_path / str(number)) == ("invalid", [LIES])


def test_a_file_with_the_mode_of_a_folder_is_refused(tmp_path: Path) -> None:
    lies = {"attributes": 0o040755 << 16}
    assert seen(spoilt(lambda m: m.central.lies.update(lies)), tmp_path) == ("invalid", [LIES])


def test_a_backslash_that_some_tools_read_as_a_slash_is_refused(tmp_path: Path) -> None:
    for name, made_by, verdict in (
        (b"bag\\bagit.txt", 0x314, "invalid"),  # where no other slash is
        (b"bag/x\\bagit.txt", 0x314, "valid"),
        (b"bag/x\\bagit.txt", 0x14, "invalid"),  # made where it is a slash
    ):
        folder = tmp_path / str(made_by) / verdict
        folder.mkdir(parents=True)
        archive = zip_of_bag()
        archive.members.append(ZipMember(name, b"", b"", 0))
        archive.members[-1].central.lies["made_by"] = made_by
        assert seen(archive, folder)[0] == verdict


def with_backslashes(name: bytes) -> bytes:
    return name.replace(b"/", b"\\")


@pytest.mark.parametrize("made_by", [0x14, 0x314, 0xA14])
@pytest.mark.parametrize("form", ["stored", "deflated", "wide", "piped"])
def test_a_zip_whose_names_all_have_backslashes_is_read_with_a_warning(
    form: str, made_by: int, tmp_path: Path
) -> None:
    """Compress-Archive of Windows PowerShell 5.1 writes so, folders too."""
    archive = zip_of_bag(form)
    for member in archive.members:
        member.has_descriptor &= not member.name.endswith(b"/")
        member.name = with_backslashes(member.name)
        member.mode, member.central.lies["made_by"] = 0, made_by
    assert seen(archive, tmp_path) == ("valid", ["archive.backslashes"])
    assert (tmp_path / "out" / "data" / "letter.txt").read_bytes() == BAG["data/letter.txt"]


def test_backslashes_beside_slashes_are_refused_with_a_way_on(tmp_path: Path) -> None:
    archive = zip_of_bag()
    for member in archive.members:
        member.central.lies["made_by"] = 0x14
        if member.name.endswith(b".txt"):
            member.name = with_backslashes(member.name)
    verdict, codes = seen(archive, tmp_path)
    assert (verdict, "archive.backslash-in-name" in codes) == ("invalid", True)


@pytest.mark.parametrize("name", [b"..\\..\\x", b"\\etc\\x", b"bag\\..\\..\\x"])
def test_backslashes_that_climb_are_refused_like_slashes(name: bytes, tmp_path: Path) -> None:
    archive = zip_of_bag()
    archive.members.append(ZipMember(name, b"", b"", 0))
    for member in archive.members:
        member.name, member.mode = with_backslashes(member.name), 0
    verdict, codes = seen(archive, tmp_path)
    assert (verdict, "archive.unsafe-member" in codes) == ("invalid", True)


def test_a_name_that_is_utf8_only_by_its_flag_is_refused(tmp_path: Path) -> None:
    for flags, verdict in ((0x800, "invalid"), (0, "valid")):
        (tmp_path / verdict).mkdir()
        archive = zip_of_bag()
        archive.members.append(ZipMember(b"bag/caf\xe9.txt", b"", b"", 0, flags=flags))
        assert seen(archive, tmp_path / verdict)[0] == verdict


def test_a_folder_that_is_listed_twice_is_one_folder(tmp_path: Path) -> None:
    archive = zip_of_bag()
    archive.members.append(next(m for m in archive.members if m.name == b"bag/data/").copy())
    assert seen(archive, tmp_path) == ("valid", [])


def test_a_device_beside_the_bag_is_refused(tmp_path: Path) -> None:
    archive = zip_of_bag()
    archive.members.append(ZipMember(b"bag\\data\\letter.txt", b"", b"", 0, stat.S_IFBLK | 0o644))
    assert seen(archive, tmp_path) == ("invalid", ["archive.outside-bag", "archive.special-member"])
